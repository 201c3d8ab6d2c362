"""An entry's answer again, long after it was first shown. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.answering.answerer import Answerer
from bot.answering.composing import NOTHING_WRONG, Composer, Correction
from bot.answering.leading import lead_of
from bot.answering.outcome import Answer, Opening, Told
from bot.discord_bot.showing.custom_ids import answer_mark
from bot.records.values import Shown
from bot.story.model import Entry, Story
from bot.story.prose import Sentence

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


def again(
    answerer: Answerer, entry: str, mark: str, today: date, asked: str = ""
) -> Again | None:
    """The answer that a mark was made of, else today's; None where the entry is gone.

    An empty mark is of no answer in particular: it begins with what meets `asked`, the
    question as somebody typed it, where that is known.
    """
    story = answerer.story
    found = story.entry(entry)
    if found is None:
        return None
    composer = Composer(story, today)
    reader = answerer.matcher.reader
    lead = lead_of(found, reader.read(asked), reader) if asked else 0
    plain = composer.answer(found, found.question, 1.0, lead=lead)
    if not mark:
        return Again(plain, has_changed=False)
    for correction, lead in _ways(found, story):
        answer = composer.answer(found, found.question, 1.0, correction, lead)
        if answer_mark(answer) == mark:
            return Again(answer, has_changed=False)
    return Again(plain, has_changed=True)


def told_again(answerer: Answerer, shown: Shown, today: date) -> Told | None:
    """What a message told of an entry, as it is told today; None where that is gone."""
    entry = answerer.story.entries.get(shown.answer.entry)
    if entry is None:
        return None
    composer = Composer(answerer.story, today)
    if shown.closest:
        return composer.closest(entry, entry.question, entry.sentences[:1])
    return composer.answer(entry, entry.question, 1.0)


def _ways(entry: Entry, story: Story) -> Iterator[tuple[Correction, int]]:
    """All that may have been put first: a sentence of its own, or a correction."""
    for lead in range(len(entry.sentences)):
        yield NOTHING_WRONG, lead
    for correction in _corrections(entry, story):
        yield correction, 0


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
