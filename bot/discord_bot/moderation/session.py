"""Where everything that moderators do begins: who they are, and what they are shown."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import discord

from bot.discord_bot.asking.app import App
from bot.discord_bot.asking.interactions import Request
from bot.discord_bot.asking.permissions import may_edit
from bot.discord_bot.moderation.change_cards import Teller
from bot.discord_bot.showing.cards import Draft, Part
from bot.discord_bot.showing.escaping import escape, shorten
from bot.discord_bot.showing.messages import Attached, Shown
from bot.discord_bot.showing.modals import sent_in
from bot.discord_bot.showing.sending import acknowledged, attachments, respond, say
from bot.editing.edits import EditError
from bot.history.history import HistoryError
from bot.moderating.preview import names_of
from bot.moderating.workshop import Moderator, Workshop
from bot.records.records import Records
from bot.records.values import RecordsError
from bot.words.catalogue import Words

_MAX_WHY: Final = 1000  # of what a text of any length may be quoted in


@dataclass(frozen=True, slots=True)
class Session:
    """A request of a moderator's; that they are one was checked."""

    request: Request
    workshop: Workshop
    records: Records

    @property
    def who(self) -> Moderator:
        """Who it is, for drafts and the audit trail."""
        one = self.request.interaction
        return Moderator(one.user.id, one.user.name, one.guild_id or 0)

    @property
    def words(self) -> Words:
        """The words for whoever it is."""
        return self.request.words()

    async def teller(self) -> Teller:
        """What says of the story's records, as they are now, what they are."""
        files = await self.workshop.files()
        return Teller(await asyncio.to_thread(names_of, files), self.words)

    async def begin(self) -> None:
        """Tell Discord that the answer takes some seconds.

        It will stand in place of the message that was clicked on, if that is theirs
        alone; else it is a new one, theirs alone.
        """
        response = self.request.interaction.response
        if response.is_done():
            return
        if self._has_own_message():
            await response.defer()
        else:
            await response.defer(ephemeral=True, thinking=True)

    async def show(self, shown: Shown) -> None:
        """Show it to them alone: in place of what they clicked on, where they can."""
        one, sending = self.request.interaction, shown.sending()
        files, view = attachments(sending), sending.view
        if one.response.is_done():
            await one.edit_original_response(attachments=files, view=view)
        elif self._has_own_message():
            await one.response.edit_message(attachments=files, view=view)
        else:
            await self.add(shown)

    async def add(self, shown: Shown) -> None:
        """Show it to them alone, and leave what they clicked on as it is."""
        one = self.request.interaction
        await respond(one, lambda _: shown.sending(), private=True)

    async def give_back(self, typed: Mapping[str, str], why: str) -> None:
        """Give back what was typed in a form, as it could not be kept."""
        await self.show(_returned(typed, why, self.words))

    async def tell(self, key: str, **values: object) -> None:
        """Say one of the bot's own sentences to them alone."""
        await self.request.tell(key, **values)

    def _has_own_message(self) -> bool:
        message = self.request.interaction.message
        return message is not None and message.flags.ephemeral


Act = Callable[[Session], Awaitable[None]]


async def in_session(app: App, interaction: discord.Interaction, act: Act) -> None:
    """Do something for a moderator of the story; others are told that it is not theirs.

    Every command, button, menu and form of moderators' comes through here. What cannot
    be done for a reason of the story's or the records' is told in a sentence.
    """
    async with acknowledged(interaction):
        request = Request(app, interaction)
        session = session_of(request)
        if session is None:
            await (
                _failed(request, request.words().say("mod.off"))
                if may_edit(request.interaction, request.app.options)
                else request.tell("mod.not-yours")
            )
            return
        try:
            await act(session)
        except (EditError, HistoryError, RecordsError) as error:
            told = shorten(escape(request.words().told(str(error))), _MAX_WHY)
            why = request.words().say("mod.failed", why=told)
            await _failed(request, why)


async def _failed(request: Request, why: str) -> None:
    """Say why something could not be done, and give back what was typed for it."""
    one = request.interaction
    if any((typed := written_in(one)).values()):
        shown = _returned(typed, why, request.words(), is_safe=True)
        await respond(one, lambda _: shown.sending(), private=True)
    else:
        await say(one, why)


def _returned(
    typed: Mapping[str, str], why: str, words: Words, *, is_safe: bool = False
) -> Shown:
    said = [f"{key}:\n{text}" for key, text in typed.items() if not key.startswith("_")]
    part = Part((why if is_safe else escape(words.told(why)),), prose=True)
    file = Attached.text("typed.txt", "\n\n".join(said))
    return Shown.of(Draft(words.say("mod.lost"), (part,)), file)


def written_in(interaction: discord.Interaction) -> dict[str, str]:
    """What was written in a form, by the names of its fields; nothing in a click.

    What begins with "_" is told of a form, and never written in it.
    """
    if interaction.type is not discord.InteractionType.modal_submit:
        return {}
    sent = sent_in(interaction)
    return {name: text for name, text in sent.items() if not name.startswith("_")}


def session_of(request: Request) -> Session | None:
    """The session of a moderator of the story; None for others, or where none can be.

    Autocomplete has only this: it says nothing to others.
    """
    app = request.app
    is_theirs = may_edit(request.interaction, app.options)
    if not is_theirs or app.workshop is None or app.records is None:
        return None
    return Session(request, app.workshop, app.records)
