"""A story → the matcher of its entries and unknowns, and what is known of its errors.

What takes seconds to work out is kept on a shelf, by the story's revision and the code.
"""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError

from bot.matching.candidate import Target
from bot.matching.held_out import false_answers
from bot.matching.ranking import Matcher, Prepared
from bot.shelf import Shelf, code_of, key_of
from bot.story.model import Entry, Story, Unknown
from bot.story.text import fold, plain, written_date

UNKNOWN: Final = "?"
"""Before the id of an unknown among candidates: entries have ids of their own."""

_KIND: Final = "matcher"


class _Prepared(BaseModel):
    """What takes long to work out for a story, and is the same for a revision."""

    matcher: Prepared
    false_answers: tuple[float, ...]


def prepare(story: Story, shelf: Shelf) -> tuple[Matcher, Sequence[float]]:
    """The matcher of a story, and how sure it is of false answers, rising, 0-1."""
    targets = [
        *(_entry_target(entry, story) for entry in story.entries.values()),
        *map(_unknown_target, story.unknowns.values()),
    ]
    names = dict(_names(story))
    here = Path(__file__)
    room = here.parent.parent
    code = (code_of(room / "story"), code_of(room / "matching"), here.read_bytes())
    key = key_of((*code, story.revision.encode()))
    data = shelf.get(_KIND, key)
    with suppress(ValidationError, ValueError):
        if data:
            kept = _Prepared.model_validate_json(data)
            return Matcher(targets, names, kept.matcher), kept.false_answers
    matcher = Matcher(targets, names)
    found = false_answers(targets, names)
    kept = _Prepared(matcher=matcher.prepare(), false_answers=found)
    shelf.put(_KIND, key, kept.model_dump_json())
    return matcher, found


def _entry_target(entry: Entry, story: Story) -> Target:
    facts = [story.facts[name] for name in sorted(entry.cites)]
    dates = [written_date(fact.as_of) for fact in facts]
    return Target(
        entry.id,
        asks=entry.ways,
        claims=tuple(premise.claims for premise in entry.premises),
        decoys=entry.not_this,
        told=(plain(entry.answer), *(fact.statement for fact in facts), *dates),
        gives=entry.gives,
    )


def _unknown_target(unknown: Unknown) -> Target:
    return Target(unknown_key(unknown), unknown.ways, is_silent=True)


def unknown_key(unknown: Unknown) -> str:
    """An unknown's id among targets: entries and unknowns have ids of their own."""
    return f"{UNKNOWN}{unknown.id}"


def _names(story: Story) -> Iterator[tuple[str, str]]:
    """Phrases and their terms: `~meaning` for the lexicon's, `@id` for entities.

    A meaning that names an entity is that entity.
    """
    entities = {
        fold(alias): f"@{entity.id}"
        for entity in story.entities.values()
        for alias in (entity.name, *entity.aliases)
    }
    for phrase in story.lexicon:
        meaning = fold(phrase.meaning)
        for way in (meaning, *phrase.ways):
            yield way, entities.get(meaning, f"~{meaning}")
    yield from entities.items()
