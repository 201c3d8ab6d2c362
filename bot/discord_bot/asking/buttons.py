"""What the buttons, menus and forms do that everybody sees."""

import re
from dataclasses import dataclass, replace

import discord
from discord import ui

from bot.answering.outcome import Answer, NotCovered, Outcome, Reply
from bot.discord_bot.asking.answer_again import Again
from bot.discord_bot.asking.app import App
from bot.discord_bot.asking.feedback import send_on, vote
from bot.discord_bot.asking.interactions import Request
from bot.discord_bot.asking.moderators_channel import News
from bot.discord_bot.asking.permissions import may_delete, may_edit_anywhere
from bot.discord_bot.showing import browse_cards
from bot.discord_bot.showing.answer_cards import cards, sent_card
from bot.discord_bot.showing.cards import Card
from bot.discord_bot.showing.custom_ids import DELETE, NONE_OF_THESE, CustomId
from bot.discord_bot.showing.limits import MAX_QUESTION
from bot.discord_bot.showing.modals import field, form
from bot.records.questions import fingerprint


async def open_form(request: Request, custom_id: CustomId) -> None:
    """Show a form; not to object to an answer that is another one now."""
    if custom_id.verb != "wrong" or not await _is_outdated(request, custom_id):
        form = form_of(request, custom_id)
        await request.interaction.response.send_modal(form)


async def show(request: Request, custom_id: CustomId) -> None:
    """The whole answer, or its sources with their words, to whoever clicked."""
    found = await request.found(custom_id.subject, custom_id.mark)
    if found is None:
        return
    if custom_id.verb == "full" or found.has_changed:
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


async def _is_outdated(request: Request, custom_id: CustomId) -> bool:
    """Whether an answer is no longer what it was; then today's is shown."""
    found = await request.found(custom_id.subject, custom_id.mark)
    if found and found.has_changed:
        await _today(request, found)
    return found is None or found.has_changed


async def helpful(request: Request, custom_id: CustomId) -> None:
    """Count a vote that an answer is helpful."""
    if not await _is_outdated(request, custom_id):
        await request.tell(await vote(request, custom_id.subject, "helpful"))


async def delete(request: Request, custom_id: CustomId) -> None:
    """Delete the message, for whoever asked and for moderators."""
    if request.person != custom_id.number and not may_delete(
        request.interaction, request.app.options
    ):
        await request.tell("delete.not-yours")
        return
    await request.interaction.response.defer()
    await request.interaction.delete_original_response()
    if request.interaction.message:
        request.app.forgotten(request.interaction.message.id)


async def post(request: Request, custom_id: CustomId) -> None:
    """Show a private answer to all, for those who may write here themselves."""
    interaction = request.interaction
    has = interaction.permissions
    in_thread = isinstance(interaction.channel, discord.Thread)
    may = has.send_messages_in_threads if in_thread else has.send_messages
    if interaction.guild_id is not None and not may:
        await request.tell("post.not-here")
        return
    found = await request.found(custom_id.subject, custom_id.mark)
    if not found or not await request.may_answer():
        return
    if not request.may_be_public():
        await request.tell("post.later")
        return
    reply = await _reply_of(request.app, found.answer)
    await request.give(request.asked(reply.text), reply, private=False)


async def pick(request: Request, custom_id: CustomId) -> None:
    """Show what was meant in place of the question which it was, to its asker.

    Others who choose get an answer of their own.
    """
    chosen = custom_id.subject or request.chosen
    if chosen == NONE_OF_THESE:  # a choice of menus that were sent before
        await none_of_these(request, custom_id)
        return
    message = request.interaction.message
    place = _place(request, custom_id)
    found = await request.found(chosen, asked=place.asked)
    if found is None:
        return
    outcomes: tuple[Outcome, ...] = (found.answer,)
    if message and place.is_theirs:
        request.app.replaced(message.id)
        if len(place.beside) > 1:
            at = custom_id.place
            outcomes = (*place.beside[:at], found.answer, *place.beside[at + 1 :])
    reply = replace(await _reply_of(request.app, found.answer), outcomes=outcomes)
    asked = request.asked(place.asked)
    await request.give(asked, reply, private=place.is_private, in_place=place.is_theirs)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where somebody says what was meant: whether they are who asked, and what it was.

    `asked` is "" where that is not remembered; `beside` is all that the message shows.
    """

    asked: str
    beside: tuple[Outcome, ...]
    is_theirs: bool
    is_private: bool


def _place(request: Request, custom_id: CustomId) -> _Place:
    message = request.interaction.message
    is_theirs = custom_id.number in {0, request.person}
    is_private = not is_theirs or message is None or message.flags.ephemeral
    shown = request.app.shown_by(message.id) if message else None
    beside = shown.said if shown else ()
    asked = shown.text if shown else ""
    if len(beside) > 1:
        asked = beside[custom_id.place].asked if custom_id.place < len(beside) else ""
    return _Place(asked, beside, is_theirs, is_private)


async def none_of_these(request: Request, custom_id: CustomId) -> None:
    """Send the question to the moderators, and say so on the same card.

    Only for whoever asked, where it is still known what: else it can be written in a
    form that sends it.
    """
    place = _place(request, custom_id)
    message = request.interaction.message
    if message and place.is_theirs:
        request.app.replaced(message.id)
    reader = request.reader(private=place.is_private)
    sent = place.is_theirs and await send_on(request, place.asked)
    if sent:
        card = sent_card(reader, fingerprint(place.asked))
        await request.show(lambda _: [card], in_place=True)
        await request.tell_moderators(News("question", place.asked))
        return
    nothing = NotCovered(place.asked, None, (), ())
    reader = replace(reader, missing=(fingerprint(place.asked),))
    in_place = place.is_theirs
    await request.show(lambda room: cards([nothing], reader, room), in_place=in_place)
    await request.app.note_missing(place.asked)


async def related(request: Request, custom_id: CustomId) -> None:
    """The answer to a question that was chosen, to whoever chose; or delete it all."""
    if request.chosen == DELETE:
        await delete(request, custom_id)
        return
    found = await request.found(request.chosen)
    if found:
        reply = await _reply_of(request.app, found.answer)
        await request.give(request.asked(reply.text), reply, private=True)


async def browse(request: Request, custom_id: CustomId) -> None:
    """Turn a page, or open a topic, in place where only they see it."""
    story, reader = request.app.answerer.story, request.reader()
    message = request.interaction.message
    if custom_id.verb == "topic":
        name = custom_id.subject or request.chosen
        own = message is not None and message.flags.ephemeral
        await request.show(
            lambda room: browse_cards.topic(story, name, reader, room), in_place=own
        )
    elif custom_id.subject in browse_cards.PAGES:
        chosen = request.chosen if custom_id.verb == "jump" else ""
        number = int(chosen) if chosen.isdecimal() else custom_id.number
        await request.show(
            lambda room: browse_cards.page(
                custom_id.subject, story, number, reader, room
            ),
            in_place=True,
        )
    else:
        await request.tell("old-button")


async def follow(request: Request, custom_id: CustomId) -> None:
    """Answer a follow-up question: where the answer before it was shown, if public."""
    if not await request.may_answer():
        return
    asked = request.asked(request.typed, custom_id.number, custom_id.subject)
    await request.answer(asked, private=bool(custom_id.place))


async def forget(request: Request, custom_id: CustomId) -> None:
    """Delete what is kept of a person, once they have said so twice.

    What stays is said before.
    """
    app, words = request.app, request.words()
    if custom_id.verb == "forget":
        if await request.may_click():
            stays = await may_edit_anywhere(request.interaction, app.options)
            await request.show(lambda _: [browse_cards.sure(words, stays=stays)])
        return
    if not await request.may_forget():
        return
    if app.traces:
        await app.traces.settled()
    app.forget_person(request.person)
    is_moderator = await may_edit_anywhere(request.interaction, app.options)
    records = app.records
    done = (
        await app.kept(records.delete_person(request.person, is_moderator=is_moderator))
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


def form_of(request: Request, custom_id: CustomId) -> ui.Modal:
    """The form of a verb; it carries the message that it was opened from, or is for."""
    words, message = request.words(), request.interaction.message
    is_private = int(message is None or message.flags.ephemeral)
    number = custom_id.number or (message.id if message else 0)
    # The mark is left out: with the longest subject there is no room for both.
    name = replace(custom_id, mark="", number=number, place=is_private).id
    verb = custom_id.verb
    title, label = words.say(f"form.{verb}"), words.say(f"form.{verb}.label")
    if verb == "follow":
        return form(name, title, field(label, most=MAX_QUESTION))
    if verb == "send":
        known = request.app.question_of(number) or _written(message)
        hint = words.say("form.send.hint")
        return form(name, title, field(label, hint, known, most=500))
    if verb == "wrong":
        hint = words.say("form.wrong.hint")
        return form(name, title, field(label, hint, required=False))
    return form(name, title, field(label))


def _written(message: discord.Message | None) -> str:
    """What the message that this one replies to says, where Discord tells it."""
    found = message.reference.resolved if message and message.reference else None
    text = found.content if isinstance(found, discord.Message) else ""
    return re.sub(r"<@[!&]?\d+>", "", text).strip()


async def _reply_of(app: App, answer: Answer) -> Reply:
    """An answer that was chosen, as the reply to its own question."""
    reply = await app.answers.do(app.answerer.reply, answer.question, app.today())
    return replace(reply, outcomes=(answer,))
