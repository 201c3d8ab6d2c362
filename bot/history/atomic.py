"""Files that are written as a whole or not at all, whatever happens meanwhile."""

import os
import stat
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.history.versions import HistoryError
from bot.story import files


def temporary(file: Path) -> Path:
    """Where a file is written until it is whole: hidden, and no fact file."""
    return file.with_name(f".{file.name}.tmp")


def write(file: Path, data: bytes | None) -> None:
    """Replace a file, keeping its permissions; None deletes it. Raises OSError.

    When it returns, the file is on the disk, not only in memory. Killed at any moment,
    the file has its old bytes or its new ones; `temporary(file)` may be left.
    """
    if data is None:
        file.unlink(missing_ok=True)
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = temporary(file)
        unfinished.unlink(missing_ok=True)
        try:
            with unfinished.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            with suppress(FileNotFoundError):
                unfinished.chmod(stat.S_IMODE(file.stat().st_mode))
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
    sync(file.parent)


def sync(folder: Path) -> None:
    """Have a folder's names on the disk, too, where the system can do that."""
    if os.name == "nt":
        return
    with suppress(OSError):  # some network drives refuse
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def text(folder: Path, path: str) -> str | None:
    """One fact file's text, None where there is no such file. Raises HistoryError."""
    file = folder / path
    if not os.path.lexists(file):
        return None
    data = files.read_bytes(file, folder)
    if isinstance(data, bytes):
        return files.decoded(data)
    if not os.path.lexists(file):
        return None
    raise HistoryError(f"'{path}': {data}")


def encoded(text: str | None) -> bytes | None:
    """A text as the bytes that it was read from; None where there is none."""
    return None if text is None else files.encoded(text)


def moments(seconds: float) -> Iterator[None]:
    """Moments to try something again at, until so many seconds have been waited."""
    step = 0.02
    for _ in range(round(seconds / step)):
        yield
        threading.Event().wait(step)
    yield


@contextmanager
def told() -> Generator[None]:
    """What the machine refuses, as a HistoryError."""
    try:
        yield
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        where = f" at '{error.filename}'" if error.filename else ""
        raise HistoryError(
            f"the machine refuses{where} ({why}); look at its disk and permissions"
        ) from error
