"""Git as a program: run in a clean environment, its answers as bytes or text."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from bot.history.journal import Journal
from bot.history.versions import HistoryError

_TIMEOUT: Final = 60.0
"""Seconds that one git may take. One takes milliseconds; on a network drive, more."""

_FSYNC: Final = "all"
"""What git has on the disk before it goes on."""

_HELD = re.compile(rb"Unable to create '([^'\n]+\.lock)'")

_ALWAYS: Final = (
    "--literal-pathspecs",
    "--no-pager",
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "core.safecrlf=false"),
    *("-c", "commit.gpgSign=false"),
    *("-c", "color.ui=false"),
    *("-c", "gc.auto=0"),
)


@dataclass(frozen=True, slots=True)
class Git:
    """Git in a folder. No argument of a person's may begin with `-`.

    Every method raises HistoryError where git cannot be run, or takes too long.
    """

    program: str
    top: Path
    journal: Journal
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    trusted: str = ""
    """A repository that is root's: whoever distrusts root has nobody left to trust."""

    def using(self, **variables: str) -> "Git":
        """The same with these variables, such as GIT_INDEX_FILE."""
        return replace(self, variables=variables)

    def trusting(self) -> "Git":
        """The same, where git trusts the folder's repository although it is root's.

        Git trusts none but the user's own, and a service's user has no home to tell it
        more in. Nobody else's is trusted: what it sets may be a program to run.
        """
        places = (self.top.resolve(), *self.top.resolve().parents)
        top = next((one for one in places if (one / ".git").is_dir()), None)
        if os.name != "posix" or top is None:
            return self
        owners = {top.stat().st_uid, (top / ".git").stat().st_uid}
        return replace(self, trusted=str(top)) if owners == {0} else self

    def out(self, *arguments: str, given: bytes = b"") -> bytes:
        """What git prints. HistoryError with its last words where it fails."""
        done = self._run(arguments, given)
        if lock := _HELD.search(done.stderr) if done.returncode else None:
            raise HistoryError(
                "git is at work in the story's repository, or was killed there; if no "
                f"git runs, delete '{os.fsdecode(lock[1])}', then try again"
            )
        if done.returncode:
            said = _last_words(done.stderr)
            raise HistoryError(
                f"'git {arguments[0]}' failed ({said}); look at the story's git "
                "repository"
            )
        return done.stdout

    def text(self, *arguments: str, given: bytes = b"") -> str:
        """What git prints, without the line end. HistoryError where it fails."""
        return os.fsdecode(self.out(*arguments, given=given)).removesuffix("\n")

    def ask(self, *arguments: str) -> str | None:
        """What git prints, without the line end; None where it says there is none."""
        done = self._run(arguments)
        return None if done.returncode else os.fsdecode(done.stdout).removesuffix("\n")

    def succeeds(self, *arguments: str) -> bool:
        """Whether git does it."""
        return self._run(arguments).returncode == 0

    def is_in_a_work_tree(self) -> bool:
        """Whether the folder is in a repository's work tree, and git trusts that."""
        done = self._run(("rev-parse", "--is-inside-work-tree"))
        if b"dubious ownership" in done.stderr:
            raise HistoryError(
                "the story's git repository belongs to another user, and git does not "
                "trust it; make it the bot's user's ('chown -R'), or run the bot as "
                "its owner"
            )
        if done.returncode and b"not a git repository" not in done.stderr:
            raise HistoryError(
                f"git cannot read the story's repository ({_last_words(done.stderr)}); "
                "mend that first"
            )
        return done.stdout.strip() == b"true"

    @property
    def _told(self) -> tuple[str, ...]:
        trusted = ("-c", f"safe.directory={self.trusted}") if self.trusted else ()
        return ("-c", f"core.fsync={_FSYNC}", *trusted)

    def _run(
        self, arguments: tuple[str, ...], given: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(  # noqa: S603 - no shell; arguments are checked
                [self.program, *_ALWAYS, *self._told, *arguments],
                cwd=self.top,
                env={**_environment(), **self.variables},
                input=given,
                capture_output=True,
                check=False,
                timeout=_TIMEOUT,
                pass_fds=self.journal.inherited,
            )
        except subprocess.TimeoutExpired as error:
            raise HistoryError(
                f"'git {arguments[0]}' took longer than {_TIMEOUT:.0f} seconds; look "
                "at the story's drive"
            ) from error
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            raise HistoryError(
                f"git cannot be run in '{self.top}' ({why.lower()}); look whether both "
                "are there"
            ) from error


def program() -> str | None:
    """Where git is; None where it is not installed."""
    return shutil.which("git")


def missing_for(folder: Path) -> str:
    """What to say where a folder is in a work tree and there is no git; else ""."""
    places = (folder.resolve(), *folder.resolve().parents)
    if program() or not any((one / ".git").exists() for one in places):
        return ""
    return (
        "the story is in a git work tree and git is not installed, so that what is "
        "saved becomes no commit, and is kept beside the records; install git"
    )


def _environment() -> dict[str, str]:
    """Nothing of ours but where programs and the user's own git settings are."""
    clean = {
        "PATH": os.pathsep.join(os.get_exec_path()),
        "LC_ALL": "C",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_NO_LAZY_FETCH": "1",
    }
    with suppress(RuntimeError):
        clean["HOME"] = str(Path.home())
    if os.name == "nt":
        clean["SYSTEMROOT"] = os.path.expandvars("%SYSTEMROOT%")
    return clean


def _last_words(said: bytes) -> str:
    line = said.decode(errors="replace").strip().split("\n")[-1]
    return line.removeprefix("fatal: ").removeprefix("error: ").rstrip(".")
