"""The connection to Discord: its state, and what comes that cannot be read."""

import json
import logging
import math
import re
import zlib
from contextlib import suppress
from typing import Any, Final, NamedTuple

import aiohttp
import yarl
from discord import http
from discord.asset import Asset
from discord.gateway import DiscordWebSocket, ReconnectWebSocket
from discord.http import Route
from discord.webhook import async_

from bot.discord_bot.sharding import Sharded

_UNREADABLE: Final = (
    AttributeError,
    IndexError,
    KeyError,
    RecursionError,
    TypeError,
    ValueError,
)
_log = logging.getLogger(__name__)


class Connection(NamedTuple):
    """Whether a shard's messages arrive, and its last heartbeat's seconds.

    `latency` is None before the first heartbeat was answered.
    """

    shard: int
    connected: bool = False
    latency: float | None = None


class State(NamedTuple):
    """The connection of each shard of this process, and how many servers they have."""

    shards: tuple[Connection, ...]
    servers: int

    @property
    def connected(self) -> bool:
        """Whether all messages arrive that this process is to answer."""
        return all(one.connected for one in self.shards)


def state(client: Sharded) -> State:
    """The state of a client's connections. Never raises."""
    # `is_ready` stays true while a lost connection is being made again.
    is_up = client.is_ready() and not client.is_closed()
    there = client.shards if is_up else {}
    latencies = dict(client.latencies) if is_up else {}
    found: list[Connection] = []
    for number in client.shard_numbers:
        is_open = number in there and not there[number].is_closed()
        latency = latencies[number] if is_open else math.nan
        known = latency if math.isfinite(latency) else None
        found.append(Connection(number, is_open, known))
    return State(tuple(found), len(client.guilds))


class Addresses(NamedTuple):
    """Where Discord's API, gateway and files are reached; None: where Discord says."""

    api: str | None = None
    gateway: str | None = None
    cdn: str | None = None


def reach(addresses: Addresses) -> None:
    """Have all clients of this process reach Discord there, such as by a proxy.

    A connection that was lost is made again there, too, not where Discord says.
    """
    if addresses.api:
        Route.BASE = addresses.api
    if addresses.gateway:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(addresses.gateway)
    if addresses.cdn:
        Asset.BASE = addresses.cdn  # pyright: ignore[reportAttributeAccessIssue]


def be_lenient() -> None:
    """Have discord.py go on after what it cannot read.

    Such an event else ends the bot. Such an answer, as a page of whoever stands before
    Discord, is a connection that failed: what was asked is asked again where that is
    safe.
    """
    DiscordWebSocket.received_message = _received
    http.json_or_text = _answered
    async_.json_or_text = _answered  # pyright: ignore[reportPrivateImportUsage]


_read = DiscordWebSocket.received_message
_read_answer = http.json_or_text
_DISCORDS: Final = DiscordWebSocket.DEFAULT_GATEWAY


async def _received(self: DiscordWebSocket, msg: str | bytes, /) -> None:
    """Read what came; the log is told the type of what cannot be read, not its text.

    Of a stream whose packing is broken nothing more can be read: it is begun again.
    """
    text = ""
    try:
        if isinstance(msg, bytes):
            unpacked = self._decompressor.decompress(msg)  # pyright: ignore[reportPrivateUsage]
            if unpacked is None:  # there is more to come
                return
            msg = unpacked
        text = msg
        await _read(self, text)
        if self.DEFAULT_GATEWAY != _DISCORDS:  # READY says where Discord itself is
            self.gateway = self.DEFAULT_GATEWAY
    except zlib.error:
        _log.error("what Discord sends cannot be unpacked: connecting again")
        await self.close()
        raise ReconnectWebSocket(self.shard_id) from None
    except _UNREADABLE as error:
        event = _event(text)
        if event == "READY":  # without it there is no connection
            raise
        why = type(error).__name__
        _log.error("%s from Discord cannot be read (%s)", event, why)


async def _answered(response: aiohttp.ClientResponse) -> dict[str, Any] | str:
    """What Discord answers; "" where that is nothing.

    Raises:
        aiohttp.ClientPayloadError: It says that it did what was asked, in no JSON.
    """
    try:
        told = await _read_answer(response)
    except ValueError:
        told = "no JSON"
    if response.ok and told and isinstance(told, str):
        raise aiohttp.ClientPayloadError("what came is no JSON")
    return told


def _event(text: str) -> str:
    """The type of an event, such as MESSAGE_CREATE; a few words where it has none."""
    with suppress(*_UNREADABLE):
        kind = json.loads(text)["t"]
        if re.fullmatch("[A-Z_]{1,60}", kind):
            return str(kind)
    return "an event of no type"
