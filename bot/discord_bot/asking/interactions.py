"""One interaction as the bot sees it: who, where, in which language, what they may."""

from dataclasses import dataclass
from dataclasses import replace as changed

import discord

from bot.answering.composing import what_to_ask
from bot.answering.outcome import Outcome, Reply
from bot.discord_bot.asking.answer_again import Again
from bot.discord_bot.asking.app import App
from bot.discord_bot.asking.asked import Asked
from bot.discord_bot.asking.mentions import notice
from bot.discord_bot.asking.moderators_channel import News, tell_moderators
from bot.discord_bot.asking.permissions import may_delete
from bot.discord_bot.asking.rate_limits import Wait
from bot.discord_bot.showing.answer_cards import cards
from bot.discord_bot.showing.cards import Reader
from bot.discord_bot.showing.modals import MOST_WORDS, WORDS, sent_in
from bot.discord_bot.showing.sending import (
    ROOMS,
    CardsIn,
    missing_permissions,
    replace,
    respond,
    say,
    showing,
)
from bot.records.questions import fingerprints
from bot.words.catalogue import Words, words


@dataclass(frozen=True, slots=True)
class Request:
    """An interaction, and the bot it is with."""

    app: App
    interaction: discord.Interaction

    def __post_init__(self) -> None:
        self.app.languages.put(self.person, str(self.interaction.locale))

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
        return next(iter(sent_in(self.interaction).values()), "")

    @property
    def typed(self) -> str:
        """What was written in a form for some words; "" where nothing was.

        As much of it as any such form takes.
        """
        return sent_in(self.interaction).get(WORDS, "")[:MOST_WORDS].strip()

    def asked(self, text: str, refers: int | None = None, entry: str = "") -> Asked:
        """What they ask, here; see Asked."""
        guild = self.interaction.guild_id
        return Asked(text, self.person, self.channel, guild, refers, entry=entry)

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
            votes=self.app.records is not None,
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
        reply = await self.app.reply(asked)
        await self.give(asked, reply, private=private, is_new=True)

    async def give(
        self,
        asked: Asked,
        reply: Reply | None,
        *,
        private: bool,
        in_place: bool = False,
        is_new: bool = False,
    ) -> None:
        """Show what a question led to, and remember it; count it where it `is_new`.

        Only answers are public, where slow mode leaves room for them: all else is shown
        to the asker alone.
        """
        # Discord was told in time that an answer will come: then it is to be private.
        private = private or self.interaction.response.is_done()
        if not private and not in_place:
            is_answer = reply is not None and reply.name == "answer"
            private = not is_answer or not self.may_be_public()
        missing = fingerprints(reply.unanswered) if reply else ()
        private = private or self.interaction.response.is_done()
        reader = changed(self.reader(private=private), missing=missing)
        outcomes: tuple[Outcome, ...] = reply.outcomes if reply else ()
        if reply is None or reply.name == "silent":  # who asks must be told something
            outcomes = (what_to_ask(self.app.answerer.story),)
        act = replace if in_place else respond
        make = showing(lambda room: cards(outcomes, reader, room))
        message = await act(self.interaction, make, private=private)
        if reply:
            await self.app.done(
                asked, reply, message, is_private=private, is_new=is_new
            )

    async def may_answer(self) -> bool:
        """Whether there is room for another answer; a notice where there is not."""
        exempt = may_delete(self.interaction, self.app.options)
        guild = self.interaction.guild_id
        wait = self.app.pace.take(self.person, self.channel, guild, exempt=exempt)
        return await self._told(wait)

    async def may_click(self) -> bool:
        """Whether a person may press on; a notice where it is too much."""
        return await self._told(self.app.pace.click(self.person))

    async def may_forget(self) -> bool:
        """Whether all of a person may be looked for again; as `may_click`."""
        return await self._told(self.app.pace.forget(self.person))

    async def _told(self, wait: Wait | None) -> bool:
        if wait:
            await say(self.interaction, notice(wait, self.words()))
        return wait is None

    def may_be_public(self) -> bool:
        """Whether slow mode leaves room for a public answer to this person."""
        if may_delete(self.interaction, self.app.options):
            return True
        channel = self.interaction.channel
        delay = getattr(channel, "slowmode_delay", 0)
        return self.app.may_be_public(self.person, self.channel, int(delay))

    @property
    def is_open(self) -> bool:
        """Whether the bot may write here of its own accord: it is in the server."""
        one = self.interaction
        guild = one.client.get_guild(one.guild_id or 0)
        channel = one.client.get_channel(self.channel)
        if guild is None or not isinstance(channel, ROOMS):
            return False
        return not missing_permissions(channel, guild, replies=False)

    async def found(self, entry: str, mark: str = "", asked: str = "") -> Again | None:
        """An entry's answer again; None, and it is said so, where it is gone."""
        found = self.app.again(entry, mark, asked)
        if found is None:
            await self.tell("gone")
        return found

    async def tell_moderators(self, news: News) -> None:
        """Tell the moderators something, once whoever sends it was answered."""
        await tell_moderators(self.interaction.client, self.app, news, self.person)
