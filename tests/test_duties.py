"""Several processes over the same records: who answers which shard, and who leads."""

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.answering.answerer import Answerer
from bot.discord_bot import duties
from bot.discord_bot.asking.app import App
from bot.discord_bot.duties import Duties, TakenError
from bot.discord_bot.running import FINAL, Hosting, run
from bot.discord_bot.sharding import Shards
from bot.records.records import Records
from tests.test_wire import elsewhere, today
from tests.wire import Discord, until

TOKEN = "a-token"  # noqa: S105 - not one
FIRST, LAST = Shards((0, 1), 4), Shards((2, 3), 4)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for nobody, and look often."""
    monkeypatch.setattr(duties, "PATIENCE", 0.0)
    monkeypatch.setattr(duties, "EVERY", 0.05)


@asynccontextmanager
async def process(
    where: str, shards: Shards | None = None, token: str = TOKEN
) -> AsyncGenerator[Duties]:
    """The locks of one more process."""
    async with (
        Records.open(where) as records,
        Duties(records, token, shards).held() as found,
    ):
        yield found


async def test_a_second_process_is_told_who_runs(address: str) -> None:
    """Nobody answers the same shard twice; once the first has ended, the second may."""
    async with process(address):
        with pytest.raises(TakenError, match=f"process {os.getpid()} on .*, since 20"):
            async with process(address):
                pass
        async with process(address, token="another bot's"):  # noqa: S106 - not one
            pass
    async with process(address):
        pass


async def test_each_process_has_its_shards(postgres_address: str) -> None:
    """Other shards are free; the same, or of another count, or all of them are not."""
    async with process(postgres_address, FIRST):
        async with process(postgres_address, LAST):
            pass
        for taken in (FIRST, Shards((1, 2), 4), Shards((5,), 8), None):
            with pytest.raises(TakenError):
                async with process(postgres_address, taken):
                    pass
        async with process(postgres_address, LAST):
            pass


def test_the_second_process_leaves_for_good(
    answerer: Answerer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It does not log in, says in one line who runs, and is not started again."""
    records = tmp_path / "records.sqlite3"

    async def hold(wire: Discord) -> None:
        del wire
        await stack.enter_async_context(process(f"sqlite:///{records}"))

    stack = AsyncExitStack()
    with elsewhere(monkeypatch, hold) as served:
        asyncio.run(asyncio.sleep(0.5))
        assert run(answerer, TOKEN, today, Hosting(records=records)) == FINAL
        assert not served[0].requests
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert f"process {os.getpid()} on " in told


async def test_one_leads_and_then_another(
    answerer: Answerer, postgres_address: str
) -> None:
    """One process leads; when it ends another does, and never two."""
    apps = [App(answerer, today) for _ in range(2)]
    async with process(postgres_address, LAST) as second:
        async with process(postgres_address, FIRST) as first:
            first.begin(apps[0])
            await until(lambda: apps[0].leads)
            second.begin(apps[1])
            await asyncio.sleep(0.3)
            assert [one.leads for one in apps] == [True, False]
        await until(lambda: apps[1].leads)


async def test_locks_outlive_a_lost_connection(
    answerer: Answerer, postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are taken again where the database was away, unless another was faster."""
    app = App(answerer, today)
    async with (
        Records.open(postgres_address) as records,
        process(postgres_address, FIRST) as first,
    ):
        runs = first.begin(app)
        await until(lambda: app.leads)
        for _ in range(2):
            await cut(records)
            await asyncio.sleep(0.5)
        await until(lambda: app.leads)
        with pytest.raises(TakenError):
            async with process(postgres_address, FIRST):
                pass
        monkeypatch.setattr(duties, "EVERY", 2)
        await asyncio.sleep(0.2)
        await cut(records)
        async with process(postgres_address, FIRST):
            with pytest.raises(TakenError):
                await asyncio.wait_for(runs, 5)


async def cut(records: Records) -> None:
    """Cut the connections that have locks."""
    sql = text(
        "SELECT pg_terminate_backend(pid) FROM pg_locks "
        "WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
    )
    await records._database.write(lambda on: on.execute(sql).close())  # pyright: ignore[reportPrivateUsage]


async def test_shards_of_all_processes_take_turns(postgres_address: str) -> None:
    """While one identifies, no other of its bucket does, in whatever process."""
    async with (
        process(postgres_address, FIRST) as first,
        process(postgres_address, LAST) as second,
    ):
        async with first.turn(0), second.turn(1):
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(second.turn(0).__aenter__(), 0.4)
        async with second.turn(0):
            pass
