"""All of a story in one file, and back: its files, their past, and the records.

Secrets are not in it: no token, no `.env`, no RECORDS_SECRET. The key that people's
hashes are made with is, where the records made it up.
"""

import asyncio
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import file_digest
from pathlib import Path
from typing import IO, Final

from bot import __version__
from bot.operating.archives import (
    WORK,
    About,
    BackupError,
    Manifest,
    Reading,
    Writing,
    read,
    written,
)
from bot.operating.exchanging import Exchange, cut_short, is_exchanged, mended, seen
from bot.operating.working import tidied
from bot.records.database import shown
from bot.records.inspection import inspect, users
from bot.records.portable import MAX_LINE, Dump, dump, is_empty, load
from bot.records.values import RecordsError
from bot.settings import meet

_PENDING: Final = "data/journal/pending.json"
_SET_ASIDE: Final = "data/journal/set-aside-restored.json"
"""What a killed process had begun is no longer carried out once it was in a backup:
whoever made the backup could have anything written. People can read it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where all of a story is: its records, its folder, and what is kept beside them.

    The records are a file, or the address of a database.
    """

    records: str | Path
    story: Path
    data: Path

    @property
    def name(self) -> str:
        """The story's name, under which the records keep what is its own."""
        return self.story.resolve().name


@dataclass(frozen=True, slots=True)
class BackUp:
    """A backup that was made, and what it is of: `rows` by table.

    `tidied` is what a killed process had left beside it, gone now.
    """

    file: Path
    manifest: Manifest
    rows: Mapping[str, int]
    tidied: tuple[Path, ...] = ()

    def count(self, folder: str) -> int:
        """How many files are in a folder of it: `records`, `story` or `data`."""
        return sum(name.startswith(f"{folder}/") for name in self.manifest.files)


@dataclass(frozen=True, slots=True)
class Restored:
    """What restoring did: `before` is a backup of what was there, if anything was.

    `rows` are those that were put back, by table; `mended` the folders in which a
    killed process had left an earlier try, which was taken back first.
    """

    before: BackUp | None
    rows: Mapping[str, int]
    mended: tuple[Path, ...]


def back_up(
    place: Place, target: Path, now: datetime, *, without_records: bool = False
) -> BackUp:
    """Make a backup of all of a story: a file of a new name, or one in a folder.

    The bot may run meanwhile: the records are those of one moment. Hidden files, links
    that lead outside and other zip files are left out; records only if that is said.

    Raises:
        BackupError: It cannot be made, or there is nothing to be kept. Nothing is left
            of it.
        RecordsError: The records cannot be read.
    """
    for folder in (place.story, place.data):
        if cut_short(folder):
            raise BackupError(
                f"A restore into '{folder}' was killed half-way: restore again, first."
            )
    if not (place.story / "story.yaml").is_file():
        raise BackupError(
            f"'{place.story}' is no story's folder: name it with --story, or name the "
            "bot's settings with --env-file."
        )
    _check_apart(place)
    return _back_up(place, target, now, records=not without_records, must=True)


def rotated(folder: Path, name: str, keep: int) -> list[Path]:
    """Delete all but the newest backups of a story in a folder; what was deleted."""
    pattern = re.compile(rf"receipts-{re.escape(name)}-\d{{8}}-\d{{6}}\.zip")
    found = sorted(path for path in folder.iterdir() if pattern.fullmatch(path.name))
    for path in found[:-keep]:
        path.unlink()
    return found[:-keep]


def restore(  # noqa: PLR0913 - each is an option of the command
    file: Path,
    place: Place,
    now: datetime,
    *,
    replace: bool,
    with_story: bool = True,
    any_size: bool = False,
) -> Restored:
    """Put what is in a backup where all of a story belongs: all of it, or nothing.

    Without `replace`, only where nothing is yet; with it, a backup of what is there is
    made beside the file first. A story that is as in the backup is left alone, and any
    where `with_story` is not set.

    Raises:
        BackupError: It cannot be restored; what was there is as it was.
        RecordsError: The records cannot be used; what was there is as it was.
    """
    with read(file, any_size=any_size) as archive:
        about = archive.manifest
        if about.story != place.name:
            raise BackupError(
                f"The backup is of the story '{about.story}', not of '{place.name}': "
                f"name a folder that is called so, with --story."
            )
        _check_apart(place)
        _check_alone(place)
        try:
            again = tuple(one for one in (place.story, place.data) if mended(one))
            with_story = with_story and not _is_same(archive, place.story)
            before = _before(file, place, now, replace=replace, with_story=with_story)
            rows = put(archive, place, with_story=with_story)
        except OSError as error:
            mend = " Or leave the story's folder alone: --without-story."
            raise BackupError(
                f"'{file}' cannot be restored: {error.strerror} "
                f"('{error.filename or place.data}'). All is as it was."
                f"{mend if with_story else ''}"
            ) from error
        return Restored(before, rows, again)


def _check_alone(place: Place) -> None:
    """See that no bot uses the records, and nobody else restores.

    Raises:
        BackupError: Somebody does.
        RecordsError: The records cannot be used.
    """
    if found := asyncio.run(users(place.records)):
        who = "; ".join(f"{one.who}, since {one.since}" for one in found)
        raise BackupError(f"A bot runs over these records ({who}): stop it first.")
    if any(map(is_exchanged, (place.story, place.data))):
        raise BackupError("Another process restores here right now: wait for it.")


def _before(
    file: Path, place: Place, now: datetime, *, replace: bool, with_story: bool
) -> BackUp | None:
    """A backup of what would be replaced, beside a file; None where nothing would be.

    Raises:
        BackupError: It cannot be made, or there is something and it must not be.
    """
    folders = (place.story, place.data) if with_story else (place.data,)
    found = [f"'{folder}'" for folder in folders if seen(folder)]
    has_records = not asyncio.run(is_empty(place.records))
    if has_records:
        found.append("the records")
    if not found:
        return None
    if not replace:
        *most, last = found
        there = f"{', '.join(most)} and {last} are" if most else f"{last} is"
        raise BackupError(
            f"There is something already: {there} there. With --replace that is "
            "replaced, and first backed up beside the file."
        )
    return _back_up(place, file.parent, now, records=has_records, must=False)


def mismatch(place: Place, secret: str | None) -> str:
    """Why records cannot be opened with a secret, in a sentence; empty: they can."""
    try:
        asyncio.run(inspect(place.records, secret))
    except RecordsError as error:
        return str(error)
    return ""


def _back_up(
    place: Place, target: Path, now: datetime, *, records: bool, must: bool
) -> BackUp:
    """Make a backup of what is there of a story; the records `must` be, or need not."""
    file = target
    if target.is_dir():
        file = target / f"receipts-{place.name}-{now:%Y%m%d-%H%M%S}.zip"
    left = tuple(tidied(file.parent, WORK))
    with written(file, now) as archive:
        kept = Dump(None, {}, {})
        if records:
            keep = partial(_keep, archive)
            kept = asyncio.run(dump(place.records, keep))
            if must and kept.step is None:
                raise BackupError(
                    f"There are no records in {shown(place.records)}: go to the folder "
                    "that the bot runs in, or name its settings with --env-file. With "
                    "--without-records the story is backed up without them."
                )
        manifest = _write(archive, place, now, kept)
    return BackUp(file, manifest, kept.rows, left)


def _keep(archive: Writing, table: str, lines: Iterator[bytes]) -> None:
    archive.add(f"records/{table}.jsonl", lines)


def _write(archive: Writing, place: Place, now: datetime, kept: Dump) -> Manifest:
    """Add the files to a backup, and end it."""
    for name, path in (*files_of("story", place.story), *files_of("data", place.data)):
        try:
            source = path.open("rb")
        except FileNotFoundError:  # it was there a moment ago
            continue
        except OSError as error:
            raise _unread(path, error) from error
        with source:
            mode = os.fstat(source.fileno()).st_mode
            archive.add(name, _chunks(source, path), mode)
    return archive.end(
        About(
            program=__version__,
            made=now,
            story=place.name,
            step=kept.step,
            last=dict(kept.last),
        )
    )


def _chunks(source: IO[bytes], path: Path) -> Iterator[bytes]:
    try:
        while some := source.read(1 << 16):
            yield some
    except OSError as error:
        raise _unread(path, error) from error


def _unread(path: Path, error: OSError) -> BackupError:
    return BackupError(f"'{path}' cannot be read ({error.strerror}).")


def files_of(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """The files in a folder that are backed up, in order, each with its name there."""
    root = folder.resolve()
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for file in sorted(files):
            path = Path(parent, file)
            is_inside = path.resolve().is_relative_to(root) and path.is_file()
            if is_inside and not file.startswith(".") and path.suffix != ".zip":
                yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _is_same(archive: Reading, story: Path) -> bool:
    """Whether a story's files are those in a backup, to the byte."""
    found: dict[str, str] = {}
    for name, path in files_of("story", story):
        with path.open("rb") as source:
            found[name] = file_digest(source, "sha256").hexdigest()
    files = archive.manifest.files
    return found == {name: files[name].sha256 for name in archive.names("story/")}


def _check_apart(place: Place) -> None:
    """See that neither folder is in the other.

    Raises:
        BackupError: One is.
    """
    if meet(place.story, place.data):
        raise BackupError(
            f"What the bot keeps in '{place.data}' meets the story in '{place.story}': "
            "give the story a folder of its own."
        )


def put(
    archive: Reading, place: Place, *, with_story: bool = True
) -> Mapping[str, int]:
    """Put the files in their places, then the rows; take the files back if that fails.

    Gives how many rows were put into each table.

    Raises:
        BackupError: The backup is not as it was written.
        RecordsError: The rows cannot be kept.
        OSError: A file cannot be written.
    """
    about = archive.manifest
    tables = {
        Path(name).stem: partial(archive.lines, name, MAX_LINE)
        for name in archive.names("records/")
    }
    folders = [("data/", place.data)]
    if with_story:
        folders.insert(0, ("story/", place.story))
    with ExitStack() as stack:
        exchanges: list[Exchange] = []
        for name, folder in folders:
            if not (names := archive.names(name)) and not folder.exists():
                continue
            is_private = name == "data/"
            exchange = stack.enter_context(Exchange(folder, is_private=is_private))
            for one in names:
                path = restored_name(one).removeprefix(name)
                exchange.stage(path, archive.chunks(one), archive.mode(one))
            exchanges.append(exchange)
        for exchange in exchanges:
            exchange.make()
        rows: Mapping[str, int] = {}
        if about.step is not None:
            taken = (about.step, about.last, tables)
            rows = asyncio.run(load(place.records, taken, replace=True))
        elif tables or not asyncio.run(is_empty(place.records)):
            raise RecordsError(
                "The backup is without records: move those that are there away first."
            )
        for exchange in exchanges:
            exchange.keep()
    return rows


def restored_name(name: str) -> str:
    """What a file in a backup is called once it is restored."""
    return _SET_ASIDE if name.casefold() == _PENDING else name
