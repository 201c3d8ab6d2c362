"""A large SQLite file with much that is too old to be kept: who asks is answered."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final

import pytest
from sqlalchemy import text

from bot.records.database import Database
from bot.records.records import Records
from bot.records.values import KEPT_ANSWERS
from tests.hosted import LATE, PROGRAM, QUESTIONS, STORY, hosted
from tests.many_records import MANY, fill
from tests.soak import times

AWAY: Final = timedelta(days=29)
"""For so long was the bot off: what it would have deleted meanwhile is still there."""

_AT_ONCE: Final = (
    f"import bot.discord_bot.client as client; client.SETTLING = 1.0; {PROGRAM}"
)
"""The bot, but it begins to delete at once, not minutes after it was started."""


@pytest.mark.soak
async def test_a_backlog(tmp_path: Path) -> None:
    """While it is deleted no answer is late, and what answers leave is kept."""
    file, now = tmp_path / "data" / "records.sqlite3", datetime.now(UTC)
    async with Database.open(file) as database:
        many = times(1000, MANY)
        await fill(database, many, KEPT_ANSWERS + AWAY, now=now)
    size = file.stat().st_size / 1e6
    async with hosted(tmp_path, "-c", _AT_ONCE) as bot:
        loop, late = asyncio.get_running_loop(), list[float]()
        begun = loop.time()
        while not purged(await bot.read("/metrics")):
            late += await bot.ask(20)
        took = loop.time() - begun
        late += await bot.ask(20)
        wrong = [line for line in bot.log if " ERROR " in line]
        asked = len(bot.took)
        answers = [one for one in bot.wire.posted if "Harbour" in json.dumps(one)]
    usual, slow = median(late), sorted(late)[-5:]
    print(  # noqa: T201
        f"{size:.0f} MB: {took:.0f} s, {asked} questions, usual {usual * 1000:.0f} ms, "
        f"slowest {', '.join(f'{one * 1000:.0f}' for one in slow)}; "
        f"then {file.stat().st_size / 1e6:.0f} MB"
    )
    assert wrong == []
    async with Records.open(file) as records:
        open_ones = await records.questions.all(STORY)
        counted = {one.text: one.asked for one in open_ones}
        assert counted == dict.fromkeys(QUESTIONS[1:3], asked // 4)
        for answer in answers:
            assert await records.shown.by(int(answer["id"]))
    async with Database.open(file) as database:
        for table, column in (("shown", "at"), ("votes", "at"), ("reports", "at")):
            oldest = text(f"SELECT min({column}) FROM {table}")  # noqa: S608 - ours
            found = await database.read(lambda on, sql=oldest: on.scalar(sql))
            assert found >= f"{now - KEPT_ANSWERS:%Y-%m-%d %H:%M}"
    assert [one for one in late if one > usual + LATE] == []


def purged(metrics: bytes) -> bool:
    """Whether all that is old was deleted, as the metrics tell."""
    name = rb"(?m)^receipts_last_purge_timestamp_seconds (\S+)"
    found = re.search(name, metrics)
    return found is not None and found[1] != b"NaN"
