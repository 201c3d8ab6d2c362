"""Folders for work that takes long: told apart from those a killed process left."""

import os
import shutil
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bot.records.locks import is_locked, locked
from bot.records.ownership import inherited

_LOCK: Final = "lock"


@contextmanager
def working(folder: Path, prefix: str) -> Generator[Path]:
    """A new folder in another one, for its owner's eyes only; gone in the end.

    Raises:
        OSError: It cannot be made.
    """
    work = Path(tempfile.mkdtemp("", prefix, folder))
    inherited(work)
    handle = os.open(work / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        locked(handle)
        yield work
    finally:
        os.close(handle)
        shutil.rmtree(work, ignore_errors=True)


def found(folder: Path, prefix: str) -> list[Path]:
    """The folders of work in a folder."""
    return sorted(path for path in folder.glob(f"{prefix}*") if path.is_dir())


def is_under_way(work: Path) -> bool:
    """Whether whoever made a folder of work is still at it."""
    return is_locked(work / _LOCK)


def tidied(folder: Path, prefix: str) -> list[Path]:
    """Delete what killed processes left in a folder, and say what it was."""
    left = [work for work in found(folder, prefix) if not is_under_way(work)]
    for work in left:
        shutil.rmtree(work, ignore_errors=True)
    return left
