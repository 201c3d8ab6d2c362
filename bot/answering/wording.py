"""The bot's own sentences, and the form in which facts and sources are shown."""

from collections.abc import Sequence
from typing import Final

from bot.answering.outcome import (
    Answer,
    Closest,
    NumberedSource,
    Opening,
    RelatedFact,
    Told,
)
from bot.matching.model import model
from bot.story.model import Kind
from bot.story.prose import written_date

CLOSEST: Final = "The closest I have:"
OTHERS: Final = "Or did you mean:"
FACTS: Final = "No answer to exactly that, but the sources do say:"
NOT_COVERED: Final = "I don't have a sourced answer to that."
OFF_TOPIC: Final = "That does not seem to be about this story."
EXAMPLES: Final = "You can ask, for instance:"
DID_YOU_MEAN: Final = "I'm not sure which question you mean. Did you mean:"
RELATED_FACTS: Final = "What the sources do say:"
SINCE_THEN: Final = "Since then:"
DISPUTED: Final = "Disputed:"
STALE: Final = "This may be out of date."

OPENINGS: Final[dict[Opening, str]] = {
    "other-way-round": "It was the other way round:",
    "otherwise": "The sources here say otherwise:",
    "other-date": "The sources here give another date:",
    "other-number": "The sources here give another number:",
}
"""What is said before a fact that sets a premise right."""

_KINDS: Final[dict[Kind, tuple[str, str]]] = {
    "fact": ("Fact", "Facts"),
    "statement": ("Statement", "Statements"),
    "allegation": ("Allegation", "Allegations"),
    "denial": ("Denial", "Denials"),
    "reaction": ("Reaction", "Reactions"),
    "correction": ("Correction", "Corrections"),
}


def kind_line(told: Told) -> str:
    """What kind of answer this is and whose words; "" where its facts differ."""
    if told.kind is None:
        return ""
    one, several = _KINDS[told.kind]
    if told.by:
        return f"{one} by {joined(told.by)}"
    is_spoken = any(fact.by for fact in told.facts)
    return f"{several} by several people" if is_spoken else one


def answer_text(answer: Answer) -> str:
    """The answer, what has changed since, and who disputes it, as one paragraph."""
    return " ".join([*answer.sentences, *notes(answer)])


def closest_text(closest: Closest) -> str:
    """What is shown of the closest entry, as one paragraph like that of an answer."""
    return " ".join([closest.lead, *notes(closest)])


def notes(told: Told | RelatedFact) -> list[str]:
    """What has changed since, and who disputes it, each said to be so."""
    return [
        *(f"{SINCE_THEN} {change}" for change in told.changes),
        *(f"{DISPUTED} {dispute}" for dispute in told.disputes),
    ]


def premise_text(answer: Answer) -> str | None:
    """What sets a wrong premise right; None where nothing is wrong."""
    if answer.premise is None or answer.opening is None:
        return answer.premise
    return f"{OPENINGS[answer.opening]} {answer.premise}"


def as_of_line(told: Told) -> str:
    """The date that what is told is as of, and whether it may be out of date."""
    line = f"As of {written_date(told.as_of)}."
    return f"{line} {STALE}" if told.stale else line


def source_line(source: NumberedSource) -> str:
    """A source without its address: publisher, title where known, date where known."""
    title = f": “{source.title}”" if source.title else ""
    published = f", {written_date(source.published)}" if source.published else ""
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


def joined(names: Sequence[str]) -> str:
    """Names as people list them.

    >>> joined(["Ann"]), joined(["Ann", "Bo"]), joined(["Ann", "Bo", "Cy"])
    ('Ann', 'Ann and Bo', 'Ann, Bo and Cy')
    """
    *most, last = names
    return f"{', '.join(most)} and {last}" if most else last
