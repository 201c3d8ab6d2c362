"""A story that was read and found sound, kept so that the next start need not check.

It is kept under a hash of every byte it was made from, of the files and of the code
that read them, as JSON that the models validate again, with the warnings that it got. A
story with an error is not kept.
"""

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError

from bot.shelf import Shelf, code_of, key_of
from bot.story.files import Files
from bot.story.loading import load
from bot.story.model import (
    About,
    Entity,
    Entry,
    Event,
    Fact,
    Ids,
    Loaded,
    Phrase,
    Probe,
    Problem,
    Source,
    Story,
    Unknown,
)

_KIND: Final = "story"
_LAST: Final = "sound"


class _Compiled(BaseModel):
    """A sound story as it is kept; `checked` is the day on which it was sound."""

    checked: date
    quotes: tuple[int, int]
    warnings: tuple[Problem, ...] = ()
    hidden: dict[str, str] = {}
    about: About
    sources: tuple[Source, ...]
    entities: tuple[Entity, ...]
    facts: tuple[Fact, ...]
    entries: tuple[Entry, ...]
    unknowns: tuple[Unknown, ...]
    timeline: tuple[Event, ...]
    lexicon: tuple[Phrase, ...]
    probes: tuple[Probe, ...]
    topics: dict[str, Ids]
    revision: str


def load_cached(files: Files, today: date, shown: str, shelf: Shelf) -> Loaded:
    """What `load` gives, from the shelf where the same bytes were sound before."""
    key = _key(files, shown)
    kept = _kept(shelf.get(_KIND, key))
    if kept and kept.checked <= today:
        return Loaded(_story(kept), kept.warnings, kept.quotes, kept.hidden)
    loaded = load(files, today, shown)
    if loaded.story:
        compiled = _compiled(loaded.story, today, loaded)
        text = compiled.model_dump_json(exclude_defaults=True)
        shelf.put(_KIND, key, text.encode())
    return loaded


def remember(folder: Path, files: Files, shown: str, shelf: Shelf) -> None:
    """Keep that these files of a folder were looked at, and found as they should be."""
    shelf.put(_LAST, _of(folder), _key(files, shown).encode())


def remembered(folder: Path, shelf: Shelf) -> Story | None:
    """The story of a folder when it was as it should be; None where nobody knows."""
    key = shelf.get(_LAST, _of(folder)) or b""
    kept = _kept(shelf.get(_KIND, key.decode(errors="replace"))) if key else None
    return _story(kept) if kept else None


def _key(files: Files, shown: str) -> str:
    return key_of([code_of(Path(__file__).parent), files.key.encode(), shown.encode()])


def _of(folder: Path) -> str:
    return key_of([str(folder.resolve()).encode(errors="replace")])


def _kept(data: bytes | None) -> _Compiled | None:
    with suppress(ValidationError):
        return _Compiled.model_validate_json(data) if data else None
    return None


def _compiled(story: Story, today: date, loaded: Loaded) -> _Compiled:
    return _Compiled.model_construct(
        checked=today,
        quotes=loaded.quotes,
        warnings=loaded.problems,
        hidden=dict(loaded.hidden),
        about=story.about,
        sources=tuple(story.sources.values()),
        entities=tuple(story.entities.values()),
        facts=tuple(story.facts.values()),
        entries=tuple(story.entries.values()),
        unknowns=tuple(story.unknowns.values()),
        timeline=story.timeline,
        lexicon=story.lexicon,
        probes=story.probes,
        topics=dict(story.topics),
        revision=story.revision,
    )


def _story(kept: _Compiled) -> Story:
    return Story(
        about=kept.about,
        sources={one.id: one for one in kept.sources},
        entities={one.id: one for one in kept.entities},
        facts={one.id: one for one in kept.facts},
        entries={one.id: one for one in kept.entries},
        unknowns={one.id: one for one in kept.unknowns},
        timeline=kept.timeline,
        lexicon=kept.lexicon,
        probes=kept.probes,
        topics=kept.topics,
        revision=kept.revision,
    )
