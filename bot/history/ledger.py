"""A story's past where there is no git: files of ours that only ever grow.

`versions.jsonl` has one version a line, oldest first. `texts/` has each text that a
version found or left, under the hash of its bytes, compressed (gzip) so that people can
read them, too. Those of earlier versions of ours are as they were.
"""

import gzip
import json
import re
import zlib
from contextlib import AbstractContextManager, nullcontext, suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from bot.history import atomic
from bot.history.versions import Change, HistoryError, Texts, Version, checked_id
from bot.story.files import MAX_BYTES, Files, decoded, encoded

_DIGITS: Final = 16
_HASH: Final = re.compile("[0-9a-f]{64}")


class Ledger:
    """The past in a folder of ours, with the methods that a `Repository` has."""

    def __init__(self, story: Path, kept: Path) -> None:
        self._story = story
        self._kept = kept
        self._file = kept / "versions.jsonl"

    def hold(self) -> AbstractContextManager[None]:
        """Nothing: no other program changes it."""
        return nullcontext()

    def tidy(self, *, killed: bool) -> None:
        """Nothing: no other program trips over it."""

    def prepare(self, change: Change) -> str:
        """Keep the texts; the line comes last."""
        self._kept.mkdir(parents=True, exist_ok=True, mode=0o700)
        for text in (*change.before.values(), *change.after.values()):
            if text is None:
                continue
            compressed, plain = self._places(_hash(text))
            if not (compressed.exists() or plain.exists()):
                atomic.write(compressed, gzip.compress(encoded(text), mtime=0))
        previous = next(reversed(self._changes()), "")
        about = f"{previous}{change.as_json(_hash)}"
        return sha256(about.encode()).hexdigest()[:_DIGITS]

    def commit(self, change: Change, version: str) -> None:
        """Add the version's line. A line that was cut short is written over."""
        if not self.has(version):
            line = json.dumps({"id": version, **change.as_json(_hash)})
            lines = [*self._lines(), line.encode(), b""]
            atomic.write(self._file, b"\n".join(lines))

    def has(self, version: str) -> bool:
        """Whether it has a line."""
        return version in self._changes()

    def files(self, version: str) -> dict[str, str]:
        """As they were; files that no version had changed by then are as they are."""
        changes = self._changes()
        at = list(changes).index(self._whole(version)) + 1
        hashes: dict[str, str | None] = {}
        for change in reversed(list(changes.values())[at:]):
            hashes |= change.before
        for change in list(changes.values())[:at]:
            hashes |= change.after
        texts = {**Files.read(self._story).texts, **self._read(hashes)}
        return {path: text for path, text in sorted(texts.items()) if text is not None}

    def log(
        self, limit: int, before: str | None, path: str | None
    ) -> tuple[Version, ...]:
        """The versions; where a hand edited files, there is none of that."""
        changes = self._changes()
        end = None if before is None else list(changes).index(self._whole(before))
        found = [
            change.version(version)
            for version, change in list(changes.items())[:end]
            if path is None or path in change.after
        ]
        return tuple(found[::-1][:limit])

    def change(self, version: str) -> tuple[Version, Texts, Texts]:
        """A version's texts."""
        version = self._whole(version)
        change = self._changes()[version]
        return (
            change.version(version),
            self._read(change.before),
            self._read(change.after),
        )

    def _whole(self, version: str) -> str:
        """A version's id, from the first four or more digits of it."""
        found = [one for one in self._changes() if one.startswith(version)]
        if len(found) != 1 or len(version) < 4:
            raise HistoryError(
                f"the story's history has no version '{version}'; look at its history"
            )
        return found[0]

    def _changes(self) -> dict[str, Change]:
        """Each version's change, oldest first, with the hashes of texts for texts.

        A line that a disk or a hand spoiled is none.
        """
        found: dict[str, Change] = {}
        for line in self._lines():
            try:
                value = json.loads(line)
                found[checked_id(value["id"])] = Change.of_json(value)
            except (ValueError, TypeError, KeyError):
                continue
        return found

    def _lines(self) -> list[bytes]:
        """The lines; a last one without its end is none."""
        try:
            return self._file.read_bytes().split(b"\n")[:-1]
        except FileNotFoundError:
            return []

    def _read(self, hashes: Texts) -> dict[str, str | None]:
        return {
            path: None if name is None else self._text(name)
            for path, name in hashes.items()
        }

    def _text(self, name: str) -> str:
        # A hand may have been in the line or the file, as either may come from a
        # stranger's backup: no other file is read for a text, and no more than one has.
        for place in self._places(name) if _HASH.fullmatch(name) else ():
            with suppress(FileNotFoundError, EOFError, gzip.BadGzipFile, zlib.error):
                with gzip.open(place) if place.suffix else place.open("rb") as stream:
                    data = stream.read(MAX_BYTES)
                if sha256(data).hexdigest() == name:
                    return decoded(data)
        raise HistoryError(
            f"the story's history has lost the text '{name}'; restore a backup"
        )

    def _places(self, name: str) -> tuple[Path, Path]:
        """Where a text is by its hash: compressed, or as an earlier version kept it."""
        plain = self._kept / "texts" / name
        return plain.with_suffix(".gz"), plain


def _hash(text: str) -> str:
    return sha256(encoded(text)).hexdigest()
