"""The facts nearest to a question, whatever entry they belong to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Final

import numpy as np

from bot.answering.policy import SPOKEN_OF
from bot.answering.topic import named
from bot.matching.candidate import Explanation
from bot.matching.evidence import Evidence, Spoken
from bot.matching.measuring import content_of
from bot.matching.reader import Reader, question_of
from bot.story.model import Story

MOST: Final = 3
"""Facts that are shown."""

_AS_NEAR: Final = 0.8
"""What the next fact must cover, of what the nearest does, to be shown beside it."""

_Typed = Mapping[str, AbstractSet[str]]
"""Entities, by their type."""


class FactFinder:
    """Finds facts of one story that speak of what is asked."""

    def __init__(self, story: Story, reader: Reader) -> None:
        facts = [one for one in story.facts.values() if one.volunteer]
        read = [reader.understand(one.statement) for one in facts]
        spoken = [Spoken(one.everything, one.everything) for one in read]
        self._types = {one.id: one.type for one in story.entities.values()}
        self._about = [self._typed(named(one)) for one in read]
        self._names = [one.id for one in facts]
        self._evidence = Evidence(spoken, reader.family, len(spoken))

    def nearest(self, found: Explanation, beyond: float = 0.0) -> tuple[str, ...]:
        """The ids of the facts that cover most of a question, nearest first.

        None where no fact covers enough of it, a name or a second word among that; or
        none more than `beyond`, a share of it, 0-1. What is told of somebody else only
        is no fact about whom the question names.
        """
        asked = question_of(found.reading).part
        content = content_of(asked.terms)
        if len(content) < 2 and not any(one.is_name for one in content):
            return ()
        whom = self._typed(named(asked))
        is_other = [_is_of_others(about, whom) for about in self._about]
        coverage = np.where(is_other, 0.0, self._evidence.cover(content).all)
        order: list[int] = np.argsort(-coverage, kind="stable").tolist()
        best = order[:MOST]
        most = float(coverage[best[0]]) if best else 0.0
        if most < beyond:
            return ()
        least = max(SPOKEN_OF, _AS_NEAR * most)
        return tuple(self._names[at] for at in best if coverage[at] >= least)

    def _typed(self, names: Iterable[str]) -> _Typed:
        """Entities by their type."""
        found = defaultdict[str, set[str]](set)
        for one in names:
            found[self._types[one]].add(one)
        return found


def _is_of_others(about: _Typed, whom: _Typed) -> bool:
    """Whether it names some of a type that the question names, and none of those."""
    return any(
        about[kind].isdisjoint(names) for kind, names in whom.items() if kind in about
    )
