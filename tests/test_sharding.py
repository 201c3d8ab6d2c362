"""Several connections to Discord: how many, when, and what each goes on with."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

import pytest

from bot.answering.answerer import Answerer
from bot.discord_bot import sharding
from bot.discord_bot.client import Receipts
from bot.discord_bot.gateway import be_lenient, state
from bot.discord_bot.running import FINAL, Hosting, run
from bot.discord_bot.sharding import Shards
from tests.test_wire import QUESTION, TOKEN, elsewhere, soon, today
from tests.wire import Discord, Fault, discord, until

SERVERS = [(number + 1) << 22 for number in range(8)]


@pytest.fixture
async def wire(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Discord]:
    """A small Discord that wants two shards, of a bot in eight servers."""
    async with discord(monkeypatch) as found:
        found.servers = list(SERVERS)
        found.welcome = {"shards": 2}
        yield found


@asynccontextmanager
async def connected(
    answerer: Answerer, wire: Discord, shards: Shards | None = None
) -> AsyncGenerator[Receipts]:
    """The bot, with all its shards connected."""
    before = len(wire.identified)
    be_lenient()
    async with Receipts(answerer, today, shards=shards) as client:
        task = asyncio.create_task(client.start(TOKEN))
        try:
            many = len(shards.ids) if shards else wire.welcome["shards"]
            await until(lambda: len(wire.identified) == before + many)
            yield client
        finally:
            task.cancel()
            await client.close()  # up to Python 3.11 wait_for may lose a cancellation
            with suppress(asyncio.CancelledError):
                await task


async def test_as_many_shards_as_discord_recommends(
    answerer: Answerer, wire: Discord
) -> None:
    """One process answers in every server, whichever shard it is of."""
    async with connected(answerer, wire) as client:
        assert [(one, of) for _, one, of in wire.identified] == [(0, 2), (1, 2)]
        tokens = [await wire.slash(QUESTION, 1, guild) for guild in SERVERS]
        await until(lambda: len(wire.answered) == len(SERVERS))
        assert [wire.answered[one]["type"] for one in tokens] == [4] * len(SERVERS)
        await until(lambda: state(client).connected)
        assert state(client).servers == len(SERVERS)
        wire.takes_calls = False
        await wire.sessions["s2"].socket.close(code=4000)
        await until(lambda: not state(client).connected)
        assert state(client).shards[0].connected


async def test_a_process_answers_its_shards_only(
    answerer: Answerer, wire: Discord
) -> None:
    """Where shards are set, it identifies as those, of as many as there are."""
    async with connected(answerer, wire, Shards((1, 2), 4)) as client:
        assert [(one, of) for _, one, of in wire.identified] == [(1, 4), (2, 4)]
        await until(lambda: state(client).servers == 4)


async def test_shards_take_turns(
    answerer: Answerer, wire: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No more identify at once than Discord allows: one of each bucket."""
    monkeypatch.setattr(sharding, "IDENTIFY_SECONDS", 0.5)
    limits = {"remaining": 1000, "reset_after": 0, "max_concurrency": 2}
    wire.welcome = {"shards": 4, "session_start_limit": limits}
    async with connected(answerer, wire):
        at = [when for when, *_ in wire.identified]
    assert at[1] - at[0] < 0.4
    assert at[2] - at[0] >= 0.49
    assert at[3] - at[1] >= 0.49


async def test_a_shard_goes_on_where_it_was(
    answerer: Answerer,
    wire: Discord,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What was asked while the gateway was away is answered, and once.

    The log has a line for each try to connect again.
    """
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", soon)
    monkeypatch.setattr("bot.discord_bot.sharding.FIRST_PAUSE", 0.1)
    async with connected(answerer, wire):
        wire.takes_calls = False
        for one in wire.sessions.values():
            await one.socket.close(code=1001)
        tokens = [await wire.slash(QUESTION, 1, guild) for guild in SERVERS]
        calls = wire.calls
        await until(lambda: wire.calls > calls + 6)
        wire.takes_calls = True
        await until(lambda: len(wire.answered) == len(tokens))
        assert wire.resumed == 2
    assert len(wire.identified) == 2
    assert wire.followed == []
    told = [one for one in caplog.records if one.name == "discord.shard"]
    assert "Attempting a reconnect" in told[-1].getMessage()
    assert not any(one.exc_info for one in told)


def late(_: object) -> float:
    """A delay that no test waits for."""
    return 60.0


async def test_a_shard_that_waits_holds_up_no_other(
    answerer: Answerer, wire: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one shard waits before it tries again, another goes on with its session."""
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", late)
    async with connected(answerer, wire):
        first, second = wire.sessions.values()
        wire.takes_calls = False
        calls = wire.calls
        await first.socket.close(code=1001)
        await until(lambda: wire.calls > calls)
        wire.takes_calls = True
        await second.socket.close(code=1001)
        await until(lambda: wire.resumed == 1)


@pytest.mark.parametrize("status", [500, 503, 0])
async def test_a_discord_that_does_not_say_how_many(
    answerer: Answerer,
    wire: Discord,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is asked again until it says."""
    monkeypatch.setattr(sharding, "FIRST_PAUSE", 0.01)
    wire.faults.append(Fault("/gateway/bot", status, times=3 if status != 500 else 1))
    async with connected(answerer, wire):
        assert [(one, of) for _, one, of in wire.identified] == [(0, 2), (1, 2)]


@pytest.mark.parametrize(("left", "shards"), [(49, 1), (60, 61)])
def test_a_start_that_would_cost_the_token(
    answerer: Answerer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    left: int,
    shards: int,
) -> None:
    """With hardly a start left for today it does not connect, and says until when."""

    async def few(wire: Discord) -> None:
        limits = {"remaining": left, "reset_after": 3600_000}
        limits["max_concurrency"] = shards
        wire.welcome = {"shards": shards, "session_start_limit": limits}
        wire.refuses_with = 4004  # so that it ends, should it connect

    with elsewhere(monkeypatch, few) as served:
        assert run(answerer, TOKEN, today) == 1
        assert served[0].calls == 0
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert f"only {left} more times until 20" in told


@pytest.mark.parametrize(
    ("shards", "mend"), [(None, "SHARD_IDS"), (Shards((0,), 1), "set SHARD_COUNT to")]
)
def test_too_few_shards_are_the_operator_s(
    answerer: Answerer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    shards: Shards | None,
    mend: str,
) -> None:
    """Where Discord wants more than it named, or than is set, no restart helps."""

    async def refuse(wire: Discord) -> None:
        wire.refuses_with = 4011

    with elsewhere(monkeypatch, refuse):
        assert run(answerer, TOKEN, today, Hosting(shards=shards)) == FINAL
    assert mend in capsys.readouterr().err


def test_a_bot_that_outgrew_its_shards_starts_again(
    answerer: Answerer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where it was served before, another start asks Discord for more."""

    async def outgrow(wire: Discord) -> None:
        await wire.connected.wait()
        await asyncio.sleep(3)
        wire.refuses_with = 4011
        await wire.open[-1].send_json({"op": 9, "d": False})

    with elsewhere(monkeypatch, outgrow):
        assert run(answerer, TOKEN, today) == 1
    assert "asks Discord for more" in capsys.readouterr().err
