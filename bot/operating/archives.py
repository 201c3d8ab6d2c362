"""The file of a backup: a zip with a manifest, written whole and read with distrust.

manifest.json             what is in it: format, program, when, story, step, hashes
records/<table>.jsonl     the records, a row a line
story/…                   the story's files
data/…                    what the bot keeps beside the records, such as the past
"""

import hashlib
import os
import re
import stat
import zlib
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Annotated, Final, Literal
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.operating.working import working

MAX_ENTRIES: Final = 20_000
"""Files in a backup from who knows whom: a story has at most 500."""

MAX_BYTES: Final = 4_000_000_000
"""Bytes of all files in such a backup, unpacked."""

MAX_MANIFEST: Final = 10_000_000
"""Bytes of its manifest: some 100 for each file."""

WORK: Final = ".backup-"
"""How the name of a folder begins in which a backup is written."""

_ANY_SIZE: Final = "if you made it yourself, add --any-size"
_MANIFEST: Final = "manifest.json"
_CHUNK: Final = 1 << 16
_ENCRYPTED: Final = 0x1
_NAME: Final = re.compile(
    r"records/[a-z_]{1,60}\.jsonl|(?:story|data)(?:/[^/\\:*?\"<>|\x00-\x1f\x7f]{1,200}){1,20}"
)

# What zipfile and zlib raise over a file that is broken, or made to break them.
_BROKEN: Final = (
    *(BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError),
    *(ValueError, OverflowError, KeyError),
)


class BackupError(Exception):
    """There can be no backup, or it cannot be restored: one sentence, with the mend."""


class Content(BaseModel):
    """What a file in a backup holds."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    size: Annotated[int, Field(ge=0)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class About(BaseModel):
    """What a backup is of.

    `step` is the step of the records' schema, None where there were no records; `last`
    the highest id that each table ever gave.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal[1] = 1
    program: str
    made: datetime
    story: Annotated[str, Field(min_length=1, max_length=200)]
    step: Annotated[str, Field(max_length=40)] | None
    last: dict[str, Annotated[int, Field(ge=0, lt=2**31)]]


class Manifest(About):
    """What a backup is of, and each of its files, by name."""

    files: dict[str, Content]


class Writing:
    """A backup that is being written."""

    def __init__(self, archive: ZipFile, target: Path, now: datetime) -> None:
        self._archive, self._target = archive, target
        self._time = now.timetuple()[:6]
        self._files: dict[str, Content] = {}

    def add(self, name: str, chunks: Iterable[bytes], mode: int = 0o600) -> None:
        """Add a file, some of it at a time, and who may read and write it.

        What `chunks` raises is raised.

        Raises:
            BackupError: It cannot be restored under this name, or not be written.
        """
        size, digest = 0, hashlib.sha256()
        _check_name(name)
        with self._told():
            target = self._open(name, mode)
        try:
            for some in chunks:
                with self._told():
                    target.write(some)
                digest.update(some)
                size += len(some)
        finally:
            with self._told():
                target.close()
        self._files[name] = Content(size=size, sha256=digest.hexdigest())

    def end(self, about: About) -> Manifest:
        """Add the manifest, which ends the backup."""
        manifest = Manifest(**about.model_dump(), files=self._files)
        with self._open(_MANIFEST) as target:
            target.write(manifest.model_dump_json(indent=1).encode())
        return manifest

    @contextmanager
    def _told(self) -> Generator[None]:
        try:
            yield
        except OSError as error:
            raise _unwritten(self._target, error) from error

    def _open(self, name: str, mode: int = 0o600) -> IO[bytes]:
        info = ZipInfo(name, self._time)
        info.compress_type = ZIP_DEFLATED
        info.external_attr = (stat.S_IFREG | mode & 0o666) << 16
        return self._archive.open(info, "w", force_zip64=True)


class Reading:
    """A backup that is there: everything in it is as its manifest says."""

    def __init__(self, archive: ZipFile, manifest: Manifest) -> None:
        self.manifest = manifest
        self._archive = archive

    def names(self, folder: str) -> list[str]:
        """The names of the files in a folder, in order."""
        return sorted(name for name in self.manifest.files if name.startswith(folder))

    def mode(self, name: str) -> int:
        """Who may read and write a file: its owner always may; nobody may run it."""
        return (self._archive.getinfo(name).external_attr >> 16) & 0o666 | 0o600

    def chunks(self, name: str) -> Iterator[bytes]:
        """A file's bytes, a little at a time.

        Raises:
            BackupError: They are not what the manifest says.
        """
        expected, size, digest = self.manifest.files[name], 0, hashlib.sha256()
        try:
            with self._archive.open(name) as source:
                # Never more than was promised, whatever it would unpack to.
                while some := source.read(_CHUNK):
                    size += len(some)
                    digest.update(some)
                    if size > expected.size:
                        break
                    yield some
        except _BROKEN as error:
            raise BackupError(
                f"'{name}' in the backup is broken; use another."
            ) from error
        if (size, digest.hexdigest()) != (expected.size, expected.sha256):
            raise BackupError(f"'{name}' in the backup is not as it was; use another.")

    def lines(self, name: str, longest: int) -> Iterator[bytes]:
        """A file's lines, without their ends.

        Raises:
            BackupError: One is longer than may be, or the file is not as it was.
        """
        rest = b""
        for some in self.chunks(name):
            *whole, rest = (rest + some).split(b"\n")
            yield from whole
            if len(rest) > longest:
                raise BackupError(f"A line of '{name}' in the backup is too long.")
        if rest:
            yield rest


@contextmanager
def written(target: Path, now: datetime) -> Generator[Writing]:
    """Write a backup under a name that is not there yet; whole, or not at all.

    Only its owner may read it.

    Raises:
        BackupError: It cannot be written.
    """
    if target.suffix != ".zip":
        raise BackupError(
            f"'{target}' is no folder, and no name for a backup: make the folder, with "
            "--keep or by hand, or end it in .zip."
        )
    if target.exists():
        raise BackupError(f"'{target}' is there already; name another.")
    try:
        with working(target.parent, WORK) as work:
            part = work / "part"
            number = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(number, "wb") as stream:
                with ZipFile(stream, "w", strict_timestamps=False) as archive:
                    yield Writing(archive, target, now)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(target)
    except OSError as error:
        raise _unwritten(target, error) from error


@contextmanager
def read(file: Path, *, any_size: bool = False) -> Generator[Reading]:
    """Open a backup and check all that is in it, before any of it is used.

    It may be of any size only where that is said: one may be made to fill the disk.

    Raises:
        BackupError: It cannot be read, is none, or is not as it was written.
    """
    if file.exists() and not (file.is_file() or file.is_dir()):  # it may have no end
        raise BackupError(f"'{file}' is no backup: it is no file.")
    try:
        archive = ZipFile(file)
    except OSError as error:
        raise BackupError(f"'{file}' cannot be read ({error.strerror}).") from error
    except _BROKEN as error:
        raise BackupError(f"'{file}' is no backup: it is no zip file.") from error
    with archive:
        entries = archive.infolist()
        if len(entries) > MAX_ENTRIES + 1 and not any_size:
            raise BackupError(f"'{file}' holds too many files; {_ANY_SIZE}.")
        manifest = _manifest(archive, file, any_size=any_size)
        _check_entries({**manifest.files, _MANIFEST: None}, entries)
        reading = Reading(archive, manifest)
        for name in manifest.files:
            for _ in reading.chunks(name):
                pass
        yield reading


def _unwritten(target: Path, error: OSError) -> BackupError:
    return BackupError(f"'{target}' cannot be written ({error.strerror}).")


def _manifest(archive: ZipFile, file: Path, *, any_size: bool) -> Manifest:
    try:
        with archive.open(_MANIFEST) as source:
            text = source.read(-1 if any_size else MAX_MANIFEST)
        manifest = Manifest.model_validate_json(text)
    except ValidationError as error:
        raise BackupError(
            f"'{file}' is no backup that this version of the program can read."
        ) from error
    except _BROKEN as error:
        raise BackupError(f"'{file}' is no backup: it has no manifest.") from error
    size = sum(content.size for content in manifest.files.values())
    if size > MAX_BYTES and not any_size:
        raise BackupError(
            f"'{file}' would unpack to {size} bytes, more than {MAX_BYTES} bytes; "
            f"{_ANY_SIZE}."
        )
    return manifest


def _check_entries(expected: Mapping[str, object], entries: list[ZipInfo]) -> None:
    """See that there is each file that should be, once, and no other."""
    names = [entry.filename for entry in entries]
    for name in names:
        if name != _MANIFEST:
            _check_name(name)
    # On some disks, names that differ only in case are one.
    if set(names) != set(expected) or len({one.casefold() for one in names}) < len(
        names
    ):
        raise BackupError("The backup's files are not those that its manifest names.")
    for entry in entries:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        is_plain = kind in {0, stat.S_IFREG} and not entry.flag_bits & _ENCRYPTED
        if not is_plain or entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise BackupError(f"'{entry.filename}' in the backup is no plain file.")


def _check_name(name: str) -> None:
    parts = name.split("/")
    is_hidden = any(part.startswith(".") or part.endswith((".", " ")) for part in parts)
    if is_hidden or not _NAME.fullmatch(name) or not name.isprintable():
        raise BackupError(f"{name[:80]!a} is no name of a file in a backup.")
