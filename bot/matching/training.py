"""Targets' weights, trained so that each wording leads to its own target.

They begin as the sum of a target's wordings (Rocchio's centroid). Then a softmax
regression over the targets' scores moves them apart where they are confused. Wordings
that are sure of their target are mostly left out, so that it takes a second, not
minutes.
"""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching.packing import summed

Floats = NDArray[np.float32]
Integers = NDArray[np.intp]

RATES: Final = tuple(0.3 * (1 - 0.14 * epoch) for epoch in range(6))
"""How far a wording moves its targets, in each epoch."""

AGAIN: Final = (0.15,)
"""The same where weights from before are trained on."""

SHARPNESS: Final = 8.0
"""What a score counts in the softmax: scores differ by tenths."""

SURE: Final = 0.97
"""Probability of its own target from which a wording teaches nothing."""

MOST_TRAINED: Final = 12_000
"""Wordings up to which a base is trained; a larger one keeps its centroids."""

MOST_WEIGHTS: Final = 30_000_000
"""Weights, features times targets, up to which a base is trained."""

NONE: Final = -1
"""The target of wordings that should lead nowhere."""

NOWHERE: Final = 0.35
"""The score of no target at all."""

NEAR: Final = 0.25
"""The score from which a wording is told from a target that changed."""

_BATCH: Final = 128
_SKIPPED_FROM: Final = 0.9


class Wordings(NamedTuple):
    """Wordings as sparse rows of length 1, each with its target (NONE: it has none).

    Row `at` has the features `features[starts[at]:starts[at + 1]]`, with `weights`.
    `places` are numbers of 0 or more that each row has of itself, whatever others there
    are: by them it is dealt to a batch.
    """

    targets: Integers
    starts: Integers
    features: Integers
    weights: Floats
    places: Integers

    def rows(self, chosen: Integers) -> "Wordings":
        """Some of the rows, in the order given."""
        sizes = self.starts[chosen + 1] - self.starts[chosen]
        starts = np.concatenate([[0], np.cumsum(sizes)])
        moved: Integers = np.repeat(self.starts[chosen] - starts[:-1], sizes)
        at: Integers = moved + np.arange(len(moved))
        return Wordings(
            self.targets[chosen],
            starts,
            self.features[at],
            self.weights[at],
            self.places[chosen],
        )


class Shares(NamedTuple):
    """Weights other than 0, in ascending order of feature, then target."""

    features: Integers
    targets: Integers
    weights: Floats


class Trained(NamedTuple):
    """Targets' weights from before, by feature; which are new, or have changed."""

    weights: Mapping[int, tuple[Integers, Floats]]
    changed: AbstractSet[int]


def train(
    wordings: Wordings, features: int, targets: int, before: Trained | None = None
) -> Shares:
    """The weight of each feature for each target.

    `features` and `targets` are how many there are of each. The order of the wordings
    counts, chance does not: the same wordings give the same weights. With `before`,
    only targets that changed or are new learn, and what is like them: that takes a
    fraction of the time, and gives nearly the same where little has changed.
    """
    begun = _centroids(wordings, targets)
    if not is_trained(len(wordings.targets), features, targets):
        return begun
    weights = np.zeros((features, targets), np.float32)
    weights[begun.features, begun.targets] = begun.weights
    if before is None:
        _learn(weights, wordings, RATES)
    else:
        for target, (having, shares) in before.weights.items():
            weights[:, target] = 0.0
            weights[having, target] = shares
        if before.changed:
            _learn(weights, _near(wordings, weights, before.changed), AGAIN)
    having, owning = np.nonzero(weights)
    return Shares(having, owning, weights[having, owning])


def is_trained(wordings: int, features: int, targets: int) -> bool:
    """Whether a base of that size is trained."""
    return wordings <= MOST_TRAINED and features * targets <= MOST_WEIGHTS


def _centroids(wordings: Wordings, targets: int) -> Shares:
    """Each target's sum of its wordings, of length 1; nothing for one without any."""
    owners = np.repeat(wordings.targets, np.diff(wordings.starts))
    own = owners != NONE
    keys, places = np.unique(
        wordings.features[own] * targets + owners[own], return_inverse=True
    )
    sums = np.bincount(places, wordings.weights[own], len(keys))
    having, owning = np.divmod(keys, max(targets, 1))
    lengths = np.sqrt(np.bincount(owning, sums * sums, targets))
    shares = sums / np.maximum(lengths, 1e-9)[owning]
    return Shares(having, owning, shares.astype(np.float32))


def _near(wordings: Wordings, weights: Floats, changed: AbstractSet[int]) -> Wordings:
    """The wordings of some targets, and those that are like one of them."""
    columns = sorted(changed)
    scores = _scores(wordings, np.ascontiguousarray(weights[:, columns]))
    is_near = np.isin(wordings.targets, columns) | (scores.max(axis=1) >= NEAR)
    return wordings.rows(np.flatnonzero(is_near))


def _learn(weights: Floats, wordings: Wordings, rates: Sequence[float]) -> None:
    """Move targets apart; in every other epoch, only by what was not sure before."""
    everything = np.arange(len(wordings.targets))
    active = everything
    for epoch, rate in enumerate(rates):
        unsure = [
            part[_teach(weights, wordings.rows(part), rate) < _SKIPPED_FROM]
            for part in _batches(wordings.places, active)
        ]
        active = everything
        if epoch % 2 == 0 and unsure:
            active = np.sort(np.concatenate(unsure))


def _batches(places: Integers, chosen: Integers) -> Iterator[Integers]:
    """Rows in batches in which targets are mixed, though they come in order.

    A row is in the batch that its own place says. So one more leaves the others where
    they were, and moves little but what is like it.
    """
    count = 1
    while count * _BATCH < len(chosen):
        count *= 2
    batch = places[chosen] % count
    for number in range(count):
        part = chosen[batch == number]
        if len(part):
            yield part


def _scores(wordings: Wordings, weights: Floats) -> Floats:
    """The score of each wording (row) for each target (column)."""
    found = np.zeros((len(wordings.targets), weights.shape[1]), np.float32)
    for first in range(0, len(found), _BATCH):
        part = wordings.rows(np.arange(first, min(first + _BATCH, len(found))))
        found[first : first + _BATCH] = summed(
            weights[part.features] * part.weights[:, None], part.starts
        )
    return found


def _teach(weights: Floats, lessons: Wordings, rate: float) -> Floats:
    """Move the wordings' targets and their rivals apart; how sure each was, 0-1."""
    # Few features occur in one batch: as a dense block of these, it is fastest.
    used, rows = _block(lessons, len(weights))
    own_weights = weights[used]
    scores = rows @ own_weights
    has_own = lessons.targets != NONE
    leading = np.flatnonzero(has_own)
    odds = np.exp(SHARPNESS * scores)
    own = np.full(len(scores), np.exp(SHARPNESS * NOWHERE), np.float32)
    own[leading] = odds[leading, lessons.targets[leading]]
    total = odds.sum(axis=1) + np.where(has_own, 0.0, own)
    moves = -odds / total[:, None]
    moves[leading, lessons.targets[leading]] += 1.0
    sure = (own / total).astype(np.float32)
    taught = np.flatnonzero(sure <= SURE)
    change = rows[taught].T @ (rate * moves[taught]).astype(np.float32)
    weights[used] = own_weights + change
    return sure


def _block(lessons: Wordings, features: int) -> tuple[Integers, Floats]:
    """The features that lessons have, ascending; the lessons as rows of these."""
    occurs = np.zeros(features, bool)
    occurs[lessons.features] = True
    used = np.flatnonzero(occurs)
    column = np.zeros(features, np.intp)
    column[used] = np.arange(len(used))
    sizes = np.diff(lessons.starts)
    rows = np.zeros((len(sizes), len(used)), np.float32)
    rows[np.repeat(np.arange(len(sizes)), sizes), column[lessons.features]] = (
        lessons.weights
    )
    return used, rows
