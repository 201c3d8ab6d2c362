"""Fitting how likely two questions ask the same, and telling how good that is."""

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np

from bot.matching import weights as models
from bot.matching.guards import GUARDS
from bot.matching.likeness import APART
from tests.benchmarks.fitting import VERIFIER_PENALTY, bound, logistic, matrix
from tests.benchmarks.pairs import Pair

FOLDS: Final = 5
CUTS: Final = (0.15, 0.2, 0.25, 0.3, 0.4)
SAME: Final = ("wording", "letters", "nearest", "asked", *(GUARDS.keys() - APART))
"""Features of two questions. Guards that part them weigh nothing beside that."""


def fit_same(pairs: Sequence[Pair]) -> models.Linear:
    """Fit how likely two questions ask the same, on pairs that nothing parts."""
    left = [one for one in pairs if not one.is_parted]
    names = sorted(SAME)
    return logistic(
        matrix([one.signals for one in left], names),
        np.array([float(one.is_same) for one in left]),
        np.array([one.weight for one in left]),
        names,
        VERIFIER_PENALTY,
        [bound(name) for name in names],
    )


def show_same(pairs: Sequence[Pair]) -> None:
    """Print what hand-made pairs get from models that never saw their groups."""
    found: list[tuple[float, bool]] = []
    for half in range(FOLDS):
        kept = [one for one in pairs if half not in map(fold_of, one.groups)]
        same = fit_same(kept)
        found += [
            (models.probability(same(one.signals)), one.is_same)
            for one in pairs
            if one.by_hand and not one.is_parted and fold_of(one.groups[0]) == half
        ]
    for cut in CUTS:
        right = [is_same for sure, is_same in found if sure >= cut]
        print(f"same from {cut}: {sum(right)} of {len(right)} are", flush=True)


def fold_of(group: str) -> int:
    """Which part of the hand-made groups one is in, told by its name."""
    return hashlib.sha256(group.encode()).digest()[0] % FOLDS
