"""Pairs of questions of which it is known whether they ask the same.

Those of `wanted.jsonl` were put together by hand. Of a story, what two entries answer
is never the same, nor is anything near or off its topic; swaps only look like what they
swap. Two questions for one entry are the same only where they want the same kind of
answer, and not surely then: an entry answers more than one question.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from bot.matching.likeness import Likeness
from bot.matching.ranking import Matcher
from tests.benchmarks.labelled import base

WANTED: Final = Path(__file__).with_name("wanted.jsonl")
BY_HAND: Final = 1.0
OTHER: Final = 1.0
ASKED: Final = 0.2
"""What two questions for one entry count that want the same kind of answer."""

WAYS: Final = 0.05
"""What two of its own wordings count."""

ALIKE: Final = 0.3
"""Of negative pairs, only those count whose words are this much alike, 0-1."""


class Pair(NamedTuple):
    """Two questions as measured; `groups` are what each asks.

    `is_parted` where something parts them whatever the model says; `by_hand` where a
    person put them together, or apart.
    """

    signals: Mapping[str, float]
    is_same: bool
    weight: float
    is_parted: bool
    by_hand: bool
    groups: tuple[str, str]
    texts: tuple[str, str]


def by_hand() -> dict[str, str]:
    """The questions of `wanted.jsonl`, with the group of each."""
    lines = WANTED.read_text(encoding="utf-8").splitlines()
    return {line["q"]: line["group"] for line in map(json.loads, lines)}


def pairs_of(name: str) -> Iterator[Pair]:
    """The pairs of a story whose words are alike at all, measured.

    Of the bundled one only what was made by hand: its wordings are for trying it.
    """
    story = base(name)
    if name == "bundled":
        yield from _measured(by_hand(), None, Matcher(story.targets, story.names))
        return
    asked = {way: one.id for one in story.targets for way in one.asks}
    ways = frozenset(asked)
    for kind, questions in story.questions.items():
        for one in questions:
            if kind != "in_scope":
                asked[one.q] = one.q
            elif len(one.expect) == 1:
                asked[one.q] = one.expect[0]
    yield from _measured(asked, ways, Matcher(story.targets, story.names))


def _measured(
    asked: Mapping[str, str], ways: frozenset[str] | None, matcher: Matcher
) -> Iterator[Pair]:
    """Pairs as measured; `ways` are the wordings of entries, None where all by hand."""
    texts = sorted(asked)
    likeness = Likeness(texts, matcher)
    known = [texts[positions[0]] for positions in likeness.readings]
    for one, other in likeness.near():
        first, second = known[one], known[other]
        is_same = asked[first] == asked[second]
        signals = likeness.likenesses(one, other)
        if not is_same and signals["nearest"] < ALIKE:
            continue
        if ways is None:
            weight = BY_HAND
        elif not is_same:
            weight = OTHER
        elif likeness.wants(one) != likeness.wants(other):
            continue
        else:
            weight = WAYS if {first, second} <= ways else ASKED
        yield Pair(
            signals | likeness.against(one, other),
            is_same,
            weight,
            likeness.is_parted(one, other),
            ways is None,
            (asked[first], asked[second]),
            (first, second),
        )
