"""The facts nearest to a question, whatever entry they belong to."""

from typing import Final

import numpy as np

from bot.answering.policy import SPOKEN_OF
from bot.matching.candidate import Explanation
from bot.matching.evidence import Evidence, Spoken
from bot.matching.measuring import content_of
from bot.matching.reader import Reader, question_of
from bot.story.model import Story

MOST: Final = 3
"""Facts that are shown."""

_AS_NEAR: Final = 0.8
"""What the next fact must cover, of what the nearest does, to be shown beside it."""


class FactFinder:
    """Finds facts of one story that speak of what is asked."""

    def __init__(self, story: Story, reader: Reader) -> None:
        facts = [one for one in story.facts.values() if one.volunteer]
        said = [reader.understand(one.statement).everything for one in facts]
        spoken = [Spoken(one, one) for one in said]
        self._names = [one.id for one in facts]
        self._evidence = Evidence(spoken, reader.family, len(spoken))

    def nearest(self, found: Explanation, beyond: float = 0.0) -> tuple[str, ...]:
        """The ids of the facts that cover most of a question, nearest first.

        None where no fact covers enough of it, a name or a second word among that; or
        none more than `beyond`, a share of it, 0-1.
        """
        content = content_of(question_of(found.reading).part.terms)
        if len(content) < 2 and not any(one.is_name for one in content):
            return ()
        coverage = self._evidence.cover(content).all
        order: list[int] = np.argsort(-coverage, kind="stable").tolist()
        best = order[:MOST]
        most = float(coverage[best[0]]) if best else 0.0
        if most < beyond:
            return ()
        least = max(SPOKEN_OF, _AS_NEAR * most)
        return tuple(self._names[at] for at in best if coverage[at] >= least)
