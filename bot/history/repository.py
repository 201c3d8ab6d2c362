"""A story's past in git: each version is a commit of its fact files, and only of these.

Whatever else is staged or changed in the repository stays so. No hook is run, nothing
is signed, nothing is fetched or pushed.
"""

import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bot.history import atomic
from bot.history.git import Git, program
from bot.history.git_lock import Lock
from bot.history.journal import Journal
from bot.history.versions import Change, HistoryError, Texts, Version
from bot.story.files import decoded, kind_of

_OURS: Final = "Receipts"
_ADDRESS: Final = "no-reply@receipts.invalid"
"""Whom commits are from, for git; `.invalid` is nobody's (RFC 2606)."""

_LISTED: Final = ("ls-tree", "-r", "-z", "--full-tree", "--")
_HISTORY: Final = ("rev-list", "--topo-order", "--no-merges")
_AT_ONCE: Final = 100
_LAST: Final = 253_402_300_799
"""The last second that Python has a date for. Git takes any number."""
_PLAIN: Final = ("100644", "100755")
_NO_COMMIT: Final = (
    "the story's git repository has no commit yet, so that nothing there can be looked "
    "at or taken back; commit the story's files first"
)

Entries = dict[str, tuple[str, str]]
"""Paths below the repository's top, each with git's mode and the id of its content."""


class Repository:
    """The past of a folder in a git work tree.

    `prepare`, `commit` and `tidy` are called by one process at a time.
    """

    def __init__(self, git: Git, prefix: str, own: Path, lock: Lock) -> None:
        """The folder is `prefix` (as in `a/b/`) below the top of the work tree.

        `own` is where git keeps what belongs to this work tree alone.
        """
        self._git = git
        self._prefix = prefix
        self._where = [prefix] if prefix else []
        self._own = own
        self._lock = lock

    @classmethod
    def of(cls, folder: Path, journal: Journal) -> "Repository | None":
        """The past of a story's folder; None where there is no git for it.

        That is where git is not installed, or the folder is in no work tree, or the
        repository ignores it.
        """
        found = program()
        there = Git(found, folder, journal).trusting() if found else None
        if there is None or not there.is_in_a_work_tree():
            return None
        git = replace(there, top=Path(there.text("rev-parse", "--show-toplevel")))
        prefix = there.text("rev-parse", "--show-prefix")
        known = ("ls-files", "--cached", "--others", "--exclude-standard", "-z", "--")
        if prefix and not git.out(*known, prefix):
            return None
        own = Path(git.text("rev-parse", "--absolute-git-dir"))
        common = git.top / git.text("rev-parse", "--git-common-dir")
        return cls(git, prefix, own, Lock(git, own, common))

    def hold(self) -> AbstractContextManager[None]:
        """Keep every other git, and every other bot, from this work tree meanwhile."""
        return self._lock.held()

    def tidy(self, *, killed: bool) -> None:
        """Take away our own lock; where we were killed, those of our git as well."""
        self._lock.tidy(killed=killed)

    def prepare(self, change: Change) -> str:
        """Make the commit, which no branch knows yet; its id.

        The same change after the same past has the same id, however often it is asked.

        What was changed by hand, and never committed, in the same files is committed
        first, as a version of its own: so that a version is the change it says it is.
        """
        head = self._head()
        paths = [self._prefix + path for path in change.after]
        entries = self._entries(head, paths) if head else {}
        before, after = self._blobs(change.before), self._blobs(change.after)
        by_hand = {
            path: blob
            for path, blob in before.items()
            if blob != entries.get(path, ("", None))[1]
        }
        if by_hand:
            named = ", ".join(path.removeprefix(self._prefix) for path in by_hand)
            message = f"Keep what was changed by hand in {named}"
            kept = replace(change, message=message, author="by hand")
            head = self._made(kept, head, by_hand, entries)
        return self._made(change, head, after, entries)

    def _blobs(self, texts: Texts) -> dict[str, str | None]:
        """Have texts among git's objects; their ids. What git converts, it converts."""
        blobs: dict[str, str | None] = {}
        for path, text in texts.items():
            full, data = self._prefix + path, atomic.encoded(text)
            if data is None:
                blobs[full] = None
            else:
                blobs[full] = self._git.text(
                    *("hash-object", "-w", "--stdin", f"--path={full}"), given=data
                )
        return blobs

    def _made(
        self,
        change: Change,
        parent: str | None,
        blobs: Mapping[str, str | None],
        entries: Entries,
    ) -> str:
        """A commit on the parent with these contents."""
        index = self._own / "receipts-tree"
        git = self._git.using(GIT_INDEX_FILE=str(index))
        self._discard(index)
        try:
            git.out("read-tree", parent or "--empty")
            modes = {path: entries.get(path, _PLAIN)[0] for path in blobs}
            self._put(git, {path: (modes[path], blob) for path, blob in blobs.items()})
            tree = git.text("write-tree")
        finally:
            self._discard(index)
        return self._git.using(**_identity(change)).text(
            *("commit-tree", tree, *(("-p", parent) if parent else ()), "-F", "-"),
            given=f"{change.message}\n".encode(errors="replace"),
        )

    @staticmethod
    def _put(git: Git, entries: Mapping[str, tuple[str, str | None]]) -> None:
        """Put files into an index; a content of None takes the file out."""
        lines = "".join(
            f"{mode} {blob}\t{path}\0" for path, (mode, blob) in entries.items() if blob
        )
        gone = "".join(f"{path}\0" for path, (_, blob) in entries.items() if not blob)
        git.out("update-index", "-z", "--index-info", given=os.fsencode(lines))
        if gone:
            options = ("-z", "--force-remove", "--stdin")
            git.out("update-index", *options, given=os.fsencode(gone))

    @staticmethod
    def _discard(index: Path) -> None:
        index.unlink(missing_ok=True)
        Path(f"{index}.lock").unlink(missing_ok=True)

    def commit(self, change: Change, version: str) -> None:
        """Move the branch to the commit, then put its files into the index, too.

        Where the branch has it already, only the latter.
        """
        head = self._head()
        if head is None or not self._is_before(version, head):
            if head and not self._is_before(head, version):
                raise HistoryError(
                    "somebody committed to the story's repository meanwhile; try again"
                )
            self._git.out(
                *("update-ref", "-m", "receipts: save a change"),
                *("HEAD", version, head or "0" * len(version)),
            )
        self._settle([self._prefix + path for path in change.after])

    def _settle(self, paths: Sequence[str]) -> None:
        """Have the index agree with the branch on these paths, and on no others."""
        index = self._own / "index"
        ours = self._own / "receipts-index"
        self._discard(ours)
        if index.exists():
            ours.write_bytes(index.read_bytes())
            ours.chmod(index.stat().st_mode)
        git = self._git.using(GIT_INDEX_FILE=str(ours))
        there = self._entries("HEAD", paths)
        self._put(git, {path: there.get(path, ("", None)) for path in paths})
        git.succeeds("update-index", "-q", "--refresh")
        ours.replace(index)

    def caution(self) -> str:
        """What may become of what is saved here, in a sentence; else ""."""
        if self._git.ask("symbolic-ref", "--quiet", "HEAD") is None:
            return (
                "the story's git repository is on no branch (a detached HEAD): what is "
                "saved is lost at the next checkout; run 'git switch' to a branch first"
            )
        if not self._head():
            return _NO_COMMIT
        if self._is_shallow():
            return (
                "the story's git repository is a shallow clone: what was before it "
                "cannot be looked at or taken back; run 'git fetch --unshallow'"
            )
        return ""

    def _is_shallow(self) -> bool:
        return self._git.ask("rev-parse", "--is-shallow-repository") == "true"

    def has(self, version: str) -> bool:
        """Whether the branch has this commit, named by its whole id."""
        head = self._head()
        return head is not None and self._is_before(version, head)

    def _is_before(self, commit: str, other: str) -> bool:
        return self._git.succeeds("merge-base", "--is-ancestor", commit, other)

    def _head(self) -> str | None:
        """The commit that is checked out; None where there is none yet."""
        return self._git.ask("rev-parse", "--verify", "--quiet", "HEAD^{commit}")

    def _entries(self, tree: str, paths: Sequence[str]) -> Entries:
        """What git has at these paths, or below these folders, as plain files."""
        listed = self._git.out(*_LISTED, tree, *paths)
        entries: Entries = {}
        for line in os.fsdecode(listed).split("\0")[:-1]:
            about, _, path = line.partition("\t")
            mode, _, blob = about.split(" ")
            if mode in _PLAIN:
                entries[path] = (mode, blob)
        return entries

    def files(self, version: str) -> dict[str, str]:
        """The story's files at any git revision; none where there was no story yet."""
        return self._files(self._commit(version), self._where)

    def _files(self, commit: str, paths: Sequence[str]) -> dict[str, str]:
        blobs = {
            path.removeprefix(self._prefix): blob
            for path, (_, blob) in sorted(self._entries(commit, paths).items())
            if kind_of(path.removeprefix(self._prefix))
        }
        # Git's own heading tells a length from before it converted line ends.
        heading = secrets.token_hex(16)
        asked = "".join(
            f"{blob} {self._prefix}{path}\n" for path, blob in blobs.items()
        )
        found = self._git.out(
            "cat-file", f"--batch={heading}", "--filters", given=os.fsencode(asked)
        )
        contents = found.split(f"{heading}\n".encode())[1:]
        if len(contents) != len(blobs):
            raise HistoryError(
                "git does not have all of this version's files; fetch them "
                "('git fetch --refetch'), or look at 'git fsck'"
            )
        return {
            path: decoded(content[:-1])
            for path, content in zip(blobs, contents, strict=True)
        }

    def _commit(self, version: str) -> str:
        """The id of a commit, by any name git has for it."""
        commit = None
        if not version.startswith("-") and version.isprintable():
            commit = self._git.ask(
                "rev-parse", "--verify", "--quiet", f"{version}^{{commit}}"
            )
        if not commit and not self._head():
            raise HistoryError(_NO_COMMIT)
        if not commit and self._is_shallow():
            raise HistoryError(
                f"this shallow clone has no version '{version}'; fetch what was before "
                "it ('git fetch --unshallow'), then try again"
            )
        if not commit:
            raise HistoryError(
                f"the story's repository has no version '{version}'; look at "
                "its history"
            )
        return commit

    def log(
        self, limit: int, before: str | None, path: str | None
    ) -> tuple[Version, ...]:
        """The commits of fact files, whoever made them, latest first; no merges."""
        if not self._head():
            return ()
        listed = self._listed("HEAD")
        if before is not None:
            last = self._commit(before)
            listed = listed if last in listed else [last, *self._listed(last)]
            del listed[: listed.index(last) + 1]
        versions: list[Version] = []
        while listed and len(versions) < limit:
            found = self._versions(listed[:_AT_ONCE])
            versions += (one for one in found if path is None or path in one.paths)
            del listed[:_AT_ONCE]
        return tuple(versions[:limit])

    def _listed(self, commit: str) -> list[str]:
        """The commits that changed something in the story's folder, latest first."""
        arguments = (*_HISTORY, commit, "--", *self._where)
        return self._git.text(*arguments).split()

    def _versions(self, commits: Sequence[str]) -> list[Version]:
        """The commits that changed a fact file, in the order given."""
        found = self._git.out(
            *("diff-tree", "--stdin", "-z", "--root", "-r", "--no-renames"),
            *("--name-only", "--encoding=UTF-8"),
            *("--format=%x00%H%x00%at%x00%an%x00%B%x00", "--", *self._where),
            given="".join(f"{commit}\n" for commit in commits).encode(),
        )
        # Empty, the four values, empty; then paths, the first after a line end.
        values = iter(found.split(b"\0")[1:])
        versions: list[Version] = []
        for commit in values:
            at, author, message, _ = (next(values) for _ in range(4))
            paths = iter(lambda: next(values, b""), b"")
            named = (os.fsdecode(path.removeprefix(b"\n")) for path in paths)
            facts = {path.removeprefix(self._prefix) for path in named}
            version = Version(
                id=commit.decode(),
                at=datetime.fromtimestamp(min(int(at), _LAST), UTC),
                author=author.decode(errors="replace"),
                message=message.decode(errors="replace").strip(),
                paths=tuple(sorted(filter(kind_of, facts))),
            )
            if version.paths:
                versions.append(version)
        return versions

    def change(self, version: str) -> tuple[Version, Texts, Texts]:
        """A commit's change of fact files. HistoryError where it is a merge."""
        commit = self._commit(version)
        raw = self._git.text("cat-file", "commit", commit).partition("\n\n")[0]
        parents = [line[7:] for line in raw.split("\n") if line.startswith("parent ")]
        if len(parents) > 1:
            raise HistoryError(
                f"'{version}' joins two lines of changes; take back the changes "
                "themselves"
            )
        if parents and not self._git.succeeds("cat-file", "-e", parents[0]):
            raise HistoryError(
                f"'{version}' is the oldest that this shallow clone has; fetch what "
                "was before it ('git fetch --unshallow'), then try again"
            )
        found = self._versions([commit])
        if not found:
            raise HistoryError(f"'{version}' changed no fact file of this story")
        paths = [self._prefix + path for path in found[0].paths]
        new = self._files(commit, paths)
        old = self._files(parents[0], paths) if parents else {}
        return (
            found[0],
            {path: old.get(path) for path in found[0].paths},
            {path: new.get(path) for path in found[0].paths},
        )


def _identity(change: Change) -> dict[str, str]:
    when = f"{int(change.at.timestamp())} +0000"
    return {
        "GIT_AUTHOR_NAME": change.author,
        "GIT_AUTHOR_EMAIL": _ADDRESS,
        "GIT_AUTHOR_DATE": when,
        "GIT_COMMITTER_NAME": _OURS,
        "GIT_COMMITTER_EMAIL": _ADDRESS,
        "GIT_COMMITTER_DATE": when,
    }
