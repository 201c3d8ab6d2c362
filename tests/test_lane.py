"""What takes long is done beside the event loop, and holds up nothing else."""

import asyncio
import threading

import pytest

from bot.answering.answerer import Answerer
from bot.discord_bot.asking.app import App
from bot.discord_bot.asking.asked import Asked
from bot.evaluation.leads import Leads
from bot.lane import Lane, give_way
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


async def test_what_is_behind_gives_way() -> None:
    """What moderators wait for goes on when nobody waits for an answer any more."""
    answers, gate, done = Lane(), threading.Event(), list[str]()
    behind, begun = Lane(behind=answers), threading.Event()

    def answer() -> None:
        gate.wait()
        done.append("answer")

    def look() -> None:
        begun.set()
        give_way(60)
        done.append("look")

    asked = asyncio.create_task(answers.do(answer))
    await asyncio.sleep(0)
    looked = asyncio.create_task(behind.do(look))
    await asyncio.to_thread(begun.wait)
    await asyncio.sleep(0.1)
    gate.set()
    await asyncio.gather(asked, looked)
    assert done == ["answer", "look"]


async def test_what_is_behind_is_done_some_day() -> None:
    """Where answers are waited for without an end, the rest goes on slowly."""
    answers, gate = Lane(), threading.Event()
    asked = asyncio.create_task(answers.do(gate.wait))
    await asyncio.sleep(0)
    await Lane(behind=answers).do(give_way, 0.01)
    assert not asked.done()
    gate.set()
    await asked


async def test_proving_a_revision_gives_way_to_questions(answerer: Answerer) -> None:
    """A revision's own questions are asked one by one, each after what people ask."""
    app, gate = App(answerer, lambda: TODAY), threading.Event()
    asked = asyncio.create_task(app.answers.do(gate.wait))
    await asyncio.sleep(0)
    leads = Leads(answerer, TODAY)
    proven = asyncio.create_task(app.aside.do(leads.of, "Where is the bell?"))
    await asyncio.sleep(0.1)
    assert not leads.known
    gate.set()
    await asyncio.gather(asked, proven)
    assert leads.known
