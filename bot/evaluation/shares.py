"""How sure a share is, and how far confidences can be trusted. Pure numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from typing import Final, NamedTuple

BINS: Final = 10
"""Bins of equal width in which confidences are compared with what came true."""

_Z: Final = 1.959964
"""Standard deviations around the mean of a normal distribution that hold 95 %."""


class Interval(NamedTuple):
    """A 95 % confidence interval of a share, 0-1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`: how many of how many, both from 0 upwards."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """The share, 0-1; None where there is nothing to have a share of.

        >>> Share(1, 4).value
        0.25
        """
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> Interval:
        """Wilson's score interval: within 0-1 and around the share, whatever the count.

        Of nothing it is all of 0-1. Source: E. B. Wilson, "Probable inference, the law
        of succession, and statistical inference", Journal of the American Statistical
        Association 22 (1927), 209-212, https://doi.org/10.1080/01621459.1927.10502953

        >>> [round(end, 3) for end in Share(1, 20).interval]
        [0.009, 0.236]
        """
        if self.value is None:
            return Interval(0.0, 1.0)
        square = _Z * _Z / self.of
        middle = self.value + square / 2
        spread = _Z * sqrt(
            self.value * (1 - self.value) / self.of + square / (4 * self.of)
        )
        # Rounding must not push an end past the share that lies on it (0 or all).
        low = min(self.value, max(0.0, (middle - spread) / (1 + square)))
        high = max(self.value, min(1.0, (middle + spread) / (1 + square)))
        return Interval(low, high)


@dataclass(frozen=True, slots=True)
class Bin:
    """The confidences from `low` up to `high`, and how many of them came true.

    `confidence` is their mean; None where there are none.
    """

    low: float
    high: float
    confidence: float | None
    right: Share


def reliability(judged: Iterable[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Confidences, each with whether it came true, in BINS bins, lowest first.

    A confidence on an edge is in the upper bin, 1 in the last.
    """
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in judged:
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    return tuple(
        Bin(
            low=at / BINS,
            high=(at + 1) / BINS,
            confidence=sum(sure for sure, _ in held) / len(held) if held else None,
            right=Share(sum(right for _, right in held), len(held)),
        )
        for at, held in enumerate(bins)
    )


def calibration_error(bins: Iterable[Bin]) -> float | None:
    """How far confidence is from what came true, on average, 0-1; None of nothing.

    The expected calibration error: the distance of each bin, weighed by its size.
    Source: Guo and others, "On calibration of modern neural networks" (2017),
    https://arxiv.org/abs/1706.04599
    """
    total = distance = 0.0
    for one in bins:
        if one.confidence is not None and one.right.value is not None:
            total += one.right.of
            distance += one.right.of * abs(one.right.value - one.confidence)
    return distance / total if total else None
