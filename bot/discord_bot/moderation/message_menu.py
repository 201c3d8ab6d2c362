"""Any message as a question: another way of asking, a new answer, or for the queue.

It is taken as it would be kept, redacted, and never with its author.
"""

import asyncio
from typing import Final

import discord
from discord import ui
from pydantic import BaseModel

from bot.answering.outcome import Link
from bot.discord_bot.moderation import record_forms
from bot.discord_bot.moderation.doors import Hatch
from bot.discord_bot.moderation.queue import add_way
from bot.discord_bot.moderation.session import Bench
from bot.discord_bot.showing.escaping import clean, shorten
from bot.discord_bot.showing.limits import MAX_CHOICE
from bot.discord_bot.showing.messages import field, form
from bot.moderating.unanswered import near_ones
from bot.records.questions import MAX_QUESTION
from bot.records.redaction import redact
from bot.words.catalogue import Words

_WAY: Final = "way:"
_NEW: Final = "new"
_QUEUE: Final = "queue"
_WHAT: Final = "what"
_MOST_WAYS: Final = 8


class _Part(BaseModel):
    """A part of a form, as it was sent."""

    custom_id: str = ""
    values: list[str] = []
    component: "_Part | None" = None
    components: list["_Part"] = []

    def chosen(self, name: str) -> str:
        """What was chosen in a menu, by its custom id; "" where nothing was."""
        if self.custom_id == name and self.values:
            return self.values[0]
        inner = [*self.components, *([self.component] if self.component else [])]
        return next((found for one in inner if (found := one.chosen(name))), "")


async def ask(bench: Bench, message: discord.Message) -> None:
    """Show the form that makes a question of a message."""
    text = redact(message.content, MAX_QUESTION)
    if not text:
        await bench.tell("no-words")
        return
    desk, words = bench.visit.desk, bench.words
    near = await asyncio.to_thread(
        near_ones, text, desk.unasked, desk.today(), _MOST_WAYS
    )
    label = field(words.say("form.asked.label"), value=text, most=MAX_QUESTION)
    modal = form(Hatch("asked").id, words.say("form.asked"), label, _menu(near, words))
    await bench.visit.interaction.response.send_modal(modal)


async def asked(bench: Bench, _hatch: Hatch) -> None:
    """Do with a question what was chosen."""
    interaction = bench.visit.interaction
    text = " ".join(bench.visit.typed.split())
    what = _Part.model_validate(interaction.data or {}).chosen(_WHAT)
    if not text:
        await bench.tell("no-words")
    elif what.startswith(_WAY):
        await add_way(bench, what.removeprefix(_WAY), text)
    elif what == _NEW:
        typed = {"_collection": "answers", "_topic": "", "question": text}
        await record_forms.keep(bench, typed)
    else:
        sent = await bench.visit.desk.send_question(text)
        await bench.tell("nothing-sent" if sent is None else "queue.kept")


def _menu(near: tuple[Link, ...], words: Words) -> ui.Label[ui.Modal]:
    """What can be made of a question; another way of asking the nearest comes first."""
    options = [
        discord.SelectOption(
            label=shorten(
                clean(words.say("asked.way", question=one.question)), MAX_CHOICE
            ),
            value=f"{_WAY}{one.entry}",
        )
        for one in near
    ]
    options += [
        discord.SelectOption(label=words.say("asked.new"), value=_NEW),
        discord.SelectOption(label=words.say("asked.queue"), value=_QUEUE),
    ]
    options[0].default = True
    menu: ui.Select[ui.Modal] = ui.Select(custom_id=_WHAT, options=options)
    return ui.Label(text=words.say("form.asked.what"), component=menu)
