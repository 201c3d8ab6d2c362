"""An index of wordings: which targets a question is like, and which of their wordings.

A target's features are those of its wordings; a question goes to the targets that
share its features, through postings, and only then to the wordings of the best of them.
So a question costs what its features' targets cost, not what the base's wordings do.

Everything is in flat arrays. They can be packed and kept, so that a start need not
weigh, train and count again.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from math import log, sqrt
from typing import Final, NamedTuple
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel

from bot.matching import packing
from bot.matching.packing import Floats
from bot.matching.training import (
    NONE,
    Shares,
    Trained,
    Wordings,
    is_trained,
    train,
)
from bot.matching.weighing import (
    FILLER_WEIGHT,
    GRAM,
    GRAM_SIZES,
    features_of,
    grams_of,
    is_light,
    lengths_of,
    weighed,
)

FAMILY_WEIGHT: Final = 0.5
"""What a word of the same family weighs, of the word itself and their likeness."""

CHAMPIONS: Final = 512
"""Targets that a feature leads to: those for which it weighs most. A base of fewer
targets is searched exactly."""

GRAM_WEIGHT: Final = 1.0
"""What a wording's letters weigh in training, of what its words do. Where they are
used, they put 2 of 100 questions more first (CLINC150 and BANKING77, November 2026)."""

MOST_GRAMS: Final = 60_000_000
"""Grams of all wordings, times targets, up to which letters are trained on, too: more
would make the build too slow, and a base of so many wordings has words enough."""

MOST_DENSE: Final = 4_000_000
"""Features times targets up to which a table of all weights is made: it is searched
faster, and takes four bytes for each."""

_LEAST: Final = 0.01
_NONE: Final = np.zeros(0, np.int32)

Family = Callable[[str], Iterable[tuple[str, float]]]
"""Known words that share most letters with a word, with their likeness, 0-1."""


class Posted(NamedTuple):
    """A wording to be indexed: its target's position, and its terms in order.

    A decoy's target does not have its terms: only the wording itself can be found.
    """

    target: int
    terms: Sequence[str]
    is_decoy: bool = False


@dataclass(frozen=True, slots=True)
class Hits:
    """What an index found.

    `targets` gives a score to each target, by position: about 0-1, higher is nearer;
    0 where it shares nothing. `asked` is the weight of each feature of the question.
    """

    targets: Floats
    asked: Floats


class Packed(BaseModel):
    """An index's arrays as text: features by line, numbers in base 64."""

    features: str
    rarity: str
    lengths: str
    wordings: tuple[str, str]
    posted: tuple[str, str, str]


class Index:
    """Wordings by term. Built once; never changes.

    Wordings come grouped by target, targets in ascending order from 0. `family` finds
    words that are nearly those of the base. `before` are the weights of an earlier
    index: with them it is built in a fraction of the time, and nearly as it would be
    without.
    """

    def __init__(
        self,
        wordings: Sequence[Posted],
        family: Family,
        packed: Packed | None = None,
        before: Mapping[int, Mapping[str, float]] | None = None,
        changed: Iterable[int] = (),
    ) -> None:
        counts = Counter(one.target for one in wordings)
        self._targets = max(counts, default=-1) + 1
        self._ends: list[int] = packing.starts(
            counts[at] for at in range(self._targets)
        ).tolist()
        self._unseen = log(1 + len(wordings))
        self._family = family
        if packed is not None:
            self._unpack(packed)
        else:
            self._build(wordings, before, changed)
        self._sizes = np.diff(self._starts)
        ends = self._starts[self._ends].tolist()
        self._having = [slice(first, last) for first, last in pairwise(ends)]
        self._dense = self._filled()
        self._has_grams = next(reversed(self._ids), "").startswith(GRAM)

    def _build(
        self,
        wordings: Sequence[Posted],
        before: Mapping[int, Mapping[str, float]] | None,
        changed: Iterable[int],
    ) -> None:
        features, self._rarity, self._starts, self._features = weighed(
            (terms for _, terms, _ in wordings), [one.target for one in wordings]
        )
        self._ids = {feature: at for at, feature in enumerate(features)}
        ids = self._ids
        weights = self._rarity[self._features]
        self._lengths = lengths_of(weights, self._starts)
        lessons = Wordings(
            np.array(
                [NONE if one.is_decoy else one.target for one in wordings], np.intp
            ),
            self._starts.astype(np.intp),
            self._features.astype(np.intp),
            weights / np.repeat(self._lengths, np.diff(self._starts)),
            _places(wordings),
        )
        letters = sum(len(term) for one in wordings for term in one.terms)
        if letters * len(GRAM_SIZES) * self._targets <= MOST_GRAMS:
            lessons = self._with_grams(
                lessons, [grams_of(one.terms) for one in wordings]
            )
        trained = train(lessons, len(ids), self._targets, self._known(before, changed))
        self._post(trained)

    def _with_grams(
        self, lessons: Wordings, grams: Sequence[Mapping[str, float]]
    ) -> Wordings:
        """The lessons with their letters, too."""
        having = Counter(gram for one in grams for gram in one)
        words = len(self._ids)
        known = [gram for gram, seen in sorted(having.items()) if seen > 1]
        self._ids.update({gram: words + at for at, gram in enumerate(known)})
        seen = np.array([having[gram] for gram in known], np.float32)
        self._rarity = np.concatenate(
            [self._rarity, np.log1p(len(grams) / seen).astype(np.float32)]
        )
        spelt = [self._spelt(one) for one in grams]
        rows = [
            (
                np.concatenate([lessons.features[start:end], at]),
                np.concatenate([lessons.weights[start:end], GRAM_WEIGHT * shares]),
            )
            for (start, end), (at, shares) in zip(
                pairwise(lessons.starts.tolist()), spelt, strict=True
            )
        ]
        features = [at for at, _ in rows]
        starts = packing.starts(map(len, features)).astype(np.intp)
        weights = np.concatenate([shares for _, shares in rows] or [seen])
        lengths = np.repeat(lengths_of(weights, starts), np.diff(starts))
        return Wordings(
            lessons.targets,
            starts,
            np.concatenate([*features, np.zeros(0, np.intp)]).astype(np.intp),
            (weights / lengths).astype(np.float32),
            lessons.places,
        )

    def _spelt(self, grams: Mapping[str, float]) -> tuple[NDArray[np.intp], Floats]:
        """Grams as known features, with weights; of length 1."""
        known = [
            (self._ids[one], often) for one, often in grams.items() if one in self._ids
        ]
        at = np.array([one for one, _ in known], np.intp)
        shares = np.array([often for _, often in known], np.float32) * self._rarity[at]
        length = float(np.sqrt(np.square(shares).sum())) or 1.0
        return at, shares / length

    def _known(
        self,
        before: Mapping[int, Mapping[str, float]] | None,
        changed: Iterable[int],
    ) -> Trained | None:
        """What was trained before, by the positions that features have now."""
        if before is None:
            return None
        weights = {
            target: (
                np.array(
                    [self._ids[one] for one in shares if one in self._ids], np.intp
                ),
                np.array(
                    [share for one, share in shares.items() if one in self._ids],
                    np.float32,
                ),
            )
            for target, shares in before.items()
        }
        return Trained(weights, frozenset(changed))

    def _post(self, trained: Shares) -> None:
        """Keep, for each feature, the targets that it leads to."""
        kept = np.abs(trained.weights) > _LEAST
        counts = np.bincount(trained.features[kept], minlength=len(self._ids))
        for feature in np.flatnonzero(counts > CHAMPIONS).tolist():
            first, last = np.searchsorted(trained.features, [feature, feature + 1])
            sizes = np.abs(trained.weights[first:last])
            kept[first:last] &= sizes >= np.sort(sizes)[-CHAMPIONS]
        self._posted = trained.targets[kept].astype(np.int32)
        self._shares = trained.weights[kept]
        counts = np.bincount(trained.features[kept], minlength=len(self._ids))
        self._posted_from = packing.starts(counts.tolist())

    @property
    def is_trained(self) -> bool:
        """Whether its weights were learnt: those of a large base are quickly made."""
        return is_trained(len(self._lengths), len(self._ids), self._targets)

    def trained(self) -> dict[int, dict[str, float]]:
        """For each target, by position, the weight of each feature that leads to it."""
        found: dict[int, dict[str, float]] = defaultdict(dict)
        for feature, (start, end) in zip(
            self._ids, pairwise(self._posted_from.tolist()), strict=True
        ):
            targets = self._posted[start:end].tolist()
            shares = self._shares[start:end].tolist()
            for target, share in zip(targets, shares, strict=True):
                found[target][feature] = share
        return found

    def pack(self) -> Packed:
        """This index as text, from which an index of the same wordings can be made."""
        return Packed(
            features="\n".join(self._ids),
            rarity=packing.text(self._rarity),
            lengths=packing.text(self._lengths),
            wordings=(packing.text(self._starts), packing.text(self._features)),
            posted=(
                packing.text(self._posted_from),
                packing.text(self._posted),
                packing.text(self._shares),
            ),
        )

    def _unpack(self, packed: Packed) -> None:
        self._ids = {
            sys.intern(feature): at
            for at, feature in enumerate(packed.features.splitlines())
        }
        self._rarity = packing.floats(packed.rarity)
        self._lengths = packing.floats(packed.lengths)
        self._starts, self._features = map(packing.integers, packed.wordings)
        self._posted_from = packing.integers(packed.posted[0])
        self._posted = packing.integers(packed.posted[1])
        self._shares = packing.floats(packed.posted[2])
        count = len(self._ids)
        fits = (
            len(self._rarity) == count
            and len(self._lengths) == self._ends[-1] == len(self._starts) - 1
            and len(self._posted_from) == count + 1
            and len(self._features) == self._starts[-1]
            and len(self._posted) == len(self._shares) == self._posted_from[-1]
            and packing.are_below(self._features, count)
            and packing.are_below(self._posted, self._targets)
        )
        if not fits:
            message = "this is not the index of these wordings"
            raise ValueError(message)

    def weight(self, term: str) -> float:
        """What a term weighs in a question: rarer is more; never 0."""
        at = self._ids.get(term)
        if at is not None:
            return float(self._rarity[at])
        return self._unseen * FILLER_WEIGHT if is_light(term) else self._unseen

    def search(self, terms: Sequence[str]) -> Hits:
        """What shares terms, or words of the same family, with a question's terms."""
        asked = np.zeros(len(self._ids), np.float32)
        vector = self._vector(terms)
        at = np.fromiter(vector, np.intp, len(vector))
        weights = np.fromiter(vector.values(), np.float32, len(vector))
        asked[at] = weights
        if self._has_grams:
            spelt, shares = self._spelt(grams_of(terms))
            both = np.sqrt(1 + GRAM_WEIGHT * GRAM_WEIGHT)
            at = np.concatenate([at, spelt])
            weights = np.concatenate([weights, GRAM_WEIGHT * shares]) / both
        return Hits(self._scores(at, weights), asked)

    def _scores(self, at: NDArray[np.intp], weights: Floats) -> Floats:
        """The score of each target, for features with their weights."""
        if self._dense is not None:
            scores: Floats = weights @ self._dense[at]
            return scores
        first, last = self._posted_from[at], self._posted_from[at + 1]
        spans = list(zip(first.tolist(), last.tolist(), strict=True))
        if not spans:
            return np.zeros(self._targets, np.float32)
        posted = np.concatenate([self._posted[start:end] for start, end in spans])
        shares = np.concatenate([self._shares[start:end] for start, end in spans])
        shares = shares * np.repeat(weights, last - first)
        return np.bincount(posted, shares, self._targets).astype(np.float32)

    def _filled(self) -> Floats | None:
        """Every feature's weight for every target, where that is no large table."""
        if len(self._ids) * self._targets > MOST_DENSE:
            return None
        table = np.zeros((len(self._ids), self._targets), np.float32)
        having = np.repeat(np.arange(len(self._ids)), np.diff(self._posted_from))
        table[having, self._posted] = self._shares
        return table

    def cosines(self, hits: Hits, targets: Sequence[int]) -> list[list[float]]:
        """For each of some targets the cosine of each of its wordings, in order."""
        spans = [slice(self._ends[at], self._ends[at + 1]) for at in targets]
        features = np.concatenate(
            [_NONE, *[self._features[self._having[at]] for at in targets]]
        )
        sizes = np.concatenate([_NONE, *[self._sizes[span] for span in spans]])
        lengths = np.concatenate([_NONE, *[self._lengths[span] for span in spans]])
        shared = hits.asked[features] * self._rarity[features]
        sums = packing.summed(shared, np.concatenate([[0], np.cumsum(sizes)]))
        found = iter((sums / lengths).tolist())
        return [list(islice(found, span.stop - span.start)) for span in spans]

    def _vector(self, terms: Sequence[str]) -> dict[int, float]:
        """A question as features with weights; of length 1 with what is unknown."""
        ids, rarity = self._ids, self._rarity
        vector: dict[int, float] = defaultdict(float)
        for feature, count in Counter(features_of(terms)).items():
            at = ids.get(feature)
            if at is not None:
                vector[at] = float(rarity[at]) * (1 + log(count))
        unknown = 0.0
        for term in set(terms):
            family = [pair for pair in self._family(term) if pair[0] in ids]
            weight = self.weight(term)
            for other, likeness in family:
                vector[ids[other]] += weight * FAMILY_WEIGHT * likeness
            if term not in ids and not family:
                unknown += weight * weight
        known = sum([weight * weight for weight in vector.values()])
        size = sqrt(known + unknown / 2) or 1.0
        return {at: weight / size for at, weight in sorted(vector.items())}


def _places(wordings: Iterable[Posted]) -> NDArray[np.intp]:
    """A number for each wording that its own terms, and nothing else, decide."""
    texts = (" ".join(one.terms) for one in wordings)
    return np.array([crc32(text.encode()) for text in texts], np.intp)
