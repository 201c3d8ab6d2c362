"""What people have to say: votes, reports, questions for the moderators, and wishes.

All of it is kept in the records; the moderators are told of what has words.
"""

from dataclasses import replace
from typing import Final

from bot.answering.outcome import Link
from bot.discord_bot.asking.app import Desk
from bot.discord_bot.asking.interactions import Visit
from bot.discord_bot.asking.moderators import News
from bot.discord_bot.showing.cards import Button, Card, Menu, options
from bot.discord_bot.showing.custom_ids import Door, Verb
from bot.records.values import Message, RecordsError

_NEXT: Final = 3  # questions that are offered where an answer was wrong


async def send(visit: Visit, _door: Door, words: str) -> None:
    """Keep a question for the moderators, and tell them."""
    try:
        sent = await visit.desk.send_question(words)
    except RecordsError:
        await visit.tell("records.missing")
        return
    await visit.tell("nothing-sent" if sent is None else "sent")
    if sent is not None:
        await visit.tell_moderators(News("question", words))


async def wrong(visit: Visit, door: Door, reason: str) -> None:
    """Keep a vote that an answer is wrong, and offer what else may have been meant."""
    if await visit.found(door.subject) is None:
        return
    said = visit.words().say(await vote(visit, door.subject, "wrong", reason))
    links = _others(visit.desk, door)
    words = visit.words()
    menu = Menu(Door("related"), words.say("pick"), options(links))
    text = f"{said}\n{words.say('voted.next')}" if links else said
    await visit.show(lambda _: [Card((text,), (menu,) if links else ())])
    if reason:
        private = visit.interaction.message is None or door.place
        where = None if private else _place(visit, door.number)
        await visit.tell_moderators(News("wrong", reason, (door.subject,), where))


async def vote(visit: Visit, entry: str, verdict: str, reason: str = "") -> str:
    """Keep a vote; the key of what to say."""
    desk = visit.desk
    if desk.records is None:
        return "records.missing"
    try:
        await desk.records.votes.cast(
            desk.answered(entry),
            visit.person,
            "helpful" if verdict == "helpful" else "wrong",
            desk.now(),
            reason,
        )
    except RecordsError:
        return "records.missing"
    return "voted.wrong" if reason else "voted.counted"


def _others(desk: Desk, door: Door) -> tuple[Link, ...]:
    """The next best entries for what was asked, where that is still known."""
    asked = (
        desk.question_of(door.number)
        or desk.answerer.story.entries[door.subject].question
    )
    found = desk.answerer.suggest(asked, _NEXT + 1)
    return tuple(one for one in found if one.entry != door.subject)[:_NEXT]


async def report(visit: Visit, door: Door, words: str) -> None:
    """Keep that a message was reported, and tell the moderators."""
    records = visit.desk.records
    if records is None:
        await visit.tell("records.missing")
        return
    where = _place(visit, door.number)
    try:
        await records.reports.add(where, visit.person, words, visit.desk.now())
    except RecordsError:
        await visit.tell("records.missing")
        return
    await visit.tell("reported")
    entries = await visit.desk.shown_in(door.number)
    await visit.tell_moderators(News("report", words, entries, where))


async def tell(visit: Visit, door: Door) -> None:
    """Ask where somebody wants to be told of an answer; directly, where they are."""
    if visit.interaction.guild_id is None:
        await wait(visit, replace(door, verb="direct"))
        return
    words = visit.words()
    names: tuple[Verb, ...] = ("here", "direct") if visit.is_open else ("direct",)
    row = tuple(
        Button(Door(name, number=door.number), words.say(f"button.{name}"))
        for name in names
    )
    await visit.show(lambda _: [Card((words.say("tell.where"),), (row,))])


async def wait(visit: Visit, door: Door) -> None:
    """Keep that somebody wants to be told of an answer, here or directly."""
    is_here = door.verb == "here"
    guild = visit.interaction.guild_id if is_here else None
    channel = visit.channel if is_here else None
    done = await visit.desk.wait_for(door.number, visit.person, guild, channel)
    where = "tell.here" if is_here else "tell.direct"
    key = "records.missing" if done is None else where if done else "tell.gone"
    text = visit.words().say(key)
    # The question where stays no longer; the card that it was asked from does.
    in_place = visit.interaction.guild_id is not None
    await visit.show(lambda _: [Card((text,))], in_place=in_place)


def _place(visit: Visit, message: int) -> Message:
    return Message(visit.interaction.guild_id, visit.channel, message)
