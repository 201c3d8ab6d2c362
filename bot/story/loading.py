"""A story's files → the story, and every problem in it."""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final

from bot.story.documents import Document, read
from bot.story.files import FILES, FOLDERS, Files, archived, below, copies, kind_of
from bot.story.hiding import hidden_in, reminders
from bot.story.model import (
    About,
    Entity,
    Entry,
    Event,
    Fact,
    Loaded,
    Phrase,
    Place,
    Probe,
    Problem,
    Record,
    Source,
    Story,
    Unknown,
)
from bot.story.quotations import Checked, verify
from bot.story.rules import Rules
from bot.story.validation import Sheet

_REQUIRED: Final = frozenset({About, Source, Entity, Fact, Entry})
"""What a story cannot be without."""


def load(files: Files, today: date, shown: str = "") -> Loaded:
    """Check a story's files. Never raises, and never stops at the first problem.

    Problems are in the order of files and lines. They name files below `shown`. The
    story is None where there is an error.
    """
    if "" in files.unread:
        problem = Problem.error(Place(shown.rstrip("/") or "."), files.unread[""])
        return Loaded(None, (problem,))
    sheet, revision = _sheet(files, shown)
    checked = verify(sheet, files)
    problems = sorted(
        {
            *sheet.problems,
            *Rules(sheet, today).check(),
            *checked.problems,
            *reminders(sheet),
        }
    )
    is_sound = all(problem.severity != "error" for problem in problems)
    story = _story(sheet, revision) if is_sound else None
    quotes = checked.verified, checked.total
    return Loaded(story, tuple(problems), quotes, hidden_in(sheet))


def looked_up(files: Files, source: str, shown: str = "") -> Checked:
    """Which quotations of a source are in its archived text, and which are not."""
    return verify(_sheet(files, shown)[0], files, source)


def _sheet(files: Files, shown: str) -> tuple[Sheet, str]:
    """All that could be read of the files, and the revision that they are."""
    sheet, digest = Sheet(), sha256()
    missing = set(_REQUIRED)
    found: dict[type[Record], list[Document]] = {}
    for path in sorted({*files.content, *files.unread}):
        kind = kind_of(path)
        document = Document(below(shown, path))
        if path in files.unread and archived(path) is None:
            place = Place(document.path)
            document.problems.append(Problem.error(place, files.unread[path]))
        elif kind:
            document = read(document.path, files.content[path])
            digest.update(f"{path}\0{document.text}\0".encode(errors="replace"))
        if kind:
            found.setdefault(FILES[kind], []).append(document)
            missing.discard(FILES[kind])
        else:
            sheet.problems += document.problems
    for model, documents in found.items():
        _add(sheet, model, documents)
    for path, mend in files.left_out.items():
        sheet.problems.append(Problem.warning(Place(below(shown, path)), mend))
    for model in missing:
        kind = next(kind for kind, kept in FILES.items() if kept is model)
        name = f"{kind}/" if model in FOLDERS else f"{kind}.yaml"
        message = f"'{name}' is missing; a story cannot be without it"
        sheet.problems.append(Problem.error(Place(below(shown, name)), message))
        sheet.incomplete[model] = below(shown, name)
    return sheet, digest.hexdigest()[:12]


def _add(sheet: Sheet, model: type[Record], documents: Sequence[Document]) -> None:
    """Take in the files of one model, without those that are copies of others."""
    ids = {one.path: one.ids for one in documents if one.ids}
    copied = copies(ids)
    for document in documents:
        if document.path in copied:
            other, name = copied[document.path]
            message = (
                f"this file is a copy of '{other}' ('{name}' is in both); keep one of "
                "the two"
            )
            sheet.problems.append(Problem.error(Place(document.path), message))
        else:
            sheet.add(model, document)
    sheet.known[model].update(*(ids[path] for path in copied))


def _story(sheet: Sheet, revision: str) -> Story:
    about = sheet.of(About)[0]
    topics: dict[str, tuple[str, ...]] = dict.fromkeys(about.topics, ())
    for entry in sheet.of(Entry):
        stem = Path(sheet.file(entry)).stem
        topics[stem] = (*topics.get(stem, ()), entry.id)
    return Story(
        about=about,
        sources={source.id: source for source in sheet.of(Source)},
        entities={entity.id: entity for entity in sheet.of(Entity)},
        facts={fact.id: fact for fact in sheet.of(Fact)},
        entries={entry.id: entry for entry in sheet.of(Entry)},
        unknowns={unknown.id: unknown for unknown in sheet.of(Unknown)},
        timeline=tuple(sheet.of(Event)),
        lexicon=tuple(sheet.of(Phrase)),
        probes=tuple(sheet.of(Probe)),
        topics=topics,
        revision=revision,
    )
