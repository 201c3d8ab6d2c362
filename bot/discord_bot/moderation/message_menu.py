"""Any message as a question: another way of asking, a new answer, or for the queue.

It is taken as it would be kept, redacted, and never with its author.
"""

from typing import Final

import discord
from discord import ui

from bot.answering.outcome import Link
from bot.discord_bot.moderation import record_forms
from bot.discord_bot.moderation.queue import add_way
from bot.discord_bot.moderation.session import Session
from bot.discord_bot.showing.custom_ids import CustomId
from bot.discord_bot.showing.escaping import clean, shorten
from bot.discord_bot.showing.limits import MAX_CHOICE
from bot.discord_bot.showing.modals import field, form, sent_in
from bot.moderating.unanswered import near_ones
from bot.records.questions import MAX_QUESTION
from bot.records.redaction import redact
from bot.words.catalogue import Words

_WAY: Final = "way:"
_NEW: Final = "new"
_QUEUE: Final = "queue"
_WHAT: Final = "what"
_MOST_WAYS: Final = 8


async def ask(session: Session, message: discord.Message) -> None:
    """Show the form that makes a question of a message."""
    text = redact(message.content, MAX_QUESTION)
    if not text:
        await session.tell("no-words")
        return
    app, words = session.request.app, session.words
    near = await app.answers.do(near_ones, text, app.unasked, app.today(), _MOST_WAYS)
    label = field(words.say("form.asked.label"), value=text, most=MAX_QUESTION)
    modal = form(
        CustomId("asked").id, words.say("form.asked"), label, _menu(near, words)
    )
    await session.request.interaction.response.send_modal(modal)


async def asked(session: Session, _custom_id: CustomId) -> None:
    """Do with a question what was chosen."""
    interaction = session.request.interaction
    text = " ".join(session.request.typed.split())
    what = sent_in(interaction).get(_WHAT, "")
    if not text:
        await session.tell("no-words")
    elif what.startswith(_WAY):
        await add_way(session, what.removeprefix(_WAY), text)
    elif what == _NEW:
        typed = {"_collection": "answers", "_topic": "", "question": text}
        await record_forms.keep(session, typed)
    else:
        sent = await session.request.app.send_question(text, session.who.id)
        await session.tell("nothing-sent" if sent is None else "queue.kept")


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
