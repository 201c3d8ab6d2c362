"""Starting and stopping: the token, the records, the log, signals, and what to say."""

import asyncio
import logging
import re
import signal
import sys
from collections.abc import Callable
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    nullcontext,
    suppress,
)
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Final

import aiohttp
import discord

from bot.answering.answerer import Answerer
from bot.discord_bot.asking.app import App, Options
from bot.discord_bot.client import Receipts
from bot.history.history import HistoryError
from bot.moderating.workshop import Workshop
from bot.records.records import Records
from bot.records.values import RecordsError

_PORTAL: Final = "https://discord.com/developers/applications"
_log = logging.getLogger(__name__)

Beside = Callable[[Receipts], AbstractAsyncContextManager[object]]
"""What runs as long as a client does, such as a health address."""

Opens = Callable[[App, Records], Workshop]
"""Makes where moderators change the story; HistoryError where that cannot be."""


@dataclass(frozen=True, slots=True)
class Hosting:
    """How the bot is hosted.

    `records` is a file or an address, None where nothing is to outlive a restart. A
    `secret` of None is made up at first, and kept in the records themselves. Without a
    `workshop`, or without home guilds, nobody can change the story in Discord.
    """

    records: str | Path | None = None
    secret: str | None = None
    options: Options | None = None
    workshop: Opens | None = None
    beside: Beside = nullcontext


def run(
    answerer: Answerer,
    token: str,
    today: Callable[[], date],
    hosting: Hosting = Hosting(),
) -> int:
    """Run the bot until it is told to stop (SIGINT, SIGTERM); return the exit code.

    1 where it cannot start or go on: one sentence on stderr says why, and the mend.
    The token is in no text.
    """
    # In a header a token with a blank or a line break would be an error of its own.
    if not re.fullmatch(r"[!-~]+", token.strip()):
        sys.stderr.write(f"{_refused_token()}\n")
        return 1
    # discord.py warns that it cannot speak, which this bot never does.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    try:
        make = partial(Receipts, answerer, today)
        asyncio.run(_serve(make, token.strip(), hosting))
    except KeyboardInterrupt:  # where signals have no handlers of ours: Windows
        return 0
    except RecordsError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        sys.stderr.write(f"{_mend(error)}\n")
        return 1
    return 0


async def _serve(
    make: Callable[[Records | None, Options | None], Receipts],
    token: str,
    hosting: Hosting,
) -> None:
    """Run the client until it fails, or a signal comes."""
    async with AsyncExitStack() as stack:
        records: Records | None = None
        if hosting.records:
            opened = Records.open(hosting.records, hosting.secret)
            records = await stack.enter_async_context(opened)
        client = make(records, hosting.options)
        if records and hosting.workshop and client.app.options.home_guilds:
            await _open_workshop(client.app, records, hosting.workshop)
        await stack.enter_async_context(hosting.beside(client))
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(client.start(token))
        for number in (signal.SIGINT, signal.SIGTERM):
            with suppress(NotImplementedError):  # Windows
                loop.add_signal_handler(number, task.cancel)
        await stack.enter_async_context(client)
        with suppress(asyncio.CancelledError):
            await task


async def _open_workshop(app: App, records: Records, opens: Opens) -> None:
    """Open the workshop, and finish what a killed process began there.

    Where that cannot be the bot answers all the same, and the log says why.
    """
    try:
        workshop = opens(app, records)
        for draft in await workshop.recover():
            _log.info("draft %d was under way when the bot was stopped: done", draft.id)
    except (HistoryError, RecordsError) as error:
        _log.error("moderators cannot change the story in Discord: %s", error)
    else:
        app.workshop = workshop


def _mend(error: Exception) -> str:
    """One sentence: why the bot stopped, and what to do."""
    match error:
        case discord.LoginFailure() | discord.ConnectionClosed(code=4004):
            return _refused_token()
        case discord.PrivilegedIntentsRequired():
            return (
                "Discord refused the message content intent; switch it on under Bot, "
                f"Privileged Gateway Intents, at {_PORTAL}, or unset READ_CHANNELS."
            )
        case discord.HTTPException():
            return f"Discord answered with error {error.status}; try again later."
        case discord.ConnectionClosed():
            return f"Discord closed the connection ({error.code}); try again later."
        case _:
            return "Discord cannot be reached; check the network, then try again."


def _refused_token() -> str:
    return (
        "Discord refused the token; copy it again (Bot, Reset Token, at "
        f"{_PORTAL}) and set DISCORD_TOKEN to it."
    )
