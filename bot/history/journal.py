"""The change that is being carried out, so that a killed process's can be finished.

Its file is on the disk before the first fact file is touched, and goes when all of the
change is there. One process at a time may have it.
"""

import errno
import json
import os
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.history import atomic
from bot.history.versions import Change, HistoryError, checked_id

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_PATIENCE: Final = 10.0
"""Seconds to wait for another process's change. One takes a tenth of a second."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A change that is being carried out, and the id that its version will have."""

    id: str
    change: Change


class Journal:
    """A folder with the lock, and the change that is being carried out."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "pending.json"
        self._held = threading.local()

    @property
    def name(self) -> str:
        """What tells this journal from all others on the machine."""
        return str(self._folder.resolve())

    @property
    def inherited(self) -> tuple[int, ...]:
        """What programs that we start must hold open: the lock.

        They may outlive us when we are killed; whoever comes next waits for their end.
        """
        handle: int | None = getattr(self._held, "handle", None)
        return () if handle is None or sys.platform == "win32" else (handle,)

    @property
    def exists(self) -> bool:
        """Whether anything was ever saved with it."""
        return self._folder.is_dir()

    @contextmanager
    def alone(self) -> Generator[None]:
        """Wait until no other process or thread is carrying out a change.

        HistoryError where that takes too long.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            if not any(_locked(handle) for _ in atomic.moments(_PATIENCE)):
                raise HistoryError("another change is just being saved; try again")
            self._held.handle = handle
            yield
        finally:
            # Closed, not unlocked: a program that we started may still hold it.
            self._held.handle = None
            os.close(handle)

    def read(self) -> Pending | None:
        """The change that a killed process was carrying out; None where all is done."""
        try:
            data = self._file.read_bytes()
        except FileNotFoundError:
            return None
        try:
            value = json.loads(data)
            return Pending(checked_id(value["id"]), Change.of_json(value))
        except (ValueError, TypeError, KeyError):
            # Ours is written whole: a hand was in it. It stays, for people to read.
            self.set_aside("unreadable")
            return None

    def write(self, pending: Pending) -> None:
        """Have it on the disk. Raises OSError; then what was there before stays."""
        value = {"id": pending.id, **pending.change.as_json()}
        atomic.write(self._file, json.dumps(value).encode())

    def clear(self) -> None:
        """The change is done with."""
        atomic.write(self._file, None)

    def set_aside(self, name: str) -> None:
        """The change cannot be finished; keep it as `set-aside-<name>.json`."""
        self._file.replace(self._folder / f"set-aside-{name[:16]}.json")
        atomic.sync(self._folder)


def _locked(handle: int) -> bool:
    """Try to lock an open file: until the last process closes it that has it open."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in {errno.EACCES, errno.EAGAIN, errno.EDEADLK}:
            return False
        raise
    return True
