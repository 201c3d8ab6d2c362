"""Telling people that what they asked has an answer now: once, where they wished.

Looked at is who waits, not what changed: a wish that the last run could not fulfil is
fulfilled by this one. After it was told, or where it cannot be, a wish is forgotten.
"""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from typing import Final

import aiohttp
import discord

from bot.answering.answerer import Answerer
from bot.answering.outcome import Answer
from bot.discord_bot.client import Receipts
from bot.discord_bot.sharding import channel_of
from bot.discord_bot.showing.answer_cards import cards
from bot.discord_bot.showing.cards import Card, Reader
from bot.discord_bot.showing.limits import width
from bot.discord_bot.showing.sending import (
    ROOMS,
    Room,
    missing_permissions,
    send,
    showing,
)
from bot.lane import beside
from bot.moderating.answered import News, news
from bot.records.values import Message
from bot.words.catalogue import Words, words

EVERY: Final = 1.0
"""Seconds between two looks at whether there is a new revision."""

AGAIN: Final = 600.0
"""Seconds after which is looked again at who waits, though the revision is the same:
somebody may have begun to while it became live."""

PAUSE: Final = 0.4
"""Seconds between two messages, far below what Discord accepts."""

_AFTER_A_FAILURE: Final = 60.0
_TOO_MANY: Final = 429  # of HTTP
_SERVER_ERROR: Final = 500
_MOST: Final = 3  # answers in a message; what else there is can be asked
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person is told in one place, at once; None: directly."""

    person: int
    guild: int | None
    channel: int | None
    news: tuple[News, ...]

    @property
    def answers(self) -> tuple[Answer, ...]:
        """The answers, each entry's once."""
        every = chain.from_iterable(one.answers for one in self.news)
        return tuple({one.entry: one for one in every}.values())

    @property
    def nonce(self) -> str:
        """By which Discord tells a message that is sent twice, in 25 characters."""
        numbers = (self.person, *(one.question.id for one in self.news))
        return sha256(repr(numbers).encode()).hexdigest()[:25]


def announcing(client: Receipts) -> AbstractAsyncContextManager[None]:
    """Tell people of answers while the context is open."""
    return beside(_watch(client))


async def _watch(client: Receipts) -> None:
    announcer, app = Announcer(client), client.app
    looked: Answerer | None = None
    due = app.clock()
    while True:
        await asyncio.sleep(EVERY)
        now = app.answerer
        if not app.leads:
            looked = None  # who comes to lead looks at all who wait
        if not (client.is_ready() and app.leads):
            continue
        if now is looked and app.clock() < due:
            continue
        try:
            is_done = await announcer.announce()
        except Exception:  # noqa: BLE001 - logged, and the bot goes on
            _log.exception("people could not be told of answers")
            is_done = False
        looked = now
        due = app.clock() + (AGAIN if is_done else _AFTER_A_FAILURE)


class Announcer:
    """Tells people of answers that there are now."""

    def __init__(self, client: Receipts, pause: float = PAUSE) -> None:
        self._client, self._pause = client, pause
        self._sent = set[str]()  # though the records could not forget them

    async def announce(self) -> bool:
        """Tell all who wait for what has an answer now; whether that is all done.

        It is not where Discord or the records fail, which may pass.
        """
        app = self._client.app
        if app.records is None:
            return True
        wishes = app.records.questions.waiting_all(app.options.story)
        waiting = await app.kept(wishes)
        if not waiting:
            return waiting is not None
        found = await app.aside.do(
            news,
            chain.from_iterable(waiting.values()),
            waiting,
            app.unasked,
            app.today(),
        )
        is_done = True
        for letter in letters(found):
            try:
                is_done = await self._deliver(letter) and is_done
            except Exception:  # noqa: BLE001 - the others are told all the same
                _log.exception("somebody could not be told of an answer")
                is_done = False
            await asyncio.sleep(self._pause)
        return is_done

    async def _deliver(self, letter: Letter) -> bool:
        """Tell one person, unless they no longer wait; whether that is done with."""
        app = self._client.app
        if app.records is None:
            return True
        first = letter.news[0].question.id
        waiting = await app.kept(app.records.questions.waiting(first))
        if waiting is None:
            return False
        if all(one.person != letter.person for one in waiting):
            return True
        if letter.nonce not in self._sent and not await self._send(letter):
            return False
        self._sent.add(letter.nonce)
        is_done = True
        for one in letter.news:
            told = app.records.questions.told(one.question.id, letter.person)
            is_done = await app.kept(told) is not None and is_done
        return is_done

    async def _send(self, letter: Letter) -> bool:
        """Send a letter; false where that may work later, true where it never will."""
        try:
            place = await self._place(letter)
            if place is None:
                _log.info("nobody is told of an answer where they may not see it")
                return True
            await self._send_to(place, letter)
        except discord.HTTPException as error:
            _log.info("an answer could not be told: Discord's code %d", error.code)
            return error.status < _SERVER_ERROR and error.status != _TOO_MANY
        except (aiohttp.ClientError, OSError):
            _log.info("an answer could not be told: Discord cannot be reached")
            return False
        except discord.DiscordException:
            _log.info("an answer could not be told: Discord gave no channel")
        return True

    async def _place(self, letter: Letter) -> Room | discord.DMChannel | None:
        """Where a letter goes; None where it cannot, or its reader sees nothing."""
        if letter.channel is None:
            return await self._client.create_dm(discord.Object(letter.person))
        channel = await channel_of(self._client, letter.channel)
        if not isinstance(channel, ROOMS) or channel.guild.id != letter.guild:
            return None
        if missing_permissions(channel, channel.guild, replies=False):
            return None
        member = await channel.guild.fetch_member(letter.person)
        return channel if channel.permissions_for(member).view_channel else None

    async def _send_to(self, place: Room | discord.DMChannel, letter: Letter) -> None:
        """Send a letter, which may ping its reader and nobody else."""
        app, guild = self._client.app, place.guild
        known = app.languages.get(letter.person) or "en"
        said = words(guild.preferred_locale if guild else known)
        sent = await send(
            place,
            showing(lambda room: letter_cards(letter, said, room)),
            nonce=letter.nonce,
            pings=letter.person,
        )
        where = Message(guild.id if guild else None, place.id, sent.id)
        await app.note_shown(where, letter.answers[:_MOST], letter.person, first=1)


def letters(found: Iterable[News]) -> list[Letter]:
    """News as letters: what somebody waits for in one place, they are told at once."""
    by_place: dict[tuple[int, int | None, int | None], list[News]] = {}
    for one in found:
        who = one.waiting
        key = (who.person, who.guild, who.channel)
        by_place.setdefault(key, []).append(one)
    return [Letter(*key, tuple(every)) for key, every in by_place.items()]


def letter_cards(letter: Letter, said: Words, room: int) -> Sequence[Card]:
    """A letter as cards: that there is an answer, and the answer as always."""
    key = "told.direct" if letter.channel is None else "told.here"
    first = said.say(key, person=letter.person)
    reader = Reader(said, asker=letter.person)
    rest = cards(letter.answers[:_MOST], reader, room - 2 * width(first))
    return [Card((first,)), *rest]
