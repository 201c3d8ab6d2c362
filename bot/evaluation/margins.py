"""How far a reply is from another: what moves it less than that does not move it.

This is what `Answerer` decides by, read backwards: of each cut that it looks at, and of
no other, how far what counts is from it.
"""

from collections.abc import Iterator, Sequence
from math import log
from typing import Final

from bot.answering.outcome import NotCovered, Reply
from bot.answering.policy import (
    CLOSEST,
    FAR_SURER,
    HARDLY,
    IF_CORRECTED,
    KNOWN_UNKNOWN,
    LEAST_OFFERED,
    NO_DOUBT,
    ON_TOPIC,
    TAKEN_OFF,
)
from bot.answering.preparing import UNKNOWN
from bot.matching.candidate import Candidate
from bot.matching.question import questions, segments
from bot.story.hiding import HIDDEN

_LEAST: Final = 1e-6
_MOST: Final = 30.0  # log odds: more than any two may be apart


def margin(reply: Reply) -> float:
    """How much surer, or less sure, something must be to lead a message elsewhere.

    In log odds, 0 to 30: as long as no candidate's odds, nor those that it is about the
    story, move by half as much, it leads where it led. 0 for a message of several
    parts, each of which may count.
    """
    text = reply.text
    if len(questions(text)) > 1 or len(segments(text)) > 1:
        return 0.0
    return min(_Decision(reply).distances(), default=_MOST)


class _Decision:
    """What a message of one question was decided by."""

    def __init__(self, reply: Reply) -> None:
        found = reply.explanation
        self._name, self._thresholds = reply.name, reply.thresholds
        self._about, self._all = found.about, found.candidates
        self._unknowns = [one for one in self._all if one.id.startswith(UNKNOWN)]
        self._entries = [one for one in self._all if not one.id.startswith(UNKNOWN)]
        (first,) = reply.outcomes
        self._is_note = isinstance(first, NotCovered) and first.note is not None

    def distances(self) -> Iterator[float]:
        if self._name == "help":
            return
        yield from self._of_hidden()
        yield from self._to_answer()
        if self._name == "answer":
            return
        yield from self._to_note()
        if self._is_note:
            return
        yield _apart(self._about, self._thresholds.offer)
        if self._about >= self._thresholds.offer:
            yield from self._to_offer()

    def _of_hidden(self) -> Iterator[float]:
        """From what is asked of hidden entries being asked, or no longer."""
        surest = self._entries[0].confidence if self._entries else 0.0
        for one in self._unknowns:
            if one.id.startswith(UNKNOWN + HIDDEN):
                least = max(KNOWN_UNKNOWN, TAKEN_OFF * surest)
                yield _apart(one.confidence, least)

    def _to_answer(self) -> Iterator[float]:
        """From another answer, from none where there is one, from one where not.

        Where nothing but the first stands in its way, it is what is wrong in the
        question that does: then it takes another candidate.
        """
        cuts = (self._thresholds.answer, self._thresholds.answer * IF_CORRECTED)
        if self._name == "answer":
            yield _apart(self._about, ON_TOPIC)
            yield from (_apart(self._all[0].confidence, cut) for cut in cuts)
            yield from self._behind(self._all)
            return
        for entry in self._entries[:2]:
            above = [cut for cut in cuts if cut > entry.confidence]
            for cut in above or [0.0]:
                steps = (
                    _up(self._about, ON_TOPIC),
                    _up(entry.confidence, cut),
                    _up(entry.confidence, self._all[0].confidence),
                )
                if any(steps):
                    yield max(steps)

    def _to_note(self) -> Iterator[float]:
        """From what no source says being said, or no longer."""
        rival = self._entries[0].confidence if self._entries else 0.0
        if self._is_note:
            sure = self._all[0].confidence
            yield _apart(sure, KNOWN_UNKNOWN)
            yield _rivalry(sure, rival)
            if sure >= NO_DOUBT:
                yield _apart(sure, NO_DOUBT)
            yield from self._behind(self._all)
            return
        for one in self._unknowns[:2]:
            sure = one.confidence
            is_rivalled = rival >= max(KNOWN_UNKNOWN, sure - FAR_SURER)
            steps = (
                _up(sure, KNOWN_UNKNOWN),
                _up(sure, self._all[0].confidence),
                _rivalry(sure, rival) if is_rivalled else 0.0,
            )
            # Where nothing of these is in its way, its words are, unless it is sure.
            if needed := max(steps) or _up(sure, NO_DOUBT):
                yield needed

    def _to_offer(self) -> Iterator[float]:
        """From other entries being offered, or facts, or none."""
        if self._entries:
            sure = self._entries[0].confidence
            yield from (_apart(sure, cut) for cut in (CLOSEST, HARDLY, LEAST_OFFERED))
            yield from self._behind(self._entries)
            yield from (_apart(sure, one.confidence) for one in self._unknowns[:1])

    @staticmethod
    def _behind(some: Sequence[Candidate]) -> Iterator[float]:
        """How far the second is behind the first."""
        yield from (_apart(some[0].confidence, one.confidence) for one in some[1:2])


def _rivalry(sure: float, rival: float) -> float:
    """How far an entry is from being as sure as lets it stand beside an unknown."""
    of_entry = _apart(rival, max(KNOWN_UNKNOWN, sure - FAR_SURER))
    return min(of_entry, _apart(sure, rival + FAR_SURER))


def _up(one: float, to: float) -> float:
    """How much surer something must be; 0 where it is as sure."""
    return _apart(one, to) if one < to else 0.0


def _apart(one: float, other: float) -> float:
    return abs(_odds(one) - _odds(other))


def _odds(probability: float) -> float:
    within = min(max(probability, _LEAST), 1 - _LEAST)
    return log(within / (1 - within))
