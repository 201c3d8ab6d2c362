"""What answers leave in the records, in a burst and after it."""

import asyncio
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text

from bot.discord_bot.asking import traces
from bot.discord_bot.asking.traces import Said, Traces
from bot.records.database import Database
from bot.records.records import Records
from bot.records.values import Answered, Day, Message, RecordsError, Shown
from tests.places import TODAY

STORY = "harbour"
ASKED = [Day(TODAY, "asked", "", 1)]
NOW = datetime(2026, 11, 23, tzinfo=UTC)


class Burst:
    """Questions that wait for an answer, for as long as a test says."""

    def __init__(self, records: Records) -> None:
        self.goes_on = True
        self.records = records
        self.traces = Traces(records, STORY, lambda: self.goes_on)

    def answered(self, message: int, person: int | None = None) -> "asyncio.Task[None]":
        """A question is answered by a message."""
        answer = Answered(STORY, "bell", "5f3a")
        said: Said = Shown(Message(None, 1, message), answer, ("a",), NOW), person
        return asyncio.create_task(self.traces.leave([said], ASKED))

    async def kept(self) -> tuple[list[int], int]:
        """Which messages the records know, and how many questions."""
        found = [one for one in range(9) if await self.records.shown.by(one)]
        days = await self.records.days.between(STORY, TODAY, TODAY)
        return found, sum(one.count for one in days)


@pytest.fixture
def burst(kept: Records) -> Burst:
    """A burst that goes on."""
    return Burst(kept)


async def test_it_is_written_when_nobody_waits(burst: Burst) -> None:
    """Answers come before what they leave, all of which is written after a burst."""
    left = [burst.answered(message) for message in range(3)]
    await asyncio.sleep(0.1)
    assert await burst.kept() == ([], 0)
    burst.goes_on = False
    await asyncio.gather(*left)
    assert await burst.kept() == ([0, 1, 2], 3)


async def test_a_burst_without_an_end(
    burst: Burst, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What answers leave is written after a while, whoever still waits."""
    monkeypatch.setattr(traces, "LONGEST", 0.1)
    await asyncio.wait_for(burst.answered(1), 5)
    assert await burst.kept() == ([1], 1)


async def test_what_is_forgotten_meanwhile(burst: Burst) -> None:
    """Of a message or a person that is forgotten before, nothing is written."""
    left = [burst.answered(1), burst.answered(2, 7), burst.answered(3, 8)]
    await asyncio.sleep(0.1)
    burst.traces.forget(lambda shown, asker: shown.message.id == 1 or asker == 7)
    burst.goes_on = False
    await asyncio.gather(*left)
    assert await burst.kept() == ([3], 3)


async def test_what_is_being_written_can_be_waited_for(
    burst: Burst, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever deletes waits for it: else it would be there after all."""
    begun, may_end = asyncio.Event(), asyncio.Event()
    real = burst.records.shown.note_all

    async def slowly(said: list[Said]) -> None:
        begun.set()
        await may_end.wait()
        await real(said)

    monkeypatch.setattr(burst.records.shown, "note_all", slowly)
    burst.goes_on = False
    left = burst.answered(1, 7)
    await begun.wait()
    settled = asyncio.create_task(burst.traces.settled())
    await asyncio.sleep(0.05)
    assert not settled.done()
    may_end.set()
    await settled
    assert await burst.kept() == ([1], 1)
    await left


async def test_who_stops_waiting_takes_nothing_along(burst: Burst) -> None:
    """One answer's handler that is cancelled leaves what others left."""
    first, second = burst.answered(1), burst.answered(2)
    await asyncio.sleep(0.1)
    first.cancel()
    burst.goes_on = False
    await second
    assert await burst.kept() == ([1, 2], 2)


async def test_a_database_that_is_read_only_for_a_while(postgres_address: str) -> None:
    """What it does not take meanwhile is written once it does, each once."""
    async with Records.open(postgres_address) as records:
        burst = Burst(records)
        burst.goes_on = False
        await burst.answered(1)
        try:
            await read_only(postgres_address, "on")
            await burst.answered(2, 7)
            await burst.answered(3, 8)
            assert await burst.kept() == ([1], 1)
            burst.traces.forget(lambda _, asker: asker == 7)
        finally:
            await read_only(postgres_address, "off")
        await burst.answered(4)
        assert await burst.kept() == ([1, 3, 4], 4)
        await burst.answered(5)
        assert await burst.kept() == ([1, 3, 4, 5], 5)


async def read_only(address: str, switch: str) -> None:
    """Have all connections that are made from now on be read-only, or no longer."""

    def work(connection: Connection) -> None:
        for one in (
            "SET TRANSACTION READ WRITE",
            f"ALTER DATABASE postgres SET default_transaction_read_only = {switch}",
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'",
        ):
            connection.execute(text(one)).close()

    async with Database.as_it_is(address) as database:
        await database.write(work)


async def test_what_failed_is_tried_again(
    burst: Burst, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Without another answer, too; a message that was deleted meanwhile stays so."""
    monkeypatch.setattr(traces, "_AGAIN", (0.05,))
    burst.goes_on = False
    await burst.answered(1)
    real, fails = burst.records.shown.forget, True

    async def failing(*messages: int) -> bool:
        if fails:
            raise RecordsError("It is away.")
        return await real(*messages)

    monkeypatch.setattr(burst.records.shown, "forget", failing)
    burst.traces.gone(1)
    await burst.answered(2)
    await burst.traces.leave(missing=[("who?", NOW), ("Who?!", NOW)])
    assert await burst.kept() == ([1], 1)
    assert await burst.records.questions.size(STORY) == 0
    fails = False
    async with asyncio.timeout(5):
        while not await burst.records.questions.size(STORY):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    assert await burst.kept() == ([2], 2)
    assert [one.asked for one in await burst.records.questions.all(STORY)] == [2]
    assert caplog.text.count("It is away.") == 1


async def test_what_cannot_be_kept_holds_nothing_up(
    burst: Burst, caplog: pytest.LogCaptureFixture
) -> None:
    """What no database would take is told and dropped; what comes later is kept."""
    burst.goes_on = False
    await burst.answered(2**80)
    assert "cannot keep" in caplog.text
    await burst.answered(1)
    assert await burst.kept() == ([1], 2)


async def test_a_stop_while_the_records_fail(
    burst: Burst, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """They are tried a last time; what they do not take is told to be lost."""
    calls = 0

    async def failing(_: object) -> None:
        nonlocal calls
        calls += 1
        raise RecordsError("It is away.")

    monkeypatch.setattr(burst.records.shown, "note_all", failing)
    burst.goes_on = False
    await burst.answered(1)
    await burst.traces.end()
    assert calls == 2
    assert "what the last answers left is lost" in caplog.text


async def test_no_more_is_remembered_than_that(
    burst: Burst, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Of what waits for records that fail the oldest is given up, and it is told."""
    monkeypatch.setattr(traces, "MOST", 2)
    real, fails = burst.records.shown.note_all, True

    async def failing(said: list[Said]) -> None:
        if fails:
            raise RecordsError("It is away.")
        await real(said)

    monkeypatch.setattr(burst.records.shown, "note_all", failing)
    burst.goes_on = False
    for message in (1, 2, 3):
        await burst.answered(message)
    assert "1 of what answers left is lost" in caplog.text
    fails = False
    await burst.answered(4)
    assert await burst.kept() == ([3, 4], 4)
