"""PostgreSQL is away for a while: who asks does not notice, and little is lost."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Final

import pytest

from bot.operating import pulse
from bot.records.records import Records
from tests import postgres
from tests.hosted import LATE, PROGRAM, QUESTIONS, STORY, Hosted, hosted
from tests.soak import times
from tests.wire import until


@pytest.fixture
def server() -> Generator[str]:
    """A server of the test's own, which it may stop."""
    if why := postgres.missing():
        pytest.skip(why)
    with postgres.server() as folder:
        yield folder


@pytest.fixture
async def asked(server: str, tmp_path: Path, how: str) -> AsyncGenerator[Hosted]:
    """The bot as it is hosted, with its records on that server.

    It looks at them more often where that finds out at once that they are away.
    """
    url, look = postgres.address(server), pulse.LOOK if how == "hung" else 1.0
    program = f"import bot.operating.pulse as pulse; pulse.LOOK = {look}; {PROGRAM}"
    async with hosted(tmp_path, "-c", program, DATABASE_URL=url) as found:
        yield found


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


def has(lines: Sequence[str], words: str) -> bool:
    """Whether some line has some words in it."""
    return any(words in one for one in lines)


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
@pytest.mark.parametrize("how", AWAY)
async def test_the_database_is_away(asked: Hosted, server: str, how: str) -> None:
    """No answer is late, what answers leave is kept, and all is told as it is."""
    many, (away, why) = times(8, 200), AWAY[how]
    usual = median(await asked.ask(many))
    assert await asked.says(lambda said: said == "ok")
    with away(server):
        late = await asked.ask(many)
        said = await asked.says(lambda said: said != "ok")
        late += await asked.ask(many)
        await until(lambda: has(asked.log, "ERROR bot.discord_bot.outage"), 40)
    late += await asked.ask(many)
    assert await asked.says(lambda said: said == "ok")
    await until(lambda: has(asked.log, "they can be used again"), 40)
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
    assert has(asked.log[last:], "they can be used again")
