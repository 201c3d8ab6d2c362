"""How well questions without an answer are put together by what they mean.

    python -m tests.benchmarks.wanted

prints, for questions of which it is known which are the same, how many of the pairs put
together belong together, and how many of those that belong together were found. In
`wanted.jsonl` near-topic questions stand beside paraphrases and beside questions that
differ from them in one thing. The others are the wordings of the story's unknowns and
of a third of its entries, asked of a base without them: wide groups, which hold much
that a moderator would want apart.
"""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from random import Random

from bot.answering.answerer import Answerer
from bot.moderating.unanswered import wants
from bot.records.values import Question
from bot.story.files import Files
from bot.story.loading import load
from bot.story.model import Story
from tests.benchmarks.pairs import by_hand
from tests.benchmarks.story import STORY, questions

NOW = datetime(2026, 11, 23, tzinfo=UTC)
MOST = 1000


def measure(name: str, groups: Mapping[str, str], answerer: Answerer) -> None:
    """Put questions together, and print how well that went."""
    asked = Random(1).sample(sorted(groups), min(MOST, len(groups)))
    given = [
        Question(at, "story", text, 1, 0, NOW, NOW) for at, text in enumerate(asked)
    ]
    start = time.process_time()
    found = wants(given, answerer, NOW.date())
    took = time.process_time() - start
    found = wants(given, answerer, NOW.date(), limit=None)
    pairs = [
        (groups[one.text], groups[other.text])
        for want in found
        for one, other in combinations(want.wordings, 2)
    ]
    right = sum(one == other for one, other in pairs)
    sizes = Counter(groups[text] for text in asked).values()
    alike = sum(size * (size - 1) // 2 for size in sizes)
    print(
        f"{name}: {len(asked)} questions, {len(found)} wants, {took:.2f} s; "
        f"{right} of {len(pairs)} pairs belong together, {alike} do"
    )


def without(story: Story, left_out: Sequence[str]) -> Story:
    """The story without some entries, and without its unknowns."""
    kept = {
        one.id: one.model_copy(update={"related": ()})
        for one in story.entries.values()
        if one.id not in left_out
    }
    topics = {
        topic: left
        for topic, names in story.topics.items()
        if (left := tuple(name for name in names if name in kept))
    }
    return replace(story, entries=kept, unknowns={}, topics=topics)


def main() -> None:
    """Measure each list of questions."""
    story = load(Files.read(STORY), NOW.date()).story
    assert story is not None
    whole = Answerer(story)
    measure("wanted.jsonl", by_hand(), whole)
    for kind in ("near_topic", "off_topic"):
        measure(kind, {one.q: one.q for one in questions(kind)}, whole)
    left_out = Random(1).sample(list(story.entries), len(story.entries) // 3)
    rest = Answerer(without(story, left_out))
    unknowns = story.unknowns.values()
    measure("unknowns", {text: one.id for one in unknowns for text in one.ways}, rest)
    measure(
        "entries",
        {text: name for name in left_out for text in story.entries[name].ways},
        rest,
    )


if __name__ == "__main__":
    main()
