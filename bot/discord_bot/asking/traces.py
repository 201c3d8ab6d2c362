"""What answers leave in the records: written together, once nobody waits for one."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from bot.discord_bot.asking.keeping import Keeping
from bot.records.records import Records
from bot.records.values import Day, Shown

LONGEST: Final = 1.0
"""Seconds that what was left waits for the end of a burst."""

_LOOK: Final = 0.02  # seconds between two looks whether it has ended

Said = tuple[Shown, int | None]
"""What a message shows, and who asked, where that is kept."""


@dataclass(slots=True)
class _Batch:
    shown: list[Said] = field(default_factory=list[Said])
    counted: list[Day] = field(default_factory=list[Day])
    written: asyncio.Task[None] | None = None


class Traces:
    """Writes what answers leave; `is_busy` tells whether more of them are to come.

    A transaction costs as much as the answer: in a burst, one is for all.
    """

    def __init__(
        self, records: Records, story: str, is_busy: Callable[[], bool]
    ) -> None:
        self._records, self._story, self._is_busy = records, story, is_busy
        self._open: _Batch | None = None

    async def leave(self, shown: Iterable[Said], counted: Iterable[Day]) -> None:
        """Have something written; where the records fail the log says so."""
        batch = self._open
        if batch is None:
            batch = self._open = _Batch()
            batch.written = asyncio.create_task(self._write(batch))
        batch.shown += shown
        batch.counted += counted
        if batch.written:
            await asyncio.shield(batch.written)

    def forget(self, is_meant: Callable[[Shown, int | None], bool]) -> None:
        """Have what is meant not be written, where it was not yet."""
        if self._open:
            kept = [one for one in self._open.shown if not is_meant(*one)]
            self._open.shown = kept

    async def _write(self, batch: _Batch) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + LONGEST
        while self._is_busy() and loop.time() < until:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(_LOOK)
        self._open = None
        if batch.shown:
            await Keeping.kept(self._records.shown.note_all(batch.shown))
        if batch.counted:
            await Keeping.kept(self._records.days.add(self._story, batch.counted))
