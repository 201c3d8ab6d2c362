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
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Final, Generic, TypeVar

from bot.shelf import Shelf
from bot.story.cache import load_cached
from bot.story.files import Files, kind_of, listed
from bot.story.hiding import marked
from bot.story.model import Place, Problem, Story

R = TypeVar("R")

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


class Live(Generic[R]):
    """A story's last good revision, as a folder changes.

    `R` is what a revision is made into: `build` makes it from a story, fast where it
    gets what is served until now; `prove` asks it what must stay right, and gives what
    does not. Good revisions are kept below `keep`; None keeps none. `shown` names the
    folder in problems. All but `current` and `problems` may take seconds.
    """

    def __init__(  # noqa: PLR0913 - each is told by name
        self,
        folder: Path,
        *,
        build: Callable[[Story, R | None], R],
        prove: Callable[[R], tuple[Problem, ...]],
        today: Callable[[], date],
        keep: Path | None = None,
        shown: str | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self.current: R | None = None
        self.problems: tuple[Problem, ...] = ()
        self._folder = folder
        self._build, self._prove, self._today = build, prove, today
        self._kept = _Kept(keep)
        self._shown = folder.as_posix() if shown is None else shown
        self._shelf = shelf or Shelf(None)
        self._story: Story | None = None
        self._seen: object = None
        self._looks = 0
        self._taken: object = None
        self._hidden: Mapping[str, str] = {}
        self._told: Counter[tuple[str, str]] | None = None
        self._lock = Lock()

    @property
    def is_moving(self) -> bool:
        """Whether a change was seen that did not stand still yet: look again soon."""
        return self._looks == 0

    def start(self) -> Swapped | Refused:
        """Serve the files; the last good revision where they are broken.

        A revision that was good before is not proven again.
        """
        with self._lock:
            self._seen, self._looks = self._stats(), 1
            good = [revision for revision, _ in self._kept.newest()][:1]
            found = self._take(Files.read(self._folder), good)
            if found is None:  # the next looks will tell
                found = Refused((self._problem("the files are being written"),), None)
                self.problems = found.problems
            if isinstance(found, Refused):
                self._restore()
                self._hide()
                return replace(found, served=self._revision)
            return found

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

    def settle(self) -> Swapped | Refused | None:
        """Build the revision that is served anew, in full: it was built fast.

        May run beside `look`. None where another one is served by then.
        """
        story = self._story
        if story is None:
            return None
        built = self._build(story, None)
        problems = self._prove(built)
        with self._lock:
            if story is not self._story:
                return None
            if problems:
                return self._refuse(problems)
            self.current = built
            return Swapped(story.revision, story.revision)

    @property
    def _revision(self) -> str | None:
        return self._story.revision if self._story else None

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

    def _take(self, files: Files, good: Sequence[str] = ()) -> Swapped | Refused | None:
        """Load, check, build, prove and swap; None where there is nothing to tell.

        `good` are revisions that need no proof.
        """
        today = self._today()
        if self._stats() != self._seen:  # it moved while it was read
            self._looks = 0
            return None
        loaded = load_cached(files, today, self._shown, self._shelf)
        self._taken, self._hidden = (files.key, today), loaded.hidden
        story = loaded.story
        if story is None:
            errors = (one for one in loaded.problems if one.severity == "error")
            return self._refuse(tuple(errors))
        before = self._revision
        if story.revision == before:
            was_broken = bool(self.problems)
            self.problems, self._told = (), None
            return Swapped(story.revision, before) if was_broken else None
        try:
            built = self._build(story, self.current)
            problems = () if story.revision in good else self._prove(built)
            if problems and self.current is not None:  # built fast, it is only near
                built = self._build(story, None)
                problems = self._prove(built)
        except Exception as error:  # noqa: BLE001 - handed on, and nothing is swapped
            message = f"this cannot be built ({type(error).__name__}); see the log"
            return self._refuse((self._problem(message),), error)
        if problems:
            return self._refuse(problems)
        self.current, self._story, self.problems, self._told = built, story, (), None
        return Swapped(story.revision, before, self._kept.put(story.revision, files))

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
        """Hide in what is served what the files hide, though they are broken."""
        if self._story is None:
            return
        story = marked(self._story, self._hidden)
        if story is not self._story:
            self.current, self._story = self._build(story, self.current), story

    def _restore(self) -> None:
        """Serve the newest kept revision that is still whole, if any is."""
        for revision, folder in self._kept.newest():
            kept = Files.read(folder)
            story = load_cached(kept, self._today(), "", self._shelf).story
            if story and story.revision == revision:
                self.current, self._story = self._build(story, None), story
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
