"""What people have to say: votes, reports, questions for the moderators, and wishes.

All of it is kept in the records; the moderators are told of what has words.
"""

from dataclasses import replace
from typing import Final

from bot.answering.outcome import Answer, Link
from bot.discord_bot.asking.app import App
from bot.discord_bot.asking.interactions import Request
from bot.discord_bot.asking.moderators_channel import News
from bot.discord_bot.showing.cards import Button, Card, Menu, options
from bot.discord_bot.showing.custom_ids import CustomId
from bot.records.values import Message, RecordsError

_NEXT: Final = 3  # questions that are offered where an answer was wrong


async def send(request: Request, _custom_id: CustomId) -> None:
    """Keep a question for the moderators, and tell them."""
    words = request.typed
    try:
        sent = await request.app.send_question(words, request.person)
    except RecordsError:
        await request.tell("records.missing")
        return
    await request.tell("nothing-sent" if sent is None else "sent")
    if sent is not None:
        await request.tell_moderators(News("question", words))


async def send_on(request: Request, words: str) -> int | None:
    """Keep a question for the moderators; its id, None where that cannot be."""
    try:
        return await request.app.send_question(words, request.person)
    except RecordsError:
        return None


async def wrong(request: Request, custom_id: CustomId) -> None:
    """Keep a vote that an answer is wrong, and offer what else may have been meant."""
    found = await request.found(custom_id.subject)
    if found is None:
        return
    reason = request.typed
    said = request.words().say(await vote(request, custom_id.subject, "wrong", reason))
    links = await _others(request.app, custom_id, found.answer)
    words = request.words()
    menu = Menu(CustomId("related"), words.say("pick"), options(links))
    text = f"{said}\n{words.say('voted.next')}" if links else said
    await request.show(lambda _: [Card((text,), (menu,) if links else ())])
    if reason:
        private = request.interaction.message is None or custom_id.place
        where = None if private else _place(request, custom_id.number)
        await request.tell_moderators(
            News("wrong", reason, (custom_id.subject,), where)
        )


async def vote(request: Request, entry: str, verdict: str, reason: str = "") -> str:
    """Keep a vote; the key of what to say."""
    app = request.app
    if app.records is None:
        return "records.missing"
    try:
        await app.records.votes.cast(
            app.answered(entry),
            request.person,
            "helpful" if verdict == "helpful" else "wrong",
            app.now(),
            reason,
        )
    except RecordsError:
        return "records.missing"
    return "voted.wrong" if reason else "voted.counted"


async def _others(app: App, custom_id: CustomId, answer: Answer) -> tuple[Link, ...]:
    """The next best entries for what was asked, else for the answer's own question."""
    asked = app.question_of(custom_id.number) or answer.question
    found = await app.lookups.do(app.answerer.suggest, asked, _NEXT + 1)
    return tuple(one for one in found if one.entry != custom_id.subject)[:_NEXT]


async def report(request: Request, custom_id: CustomId) -> None:
    """Keep that a message was reported, and tell the moderators."""
    words = request.typed
    records = request.app.records
    if records is None:
        await request.tell("records.missing")
        return
    where = _place(request, custom_id.number)
    try:
        await records.reports.add(where, request.person, words, request.app.now())
    except RecordsError:
        await request.tell("records.missing")
        return
    await request.tell("reported")
    entries = await request.app.shown_in(custom_id.number)
    await request.tell_moderators(News("report", words, entries, where))


async def tell(request: Request, custom_id: CustomId) -> None:
    """Ask where somebody wants to be told of an answer; directly, where they are."""
    if request.interaction.guild_id is None:
        await wait(request, replace(custom_id, verb="direct"))
        return
    words = request.words()
    names = ("here", "direct") if request.is_open else ("direct",)
    row = tuple(
        Button(replace(custom_id, verb=name, place=0), words.say(f"button.{name}"))
        for name in names
    )
    await request.show(lambda _: [Card((words.say("tell.where"),), (row,))])


async def wait(request: Request, custom_id: CustomId) -> None:
    """Keep that somebody wants to be told of an answer, here or directly."""
    is_here = custom_id.verb == "here"
    guild = request.interaction.guild_id if is_here else None
    channel = request.channel if is_here else None
    question = custom_id.subject or custom_id.number
    done = await request.app.wait_for(question, request.person, guild, channel)
    where = "tell.here" if is_here else "tell.direct"
    key = "records.missing" if done is None else where if done else "tell.gone"
    text = request.words().say(key)
    # The question where stays no longer; the card that it was asked from does.
    in_place = request.interaction.guild_id is not None
    await request.show(lambda _: [Card((text,))], in_place=in_place)


def _place(request: Request, message: int) -> Message:
    return Message(request.interaction.guild_id, request.channel, message)
