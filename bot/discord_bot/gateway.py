"""The connection to Discord, now, for whoever watches the bot."""

import math
from typing import NamedTuple

import discord


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
