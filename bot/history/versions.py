"""What a story's past is made of, however it is kept.

`history` is the way in; `repository` keeps the past in git, `ledger` in files of ours.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from bot.story.files import kind_of

Texts = Mapping[str, str | None]
"""Paths below the story's folder, each with its text; None means no such file."""

ID: Final = re.compile("[0-9a-f]{4,64}")
"""A version's id, in git or in files of ours, or the start of one."""

_MAX_NAME: Final = 100
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_CRUD: Final = " .,:;<>\"\\'"
"""What git takes off both ends of a name; a name of nothing else is none to it."""


@dataclass(frozen=True, slots=True)
class Version:
    """One change that was kept. `paths` are the fact files that it changed, sorted.

    `at` is in UTC, in whole seconds. `id` is made of the change itself and all before.
    """

    id: str
    at: datetime
    author: str
    message: str
    paths: tuple[str, ...]


class HistoryError(Exception):
    """Something cannot be done; one plain sentence says why, with the mend."""


class ChangedError(HistoryError):
    """Files are no longer as they were when the change was made from them."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        named = ", ".join(f"'{path}'" for path in paths)
        super().__init__(
            f"{named} changed in between; look at what stands there now, then try again"
        )
        self.paths = paths


@dataclass(frozen=True, slots=True)
class Change:
    """A version before it has an id: only the paths that it changes, sorted."""

    before: Texts
    after: Texts
    message: str
    author: str
    at: datetime

    @classmethod
    def of(
        cls, before: Texts, after: Texts, message: str, author: str, at: datetime
    ) -> "Change":
        """A change with a name and a message that every kind of history can hold.

        ValueError: the time says no zone, or a path has no text before.
        """
        if at.tzinfo is None or not after.keys() <= before.keys():
            raise ValueError("a time needs a zone, and each path a text before")
        changed = sorted(path for path in after if after[path] != before[path])
        if not changed:
            raise HistoryError("this changes nothing; there is nothing to save")
        return cls(
            {path: before[path] for path in changed},
            {path: after[path] for path in changed},
            _UNPRINTABLE.sub("", message.replace("\r\n", "\n")).strip()
            or f"Change {', '.join(changed)}",
            _name(author),
            at.astimezone(UTC).replace(microsecond=0),
        )

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> "Change":
        """The change that was written. ValueError, TypeError, KeyError: it was not.

        Whoever wrote it may be anybody: it names fact files of a story, and no others.
        """
        at = datetime.fromisoformat(value["at"])
        before: dict[str, Any] = dict(value["before"])
        after: dict[str, Any] = dict(value["after"])
        texts = [*before.values(), *after.values(), value["message"], value["author"]]
        if (
            not after
            or before.keys() != after.keys()
            or not all(map(kind_of, after))
            or not all(isinstance(one, str | None) for one in texts)
        ):
            raise ValueError("this is no change of a story's fact files")
        return cls(before, after, value["message"], value["author"], at)

    def as_json(self, shown: Callable[[str], str] = str) -> dict[str, object]:
        """The change as a file of ours has it, with what is shown of each text."""
        return {
            "at": self.at.isoformat(),
            "author": self.author,
            "message": self.message,
            "before": _shown(self.before, shown),
            "after": _shown(self.after, shown),
        }

    def version(self, version: str) -> Version:
        """The change as it is kept, under an id."""
        return Version(version, self.at, self.author, self.message, tuple(self.after))


def checked_id(text: str) -> str:
    """A version's id as a file has it. ValueError: it is none."""
    if not ID.fullmatch(text):
        raise ValueError("this is no id of a version")
    return text


def _shown(texts: Texts, shown: Callable[[str], str]) -> Texts:
    return {path: text if text is None else shown(text) for path, text in texts.items()}


def _name(author: str) -> str:
    printable = re.sub(r"[<>\s]+", " ", _UNPRINTABLE.sub("", author))
    return printable.strip(_CRUD)[:_MAX_NAME].strip(_CRUD) or "a moderator"
