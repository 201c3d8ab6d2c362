"""How far a reply is from another: what moves it less than that does not move it."""

from collections.abc import Iterator
from math import log
from typing import Final

from bot.answering.outcome import Reply
from bot.answering.policy import (
    CLOSEST,
    FAR_SURER,
    HARDLY,
    IF_CORRECTED,
    KNOWN_UNKNOWN,
    LEAST_OFFERED,
    NO_DOUBT,
    ON_TOPIC,
)
from bot.answering.preparing import UNKNOWN
from bot.matching.question import questions, segments

_LEAST: Final = 1e-6
_CUTS: Final = (CLOSEST, HARDLY, KNOWN_UNKNOWN, LEAST_OFFERED, NO_DOUBT)


def margin(reply: Reply) -> float:
    """How much surer, or less sure, something must be to lead a message elsewhere.

    In log odds, 0 or more: the least distance of what counts from what decides. 0 for a
    message of several parts, each of which may count.
    """
    text = reply.text
    if len(questions(text)) > 1 or len(segments(text)) > 1:
        return 0.0
    return min(_distances(reply))


def _distances(reply: Reply) -> Iterator[float]:
    found, sure = reply.explanation, reply.thresholds.answer
    for cut in (ON_TOPIC, reply.thresholds.offer):
        yield _apart(found.about, cut)
    groups = [
        [one.confidence for one in found.candidates if is_entry == _is_entry(one.id)]
        for is_entry in (True, False)
    ]
    for first, *others in filter(None, groups):
        for cut in (*_CUTS, sure, sure * IF_CORRECTED):
            yield _apart(first, cut)
        for other in others[:1]:
            yield _apart(first, other)
    if all(groups):
        entry, unknown = groups[0][0], groups[1][0]
        yield _apart(entry, unknown)
        yield _apart(max(unknown - FAR_SURER, 0.0), entry)


def _is_entry(target: str) -> bool:
    return not target.startswith(UNKNOWN)


def _apart(one: float, other: float) -> float:
    return abs(_odds(one) - _odds(other))


def _odds(probability: float) -> float:
    within = min(max(probability, _LEAST), 1 - _LEAST)
    return log(within / (1 - within))
