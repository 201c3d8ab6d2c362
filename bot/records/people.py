"""People as keyed hashes: what someone did can be found again, but not who did it."""

import hmac
import json
import secrets
from collections.abc import Iterable
from typing import Final

MIN_SECRET: Final = 16
"""Characters of a secret: user ids are few enough to be tried with all short ones."""


class People:
    """Turns people into hashes (HMAC-SHA256), with a key that only the bot has.

    A hash is bound to what it is about: without the key nobody can tell that two of
    them are of one person, so no history of a person can be put together.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, person: int, *about: str | int) -> bytes:
        """The hash of a person, by their id, in what it is about; 32 bytes."""
        return self._digest([*about, person])

    def find(
        self, person: int, what: str, rows: Iterable[tuple[int, int, bytes | None]]
    ) -> list[int]:
        """The first of each row whose hash is the person's, in `what` of its second.

        >>> people = People(b"key")
        >>> rows = [(1, 20, people.of(7, "report", 20)), (2, 20, b"")]
        >>> people.find(7, "report", rows)
        [1]
        """
        key, digest, after = self._key, hmac.digest, f", {person}]"
        before = f"[{json.dumps(what)}, "
        return [
            number
            for number, about, known in rows
            if digest(key, f"{before}{about}{after}".encode(), "sha256") == known
        ]

    def mark(self) -> bytes:
        """What tells this key from others, and tells nothing else of it; 32 bytes."""
        return self._digest(["mark"])

    def _digest(self, message: list[str | int]) -> bytes:
        return hmac.digest(self._key, json.dumps(message).encode(), "sha256")


def new_key() -> bytes:
    """A key that nobody can guess."""
    return secrets.token_bytes(32)
