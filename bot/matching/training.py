"""Targets' weights, trained so that each wording leads to its own target.

They begin as the sum of a target's wordings (Rocchio's centroid). Then a softmax
regression over the targets' scores moves them apart where they are confused: each
wording is told from the few targets that it is most like, and those that are sure of
their target are mostly left out, so that it takes a second or two, not minutes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from heapq import nlargest
from math import exp, sqrt
from typing import Final, NamedTuple

RATES: Final = tuple(0.3 * (1 - 0.14 * epoch) for epoch in range(5))
"""How far a wording moves its targets, in each epoch."""

AGAIN: Final = (0.15,)
"""The same where weights from before are trained on."""

SHARPNESS: Final = 8.0
"""What a score counts in the softmax: scores differ by tenths."""

RIVALS: Final = 16
"""Targets that a wording is told from."""

SURE: Final = 0.97
"""Probability of its own target from which a wording teaches nothing."""

MOST_TRAINED: Final = 12_000
"""Wordings up to which a base is trained; a larger one keeps its centroids."""

NONE: Final = -1
"""The target of wordings that should lead nowhere."""

NOWHERE: Final = 0.35
"""The score of no target at all."""

NEAR: Final = 0.25
"""The score from which a wording is told from a target that changed."""

_EVERYBODYS: Final = 0.3
_FEW: Final = 50
# A feature that more targets have than this share, and this number, finds no rivals.

_SKIPPED_FROM: Final = 0.9
_MOVED_FROM: Final = 0.02

Vector = Mapping[str, float]
"""A feature → its weight."""


def train(wordings: Sequence[tuple[int, Vector]]) -> dict[int, dict[str, float]]:
    """For each target the weight of each feature.

    `wordings` are (target, vector of length 1); the target NONE is none, and its
    wordings should lead nowhere. The order counts, chance does not: the same wordings
    give the same weights.
    """
    weights = _centroids(wordings)
    if len(wordings) <= MOST_TRAINED:
        _learn(weights, list(_lessons(wordings, weights)), RATES)
    return weights


class Trained(NamedTuple):
    """Targets' weights from before; which targets are new, or have other wordings."""

    weights: Mapping[int, Vector]
    changed: AbstractSet[int]


def retrain(
    wordings: Sequence[tuple[int, Vector]], before: Trained
) -> dict[int, dict[str, float]]:
    """What `train` gives, nearly, in a fraction of the time, where little has changed.

    Only targets that changed or are new learn, and what is like them.
    """
    weights = _centroids(wordings)
    if len(wordings) > MOST_TRAINED:
        return weights
    weights.update({target: dict(one) for target, one in before.weights.items()})
    near = list(_near(wordings, weights, before.changed)) if before.changed else []
    _learn(weights, list(_lessons(near, weights)), AGAIN)
    return weights


def _near(
    wordings: Sequence[tuple[int, Vector]],
    weights: Mapping[int, Vector],
    changed: AbstractSet[int],
) -> Iterable[tuple[int, Vector]]:
    """The wordings of some targets, and those that are like one of them."""
    posted = _posted({target: weights[target] for target in sorted(changed)})
    for own, vector in wordings:
        scores: dict[int, float] = defaultdict(float)
        for feature, weight in vector.items():
            for target, share in posted.get(feature, ()):
                scores[target] += weight * share
        if own in changed or max(scores.values(), default=0.0) >= NEAR:
            yield own, vector


def _learn(
    weights: Mapping[int, dict[str, float]],
    lessons: "list[_Lesson]",
    rates: Sequence[float],
) -> None:
    """Move targets apart; in every other epoch, only by what was not sure before."""
    active = lessons
    for epoch, rate in enumerate(rates):
        unsure = [
            lesson
            for lesson in active
            if _teach(weights, *lesson, rate) < _SKIPPED_FROM
        ]
        active = unsure if epoch % 2 == 0 else lessons


def _centroids(wordings: Iterable[tuple[int, Vector]]) -> dict[int, dict[str, float]]:
    weights: dict[int, dict[str, float]] = defaultdict(dict)
    for target, vector in wordings:
        if target == NONE:
            continue
        sums = weights[target]
        for feature, weight in vector.items():
            sums[feature] = sums.get(feature, 0.0) + weight
    for sums in weights.values():
        length = sqrt(sum([weight * weight for weight in sums.values()])) or 1.0
        for feature in sums:
            sums[feature] /= length
    return weights


_Lesson = tuple[int, tuple[tuple[str, float], ...], tuple[int, ...]]
"""A wording's target, its vector, and the targets that it is most like."""


def _lessons(
    wordings: Sequence[tuple[int, Vector]], weights: Mapping[int, Vector]
) -> Iterable[_Lesson]:
    posted = _posted(weights)
    for feature, targets in posted.items():
        if len(targets) > max(_FEW, len(weights) * _EVERYBODYS):
            posted[feature] = []
    for own, vector in wordings:
        scores: dict[int, float] = defaultdict(float)
        for feature, weight in vector.items():
            for target, share in posted.get(feature, ()):
                scores[target] += weight * share
        scores.pop(own, None)
        rivals = nlargest(RIVALS, scores, key=scores.__getitem__)
        yield own, tuple(vector.items()), tuple(rivals)


def _posted(weights: Mapping[int, Vector]) -> dict[str, list[tuple[int, float]]]:
    posted: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for target, vector in weights.items():
        for feature, weight in vector.items():
            posted[feature].append((target, weight))
    return posted


def _teach(
    weights: Mapping[int, dict[str, float]],
    own: int,
    vector: Sequence[tuple[str, float]],
    rivals: Sequence[int],
    rate: float,
) -> float:
    """Move a wording's target and its rivals apart; how sure it was before, 0-1."""
    odds = {
        target: exp(SHARPNESS * _score(weights[target], vector)) for target in rivals
    }
    right = NOWHERE if own == NONE else _score(weights[own], vector)
    odds[own] = exp(SHARPNESS * right)
    total = sum(odds.values())
    sure = odds[own] / total
    if sure > SURE:
        return sure
    for target, odd in odds.items():
        move = rate * ((target == own) - odd / total)
        if target == NONE or abs(move) < rate * _MOVED_FROM:
            continue
        mine = weights[target]
        for feature, weight in vector:
            mine[feature] = mine.get(feature, 0.0) + move * weight
    return sure


def _score(mine: Mapping[str, float], vector: Iterable[tuple[str, float]]) -> float:
    get = mine.get
    return sum([weight * get(feature, 0.0) for feature, weight in vector])
