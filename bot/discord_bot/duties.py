"""What one process does for all: nobody else answers its shards, and one of them leads.

Who leads purges what is old, and tells people of answers. Locks in the records say who
it is; they are gone with a process, however it ends, and another leads seconds later.
Of those that have the story's files, one keeps them: it alone writes them.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from hashlib import sha256
from typing import Final

from bot.discord_bot.asking.app import App
from bot.discord_bot.outage import Outage
from bot.discord_bot.sharding import Shards
from bot.records.locks import Locks, me
from bot.records.records import Records
from bot.records.values import RecordsError

EVERY: Final = 2.0
"""Seconds between two looks at whether the locks are still ours."""

PATIENCE: Final = 10.0
"""Seconds in which another process may still end, that answers the same shards."""

_log = logging.getLogger(__name__)


class TakenError(Exception):
    """Another process answers the same shards. Its text is a sentence with the mend."""


class Duties:
    """The locks of this process.

    `shards` of None are all that there are, in this process.
    """

    def __init__(
        self,
        records: Records,
        token: str,
        shards: Shards | None,
        *,
        has_files: bool = True,
    ) -> None:
        self._bot = sha256(token.encode()).hexdigest()[:16]
        self._shards, self._has_files = shards, has_files
        self._note = f", of {shards.total} shards" if shards else ""
        self._locks: Locks = records.locks(me(self._note))
        self._buckets = defaultdict[int, asyncio.Lock](asyncio.Lock)
        self._runs: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def held(self) -> AsyncGenerator["Duties"]:
        """Have the locks of the shards while the context is open.

        Raises:
            TakenError: Another process has one of them, and goes on to.
            RecordsError: The database fails.
        """
        try:
            await self._take(PATIENCE)
            yield self
        finally:
            if self._runs:
                self._runs.cancel()
                with suppress(asyncio.CancelledError, TakenError):
                    await self._runs
            await self._locks.close()

    def begin(self, app: App) -> asyncio.Task[None]:
        """Keep the locks, and lead where nobody else does.

        `app.leads` tells whether it does, `app.keeps` whether it keeps the files, too.
        The task ends with TakenError once another process has the locks of the shards.
        """
        app.leads = app.keeps = self._shards is None
        self._runs = asyncio.create_task(self._run(app))
        return self._runs

    @asynccontextmanager
    async def turn(self, bucket: int) -> AsyncGenerator[None]:
        """Wait until no other shard of a bucket identifies, in any process."""
        async with self._buckets[bucket]:
            name = f"{self._bot} identify {bucket}"
            is_ours = False
            with suppress(RecordsError):  # Discord refuses, then, whoever is too early
                while self._shards and not is_ours:
                    is_ours = await self._locks.take(name)
                    await asyncio.sleep(0 if is_ours else 0.1)
            try:
                yield
            finally:
                with suppress(RecordsError):
                    if is_ours:
                        await self._locks.give(name)

    async def _run(self, app: App) -> None:
        outage = Outage()
        while True:
            try:
                if await self._locks.lost():
                    app.leads = app.keeps = self._shards is None
                    await self._take(PATIENCE)
                if not app.leads and await self._locks.take(f"{self._bot} leads"):
                    app.leads = True
                    _log.info("this process leads: it purges, and tells people")
                if self._has_files and not app.keeps:
                    app.keeps = await self._locks.take(f"{self._bot} keeps")
                outage.over()
            except RecordsError as error:
                app.leads = app.keeps = self._shards is None
                outage.failed(error)
            await asyncio.sleep(EVERY)

    async def _take(self, patience: float) -> None:
        """Take the locks of all shards; wait a while for who is about to end."""
        until = asyncio.get_running_loop().time() + patience
        while (taken := await self._taken()) is not None:
            if asyncio.get_running_loop().time() >= until:
                raise TakenError(
                    f"Another process answers for this bot already: {taken}; stop it "
                    "first, or give each SHARD_IDS of its own."
                )
            await asyncio.sleep(0.5)

    async def _taken(self) -> str | None:
        """Who has one of our locks; None where they are ours now."""
        shards, every = self._shards, f"{self._bot} answers"
        if not await self._locks.take(every, shared=shards is not None):
            return await self._who(every)
        if shards is None:
            return None
        for one in await self._locks.holders(every):
            if not one.who.endswith(self._note):
                await self._locks.give(every)
                return f"{one.who}, since {one.since}"
        for number in shards.ids:
            name = f"{every} {number}"
            if not await self._locks.take(name):
                who = await self._who(name)
                await self._locks.close()
                return who
        return None

    async def _who(self, name: str) -> str:
        holders = await self._locks.holders(name)
        told = [f"{one.who}, since {one.since}" for one in holders]
        return "; ".join(told) or "a process that is not to be seen"
