"""An index of wordings: which of them, and whose, share weighty terms with a question.

Two views of the same postings: each wording as a vector, and each target as the sum of
its wordings (Rocchio's centroid). Both are cosines of term weights; a term weighs more
the fewer wordings and targets have it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt
from typing import Final

from bot.matching.english import FILLER

PAIR_WEIGHT: Final = 0.5
"""What two neighbouring terms weigh as a pair, of what their rarity says."""

FILLER_WEIGHT: Final = 0.35
"""What a filler word weighs, of what its rarity says."""

FAMILY_WEIGHT: Final = 0.5
"""What a word of the same family weighs, of the word itself and their likeness."""

_FAMILY_LIKENESS: Final = 0.45
_FAMILY_SIZE: Final = 5
_SHORTEST_WITH_FAMILY: Final = 4


@dataclass(frozen=True, slots=True)
class Hits:
    """What an index found. Cosines, 0-1, higher is nearer.

    `wordings` and `targets` are by position; what shares no term is not there.
    `unknown` is the share of the question's weight that no wording has, 0-1.
    """

    wordings: Mapping[int, float]
    targets: Mapping[int, float]
    unknown: float


class Index:
    """Wordings by term. Built once; never changes.

    `wordings` are (target, terms): the target's position, and the terms in order. A
    target below zero stands for none: its wording is found, but is no part of a target.
    """

    def __init__(self, wordings: Sequence[tuple[int, Sequence[str]]]) -> None:
        features = [Counter(_features(terms)) for _, terms in wordings]
        self._weights = _rarity(features, [target for target, _ in wordings])
        self._unseen = log(1 + len(wordings))
        self._grams: dict[str, list[str]] = defaultdict(list)
        for term in self._weights:
            for gram in _grams(term) if _has_family(term) else ():
                self._grams[gram].append(term)
        self._families: dict[str, tuple[tuple[str, float], ...]] = {}
        self._wordings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        sums: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for at, (target, _) in enumerate(wordings):
            for term, weight in _unit(self._weigh(features[at])).items():
                self._wordings[term].append((at, weight))
                if target >= 0:
                    sums[target][term] += weight
        self._targets: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for target, vector in sums.items():
            for term, weight in _unit(vector).items():
                self._targets[term].append((target, weight))

    def __contains__(self, term: object) -> bool:
        """Whether any wording has this term."""
        return term in self._weights

    def weight(self, term: str) -> float:
        """What a term weighs in a question: rarer is more; never 0."""
        weight = self._weights.get(term, self._unseen)
        return weight * FILLER_WEIGHT if term in FILLER else weight

    def search(self, terms: Sequence[str]) -> Hits:
        """What shares terms, or words of the same family, with a question's terms."""
        counts = Counter(_features(terms))
        vector: dict[str, float] = defaultdict(float, self._weigh(counts))
        unknown = 0.0
        for term in set(terms):
            weight = self.weight(term)
            family = self.family(term)
            for other, likeness in family:
                vector[other] += weight * FAMILY_WEIGHT * likeness
            if term not in self._weights and not family:
                unknown += weight * weight
        known = sum(weight * weight for weight in vector.values())
        norm = sqrt(known + unknown / 2) or 1.0
        wordings: dict[int, float] = defaultdict(float)
        targets: dict[int, float] = defaultdict(float)
        for term, weight in vector.items():
            share = weight / norm
            for at, other in self._wordings.get(term, ()):
                wordings[at] += share * other
            for target, other in self._targets.get(term, ()):
                targets[target] += share * other
        return Hits(wordings, targets, unknown / ((known + unknown) or 1.0))

    def family(self, term: str) -> tuple[tuple[str, float], ...]:
        """Known terms that share most letters with one, likest first, with likeness."""
        found = self._families.get(term)
        if found is None:
            found = self._family(term) if _has_family(term) else ()
            if len(self._families) < 10_000:
                self._families[term] = found
        return found

    def _family(self, term: str) -> tuple[tuple[str, float], ...]:
        grams = _grams(term)
        shared = Counter(other for gram in grams for other in self._grams.get(gram, ()))
        shared.pop(term, None)
        alike = (
            (other, 2 * count / (len(grams) + len(_grams(other))))
            for other, count in shared.items()
        )
        near = [(other, like) for other, like in alike if like >= _FAMILY_LIKENESS]
        return tuple(sorted(near, key=lambda pair: (-pair[1], pair[0]))[:_FAMILY_SIZE])

    def _weigh(self, features: Counter[str]) -> dict[str, float]:
        return {
            term: self.weight(term)
            * (1 + log(count))
            * (PAIR_WEIGHT if " " in term else 1.0)
            for term, count in features.items()
            if term in self._weights
        }


def _features(terms: Sequence[str]) -> list[str]:
    """Terms, and neighbouring terms as pairs: the order of words matters a little."""
    return [*terms, *(f"{a} {b}" for a, b in pairwise(terms))]


def _rarity(
    features: Sequence[Iterable[str]], targets: Sequence[int]
) -> dict[str, float]:
    """Inverse frequency of each term, damped by how many targets share it."""
    having: Counter[str] = Counter()
    owners: dict[str, set[int]] = defaultdict(set)
    for found, target in zip(features, targets, strict=True):
        having.update(set(found))
        for term in found:
            owners[term].add(target)
    count = len(features)
    spread = max(len(set(targets)), 1)
    return {
        term: log(1 + count / seen)
        * (0.5 + 0.5 * log(1 + spread / len(owners[term])) / log(1 + spread))
        for term, seen in having.items()
    }


def _unit(vector: Mapping[str, float]) -> dict[str, float]:
    norm = sqrt(sum(weight * weight for weight in vector.values())) or 1.0
    return {term: weight / norm for term, weight in vector.items()}


def _has_family(term: str) -> bool:
    return len(term) >= _SHORTEST_WITH_FAMILY and term.isalpha()


def _grams(word: str) -> frozenset[str]:
    padded = f"^{word}$"
    return frozenset(
        padded[at : at + size]
        for size in (3, 4)
        for at in range(len(padded) - size + 1)
    )
