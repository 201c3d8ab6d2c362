"""Many answers are corrected on a real connection: all, each once, whatever happens."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final

import pytest
from discord.http import Route
from sqlalchemy import insert

from bot.answering.answerer import Answerer
from bot.discord_bot.amending import Amender
from bot.discord_bot.client import Receipts
from bot.discord_bot.gateway import be_lenient
from bot.discord_bot.showing.answer_cards import cards
from bot.discord_bot.showing.cards import Reader
from bot.discord_bot.showing.messages import ROOM, layout
from bot.records.database import Database
from bot.records.records import Records
from bot.records.tables import shown
from bot.records.values import Altered, Begun
from bot.story.files import Files
from bot.story.loading import load
from bot.words.catalogue import words
from tests.places import ROOT, TODAY
from tests.soak import SOAKING, times
from tests.test_corrections import ENTRY, QUESTION, changed
from tests.wire import Discord, discord, path_of, until

MANY: Final = times(60, 5000)
CHANNELS: Final = 7
NEW: Final = "Was the bell taken by thieves?"
NOTE: Final = "It was not so."
TOKEN: Final = "a-secret-token"  # noqa: S105 - not one


@pytest.fixture
async def wire(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Discord]:
    """A small Discord."""
    async with discord(monkeypatch) as found:
        yield found


def later() -> Answerer:
    """What answers after the change."""
    story = load(Files.read(ROOT / "bot" / "template"), TODAY).story
    assert story
    return Answerer(changed(story, question=NEW))


async def shown_to_many(records: Path, wire: Discord, answerer: Answerer) -> None:
    """Many messages show an answer, and a moderator has them corrected."""
    outcomes = answerer.reply(QUESTION, TODAY).outcomes
    view = layout(cards(outcomes, Reader(words("en"), asker=100), ROOM)).view
    assert view
    body = {"components": view.to_components(), "flags": 1 << 15}
    now = datetime.now(UTC)
    rows = [
        {
            "message": number,
            "story": "story",
            "entry": ENTRY,
            "revision": "1",
            "guild": 7,
            "channel": number % CHANNELS + 1,
            "at": now,
        }
        for number in range(1000, 1000 + MANY)
    ]
    for row in rows:
        wire.keep(int(str(row["message"])), int(str(row["channel"])), body)
    async with Records.open(records) as kept, Database.open(records) as database:
        await database.write(lambda on: on.execute(insert(shown), rows).close())
        begun = Begun("story", 1, "edit it", NOTE, "0", Altered((ENTRY,)))
        assert await kept.corrections.begin(begun, now)


@asynccontextmanager
async def running(
    records: Path, answerer: Answerer, wire: Discord | None
) -> AsyncGenerator[Receipts]:
    """The bot, connected where there is a gateway to connect to."""
    be_lenient()
    async with Records.open(records) as kept:
        client = Receipts(answerer, lambda: TODAY, kept)
        async with client:
            await client.login(TOKEN)
            going = asyncio.create_task(client.connect()) if wire else None
            try:
                if wire:
                    await until(wire.connected.is_set)
                yield client
            finally:
                if going:
                    going.cancel()
                    with suppress(asyncio.CancelledError):
                        await going


async def amend(records: Path, answerer: Answerer, wire: Discord | None = None) -> None:
    """Correct all that waits, while people ask where they can."""
    async with running(records, answerer, wire) as client:
        amending = Amender(client, 0, timedelta()).amend()
        done, *_ = await asyncio.gather(amending, *([_ask(wire)] if wire else []))
        assert done


async def _ask(wire: Discord, people: range = range(100, 105)) -> list[float]:
    """People ask one after the other, and are answered; the seconds each waited."""
    waited: list[float] = []
    for person in people:
        before, start = len(wire.posted), perf_counter()
        await wire.ask(QUESTION, person)
        async with asyncio.timeout(10):
            while len(wire.posted) == before:  # noqa: ASYNC110 - it is told by nobody
                await asyncio.sleep(0.001)
        waited.append(perf_counter() - start)
    return waited


async def check(records: Path, wire: Discord) -> None:
    """All messages are corrected, and each was edited once."""
    assert len(wire.edits) == MANY
    assert set(wire.edits.values()) == {1}
    asked = set(map(path_of, wire.posted))  # meanwhile
    assert len(wire.kept.keys() - asked) == MANY
    for one in (wire.kept[path] for path in wire.kept.keys() - asked):
        assert NOTE in str(one["components"])
        assert NEW in str(one["components"])
    async with Records.open(records) as kept:
        (found,) = await kept.corrections.latest("story")
    assert (found.messages, found.states, found.gone) == (MANY, {"done": MANY}, 0)
    assert found.finished


@pytest.mark.soak
async def test_all_are_corrected_while_people_ask(
    wire: Discord, tmp_path: Path, answerer: Answerer
) -> None:
    """None is lost and none edited twice, and who asks meanwhile is answered."""
    records = tmp_path / "records.sqlite3"
    await shown_to_many(records, wire, answerer)
    await amend(records, later(), wire)
    await check(records, wire)
    assert len(wire.posted) == 5


@pytest.mark.soak
@pytest.mark.skipif(not SOAKING, reason="a few answers tell no median")
async def test_who_asks_meanwhile_does_not_wait_twice_as_long(
    wire: Discord, tmp_path: Path, answerer: Answerer
) -> None:
    """Beside a correction at its pace, an answer takes less than twice the time."""
    records = tmp_path / "records.sqlite3"
    await shown_to_many(records, wire, answerer)
    async with running(records, later(), wire) as client:
        await _ask(wire)  # what is read once, is read
        before = await _ask(wire, range(200, 400))
        amending = asyncio.create_task(Amender(client, settled=timedelta()).amend())
        await until(lambda: wire.edits)
        meanwhile = await _ask(wire, range(400, 600))
        assert not amending.done()
        amending.cancel()
        with suppress(asyncio.CancelledError):
            await amending
    print(f"median wait: {median(before):.4f} s, {median(meanwhile):.4f} s meanwhile")  # noqa: T201
    assert median(meanwhile) < 2 * median(before)


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
async def test_killed_in_the_middle_it_is_finished_after_the_start(
    wire: Discord, tmp_path: Path, answerer: Answerer
) -> None:
    """SIGKILL at any message: the next process does the rest, and nothing twice."""
    records = tmp_path / "records.sqlite3"
    await shown_to_many(records, wire, answerer)
    for part in (1, 2):
        process = await _process(records)
        with suppress(TimeoutError):
            await until(lambda of=part: len(wire.edits) >= MANY * of // 3, 60)
        process.kill()
        assert await process.wait() < 0
    process = await _process(records)
    assert await process.wait() == 0
    await check(records, wire)


async def _process(records: Path) -> asyncio.subprocess.Process:
    """A process of its own that corrects what waits."""
    code = (
        "import asyncio, sys; from pathlib import Path;"
        "from discord.http import Route;"
        "from tests.test_amending import amend, later;"
        "Route.BASE = sys.argv[1];"
        "asyncio.run(amend(Path(sys.argv[2]), later()))"
    )
    return await asyncio.create_subprocess_exec(
        sys.executable,
        *("-c", code, Route.BASE, str(records)),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
