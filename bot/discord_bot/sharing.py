"""One story for several processes: one keeps its files, and serves them to all.

That process writes and watches the files, as one alone does, and puts what it serves in
the records; others serve it from there. What moderators do elsewhere is asked of it.
"""

import asyncio
import logging
import secrets
from contextlib import AbstractAsyncContextManager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from bot.answering.answerer import Answerer
from bot.discord_bot.client import Receipts
from bot.discord_bot.outage import Outage
from bot.history.history import History, HistoryError
from bot.lane import Lane, beside
from bot.moderating.shared_history import Ask, carried_out
from bot.publishing.live import Live, Refused, Swapped
from bot.records.exchange import Common
from bot.records.records import Records
from bot.records.values import RecordsError
from bot.story.files import Files

ANSWER_SECONDS: Final = 30.0
"""Seconds in which who has the files must answer; a change takes one or two."""

_EVERY: Final = 0.1  # seconds between two looks for errands, or for an answer
_REST: Final = 30.0  # seconds until what cannot be done is tried again
_log = logging.getLogger(__name__)

A = TypeVar("A", bound=Answerer)


@dataclass
class Place:
    """A story's folder: its past, None where there is no folder, and a mark beside it.

    The mark names what was served from the folder last.
    """

    folder: Path
    mark: Path
    here: History | None = None

    def known(self) -> str:
        """What was served from the folder last; "" where nothing was."""
        with suppress(OSError):
            return self.mark.read_text(encoding="utf-8").strip()
        return ""

    def note(self, key: str) -> None:
        """Note what is served from the folder."""
        with suppress(OSError):
            self.mark.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.mark.write_text(key, encoding="utf-8")


@dataclass
class Sharing(Generic[A]):
    """Keeps a story the same in all processes; `look` does what there is to do."""

    client: Receipts
    records: Records
    live: Live[A]
    place: Place
    _number: int = -1
    _served: object = None
    _is_kept: bool = False
    _rests_until: float = 0.0
    _lane: Lane = field(default_factory=Lane)
    _outage: Outage = field(default_factory=Outage)

    @property
    def _story(self) -> str:
        return self.client.app.options.story

    async def look(self) -> Swapped | Refused | None:
        """Look once at the files, where they are ours to keep, else at the records."""
        app, clock = self.client.app, asyncio.get_running_loop().time
        if clock() < self._rests_until:
            return None
        try:
            if not app.keeps:
                self._is_kept = False
            elif not self._is_kept:
                self._is_kept = await self._begin()
                if not self._is_kept:
                    self._rests_until = clock() + _REST
            if not self._is_kept:
                found = await self._follow()
                self._outage.over()
                return found
            found = await self._lane.do(self.live.look)
            await self._publish()
            self._outage.over()
        except RecordsError as error:
            self._outage.failed(error)
            self._rests_until = clock() + 2
            return None
        return found

    async def _follow(self) -> Swapped | Refused | None:
        """Serve what another process has served everywhere."""
        number = await self.records.exchange.number(self._story)
        if number == self._number:
            return None
        common = await self.records.exchange.common(self._story)
        self._number = number
        if common is None or self._is_served(common):
            return None
        files = Files(common.content)
        return await self._lane.do(self.live.adopt, files, common.hidden)

    def _is_served(self, common: Common) -> bool:
        served = self.live.served
        return (
            served is not None
            and served.files.content == common.content
            and self.live.hidden == common.hidden
        )

    async def _publish(self) -> None:
        """Have what is served here served everywhere."""
        served = self.live.served
        if served is None or served.story is None:
            return
        now = (served.files.key, served.story.revision, dict(self.live.hidden))
        if now == self._served:
            return
        common = await self.records.exchange.common(self._story)
        if common is None or not self._is_served(common):
            await self.records.exchange.serve(
                self._story,
                served.files.key,
                served.files.content,
                dict(self.live.hidden),
            )
        self._served = now
        await asyncio.to_thread(self.place.note, served.files.key)

    async def _begin(self) -> bool:
        """Begin to keep the files, if they are those that are served, or newer."""
        common = await self.records.exchange.common(self._story)
        files = await asyncio.to_thread(Files.read, self.place.folder)
        known = await asyncio.to_thread(self.place.known)
        self._served = None
        if common and common.key not in {files.key, known}:
            here = self.place.here
            if files.key != known or here is None:
                _log.error(
                    "the story's files here were changed, and so were those that are "
                    "served: bring these up to date, or delete %s to serve them",
                    self.place.mark,
                )
                if known:
                    return False
            else:
                new = Files(common.content)
                await asyncio.to_thread(self._catch_up, here, files, new)
        if self.client.app.workshop:
            await self.client.app.workshop.recover()
        _log.info("this process keeps the story's files")
        return True

    @staticmethod
    def _catch_up(here: History, old: Files, new: Files) -> None:
        """Write into the folder what others changed while this process was away."""
        paths = {*old.texts, *new.texts}
        before = {path: old.texts.get(path) for path in paths}
        after = {path: new.texts.get(path) for path in paths}
        why, now = "Take over what was changed elsewhere", datetime.now(UTC)
        here.save(before, after, why, "Receipts", now)

    async def run_errands(self) -> None:
        """Do what other processes ask, as long as the files are ours to keep."""
        exchange = self.records.exchange
        while True:
            await asyncio.sleep(_EVERY)
            if not self._is_kept or self.place.here is None:
                continue
            try:
                for errand, what in (await exchange.asked(self._story)).items():
                    told = await asyncio.to_thread(carried_out, self.place.here, what)
                    await exchange.answer(self._story, errand, told)
            except RecordsError as error:
                self._outage.failed(error)
                await asyncio.sleep(1)
            except Exception:  # noqa: BLE001 - logged, and the others are done
                _log.exception("what another process asked could not be done")
                await asyncio.sleep(1)


def errands(shared: Sharing[A]) -> AbstractAsyncContextManager[None]:
    """Do what other processes ask while the context is open."""
    return beside(shared.run_errands())


def asking(records: Records, story: str) -> Ask:
    """What asks, from a thread, who keeps the files; made where the loop runs."""
    loop = asyncio.get_running_loop()
    return lambda asked: asyncio.run_coroutine_threadsafe(
        _ask(records, story, asked), loop
    ).result()


async def _ask(records: Records, story: str, asked: dict[str, Any]) -> object:
    exchange, errand = records.exchange, secrets.token_hex(8)
    await exchange.ask(story, errand, asked)
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            while True:
                await asyncio.sleep(_EVERY)
                if told := await exchange.answered(story, errand):
                    return told
    except TimeoutError:
        raise HistoryError(
            "the process that keeps the story's files does not answer; what you typed "
            "is kept, so try again soon"
        ) from None
    finally:
        await exchange.forget(story, errand)
