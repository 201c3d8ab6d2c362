"""What happens when a button, a menu or a form is used.

Every door is read from its custom id and looked up in today's story, so it works after
a restart and after months; what is no longer as it was is said to be so.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

import discord
from discord import ui

from bot.answering.outcome import Answer, NotCovered, Reply
from bot.discord_bot.asking.answer_again import Again
from bot.discord_bot.asking.app import App, Asked
from bot.discord_bot.asking.feedback import report, send, tell, vote, wait, wrong
from bot.discord_bot.asking.interactions import Request
from bot.discord_bot.showing import browse_cards
from bot.discord_bot.showing.answer_cards import cards
from bot.discord_bot.showing.cards import Card
from bot.discord_bot.showing.custom_ids import NONE_OF_THESE, Door, Verb
from bot.discord_bot.showing.limits import MAX_QUESTION
from bot.discord_bot.showing.messages import field, form
from bot.discord_bot.showing.sending import acknowledged

OUR_IDS: Final = re.compile(r"r\d+:")
"""What every custom id of ours begins with, of this version and others."""

Act = Callable[[Request, Door], Awaitable[None]]

FORMS: Final = frozenset[Verb](("follow", "wrong", "send", "report"))
"""What has a form."""


async def pressed(app: App, interaction: discord.Interaction) -> None:
    """Do what a button, a menu or a form of ours is for; nothing for others."""
    custom_id = str((interaction.data or {}).get("custom_id", ""))
    if not OUR_IDS.match(custom_id):
        return
    async with acknowledged(interaction):
        request = Request(app, interaction)
        door = Door.read(custom_id)
        is_form = interaction.type is discord.InteractionType.modal_submit
        if door is None or not (is_form or _is_in(interaction.message, custom_id)):
            await request.tell("old-button")
        elif is_form:
            await _submitted(request, door)
        else:
            await _clicked(request, door)


async def _clicked(request: Request, door: Door) -> None:
    if door.verb in FORMS:
        if door.verb != "wrong" or not await _is_outdated(request, door):
            await request.interaction.response.send_modal(_form(request, door))
    elif act := _ACTS.get(door.verb):
        await act(request, door)
    elif await request.may_click():
        await _SHOWS[door.verb](request, door)


async def _submitted(request: Request, door: Door) -> None:
    words = request.typed
    if door.verb == "follow":  # it is counted as a question
        await _follow(request, door, words)
    elif act := _SENDS.get(door.verb):
        if await request.may_click():
            await act(request, door, words)
    else:
        await request.tell("old-button")


async def _show(request: Request, door: Door) -> None:
    """The whole answer, or its sources with their words, to whoever clicked."""
    found = await request.found(door.subject, door.mark)
    if found is None:
        return
    if door.verb == "full" or found.has_changed:
        await _today(request, found)
        return
    reader = request.reader()
    await request.show(lambda room: browse_cards.quotes(found.answer, reader, room))


async def _today(request: Request, found: Again) -> None:
    """Today's answer, whole; where it has changed since, that comes first."""
    reader = request.reader(full=True)
    changed = request.words().say("changed")

    def make(room: int) -> list[Card]:
        first = [Card((changed,))] if found.has_changed else []
        return [*first, *cards([found.answer], reader, room - len(changed) * 2)]

    await request.show(make)


async def _is_outdated(request: Request, door: Door) -> bool:
    """Whether an answer is no longer what it was; then today's is shown."""
    found = await request.found(door.subject, door.mark)
    if found and found.has_changed:
        await _today(request, found)
    return found is None or found.has_changed


async def _helpful(request: Request, door: Door) -> None:
    if not await _is_outdated(request, door):
        await request.tell(await vote(request, door.subject, "helpful"))


async def _delete(request: Request, door: Door) -> None:
    """Delete the message, for whoever asked and for moderators."""
    if request.person != door.number and not request.is_moderator():
        await request.tell("delete.not-yours")
        return
    await request.interaction.response.defer()
    await request.interaction.delete_original_response()
    if request.interaction.message:
        await request.app.forgotten(request.interaction.message.id)


async def _post(request: Request, door: Door) -> None:
    """Show a private answer to all, for those who may write here themselves."""
    interaction = request.interaction
    has = interaction.permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    may = has.send_messages_in_threads if in_thread else has.send_messages
    if interaction.guild_id is not None and not may:
        await request.tell("post.not-here")
        return
    found = await request.found(door.subject, door.mark)
    if not found or not await request.may_answer():
        return
    if not request.may_be_public():
        await request.tell("post.later")
        return
    reply = _reply_of(request.app, found.answer)
    asked = Asked(reply.text, request.person, request.channel, interaction.guild_id)
    await request.give(asked, reply, private=False)


async def _pick(request: Request, door: Door) -> None:
    """Show what was meant in place of the question which it was, to its asker.

    Others who choose get an answer of their own.
    """
    chosen = request.chosen
    message = request.interaction.message
    is_theirs = door.number in {0, request.person}
    is_private = not is_theirs or message is None or message.flags.ephemeral
    asked_text = request.app.question_of(message.id) if message else ""
    asked = Asked(
        asked_text, request.person, request.channel, request.interaction.guild_id
    )
    if chosen == NONE_OF_THESE:
        await _none_of_these(
            request, asked_text, is_private=is_private, is_theirs=is_theirs
        )
        return
    found = await request.found(chosen, asked=asked_text)
    if found:
        if message and is_theirs:
            await request.app.replaced(message.id)
        reply = _reply_of(request.app, found.answer)
        await request.give(asked, reply, private=is_private, in_place=is_theirs)


async def _none_of_these(
    request: Request, asked: str, *, is_private: bool, is_theirs: bool
) -> None:
    if request.interaction.message and is_theirs:
        await request.app.replaced(request.interaction.message.id)
    nothing = NotCovered(asked, None, (), ())
    number = await request.app.note_question(asked)
    reader = replace(request.reader(private=is_private), missing=(number,))
    await request.show(lambda room: cards([nothing], reader, room), in_place=is_theirs)


async def _related(request: Request, _door: Door) -> None:
    """The answer to a question that was chosen, to whoever chose."""
    found = await request.found(request.chosen)
    if found:
        reply = _reply_of(request.app, found.answer)
        place = request.channel, request.interaction.guild_id
        asked = Asked(reply.text, request.person, *place)
        await request.give(asked, reply, private=True)


async def _browse(request: Request, door: Door) -> None:
    """Turn a page, or open a topic, in place."""
    story, reader = request.app.answerer.story, request.reader()
    if door.verb == "topic":
        name = request.chosen
        await request.show(
            lambda room: browse_cards.topic(story, name, reader, room), in_place=True
        )
    elif door.subject in browse_cards.PAGES:
        await request.show(
            lambda room: browse_cards.page(
                door.subject, story, door.number, reader, room
            ),
            in_place=True,
        )
    else:
        await request.tell("old-button")


async def _follow(request: Request, door: Door, words: str) -> None:
    """Answer a follow-up question: where the answer before it was shown, if public."""
    if not await request.may_answer():
        return
    guild = request.interaction.guild_id
    asked = Asked(
        words, request.person, request.channel, guild, door.number, entry=door.subject
    )
    await request.answer(asked, private=bool(door.place))


async def _forget(request: Request, door: Door) -> None:
    """Delete what is kept of a person, once they have said so twice."""
    if door.verb == "forget":
        words = request.words()
        await request.show(lambda _: [browse_cards.sure(words)])
        return
    request.app.forget_person(request.person)
    records = request.app.records
    done = (
        await request.app.kept(records.delete_person(request.person))
        if records
        else None
    )
    if done is None:
        await request.tell("records.missing")
        return
    await request.tell(
        "forget.done",
        votes=done.votes,
        reports=done.reports,
        shown=done.shown,
        waiting=done.waiting,
    )


def report_form(request: Request, message: int) -> ui.Modal:
    """The form that asks what is wrong with a message."""
    return _form(request, Door("report", number=message))


def _form(request: Request, door: Door) -> ui.Modal:
    """The form of a door; it carries the message that it was opened from."""
    words, message = request.words(), request.interaction.message
    is_private = int(message is None or message.flags.ephemeral)
    number = door.number if door.verb == "report" else message.id if message else 0
    # The mark is left out: with the longest subject there is no room for both.
    name = Door(door.verb, door.subject, number=number, place=is_private).id
    title = words.say(f"form.{door.verb}")
    label = words.say(f"form.{door.verb}.label")
    if door.verb == "follow":
        return form(name, title, field(label, most=MAX_QUESTION))
    if door.verb == "send":
        known = request.app.question_of(number) or _written(message)
        hint = words.say("form.send.hint")
        return form(name, title, field(label, hint, known, most=500))
    if door.verb == "wrong":
        return form(
            name, title, field(label, words.say("form.wrong.hint"), required=False)
        )
    return form(name, title, field(label))


def _written(message: discord.Message | None) -> str:
    """What the message that this one replies to says, where Discord tells it."""
    found = message.reference.resolved if message and message.reference else None
    text = found.content if isinstance(found, discord.Message) else ""
    return re.sub(r"<@[!&]?\d+>", "", text).strip()


def _reply_of(app: App, answer: Answer) -> Reply:
    """An answer that was chosen, as the reply to its own question."""
    reply = app.answerer.reply(answer.question, app.today())
    return replace(reply, outcomes=(answer,))


def _is_in(message: discord.Message | None, custom_id: str) -> bool:
    """Whether a message has what is said to be clicked on: an id can be made up."""
    parts: list[object] = list(message.components) if message else []
    while parts:
        part = parts.pop()
        if getattr(part, "custom_id", None) == custom_id:
            return True
        parts.extend(getattr(part, "children", ()))
    return False


_SENDS: Final[dict[Verb, Callable[[Request, Door, str], Awaitable[None]]]] = {
    "wrong": wrong,
    "send": send,
    "report": report,
}
_ACTS: Final[dict[Verb, Act]] = {
    "delete": _delete,
    "post": _post,
    "forget": _forget,
    "forgotten": _forget,
}
_SHOWS: Final[dict[Verb, Act]] = {
    "full": _show,
    "quotes": _show,
    "helpful": _helpful,
    "pick": _pick,
    "related": _related,
    "topic": _browse,
    "page": _browse,
    "tell": tell,
    "here": wait,
    "direct": wait,
}
