"""A story's folder with its past: save, look back, undo, finish what was cut short.

The past is in git where the folder is in a git work tree, else in files of ours. A
change is in the `journal` before the first file is touched, so that it is carried out
whole even when the process is killed: files first, then the commit.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from bot.history import atomic
from bot.history.journal import Journal, Pending
from bot.history.ledger import Ledger
from bot.history.repository import Repository
from bot.history.undoing import OverlapError, taken_back
from bot.history.versions import (
    ID,
    Change,
    ChangedError,
    HistoryError,
    Texts,
    Version,
)
from bot.story.files import MAX_BYTES, Files, kind_of

Past = Repository | Ledger
"""Where versions are kept. What cannot be done raises HistoryError, or OSError."""

__all__ = ["ChangedError", "History", "HistoryError", "Version", "history_of"]


def history_of(folder: Path, keep: Path) -> "History":
    """The history of a story's folder: in git where it is in a git work tree.

    Else, and where git is not installed or told to ignore the folder, below `keep`,
    which belongs to this story alone. Nothing is written. HistoryError where there is
    a repository that git cannot or will not read.
    """
    with atomic.told():
        journal = Journal(keep / "journal")
        past = Repository.of(folder, journal)
        return History(folder, journal, past or Ledger(folder, keep / "history"))


class History:
    """A story's files, and all that was changed in them, latest first.

    Texts are byte for byte. Every method raises HistoryError, which says the mend in a
    sentence; then nothing was changed. Times are arguments; they have a zone.
    """

    def __init__(self, folder: Path, journal: Journal, past: Past) -> None:
        self._folder = folder
        self._journal = journal
        self._past = past

    @property
    def is_in_git(self) -> bool:
        """Whether versions are commits."""
        return isinstance(self._past, Repository)

    def files(self, version: str | None = None) -> Files:
        """The story's files as they are, or as they were at a version.

        A version is named by its id, or the start of it; in git, by any revision.
        """
        with self._told():
            if version is not None:
                return Files().changed(self._past.files(version))
            files = Files.read(self._folder)
            for path in filter(kind_of, files.unread):
                raise HistoryError(f"'{path}': {files.unread[path]}")
            return files

    def save(
        self,
        before: Mapping[str, str | None],
        after: Mapping[str, str | None],
        message: str,
        author: str,
        now: datetime,
    ) -> Version:
        """Change files, all of them or none, and keep that as a version by the author.

        None means no such file. `before` is what the change was made from: every path
        in it is compared, those in `after` as well as others that it rests on.
        ChangedError where one is different now; HistoryError where nothing changes.
        """
        change = Change.of(before, after, message, author, now)
        with self._told(), self._journal.alone():
            self._finish()
            with self._past.hold():
                self._check_paths(change.after)
                self._check_unchanged(before)
                return self._carry_out(change, before)

    def caution(self) -> str:
        """What may become of what is saved here, in a sentence; else ""."""
        with self._told():
            return self._past.caution() if isinstance(self._past, Repository) else ""

    def log(
        self, limit: int = 20, before: str | None = None, path: str | None = None
    ) -> tuple[Version, ...]:
        """The latest versions; of one file, or older than a version, where asked."""
        with self._told():
            return self._past.log(limit, before, path)

    def undo(self, version: str) -> tuple[dict[str, str | None], dict[str, str | None]]:
        """What to `save` so that a version is taken back: texts before, and after.

        What was changed since stays. HistoryError where that is in the same place, or
        where nothing of the version is left to take back.
        """
        with self._told():
            if not ID.fullmatch(version):  # git has other names, for other branches
                raise HistoryError(
                    f"the story's history has no version '{version}'; look at its "
                    "history"
                )
            undone, old, new = self._past.change(version)
            before: dict[str, str | None] = {}
            after: dict[str, str | None] = {}
            for path in undone.paths:
                current = atomic.text(self._folder, path)
                try:
                    text = taken_back(old[path], new[path], current)
                except OverlapError as error:
                    raise HistoryError(self._overlap(path, undone)) from error
                if text != current:
                    before[path], after[path] = current, text
            if not after:
                raise HistoryError(f"'{version}' is taken back already")
            return before, after

    def recover(self) -> tuple[Version, ...]:
        """Finish what a killed process began; for the start. The versions finished.

        Where a file was changed by hand since, so that the change can be neither
        finished nor lost, it is taken out of the other files, and kept as a
        `set-aside-*.json` below the journal. HistoryError where git is in the way (a
        merge in progress): then the files are whole, and the next save or start tries
        again.
        """
        if not self._journal.exists:
            return ()
        with self._told(), self._journal.alone():
            return self._finish()

    @contextmanager
    def _told(self) -> Generator[None]:
        """What the machine refuses, as a HistoryError; a drive that is away, first."""
        with atomic.told():
            if not self._folder.is_dir():
                raise HistoryError(
                    f"the story's folder '{self._folder}' is not there; bring it back"
                )
            yield

    def _check_paths(self, after: Texts) -> None:
        for path, text in after.items():
            file = self._folder / path
            if kind_of(path) is None or file.is_symlink() or file.parent.is_symlink():
                raise HistoryError(f"'{path}' is not a story's fact file; edit another")
            if len(atomic.encoded(text) or b"") > MAX_BYTES:
                raise HistoryError(f"'{path}' would be too large; split it by topic")

    def _check_unchanged(self, before: Texts) -> None:
        changed = [
            path for path in before if atomic.text(self._folder, path) != before[path]
        ]
        if changed:
            raise ChangedError(tuple(sorted(changed)))

    def _carry_out(self, change: Change, before: Texts) -> Version:
        pending = Pending(self._past.prepare(change), change)
        self._journal.write(pending)
        try:
            # Once more: git took its time, and no lock keeps an editor out.
            self._check_unchanged(before)
            self._write(change.after)
            self._past.commit(change, pending.id)
            self._journal.clear()
        except (OSError, HistoryError):
            # Once it is kept it is saved: what is left, the next save or start does.
            if not self._past.has(pending.id):
                self._take_back(change)
                raise
        return change.version(pending.id)

    def _take_back(self, change: Change) -> None:
        """Have the files as they were; but what a hand wrote meanwhile stays."""
        try:
            self._write(
                {
                    path: text
                    for path, text in change.before.items()
                    if atomic.text(self._folder, path) == change.after[path]
                }
            )
            self._journal.clear()
        except (OSError, HistoryError) as error:
            raise HistoryError(
                "the change can be neither finished nor taken back "
                f"({error}); it is kept, and is finished at the next save or start"
            ) from error

    def _finish(self) -> tuple[Version, ...]:
        """Carry out what the journal says was begun, as far as it was not."""
        pending = self._journal.read()
        self._past.tidy(killed=pending is not None)
        if pending is None:
            return ()
        change = pending.change
        try:
            self._check_paths(change.after)
        except HistoryError:
            self._journal.set_aside(pending.id)
            return ()
        for path in change.after:
            atomic.temporary(self._folder / path).unlink(missing_ok=True)
        if not self._past.has(pending.id) and not self._written(change):
            self._journal.set_aside(pending.id)
            return ()
        with self._past.hold():
            if not self._past.has(pending.id):
                pending = Pending(self._past.prepare(change), change)
                self._journal.write(pending)
            self._past.commit(change, pending.id)
        self._journal.clear()
        return (change.version(pending.id),)

    def _written(self, change: Change) -> bool:
        """Have all of a change in the files or, where a hand is in the way, nothing."""
        current = {path: atomic.text(self._folder, path) for path in change.after}
        odd = {
            path
            for path, text in current.items()
            if text not in (change.before[path], change.after[path])
        }
        last = list(change.after)[-1]
        # Files are written in order: with the last, all were, and the hand came later.
        is_whole = not odd or current[last] == change.after[last]
        texts = change.after if is_whole else change.before
        self._write({path: text for path, text in texts.items() if path not in odd})
        return is_whole

    def _write(self, texts: Texts) -> None:
        for path, text in texts.items():
            if atomic.text(self._folder, path) != text:
                atomic.write(self._folder / path, atomic.encoded(text))

    def _overlap(self, path: str, undone: Version) -> str:
        later = next(iter(self._past.log(1, None, path)), undone)
        if later.id == undone.id:
            return (
                f"'{path}' was changed by hand in the same place since; "
                "mend it by hand, too"
            )
        subject = later.message.partition("\n")[0]
        return (
            f"'{path}' was changed in the same place since, by {later.author} "
            f"(“{subject}”); take that back first, or edit the record"
        )
