"""Targets' weights, trained so that each wording leads to its own target.

They begin as the sum of a target's wordings (Rocchio's centroid). Then a softmax
regression over the targets' scores moves them apart where they are confused: only the
few targets that a wording might be taken for are moved, and wordings that are sure of
their target are left out, so that it takes a second, not a minute.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import exp, sqrt
from typing import Final

EPOCHS: Final = 5
RATE: Final = 0.3
SHARPNESS: Final = 8.0
"""What a score counts in the softmax: scores differ by tenths."""

SURE: Final = 0.97
"""Probability of its own target from which a wording teaches nothing."""

MOST_TRAINED: Final = 12_000
"""Wordings up to which a base is trained; a larger one keeps its centroids."""

_SKIPPED_FROM: Final = 0.9
_MOVED_FROM: Final = 0.02
_NEGLIGIBLE: Final = -4.6

Vector = Mapping[str, float]
"""A feature → its weight."""


def train(wordings: Sequence[tuple[int, Vector]]) -> dict[str, dict[int, float]]:
    """For each feature the weight it has for each target.

    `wordings` are (target, vector of length 1). The order counts, chance does not: the
    same wordings give the same weights.
    """
    posted = _centroids(wordings)
    if len(wordings) > MOST_TRAINED:
        return posted
    active = list(wordings)
    for epoch in range(EPOCHS):
        rate = RATE * (1 - 0.7 * epoch / EPOCHS)
        unsure = [
            wording
            for wording in active
            if _teach(posted, *wording, rate) < _SKIPPED_FROM
        ]
        active = unsure if epoch % 2 == 0 else list(wordings)
    return posted


def _centroids(wordings: Iterable[tuple[int, Vector]]) -> dict[str, dict[int, float]]:
    posted: dict[str, dict[int, float]] = defaultdict(dict)
    for target, vector in wordings:
        for feature, weight in vector.items():
            targets = posted[feature]
            targets[target] = targets.get(target, 0.0) + weight
    squares: dict[int, float] = defaultdict(float)
    for targets in posted.values():
        for target, weight in targets.items():
            squares[target] += weight * weight
    lengths = {target: sqrt(square) for target, square in squares.items()}
    for targets in posted.values():
        for target in targets:
            targets[target] /= lengths[target]
    return posted


def _teach(
    posted: Mapping[str, dict[int, float]], own: int, vector: Vector, rate: float
) -> float:
    """Move the targets that a wording might be taken for; how sure it was, 0-1."""
    scores: dict[int, float] = {}
    for feature, weight in vector.items():
        for target, share in posted[feature].items():
            scores[target] = scores.get(target, 0.0) + weight * share
    best = max(scores.values(), default=0.0)
    odds = {
        target: exp(SHARPNESS * (score - best))
        for target, score in scores.items()
        if SHARPNESS * (score - best) > _NEGLIGIBLE
    }
    total = sum(odds.values()) or 1.0
    sure = odds.get(own, 0.0) / total
    if sure > SURE:
        return sure
    moves = [
        (target, -rate * odd / total)
        for target, odd in odds.items()
        if target != own and odd / total > _MOVED_FROM
    ]
    moves.append((own, rate * (1 - sure)))
    for feature, weight in vector.items():
        targets = posted[feature]
        for target, move in moves:
            targets[target] = targets.get(target, 0.0) + move * weight
    return sure
