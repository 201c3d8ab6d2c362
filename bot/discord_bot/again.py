"""An entry's answer again, long after it was first shown. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.answering.answerer import Answerer
from bot.answering.composing import Composer, Correction
from bot.answering.outcome import Answer, Opening
from bot.discord_bot.doors import mark_of
from bot.story.model import Entry, Story
from bot.story.text import Sentence

_OPENINGS: Final[tuple[Opening, ...]] = (
    "other-way-round",
    "other-date",
    "other-number",
)


@dataclass(frozen=True, slots=True)
class Again:
    """Today's answer of an entry; whether it differs from the one that was shown."""

    answer: Answer
    has_changed: bool


def again(answerer: Answerer, entry: str, mark: str, today: date) -> Again | None:
    """The answer that a mark was made of, else today's; None where the entry is gone.

    An empty mark is of no answer in particular.
    """
    story = answerer.story
    found = story.entries.get(entry)
    if found is None:
        return None
    composer = Composer(story, today)
    plain = composer.answer(found, found.question, 1.0)
    if not mark or mark_of(plain) == mark:
        return Again(plain, has_changed=False)
    for correction in _corrections(found, story):
        answer = composer.answer(found, found.question, 1.0, correction)
        if mark_of(answer) == mark:
            return Again(answer, has_changed=False)
    return Again(plain, has_changed=True)


def _corrections(entry: Entry, story: Story) -> Iterator[Correction]:
    """All that may have been put first to set a premise of a question right."""
    for premise in entry.premises:
        yield Correction(None, premise.sentences)
    for fact in sorted(entry.cites):
        said = (Sentence(story.facts[fact].statement, (fact,)),)
        for opening in _OPENINGS:
            yield Correction(opening, said)
    for sentence in entry.sentences:
        yield Correction("otherwise", (sentence,))
