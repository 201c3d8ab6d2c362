"""Where everything that moderators do begins: who they are, and what they are shown."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

import discord
from pydantic import BaseModel

from bot.discord_bot.asking.app import Desk
from bot.discord_bot.asking.interactions import Visit
from bot.discord_bot.showing.cards import Card, Draft, Part, fit
from bot.discord_bot.showing.escaping import escape
from bot.discord_bot.showing.messages import ROOM, Attached, Sending, layout
from bot.discord_bot.showing.sending import acknowledged, attachments, respond, say
from bot.editing.editor import EditError
from bot.history.history import HistoryError
from bot.moderating.workshop import Moderator, Workshop
from bot.records.records import Records
from bot.records.values import RecordsError
from bot.words.catalogue import Words


class _Field(BaseModel):
    custom_id: str = ""
    value: str | None = None
    component: "_Field | None" = None
    components: list["_Field"] = []


@dataclass(frozen=True, slots=True)
class Shown:
    """What a moderator is shown: cards that fit a message, and files below them."""

    cards: tuple[Card, ...]
    files: tuple[Attached, ...] = ()

    def sending(self) -> Sending:
        """As a message, to be sent once."""
        return layout(self.cards, self.files)


@dataclass(frozen=True, slots=True)
class Bench:
    """A moderator's visit; that they are one was checked."""

    visit: Visit
    workshop: Workshop
    records: Records

    @property
    def who(self) -> Moderator:
        """Who it is, for drafts and the audit trail."""
        one = self.visit.interaction
        return Moderator(one.user.id, one.user.name, one.guild_id or 0)

    @property
    def words(self) -> Words:
        """The words for whoever it is."""
        return self.visit.words()

    async def begin(self) -> None:
        """Tell Discord that the answer takes some seconds.

        It will stand in place of the message that was clicked on, if that is theirs
        alone; else it is a new one, theirs alone.
        """
        response = self.visit.interaction.response
        if response.is_done():
            return
        if self._has_own_message():
            await response.defer()
        else:
            await response.defer(ephemeral=True, thinking=True)

    async def show(self, shown: Shown) -> None:
        """Show it to them alone: in place of what they clicked on, where they can."""
        one, sending = self.visit.interaction, shown.sending()
        files, view = attachments(sending), sending.view
        if one.response.is_done():
            await one.edit_original_response(attachments=files, view=view)
        elif self._has_own_message():
            await one.response.edit_message(attachments=files, view=view)
        else:
            await self.add(shown)

    async def add(self, shown: Shown) -> None:
        """Show it to them alone, and leave what they clicked on as it is."""
        one = self.visit.interaction
        await respond(one, lambda _: shown.sending(), private=True)

    async def give_back(self, typed: Mapping[str, str], why: str) -> None:
        """Give back what was typed in a form, as it could not be kept."""
        await self.show(_returned(typed, why, self.words))

    async def tell(self, key: str, **values: object) -> None:
        """Say one of the bot's own sentences to them alone."""
        await self.visit.tell(key, **values)

    def _has_own_message(self) -> bool:
        message = self.visit.interaction.message
        return message is not None and message.flags.ephemeral


Act = Callable[[Bench], Awaitable[None]]


async def at_bench(desk: Desk, interaction: discord.Interaction, act: Act) -> None:
    """Do something for a moderator of the story; others are told that it is not theirs.

    Every command, button, menu and form of moderators' comes through here. What cannot
    be done for a reason of the story's or the records' is told in a sentence.
    """
    async with acknowledged(interaction):
        visit = Visit(desk, interaction)
        bench = bench_of(visit)
        if bench is None:
            await (
                _failed(visit, visit.words().say("mod.off"))
                if visit.may_edit()
                else visit.tell("mod.not-yours")
            )
            return
        try:
            await act(bench)
        except (EditError, HistoryError, RecordsError) as error:
            why = visit.words().say("mod.failed", why=escape(str(error)))
            await _failed(visit, why)


async def _failed(visit: Visit, why: str) -> None:
    """Say why something could not be done, and give back what was typed for it."""
    one = visit.interaction
    typed = typed_in(one)
    if one.type is discord.InteractionType.modal_submit and any(typed.values()):
        shown = _returned(typed, why, visit.words(), is_safe=True)
        await respond(one, lambda _: shown.sending(), private=True)
    else:
        await say(one, why)


def _returned(
    typed: Mapping[str, str], why: str, words: Words, *, is_safe: bool = False
) -> Shown:
    said = [f"{key}:\n{text}" for key, text in typed.items() if not key.startswith("_")]
    part = Part((why if is_safe else escape(why),), prose=True)
    file = Attached.text("typed.txt", "\n\n".join(said))
    return Shown(tuple(fit([Draft(words.say("mod.lost"), (part,))], ROOM)), (file,))


def typed_in(interaction: discord.Interaction) -> dict[str, str]:
    """What was typed in a form, by the names of its fields."""
    found: dict[str, str] = {}
    parts = [_Field.model_validate(interaction.data or {})]
    while parts:
        part = parts.pop(0)
        inner = [*part.components, *([part.component] if part.component else [])]
        if part.custom_id and not inner:
            found[part.custom_id] = part.value or ""
        parts[:0] = inner
    return found


def bench_of(visit: Visit) -> Bench | None:
    """The bench of a moderator of the story; None for others, and where there is none.

    Autocomplete has only this: it says nothing to others.
    """
    desk = visit.desk
    if not visit.may_edit() or desk.workshop is None or desk.records is None:
        return None
    return Bench(visit, desk.workshop, desk.records)


def fitting(make: Callable[[int], Sequence[Card]], *files: Attached) -> Shown:
    """Cards that are made for the room there is in a message."""
    return Shown(tuple(make(ROOM)), files)
