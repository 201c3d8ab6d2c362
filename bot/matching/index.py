"""An index of wordings: which targets a question is like, and which of their wordings.

A target's terms are those of its wordings; a question goes to the targets that share
its terms, through postings, and only then to the wordings of the best of them. So a
question costs what its terms' targets cost, not what the base's wordings do.

Everything is in flat arrays. They can be packed and kept, so that a start need not
weigh, train and count again.
"""

import sys
from array import array
from base64 import b64decode, b64encode
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from heapq import nlargest
from itertools import accumulate, pairwise
from math import log, sqrt
from typing import Final, NamedTuple

from pydantic import BaseModel

from bot.matching.english import FILLER
from bot.matching.lexicon import lexicon
from bot.matching.training import NONE, Trained, retrain, train

PAIR_WEIGHT: Final = 0.5
"""What two neighbouring terms weigh as a pair, of what their rarity says."""

FILLER_WEIGHT: Final = 0.55
"""What a filler word weighs, of what its rarity says."""

MEANING_WEIGHT: Final = 0.5
"""What a meaning weighs, of what its rarity says."""

FAMILY_WEIGHT: Final = 0.5
"""What a word of the same family weighs, of the word itself and their likeness."""

COMPARED: Final = 10
"""Targets whose wordings are compared with a question."""

CHAMPIONS: Final = 512
"""Targets that a feature leads to: those for which it weighs most. A base of fewer
targets is searched exactly."""

_FAMILY_LIKENESS: Final = 0.45
_FAMILY_SIZE: Final = 5
_SHORTEST_WITH_FAMILY: Final = 4
_LEAST: Final = 0.01


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

    `targets` gives a score to each target that shares a term, by position: about 0-1,
    higher is nearer. `wordings` gives, for the best of them, the cosine (0-1) of each
    wording that shares a term.
    """

    targets: Mapping[int, float]
    wordings: Mapping[int, Mapping[int, float]]


class Packed(BaseModel):
    """An index's arrays as text: features by line, numbers in base 64."""

    features: str
    rarity: str
    scales: str
    starts: tuple[str, str]
    posted: tuple[str, str, str]


class Index:
    """Wordings by term. Built once; never changes.

    Wordings come grouped by target, targets in ascending order from 0. `before` are the
    weights of an earlier index: with them it is built in a fraction of the time, and
    nearly as it would be without.
    """

    def __init__(
        self,
        wordings: Sequence[Posted],
        packed: Packed | None = None,
        before: Trained | None = None,
    ) -> None:
        self._ends = _ends(wordings)
        self._unseen = log(1 + len(wordings))
        self._grams: dict[str, list[str]] | None = None
        self._families: dict[str, tuple[tuple[str, float], ...]] = {}
        if packed is not None:
            self._unpack(packed)
        else:
            self._build(wordings, before)

    def _build(self, wordings: Sequence[Posted], before: Trained | None) -> None:
        features = [_features(terms) for _, terms, _ in wordings]
        rarity = _rarity(features, [one.target for one in wordings])
        vectors = [_weighed(found, rarity) for found in features]
        self._scales = array("f", [1 / _length(one) for one in vectors])
        lessons = [
            (NONE if one.is_decoy else one.target, _scaled(vector))
            for one, vector in zip(wordings, vectors, strict=True)
        ]
        trained = retrain(lessons, before) if before else train(lessons)
        by_target: dict[str, list[tuple[int, float]]] = {name: [] for name in rarity}
        for target in sorted(trained):
            for feature, share in trained[target].items():
                if abs(share) > _LEAST and feature in by_target:
                    by_target[feature].append((target, share))
        for feature, posted in by_target.items():
            if len(posted) > CHAMPIONS:
                best = nlargest(CHAMPIONS, posted, key=lambda pair: abs(pair[1]))
                by_target[feature] = sorted(best)
        by_wording: dict[str, list[int]] = {feature: [] for feature in rarity}
        for at, vector in enumerate(vectors):
            for feature in vector:
                by_wording[feature].append(at)
        self._ids = {feature: at for at, feature in enumerate(rarity)}
        self._rarity = array("f", rarity.values())
        self._wordings = array("I")
        self._targets = array("I")
        self._shares = array("f")
        for feature in rarity:
            self._wordings.extend(by_wording[feature])
            self._targets.extend(target for target, _ in by_target[feature])
            self._shares.extend(share for _, share in by_target[feature])
        self._wordings_from = _starts(len(by_wording[feature]) for feature in rarity)
        self._targets_from = _starts(len(by_target[feature]) for feature in rarity)

    def trained(self) -> dict[int, dict[str, float]]:
        """For each target, by position, the weight of each feature that leads to it."""
        found: dict[int, dict[str, float]] = defaultdict(dict)
        for feature, at in self._ids.items():
            start, end = self._targets_from[at : at + 2]
            for target, share in zip(
                self._targets[start:end], self._shares[start:end], strict=True
            ):
                found[target][feature] = share
        return found

    def pack(self) -> Packed:
        """This index as text, from which an index of the same wordings can be made."""
        return Packed(
            features="\n".join(self._ids),
            rarity=_text(self._rarity),
            scales=_text(self._scales),
            starts=(_text(self._wordings_from), _text(self._targets_from)),
            posted=(
                _text(self._wordings),
                _text(self._targets),
                _text(self._shares),
            ),
        )

    def _unpack(self, packed: Packed) -> None:
        self._ids = {
            sys.intern(feature): at
            for at, feature in enumerate(packed.features.splitlines())
        }
        self._rarity = _floats(packed.rarity)
        self._scales = _floats(packed.scales)
        self._wordings_from, self._targets_from = (
            _integers(one) for one in packed.starts
        )
        self._wordings = _integers(packed.posted[0])
        self._targets = _integers(packed.posted[1])
        self._shares = _floats(packed.posted[2])
        count = len(self._ids)
        fits = (
            len(self._rarity) == count
            and len(self._scales) == self._ends[-1]
            and len(self._wordings_from) == len(self._targets_from) == count + 1
            and len(self._wordings) == self._wordings_from[-1]
            and len(self._targets) == len(self._shares) == self._targets_from[-1]
            and max(self._wordings, default=0) <= self._ends[-1]
            and max(self._targets, default=0) < len(self._ends)
        )
        if not fits:
            message = "this is not the index of these wordings"
            raise ValueError(message)

    def weight(self, term: str) -> float:
        """What a term weighs in a question: rarer is more; never 0."""
        at = self._ids.get(term)
        if at is not None:
            return self._rarity[at]
        return self._unseen * FILLER_WEIGHT if is_light(term) else self._unseen

    def search(self, terms: Sequence[str]) -> Hits:
        """What shares terms, or words of the same family, with a question's terms."""
        vector = self._vector(terms)
        targets: dict[int, float] = defaultdict(float)
        for at, weight in vector.items():
            start, end = self._targets_from[at : at + 2]
            for target, share in zip(
                self._targets[start:end], self._shares[start:end], strict=True
            ):
                targets[target] += weight * share
        near = nlargest(COMPARED, targets, key=targets.__getitem__)
        return Hits(targets, {target: self._near(vector, target) for target in near})

    def _near(self, vector: Mapping[int, float], target: int) -> dict[int, float]:
        """The cosine of each of a target's wordings that shares a feature."""
        first, last = self._ends[target : target + 2]
        found: dict[int, float] = defaultdict(float)
        posted, starts = self._wordings, self._wordings_from
        for at, weight in vector.items():
            end = starts[at + 1]
            here = bisect_left(posted, first, starts[at], end)
            if here == end or posted[here] >= last:
                continue
            there = bisect_left(posted, last, here, end)
            share = weight * self._rarity[at]
            for wording in posted[here:there]:
                found[wording] += share
        scales = self._scales
        return {wording: total * scales[wording] for wording, total in found.items()}

    def _vector(self, terms: Sequence[str]) -> dict[int, float]:
        """A question as features with weights; of length 1 with what is unknown."""
        ids, rarity = self._ids, self._rarity
        vector: dict[int, float] = defaultdict(float)
        for feature, count in Counter(_features(terms)).items():
            at = ids.get(feature)
            if at is not None:
                vector[at] = rarity[at] * (1 + log(count))
        unknown = 0.0
        for term in set(terms):
            family = self.family(term)
            weight = self.weight(term)
            for other, likeness in family:
                vector[ids[other]] += weight * FAMILY_WEIGHT * likeness
            if term not in ids and not family:
                unknown += weight * weight
        known = sum([weight * weight for weight in vector.values()])
        size = sqrt(known + unknown / 2) or 1.0
        return {at: weight / size for at, weight in vector.items()}

    def family(self, term: str) -> tuple[tuple[str, float], ...]:
        """Known terms that share most letters with one, likest first, with likeness."""
        found = self._families.get(term)
        if found is None:
            found = self._family(term) if _has_family(term) else ()
            if len(self._families) < 10_000:
                self._families[term] = found
        return found

    def _family(self, term: str) -> tuple[tuple[str, float], ...]:
        if self._grams is None:
            self._grams = _by_gram(self._ids)
        grams = _grams(term)
        shared = Counter(other for gram in grams for other in self._grams.get(gram, ()))
        shared.pop(term, None)
        alike = (
            (other, 2 * count / (len(grams) + len(_grams(other))))
            for other, count in shared.items()
        )
        near = [(other, like) for other, like in alike if like >= _FAMILY_LIKENESS]
        return tuple(sorted(near, key=lambda pair: (-pair[1], pair[0]))[:_FAMILY_SIZE])


def _features(terms: Sequence[str]) -> list[str]:
    """Terms, neighbouring terms as pairs, and what terms mean."""
    meanings, _ = lexicon().read(terms)
    meant = dict.fromkeys(name for names in meanings for name in names)
    return [*terms, *(f"{a} {b}" for a, b in pairwise(terms)), *meant]


def _rarity(
    features: Sequence[Sequence[str]], targets: Sequence[int]
) -> dict[str, float]:
    """Inverse frequency of each feature, damped by how many targets share it.

    A pair that only one wording has is left out: it finds nothing that its words don't.
    """
    having: Counter[str] = Counter()
    owners: dict[str, set[int]] = defaultdict(set)
    for found, target in zip(features, targets, strict=True):
        for feature in set(found):
            having[feature] += 1
            owners[feature].add(target)
    spread = max(len(set(targets)), 1)
    by_owners = [1.0] + [
        0.5 + 0.5 * log(1 + spread / number) / log(1 + spread)
        for number in range(1, spread + 1)
    ]
    return {
        feature: log(1 + len(features) / seen)
        * by_owners[len(owners[feature])]
        * _share(feature)
        for feature, seen in having.items()
        if seen > 1 or " " not in feature
    }


def _share(feature: str) -> float:
    if " " in feature:
        return PAIR_WEIGHT
    if feature.startswith("+"):
        return MEANING_WEIGHT
    return FILLER_WEIGHT if is_light(feature) else 1.0


def is_light(term: str) -> bool:
    """Whether a term says little about what is asked."""
    return term in FILLER or (term,) in lexicon().light


def _weighed(features: Iterable[str], rarity: Mapping[str, float]) -> dict[str, float]:
    return {one: rarity[one] for one in dict.fromkeys(features) if one in rarity}


def _length(vector: Mapping[str, float]) -> float:
    return sqrt(sum([weight * weight for weight in vector.values()])) or 1.0


def _scaled(vector: Mapping[str, float]) -> dict[str, float]:
    length = _length(vector)
    return {feature: weight / length for feature, weight in vector.items()}


def _ends(wordings: Sequence[Posted]) -> "array[int]":
    """Where each target's wordings begin, by its position, and where the last end."""
    counts = Counter(one.target for one in wordings)
    return _starts(counts[target] for target in range(max(counts, default=-1) + 1))


def _starts(sizes: Iterable[int]) -> "array[int]":
    return array("I", accumulate(sizes, initial=0))


def _text(numbers: "array[int] | array[float]") -> str:
    return b64encode(numbers.tobytes()).decode("ascii")


def _integers(text: str) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(b64decode(text))
    return numbers


def _floats(text: str) -> "array[float]":
    numbers = array("f")
    numbers.frombytes(b64decode(text))
    return numbers


def _by_gram(terms: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for term in terms:
        for gram in _grams(term) if _has_family(term) else ():
            found[gram].append(term)
    return found


def _has_family(term: str) -> bool:
    return len(term) >= _SHORTEST_WITH_FAMILY and term.isalpha()


def _grams(word: str) -> frozenset[str]:
    padded = f"^{word}$"
    return frozenset(
        padded[at : at + size]
        for size in (3, 4)
        for at in range(len(padded) - size + 1)
    )
