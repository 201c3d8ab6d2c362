"""All of a story in one file, and back: its files, their past, and the records.

Secrets are not in it: no token, no `.env`, no RECORDS_SECRET. The key that people's
hashes are made with is, where the records made it up.
"""

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, Self

from bot import __version__
from bot.operating.archives import (
    About,
    BackupError,
    Manifest,
    Reading,
    Writing,
    read,
    written,
)
from bot.records.inspection import inspect
from bot.records.portable import MAX_LINE, dumped, is_empty, load
from bot.records.values import RecordsError

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
    """A backup that was made, and what it is of."""

    file: Path
    manifest: Manifest

    def count(self, folder: str) -> int:
        """How many files are in a folder of it: `records`, `story` or `data`."""
        return sum(name.startswith(f"{folder}/") for name in self.manifest.files)


def back_up(place: Place, target: Path, now: datetime) -> BackUp:
    """Make a backup of all of a story: a file of a new name, or one in a folder.

    The bot may run meanwhile: the records are those of one moment. Hidden files, links
    that lead outside and other zip files are left out.

    Raises:
        BackupError: It cannot be made. Nothing is left of it.
        RecordsError: The records cannot be read.
    """
    if not place.story.is_dir():
        raise BackupError(f"'{place.story}' is no story's folder.")
    _check_apart(place)
    file = target
    if target.is_dir():
        file = target / f"receipts-{place.name}-{now:%Y%m%d-%H%M%S}.zip"
    with written(file, now) as archive:
        manifest = asyncio.run(_write(archive, place, now))
    return BackUp(file, manifest)


def restore(file: Path, place: Place, now: datetime, *, replace: bool) -> BackUp | None:
    """Put what is in a backup where all of a story belongs: all of it, or nothing.

    The bot must not run meanwhile. Without `replace`, only where nothing is yet; with
    it, a backup of what is there is made beside the file first, and returned.

    Raises:
        BackupError: It cannot be restored; what was there is as it was.
        RecordsError: The records cannot be used; what was there is as it was.
    """
    with read(file) as archive:
        about = archive.manifest
        if about.story != place.name:
            raise BackupError(
                f"The backup is of the story '{about.story}', not of '{place.name}': "
                f"name a folder that is called so, with --story."
            )
        _check_apart(place)
        there = _what_is_there(place)
        if there and not replace:
            raise BackupError(
                f"There is something already: {there}. With --replace it is replaced, "
                "and first backed up beside the file."
            )
        before = None
        if there:
            if not place.story.is_dir():
                raise BackupError(f"There is {there} but no '{place.story}': move it.")
            before = back_up(place, file.parent, now)
        try:
            _put(archive, place)
        except OSError as error:
            raise BackupError(
                f"'{file}' cannot be restored: {error.strerror}. All is as it was."
            ) from error
        return before


def mismatch(place: Place, secret: str | None) -> str:
    """Why records cannot be opened with a secret, in a sentence; empty: they can."""
    try:
        asyncio.run(inspect(place.records, secret))
    except RecordsError as error:
        return str(error)
    return ""


async def _write(archive: Writing, place: Place, now: datetime) -> Manifest:
    async with dumped(place.records) as dump:
        for name, lines in dump.tables.items():
            archive.add(f"records/{name}.jsonl", lines)
    for name, path in (*_files("story", place.story), *_files("data", place.data)):
        try:
            source = path.open("rb")
        except FileNotFoundError:  # it was there a moment ago
            continue
        except OSError as error:
            raise BackupError(f"'{path}' cannot be read ({error.strerror}).") from error
        with source:
            archive.add(name, source, os.fstat(source.fileno()).st_mode)
    return archive.end(
        About(
            program=__version__,
            made=now,
            story=place.name,
            step=dump.step,
            last=dict(dump.last),
        )
    )


def _files(name: str, folder: Path) -> Iterator[tuple[str, Path]]:
    """The files in a folder that are backed up, in order, each with its name there."""
    root = folder.resolve()
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith("."))
        for file in sorted(files):
            path = Path(parent, file)
            is_inside = path.resolve().is_relative_to(root) and path.is_file()
            if is_inside and not file.startswith(".") and path.suffix != ".zip":
                yield f"{name}/{path.relative_to(folder).as_posix()}", path


def _check_apart(place: Place) -> None:
    """See that neither folder is in the other.

    Raises:
        BackupError: One is.
    """
    story, data = place.story.resolve(), place.data.resolve()
    if story.is_relative_to(data) or data.is_relative_to(story):
        raise BackupError(
            f"'{place.story}' and '{place.data}' are in one another; keep them apart."
        )


def _what_is_there(place: Place) -> str:
    """What a restored backup would take the place of, in words; empty: nothing."""
    found = [
        f"'{folder}'" for folder in (place.story, place.data) if any(_seen(folder))
    ]
    if not asyncio.run(is_empty(place.records)):
        found.append("the records")
    return ", ".join(found)


def _seen(folder: Path) -> list[Path]:
    """What is in a folder, but for what is hidden."""
    if not folder.exists():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _put(archive: Reading, place: Place) -> None:
    """Put the files in their places, then the rows; take the files back if that fails.

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
    with ExitStack() as stack:
        exchanges: list[_Exchange] = []
        for name, folder in (("story/", place.story), ("data/", place.data)):
            if not (names := archive.names(name)) and not folder.exists():
                continue
            is_private = name == "data/"
            exchange = stack.enter_context(_Exchange(folder, is_private=is_private))
            for one in names:
                path = _SET_ASIDE if one.casefold() == _PENDING else one
                exchange.stage(
                    path.removeprefix(name), archive.chunks(one), archive.mode(one)
                )
            exchanges.append(exchange)
        for exchange in exchanges:
            exchange.make()
        if about.step is not None:
            rows = (about.step, about.last, tables)
            asyncio.run(load(place.records, rows, replace=True))
        elif tables or not asyncio.run(is_empty(place.records)):
            raise RecordsError(
                "The backup is of a time before the records began: move the records "
                "away first."
            )
        for exchange in exchanges:
            exchange.keep()


def _make(folder: Path, mode: int) -> None:
    """Make a folder that is not there, and those above it."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode)


class _Exchange:
    """New files in the place of a folder's old ones, taken back unless they are kept.

    What is hidden in the folder stays, such as `.git`.
    """

    def __init__(self, folder: Path, *, is_private: bool) -> None:
        self._folder, self._mode = folder, 0o700 if is_private else 0o777
        self._moved: list[tuple[Path, Path]] = []

    def __enter__(self) -> Self:
        self._is_new = not self._folder.exists()
        _make(self._folder, self._mode)
        self._work = Path(tempfile.mkdtemp(prefix=".restoring-", dir=self._folder))
        (self._work / "old").mkdir()
        (self._work / "new").mkdir()
        return self

    def stage(self, name: str, chunks: Iterator[bytes], mode: int) -> None:
        """Write a new file, aside for now."""
        path = self._work / "new" / name
        _make(path.parent, self._mode)
        with path.open("xb") as target:
            for some in chunks:
                target.write(some)
        path.chmod(mode)

    def make(self) -> None:
        """Move the old files aside, and the new ones into their place."""
        for path in _seen(self._folder):
            self._move(path, self._work / "old" / path.name)
        for path in _seen(self._work / "new"):
            self._move(path, self._folder / path.name)

    def keep(self) -> None:
        """Never take the new files back."""
        self._moved.clear()
        self._is_new = False

    def __exit__(self, *_: object) -> None:
        for before, now in reversed(self._moved):
            now.rename(before)
        shutil.rmtree(self._work, ignore_errors=True)
        if self._is_new:
            with suppress(OSError):
                self._folder.rmdir()

    def _move(self, before: Path, now: Path) -> None:
        before.rename(now)
        self._moved.append((before, now))
