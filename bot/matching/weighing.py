"""What a wording is made of, and what each part of it weighs."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import log
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.matching import packing
from bot.matching.english import FILLER
from bot.matching.lexicon import lexicon
from bot.matching.packing import Floats, Integers

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


class Weighed(NamedTuple):
    """Features of wordings, by line of the alphabet, and what each weighs.

    Row `at` of the wordings has `rows[starts[at]:starts[at + 1]]`, each feature once.
    """

    features: list[str]
    rarity: Floats
    starts: Integers
    rows: Integers


def weighed(wordings: Iterable[Sequence[str]], targets: Sequence[int]) -> Weighed:
    """The features of wordings' terms: inverse frequency, damped by how many share it.

    A pair that only one wording has is left out: it finds nothing that its words don't.
    """
    ids: dict[str, int] = {}
    flat, sizes = array("i"), array("i")
    for terms in wordings:
        own = dict.fromkeys(features_of(terms))
        sizes.append(len(own))
        flat.extend([ids.setdefault(feature, len(ids)) for feature in own])
    rows = np.frombuffer(flat, np.int32) if flat else np.zeros(0, np.int32)
    having = np.bincount(rows, minlength=len(ids))
    spread = max(len(set(targets)), 1)
    most = max(targets, default=0) + 1
    owned = (
        np.unique(
            rows.astype(np.int64) * most + np.repeat(np.array(targets, np.int64), sizes)
        )
        // most
    )
    owners = np.bincount(owned, minlength=len(ids))
    features = sorted(
        one for one, at in ids.items() if having[at] > 1 or " " not in one
    )
    kept = np.array([ids[one] for one in features], np.intp)
    damped = 0.5 + 0.5 * np.log(1 + spread / owners[kept]) / np.log(1 + spread)
    shares = np.array([_share(one) for one in features])
    place = np.full(len(ids), -1, np.int32)
    place[kept] = np.arange(len(kept))
    placed = place[rows]
    before = np.concatenate([[0], np.cumsum(placed >= 0)]).astype(np.int32)
    return Weighed(
        features,
        (np.log(1 + len(sizes) / having[kept]) * damped * shares).astype(np.float32),
        before[packing.starts(sizes)],
        placed[placed >= 0],
    )


def _share(feature: str) -> float:
    if " " in feature:
        return PAIR_WEIGHT
    if feature.startswith("+"):
        return MEANING_WEIGHT
    return FILLER_WEIGHT if is_light(feature) else 1.0


def is_light(term: str) -> bool:
    """Whether a term says little about what is asked."""
    return term in FILLER or (term,) in lexicon().light
