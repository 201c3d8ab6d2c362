"""What becomes of a story's own questions, for moderators who look for what is weak."""

import asyncio
from datetime import date

from bot.answering.answerer import Answerer
from bot.evaluation.self_test import SelfTest, self_test
from bot.lane import Lane
from bot.publishing.comparing import Told


class OwnQuestions:
    """Asks a story's own questions, which takes up to a minute.

    They are asked once for a revision, however many want to know it meanwhile; and in a
    lane of their own, so that nothing but that waits for it. It gives way to what is
    done in the lane that it is `behind`.
    """

    def __init__(self, behind: Lane | None = None) -> None:
        self._lane = Lane(behind=behind)
        self._one = asyncio.Lock()
        self._known: tuple[str, SelfTest] | None = None

    async def tested(self, answerer: Answerer, today: date, tell: Told) -> SelfTest:
        """What became of them; `tell` is told how far it is, where they are asked."""
        async with self._one:
            revision = answerer.story.revision
            if self._known is None or self._known[0] != revision:
                found = await self._lane.do(self_test, answerer, today, tell)
                self._known = revision, found
            return self._known[1]
