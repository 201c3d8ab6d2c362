"""What can be made again, kept in files: a cache that is never trusted to be current.

A file's name is a hash of all that it was made from, so that it is either right or not
found. What it holds is data that its owner validates again; nothing in it is run.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

_KEPT: Final = 20
"""Files of each kind that are kept; older ones are deleted."""


class Shelf:
    """Files in one folder. Never raises: a folder that is None, or fails, is empty."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, kind: str, key: str) -> bytes | None:
        """What was put there under a kind and a key; None where there is nothing."""
        if self._folder is None:
            return None
        with suppress(OSError):
            return self._file(self._folder, kind, key).read_bytes()
        return None

    def put(self, kind: str, key: str, data: bytes) -> None:
        """Keep something as a whole or not at all, readable by its owner only."""
        if self._folder is None:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, name = tempfile.mkstemp(dir=self._folder, suffix=".tmp")
            try:
                with os.fdopen(handle, "wb") as stream:
                    stream.write(data)
                Path(name).replace(self._file(self._folder, kind, key))
            finally:
                Path(name).unlink(missing_ok=True)
            self._tidy(self._folder, kind)

    @staticmethod
    def _file(folder: Path, kind: str, key: str) -> Path:
        return folder / f"{kind}-{key}.json"

    @staticmethod
    def _tidy(folder: Path, kind: str) -> None:
        written = sorted(
            folder.glob(f"{kind}-*.json"), key=lambda one: one.stat().st_mtime
        )
        for old in written[:-_KEPT]:
            old.unlink(missing_ok=True)


def key_of(parts: Iterable[bytes]) -> str:
    """A hash of parts, in order, as 32 hexadecimal digits."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(b"%d\0" % len(part))
        digest.update(part)
    return digest.hexdigest()[:32]


@cache
def code_of(folder: Path) -> bytes:
    """A hash of the code and data of a package, by its folder."""
    files = [
        file
        for kind in ("py", "txt", "json")
        for file in sorted(folder.glob(f"*.{kind}"))
    ]
    return key_of(file.read_bytes() for file in files).encode()
