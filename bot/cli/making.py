"""What makes a story's files, from nothing and from what exists already."""

from collections.abc import Iterator, Mapping
from datetime import date
from importlib import resources
from pathlib import Path

from bot.cli import console
from bot.cli.arguments import Options
from bot.cli.commands import OK, PROBLEMS, fail, found_folder, shown_folder
from bot.editing import renaming
from bot.editing.editor import records_of
from bot.editing.edits import EditError
from bot.history import atomic
from bot.importing.layouts import TableError
from bot.importing.pages import PageError, text_of
from bot.importing.spreadsheets import read_table
from bot.importing.stories import Known, Made, empty, story_of
from bot.settings import Settings
from bot.story import schemas
from bot.story.files import ARCHIVE, MAX_BYTES, Files, encoded
from bot.story.loading import load, looked_up
from bot.story.validation import closest


def new(options: Options, _settings: Settings, now: date) -> int:
    """Start a new story in a folder: of an example, of nothing, or of a table."""
    folder = options.folder or Path()
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            return fail(f"'{folder}' is there already and not empty; name another")
        if options.table:
            return _of_table(options, options.table, folder, now)
        _write(folder, empty() if options.empty else _example())
    except BrokenPipeError:
        raise  # who reads what is printed went away; the story is there
    except OSError as error:
        return fail(f"'{folder}' cannot be written ({error.strerror})", PROBLEMS)
    what = "nothing is said in it yet" if options.empty else "an invented example of "
    print(
        f"A new story is in {folder}: {what}{'' if options.empty else 'everything'}.\n"
        f"Edit its files, then run: receipts check {folder}"
    )
    return OK


def _of_table(options: Options, table: Path, folder: Path, now: date) -> int:
    """A story of a table's rows. Raises OSError where it cannot be written."""
    try:
        data = table.read_bytes()
    except OSError as error:
        return fail(f"'{table}' cannot be read ({error.strerror})")
    known = Known(
        options.url, options.publisher, options.date, quoted=not options.own_words
    )
    try:
        made = story_of(read_table(table.name, data), known, now)
    except TableError as error:
        return fail(f"{table}: {console.safe(str(error))}", PROBLEMS)
    if not made.answers:
        for line in _told("Nothing was taken in:", made.notes.lines()):
            print(line)
        return PROBLEMS
    _write(folder, made.files)
    for line in _report(made, table, folder, now):
        print(line)
    return OK


def _report(made: Made, table: Path, folder: Path, now: date) -> Iterator[str]:
    """What became of a table, and what a person has still to decide, by kind."""
    answers = f"{made.answers:,} answer{'s' if made.answers != 1 else ''}"
    yield f"A new story is in {folder}: {answers} of {table}."
    yield from _told("What became of it:", made.notes.lines())
    yield from _told("What you have still to decide:", made.todo.lines())
    loaded = load(Files.read(folder), now, folder.as_posix())
    errors = [one for one in loaded.problems if one.severity == "error"]
    if errors:
        yield ""
        yield from console.by_kind(errors, fewest=1)
    yield f"\nThen run: receipts check {folder}"


def _told(heading: str, lines: Iterator[str]) -> Iterator[str]:
    found = list(lines)
    if found:
        yield f"\n{heading}"
        yield from (f"- {console.safe(line)}" for line in found)


def _example() -> dict[str, str]:
    with resources.as_file(resources.files("bot") / "template") as template:
        return {
            file.relative_to(template).as_posix(): file.read_text(encoding="utf-8")
            for file in sorted(template.rglob("*.yaml"))
        }


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
    schemas.write(folder)


def archive(options: Options, settings: Settings, _now: date) -> int:
    """Keep the text of a saved page, and tell which quotations are in it."""
    folder, source = found_folder(options, settings), options.source
    page, files = options.file or Path(), Files.read(folder)
    known = records_of(files.texts, "sources")
    if source not in known:
        hint = closest(source, known) or "; add it to sources.yaml first"
        return fail(f"there is no source '{source}'{hint}")
    path = f"{ARCHIVE}/{source}.txt"
    try:
        text = text_of(page.name, page.read_bytes())
        if not options.replace and files.content.get(path, text.encode()) != (
            text.encode()
        ):
            return fail(f"'{path}' has another text already; --replace takes its place")
        if len(text.encode()) > MAX_BYTES:
            return fail(f"the text of {page} is too long; keep the part you quote")
        atomic.write(folder / path, text.encode())
        ignore = folder / ARCHIVE / ".gitignore"
        if not ignore.exists():  # the texts are not ours to publish
            atomic.write(ignore, b"*\n")
    except PageError as error:
        return fail(f"{page}: {console.safe(str(error))}", PROBLEMS)
    except OSError as error:
        return fail(f"'{error.filename}' cannot be read or written ({error.strerror})")
    print(f"{folder / path} has {len(text.split()):,} words of {page}.")
    found = looked_up(Files.read(folder), source, shown_folder(folder))
    print(f"{found.verified} of {found.total} quotations of '{source}' are in it.")
    for problem in found.problems:
        print(console.safe(str(problem)))
    return PROBLEMS if found.problems else OK


def rename(options: Options, settings: Settings, now: date) -> int:
    """Give a record another id, everywhere it is used, and in the archive."""
    folder = found_folder(options, settings)
    files = Files.read(folder)
    try:
        found = renaming.rename(files.texts, options.old, options.new)
    except EditError as error:
        return fail(console.safe(str(error)), PROBLEMS)
    before, after = load(files, now), load(files.changed(found.texts), now)
    if before.story and not after.story:
        return fail(str(after.problems[0]), PROBLEMS)
    old, new = (f"{ARCHIVE}/{one}.txt" for one in (found.old, options.new))
    try:
        for path, text in found.texts.items():
            atomic.write(folder / path, encoded(text))
        if found.kind == "sources" and old in files.content:
            (folder / old).rename(folder / new)
    except OSError as error:
        return fail(f"'{error.filename}' cannot be written ({error.strerror})")
    records = "record names" if found.users == 1 else "records name"
    print(
        f"The {renaming.named(found.kind)} '{found.old}' is '{options.new}' now; "
        f"{found.users} other {records} it.\nChanged: {', '.join(found.texts)}"
    )
    return OK


def schema(options: Options, _settings: Settings, _now: date) -> int:
    """Write the schemas that editors use into a story's folder."""
    folder = options.folder or Path()
    try:
        schemas.write(folder)
    except OSError as error:
        return fail(f"'{folder}' cannot be written ({error.strerror})", PROBLEMS)
    print(f"The schemas are in {folder / schemas.FOLDER}.")
    return OK
