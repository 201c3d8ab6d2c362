"""Files that are written as a whole or not at all, whatever happens meanwhile."""

import os
import stat
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.history.versions import HistoryError, is_fact_file
from bot.story.documents import read_bytes


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


def texts(folder: Path) -> dict[str, str]:
    """The fact files of a story's folder by their paths. Raises HistoryError.

    Byte for byte: line ends and a mark at the start of the file stay, and what is not
    UTF-8 is there as lone surrogates (see `encoded`).
    """
    found = [
        file.relative_to(folder).as_posix()
        for pattern in ("*.yaml", "facts/*.yaml", "answers/*.yaml")
        for file in folder.glob(pattern)
    ]
    there = {path: text(folder, path) for path in sorted(found) if is_fact_file(path)}
    return {path: text for path, text in there.items() if text is not None}


def text(folder: Path, path: str) -> str | None:
    """One fact file's text, None where there is no such file. Raises HistoryError."""
    file = folder / path
    if not os.path.lexists(file):
        return None
    data = read_bytes(file, folder)
    if isinstance(data, bytes):
        return decoded(data)
    if not os.path.lexists(file):
        return None
    raise HistoryError(f"'{path}': {data}")


def decoded(data: bytes) -> str:
    """Bytes as a text that `encoded` gives back unchanged."""
    return data.decode(errors="surrogateescape")


def encoded(text: str | None) -> bytes | None:
    r"""A text as the bytes that it was read from.

    >>> encoded(decoded(b"caf\xe9 \xc3\xa9"))
    b'caf\xe9 \xc3\xa9'
    """
    return None if text is None else text.encode(errors="surrogateescape")


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
