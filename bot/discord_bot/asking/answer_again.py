"""An entry's answer again, long after it was first shown. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bot.answering.answerer import Answerer
from bot.answering.beginnings import (
    NOTHING_WRONG,
    Beginning,
    Correction,
    beginning,
    clashing,
)
from bot.answering.composing import Composer
from bot.answering.leading import lead_of
from bot.answering.outcome import Answer, Link, Told
from bot.discord_bot.showing.custom_ids import answer_mark
from bot.records.values import Shown
from bot.story.model import Entry, Story


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


def told_again(
    answerer: Answerer, shown: Shown, today: date, beside: Sequence[str] = ()
) -> Told | None:
    """What a message told of an entry, as it is told today; None where that is gone.

    It begins with what it began with. `beside` are entries that were offered with it.
    """
    entries = answerer.story.entries
    entry = entries.get(shown.answer.entry)
    if entry is None:
        return None
    composer = Composer(answerer.story, today)
    first = beginning(answerer.story, entry, shown.begins)
    if not shown.closest:
        return composer.answer(entry, entry.question, 1.0, *first)
    others = dict.fromkeys(one for one in beside if one in entries and one != entry.id)
    links = [Link(one, entries[one].question) for one in others]
    return composer.closest(entry, entry.question, *first, links)


def _ways(entry: Entry, story: Story) -> Iterator[Beginning]:
    """All that may have been put first: a sentence of its own, or a correction."""
    for lead in range(len(entry.sentences)):
        yield NOTHING_WRONG, lead
    for premise in entry.premises:
        yield Correction(None, premise.sentences), 0
    for correction in clashing(story, entry):
        yield correction, 0
