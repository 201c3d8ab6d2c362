"""How much of a phone's screen a card takes, as a browser draws it."""

from statistics import median
from typing import Final

import pytest

from bot.discord_bot.client import Receipts
from tests import chromium
from tests.pictures import NOW, answers, bundled, heights

GAPS: Final = ("kim-pay", "which-tv-drama")
"""Questions without an answer, with long facts beside them."""


@pytest.mark.skipif(bool(chromium.missing()), reason=chromium.missing())
async def test_an_answer_is_a_screen_of_a_phone() -> None:
    """At 360 pixels a typical card is about 640 high, and none is over 1,000.

    `python -m tests.pictures --heights` measures all of them.
    """
    answerer = bundled()
    every = answers(answerer)
    names = [*answerer.story.entries, *GAPS]
    found = await heights(
        Receipts(answerer, NOW.date), {name: every[name] for name in names}
    )
    assert all(250 < height <= 1000 for height in found.values()), found
    assert median(found[name] for name in names if name not in GAPS) <= 640
