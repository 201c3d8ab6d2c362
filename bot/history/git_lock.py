"""A git work tree held against every other git, as git itself does it.

While `index.lock` is there, no checkout, commit, merge or pull goes on. Ours has our
mark in it, so that whoever comes after a killed process knows whose it was.
"""

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from bot.history import atomic
from bot.history.git import Git
from bot.history.versions import HistoryError

_PATIENCE: Final = 3.0
"""Seconds to wait for another git's lock. Git holds one for less, or for very long."""

_UNFINISHED: Final = {
    "MERGE_HEAD": "a merge",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "BISECT_LOG": "a bisect",
}
"""What git keeps while something is in progress, and what that is."""


class Lock:
    """The lock of a work tree. One process of a journal's at a time may use it."""

    def __init__(self, git: Git, own: Path, common: Path) -> None:
        """`own` is the work tree's git folder, `common` all its work trees'."""
        self._git = git
        self._own = own
        self._common = common
        self._file = own / "index.lock"
        self._mark = f"receipts {git.journal.name}\n".encode(errors="replace")

    @contextmanager
    def held(self) -> Generator[None]:
        """Hold it. HistoryError where another git does, or somebody is mid-merge."""
        self._take()
        try:
            self._refuse_unfinished()
            yield
        finally:
            self._let_go()

    def tidy(self, *, killed: bool) -> None:
        """Let go of what a killed process held; where `killed`, its git's locks, too.

        Git locks a branch for moments only. A lock that stays was held by the git that
        was killed with us.
        """
        self._let_go()
        if not killed:
            return
        locks = [self._own / "HEAD.lock"]
        if branch := self._git.ask("symbolic-ref", "--quiet", "HEAD"):
            locks.append(self._common / f"{branch}.lock")
        for _ in atomic.moments(_PATIENCE):
            if not any(lock.exists() for lock in locks):
                return
        for lock in locks:
            lock.unlink(missing_ok=True)

    def _take(self) -> None:
        marked = self._own / "receipts-lock"
        marked.write_bytes(self._mark)
        try:
            for _ in atomic.moments(_PATIENCE):
                self._let_go()  # ours can only be a killed process's
                with suppress(FileExistsError):
                    self._link(marked)
                    return
        finally:
            marked.unlink(missing_ok=True)
        raise HistoryError(
            "git is at work in the story's repository, or was killed there; if no git "
            f"runs, delete '{self._file}', then try again"
        )

    def _link(self, marked: Path) -> None:
        """Make the lock, with its mark from its first moment; else FileExistsError."""
        try:
            os.link(marked, self._file)
        except FileExistsError:
            raise
        except OSError:  # a drive without links
            with self._file.open("xb") as stream:
                stream.write(self._mark)

    def _let_go(self) -> None:
        with suppress(FileNotFoundError):
            if self._file.read_bytes() == self._mark:
                self._file.unlink()

    def _refuse_unfinished(self) -> None:
        for name, what in _UNFINISHED.items():
            if (self._own / name).exists():
                raise HistoryError(
                    f"{what} is in progress in the story's git repository; finish it "
                    "or abort it there, then try again"
                )
        if self._git.out("ls-files", "--unmerged", "-z"):
            raise HistoryError(
                "the story's git repository has conflicts that are not resolved; "
                "resolve them there ('git status' names them), then try again"
            )
