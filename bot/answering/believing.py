"""Which reading of a message is to be believed: borrowed words prove nothing.

Measured with the numbers of `context`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, NamedTuple

from bot.answering.message import OUTCOMES, PEOPLE, Message
from bot.answering.topic import Talk
from bot.matching.candidate import Candidate, Explanation

_MARGIN: Final = 0.05
"""How much surer than such a message alone a reading in context must at least be."""

_PART: Final = 0.6
"""What a part of a sentence counts, read alone."""

_WHOEVER: Final = 0.8
"""What a message counts, read alone, that means somebody known by "he" or "she"."""

_NOTHING: Final = 0.1
"""Below which a bare "when?" is read as the likeliest reading, sure or not."""

_EXPLAINED: Final = 0.5
"""The share of a message's own words that the entry found in context must explain:
what was borrowed from the context is always explained."""

_AGAIN: Final = 0.2
"""The share of a question that the entry just told may leave unexplained."""

_OFFERED: Final = 0.7
"""What a reading counts whose entry leaves the message's own words unexplained: it may
be offered, never be the answer."""

_NAMES: Final = frozenset({"other names", "foreign names"})
_ROLES: Final = frozenset({"roles", "other subject"})
_KINDS: Final = frozenset({"other kind", "other measure", "kind not held"})
_UNEXPLAINED: Final = "unexplained part"


class Read(NamedTuple):
    """A text to rank in a message's place, and what its confidence counts.

    `barred` is the entry that it may not lead to, if any: words that were borrowed from
    a question lead back to it.
    """

    text: str
    weight: float
    barred: str | None = None


class Believed(NamedTuple):
    """What is found for a reading, without what it cannot mean, and its worth."""

    worth: float
    found: Explanation


def believed(
    read: Read, found: Explanation, message: Message, talk: Talk, sure: float
) -> Believed | None:
    """What a reading is worth; None where what it leads to cannot be meant."""
    led = _led(found, message, read.barred, talk)
    best = first(led)
    margin = 0.0 if message.is_part else _MARGIN
    worth = read.weight * led.surest - margin
    if best is None or _is_explained(message, best, talk):
        return Believed(worth, led)
    is_answer = best.id == talk.told or best.confidence >= sure
    is_asked_for = bool(message.sorts or message.has_lead)
    return None if is_answer or not is_asked_for else Believed(_OFFERED * worth, led)


def worth_alone(message: Message) -> float:
    """What a message counts, read alone, where it can be read in context, too."""
    if message.is_part and message.is_open:
        return _PART
    return 1.0 if {"he", "she"}.isdisjoint(message.sorts) else _WHOEVER


def likeliest(found: Sequence[Believed | None], message: Message) -> Explanation | None:
    """The reading that is worth most; None where there is none.

    Of a bare "when?" that leads nowhere, the first.
    """
    known = [one for one in found if one]
    if not known:
        return None
    best = max(known, key=lambda one: one.worth)
    is_nothing = message.is_bare and best.worth < _NOTHING
    return (known[0] if is_nothing else best).found


def first(found: Explanation) -> Candidate | None:
    """What is likeliest to be meant, if anything."""
    return next(iter(found.candidates), None)


def is_led_to(found: Explanation, other: Candidate | None) -> bool:
    """Whether the same is likeliest to be meant."""
    best = first(found)
    return best is not None and other is not None and best.id == other.id


def _led(
    found: Explanation, message: Message, barred: str | None, talk: Talk
) -> Explanation:
    """What is found without what cannot be meant.

    That is an entry which may not be said again, or is about other names, or does not
    give the kind of answer where that is all the message says, or it was just told.
    """

    def is_meant(one: Candidate) -> bool:
        is_again = message.is_bare or one.id == talk.told
        wrong = _NAMES | (_ROLES if message.fragment else _NAMES)
        wrong |= _KINDS if is_again else _NAMES
        return one.id != barred and wrong.isdisjoint(one.fired)

    return replace(found, candidates=tuple(filter(is_meant, found.candidates)))


def _is_explained(message: Message, best: Candidate, talk: Talk) -> bool:
    """Whether an entry explains most of the message's own words.

    Of a part of a sentence, it must explain most of the whole that it was put in; the
    one that was just told must explain nearly all.
    """
    if _UNEXPLAINED not in best.fired:
        return True
    strength, words = best.fired[_UNEXPLAINED]
    if message.is_other:
        return strength < _EXPLAINED
    if best.id == talk.told and strength > _AGAIN and not message.goes_on:
        return False
    said = {term.term for term in message.asked.terms}
    own = message.own.union(said.intersection(words)) - PEOPLE
    own = own - OUTCOMES if message.goes_on else own
    missing = own.intersection(words)
    return not own or 1 - len(missing) / len(own) > _EXPLAINED
