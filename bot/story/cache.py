"""A story that was read and found clean, kept so that the next start need not check.

It is kept under a hash of every byte it was made from, of the files and of the code
that read them, as JSON that the models validate again. A story with any problem is not
kept, so that its problems are always told.
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
    Source,
    Story,
    Unknown,
)

_KIND: Final = "story"


class _Compiled(BaseModel):
    """A clean story as it is kept; `checked` is the day on which it was clean."""

    checked: date
    quotes: tuple[int, int]
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
    """What `load` gives, from the shelf where the same bytes were clean before."""
    key = key_of([code_of(Path(__file__).parent), files.key.encode()])
    kept = _kept(shelf.get(_KIND, key))
    if kept and kept.checked <= today:
        return Loaded(_story(kept), (), kept.quotes)
    loaded = load(files, today, shown)
    if loaded.story and not loaded.problems:
        compiled = _compiled(loaded.story, today, loaded.quotes)
        text = compiled.model_dump_json(exclude_defaults=True)
        shelf.put(_KIND, key, text.encode())
    return loaded


def _kept(data: bytes | None) -> _Compiled | None:
    with suppress(ValidationError):
        return _Compiled.model_validate_json(data) if data else None
    return None


def _compiled(story: Story, today: date, quotes: tuple[int, int]) -> _Compiled:
    return _Compiled.model_construct(
        checked=today,
        quotes=quotes,
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
