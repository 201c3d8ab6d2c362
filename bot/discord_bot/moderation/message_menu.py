"""Any message as a question: another way of asking, a new answer, or for the queue.

And a moderator's reply to a question as a draft of its answer. What is taken is as it
would be kept, redacted, and never with its author.
"""

import re
from contextlib import suppress
from typing import Final

import discord
from discord import ui

from bot.answering.outcome import Link
from bot.discord_bot.asking.permissions import is_moderator
from bot.discord_bot.moderation import record_forms
from bot.discord_bot.moderation.queue import add_way
from bot.discord_bot.moderation.review import present
from bot.discord_bot.moderation.session import Session
from bot.discord_bot.showing.custom_ids import CustomId
from bot.discord_bot.showing.escaping import clean, shorten
from bot.discord_bot.showing.limits import MAX_CHOICE
from bot.discord_bot.showing.modals import field, form, sent_in
from bot.moderating.unanswered import near_ones
from bot.moderating.wishes import wish_of
from bot.records.questions import MAX_QUESTION
from bot.records.redaction import redact
from bot.words.catalogue import Words

_WAY: Final = "way:"
_NEW: Final = "new"
_QUEUE: Final = "queue"
_WHAT: Final = "what"
_MOST_WAYS: Final = 8
_MAX_ANSWER: Final = 2000
_MOST_DRAFTS: Final = 50
_MENTION: Final = re.compile(r"<@[!&]?\d+>")
_MOST_HOPS: Final = 2  # to a question: by way of what the bot said to it


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


async def draft_of_reply(session: Session, message: discord.Message) -> None:
    """Make a draft of an answer of what a moderator replied to a question.

    The same reply makes one draft, however often it is asked for. Where the question
    cannot be read, as without Discord's leave to read messages, the form of a new
    answer has the words, and asks for it.
    """
    options = session.request.app.options
    guild = session.request.interaction.guild_id
    is_own = message.author.id == session.who.id
    if not (is_own or is_moderator(message.author, guild, options)):
        await session.tell("reply.not-moderators")
        return
    said = " ".join(message.content.split())[:_MAX_ANSWER]
    if not said:
        await session.tell("no-words")
        return
    asked = redact(await _question(message), MAX_QUESTION)
    typed = {"_collection": "answers", "_topic": "", "question": asked, "answer": said}
    if not asked:
        await record_forms.open_new(session, "answers", answer=said)
        return
    await session.begin()
    story, who = session.workshop.story, session.who.id
    mine = await session.records.drafts.open_of(story, who, _MOST_DRAFTS)
    known = next((one for one in mine if wish_of(one).typed == typed), None)
    if known:
        await present(session, known)
    else:
        await record_forms.keep(session, typed)


async def _question(message: discord.Message) -> str:
    """The words that a message replies to; those before, where they are the bot's."""
    for _ in range(_MOST_HOPS):
        found = await _replied_to(message)
        if found is None:
            return ""
        if not found.author.bot:
            return _MENTION.sub(" ", found.content)
        message = found
    return ""


async def _replied_to(message: discord.Message) -> discord.Message | None:
    """The message that another replies to; None where it is gone, or cannot be read."""
    reference = message.reference
    if reference is None or reference.message_id is None:
        return None
    known = reference.resolved or reference.cached_message
    if isinstance(known, discord.Message) and known.content:
        return known
    with suppress(discord.HTTPException):
        return await message.channel.fetch_message(reference.message_id)
    return None


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
