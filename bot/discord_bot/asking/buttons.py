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
from bot.discord_bot.asking.app import Asked, Desk
from bot.discord_bot.asking.feedback import report, send, tell, vote, wait, wrong
from bot.discord_bot.asking.interactions import Visit
from bot.discord_bot.showing import browse_cards
from bot.discord_bot.showing.answer_cards import cards
from bot.discord_bot.showing.cards import Card
from bot.discord_bot.showing.custom_ids import NONE_OF_THESE, Door, Verb
from bot.discord_bot.showing.limits import MAX_QUESTION
from bot.discord_bot.showing.messages import field, form
from bot.discord_bot.showing.sending import acknowledged

OUR_IDS: Final = re.compile(r"r\d+:")
"""What every custom id of ours begins with, of this version and others."""

Act = Callable[[Visit, Door], Awaitable[None]]

FORMS: Final = frozenset[Verb](("follow", "wrong", "send", "report"))
"""What has a form."""


async def pressed(desk: Desk, interaction: discord.Interaction) -> None:
    """Do what a button, a menu or a form of ours is for; nothing for others."""
    custom_id = str((interaction.data or {}).get("custom_id", ""))
    if not OUR_IDS.match(custom_id):
        return
    async with acknowledged(interaction):
        visit = Visit(desk, interaction)
        door = Door.read(custom_id)
        is_form = interaction.type is discord.InteractionType.modal_submit
        if door is None or not (is_form or _is_in(interaction.message, custom_id)):
            await visit.tell("old-button")
        elif is_form:
            await _submitted(visit, door)
        else:
            await _clicked(visit, door)


async def _clicked(visit: Visit, door: Door) -> None:
    if door.verb in FORMS:
        if door.verb != "wrong" or not await _is_outdated(visit, door):
            await visit.interaction.response.send_modal(_form(visit, door))
    elif act := _ACTS.get(door.verb):
        await act(visit, door)
    elif await visit.may_click():
        await _SHOWS[door.verb](visit, door)


async def _submitted(visit: Visit, door: Door) -> None:
    words = visit.typed
    if door.verb == "follow":  # it is counted as a question
        await _follow(visit, door, words)
    elif act := _SENDS.get(door.verb):
        if await visit.may_click():
            await act(visit, door, words)
    else:
        await visit.tell("old-button")


async def _show(visit: Visit, door: Door) -> None:
    """The whole answer, or its sources with their words, to whoever clicked."""
    found = await visit.found(door.subject, door.mark)
    if found is None:
        return
    if door.verb == "full" or found.has_changed:
        await _today(visit, found)
        return
    reader = visit.reader()
    await visit.show(lambda room: browse_cards.quotes(found.answer, reader, room))


async def _today(visit: Visit, found: Again) -> None:
    """Today's answer, whole; where it has changed since, that comes first."""
    reader = visit.reader(full=True)
    changed = visit.words().say("changed")

    def make(room: int) -> list[Card]:
        first = [Card((changed,))] if found.has_changed else []
        return [*first, *cards([found.answer], reader, room - len(changed) * 2)]

    await visit.show(make)


async def _is_outdated(visit: Visit, door: Door) -> bool:
    """Whether an answer is no longer what it was; then today's is shown."""
    found = await visit.found(door.subject, door.mark)
    if found and found.has_changed:
        await _today(visit, found)
    return found is None or found.has_changed


async def _helpful(visit: Visit, door: Door) -> None:
    if not await _is_outdated(visit, door):
        await visit.tell(await vote(visit, door.subject, "helpful"))


async def _delete(visit: Visit, door: Door) -> None:
    """Delete the message, for whoever asked and for moderators."""
    if visit.person != door.number and not visit.is_moderator():
        await visit.tell("delete.not-yours")
        return
    await visit.interaction.response.defer()
    await visit.interaction.delete_original_response()
    if visit.interaction.message:
        await visit.desk.forgotten(visit.interaction.message.id)


async def _post(visit: Visit, door: Door) -> None:
    """Show a private answer to all, for those who may write here themselves."""
    interaction = visit.interaction
    has = interaction.permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    may = has.send_messages_in_threads if in_thread else has.send_messages
    if interaction.guild_id is not None and not may:
        await visit.tell("post.not-here")
        return
    found = await visit.found(door.subject, door.mark)
    if not found or not await visit.may_answer():
        return
    if not visit.may_be_public():
        await visit.tell("post.later")
        return
    reply = _reply_of(visit.desk, found.answer)
    asked = Asked(reply.text, visit.person, visit.channel, interaction.guild_id)
    await visit.give(asked, reply, private=False)


async def _pick(visit: Visit, door: Door) -> None:
    """Show what was meant in place of the question which it was, to its asker.

    Others who choose get an answer of their own.
    """
    chosen = visit.chosen
    message = visit.interaction.message
    is_theirs = door.number in {0, visit.person}
    is_private = not is_theirs or message is None or message.flags.ephemeral
    asked_text = visit.desk.question_of(message.id) if message else ""
    asked = Asked(asked_text, visit.person, visit.channel, visit.interaction.guild_id)
    if chosen == NONE_OF_THESE:
        await _none_of_these(
            visit, asked_text, is_private=is_private, is_theirs=is_theirs
        )
        return
    found = await visit.found(chosen, asked=asked_text)
    if found:
        if message and is_theirs:
            await visit.desk.replaced(message.id)
        reply = _reply_of(visit.desk, found.answer)
        await visit.give(asked, reply, private=is_private, in_place=is_theirs)


async def _none_of_these(
    visit: Visit, asked: str, *, is_private: bool, is_theirs: bool
) -> None:
    if visit.interaction.message and is_theirs:
        await visit.desk.replaced(visit.interaction.message.id)
    nothing = NotCovered(asked, None, (), ())
    number = await visit.desk.note_question(asked)
    reader = replace(visit.reader(private=is_private), missing=(number,))
    await visit.show(lambda room: cards([nothing], reader, room), in_place=is_theirs)


async def _related(visit: Visit, _door: Door) -> None:
    """The answer to a question that was chosen, to whoever chose."""
    found = await visit.found(visit.chosen)
    if found:
        reply = _reply_of(visit.desk, found.answer)
        place = visit.channel, visit.interaction.guild_id
        asked = Asked(reply.text, visit.person, *place)
        await visit.give(asked, reply, private=True)


async def _browse(visit: Visit, door: Door) -> None:
    """Turn a page, or open a topic, in place."""
    story, reader = visit.desk.answerer.story, visit.reader()
    if door.verb == "topic":
        name = visit.chosen
        await visit.show(
            lambda room: browse_cards.topic(story, name, reader, room), in_place=True
        )
    elif door.subject in browse_cards.PAGES:
        await visit.show(
            lambda room: browse_cards.page(
                door.subject, story, door.number, reader, room
            ),
            in_place=True,
        )
    else:
        await visit.tell("old-button")


async def _follow(visit: Visit, door: Door, words: str) -> None:
    """Answer a follow-up question: where the answer before it was shown, if public."""
    if not await visit.may_answer():
        return
    guild = visit.interaction.guild_id
    asked = Asked(
        words, visit.person, visit.channel, guild, door.number, entry=door.subject
    )
    await visit.answer(asked, private=bool(door.place))


async def _forget(visit: Visit, door: Door) -> None:
    """Delete what is kept of a person, once they have said so twice."""
    if door.verb == "forget":
        words = visit.words()
        await visit.show(lambda _: [browse_cards.sure(words)])
        return
    visit.desk.forget_person(visit.person)
    records = visit.desk.records
    done = (
        await visit.desk.kept(records.delete_person(visit.person)) if records else None
    )
    if done is None:
        await visit.tell("records.missing")
        return
    await visit.tell(
        "forget.done",
        votes=done.votes,
        reports=done.reports,
        shown=done.shown,
        waiting=done.waiting,
    )


def report_form(visit: Visit, message: int) -> ui.Modal:
    """The form that asks what is wrong with a message."""
    return _form(visit, Door("report", number=message))


def _form(visit: Visit, door: Door) -> ui.Modal:
    """The form of a door; it carries the message that it was opened from."""
    words, message = visit.words(), visit.interaction.message
    is_private = int(message is None or message.flags.ephemeral)
    number = door.number if door.verb == "report" else message.id if message else 0
    # The mark is left out: with the longest subject there is no room for both.
    name = Door(door.verb, door.subject, number=number, place=is_private).id
    title = words.say(f"form.{door.verb}")
    label = words.say(f"form.{door.verb}.label")
    if door.verb == "follow":
        return form(name, title, field(label, most=MAX_QUESTION))
    if door.verb == "send":
        known = visit.desk.question_of(number) or _written(message)
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


def _reply_of(desk: Desk, answer: Answer) -> Reply:
    """An answer that was chosen, as the reply to its own question."""
    reply = desk.answerer.reply(answer.question, desk.today())
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


_SENDS: Final[dict[Verb, Callable[[Visit, Door, str], Awaitable[None]]]] = {
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
