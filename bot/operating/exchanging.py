"""New files in the place of a folder's old ones: all of them, or none.

The new ones are written into a folder of work, `.restoring-…/new`, inside. What was
there is moved to `old`, which is called `before` once all of it is there, and `gone`
once the new ones are to stay: so whoever comes after a killed process sees how far that
was.
"""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final, Self

from bot.operating.working import found, is_under_way, working
from bot.records.ownership import inherited, make_folder

_WORK: Final = ".restoring-"


class Exchange:
    """New files in the place of a folder's old ones, taken back unless they are kept.

    What is hidden in the folder stays, such as `.git`. Whatever raises OSError has
    changed nothing.
    """

    def __init__(self, folder: Path, *, is_private: bool) -> None:
        self._folder, self._mode = folder, 0o700 if is_private else 0o777
        self._stack = ExitStack()
        self._is_kept = False

    def __enter__(self) -> Self:
        self._is_new = not self._folder.exists()
        make_folder(self._folder, self._mode)
        self._work = self._stack.enter_context(working(self._folder, _WORK))
        for name in ("old", "new"):
            make_folder(self._work / name, self._mode)
        return self

    def stage(self, name: str, chunks: Iterator[bytes], mode: int) -> None:
        """Write a new file, aside for now."""
        path = self._work / "new" / name
        make_folder(path.parent, self._mode)
        with path.open("xb") as target:
            for some in chunks:
                target.write(some)
        path.chmod(mode)
        inherited(path)

    def make(self) -> None:
        """Move the old files aside, and the new ones into their place."""
        for path in seen(self._folder):
            path.rename(self._work / "old" / path.name)
        (self._work / "old").rename(self._work / "before")
        for path in seen(self._work / "new"):
            path.rename(self._folder / path.name)

    def keep(self) -> None:
        """Never take the new files back."""
        (self._work / "before").rename(self._work / "gone")
        self._is_kept = True

    def __exit__(self, *_: object) -> None:
        if not self._is_kept:
            _take_back(self._folder, self._work)
        self._stack.close()
        if self._is_new and not self._is_kept:
            with suppress(OSError):
                self._folder.rmdir()


def seen(folder: Path) -> list[Path]:
    """What is in a folder, but for what is hidden; nothing where there is none."""
    if not folder.exists():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def cut_short(folder: Path) -> list[Path]:
    """What killed processes left in a folder before all of it was exchanged."""
    return [work for work in found(folder, _WORK) if not is_under_way(work)]


def is_exchanged(folder: Path) -> bool:
    """Whether a folder's files are being exchanged right now."""
    return any(map(is_under_way, found(folder, _WORK)))


def mended(folder: Path) -> bool:
    """Have a folder as it was before a process that was killed; whether one was.

    Raises:
        OSError: It cannot be done; it can be begun again.
    """
    left = cut_short(folder)
    for work in left:
        _take_back(folder, work)
        shutil.rmtree(work)
    return bool(left)


def _take_back(folder: Path, work: Path) -> None:
    """Move what was there before into its place again, however far an exchange was."""
    old, before = work / "old", work / "before"
    if before.exists():  # all old ones are in it: those in the folder are new
        for path in seen(folder):
            _delete(path)
        before.rename(old)
    for path in old.iterdir() if old.exists() else ():
        _delete(folder / path.name)
        path.rename(folder / path.name)


def _delete(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
