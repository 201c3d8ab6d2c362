"""PostgreSQL is away for a while: who asks does not notice, and little is lost."""

import asyncio
import json
import os
import signal
import socket
import sys
import urllib.request
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final
from urllib.error import HTTPError

import pytest

from bot.records.records import Records
from tests import postgres
from tests.folder import Folder
from tests.places import ROOT
from tests.soak import SOAKING, times
from tests.wire import GUILD, Body, Discord, addresses, listening, until

TOKEN: Final = "MTE4NDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"  # noqa: S105 - not one
STORY: Final = "harbour"
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


class Asked:
    """The bot in a process of its own, how long its answers took, and what it said."""

    def __init__(self, wire: Timed, log: Path, port: int) -> None:
        self.wire, self._log, self._port = wire, log, port
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

        def read() -> bytes:
            address = f"http://127.0.0.1:{self._port}/readyz"
            try:
                with urllib.request.urlopen(address) as found:
                    return found.read()
            except HTTPError as error:
                return error.read()

        return json.loads(await asyncio.to_thread(read))["records"]

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


@pytest.fixture
def server() -> Generator[str]:
    """A server of the test's own, which it may stop."""
    if why := postgres.missing():
        pytest.skip(why)
    with postgres.server() as folder:
        yield folder


@pytest.fixture
async def asked(server: str, tmp_path: Path) -> AsyncGenerator[Asked]:
    """The bot as it is hosted, with its records on that server."""
    Folder(tmp_path / STORY)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with listening(Timed(servers=[(GUILD + n) << 22 for n in range(50)])) as (
        wire,
        place,
    ):
        assert isinstance(wire, Timed)
        settings = {
            "DISCORD_TOKEN": TOKEN,
            "STORY": str(tmp_path / STORY),
            "DATABASE_URL": postgres.address(server),
            "HEALTH_ADDRESS": f"127.0.0.1:{port}",
            "MEANING_MODEL": "none",
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
            "PYTHONPATH": str(ROOT),
            "PATH": os.defpath,
            **addresses(place),
        }
        log = tmp_path / "log"
        with log.open("w") as lines:
            running = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                cwd=tmp_path,
                env=settings,
                stderr=lines,
            )
        try:
            await until(wire.connected.is_set, 120)
            yield Asked(wire, log, port)
        finally:
            with suppress(ProcessLookupError):
                running.terminate()
            await running.wait()


@contextmanager
def stopped(folder: str) -> Generator[None]:
    """The server is stopped, and its clients are told so."""
    postgres.stop(folder, "fast")
    yield
    postgres.start(folder)


@contextmanager
def crashed(folder: str) -> Generator[None]:
    """The server is gone at once, and mends its files when it is started."""
    postgres.stop(folder, "immediate")
    yield
    postgres.start(folder)


@contextmanager
def hung(folder: str) -> Generator[None]:
    """The server takes connections, and answers nothing."""
    every = postgres.processes(folder)
    for one in every:
        os.kill(one, signal.SIGSTOP)
    try:
        yield
    finally:
        for one in every:
            os.kill(one, signal.SIGCONT)


AWAY: Final = {
    "stopped": (stopped, "cannot be used: nothing listens at its address"),
    "crashed": (crashed, "cannot be used: nothing listens at its address"),
    "hung": (hung, "no answer for 10 seconds"),
}


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
@pytest.mark.parametrize("how", AWAY)
async def test_the_database_is_away(asked: Asked, server: str, how: str) -> None:
    """No answer is late, what answers leave is kept, and all is told as it is."""
    many, (away, why) = times(20, 200), AWAY[how]
    usual = median(await asked.ask(many))
    assert await asked.says(lambda said: said == "ok")
    with away(server):
        late = await asked.ask(many)
        said = await asked.says(lambda said: said != "ok")
        late += await asked.ask(many)
    late += await asked.ask(many)
    assert await asked.says(lambda said: said == "ok")
    late += await asked.ask(4)

    assert why in said
    print(f"usual {usual:.3f} s, then at most {max(late):.3f} s")  # noqa: T201
    async with Records.open(postgres.address(server)) as records:

        async def counted() -> int:
            (one,) = [
                one
                for one in await records.questions.all(STORY)
                if one.text == QUESTIONS[1]
            ]
            return one.asked

        async with asyncio.timeout(40):
            while await counted() < len(asked.took) // 4:  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        assert await counted() == len(asked.took) // 4
        answers = [at for at in asked.wire.posted if "Harbour Street" in json.dumps(at)]
        for one in answers:
            assert await records.shown.by(int(one["id"]))
    assert [one for one in late if one > usual + LATE] == []
    wrong = [line for line in asked.log if " ERROR " in line]
    assert 1 <= len(wrong) <= 8, "\n".join(wrong)
    last = asked.log.index(wrong[-1])
    told = [line for line in asked.log[last:] if "left meanwhile is written" in line]
    assert told or how == "hung"
    assert any("they can be used again" in line for line in asked.log[last:])
