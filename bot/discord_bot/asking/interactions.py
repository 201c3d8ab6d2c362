"""One interaction as the bot sees it: who, where, in which language, what they may."""

from dataclasses import dataclass
from dataclasses import replace as changed

import discord
from pydantic import BaseModel

from bot.answering.outcome import Outcome, Reply
from bot.discord_bot.asking.answer_again import Again
from bot.discord_bot.asking.app import Asked, Desk
from bot.discord_bot.asking.mentions import notice
from bot.discord_bot.asking.moderators import News, is_moderator, tell_moderators
from bot.discord_bot.asking.rate_limits import Wait
from bot.discord_bot.showing.answer_cards import cards
from bot.discord_bot.showing.cards import Reader
from bot.discord_bot.showing.sending import (
    ROOMS,
    CardsIn,
    missing_permissions,
    replace,
    respond,
    say,
    showing,
)
from bot.words.catalogue import Words, words


class _Field(BaseModel):
    """A part of a form, as it was submitted."""

    value: str | None = None
    component: "_Field | None" = None
    components: list["_Field"] = []

    @property
    def typed(self) -> str:
        """What was written in it; "" where nothing was."""
        inner = [*self.components, *([self.component] if self.component else [])]
        return self.value or next((one.typed for one in inner if one.typed), "")


class _Data(BaseModel):
    """What was chosen in a menu, or written in a form."""

    values: list[str] = []
    components: list[_Field] = []


@dataclass(frozen=True, slots=True)
class Visit:
    """An interaction at the desk."""

    desk: Desk
    interaction: discord.Interaction

    def __post_init__(self) -> None:
        self.desk.languages.put(self.person, str(self.interaction.locale))

    @property
    def person(self) -> int:
        """Who asked or clicked."""
        return self.interaction.user.id

    @property
    def channel(self) -> int:
        """Where."""
        return self.interaction.channel_id or 0

    @property
    def chosen(self) -> str:
        """What was chosen in a menu; "" where nothing was."""
        values = _Data.model_validate(self.interaction.data or {}).values
        return values[0] if values else ""

    @property
    def typed(self) -> str:
        """What was written in a form; "" where nothing was."""
        data = _Data.model_validate(self.interaction.data or {})
        return _Field(components=data.components).typed.strip()

    def words(self, *, private: bool = True) -> Words:
        """The words for whoever asked, or for all who read the channel."""
        one = self.interaction
        return words(one.locale if private else one.guild_locale or one.locale)

    def reader(self, *, private: bool = True, full: bool = False) -> Reader:
        """Whom a card is for."""
        return Reader(
            self.words(private=private),
            is_private=private,
            asker=self.person,
            votes=self.desk.records is not None,
            full=full,
        )

    async def tell(self, key: str, **values: object) -> None:
        """Say one of the bot's own sentences, in private."""
        await say(self.interaction, self.words().say(key, **values))

    async def show(self, make: CardsIn, *, in_place: bool = False) -> None:
        """Show cards in private, or in place of the message that was clicked on."""
        act = replace if in_place else respond
        await act(self.interaction, showing(make), private=True)

    async def answer(self, asked: Asked, *, private: bool) -> None:
        """Answer a question, and count it."""
        reply = await self.desk.reply(asked)
        await self.give(asked, reply, private=private)
        if reply:
            await self.desk.count(reply)

    async def give(
        self,
        asked: Asked,
        reply: Reply | None,
        *,
        private: bool,
        in_place: bool = False,
    ) -> None:
        """Show what a question led to, and remember it.

        Only answers are public, where slow mode leaves room for them: all else is shown
        to the asker alone.
        """
        # Discord was told in time that an answer will come: then it is to be private.
        private = private or self.interaction.response.is_done()
        if not private and not in_place:
            is_answer = reply is not None and reply.name == "answer"
            private = not is_answer or not self.may_be_public()
        missing = await self.desk.note_missing(reply) if reply else ()
        private = private or self.interaction.response.is_done()
        reader = changed(self.reader(private=private), missing=missing)
        outcomes: tuple[Outcome, ...] = reply.outcomes if reply else ()
        if reply is None or reply.name == "silent":  # who asks must be told something
            outcomes = (self.desk.help(),)
        act = replace if in_place else respond
        make = showing(lambda room: cards(outcomes, reader, room))
        message = await act(self.interaction, make, private=private)
        if reply and message:
            await self.desk.done(asked, reply, message, is_private=private)

    async def may_answer(self) -> bool:
        """Whether there is room for another answer; a notice where there is not."""
        exempt = self.is_moderator()
        guild = self.interaction.guild_id
        wait = self.desk.pace.take(self.person, self.channel, guild, exempt=exempt)
        return await self._told(wait)

    async def may_click(self) -> bool:
        """Whether a person may press on; a notice where it is too much."""
        return await self._told(self.desk.pace.click(self.person))

    async def _told(self, wait: Wait | None) -> bool:
        if wait:
            await say(self.interaction, notice(wait, self.words()))
        return wait is None

    def may_be_public(self) -> bool:
        """Whether slow mode leaves room for a public answer to this person."""
        if self.is_moderator():
            return True
        channel = self.interaction.channel
        delay = getattr(channel, "slowmode_delay", 0)
        return self.desk.may_be_public(self.person, self.channel, int(delay))

    @property
    def is_open(self) -> bool:
        """Whether the bot may write here of its own accord: it is in the server."""
        one = self.interaction
        guild = one.client.get_guild(one.guild_id or 0)
        channel = one.client.get_channel(self.channel)
        if guild is None or not isinstance(channel, ROOMS):
            return False
        return not missing_permissions(channel, guild, replies=False)

    def is_moderator(self) -> bool:
        """Whether they may delete others' messages here, or are the story's."""
        guild = self.interaction.guild_id
        if guild is None:
            return False
        if self.interaction.permissions.manage_messages:
            return True
        return is_moderator(self.interaction.user, guild, self.desk.options)

    def may_edit(self) -> bool:
        """Whether they may change the story: they are one of its moderators."""
        one = self.interaction
        return is_moderator(one.user, one.guild_id, self.desk.options)

    def may_set(self) -> bool:
        """Whether they may set how the bot behaves in this server's channels."""
        guild = self.interaction.guild_id
        if guild is None:
            return False
        if self.interaction.permissions.manage_guild:
            return True
        return is_moderator(self.interaction.user, guild, self.desk.options)

    async def found(self, entry: str, mark: str = "", asked: str = "") -> Again | None:
        """An entry's answer again; None, and it is said so, where it is gone."""
        found = self.desk.again(entry, mark, asked)
        if found is None:
            await self.tell("gone")
        return found

    async def tell_moderators(self, news: News) -> None:
        """Tell the moderators something, once whoever sends it was answered."""
        await tell_moderators(self.interaction.client, self.desk, news, self.person)
