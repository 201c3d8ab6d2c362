"""The bot as it is hosted, on a real connection, over a long time."""

from pathlib import Path

import pytest

from tests.benchmarks.load import BOT, soaked, started
from tests.soak import SOAKING, times

GROWTH = 0.05  # the share by which memory may grow from a tenth of the questions on


@pytest.mark.soak
async def test_a_soak(tmp_path: Path) -> None:
    """Each question has one answer, however many there are; then memory stays as it is.

    The questions are of all kinds, each somebody else's, in 1,200 servers.
    """
    async with started(BOT, tmp_path) as bot:
        if SOAKING:  # what a revision's own questions led to is remembered, too
            await bot.quiet()
        found = await soaked(bot, times(100, 10_000), rate=20)
        assert (bot.lost, bot.doubled) == (0, 0)
        assert len(found.run.waited) == times(100, 10_000)
        assert found.growth < GROWTH or not SOAKING
