"""The queue as cards: its lists, and what is in them, with what can be done. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, get_args

from bot.answering.outcome import Link
from bot.discord_bot.moderation.ways_cards import close_button
from bot.discord_bot.showing.cards import (
    Button,
    Draft,
    Menu,
    Part,
    ago,
    more,
    options,
    prose,
    turns,
)
from bot.discord_bot.showing.custom_ids import CustomId, mark_of
from bot.discord_bot.showing.escaping import clean, escape, shorten
from bot.discord_bot.showing.limits import MAX_CHOICE
from bot.discord_bot.showing.messages import Shown
from bot.moderating.unanswered import Want
from bot.moderating.wishes import wish_of
from bot.records.values import Draft as Kept
from bot.records.values import Objection, Question, Report
from bot.words.catalogue import Words

Kind = Literal["questions", "wrong", "reports", "proposed", "mine"]
"""What the queue has lists of."""

KINDS: Final[tuple[Kind, ...]] = get_args(Kind)

PER: Final = 8
"""What a page of the queue lists."""

_MOST_WORDINGS: Final = 10
_MAX_LINE: Final = 200
_MAX_LABEL: Final = 60


@dataclass(frozen=True, slots=True)
class Item:
    """Something in a list: by which it is opened, its line, and its words in a menu.

    The line is safe; the words are plain text.
    """

    value: str
    line: str
    label: str


def list_shown(
    kind: Kind, page: int, items: Sequence[Item], words: Words, said: str = ""
) -> Shown:
    """A page of a list; of `items` those after PER only tell that there are more.

    `said` is what happened before, if anything.
    """
    say, here = words.say, items[:PER]
    rows: list[tuple[Button, ...] | Menu] = []
    choices = tuple((one.value, _label(one.label)) for one in here)
    if choices:
        rows.append(
            Menu(CustomId("item", what=kind, number=page), say("queue.pick"), choices)
        )
    rows += turns(
        words,
        _to(kind, page - 1) if page else None,
        _to(kind, page + 1) if len(items) > PER else None,
    )
    kinds = tuple((one, say(f"queue.{one}")) for one in KINDS)
    rows.append(Menu(CustomId("kinds"), say("queue.kinds"), kinds))
    first = page * PER + 1
    lines = tuple(f"{first + at}. {one.line}" for at, one in enumerate(here))
    parts = (prose((said,) if said else ()), Part(lines or (say("queue.empty"),)))
    return Shown.of(Draft(say(f"queue.{kind}"), parts, tuple(rows)))


def want_item(want: Want, words: Words) -> Item:
    """A want in the list of what is wanted most."""
    text = escape(shorten(want.best.text, _MAX_LINE))
    counts = _counts(want.asked, want.sent, want.last, words)
    near = ""
    if want.nearest:
        question = escape(shorten(want.nearest.entry.question, _MAX_LINE))
        near = f"\n-# {words.say('queue.near', question=question)}"
    return Item(str(want.best.id), f"**{text}**\n-# {counts}{near}", want.best.text)


def objection_item(one: Objection, question: str) -> Item:
    """A vote that an answer is wrong."""
    reason = escape(shorten(one.reason, _MAX_LINE))
    line = f"**{escape(shorten(question, _MAX_LINE))}** {ago(one.at)}\n{reason}"
    return Item(str(one.id), line, one.reason)


def report_item(one: Report, words: Words) -> Item:
    """A report of a message."""
    reason = shorten(one.reason, _MAX_LINE) or words.say("news.no-words")
    return Item(str(one.id), f"{escape(reason)} {ago(one.at)}", reason)


def draft_item(one: Kept, words: Words) -> Item:
    """A draft."""
    message = words.told(wish_of(one).message.partition("\n")[0])
    message = shorten(message, _MAX_LINE)
    name = escape(shorten(one.name or words.say("mod.somebody"), _MAX_LABEL))
    return Item(
        str(one.id),
        f"{one.id}: {escape(message)} - {name} {ago(one.changed)}",
        f"{one.id}: {message}",
    )


def want_mark(want: Want) -> str:
    """What tells whether a want is still what was shown: its wordings."""
    return mark_of(",".join(str(one.id) for one in by_id(want)))


def by_id(want: Want) -> list[Question]:
    """A want's wordings in the order of their ids."""
    return sorted(want.wordings, key=lambda one: one.id)


def want_shown(
    want: Want, near: Sequence[Link], words: Words, said: str = "", *, close: int = 0
) -> Shown:
    """A want with all its wordings, the entries it may mean, and what can be done.

    `close` is how many questions without an answer are nearest to the same entry.
    """
    say = words.say
    mark, number = want_mark(want), want.best.id

    def button(verb: str, what: str = "", subject: str = "") -> Button:
        key = f"button.{what or verb}"
        return Button(CustomId(verb, subject, mark, number, what=what), say(key))

    ways = tuple(
        f"- {escape(shorten(one.text, _MAX_LINE))} "
        f"({say('queue.times', count=one.asked + one.sent)})"
        for one in want.wordings
    )
    counts = _counts(want.asked, want.sent, want.last, words)
    parts = [
        prose((said,) if said else ()),
        Part((f"-# {counts} {say('queue.first', when=ago(want.first))}",)),
        Part(ways, left=more(words), most=_MOST_WORDINGS),
    ]
    first: list[Button] = []
    if want.nearest:
        question = escape(shorten(want.nearest.entry.question, _MAX_LINE))
        parts.append(Part((say("queue.near", question=question),)))
        first.append(button("way", subject=want.nearest.entry.entry))
    first += [button("answer"), button("settle", "not-ours"), button("settle", "spam")]
    rows: list[tuple[Button, ...] | Menu] = [tuple(first)]
    if choices := options(near):
        custom_id = CustomId("ways", mark=mark, number=number)
        rows.append(Menu(custom_id, say("queue.ways"), choices))
    last = (_back("questions", words),)
    if want.nearest and close > 1:
        last = (close_button(want.nearest.entry.entry, close, words), *last)
    rows.append(last)
    title = escape(shorten(want.best.text, _MAX_LINE)) or say("untitled")
    return Shown.of(Draft(title, tuple(parts), tuple(rows)))


def objection_shown(one: Objection, entry: Link, words: Words) -> Shown:
    """A vote that an answer is wrong, with why, and what can be done."""
    rows = (
        _on_entry(entry, words, several=False),
        (_done("wrong", one.id, words), _back("wrong", words)),
    )
    parts = (
        prose((one.reason,)),
        Part((f"-# {words.say('queue.voted', when=ago(one.at))}",)),
    )
    return Shown.of(Draft(escape(entry.question) or words.say("untitled"), parts, rows))


def report_shown(
    one: Report, entries: Sequence[Link], guild: int, words: Words
) -> Shown:
    """A report, what its message shows, a link to it if it is here, and what to do."""
    say, where = words.say, one.message
    link = say("news.elsewhere")
    if where.guild == guild:
        address = f"https://discord.com/channels/{guild}/{where.channel}/{where.id}"
        link = f"[{say('news.open')}]({address})"
    items = tuple(f"- {escape(shorten(one.question, _MAX_LINE))}" for one in entries)
    parts = (
        prose((one.reason or say("news.no-words"),)),
        Part(items, heading=say("news.answer")),
        Part((f"{link} {ago(one.at)}",)),
    )
    edits = tuple(
        _on_entry(entry, words, several=len(entries) > 1) for entry in entries
    )
    last = (_done("reports", one.id, words), _back("reports", words))
    return Shown.of(Draft(say("news.report"), parts, (*edits, last)))


def _on_entry(entry: Link, words: Words, *, several: bool) -> tuple[Button, ...]:
    """What can be done about an answer; its question is named where there are more."""
    name = f": {shorten(clean(entry.question), _MAX_LABEL)}" if several else ""
    say = words.say
    return (
        Button(CustomId("open", entry.entry, what="a-"), f"{say('button.edit')}{name}"),
        Button(CustomId("hide", entry.entry, what="answers"), say("button.hide")),
    )


def _done(kind: Kind, number: int, words: Words) -> Button:
    return Button(CustomId("done", what=kind, number=number), words.say("button.done"))


def _back(kind: Kind, words: Words) -> Button:
    return Button(_to(kind, 0), words.say("button.back"))


def _to(kind: Kind, page: int) -> CustomId:
    return CustomId("queue", what=kind, number=page)


def _counts(asked: int, sent: int, last: datetime, words: Words) -> str:
    key = "queue.counts.sent" if sent else "queue.counts"
    return words.say(key, asked=asked, sent=sent, when=ago(last))


def _label(text: str) -> str:
    return shorten(clean(text), MAX_CHOICE) or "-"
