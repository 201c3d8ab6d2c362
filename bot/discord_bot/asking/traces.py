"""What answers leave in the records: written together, once nobody waits for one."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

from bot.records.records import Records
from bot.records.values import Day, RecordsError, Shown

LONGEST: Final = 1.0
"""Seconds that what was left waits for the end of a burst.

So much is lost where the bot is killed in one: nobody corrects those answers.
"""

_MOST: Final = 10_000  # that are remembered of what the records did not take
_LOOK: Final = 0.02  # seconds between two looks whether it has ended

_log = logging.getLogger(__name__)

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
        self._left = _Batch()  # what the records did not take, for the next time
        self._under_way = set[asyncio.Task[None]]()

    async def leave(self, shown: Iterable[Said], counted: Iterable[Day]) -> None:
        """Have something written; where the records fail, once they no longer do."""
        batch = self._open
        if batch is None:
            batch = self._open = _Batch()
            batch.written = asyncio.create_task(self._write(batch))
            self._under_way.add(batch.written)
            batch.written.add_done_callback(self._under_way.discard)
        batch.shown += shown
        batch.counted += counted
        if batch.written:
            await asyncio.shield(batch.written)

    async def end(self) -> None:
        """Have all that was left be written, whoever still waits for an answer."""
        self._is_busy = lambda: False
        await self.settled()

    async def settled(self) -> None:
        """Wait for what is being written: it cannot be forgotten before it is there."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LONGEST)

    def forget(self, is_meant: Callable[[Shown, int | None], bool]) -> None:
        """Have what is meant not be written, where it was not yet."""
        for batch in (self._open, self._left):
            if batch:
                batch.shown = [one for one in batch.shown if not is_meant(*one)]

    async def _write(self, batch: _Batch) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + LONGEST
        while self._is_busy() and loop.time() < until:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(_LOOK)
        self._open = None
        if not await self._take(batch):
            self._left.shown = [*self._left.shown, *batch.shown][-_MOST:]
            self._left.counted = [*self._left.counted, *batch.counted][-_MOST:]
        elif self._left.shown or self._left.counted:
            left, self._left = self._left, _Batch()
            # If it fails now, what was left is at fault, not the records.
            await self._take(left)

    async def _take(self, batch: _Batch) -> bool:
        """Write what is in a batch, and empty it of that; whether all could be."""
        try:
            if batch.shown:
                await self._records.shown.note_all(batch.shown)
                batch.shown = []
            if batch.counted:
                await self._records.days.add(self._story, batch.counted)
                batch.counted = []
        except RecordsError as error:
            _log.error("records: %s", error)
            return False
        return True
