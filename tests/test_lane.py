"""What takes long is done beside the event loop, and holds up nothing else."""

import asyncio
import threading

import pytest

from bot.answering.answerer import Answerer
from bot.discord_bot.asking.app import App
from bot.discord_bot.asking.asked import Asked
from bot.lane import Lane
from tests.conftest import TODAY


async def test_first_come_first_served() -> None:
    """Work is done in the order in which it came, one thing after the other."""
    lane, done = Lane(), list[int]()
    await asyncio.gather(*(lane.do(done.append, at) for at in range(50)))
    assert done == list(range(50))
    assert lane.waiting == 0


async def test_as_many_at_once_as_there_are_threads() -> None:
    """Two threads meet each other; one would wait for ever."""
    lane, both = Lane(2), threading.Barrier(2)
    async with asyncio.timeout(10):
        await asyncio.gather(lane.do(both.wait), lane.do(both.wait))


async def test_what_goes_wrong_is_raised_where_it_is_waited_for() -> None:
    """An error reaches whoever waits, and the lane goes on."""
    lane = Lane()
    with pytest.raises(ValueError, match="no"):
        await lane.do(int, "no")
    assert await lane.do(int, "7") == 7


async def test_what_nobody_waits_for_any_more_is_not_begun() -> None:
    """Who gives up before it was their turn costs nothing."""
    lane, gate, done = Lane(), threading.Event(), list[int]()
    first = asyncio.create_task(lane.do(gate.wait))
    second = asyncio.create_task(lane.do(done.append, 2))
    await asyncio.sleep(0)
    second.cancel()
    gate.set()
    await first
    await lane.do(done.append, 3)
    assert done == [3]


async def test_a_question_does_not_wait_for_moderators(answerer: Answerer) -> None:
    """Whatever moderators wait for, and however much of it, a question is answered."""
    app, gate = App(answerer, lambda: TODAY), threading.Event()
    views = [asyncio.create_task(app.aside.do(gate.wait)) for _ in range(40)]
    try:
        async with asyncio.timeout(10):
            found = await app.reply(
                Asked("What happened to the Harbour Street bell?", 1, 2, 3)
            )
        assert found is not None
        assert found.name == "answer"
        assert not any(one.done() for one in views)
    finally:
        gate.set()
        await asyncio.gather(*views)
