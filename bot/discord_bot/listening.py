"""Messages that ask something: which do, and the replies they get."""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import discord

from bot.answering.outcome import Outcome, Reply
from bot.discord_bot.cards import Card, Reader, cards
from bot.discord_bot.desk import Asked, Desk
from bot.discord_bot.layout import PLAIN_ROOM, ROOM, layout, note, plain
from bot.discord_bot.manners import Memory, Wait
from bot.discord_bot.sending import Make, missing_permissions, reply, rewrite
from bot.discord_bot.wording import Words, words

EDITABLE: Final = 60.0
"""Seconds in which an edited question is answered anew."""

_REMEMBERED: Final = 15 * 60.0  # seconds in which a deleted question takes its answer

How = Literal["mention", "reply", "role", "direct"]
CardsIn = Callable[[int], Sequence[Card]]
"""Makes cards that fit a number of characters."""

_MENTION = re.compile(r"<@[!&]?\d+>")
_ASKS = re.compile(
    r"\?|\b(?:who|whom|whose|what|when|where|why|which|how)\b"
    r"|^\W*(?:(?:and|but|so|ok|okay)\W+)*(?:did|does|do|is|are|was|were|has|have|had"
    r"|can|could|will|would|should)\b",
    re.IGNORECASE,
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Given:
    """A reply that was given: to which words, in which message, when."""

    text: str
    message: int
    at: float


class Listener:
    """Reads messages, and replies to those that ask the bot something."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._given = Memory[int, _Given](desk.clock, _REMEMBERED)

    async def heard(
        self, message: discord.Message, me: discord.ClientUser | None
    ) -> None:
        """Answer a message that asks the bot something; keep silent else."""
        how = addressed(message, me)
        text = _MENTION.sub(" ", message.content)
        has_words = re.search(r"\w", text) is not None
        if how is None:
            await self._overheard(message, me)
            return
        if how == "reply" and not has_words:
            return
        said = language(message, self._desk)
        if how == "role" and not has_words:
            await reply(message, lambda _: note(said.say("role-hint")))
            return
        # Replying pings by default: chatter is answered only where that is no guess.
        asked = _asked(message, text, ambient=how == "reply" and not _ASKS.search(text))
        found = await self._desk.reply(asked)
        outcomes = found.outcomes if found else (self._desk.help(),)
        make = maker(outcomes, self._reader(message, said))
        if make is None or not await self._may_answer(message, said):
            return
        await self._answer(message, make, asked, found)

    async def edited(
        self, message: discord.Message, me: discord.ClientUser | None
    ) -> None:
        """Answer a question anew in place, if it was edited soon after it was asked."""
        given = self._given.get(message.id)
        if given is None or given.text == message.content:
            return
        if self._desk.clock() - given.at > EDITABLE or addressed(message, me) is None:
            return
        text = _MENTION.sub(" ", message.content)
        asked = _asked(message, text)
        found = await self._desk.reply(asked)
        outcomes = found.outcomes if found else (self._desk.help(),)
        make = maker(outcomes, self._reader(message, language(message, self._desk)))
        if make is None:
            return
        answer = discord.PartialMessage(channel=message.channel, id=given.message)
        if await rewrite(answer, make):
            self._remember(message, given.message)
            if self._desk.records:
                forget = self._desk.records.shown.forget(given.message)
                await self._desk.kept(forget)
            if found:
                await self._desk.done(asked, found, given.message, is_private=False)

    async def deleted(self, message: int, channel: discord.PartialMessageable) -> None:
        """Take back the answer to a question that was deleted soon after it was asked.

        What the records say of a message is forgotten with it.
        """
        given = self._given.pop(message)
        await self._desk.forgotten(message)
        if given is None:
            return
        try:
            await channel.get_partial_message(given.message).delete()
        except discord.HTTPException as error:
            _log.info("an answer was not taken back: Discord's code %d", error.code)

    async def _overheard(
        self, message: discord.Message, me: discord.ClientUser | None
    ) -> None:
        """Answer a question that does not name the bot, where moderators want that."""
        desk, guild = self._desk, message.guild
        if not desk.options.reads_channels or guild is None or not is_talk(message):
            return
        if message.mentions or message.role_mentions or message.reference:
            return
        place = _place(message)
        settings = await desk.channel(guild.id, place)
        if not settings.answers_unasked or desk.is_resting(place, settings.cooldown):
            return
        asked = _asked(message, message.content, ambient=True)
        found = await desk.reply(asked)
        if found is None or found.name != "answer" or me is None:
            return
        make = maker(
            found.outcomes, self._reader(message, language(message, self._desk))
        )
        if make is None or missing_permissions(message.channel, guild):
            return
        if desk.pace.take(message.author.id, message.channel.id, guild.id):
            return  # nobody asked the bot, so nobody need be told
        desk.rest(place)
        await self._answer(message, make, asked, found)

    async def _answer(
        self, message: discord.Message, make: Make, asked: Asked, found: Reply | None
    ) -> None:
        sent = await reply(message, make)
        if sent is None:
            return
        self._remember(message, sent.id)
        if found:
            await self._desk.done(asked, found, sent.id, is_private=False)

    def _remember(self, message: discord.Message, answer: int) -> None:
        given = _Given(message.content, answer, self._desk.clock())
        self._given.put(message.id, given)

    async def _may_answer(self, message: discord.Message, said: Words) -> bool:
        """Whether there is room for another answer; one notice where there is not."""
        guild = message.guild.id if message.guild else None
        exempt = is_moderator(message)
        wait = self._desk.pace.take(
            message.author.id, message.channel.id, guild, exempt=exempt
        )
        if wait is None:
            return True
        if wait.is_new:
            text = notice(wait, said)
            await reply(message, lambda _: note(text))
        return False

    def _reader(self, message: discord.Message, said: Words) -> Reader:
        votes = self._desk.records is not None
        return Reader(said, asker=message.author.id, votes=votes)


def maker(outcomes: Sequence[Outcome], reader: Reader) -> Make | None:
    """What makes a message of outcomes; None where they say nothing."""
    if not cards(outcomes, reader, ROOM):
        return None
    return showing(lambda room: cards(outcomes, reader, room))


def showing(make: CardsIn) -> Make:
    """What makes a message of cards, which are made for a room."""
    return lambda is_plain: plain(make(PLAIN_ROOM)) if is_plain else layout(make(ROOM))


def notice(wait: Wait, said: Words) -> str:
    """The sentence that says how long to wait."""
    until = discord.utils.utcnow().timestamp() + wait.seconds + 1
    return said.say(f"slow.{wait.whose}", when=f"<t:{int(until)}:R>")


def addressed(message: discord.Message, me: discord.ClientUser | None) -> How | None:
    """How a message speaks to the bot; None where it does not.

    `reply` is a reply that pings the bot and does not otherwise name it. `role` names
    the bot's own role, which is next to the bot in the list people pick from.
    """
    if me is None or not is_talk(message):
        return None
    if message.guild is None:
        return "direct"
    if me in message.mentions:
        # `mentioned_in` would be true of @everyone too, hence the list and the text.
        named = re.search(rf"<@!?{me.id}>", message.content)
        return "mention" if named else "reply"
    return "role" if message.guild.self_role in message.role_mentions else None


def is_talk(message: discord.Message) -> bool:
    """Whether a person wrote a message, and not to everyone."""
    plain_types = {discord.MessageType.default, discord.MessageType.reply}
    if message.author.bot or message.webhook_id is not None:
        return False
    return message.type in plain_types and not message.mention_everyone


def is_moderator(message: discord.Message) -> bool:
    """Whether whoever wrote a message may delete others' messages there."""
    author = message.author
    if not isinstance(author, discord.Member):
        return False
    try:
        return message.channel.permissions_for(author).manage_messages
    except discord.ClientException:  # a thread whose channel is not known
        return False


def language(message: discord.Message, desk: Desk) -> Words:
    """The words for a message's server, or for a person in direct messages.

    Discord tells a person's language with commands and clicks only; English before.
    """
    known = desk.languages.get(message.author.id) or "en"
    return words(message.guild.preferred_locale if message.guild else known)


def _asked(message: discord.Message, text: str, *, ambient: bool = False) -> Asked:
    refers = message.reference.message_id if message.reference else None
    guild = message.guild.id if message.guild else None
    author, channel = message.author.id, message.channel.id
    return Asked(text.strip(), author, channel, guild, refers, ambient)


def _place(message: discord.Message) -> int:
    """The channel that moderators set things for: a thread's is its parent."""
    channel = message.channel
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return channel.id
