"""While the bot runs: a story's files are looked at, and what is well in them answers.

What becomes of a change is in the log; what is wrong with the files, and that they are
well again, is told in the moderators' channel, too.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final, Generic, TypeVar

import discord

from bot.answering.answerer import Answerer
from bot.discord_bot.asking.moderators_channel import post
from bot.discord_bot.client import Receipts
from bot.discord_bot.showing.cards import more
from bot.discord_bot.showing.escaping import escape, shorten
from bot.discord_bot.showing.limits import MAX_CONTENT, width
from bot.discord_bot.showing.messages import note
from bot.discord_bot.showing.sending import Make
from bot.lane import Lane, beside
from bot.publishing.live import Live, Refused, Swapped
from bot.story.model import Problem
from bot.words.catalogue import Words

EVERY: Final = 0.3
"""Seconds between two looks at the files."""

SOON: Final = 0.2
"""Seconds in which a change must stand still before it is loaded."""

REST: Final = 5.0
"""Seconds after a change before its full build is begun: often another one follows."""

_AFTER_A_FAILURE: Final = 60.0  # seconds; the log is not to be flooded
_MAX_LOGGED: Final = 20
_MAX_SHOWN: Final = 10
_MAX_LINE: Final = 300

Look = Callable[[], Awaitable[Swapped | Refused | None]]

A = TypeVar("A", bound=Answerer)
_log = logging.getLogger(__name__)


@asynccontextmanager
async def watching(
    client: Receipts, live: Live[A], found: Swapped | Refused, look: Look | None = None
) -> AsyncGenerator[None]:
    """Watch a story's files while the context is open.

    `found` is what starting gave, which is told as a change would be. `look` looks
    once, where that is more than at the files.
    """
    watcher = _Watcher(client, live, look)
    watcher.heed(found)
    async with beside(watcher.watch()):
        try:
            yield
        finally:
            watcher.stop()


class _Watcher(Generic[A]):
    def __init__(self, client: Receipts, live: Live[A], look: Look | None) -> None:
        self._client, self._live = client, live
        self._news: Swapped | Refused | None = None
        self._is_told_broken = False
        self._settling: asyncio.Task[None] | None = None
        # A full build takes long; files are looked at meanwhile.
        self._lane = Lane(2, behind=client.app.answers)
        self._look = look or (lambda: self._lane.do(live.look))

    async def watch(self) -> None:
        while True:
            try:
                await asyncio.sleep(SOON if self._live.is_moving else EVERY)
                found = await self._look()
                self._answer()  # what is served may change with nothing to tell
                if found:
                    self.heed(found)
                if self._news and self._client.is_ready():
                    news, self._news = self._news, None
                    self._is_told_broken = isinstance(news, Refused)
                    await _tell(self._client, news)
            except Exception:  # noqa: BLE001 - logged, and the bot goes on
                _log.exception("the story's files could not be looked at")
                await asyncio.sleep(_AFTER_A_FAILURE)

    def stop(self) -> None:
        if self._settling:
            self._settling.cancel()

    def heed(self, found: Swapped | Refused) -> None:
        """Answer from what is served now, and note what is to be told."""
        self._answer()
        if isinstance(found, Refused):
            _log_refused(found)
            self._news = found
        else:
            _log.info("the story is served at revision %s", found.revision)
            if not found.kept:
                _log.warning("this revision could not be kept on disk for a restart")
            self._news = found if self._is_told_broken else None
        if self._settling is None or self._settling.done():
            self._settling = asyncio.create_task(self._settle())

    def _answer(self) -> None:
        if self._live.current is not None:
            self._client.app.answerer = self._live.current

    async def _settle(self) -> None:
        """Have what was built fast built in full, until nothing newer is served."""
        try:
            tried: object = None
            while not self._live.is_settled and self._live.served is not tried:
                tried = self._live.served
                await asyncio.sleep(REST)
                found = await self._lane.do(self._live.settle)
                if isinstance(found, Refused):
                    self.heed(found)
                elif found:
                    self._answer()
                    _log.info("revision %s is built in full", found.revision)
        except Exception:  # noqa: BLE001 - logged, and what was built fast serves
            _log.exception("the story could not be built in full")


def _log_refused(found: Refused) -> None:
    count = len(found.problems)
    _log.warning(
        "the story's files are broken (problems: %d); revision %s, the last good one, "
        "goes on being served",
        count,
        found.served,
        exc_info=found.error,
    )
    for problem in found.problems[:_MAX_LOGGED]:
        _log.warning("%s", problem)


async def _tell(client: Receipts, news: Swapped | Refused) -> None:
    def make(_guild: discord.Guild, said: Words) -> Make:
        return lambda _is_plain: note(news_text(news, said))

    await post(client, client.app.options, make)


def news_text(news: Swapped | Refused, said: Words) -> str:
    """What moderators are told of their files: one message, safe, with all in it.

    The first problems are shown, each with its place, and how many more there are.
    """
    if isinstance(news, Swapped):
        return said.say("files.well", revision=news.revision)
    text = said.say("files.broken", revision=news.served)
    lines = [_line(problem, said) for problem in news.problems[:_MAX_SHOWN]]
    while True:
        rest = len(news.problems) - len(lines)
        tail = [more(said)(rest, 0)] if rest else []
        whole = "\n".join((text, *lines, *tail))
        if width(whole) <= MAX_CONTENT:
            return whole
        lines.pop()


def _line(problem: Problem, said: Words) -> str:
    place = f"{problem.path}:{problem.line}:{problem.column}"
    return f"- {shorten(escape(f'{place}: {said.told(problem.message)}'), _MAX_LINE)}"
