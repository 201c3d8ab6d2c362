"""The bot's state as its event loop last told it, for whoever asks from another thread.

The loop tells it each second, and so shows that it runs: where it hangs, no new beat
comes, and neither probes nor systemd are told that all is well.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from bot.lane import beside
from bot.operating.metrics import Gateway, Metrics, Served
from bot.operating.systemd import notify, watchdog_seconds

BEAT: Final = 1.0
"""Seconds between two beats."""

HANGS: Final = 20.0
"""Seconds without a beat after which the loop counts as hung."""

LOOK: Final = 10.0
"""Seconds between two looks at the records, and how long one may take."""

Look = Callable[[], tuple[Gateway, Served]]
"""What the state of the connections is now, and which story is served."""

Try = Callable[[], Awaitable[str]]
"""Why the records cannot be read now; "" where they can."""


class Pulse:
    """What was told last. Nothing yet: the bot is being started."""

    def __init__(
        self, metrics: Metrics, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.metrics = metrics
        self.gateway: Gateway | None = None
        self.served: Served | None = None
        self._records = "not opened yet"
        self._clock = clock
        self._last: float | None = None

    @asynccontextmanager
    async def beating(self, look: Look, try_records: Try) -> AsyncGenerator[None]:
        """Go on telling while the context is open; systemd, too, where it asked."""
        notify("READY=1")
        try:
            async with beside(self._look_on(try_records)), beside(self._beat(look)):
                yield
        finally:
            self._last = None
            notify("STOPPING=1")

    async def _beat(self, look: Look) -> None:
        every = watchdog_seconds()
        told = self._clock()
        while True:
            self.gateway, self.served = look()
            self._last = now = self._clock()
            if every is not None and now >= told + every:
                told = now
                notify("WATCHDOG=1")
            await asyncio.sleep(BEAT)
            self.metrics.lagged(max(0.0, self._clock() - now - BEAT))

    async def _look_on(self, try_records: Try) -> None:
        while True:
            try:
                async with asyncio.timeout(LOOK):
                    self._records = await try_records()
            except TimeoutError:
                self._records = f"no answer for {LOOK:g} seconds"
            await asyncio.sleep(LOOK)

    def hangs(self) -> str:
        """For how long there was no beat, where that is too long; else ""."""
        if self._last is None:
            return ""
        seconds = self._clock() - self._last
        return f"no beat for {seconds:.0f} seconds" if seconds > HANGS else ""

    def lacks(self) -> dict[str, str]:
        """Each thing that answering needs, and what is wrong with it; "" where nothing.

        >>> Pulse(Metrics()).lacks()["story"]
        'it is being built'
        """
        shards = self.gateway.shards if self.gateway else ()
        away = [str(one.shard) for one in shards if not one.connected]
        gateway, story = "not connected yet", "it is being built"
        if self.gateway:
            gateway = f"not connected: shard {', '.join(away)}" if away else ""
        if self.served:
            story = "" if self.served.story.entries else "it has no entries"
        return {
            "loop": self.hangs(),
            "gateway": gateway,
            "story": story,
            "records": self._records,
        }
