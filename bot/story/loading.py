"""A folder of fact files → the story, and every problem in it."""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

from bot.story.documents import read
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
from bot.story.quotations import verify
from bot.story.rules import Rules
from bot.story.validation import FILES, FOLDERS, REQUIRED, Sheet, closest

_MAX_FILES: Final = 500


def load(folder: Path, today: date, shown: str | None = None) -> Loaded:
    """Read a story's folder. Never raises, and never stops at the first problem.

    Problems are in the order of files and lines. They name files below `shown`
    (default: the folder as it was given). The story is None where there is an error.
    Nothing outside the folder is read; nothing is written.
    """
    named = (folder.as_posix() if shown is None else shown).rstrip("/")
    if not folder.is_dir():
        message = "there is no story folder here; 'receipts new DIR' starts one"
        return Loaded(None, (Problem.error(Place(named or "."), message),))
    sheet = Sheet()
    digest = hashlib.sha256()
    prefix = "" if named in {"", "."} else f"{named}/"
    for model, name, problem in _files(folder):
        path = f"{prefix}{name}"
        if problem or model is None:
            sheet.problems.append(Problem.warning(Place(path), problem))
            continue
        document = read(folder / name, path, folder)
        digest.update(f"{name}\0{document.text}\0".encode(errors="replace"))
        sheet.add(model, document)
    for model in REQUIRED - {model for model, _, _ in _files(folder)}:
        name = next(name for name, kept in FILES.items() if kept is model)
        name = f"{name}/" if model in FOLDERS else f"{name}.yaml"
        message = f"'{name}' is missing; a story cannot be without it"
        sheet.problems.append(Problem.error(Place(f"{prefix}{name}"), message))
        sheet.incomplete[model] = f"{prefix}{name}"
    checked = verify(sheet, folder)
    problems = sorted(
        {
            *sheet.problems,
            *Rules(sheet, today).check(),
            *checked.problems,
            *reminders(sheet),
        }
    )
    is_sound = all(problem.severity != "error" for problem in problems)
    story = _story(sheet, digest.hexdigest()[:12]) if is_sound else None
    quotes = checked.verified, checked.total
    return Loaded(story, tuple(problems), quotes, hidden_in(sheet))


def _files(folder: Path) -> Iterator[tuple[type[Record] | None, str, str]]:
    """Each fact file's model and name, in order; else None and what is odd about it."""
    names = [
        path.relative_to(folder).as_posix()
        for pattern in ("*.y*ml", "facts/*.y*ml", "answers/*.y*ml")
        for path in folder.glob(pattern)
        if not path.name.startswith(".")
    ]
    known = {f"{name}.yaml": model for name, model in FILES.items()}
    for name in sorted(names)[:_MAX_FILES]:
        parent = name.rpartition("/")[0]
        model = FILES[parent] if parent else known.get(name)
        if name.endswith(".yml"):
            problem = f"this file is not read; call it '{Path(name).stem}.yaml'"
            yield None, name, problem
        elif model is None or (model in FOLDERS and not parent):
            hint = closest(name, known) or "; is it in the wrong folder?"
            yield None, name, f"this file is not part of a story{hint}"
        else:
            yield model, name, ""
    if len(names) > _MAX_FILES:
        yield None, names[-1], f"only the first {_MAX_FILES} files are read"


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
