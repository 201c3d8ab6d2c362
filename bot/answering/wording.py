"""Facts and sources as the terminal and programs are given them, in English."""

import re
from dataclasses import replace
from typing import Final

from bot.answering.outcome import Answer, Closest, NumberedSource, RelatedFact, Told
from bot.matching.weights import model
from bot.story.prose import fold
from bot.words.catalogue import Words, words

ENGLISH: Final[Words] = words("en")
"""The words for the terminal and for programs."""

say = ENGLISH.say

_MARKS: Final = re.compile(r"(?:\[\d+\])+")
"""The numbers of its sources, behind a sentence."""


def kind_line(told: Told) -> str:
    """What kind of answer this is and whose words; "" where its facts differ."""
    if told.kind is None:
        return ""
    if told.by:
        people = ENGLISH.listed(told.by)
        return say("kind.by", kind=say(f"kind.{told.kind}"), people=people)
    if any(fact.by for fact in told.facts):
        return say("kind.several", kinds=say(f"kind.{told.kind}s"))
    return say(f"kind.{told.kind}")


def answer_text(answer: Answer) -> str:
    """The answer, what has changed since, and who disputes it, as one paragraph."""
    return " ".join([*answer.sentences, *notes(answer)])


def closest_text(closest: Closest) -> str:
    """What is shown of the closest entry, as one paragraph like that of an answer."""
    return " ".join([closest.lead, *notes(closest)])


def notes(told: Told | RelatedFact) -> list[str]:
    """What has changed since, and who disputes it, each said to be so."""
    return [
        *(f"{say('since-then')} {change}" for change in told.changes),
        *(f"{say('disputed')} {dispute}" for dispute in told.disputes),
    ]


def premise_text(answer: Answer) -> str | None:
    """What sets a wrong premise right; None where nothing is wrong."""
    if answer.premise is None or answer.opening is None:
        return answer.premise
    return f"{say(f'opening.{answer.opening}')} {answer.premise}"


def not_so(answer: Answer, said: Words = ENGLISH) -> tuple[str, str]:
    """What is said before what sets a wrong premise right, and that; "" of nothing."""
    if not answer.premise:
        return "", ""
    is_said = answer.opening not in {None, "otherwise"}  # "not so" says as much
    opening = [said.say(f"opening.{answer.opening}")] if is_said else []
    return said.say("not-so"), " ".join([*opening, answer.premise])


def said_once(answer: Answer) -> Answer:
    """The answer without sentences that set a wrong premise right to the very word.

    They are shown before it already. There may be none left.
    """
    said = set(map(fold, _MARKS.split(answer.premise or "")))
    left = [
        at
        for at, one in enumerate(answer.sentences)
        if fold(_MARKS.sub("", one)) not in said
    ]
    places = {at: place for place, at in enumerate(left)}
    return replace(
        answer,
        sentences=tuple(answer.sentences[at] for at in left),
        repeated=tuple(places[at] for at in answer.repeated if at in places),
        beside=tuple(places.get(at, 0) for at in answer.beside),
    )


def as_of_line(told: Told) -> str:
    """The date that what is told is as of, and whether it may be out of date."""
    line = say("as-of", date=ENGLISH.date(told.as_of))
    return f"{line} {say('stale')}" if told.stale else line


def source_line(source: NumberedSource) -> str:
    """A source without its address: publisher, title where known, date where known."""
    title = f": “{source.title}”" if source.title else ""
    published = f", {ENGLISH.date(source.published)}" if source.published else ""
    return f"{source.publisher}{title}{published}"


def beyond_measure(wanted: float) -> str | None:
    """Why FALSE_ANSWERS can't be had; None where it can. Without a full stop.

    `wanted` is a share, 0-1, of which the setting is the percentage.

    >>> beyond_measure(0.05) is None
    True
    """
    least, most = model().measured
    if least <= wanted <= most:
        return None
    end, share = ("least", least) if wanted < least else ("greatest", most)
    return (
        f"FALSE_ANSWERS={100 * wanted:g}: the {end} share that was measured is "
        f"{100 * share:g} per cent, so answers begin where they do for that"
    )
