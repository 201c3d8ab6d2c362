"""The story now: its files are watched, and what is well in them is served.

Synchronous: whoever has a clock looks again and again, in a thread that may wait for
the disk. Files are compared by what they say of themselves (size, times), which network
drives tell, too; what they hold is read where that changed, or may yet.
"""

import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Final, Generic, TypeVar

from bot.answering.answerer import Answerer
from bot.publishing.comparing import AHEAD, Told
from bot.publishing.gate import Gate, Judgement
from bot.story.files import Files, kind_of, listed
from bot.story.model import Place, Problem

A = TypeVar("A", bound=Answerer)

DOUBTFUL: Final = 10
"""Looks after a change in which files are read again, whatever they say of themselves:
some disks tell times to two seconds. A folder that is gone must be gone as long."""

_KEPT: Final = 2
"""Good revisions that are kept: one more, should the disk spoil the last."""


@dataclass(frozen=True, slots=True)
class Swapped:
    """The files as they are now are served.

    `before` is the revision served until now: the same one where files were put back as
    they were, or where it was built anew; None at the start. `kept` tells whether it
    could be kept on disk.
    """

    revision: str
    before: str | None
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """The files as they are now are broken.

    `problems` keep them from being served, in order. `served` is the last good
    revision, which goes on being served; None where there is none. What the files hide
    is hidden in it, too, under a revision of its own. `error` is what building raised,
    if that is why.
    """

    problems: tuple[Problem, ...]
    served: str | None
    error: Exception | None = None


class _MovedError(Exception):
    """The files changed while they were judged."""


class Live(Generic[A]):
    """A story's last good revision, as a folder changes.

    `gate` says what may be served. Good revisions are kept below `keep`; None keeps
    none. `shown` names the folder in problems. All but `current`, `served` and
    `problems` may take seconds.
    """

    def __init__(
        self,
        folder: Path,
        gate: Gate[A],
        today: Callable[[], date],
        *,
        keep: Path | None = None,
        shown: str | None = None,
    ) -> None:
        self.served: Judgement[A] | None = None
        self.problems: tuple[Problem, ...] = ()
        self._settled: Judgement[A] | None = None
        self._proven: Judgement[A] | None = None
        self._folder, self._gate, self._today = folder, gate, today
        self._kept = _Kept(keep)
        self._shown = folder.as_posix() if shown is None else shown
        self._seen: object = None
        self._looks = 0
        self._taken: object = None
        self._hidden: Mapping[str, str] = {}
        self._told: Counter[tuple[str, str]] | None = None
        self._lock = Lock()

    @property
    def current(self) -> A | None:
        """What answers from the revision that is served; None where there is none."""
        return self.served.answerer if self.served else None

    @property
    def is_settled(self) -> bool:
        """Whether what is served was built in full, and asked all questions."""
        return self.served is self._settled

    @property
    def is_moving(self) -> bool:
        """Whether a change was seen that did not stand still yet: look again soon."""
        return self._looks == 0

    def start(self) -> Swapped | Refused:
        """Serve the files; the last good revision where they are broken, or changed.

        A revision that was good before is not judged again. What was changed meanwhile
        is judged as any change is, by the next looks.
        """
        with self._lock:
            self._seen, self._looks = self._stats(), 1
            files = Files.read(self._folder)
            story = self._gate.load(files).story
            good = [revision for revision, _ in self._kept.newest()][:1]
            is_good = story is not None and story.revision in good
            if not is_good:
                self._restore()
            if story and not is_good and self._revision:
                self._seen = None
                return Swapped(self._revision, None)
            if found := self._take(files, is_good=is_good):
                return found
            self.problems = (self._problem("the files are being written"),)
            return Refused(self.problems, self._revision)  # the next looks will tell

    def judge(
        self,
        files: Files,
        others: Iterable[str] = (),
        *,
        most: int | None = None,
        tell: Told | None = None,
    ) -> Judgement[A]:
        """What it would do to serve other files instead, as `Gate.judge` tells."""
        return self._gate.judge(files, self.served, others, most=most, tell=tell)

    def look(self) -> Swapped | Refused | None:
        """Look once at the files; what became of a change, None where nothing did.

        A change must stand still for one more look. The same problems are told once,
        wherever they stand by now, and again when they were gone in between.
        """
        with self._lock:
            seen = self._stats()
            if seen != self._seen:
                self._seen, self._looks = seen, 0
                return None
            self._looks += 1
            due = DOUBTFUL if self._is_gone() else 1
            if not due <= self._looks <= DOUBTFUL:
                return None
            files = Files.read(self._folder)
            if (files.key, self._today()) == self._taken:
                return None
            if self._looks > due:  # changed within one tick of the disk's clock
                self._looks = 0
                return None
            return self._take(files)

    def adopt(self, files: Files, hidden: Mapping[str, str]) -> Swapped | Refused:
        """Serve files that another process proved; no question is asked."""
        with self._lock:
            self._hidden = hidden
            found = self._gate.trust(files, self.served)
            if found.problems:  # another version of the program proved them
                self.problems = found.problems
                return Refused(found.problems, self._revision)
            told = self._swap(found)
            self._hide()
            return told

    @property
    def hidden(self) -> Mapping[str, str]:
        """What the files hide, also where they are broken: ids, with the reasons."""
        return self._hidden

    def settle(self) -> Swapped | Refused | None:
        """Build what is served in full, and ask it all questions.

        It was built fast, and of many questions only the likeliest were asked. Where
        others forbid it, what was served before is served again. May run beside `look`.
        None where another one is served by then.
        """
        served, proven = self.served, self._proven
        if served is None:
            return None
        found = self._gate.settle(served, proven)
        with self._lock:
            if served is not self.served:
                return None
            if found.problems:
                self.served, self._proven = proven or served, None
                return self._refuse(found.problems)
            self.served = self._settled = found
            self._proven = None
            return self._swapped(found, self._revision)

    @property
    def _revision(self) -> str | None:
        story = self.served.story if self.served else None
        return story.revision if story else None

    def _is_gone(self) -> bool:
        with suppress(OSError):  # such as from a network drive that went away
            return not self._folder.is_dir()
        return True

    def _stats(self) -> object:
        """What the files say of themselves, and the day, which rules depend on."""
        paths: list[str] = []
        with suppress(OSError):
            paths = listed(self._folder)
        files = (self._folder, *(self._folder / path for path in paths))
        return (self._today(), *map(_stat, files))

    def _problem(self, message: str) -> Problem:
        return Problem.error(Place(self._shown), message)

    def _take(self, files: Files, *, is_good: bool = False) -> Swapped | Refused | None:
        """Have files judged, and swap; None where there is nothing to tell.

        Files that were good before need no judgement.
        """
        if self._has_moved():  # while it was read
            return None
        self._taken = (files.key, self._today())
        self._hidden = self._gate.load(files).hidden
        self._hide()  # before anything is asked: that takes its time
        try:
            found = (
                self._gate.trust(files)
                if is_good
                else self._gate.judge(
                    files, self.served, most=AHEAD, tell=self._stop_if_moved
                )
            )
        except _MovedError:
            return None
        except Exception as error:  # noqa: BLE001 - handed on, and nothing is swapped
            message = f"this cannot be built ({type(error).__name__}); see the log"
            return self._refuse((self._problem(message),), error)
        if found.problems:
            return self._refuse(found.problems)
        if self.served and self.served.answerer is found.answerer:
            was_broken, self.served = bool(self.problems), found
            self.problems, self._told = (), None
            revision = self._revision or ""
            return Swapped(revision, revision) if was_broken else None
        return self._swap(found)

    def _has_moved(self) -> bool:
        """Whether files changed since they were seen; then look at them soon."""
        if self._stats() == self._seen:
            return False
        self._looks, self._taken = 0, None
        return True

    def _stop_if_moved(self, _asked: int, _of: int) -> None:
        """Judge no further what is not in the files any more: it may be to be hidden.

        Raises:
            _MovedError: They changed.
        """
        if self._has_moved():
            raise _MovedError

    def _swap(self, found: Judgement[A]) -> Swapped:
        before = self._revision
        # What was judged beside something unproven is not proven by that.
        if self._proven is None and not found.is_proven:
            self._proven = self.served
        self.served = found
        self.problems, self._told = (), None
        return self._swapped(found, before)

    def _swapped(self, found: Judgement[A], before: str | None) -> Swapped:
        """What is told of a revision; it is kept once nothing can forbid it."""
        revision = self._revision or ""
        is_kept = self._proven is not None or self._kept.put(revision, found.files)
        return Swapped(revision, before, is_kept)

    def _refuse(
        self, problems: tuple[Problem, ...], error: Exception | None = None
    ) -> Refused | None:
        self.problems = problems
        self._hide()
        # Lines move as people type: what is told is what is wrong, and in which file.
        told = Counter((one.path, one.message) for one in problems)
        if told == self._told:
            return None
        self._told = told
        return Refused(problems, self._revision, error)

    def _hide(self) -> None:
        """Hide in what is served what the files hide, whatever else they are."""
        if self.served:
            self.served = self._gate.hide(self.served, self._hidden)

    def _restore(self) -> None:
        """Serve the newest kept revision that is still whole, if any is."""
        for revision, folder in self._kept.newest():
            found = self._gate.trust(Files.read(folder))
            if found.story and found.story.revision == revision:
                self.served = found
                return


class _Kept:
    """Good revisions on disk: a folder each, numbered, so that the newest is known.

    A folder gets its name when all is in it, and loses it before anything is deleted:
    what is found under a name is whole, whenever the process was killed. Should a disk
    lose what it was given, the revision in the name tells.
    """

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def newest(self) -> list[tuple[str, Path]]:
        """Each revision and its folder, the newest first. Never raises."""
        paths: list[Path] = []
        with suppress(OSError):
            paths = list(self._folder.iterdir()) if self._folder else []
        named = ((re.fullmatch(r"(\d+)-(\w+)", path.name), path) for path in paths)
        found = sorted((int(name[1]), name[2], path) for name, path in named if name)
        return [(revision, path) for _, revision, path in reversed(found)]

    def put(self, revision: str, files: Files) -> bool:
        """Keep a revision's files; whether they are kept now. Never raises."""
        if self._folder is None:
            return True
        kept = self.newest()
        if kept and kept[0][0] == revision:
            return True
        number = int(kept[0][1].name.partition("-")[0]) + 1 if kept else 1
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._tidy(self._folder, kept)
            new = Path(tempfile.mkdtemp(prefix=".", dir=self._folder))
            for path, data in files.content.items():
                if kind_of(path):  # archived texts are not ours to keep
                    _write(new / path, data)
            new.rename(self._folder / f"{number}-{revision}")
        except OSError:
            with suppress(OSError):
                self._tidy(self._folder, kept)
            return False
        return True

    @staticmethod
    def _tidy(folder: Path, kept: Sequence[tuple[str, Path]]) -> None:
        """Delete what is too old, and what a killed process left."""
        for _, path in kept[_KEPT - 1 :]:
            path.rename(path.with_name(f".{path.name}"))
        for path in folder.glob(".*"):
            shutil.rmtree(path, ignore_errors=True)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _stat(file: Path) -> tuple[object, ...]:
    try:
        found = file.stat()
    except OSError as error:
        return file, error.errno
    # No inode: some network drives make them up anew at each look.
    return file, found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns
