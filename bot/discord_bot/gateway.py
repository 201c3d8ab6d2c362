"""The connection to Discord: its state, and events that cannot be read."""

import json
import logging
import math
import re
from contextlib import suppress
from typing import Final, NamedTuple

import discord
from discord.gateway import DiscordWebSocket

_UNREADABLE: Final = (AttributeError, IndexError, KeyError, TypeError, ValueError)
_log = logging.getLogger(__name__)


class State(NamedTuple):
    """Whether messages arrive, the last heartbeat's seconds, and how many servers.

    `latency` is None before the first heartbeat was answered.
    """

    connected: bool
    latency: float | None
    servers: int


def state(client: discord.Client) -> State:
    """The state of a client's connection. Never raises."""
    # `is_ready` stays true while a lost connection is being made again; before the
    # first one there is no `ws`, whatever its type says.
    is_open = client.is_ready() and not client.is_closed() and client.ws.open
    latency = client.latency if is_open else math.nan
    return State(
        is_open,
        latency if math.isfinite(latency) else None,
        len(client.guilds),
    )


def be_lenient() -> None:
    """Have discord.py go on after an event it cannot read, which else ends the bot."""
    DiscordWebSocket.received_message = _received


_read = DiscordWebSocket.received_message


async def _received(self: DiscordWebSocket, msg: str | bytes, /) -> None:
    """Read what came; the log is told the type of what cannot be read, not its text."""
    if isinstance(msg, bytes):
        unpacked = self._decompressor.decompress(msg)  # pyright: ignore[reportPrivateUsage]
        if unpacked is None:  # there is more to come
            return
        msg = unpacked
    try:
        await _read(self, msg)
    except _UNREADABLE as error:
        event = _event(msg)
        if event == "READY":  # without it there is no connection
            raise
        why = type(error).__name__
        _log.error("%s from Discord cannot be read (%s)", event, why)


def _event(text: str) -> str:
    """The type of an event, such as MESSAGE_CREATE; a few words where it has none."""
    with suppress(ValueError, TypeError, KeyError):
        kind = json.loads(text)["t"]
        if re.fullmatch("[A-Z_]{1,60}", kind):
            return str(kind)
    return "an event of no type"
