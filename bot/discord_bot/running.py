"""Starting and stopping: the token, the records, the log, signals, and what to say."""

import asyncio
import logging
import re
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import (
    AbstractAsyncContextManager,
    AsyncExitStack,
    nullcontext,
    suppress,
)
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Final

import aiohttp
import discord

from bot.answering.answerer import Answerer
from bot.discord_bot.asking.app import App, Options
from bot.discord_bot.client import Receipts
from bot.discord_bot.counting import Counts
from bot.discord_bot.duties import Duties, TakenError
from bot.discord_bot.gateway import Addresses, be_lenient, reach
from bot.discord_bot.sharding import Shards, ShardsError
from bot.history.history import HistoryError
from bot.moderating.workshop import Workshop
from bot.records.records import Records
from bot.records.values import RecordsError

FINAL: Final = 2
"""The exit code where no restart helps, as for bad settings: see deploy/."""

_LAST_WORDS: Final = 0.2  # seconds: what Discord had sent by then is still read
_PORTAL: Final = "https://discord.com/developers/applications"
_REFUSED_TOKEN: Final = (
    "Discord refused the token; copy it again (Bot, Reset Token, at "
    f"{_PORTAL}) and set DISCORD_TOKEN to it."
)
_log = logging.getLogger(__name__)

Beside = Callable[[Receipts], AbstractAsyncContextManager[object]]
"""What runs as long as a client does, such as a health address."""

Opens = Callable[[App, Records], Workshop]
"""Makes where moderators change the story; HistoryError where that cannot be."""


def _to_stderr(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")


@dataclass(frozen=True, slots=True)
class Hosting:
    """How the bot is hosted.

    `records` is a file or an address, None where nothing is to outlive a restart. A
    `secret` of None is made up at first, and kept in the records themselves. Without a
    `workshop`, or without home guilds, nobody can change the story in Discord. Without
    `shards`, this process answers all that there are. `has_files` says whether the
    story's folder is there, or only its files in the records. `tell` is told why the
    bot cannot start or go on, `counts` what happens with Discord.
    """

    records: str | Path | None = None
    secret: str | None = None
    options: Options | None = None
    workshop: Opens | None = None
    beside: Beside = nullcontext
    shards: Shards | None = None
    has_files: bool = True
    addresses: Addresses | None = None
    tell: Callable[[str], None] = _to_stderr
    counts: Counts | None = None


def run(
    answerer: Answerer,
    token: str,
    today: Callable[[], date],
    hosting: Hosting = Hosting(),
) -> int:
    """Run the bot until it is told to stop (SIGINT, SIGTERM); return the exit code.

    Where it cannot start or go on, one sentence is told that says why, and the mend:
    FINAL where that is the operator's, else 1, as trying again may help. The token is
    in no text.
    """
    # In a header a token with a blank or a line break would be an error of its own.
    if not re.fullmatch(r"[!-~]+", token.strip()):
        hosting.tell(_REFUSED_TOKEN)
        return FINAL
    # discord.py warns that it cannot speak, which this bot never does.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False
    be_lenient()
    if hosting.addresses:
        reach(hosting.addresses)
    try:
        counted = {"shards": hosting.shards, "counts": hosting.counts}
        make = partial(Receipts, answerer, today, **counted)
        asyncio.run(_until_told(_serve(make, token.strip(), hosting)))
    except KeyboardInterrupt:  # where signals have no handlers of ours: Windows
        return 0
    except (RecordsError, TakenError) as error:
        hosting.tell(str(error))
        return FINAL if isinstance(error, TakenError) else 1
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        code, why = _end(error)
        hosting.tell(why)
        return code
    return 0


async def _until_told(work: Coroutine[None, None, None]) -> None:
    """Do something until it ends, or a signal comes; only the first one counts."""
    task = asyncio.create_task(work)

    def stop() -> None:
        if not task.cancelling():
            task.cancel()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with suppress(NotImplementedError):  # Windows
            loop.add_signal_handler(number, stop)
    with suppress(asyncio.CancelledError):
        await task


async def _serve(
    make: "partial[Receipts]",
    token: str,
    hosting: Hosting,
) -> None:
    """Run the client until it fails, or this is cancelled."""
    async with AsyncExitStack() as stack:
        records: Records | None = None
        duties: Duties | None = None
        if hosting.records:
            opened = Records.open(hosting.records, hosting.secret)
            records = await stack.enter_async_context(opened)
            duties = Duties(records, token, hosting.shards, has_files=hosting.has_files)
            await stack.enter_async_context(duties.held())
        client = make(records, hosting.options, turn=duties and duties.turn)
        ends = {duties.begin(client.app)} if duties else set[asyncio.Task[None]]()
        if records and hosting.workshop and client.app.options.home_guilds:
            await _open_workshop(client.app, records, hosting.workshop)
        await stack.enter_async_context(hosting.beside(client))
        await stack.enter_async_context(client)
        connection = asyncio.create_task(client.start(token))
        ends.add(connection)
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await asyncio.wait({connection}, timeout=_LAST_WORDS)
            raise
        finally:
            connection.cancel()
            await client.close()
        for end in ends:
            if end.done():
                await end


async def _open_workshop(app: App, records: Records, opens: Opens) -> None:
    """Open the workshop, and finish what a killed process began there.

    Where that cannot be the bot answers all the same, and the log says why.
    """
    try:
        workshop = opens(app, records)
        for draft in await workshop.recover() if app.keeps else ():
            _log.info("draft %d was under way when the bot was stopped: done", draft.id)
    except (HistoryError, RecordsError) as error:
        _log.error("moderators cannot change the story in Discord: %s", error)
    else:
        app.workshop = workshop


def _end(error: Exception) -> tuple[int, str]:
    """The exit code, and one sentence: why the bot stopped, and what to do."""
    if why := _mend(error):
        return FINAL, why
    match error:
        case ShardsError():
            return 1, str(error)
        case discord.HTTPException():
            return 1, f"Discord answered with error {error.status}; try again later."
        case discord.ConnectionClosed():
            return 1, f"Discord closed the connection ({error.code}); try again later."
        case aiohttp.ClientConnectorCertificateError():
            now = datetime.now(UTC)
            return 1, (
                "Discord's certificate is not valid here; see that the clock is right "
                f"(it says {now:%Y-%m-%d %H:%M} UTC), and that no proxy is between."
            )
        case _:
            return 1, "Discord cannot be reached; check the network, then try again."


def _mend(error: Exception) -> str:
    """What the operator is to do, and why; "" where trying again may help."""
    match error:
        case (
            discord.LoginFailure()
            | discord.HTTPException(status=401)
            | discord.ConnectionClosed(code=4004)
        ):
            return _REFUSED_TOKEN
        case discord.PrivilegedIntentsRequired():
            return (
                "Discord refused the message content intent; switch it on under Bot, "
                f"Privileged Gateway Intents, at {_PORTAL}, or unset READ_CHANNELS."
            )
        case discord.Forbidden():
            return f"Discord refuses the bot its rights (403); look at {_PORTAL}."
        case ShardsError(is_final=True):
            return str(error)
        case discord.ConnectionClosed(code=4010 | 4012 | 4013 as code):
            return f"Discord does not take this version ({code}); run a newer one."
        case _:
            return ""
