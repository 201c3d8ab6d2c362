"""A story that was read and found clean, kept so that the next start need not check it.

The cache is derived and never trusted to be current: its name is a hash of every byte
it was made from, of the files and of the code that read them. It is JSON that the
models validate again; nothing in it is run. A story with any problem is not kept, so
that its problems are always told.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ValidationError

from bot.story import archive
from bot.story.documents import read_bytes
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
from bot.story.reading import load

_KEPT: Final = 20
"""Cached stories that are kept; older ones are deleted."""


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


def load_cached(
    folder: Path, today: date, shown: str | None, cache: Path | None
) -> Loaded:
    """What `load` gives, from the cache folder where the same bytes were clean before.

    Never raises: a cache that is None, or cannot be read or written, is as if there
    were none.
    """
    key = _key(folder)
    if key is None or cache is None:
        return load(folder, today, shown)
    file = cache / f"{key}.json"
    with suppress(OSError, ValidationError):
        kept = _Compiled.model_validate_json(file.read_bytes())
        if kept.checked <= today:
            return Loaded(_story(kept), (), kept.quotes)
    loaded = load(folder, today, shown)
    if loaded.story and not loaded.problems:
        with suppress(OSError):
            _write(file, _compiled(loaded.story, today, loaded.quotes))
    return loaded


def _key(folder: Path) -> str | None:
    """A hash of all that loading depends on but the day; None where not all is read."""
    digest = hashlib.sha256()
    for code in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(code.read_bytes())
    for file in _files(folder):
        data = read_bytes(file, folder)
        if isinstance(data, str):
            return None
        name = file.relative_to(folder).as_posix()
        digest.update(f"\0{name}\0{len(data)}\0".encode(errors="replace"))
        digest.update(data)
    return digest.hexdigest()[:32]


def _files(folder: Path) -> Iterator[Path]:
    """Every file that loading may look at, in order."""
    for pattern in ("*.y*ml", "facts/*.y*ml", "answers/*.y*ml"):
        yield from sorted(folder.glob(pattern))
    yield from sorted((folder / archive.FOLDER).glob("*.txt"))


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


def _write(file: Path, kept: _Compiled) -> None:
    """Write as a whole or not at all, readable by its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=file.parent, suffix=".tmp")
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(kept.model_dump_json(exclude_defaults=True))
    Path(name).replace(file)
    written = sorted(file.parent.glob("*.json"), key=lambda one: one.stat().st_mtime)
    for old in written[:-_KEPT]:
        old.unlink(missing_ok=True)
