"""What of the bot's dealings with Discord is counted, for whoever counts it."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import SimpleNamespace
from typing import Final, Protocol

import aiohttp
from discord.utils import snowflake_time

_CALLBACK: Final = re.compile(r"/interactions/(\d+)/[^/]+/callback$")
_SWITCHED: Final = 101  # to a gateway's protocol


class Counts(Protocol):
    """What is told of each thing as it happens."""

    def acknowledged(self, kind: str, seconds: float) -> None:
        """Something was acknowledged, so long after it happened in Discord.

        `kind` is `interaction`, for which Discord waits three seconds, or `message`.
        """
        ...

    def requested(self, status: int) -> None:
        """Discord answered a request with a status; 0: it did not."""
        ...

    def limited(self, whose: str) -> None:
        """A limit was reached: whose, as in `rate_limits`."""
        ...

    def connected(self, shard: int, *, resumed: bool) -> None:
        """A shard began a session, or went on with its last one."""
        ...

    def purged(self) -> None:
        """What was too old was deleted."""
        ...


class Uncounted:
    """Counts nothing."""

    def acknowledged(self, kind: str, seconds: float) -> None:
        """Do nothing."""

    def requested(self, status: int) -> None:
        """Do nothing."""

    def limited(self, whose: str) -> None:
        """Do nothing."""

    def connected(self, shard: int, *, resumed: bool) -> None:
        """Do nothing."""

    def purged(self) -> None:
        """Do nothing."""


def since(identity: int) -> float:
    """Seconds since what has this id happened in Discord, as far as clocks agree."""
    return max(0.0, (datetime.now(UTC) - snowflake_time(identity)).total_seconds())


def tracing(
    counts: Counts, told_time: Callable[[datetime], None]
) -> aiohttp.TraceConfig:
    """What tells of each request to Discord, and how late an acknowledgement was.

    `told_time` is told what time it is for Discord.
    """

    async def ended(
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        told: aiohttp.TraceRequestEndParams,
    ) -> None:
        status = told.response.status
        if status == _SWITCHED:
            return
        counts.requested(status)
        with suppress(ValueError):
            told_time(parsedate_to_datetime(told.response.headers.get("Date", "")))
        found = _CALLBACK.search(told.url.path)
        if found and status < 300:
            counts.acknowledged("interaction", since(int(found[1])))

    async def failed(
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        _told: aiohttp.TraceRequestExceptionParams,
    ) -> None:
        counts.requested(0)

    trace = aiohttp.TraceConfig()
    trace.on_request_end.append(ended)
    trace.on_request_exception.append(failed)
    return trace
