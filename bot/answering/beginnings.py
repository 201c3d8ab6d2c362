"""What an answer begins with, by a name that outlives changes of its words. Pure.

A moderators' premise is known by its claims, and comes back with today's words. A fact
or a sentence that clashed with a question is known by its words: once they are others,
nobody can tell whether they still clash, as the question is not kept. A sentence that
was moved up is known by its facts.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final, NamedTuple, get_args

from bot.answering.outcome import Opening
from bot.story.model import Entry, Story
from bot.story.prose import Sentence, fold

_PREMISE: Final = "premise"
_LEAD: Final = "lead"
_OF_ITS_OWN: Final[Opening] = "otherwise"


class Correction(NamedTuple):
    """The sentences that set a wrong premise right, and what is said before them.

    None of either where nothing is wrong.
    """

    opening: Opening | None = None
    sentences: tuple[Sentence, ...] = ()


NOTHING_WRONG: Final = Correction()

Beginning = tuple[Correction, int]
"""What sets a premise right, and the position of the sentence that is moved up."""

_PLAIN: Final[Beginning] = (NOTHING_WRONG, 0)


def begins(entry: Entry, corrected: Correction, lead: int) -> str:
    """The name of what an entry's answer begins with; "" where it is as written."""
    if corrected.opening:
        (said,) = corrected.sentences
        fact = () if corrected.opening == _OF_ITS_OWN else said.facts
        return " ".join((corrected.opening, _mark(said.text), *fact))
    if corrected.sentences:
        same = (one for one in entry.premises if one.sentences == corrected.sentences)
        claims = (_mark(claim) for one in same for claim in one.claims)
        return " ".join((_PREMISE, *claims))
    if lead:
        return " ".join((_LEAD, str(lead), *entry.sentences[lead].facts))
    return ""


def beginning(story: Story, entry: Entry, name: str) -> Beginning:
    """What has a name, as it is today; nothing where it is gone. Never raises."""
    kind, *parts = name.split(" ")
    if kind == _PREMISE:
        return Correction(None, _premise(entry, parts)), 0
    if kind == _LEAD:
        return NOTHING_WRONG, _lead(entry, parts)
    for corrected in clashing(story, entry):
        if begins(entry, corrected, 0) == name:
            return corrected, 0
    return _PLAIN


def clashing(story: Story, entry: Entry) -> Iterable[Correction]:
    """All that may contradict a question that an entry answers, but its premises."""
    openings: tuple[Opening, ...] = get_args(Opening)
    for fact in sorted(entry.cites):
        said = (Sentence(story.facts[fact].statement, (fact,)),)
        for opening in openings:
            if opening != _OF_ITS_OWN:
                yield Correction(opening, said)
    for sentence in entry.sentences:
        yield Correction(_OF_ITS_OWN, (sentence,))


def _premise(entry: Entry, claims: Iterable[str]) -> tuple[Sentence, ...]:
    """The correction of the premise with most of some claims; nothing without any."""
    known = set(claims)

    def shared(marks: Iterable[str]) -> int:
        return len(known.intersection(map(_mark, marks)))

    best = max(entry.premises, key=lambda one: shared(one.claims), default=None)
    return best.sentences if best and shared(best.claims) else ()


def _lead(entry: Entry, parts: list[str]) -> int:
    """The position of the sentence that rests on most of some facts; 0: on none.

    Of several it is the one nearest to where it was.
    """
    place = int(parts[0]) if parts and parts[0].isdecimal() else 0
    facts = set(parts[1:])

    def nearness(at: int) -> tuple[int, int]:
        return len(facts.intersection(entry.sentences[at].facts)), -abs(at - place)

    found = max(range(len(entry.sentences)), key=nearness, default=0)
    return found if nearness(found)[0] else 0


def _mark(text: str) -> str:
    """Eight hexadecimal digits that change when a text's words change."""
    return sha256(fold(text).encode(errors="replace")).hexdigest()[:8]
