"""A story's past where several processes change it: one has the files, all may ask it.

One process at a time writes the files, as where there is only one. What another one
wants saved is asked of it, and its answer is what saving would have told.
"""

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.history.history import ChangedError, History, HistoryError, Version
from bot.story.files import Files

Ask = Callable[[dict[str, Any]], Any]
"""Asks who keeps the files, from a thread; HistoryError where nobody answers."""


class SharedHistory(History):
    """The history of a story's folder, here or in another process.

    `here` is None where there is no folder; `keeps` tells whether this process is the
    one that writes it now.
    """

    def __init__(
        self, here: History | None, keeps: Callable[[], bool], ask: Ask
    ) -> None:
        self._here, self._keeps, self._ask = here, keeps, ask

    def files(self, version: str | None = None) -> Files:
        """As `History.files`."""
        found = self._asked("files", version=version)
        content = {path: b64decode(data) for path, data in found["content"].items()}
        return Files(content, found["unread"], found["left_out"])

    def save(
        self,
        before: Mapping[str, str | None],
        after: Mapping[str, str | None],
        message: str,
        author: str,
        now: datetime,
    ) -> Version:
        """As `History.save`."""
        return _version(
            self._asked(
                "save",
                before=dict(before),
                after=dict(after),
                message=message,
                author=author,
                now=now.isoformat(),
            )
        )

    def log(
        self, limit: int = 20, before: str | None = None, path: str | None = None
    ) -> tuple[Version, ...]:
        """As `History.log`."""
        found = self._asked("log", limit=limit, before=before, path=path)
        return tuple(_version(one) for one in found)

    def undo(self, version: str) -> tuple[dict[str, str | None], dict[str, str | None]]:
        """As `History.undo`."""
        before, after = self._asked("undo", version=version)
        return before, after

    def recover(self) -> tuple[Version, ...]:
        """As `History.recover`; what others write is theirs to finish."""
        return self._here.recover() if self._here and self._keeps() else ()

    def _asked(self, what: str, **given: object) -> Any:  # noqa: ANN401 - JSON
        asked = {"what": what, **given}
        if self._here and self._keeps():
            told = carried_out(self._here, asked)
        else:
            told = self._ask(asked)
        if "changed" in told:
            raise ChangedError(tuple(told["changed"]))
        if "refused" in told:
            raise HistoryError(told["refused"])
        return told["found"]


def carried_out(history: History, asked: Mapping[str, Any]) -> dict[str, Any]:
    """What a history gives, or why it refuses, for whoever asked."""
    given = {key: value for key, value in asked.items() if key != "what"}
    try:
        return {"found": _DOES[asked["what"]](history, **given)}
    except ChangedError as error:
        return {"changed": list(error.paths)}
    except HistoryError as error:
        return {"refused": str(error)}


def _files(history: History, version: str | None) -> dict[str, Any]:
    found = history.files(version)
    coded = {path: b64encode(data).decode() for path, data in found.content.items()}
    rest = {"unread": dict(found.unread), "left_out": dict(found.left_out)}
    return {"content": coded, **rest}


def _save(history: History, now: str, **given: Any) -> dict[str, Any]:  # noqa: ANN401
    return _as_json(history.save(**given, now=datetime.fromisoformat(now)))


def _log(history: History, **given: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    return [_as_json(one) for one in history.log(**given)]


def _undo(history: History, version: str) -> list[dict[str, str | None]]:
    return list(history.undo(version))


_DOES: Mapping[str, Callable[..., object]] = {
    "files": _files,
    "save": _save,
    "log": _log,
    "undo": _undo,
}


def _as_json(one: Version) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": one.at.isoformat(),
        "author": one.author,
        "message": one.message,
        "paths": list(one.paths),
    }


def _version(value: Mapping[str, Any]) -> Version:
    at = datetime.fromisoformat(value["at"])
    rest = (value["author"], value["message"], tuple(value["paths"]))
    return Version(value["id"], at, *rest)
