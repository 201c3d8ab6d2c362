"""What the rules look up: records by id, and each text that rests on facts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from bot.story.model import Entry, Fact, Record
from bot.story.prose import Sentence
from bot.story.validation import Loc, Sheet


@dataclass(frozen=True)
class Lookups:
    """A sheet, and what several rules look up in it."""

    sheet: Sheet
    today: date

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """Facts by id."""
        return {fact.id: fact for fact in self.sheet.of(Fact)}

    @cached_property
    def entries(self) -> list[Entry]:
        """Entries in the order of the files."""
        return self.sheet.of(Entry)

    def cited(self) -> Iterator[tuple[Record, Loc, str, tuple[Sentence, ...]]]:
        """Each text whose sentences need facts: record, way to it, text, sentences."""
        for entry in self.entries:
            yield entry, ("answer",), entry.answer, entry.sentences
            for index, premise in enumerate(entry.premises):
                loc = ("premises", index, "correction")
                yield entry, loc, premise.correction, premise.sentences
