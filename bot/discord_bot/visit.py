"""One interaction as the bot sees it: who, where, in which language, what they may."""

from dataclasses import dataclass

import discord
from pydantic import BaseModel

from bot.answering.outcome import Outcome, Reply
from bot.discord_bot.cards import Reader, cards
from bot.discord_bot.desk import Asked, Desk
from bot.discord_bot.listening import CardsIn, maker, notice, showing
from bot.discord_bot.manners import Wait
from bot.discord_bot.sending import replace, respond, say
from bot.discord_bot.wording import Words, words


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

    async def give(
        self,
        asked: Asked,
        reply: Reply | None,
        *,
        private: bool,
        in_place: bool = False,
    ) -> None:
        """Show what a question led to, and remember it.

        Only answers are public: all else is shown to the asker alone.
        """
        outcomes: tuple[Outcome, ...] = reply.outcomes if reply else ()
        if private or reply is None or reply.name != "answer":
            private = True
        reader = self.reader(private=private)
        make = maker(outcomes, reader)
        if make is None:  # who asks must be told something: silence becomes the help
            help_ = (self.desk.help(),)
            await self.show(lambda room: cards(help_, reader, room), in_place=in_place)
            return
        act = replace if in_place else respond
        message = await act(self.interaction, make, private=private)
        if reply and message:
            await self.desk.done(asked, reply, message, is_private=private)

    async def may_answer(self) -> bool:
        """Whether there is room for another answer; a notice where there is not."""
        exempt = await self.is_moderator()
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
        channel = self.interaction.channel
        delay = getattr(channel, "slowmode_delay", 0)
        return self.desk.may_be_public(self.person, self.channel, int(delay))

    async def is_moderator(self) -> bool:
        """Whether they may delete others' messages, or are the bot's moderators."""
        guild = self.interaction.guild_id
        if guild is None:
            return False
        if self.interaction.permissions.manage_messages:
            return True
        return await self._has_role(guild)

    async def may_set(self) -> bool:
        """Whether they may set how the bot behaves in this server's channels."""
        guild = self.interaction.guild_id
        if guild is None:
            return False
        if self.interaction.permissions.manage_guild:
            return True
        return await self._has_role(guild)

    async def _has_role(self, guild: int) -> bool:
        role = (await self.desk.guild(guild)).moderators
        user = self.interaction.user
        return role is not None and (
            isinstance(user, discord.Member) and user.get_role(role) is not None
        )
