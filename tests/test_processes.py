"""Three processes of two shards each, over one PostgreSQL: one story, told once."""

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from bot.records.records import Records
from bot.records.values import Waiting
from tests.conftest import ROOT
from tests.folder import Folder
from tests.soak import times
from tests.wire import Discord, addresses, listening, until

TOKEN: Final = "MTE4NDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"  # noqa: S105
OF: Final = 6
BASE: Final = 2**28 // OF * OF
HOME: Final = (BASE + 2) << 22  # of the second process, which has no files
ROLE: Final = HOME + 2
SERVERS: Final = [(BASE + number) << 22 for number in range(times(120, 5000))]
QUESTION: Final = "Was the bell stolen?"
WAITED: Final = "was it nicked by rascals"
ANSWER: Final = "a theft that was confirmed"
STORY: Final = "harbour"


class Processes:
    """The bot in several processes, and what they are told."""

    def __init__(self, wire: Discord, place: str, folder: Path, url: str) -> None:
        self.wire, self._place, self.folder = wire, place, folder
        self.url = url
        self._started = list[asyncio.subprocess.Process]()

    async def start(
        self, shards: str, *, has_files: bool
    ) -> asyncio.subprocess.Process:
        """Start a process, and wait until its shards are connected."""
        here = self.folder / f"process-{shards}"
        here.mkdir()
        story = self.folder / STORY if has_files else here / STORY
        settings = {
            "DISCORD_TOKEN": TOKEN,
            "STORY": str(story),
            "DATABASE_URL": self.url,
            "SHARD_COUNT": str(OF),
            "SHARD_IDS": shards,
            "HOME_GUILDS": str(HOME),
            "MODERATOR_ROLES": str(ROLE),
            "MEANING_MODEL": "none",
            "XDG_CACHE_HOME": str(self.folder / "cache"),
            "PYTHONPATH": str(ROOT),
            "PATH": os.defpath,
            **addresses(self._place),
        }
        many = len(self.wire.identified)
        found = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", cwd=here, env=settings
        )
        self._started.append(found)
        await until(
            lambda: len(self.wire.identified) == many + 2 or found.returncode, 120
        )
        assert found.returncode is None
        return found

    async def stop(self) -> None:
        """Stop all of them."""
        for one in self._started:
            if one.returncode is None:
                one.kill()
            await one.wait()

    async def said(self, shard: int, question: str = QUESTION) -> str:
        """What is answered in a server of a shard."""
        token = await self.wire.slash(question, shard + 1, SERVERS[shard])
        await until(lambda: token in self.wire.answered, 30)
        return json.dumps(self.wire.answered[token])

    async def nowhere(self, text: str, *, seconds: float) -> float:
        """Wait until no process answers with a text; how long that took."""
        start = time.monotonic()
        for shard in (0, 2, 4):
            while text in await self.said(shard):
                assert time.monotonic() < start + seconds
        return time.monotonic() - start


@pytest.fixture
async def three(postgres_address: str, tmp_path: Path) -> AsyncGenerator[Processes]:
    """The first process, which has the files; two more are to be started."""
    Folder(tmp_path / STORY)
    async with listening() as (wire, place):
        wire.servers = SERVERS
        found = Processes(wire, place, tmp_path, postgres_address)
        try:
            yield found
        finally:
            await found.stop()


@asynccontextmanager
async def kept(url: str) -> AsyncGenerator[Records]:
    """The records that all have."""
    async with Records.open(url) as records:
        yield records


@pytest.mark.soak
async def test_one_story_in_all_processes(three: Processes) -> None:
    """What a moderator changes answers everywhere; a leader's end is not noticed.

    The moderator's process has no files. Who waits for an answer is told once, in a
    server of another process or directly, though the leader is killed on the way.
    """
    wire = three.wire
    first = await three.start("0-1", has_files=True)
    await three.start("2-3", has_files=False)
    await three.start("4-5", has_files=False)
    assert {shard for _, shard, _ in wire.identified} == set(range(OF))
    assert ANSWER in await three.said(4)
    await until(lambda: wire.requests["/applications/1/commands"] >= 1, 30)

    given = {"what": "answers/was-it-stolen", "reason": "checked again"}
    token = await wire.use("hide", given, 7, HOME, ROLE)
    await until(lambda: token in wire.answered, 30)
    await until(lambda: wire.followed, 30)
    told = json.dumps(wire.followed)
    assert "It is off now" in told
    assert "Was the bell stolen?" in told
    took = await three.nowhere(ANSWER, seconds=times(60, 5))
    print(f"all answered from the change after {took:.1f} s")  # noqa: T201

    people = range(1000, 1006)
    async with kept(three.url) as records:
        now = datetime.now(UTC)
        number = await records.questions.note(STORY, WAITED, now)
        assert number is not None
        for person in people:
            place = (SERVERS[5], SERVERS[5] + 1) if person % 2 else (None, None)
            await records.questions.wait(Waiting(number, person, *place, now))
        file = three.folder / STORY / "answers" / "bell.yaml"
        text, line = file.read_text(), "    - where is the bell\n"
        file.write_text(text.replace(line, f"{line}    - {WAITED}\n"))
        await until(lambda: len(wire.posted) >= 2, 60)
        first.kill()
        await until(lambda: len(wire.posted) >= len(people), 30)
        await asyncio.sleep(3)
        assert not await records.questions.waiting(number)
    assert len(wire.posted) == len(people)
    assert "The Harbour Street bell was missing" in await three.said(2, WAITED)
