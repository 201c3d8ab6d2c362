"""A story → the matcher of its entries and unknowns, and what is known of its errors.

What takes seconds to work out is kept on a shelf: the matcher by the wordings that it
is made of, its errors by the story's revision, and both by the code.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from bot.matching.candidate import Target
from bot.matching.held_out import false_answers
from bot.matching.ranking import Matcher, Prepared
from bot.shelf import Shelf, code_of, key_of
from bot.story.model import Entry, Story, Unknown
from bot.story.text import fold, plain, written_date

UNKNOWN: Final = "?"
"""Before the id of an unknown among candidates: entries have ids of their own."""

_Model = TypeVar("_Model", bound=BaseModel)


class _Sureness(BaseModel):
    """How sure a story's matcher is of false answers, as it is kept."""

    false_answers: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What it takes to answer from a story.

    `false_answers` is how sure the matcher is of them, rising, 0-1. `is_settled` is
    false where a part was only nearly worked out, from that of the revision before.
    """

    matcher: Matcher
    false_answers: Sequence[float]
    is_settled: bool = True


def prepare(story: Story, shelf: Shelf, before: Work | None = None) -> Work:
    """Work out what it takes to answer from a story, or take it from the shelf.

    With `before`, that of the revision before, it takes a fraction of the time where
    the shelf has nothing, and is nearly the same.
    """
    targets = [
        *(_entry_target(entry, story) for entry in story.entries.values()),
        *map(_unknown_target, story.unknowns.values()),
    ]
    names = dict(_names(story))
    texts = [[one.asks, one.claims, one.decoys] for one in targets]
    wordings = _key(json.dumps([texts, names]))
    revision = _key(story.revision)
    matcher = _kept(targets, names, shelf.get("matcher", wordings))
    sure = _read(_Sureness, shelf.get("sureness", revision))
    if matcher and sure:
        return Work(matcher, sure.false_answers)
    if before:
        near = matcher or Matcher(targets, names, before=before.matcher)
        found = sure.false_answers if sure else before.false_answers
        return Work(near, found, is_settled=False)
    if matcher is None:
        matcher = Matcher(targets, names)
        shelf.put("matcher", wordings, matcher.prepare().model_dump_json())
    found = sure.false_answers if sure else false_answers(targets, names)
    if sure is None:
        kept = _Sureness(false_answers=found).model_dump_json()
        shelf.put("sureness", revision, kept)
    return Work(matcher, found)


def _key(made_of: str) -> str:
    """What the shelf has something under that was made of a text, by this code."""
    here = Path(__file__)
    room = here.parent.parent
    code = (code_of(room / "story"), code_of(room / "matching"), here.read_bytes())
    return key_of((*code, made_of.encode(errors="replace")))


def _read(model: type[_Model], data: bytes | None) -> _Model | None:
    with suppress(ValidationError):
        return model.model_validate_json(data) if data else None
    return None


def _kept(
    targets: Sequence[Target], names: Mapping[str, str], data: bytes | None
) -> Matcher | None:
    """The matcher that was kept; None where there is none, or it does not fit."""
    kept = _read(Prepared, data)
    with suppress(ValueError):
        return Matcher(targets, names, kept) if kept else None
    return None


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
