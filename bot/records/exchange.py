"""What processes over the same records hand each other: a story, and errands.

Whoever has a story's files puts them here as they are served, and the others serve them
from here. What only the files' keeper can do is an errand: asked here, answered here.
"""

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update

from bot.records.database import Database, put
from bot.records.tables import marks

_KEPT: Final = 2
"""Revisions that are kept: one may be read while the next is put there."""


@dataclass(frozen=True, slots=True)
class Common:
    """A story as it is served everywhere, from its `number`th change on.

    `key` tells these files from all others; `hidden` are ids that they hide or that the
    files as they are by now do, with the reasons.
    """

    number: int
    key: str
    content: Mapping[str, bytes]
    hidden: Mapping[str, str]


class Exchange:
    """A story's files for all processes, and what they ask of who keeps these."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def number(self, story: str) -> int:
        """The number of what is served; 0 where nothing is."""
        found = await self._database.read(lambda on: _read(on, _newest(story)))
        return int(found or 0)

    async def common(self, story: str) -> Common | None:
        """What is served; None where nothing is yet."""

        def work(on: Connection) -> tuple[int, str | None]:
            number = int(_read(on, _newest(story)) or 0)
            return number, _read(on, _files(story, number))

        number, found = await self._database.read(work)
        if found is None:
            return None
        value = json.loads(zlib.decompress(b64decode(found)))
        content = {path: b64decode(data) for path, data in value["content"].items()}
        return Common(number, value["key"], content, value["hidden"])

    async def serve(
        self,
        story: str,
        key: str,
        content: Mapping[str, bytes],
        hidden: Mapping[str, str],
    ) -> int:
        """Have files served everywhere; the number of that."""
        coded = {path: b64encode(data).decode() for path, data in content.items()}
        value = json.dumps({"key": key, "content": coded, "hidden": dict(hidden)})
        packed = b64encode(zlib.compress(value.encode())).decode()

        def work(on: Connection) -> int:
            number = int(_read(on, _newest(story)) or 0) + 1
            _write(on, _files(story, number), packed)
            _write(on, _newest(story), str(number))
            for old in range(max(0, number - _KEPT - 3), number - _KEPT + 1):
                on.execute(delete(marks).where(marks.c.name == _files(story, old)))
            return number

        return await self._database.write(work)

    async def ask(self, story: str, errand: str, what: Mapping[str, Any]) -> None:
        """Ask something of who keeps the files, under an id that nobody else uses."""
        value, name = json.dumps({"what": dict(what)}), _errand(story, errand)
        await self._database.write(lambda on: _write(on, name, value))

    async def asked(self, story: str) -> Mapping[str, Mapping[str, Any]]:
        """What is asked and not answered yet, by its id."""
        start = _errand(story, "")
        query = select(marks.c.name, marks.c.value).where(
            marks.c.name.startswith(start, autoescape=True)
        )
        rows = await self._database.read(lambda on: on.execute(query).all())
        found = {name.removeprefix(start): json.loads(value) for name, value in rows}
        return {one: value["what"] for one, value in found.items() if "what" in value}

    async def answer(self, story: str, errand: str, told: Mapping[str, Any]) -> None:
        """Answer what was asked, if anybody still waits for that."""
        value, name = json.dumps({"told": dict(told)}), _errand(story, errand)
        change = update(marks).where(marks.c.name == name).values(value=value)
        await self._database.write(lambda on: on.execute(change).close())

    async def answered(self, story: str, errand: str) -> Mapping[str, Any] | None:
        """The answer; None where there is none yet."""
        name = _errand(story, errand)
        found = await self._database.read(lambda on: _read(on, name))
        value: dict[str, Mapping[str, Any]] = json.loads(found) if found else {}
        return value.get("told")

    async def forget(self, story: str, errand: str) -> None:
        """Ask no longer, and forget the answer."""
        gone = delete(marks).where(marks.c.name == _errand(story, errand))
        await self._database.count(gone)


def _newest(story: str) -> str:
    return f"{story} served"


def _files(story: str, number: int) -> str:
    return f"{story} served {number}"


def _errand(story: str, errand: str) -> str:
    return f"{story} errand {errand}"


def _read(on: Connection, name: str) -> str | None:
    return on.scalar(select(marks.c.value).where(marks.c.name == name))


def _write(on: Connection, name: str, value: str) -> None:
    put(on, marks, ["name"], {"name": name, "value": value})
