"""What answers leave in the records: written together, once nobody waits for one."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, repeat
from typing import Final

from bot.records.questions import Missing
from bot.records.records import Records
from bot.records.values import Day, RecordsError, Shown, UnfitError

LONGEST: Final = 1.0
"""Seconds that what was left waits for the end of a burst.

So much is lost where the bot is killed in one: nobody corrects those answers.
"""

MOST: Final = 10_000
"""Answers, questions and deleted messages that wait for records which fail."""

_LOOK: Final = 0.02  # seconds between two looks whether it has ended
_PATIENCE: Final = 2.0  # seconds that who left something waits for it
_AGAIN: Final = (1.0, 2.0, 5.0, 10.0, 30.0)  # seconds before each new try

_log = logging.getLogger(__name__)

Said = tuple[Shown, int | None]
"""What a message shows, and who asked, where that is kept."""


@dataclass(slots=True)
class _Left:
    """What is to be written, in this order: a message may be shown anew."""

    gone: list[int] = field(default_factory=list[int])
    shown: list[Said] = field(default_factory=list[Said])
    counted: Counter[tuple[date, str, str]] = field(
        default_factory=Counter[tuple[date, str, str]]
    )
    missing: list[Missing] = field(default_factory=list[Missing])

    def __bool__(self) -> bool:
        return bool(self.gone or self.shown or self.counted or self.missing)

    def add(self, later: "_Left") -> int:
        """Add what was left later; how much of the oldest is too much to be kept."""
        lost = 0
        self.counted += later.counted
        for name in ("gone", "shown", "missing"):
            every = [*getattr(self, name), *getattr(later, name)]
            setattr(self, name, every[-MOST:])
            lost += max(0, len(every) - MOST)
        return lost


class Traces:
    """Writes what answers leave; `is_busy` tells whether more of them are to come.

    A transaction costs as much as the answer: in a burst, one is for all. Where the
    records fail, it is tried again until they no longer do.
    """

    def __init__(
        self, records: Records, story: str, is_busy: Callable[[], bool]
    ) -> None:
        self._records, self._story, self._is_busy = records, story, is_busy
        self._open = self._left = _Left()
        self._written: asyncio.Task[None] | None = None  # once all that is open is
        self._under_way = set[asyncio.Task[None]]()
        self._turn = asyncio.Lock()
        self._again: asyncio.Task[None] | None = None

    async def leave(
        self,
        shown: Iterable[Said] = (),
        counted: Iterable[Day] = (),
        missing: Iterable[Missing] = (),
    ) -> None:
        """Have something written; where the records fail, once they no longer do.

        Where they take long, they are not waited for.
        """
        written = self._begin()
        self._open.shown += shown
        self._open.missing += missing
        for one in counted:
            self._open.counted[one.day, one.what, one.subject] += one.count
        await asyncio.wait([written], timeout=_PATIENCE)

    def gone(self, message: int) -> None:
        """Have what a message showed be deleted, as it no longer does."""
        self.forget(lambda shown, _: shown.message.id == message)
        self._begin()
        self._open.gone.append(message)

    async def end(self) -> None:
        """Have all that was left be written, whoever still waits for an answer."""
        self._is_busy = lambda: False
        self._begin()
        await self.settled()
        if self._again:
            self._again.cancel()
        if self._left or self._written:
            _log.error("records: what the last answers left is lost")

    async def settled(self) -> None:
        """Wait for what is being written: it cannot be forgotten before it is there."""
        if self._under_way:
            await asyncio.wait(self._under_way, timeout=LONGEST)

    def forget(self, is_meant: Callable[[Shown, int | None], bool]) -> None:
        """Have what is meant not be written, where it was not yet."""
        for batch in (self._open, self._left):
            batch.shown = [one for one in batch.shown if not is_meant(*one)]

    def _begin(self) -> "asyncio.Task[None]":
        """What is done once all that is open is written, or could not be."""
        if self._written is None:
            self._open = _Left()
            self._written = asyncio.create_task(self._burst())
            self._under_way.add(self._written)
            self._written.add_done_callback(self._under_way.discard)
        return self._written

    async def _burst(self) -> None:
        """Write what is open, after what was left before, once a burst has ended."""
        loop = asyncio.get_running_loop()
        until = loop.time() + LONGEST
        while self._is_busy() and loop.time() < until:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(_LOOK)
        async with self._turn:
            self._written = None
            if lost := self._left.add(self._open):
                _log.error("records: %d of what answers left is lost", lost)
            try:
                await self._take()
            except RecordsError as error:
                self._failed(error)
                return
        if self._again:
            _log.info("records: what answers left meanwhile is written")
            self._again.cancel()
            self._again = None

    def _failed(self, error: RecordsError) -> None:
        if self._again is None:
            _log.error("records: %s What answers leave is kept till then.", error)
            self._again = asyncio.create_task(self._try_again())

    async def _try_again(self) -> None:
        for pause in chain(_AGAIN, repeat(_AGAIN[-1])):
            await asyncio.sleep(pause)
            await asyncio.shield(self._begin())

    async def _take(self) -> None:
        """Write what is left, and empty it of that, as far as the records take it."""
        left, kept = self._left, self._records
        if left.gone:
            await _fit(kept.shown.forget(*left.gone))
            left.gone = []
        if left.shown:
            await _fit(kept.shown.note_all(left.shown))
            left.shown = []
        if left.counted:
            days = [Day(*key, count) for key, count in left.counted.items()]
            await _fit(kept.days.add(self._story, days))
            left.counted.clear()
        if left.missing:
            await _fit(kept.questions.note_all(self._story, left.missing))
            left.missing = []


async def _fit(work: Awaitable[object]) -> None:
    """Have something be written, unless it is no such thing as can be."""
    try:
        await work
    except UnfitError as error:
        _log.error("records: %s", error)
