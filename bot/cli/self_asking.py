"""A story's self-test in the terminal, which shows how far it is meanwhile."""

import sys
from datetime import date
from typing import Final

from bot.answering.answerer import Answerer
from bot.evaluation.self_report import summary
from bot.evaluation.self_test import SelfTest, self_test
from bot.settings import cache_folder
from bot.shelf import Shelf

_STEP: Final = 10  # questions after which it is told


def ask_itself(answerer: Answerer, now: date) -> SelfTest:
    """What becomes of a story's own questions; it may take seconds."""
    is_seen = sys.stderr.isatty()

    def tell(done: int, of: int) -> None:
        if is_seen and (done == of or not done % _STEP):
            sys.stderr.write(f"\rThe story asks itself: {done} of {of}")
            sys.stderr.write("\r\x1b[K" if done == of else "")
            sys.stderr.flush()

    return self_test(answerer, now, tell, Shelf(cache_folder()))


def told(answerer: Answerer, now: date, folder: str) -> str:
    """The same in a sentence, with the commands that go on; `folder` is the story's."""
    return summary(ask_itself(answerer, now), answerer.story, folder)
