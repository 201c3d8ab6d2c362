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
from bot.matching.lexicon import lexicon

PAIR_WEIGHT: Final = 0.5
"""What two neighbouring terms weigh as a pair, of what their rarity says."""

FILLER_WEIGHT: Final = 0.35
"""What a filler word weighs, of what its rarity says."""

MEANING_WEIGHT: Final = 0.5
"""What a meaning weighs, of what its rarity says."""

FAMILY_WEIGHT: Final = 0.5
"""What a word of the same family weighs, of the word itself and their likeness."""

_FAMILY_LIKENESS: Final = 0.45
_FAMILY_SIZE: Final = 5
_SHORTEST_WITH_FAMILY: Final = 4


@dataclass(frozen=True, slots=True)
class Hits:
    """What an index found. Cosines, 0-1, higher is nearer.

    `wordings` and `targets` are by position; what shares no term is not there.
    """

    wordings: Mapping[int, float]
    targets: Mapping[int, float]


class Index:
    """Wordings by term. Built once; never changes.

    `wordings` are (target, terms): the target's position, and the terms in order. A
    target below zero stands for none: its wording is found, but is no part of a target.
    """

    def __init__(self, wordings: Sequence[tuple[int, Sequence[str]]]) -> None:
        features = [_features(terms) for _, terms in wordings]
        self._weights = _weights(features, [target for target, _ in wordings])
        self._unseen = log(1 + len(wordings))
        self._grams: dict[str, list[str]] | None = None
        self._families: dict[str, tuple[tuple[str, float], ...]] = {}
        self._wordings: dict[str, list[tuple[int, float]]] = {
            term: [] for term in self._weights
        }
        sums: dict[int, dict[str, float]] = defaultdict(dict)
        for at, (target, _) in enumerate(wordings):
            vector = self._weigh(features[at])
            scale = 1 / (_norm(vector) or 1.0)
            total = sums[target]
            for term, weight in vector.items():
                share = weight * scale
                self._wordings[term].append((at, share))
                total[term] = total.get(term, 0.0) + share
        sums.pop(-1, None)
        self._targets: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for target, total in sums.items():
            scale = 1 / (_norm(total) or 1.0)
            for term, weight in total.items():
                self._targets[term].append((target, weight * scale))

    def weight(self, term: str) -> float:
        """What a term weighs in a question: rarer is more; never 0."""
        weight = self._weights.get(term)
        if weight is not None:
            return weight
        return self._unseen * FILLER_WEIGHT if is_light(term) else self._unseen

    def search(self, terms: Sequence[str]) -> Hits:
        """What shares terms, or words of the same family, with a question's terms."""
        vector = defaultdict(float, self._weigh(_features(terms)))
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
        return Hits(wordings, targets)

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
            self._grams = _by_gram(self._weights)
        grams = _grams(term)
        shared = Counter(other for gram in grams for other in self._grams.get(gram, ()))
        shared.pop(term, None)
        alike = (
            (other, 2 * count / (len(grams) + len(_grams(other))))
            for other, count in shared.items()
        )
        near = [(other, like) for other, like in alike if like >= _FAMILY_LIKENESS]
        return tuple(sorted(near, key=lambda pair: (-pair[1], pair[0]))[:_FAMILY_SIZE])

    def _weigh(self, features: Sequence[str]) -> dict[str, float]:
        """Features that are known, with their weights; a repeated one weighs more."""
        weights = self._weights
        vector = {term: weights[term] for term in features if term in weights}
        if len(vector) < len(features):
            for term, count in Counter(features).items():
                if count > 1 and term in vector:
                    vector[term] *= 1 + log(count)
        return vector


def _features(terms: Sequence[str]) -> list[str]:
    """Terms, neighbouring terms as pairs, and what the terms mean."""
    meanings, _ = lexicon().read(terms)
    meant = dict.fromkeys(name for names in meanings for name in names)
    return [*terms, *(f"{a} {b}" for a, b in pairwise(terms)), *meant]


def _weights(
    features: Sequence[Sequence[str]], targets: Sequence[int]
) -> dict[str, float]:
    """Inverse frequency of each term, damped by how many targets share it."""
    having: dict[str, int] = {}
    owners: dict[str, set[int]] = {}
    for found, target in zip(features, targets, strict=True):
        for term in set(found):
            if term in having:
                having[term] += 1
                owners[term].add(target)
            else:
                having[term] = 1
                owners[term] = {target}
    count = len(features)
    spread = max(len(set(targets)), 1)
    by_owners = [1.0] + [
        0.5 + 0.5 * log(1 + spread / number) / log(1 + spread)
        for number in range(1, spread + 1)
    ]
    rarity = [0.0] + [log(1 + count / seen) for seen in range(1, count + 1)]
    return {
        term: rarity[seen] * by_owners[len(owners[term])] * _share(term)
        for term, seen in having.items()
    }


def _share(term: str) -> float:
    if " " in term:
        return PAIR_WEIGHT
    if term.startswith("+"):
        return MEANING_WEIGHT
    return FILLER_WEIGHT if is_light(term) else 1.0


def is_light(term: str) -> bool:
    """Whether a term says little about what is asked."""
    return term in FILLER or (term,) in lexicon().light


def _norm(vector: Mapping[str, float]) -> float:
    return sqrt(sum([weight * weight for weight in vector.values()]))


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
