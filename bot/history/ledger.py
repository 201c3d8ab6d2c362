"""A story's past where there is no git: files of ours that only ever grow.

`versions.jsonl` has one version a line, oldest first. `texts/` has each text that a
version found or left, under the hash of its bytes, so that people can read them, too.
"""

import hashlib
import json
import os
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bot.history import atomic
from bot.history.versions import Change, HistoryError, Texts, Version
from bot.story.files import Files, decoded

_DIGITS: Final = 16

Hashes = Mapping[str, str | None]
"""Paths, each with the name of its text below `texts/`; None means no such file."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A version, and where its texts are."""

    version: Version
    before: Hashes
    after: Hashes


class Ledger:
    """The past in a folder of ours. See `Past` for what each method does."""

    def __init__(self, story: Path, kept: Path) -> None:
        self._story = story
        self._file = kept / "versions.jsonl"
        self._texts = kept / "texts"

    @contextmanager
    def hold(self) -> Generator[None]:
        """Nothing: no other program changes it."""
        yield

    def tidy(self, *, killed: bool) -> None:
        """Nothing: no other program trips over it."""

    def prepare(self, change: Change) -> str:
        """Keep the texts; the line comes last."""
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        for texts in (change.before, change.after):
            for text in texts.values():
                if text is not None and not self._place(_hash(text)).exists():
                    atomic.write(self._place(_hash(text)), atomic.encoded(text))
        lines = self._lines()
        previous = lines[-1].version.id if lines else ""
        return hashlib.sha256(f"{previous}{_about(change)}".encode()).hexdigest()[
            :_DIGITS
        ]

    def commit(self, change: Change, version: str) -> None:
        """Add the version's line. A line that was cut short is written over."""
        if self.has(version):
            return
        line = json.dumps({"id": version, **_about(change)}).encode() + b"\n"
        with self._file.open("a+b") as stream:
            stream.seek(0)
            whole = stream.read().rfind(b"\n") + 1
            stream.truncate(whole)
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
        atomic.sync(self._file.parent)

    def has(self, version: str) -> bool:
        """Whether it has a line."""
        return any(line.version.id == version for line in self._lines())

    def files(self, version: str) -> dict[str, str]:
        """As they were; files that no version had changed by then are as they are."""
        lines = self._lines()
        at = lines.index(self._line(lines, version)) + 1
        known: dict[str, str | None] = {**Files.read(self._story).texts}
        for line in reversed(lines[at:]):
            known |= self._read(line.before)
        for line in lines[:at]:
            known |= self._read(line.after)
        return {
            path: known[path] or "" for path in sorted(known) if known[path] is not None
        }

    def log(
        self, limit: int, before: str | None, path: str | None
    ) -> tuple[Version, ...]:
        """The versions; where a hand edited files, there is none of that."""
        lines = self._lines()
        if before is not None:
            lines = lines[: lines.index(self._line(lines, before))]
        found = [one.version for one in lines if path is None or path in one.after]
        return tuple(found[::-1][:limit])

    def change(self, version: str) -> tuple[Version, Texts, Texts]:
        """A version's texts."""
        line = self._line(self._lines(), version)
        return line.version, self._read(line.before), self._read(line.after)

    @staticmethod
    def _line(lines: list[_Line], version: str) -> _Line:
        """The version's line, by its id or the first four or more digits of it."""
        found = [line for line in lines if line.version.id.startswith(version)]
        if len(found) != 1 or len(version) < 4:
            raise HistoryError(
                f"the story's history has no version '{version}'; look at its history"
            )
        return found[0]

    def _lines(self) -> list[_Line]:
        """Every version, oldest first. A last line without its end is none."""
        try:
            written = self._file.read_bytes()
        except FileNotFoundError:
            return []
        return [
            line for text in written.split(b"\n")[:-1] if (line := _read_line(text))
        ]

    def _read(self, hashes: Hashes) -> dict[str, str | None]:
        return {
            path: None if name is None else self._text(name)
            for path, name in hashes.items()
        }

    def _text(self, name: str) -> str:
        try:
            return decoded(self._place(name).read_bytes())
        except FileNotFoundError as error:
            raise HistoryError(
                f"the story's history has lost the text '{name}'; restore a backup"
            ) from error

    def _place(self, name: str) -> Path:
        return self._texts / name


def _hash(text: str) -> str:
    return hashlib.sha256(atomic.encoded(text) or b"").hexdigest()


def _about(change: Change) -> dict[str, object]:
    return {
        "at": change.at.isoformat(),
        "author": change.author,
        "message": change.message,
        "before": {
            path: None if text is None else _hash(text)
            for path, text in change.before.items()
        },
        "after": {
            path: None if text is None else _hash(text)
            for path, text in change.after.items()
        },
    }


def _read_line(text: bytes) -> _Line | None:
    """A line's version; None where a disk or a hand spoiled it."""
    try:
        value = json.loads(text)
        version = Version(
            value["id"],
            datetime.fromisoformat(value["at"]),
            value["author"],
            value["message"],
            tuple(value["after"]),
        )
        return _Line(version, value["before"], value["after"])
    except (ValueError, TypeError, KeyError):
        return None
