"""What strangers who want to stop the bot can do to everybody else.

    python -m tests.benchmarks.hostile

Asks the bot what costs it most, and prints how long an ordinary question waits while
moderators look at the queue of that, and how long the queue of 500 takes to open.
"""

import asyncio
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from random import Random
from typing import Final

from bot.answering.answerer import Answerer
from bot.discord_bot.asking.app import App
from bot.discord_bot.asking.asked import Asked
from bot.discord_bot.moderation.queue_cards import PER
from bot.matching.english import common_words
from bot.moderating.unanswered import MAX_WORDS, Unanswered
from bot.records.values import Question
from bot.story.files import Files
from bot.story.loading import load
from tests.benchmarks.story import STORY

NOW: Final = datetime(2026, 11, 23, tzinfo=UTC)
TODAY: Final = NOW.date()
KEPT: Final = 500  # characters of a question in the records
VIEWS: Final = 6
MOST: Final = 500

SHORT: Final = sorted(one for one in common_words() if len(one) == 3 and one.isalpha())
NAMED: Final = "kim gucci demna adidas kanye zara bella".split()


def _rows(count: int) -> list[str]:
    """The same words in a row, but for the last one."""
    return [" ".join([*SHORT[:108], SHORT[200 + at % 400]]) for at in range(count)]


def _mixed(count: int) -> list[str]:
    """As many words as are compared, of the same few, in other orders."""
    chance = Random(1)
    return [" ".join(chance.sample(SHORT[:60], MAX_WORDS)) for _ in range(count)]


def _acting(count: int) -> list[str]:
    """Names that do things to names."""
    chance = Random(1)
    verbs = "sue pay by not".split()
    half = MAX_WORDS // 2 - 1
    return [
        " ".join(
            word
            for _ in range(half)
            for word in (chance.choice(NAMED), chance.choice(verbs))
        )
        for _ in range(count)
    ]


def _things(count: int) -> list[str]:
    """Things that act, each one foreign to the story."""
    chance = Random(1)
    half = MAX_WORDS // 2 - 1
    strange = [f"z{chr(97 + at)}q" for at in range(half + 2)]
    return [
        "did the " + " the ".join(chance.sample(strange, half)) for _ in range(count)
    ]


KINDS: Final[Mapping[str, Callable[[int], list[str]]]] = {
    "rows": _rows,
    "mixed": _mixed,
    "acting": _acting,
    "things": _things,
}


def _kept(texts: list[str]) -> list[Question]:
    return [
        Question(at, "story", text[:KEPT], 1, 0, NOW, NOW)
        for at, text in enumerate(texts, 1)
    ]


async def _waits(answerer: Answerer, hostile: list[Question]) -> list[float]:
    """How long an ordinary question takes, in seconds, while the queue is looked at."""
    app = App(answerer, lambda: TODAY)
    views = [
        asyncio.create_task(
            # Each as if it were of another revision: nothing is known from before.
            app.aside.do(Unanswered().wants, hostile, answerer, TODAY, PER + 1)
        )
        for _ in range(VIEWS)
    ]
    found: list[float] = []
    ordinary = list(answerer.story.entries.values())
    while not all(view.done() for view in views) or len(found) < VIEWS:
        asked = Asked(ordinary[len(found) % len(ordinary)].question, 1, 2, 3)
        start = time.perf_counter()
        await app.reply(asked)
        found.append(time.perf_counter() - start)
        await asyncio.sleep(0.02)
    return sorted(found)


def _opens(answerer: Answerer, hostile: list[Question]) -> tuple[float, float]:
    """The seconds until a queue is open, and those of the processor."""
    start, used = time.perf_counter(), time.process_time()
    Unanswered().wants(hostile, answerer, TODAY, PER + 1)
    return time.perf_counter() - start, time.process_time() - used


def main() -> None:
    """Print a row for each kind of attack."""
    story = load(Files.read(STORY), TODAY).story
    assert story is not None
    answerer = Answerer(story)
    for entry in list(story.entries.values())[:20]:
        answerer.reply(entry.question, TODAY)
    print("an ordinary question beside 24 hostile ones and 6 views of the queue;")
    print("the queue of 500 hostile ones, opened for the first time")
    for name, make in KINDS.items():
        waits = asyncio.run(_waits(answerer, _kept(make(24))))
        opens, used = _opens(answerer, _kept(make(MOST)))
        median = waits[len(waits) // 2]
        print(
            f"{name:8} waits {median * 1000:4.0f} ms, at most {waits[-1] * 1000:4.0f}"
            f" ms (of {len(waits)}); the queue opens in {opens:.2f} s"
            f" ({used:.2f} s of the processor)",
            flush=True,
        )


if __name__ == "__main__":
    main()
