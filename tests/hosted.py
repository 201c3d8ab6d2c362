"""The bot as it is hosted, in a process of its own, asked on a small Discord."""

import asyncio
import json
import os
import socket
import sys
import urllib.request
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.error import HTTPError

from tests.folder import Folder
from tests.places import ROOT
from tests.soak import SOAKING
from tests.wire import GUILD, Body, Discord, addresses, listening, until

TOKEN: Final = "MTE4NDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"  # noqa: S105 - not one
STORY: Final = "harbour"
PROGRAM: Final = (
    "from bot.cli.main import entry_point; import sys; sys.argv[1:] = ['run']; "
    "entry_point()"
)
"""The bot, for Python's `-c`, after what is to be otherwise in it."""

QUESTIONS: Final = (
    "What happened to the Harbour Street bell?",
    "how much was the repair of the bell?",
    "what is the weather tomorrow?",
    "When did the bell come back?",
)
"""An answer, none, off topic, and another answer."""

LATE: Final = 0.1 if SOAKING else 0.5
"""Seconds by which an answer may be later than most; more where much else runs."""


@dataclass
class Timed(Discord):
    """A small Discord that notes when what was asked was answered."""

    at: dict[str, float] = field(default_factory=dict[str, float])

    def _post(self, channel: str, body: Body) -> Body:
        asked = str(body["message_reference"]["message_id"])
        assert asked not in self.at
        self.at[asked] = asyncio.get_running_loop().time()
        return super()._post(channel, body)


class Hosted:
    """The bot in a process of its own, how long its answers took, and what it said."""

    def __init__(self, wire: Timed, log: Path, health: str) -> None:
        self.wire, self._log, self._health = wire, log, health
        self.took = list[float]()

    async def ask(self, many: int) -> list[float]:
        """Ask so many questions, ten a second; how long each answer took."""
        loop, sent = asyncio.get_running_loop(), dict[str, float]()
        for _ in range(many):
            number = len(self.took) + len(sent)
            text = QUESTIONS[number % len(QUESTIONS)]
            guild = self.wire.servers[number % len(self.wire.servers)]
            now = loop.time()
            sent[await self.wire.mention(text, 1000 + number, guild)] = now
            await asyncio.sleep(0.1)
        await until(lambda: sent.keys() <= self.wire.at.keys(), 20)
        took = [self.wire.at[one] - at for one, at in sent.items()]
        self.took += took
        return took

    async def records(self) -> str:
        """What the bot says of its records at /readyz."""
        return str(json.loads(await self.read("/readyz"))["records"])

    async def read(self, path: str) -> bytes:
        """What is at a path of its health address."""

        def read() -> bytes:
            try:
                with urllib.request.urlopen(self._health + path) as found:  # noqa: S310
                    return found.read()
            except HTTPError as error:
                return error.read()

        return await asyncio.to_thread(read)

    async def says(self, is_meant: Callable[[str], bool]) -> str:
        """Wait until it says something of its records."""
        async with asyncio.timeout(40):
            while not is_meant(said := await self.records()):  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        return said

    @property
    def log(self) -> list[str]:
        """The lines of its log."""
        return self._log.read_text().splitlines()


@asynccontextmanager
async def hosted(
    folder: Path, *command: str, **settings: str
) -> AsyncGenerator[Hosted]:
    """Run the bot in a folder, with a story of its own there, until it is connected.

    `command` is what Python is to run, the bot by default.
    """
    Folder(folder / STORY)
    with socket.create_server(("127.0.0.1", 0)) as free:
        health = f"127.0.0.1:{free.getsockname()[1]}"
    given = Timed(servers=[(GUILD + n) << 22 for n in range(50)])
    async with listening(given) as (_, place):
        log = folder / "log"
        with log.open("w") as lines:
            running = await asyncio.create_subprocess_exec(
                *(sys.executable, *(command or ("-m", "bot", "run"))),
                cwd=folder,
                env={
                    "DISCORD_TOKEN": TOKEN,
                    "STORY": str(folder / STORY),
                    "HEALTH_ADDRESS": health,
                    "MEANING_MODEL": "none",
                    "XDG_CACHE_HOME": str(folder / "cache"),
                    "PYTHONPATH": str(ROOT),
                    "PATH": os.defpath,
                    **addresses(place),
                    **settings,
                },
                stderr=lines,
            )
        try:
            await until(given.connected.is_set, 120)
            yield Hosted(given, log, f"http://{health}")
        finally:
            with suppress(ProcessLookupError):
                running.terminate()
            await running.wait()
