"""A story → the matcher of its entries and unknowns.

What takes long to work out is kept on a shelf, by the wordings and sentences that it is
made of, and by the code.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from bot.matching.candidate import Target
from bot.matching.ranking import Matcher, Prepared
from bot.matching.vectors import INSTALLED, Installed, Vectors, word_vectors
from bot.shelf import Shelf, code_of, key_of
from bot.story.model import Entry, Story, Unknown
from bot.story.prose import fold, written_date

UNKNOWN: Final = "?"
"""Before the id of an unknown among candidates: entries have ids of their own."""

_Kept: Final = TypeAdapter(Prepared)


@dataclass(frozen=True, slots=True)
class Work:
    """What it takes to answer from a story.

    `is_settled` is false where it was only nearly worked out, from that of the revision
    before.
    """

    matcher: Matcher
    is_settled: bool = True


def prepare(
    story: Story,
    shelf: Shelf,
    before: Work | None = None,
    vectors: Vectors | Installed | None = INSTALLED,
) -> Work:
    """Work out what it takes to answer from a story, or take it from the shelf.

    With `before`, that of the revision before, it takes a fraction of the time where
    the shelf has nothing, and is nearly the same. `vectors` are as for a `Matcher`.
    """
    used = word_vectors() if isinstance(vectors, str) else vectors
    targets = targets_of(story)
    names = names_of(story)
    said = [[one.asks, one.claims, one.decoys, one.told] for one in targets]
    key = _key(json.dumps([said, names, used.kind if used else None]))
    if matcher := _kept(targets, names, shelf.get("matcher", key), used):
        return Work(matcher)
    if before:
        matcher = Matcher(targets, names, before=before.matcher, vectors=used)
        return Work(matcher, is_settled=False)
    matcher = Matcher(targets, names, vectors=used)
    shelf.put("matcher", key, _Kept.dump_json(matcher.prepare()))
    return Work(matcher)


def targets_of(story: Story) -> list[Target]:
    """What a question to a story can lead to: its entries, then its unknowns."""
    return [
        *(_entry_target(entry, story) for entry in story.entries.values()),
        *map(_unknown_target, story.unknowns.values()),
    ]


def names_of(story: Story) -> dict[str, str]:
    """Phrases and their terms: `~meaning` for the lexicon's, `@id` for entities.

    A meaning that names an entity is that entity.
    """
    return dict(_names(story))


def _key(made_of: str) -> str:
    """What the shelf has something under that was made of a text, by this code."""
    here = Path(__file__)
    room = here.parent.parent
    code = (code_of(room / "story"), code_of(room / "matching"), here.read_bytes())
    return key_of((*code, made_of.encode(errors="replace")))


def _kept(
    targets: Sequence[Target],
    names: Mapping[str, str],
    data: bytes | None,
    vectors: Vectors | None,
) -> Matcher | None:
    """The matcher that was kept; None where there is none, or it does not fit."""
    with suppress(ValidationError, ValueError):
        kept = Prepared.model_validate_json(data) if data else None
        return Matcher(targets, names, kept, vectors=vectors) if kept else None
    return None


def _entry_target(entry: Entry, story: Story) -> Target:
    facts = [story.facts[name] for name in sorted(entry.cites)]
    dates = [written_date(fact.as_of) for fact in facts]
    return Target(
        entry.id,
        asks=entry.ways,
        claims=tuple(premise.claims for premise in entry.premises),
        decoys=entry.not_this,
        says=tuple(one.text for one in entry.sentences),
        facts=(*(fact.statement for fact in facts), *dates),
        gives=entry.gives,
    )


def _unknown_target(unknown: Unknown) -> Target:
    return Target(unknown_key(unknown), unknown.ways, is_silent=True)


def unknown_key(unknown: Unknown) -> str:
    """An unknown's id among targets: entries and unknowns have ids of their own."""
    return f"{UNKNOWN}{unknown.id}"


def _names(story: Story) -> Iterator[tuple[str, str]]:
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
