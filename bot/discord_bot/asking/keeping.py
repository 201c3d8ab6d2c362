"""What is asked of the records while people wait: never for long, and never in vain."""

import asyncio
import logging
from collections.abc import Awaitable
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from bot.records.values import RecordsError

_SOON: Final = 0.08  # seconds that an answer waits for the records
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class Keeping:
    """Asks the records; where they fail, an answer is given all the same."""

    def __init__(self) -> None:
        self._going = set[asyncio.Future[Any]]()  # else nothing would hold them

    async def soon(self, work: Awaitable[_T]) -> _T | None:
        """What the records give, as in `kept`; None, too, where they take too long.

        They are not interrupted, only no longer waited for.
        """
        going = asyncio.ensure_future(self.kept(work))
        self._going.add(going)
        going.add_done_callback(self._going.discard)
        try:
            async with asyncio.timeout(_SOON):
                return await asyncio.shield(going)
        except TimeoutError:
            _log.warning("the records take long; an answer does not wait for them")
            return None

    async def answered_soon(self) -> None:
        """Wait for what the records are still asked; not for long, either."""
        if self._going:
            await asyncio.wait(self._going, timeout=_SOON)

    @staticmethod
    async def kept(work: Awaitable[_T]) -> _T | None:
        """What the records give; None, and a line in the log, where they fail.

        An answer never waits for the records to be mended.
        """
        try:
            return await work
        except RecordsError as error:
            _log.error("records: %s", error)
            return None

    @staticmethod
    def now() -> datetime:
        """The time, for the records."""
        return datetime.now(UTC)
