"""What a wording is made of, and what each part of it weighs."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from itertools import pairwise
from math import log
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from bot.matching.english import FILLER
from bot.matching.lexicon import lexicon
from bot.matching.packing import Floats

PAIR_WEIGHT: Final = 0.5
"""What two neighbouring terms weigh as a pair, of what their rarity says."""

FILLER_WEIGHT: Final = 0.55
"""What a filler word weighs, of what its rarity says."""

MEANING_WEIGHT: Final = 0.5
"""What a meaning weighs, of what its rarity says. These three were measured on the
development parts of CLINC150, BANKING77 and HINT3 (`tests/benchmarks/public.py`)."""

GRAM: Final = "#"
"""Before a few letters in a row, as a feature."""

GRAM_SIZES: Final = (3, 4, 5)
"""How many letters in a row."""


def lengths_of(weights: Floats, starts: NDArray[np.integer[Any]]) -> Floats:
    """The length of each of consecutive rows; 1 for a row of nothing."""
    squares = np.concatenate([[0.0], np.cumsum(np.square(weights, dtype=float))])
    lengths = np.sqrt(np.maximum(np.diff(squares[starts]), 0.0))
    return np.where(lengths > 0, lengths, 1.0).astype(np.float32)


def grams_of(terms: Sequence[str]) -> dict[str, float]:
    """The grams of letters of each term, its ends among them, with damped counts."""
    found = Counter(
        padded[at : at + size]
        for padded in (f" {term} " for term in terms)
        for size in GRAM_SIZES
        for at in range(len(padded) - size + 1)
    )
    return {f"{GRAM}{gram}": 1 + log(count) for gram, count in found.items()}


def features_of(terms: Sequence[str]) -> list[str]:
    """Terms, neighbouring terms as pairs, and what terms mean."""
    pairs = [f"{a} {b}" for a, b in pairwise(terms)]
    return [*terms, *pairs, *lexicon().meanings_of(terms)]


def rarity_of(
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
        for feature, seen in sorted(having.items())
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
