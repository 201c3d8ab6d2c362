"""Messages that ask something: which do, and the replies they get."""

import logging
import re
from datetime import timedelta
from typing import Final, Literal

import discord

from bot.answering.composing import what_to_ask
from bot.answering.outcome import Reply
from bot.discord_bot.asking.app import MOST_OFFERS, App
from bot.discord_bot.asking.asked import Asked, Given
from bot.discord_bot.asking.message_text import (
    goes_on_from,
    question_in,
    says_nothing,
    words_in,
)
from bot.discord_bot.asking.permissions import is_exempt
from bot.discord_bot.asking.rate_limits import Wait
from bot.discord_bot.asking.reposts import Reposts
from bot.discord_bot.counting import since
from bot.discord_bot.showing.answer_cards import cards
from bot.discord_bot.showing.cards import Reader, ago
from bot.discord_bot.showing.messages import note
from bot.discord_bot.showing.sending import (
    Make,
    missing_permissions,
    reply,
    rewrite,
    showing,
    surely,
)
from bot.records.questions import fingerprints
from bot.words.catalogue import Words, words

EDITABLE: Final = 60.0
"""Seconds in which an edited question is answered anew."""

How = Literal["mention", "reply", "role", "direct"]
_ASKS = re.compile(
    r"\?|\b(?:who|whom|whose|what|when|where|why|which|how)\b"
    r"|^\W*(?:(?:and|but|so|ok|okay)\W+)*(?:did|does|do|is|are|was|were|has|have|had"
    r"|can|could|will|would|should)\b",
    re.IGNORECASE,
)
_log = logging.getLogger(__name__)


class Listener:
    """Reads messages, and replies to those that ask the bot something."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._reposts = Reposts(app.clock)
        self._under_way: dict[int, discord.Message | None] = {}
        """Messages that are being heard, as last edited; None once deleted."""

    async def heard(
        self, message: discord.Message, me: discord.ClientUser | None
    ) -> None:
        """Answer a message that asks the bot something; keep silent else.

        Of one that is edited or deleted meanwhile the answer is, too.
        """
        if message.webhook_id is not None:
            await self._posted_again(message, me)
            return
        self._under_way.setdefault(message.id, message)
        try:
            await self._heard(message, me)
        finally:
            now = self._under_way.pop(message.id, message)
        if now is not None and now is not message:
            await self.edited(now, me)

    async def _heard(
        self, message: discord.Message, me: discord.ClientUser | None
    ) -> None:
        how = addressed(message, me)
        if how is None or me is None:
            await self._overheard(message, me)
            return
        may_point = how in {"mention", "direct"}
        text = question_in(message, me) if may_point else words_in(message)
        has_words = re.search(r"\w", text) is not None
        if how == "reply" and not has_words:
            return
        said = language(message, self._app)
        nothing = "role-hint" if how == "role" else says_nothing(message, me)
        if nothing and not has_words:
            if await self._may_answer(message, said):
                await reply(message, lambda _: note(said.say(nothing)))
            return
        # Replying pings by default: chatter is answered only where that is no guess.
        asked = _asked(message, text, ambient=how == "reply" and not _ASKS.search(text))
        if asked.ambient and self._app.pace.look(asked.person):
            return
        if not await self._may_answer(message, said, quietly=asked.ambient):
            return
        found = await self._app.reply(asked)
        if found and found.name == "silent":
            self._app.pace.give_back(asked.person, asked.channel, asked.guild)
        else:
            self._reposts.note(message, asked)
            await self._answer(message, await self._make(message, found), asked, found)

    async def edited(
        self, message: discord.Message, me: discord.ClientUser | None
    ) -> None:
        """Answer a question anew in place, if it was edited soon after it was asked."""
        if self._under_way.get(message.id) is not None:
            self._under_way[message.id] = message
        given = self._app.given.get(message.id)
        if given is None or given.text == message.content:
            return
        is_late = self._app.clock() - given.at > EDITABLE
        if is_late or me is None or addressed(message, me) is None:
            return
        asked = _asked(message, question_in(message, me))
        guild, exempt = asked.guild, is_exempt(message, self._app.options)
        if self._app.pace.take(asked.person, asked.channel, guild, exempt=exempt):
            return  # the answer to the question as it was before stays
        found = await self._app.reply(asked)
        make = await self._make(message, found)
        answer = discord.PartialMessage(channel=message.channel, id=given.message)
        if await rewrite(answer, make):
            self._remember(message, given.message, asked.person)
            self._app.replaced(given.message)
            if found:
                await self._app.done(
                    asked, found, given.message, is_private=False, is_new=False
                )

    async def deleted(self, message: int, channel: discord.PartialMessageable) -> None:
        """Take back the answer to a question that was deleted soon after it was asked.

        What the records say of a message is forgotten with it.
        """
        if message in self._under_way:
            self._under_way[message] = None
        given = self._app.given.pop(message)
        self._app.forgotten(message)
        if given is not None:
            await self._take_back(channel.get_partial_message(given.message))

    async def _take_back(
        self, answer: discord.Message | discord.PartialMessage
    ) -> None:
        self._app.forgotten(answer.id)
        try:
            await surely(answer.delete)
        except discord.HTTPException as error:
            _log.info("an answer was not taken back: Discord's code %d", error.code)

    async def _posted_again(
        self, message: discord.Message, me: discord.ClientUser | None
    ) -> None:
        """Move the answer to a person's question to where a proxy posts it again."""
        original = self._reposts.take(message, me)
        if original is None:
            return
        if given := self._app.given.pop(original.message):
            answer = discord.PartialMessage(channel=message.channel, id=given.message)
            await self._take_back(answer)
        found = await self._app.reply(original.asked)
        if found is None or found.name != "silent":
            make = await self._make(message, found, original.asked.person)
            await self._answer(message, make, original.asked, found)

    async def _overheard(
        self, message: discord.Message, me: discord.ClientUser | None
    ) -> None:
        """Answer a question that does not name the bot, where moderators want that."""
        app, guild = self._app, message.guild
        if not app.options.reads_channels or guild is None or not is_talk(message):
            return
        if message.mentions or message.role_mentions or message.reference:
            return
        place = _place(message)
        settings = await app.channel(guild.id, place)
        if not settings.answers_unasked or app.is_resting(place, settings.cooldown):
            return
        asked = _asked(message, message.content, ambient=True)
        is_much = app.lookups.waiting > MOST_OFFERS or app.pace.look(asked.person)
        found = None if is_much else await app.reply(asked)
        if found is None or found.name != "answer" or me is None:
            return
        # Another may have been answered while this one was worked out.
        resting = app.is_resting(place, settings.cooldown)
        if resting or missing_permissions(message.channel, guild):
            return
        if app.pace.take(message.author.id, message.channel.id, guild.id):
            return  # nobody asked the bot, so nobody need be told
        app.rest(place)
        await self._answer(message, await self._make(message, found), asked, found)

    async def _answer(
        self, message: discord.Message, make: Make, asked: Asked, found: Reply | None
    ) -> None:
        if self._is_gone(message.id):
            return
        sent = await reply(message, make)
        if sent is None:
            return
        self._app.counts.acknowledged("message", since(message.id))
        if self._is_gone(message.id):  # while it was being sent
            await self._take_back(sent)
            return
        self._remember(message, sent.id, asked.person)
        if found:
            await self._app.done(asked, found, sent.id, is_private=False)

    def _is_gone(self, message: int) -> bool:
        """Whether a question was deleted, or posted again, so that none is answered."""
        is_deleted = self._under_way.get(message, ...) is None
        return is_deleted or self._reposts.is_moved(message)

    def _remember(self, message: discord.Message, answer: int, person: int) -> None:
        given = Given(person, message.content, answer, self._app.clock())
        self._app.given.put(message.id, given)

    async def _may_answer(
        self, message: discord.Message, said: Words, *, quietly: bool = False
    ) -> bool:
        """Whether there is room for another answer, which is counted as given.

        Where there is not, one notice says so, unless it was maybe not asked for.
        """
        guild = message.guild.id if message.guild else None
        exempt = is_exempt(message, self._app.options)
        wait = self._app.pace.take(
            message.author.id, message.channel.id, guild, exempt=exempt
        )
        if wait is None:
            return True
        if wait.is_new and not quietly:
            text = notice(wait, said)
            await reply(message, lambda _: note(text))
        return False

    async def _make(
        self, message: discord.Message, found: Reply | None, asker: int | None = None
    ) -> Make:
        """What makes the message of a reply that is not silence; help for no words."""
        app = self._app
        reader = Reader(
            language(message, app),
            asker=asker or message.author.id,
            votes=app.records is not None,
            missing=fingerprints(found.unanswered) if found else (),
        )
        outcomes = found.outcomes if found else (what_to_ask(app.answerer.story),)
        return showing(lambda room: cards(outcomes, reader, room))


def notice(wait: Wait, said: Words) -> str:
    """The sentence that says how long to wait."""
    until = discord.utils.utcnow() + timedelta(seconds=wait.seconds + 1)
    return said.say(f"slow.{wait.whose}", when=ago(until))


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


def language(message: discord.Message, app: App) -> Words:
    """The words for a message's server, or for a person in direct messages.

    Discord tells a person's language with commands and clicks only; English before.
    """
    known = app.languages.get(message.author.id) or "en"
    return words(message.guild.preferred_locale if message.guild else known)


def _asked(message: discord.Message, text: str, *, ambient: bool = False) -> Asked:
    guild = message.guild.id if message.guild else None
    author, channel = message.author.id, message.channel.id
    return Asked(text.strip(), author, channel, guild, goes_on_from(message), ambient)


def _place(message: discord.Message) -> int:
    """The channel that moderators set things for: a thread's is its parent."""
    channel = message.channel
    if isinstance(channel, discord.Thread):
        return channel.parent_id
    return channel.id
