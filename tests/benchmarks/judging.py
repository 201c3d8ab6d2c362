"""What fitted models make of questions, and what of that a reader would notice."""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

import numpy as np

from bot.answering.policy import ON_TOPIC, VETOES
from tests.benchmarks.fitting import First, Fitted, Row, first_of
from tests.benchmarks.labelled import Labelled

OFF_TOPIC: Final = 0.2
"""What share of the false answers to near-topic questions off-topic ones may get."""


class Judged(NamedTuple):
    """A question's first entry, and how sure a model that never saw its story is."""

    first: First
    confidence: float
    about: float


def judged(rows: Iterable[Row], fitted: Fitted) -> list[Judged]:
    """What a fitted model makes of rows."""
    found: list[Judged] = []
    for row in rows:
        first = first_of(row, fitted.ranker)
        if first is not None:
            sure, about = (
                1 / (1 + np.exp(-one(signals)))
                for one, signals in (
                    (fitted.verifier, first.signals),
                    (fitted.about, first.signals),
                )
            )
            found.append(Judged(first, float(sure), float(about)))
    return found


def sure(one: Judged) -> float:
    """How sure an answer is, by the policy: 0 where there would be none."""
    is_vetoed = any(one.first.signals.get(name) for name in VETOES)
    return 0.0 if is_vetoed or one.about < ON_TOPIC else one.confidence


def cut_for(rate: float, found: Sequence[Judged]) -> float:
    """The least confidence that lets no more than these false answers through."""
    bars: list[float] = []
    for kind, allowed in (("near_topic", rate), ("off_topic", rate * OFF_TOPIC)):
        asked = [one for one in found if one.first.row.kind == kind]
        wrong = [(0.0 if one.first.is_right else sure(one), one) for one in asked]
        bars.append(bar(wrong, allowed))
    return max(bars)


def offer_for(found: Sequence[Judged], bothered: float) -> float:
    """The likelihood of being about a story that lets few through that are not."""
    off = [one for one in found if one.first.row.kind == "off_topic"]
    return bar([(one.about, one) for one in off], bothered)


def bar(found: Sequence[tuple[float, Judged]], allowed: float) -> float:
    """The value that this share of all, to the nearest question, is above."""
    heaviest = max((one.first.row.weight for _, one in found), default=0.0)
    left = allowed * sum(one.first.row.weight for _, one in found) + heaviest / 2
    for value, one in sorted(found, key=lambda pair: -pair[0]):
        left -= one.first.row.weight
        if left < 0:
            return value
    return 0.0


def share(values: Iterable[bool]) -> float:
    """The share, in per cent, that is true."""
    counted = list(values)
    return 100 * sum(counted) / (len(counted) or 1)


def told(found: Sequence[Judged], cut: float, on_topic: float) -> dict[str, float]:
    """Figures of questions that were judged, in per cent."""
    kinds = {
        kind: [one for one in found if one.first.row.kind == kind]
        for kind in ("in_scope", "near_topic", "off_topic", "swaps")
    }
    covered = kinds["in_scope"]
    answered = {
        kind: share(sure(one) > cut and not one.first.is_right for one in kinds[kind])
        for kind in ("near_topic", "off_topic")
    }
    swaps = [one for one in kinds["swaps"] if one.first.row.question.forbidden]
    return {
        "first": share(one.first.is_right for one in covered),
        "in three": share(
            not one.first.row.question.right.isdisjoint(one.first.three)
            for one in covered
        ),
        "right": share(sure(one) > cut and one.first.is_right for one in covered),
        "wrong": share(sure(one) > cut and not one.first.is_right for one in covered),
        "helped": share(
            (sure(one) > cut and one.first.is_right)
            or (
                one.about > on_topic
                and not one.first.row.question.right.isdisjoint(one.first.three)
            )
            for one in covered
        ),
        "silence": share(one.about <= on_topic and sure(one) <= cut for one in covered),
        "off-topic offered": share(one.about > on_topic for one in kinds["off_topic"]),
        "near-topic answered": answered["near_topic"],
        "off-topic answered": answered["off_topic"],
        "misleading": share(
            sure(one) > cut and one.first.id in one.first.row.question.forbidden
            for one in swaps
        ),
    }


PARTS: Final = 4


def part_of(question: Labelled) -> int:
    """Which part of its story's questions one is in, 0-3, by a hash of its text."""
    return hashlib.sha256(question.q.encode()).digest()[0] % PARTS
