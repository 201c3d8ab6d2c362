"""The connections to Discord, one a shard: how many, whose turn it is, and when not.

Discord names how many a bot needs, how many may identify at once, and how often a day.
Source: https://docs.discord.com/developers/events/gateway#sharding
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import aiohttp
import discord
import yarl
from discord.backoff import ExponentialBackoff
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.shard import EventItem, EventType, Shard

FIRST_PAUSE: Final = 1.0
"""Seconds before the second try to connect; each pause is twice the one before."""

MAX_PAUSE: Final = 30.0
"""Seconds: the longest pause."""

FEW: Final = 50
"""So few more times a day the bot does not connect: at none, its token is reset."""

IDENTIFY_SECONDS: Final = 5.0
"""Seconds in which only one shard of a bucket may identify."""

STEADY: Final = 60.0
"""Seconds after which a connection that is lost is the first of its row."""

_CONNECT_SECONDS: Final = 60.0
_PASSING: Final = (  # a ConnectionClosed is none: no retry helps
    discord.HTTPException,
    discord.GatewayNotFound,
    ReconnectWebSocket,
    aiohttp.ClientError,
    OSError,  # a timeout is one
)
_log = logging.getLogger(__name__)

Turn = Callable[[int], AbstractAsyncContextManager[object]]
"""What waits until nobody else of a bucket identifies, and keeps it so while open."""


class Shards(NamedTuple):
    """The shards that one process answers, of how many there are in all."""

    ids: tuple[int, ...]
    total: int


class ShardsError(discord.ClientException):
    """The bot cannot connect as it is. Its text is a sentence with the mend.

    `is_final`: no restart helps.
    """

    def __init__(self, why: str, *, is_final: bool) -> None:
        super().__init__(why)
        self.is_final = is_final


class _Shard(Shard):
    """A shard that goes on with its session, however its connection was lost.

    discord.py (2.7.1) begins a new one, in which nothing is told of what was asked
    meanwhile; and while one shard waits to try again, it has all others wait.
    """

    def __init__(
        self, ws: DiscordWebSocket, client: "Sharded", put: Callable[[object], None]
    ) -> None:
        super().__init__(ws, client, put)
        backoff: ExponentialBackoff[bool] = vars(self)["_backoff"]
        vars(backoff)["_max"] = 5  # at most 2^5 seconds
        self._waiting: asyncio.Task[None] | None = None
        self._free = 0.0  # when it may go on with its session, by the loop's clock
        self._pauses = _pauses()

    def hush(self) -> None:
        """Take nothing more."""
        self._cancel_task()

    async def reconnect(self) -> None:
        """Go on with the session."""
        self.ws.gateway = DiscordWebSocket.DEFAULT_GATEWAY  # the other may be gone
        await self.reidentify(
            ReconnectWebSocket(self.id, resume=self.ws.session_id is not None)
        )

    async def reidentify(self, exc: ReconnectWebSocket) -> None:
        """Go on with the session, or begin one; after a pause if the last was short.

        discord.py (2.7.1) tries again at once, a hundred times a second where Discord
        takes a connection and ends it.
        """
        now = asyncio.get_running_loop().time()
        if (left := self._free - now) > 0:
            self._cancel_task()
            _log.warning("shard %d connects again in %.1f s", self.id, left)
            self._waiting = asyncio.create_task(self._later(left, exc))
            return
        if now - self._free > STEADY:
            self._pauses = _pauses()
        self._free = now + next(self._pauses)
        await super().reidentify(exc)

    async def _later(self, seconds: float, exc: ReconnectWebSocket) -> None:
        await asyncio.sleep(seconds)
        kind = EventType.resume if exc.resume else EventType.identify
        self._queue_put(EventItem(kind, self, exc))

    async def _handle_disconnect(self, e: Exception) -> None:
        self._waiting = asyncio.create_task(super()._handle_disconnect(e))

    async def close(self) -> None:
        """Close the connection."""
        if self._waiting:
            self._waiting.cancel()
        await super().close()


class Sharded(discord.AutoShardedClient):
    """A client with as many connections as Discord says, or as many as it is told.

    Where `shards` are named, others answer in other processes. `turn` is how they all
    keep out of each other's way as they identify.
    """

    def __init__(
        self,
        shards: Shards | None,
        turn: Turn | None,
        **rest: Any,  # noqa: ANN401 - whatever discord.py takes
    ) -> None:
        total = shards.total if shards else 1  # or what Discord will say
        super().__init__(shard_count=total, **rest)
        self.shard_ids = list(shards.ids) if shards else None
        self._are_set = shards is not None
        locks = defaultdict[int, asyncio.Lock](asyncio.Lock)
        self._turn = turn or locks.__getitem__
        self._at_once = 1
        self._turns = set[asyncio.Task[None]]()

    @property
    def shard_numbers(self) -> Sequence[int]:
        """The shards that this process answers."""
        return self.shard_ids or range(self.shard_count or 1)

    async def login(self, token: str) -> None:
        """Log in.

        Raises:
            ShardsError: What answers there is not Discord.
        """
        try:
            await super().login(token)
        except (AttributeError, KeyError, TypeError):
            raise ShardsError(
                "What answers in Discord's place is not Discord; check the network, "
                "such as a proxy or a page to sign in at, then try again.",
                is_final=False,
            ) from None

    @property
    def _by_number(self) -> dict[int, _Shard]:
        found: dict[int, _Shard] = vars(self)["_AutoShardedClient__shards"]
        return found

    async def connect(self, *, reconnect: bool = True) -> None:
        """Connect, and stay connected, whether or not Discord answers at first.

        Once this is cancelled, nothing more is taken.

        Raises:
            ShardsError: There are too few shards, or hardly a start is left today.
        """
        await self._count()
        try:
            await super().connect(reconnect=reconnect)
        except discord.ConnectionClosed as error:
            if error.code == 4011:
                raise self._too_few() from error
            raise
        except asyncio.CancelledError:
            self.hush()
            raise

    def hush(self) -> None:
        """Take nothing more."""
        for shard in self._by_number.values():
            shard.hush()

    async def _count(self) -> None:
        """Ask Discord how many shards it wants, and whether another start is wise."""
        told: dict[str, int] = {}
        wanted = 1
        with suppress(KeyError, TypeError, ValueError):  # it did not say: one will do
            count, told = await self._asked()
            wanted = int(count)
            self._at_once = max(1, int(told["max_concurrency"]))
        if not self._are_set:
            self.shard_count = wanted
        elif wanted > (self.shard_count or 1):
            _log.warning(
                "Discord recommends %d shards; SHARD_COUNT is %s",
                wanted,
                self.shard_count,
            )
        left = told.get("remaining", FEW)
        if left < max(FEW, len(self.shard_numbers)) and "remaining" in told:
            soon = timedelta(milliseconds=told.get("reset_after", 0))
            again = datetime.now(UTC) + soon
            raise ShardsError(
                f"Discord lets this bot connect only {left} more times until "
                f"{again:%Y-%m-%d %H:%M} UTC, and then resets its token: it does not "
                "connect until then; find out why it restarts so often.",
                is_final=False,
            )

    async def _asked(self) -> tuple[int, dict[str, int]]:
        """The number of shards, and the limits of starts; tried until it is told."""
        pauses = _pauses()
        while True:
            try:
                count, _, limits = await self.http.get_bot_gateway()
            except discord.GatewayNotFound as error:
                cause = error.__cause__
                if isinstance(cause, discord.HTTPException) and cause.status < 500:
                    if cause.status in {401, 403, 429}:
                        raise cause from None
                    return 1, {}
                why = type(cause).__name__
            except (aiohttp.ClientError, OSError) as error:
                why = type(error).__name__
            else:
                return count, dict[str, Any](limits)
            _log.error("Discord does not say how to connect: %s", why)
            await asyncio.sleep(next(pauses))

    async def launch_shard(
        self, gateway: yarl.URL, shard_id: int, *, initial: bool = False
    ) -> None:
        """Connect a shard; tried again with growing pauses until that is done.

        discord.py (2.7.1) calls itself for each try, and tells each in 60 lines.
        """
        pauses = _pauses()
        while not self.is_closed():
            try:
                async with asyncio.timeout(_CONNECT_SECONDS):
                    found = await DiscordWebSocket.from_client(
                        self, initial=initial, gateway=gateway, shard_id=shard_id
                    )
            except _PASSING as error:
                why = type(error).__name__
            else:
                put = vars(self)["_AutoShardedClient__queue"].put_nowait
                shard = self._by_number[shard_id] = _Shard(found, self, put)
                shard.launch()
                return
            _log.error("shard %d cannot connect: %s", shard_id, why)
            await asyncio.sleep(next(pauses))

    async def before_identify_hook(
        self, shard_id: int | None, *, initial: bool = False
    ) -> None:
        """Wait for a shard's turn to identify, which lasts some seconds."""
        del initial
        stack = AsyncExitStack()
        await stack.enter_async_context(self._turn((shard_id or 0) % self._at_once))

        async def end() -> None:
            async with stack:
                await asyncio.sleep(IDENTIFY_SECONDS)

        task = asyncio.create_task(end())
        self._turns.add(task)
        task.add_done_callback(self._turns.discard)

    async def close(self) -> None:
        """Close all connections."""
        for task in self._turns:
            task.cancel()
        await super().close()

    def _too_few(self) -> ShardsError:
        """What to do where Discord wants more shards."""
        many = f"The bot is in more servers than {self.shard_count} shards may serve"
        if self._are_set:
            mend = "set SHARD_COUNT to more, the same in each of its processes"
        elif self.is_ready():
            why = f"{many}; start it again, and it asks Discord for more."
            return ShardsError(why, is_final=False)
        else:
            mend = "Discord named no more, so set SHARD_COUNT and SHARD_IDS"
        return ShardsError(f"{many}; {mend}.", is_final=True)


def _pauses() -> Iterator[float]:
    """The seconds to wait after each try, for ever."""
    pause = FIRST_PAUSE
    while True:
        yield pause
        pause = min(2 * pause, MAX_PAUSE)


async def channel_of(client: discord.Client, number: int) -> object:
    """A channel by its id, with its server: of Discord, where another shard has it.

    Raises:
        DiscordException: There is none, or the bot may not see it.
    """
    channel = client.get_channel(number) or await client.fetch_channel(number)
    if not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return channel
    if client.get_guild(channel.guild.id) or client.user is None:
        return channel
    guild = await client.fetch_guild(channel.guild.id)
    me = await guild.fetch_member(client.user.id)
    guild._add_member(me)  # pyright: ignore[reportPrivateUsage] # noqa: SLF001
    channel.guild = guild
    if isinstance(channel, discord.Thread):
        parent = await client.fetch_channel(channel.parent_id)
        if isinstance(parent, discord.abc.GuildChannel):
            guild._add_channel(parent)  # pyright: ignore # noqa: PGH003, SLF001
    return channel
