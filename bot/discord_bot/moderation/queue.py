"""The queue: what people asked and found no answer to, what they object to, drafts.

What is shown is worked out anew at every click, so that what has an answer by now is
not there any more.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.answering.outcome import Link
from bot.discord_bot.moderation import record_actions, record_forms
from bot.discord_bot.moderation.doors import Hatch
from bot.discord_bot.moderation.queue_cards import (
    KINDS,
    PER,
    Item,
    Kind,
    draft_item,
    list_shown,
    objection_item,
    objection_shown,
    report_item,
    report_shown,
    want_item,
    want_mark,
    want_shown,
)
from bot.discord_bot.moderation.review import gone, present
from bot.discord_bot.moderation.session import Bench
from bot.discord_bot.showing.messages import field, form
from bot.editing.typed_records import fill, key_of, parts_of, records_of
from bot.moderating.unanswered import Want, near_ones, want_of, wants
from bot.records.values import Action, Question, QuestionState, RecordsError

MOST: Final = 500
"""Questions that the queue is made of: those that are sent and asked most."""

_MOST_LISTED: Final = 200
_MAX_REASON: Final = 100
_log = logging.getLogger(__name__)


async def show(bench: Bench, kind: str, page: int = 0, said: str = "") -> None:
    """Show a page of a list."""
    known = _KINDS.get(kind)
    if known is None:
        await bench.tell("old-button")
        return
    await bench.begin()
    items = await _LISTS[known](bench, page)
    if page and not items:
        page, items = 0, await _LISTS[known](bench, 0)
    await bench.show(list_shown(known, page, items, bench.words, said))


async def turned(bench: Bench, hatch: Hatch) -> None:
    """A page is turned, or a list is gone back to."""
    await show(bench, hatch.what, hatch.number)


async def chosen(bench: Bench, _hatch: Hatch) -> None:
    """Another list was chosen."""
    await show(bench, bench.visit.chosen)


async def opened(bench: Bench, hatch: Hatch) -> None:
    """Something in a list was chosen."""
    value = bench.visit.chosen
    act = _OPENS.get(hatch.what)
    if act is None or not value.isdecimal() or len(value) > len(str(2**63)):
        await bench.tell("old-button")
        return
    await bench.begin()
    await act(bench, int(value))


async def way(bench: Bench, hatch: Hatch) -> None:
    """A question is to be another way of asking the entry that a button names."""
    if want := await _want(bench, hatch):
        await add_way(bench, hatch.subject, want.best.text)


async def ways(bench: Bench, hatch: Hatch) -> None:
    """A question is to be another way of asking the entry that was chosen."""
    if want := await _want(bench, hatch):
        await add_way(bench, bench.visit.chosen, want.best.text)


async def add_way(bench: Bench, entry: str, text: str) -> None:
    """Keep as a draft that an entry has another way of asking, and show what it does.

    It is the entry's form, with a line more: so it can be written on.
    """
    await bench.begin()
    found = records_of(await bench.workshop.files(), "answers").get(entry)
    if found is None:
        await bench.tell("gone")
        return
    part = parts_of("answers", "also_asked")[0]
    key = key_of(part)
    known = fill([part], found.values)[key]
    line = " ".join(text.split())
    typed = {
        "_collection": "answers",
        "_id": entry,
        "_field": "also_asked",
        key: f"{known}\n{line}".strip(),
    }
    await record_forms.keep(bench, typed)


async def answer(bench: Bench, hatch: Hatch) -> None:
    """Show the form of a new answer, filled with a question."""
    number = hatch.number
    question = await bench.records.questions.get(number)
    if question is None:
        await bench.tell("queue.gone")
        return
    await record_forms.open_new(bench, "answers", question=question.text)


async def settle(bench: Bench, hatch: Hatch) -> None:
    """Settle all wordings of a want: it is not asked of this story, or spam."""
    how = _SETTLED.get(hatch.what)
    if how is None:
        await bench.tell("old-button")
        return
    want = await _want(bench, hatch)
    if want is None:
        return
    numbers = [one.id for one in want.wordings]
    await bench.records.questions.settle(numbers, how)
    # People's words are not kept for as long as actions are.
    listed = ", ".join(map(str, sorted(numbers)))
    await _note(bench, how, f"questions {listed}")
    await show(bench, "questions", said=bench.words.say("queue.settled"))


async def done(bench: Bench, hatch: Hatch) -> None:
    """An objection or a report was dealt with."""
    records = bench.records
    if hatch.what == "wrong":
        was_there = await records.votes.settle(hatch.number)
    elif hatch.what == "reports":
        was_there = await records.reports.close(hatch.number)
    else:
        await bench.tell("old-button")
        return
    if was_there:
        await _note(bench, "settle", f"{hatch.what} {hatch.number}")
    said = bench.words.say("queue.settled" if was_there else "queue.gone")
    await show(bench, hatch.what, said=said)


async def hide_form(bench: Bench, hatch: Hatch) -> None:
    """Ask why an answer is to be taken off."""
    words = bench.words
    name = Hatch("hide", hatch.what, hatch.subject).id
    label = field(
        words.say("form.hide.label"), words.say("form.hide.hint"), most=_MAX_REASON
    )
    modal = form(name, words.say("form.hide"), label)
    await bench.visit.interaction.response.send_modal(modal)


async def hidden(bench: Bench, hatch: Hatch) -> None:
    """Take an answer off, for the reason that was written."""
    what = f"{hatch.what}/{hatch.subject}"
    await record_actions.hide(bench, what, " ".join(bench.visit.typed.split()))


async def _want(bench: Bench, hatch: Hatch) -> Want | None:
    """What a button was made for; None, and that is shown, if it is another now."""
    await bench.begin()
    want = await _find(bench, hatch.number)
    if want and want_mark(want) == hatch.mark:
        return want
    await _open_want(bench, hatch.number, changed=True)
    return None


async def _find(bench: Bench, number: int) -> Want | None:
    desk = bench.visit.desk
    questions = await _open_questions(bench)
    return await asyncio.to_thread(
        want_of, number, questions, desk.unasked, desk.today()
    )


async def _open_questions(bench: Bench) -> list[Question]:
    """The questions that still have no answer, sent and asked most first."""
    desk = bench.visit.desk
    every = await bench.records.questions.all(desk.options.story, MOST)
    return await asyncio.to_thread(
        desk.unanswered.among, every, desk.unasked, desk.today()
    )


async def wanted(bench: Bench, limit: int) -> tuple[Want, ...]:
    """What is wanted most, and has no answer yet."""
    desk = bench.visit.desk
    questions = await _open_questions(bench)
    return await asyncio.to_thread(wants, questions, desk.unasked, desk.today(), limit)


async def _questions(bench: Bench, page: int) -> list[Item]:
    found = await wanted(bench, (page + 1) * PER + 1)
    return [want_item(one, bench.words) for one in found[page * PER :]]


async def _objections(bench: Bench, page: int) -> list[Item]:
    story = bench.visit.desk.options.story
    every = await bench.records.votes.objections(story, _MOST_LISTED)
    return [
        objection_item(one, _entry(bench, one.answer.entry).question)
        for one in every[page * PER : (page + 1) * PER + 1]
    ]


async def _reports(bench: Bench, page: int) -> list[Item]:
    story = bench.visit.desk.options.story
    every = await bench.records.reports.open(story, _MOST_LISTED)
    here = every[page * PER : (page + 1) * PER + 1]
    return [report_item(one, bench.words) for one in here]


async def _proposed(bench: Bench, page: int) -> list[Item]:
    every = await bench.records.drafts.proposed(bench.workshop.story, _MOST_LISTED)
    here = every[page * PER : (page + 1) * PER + 1]
    return [draft_item(one, bench.words) for one in here]


async def _mine(bench: Bench, page: int) -> list[Item]:
    story, who = bench.workshop.story, bench.who.id
    every = await bench.records.drafts.open_of(story, who, _MOST_LISTED)
    here = every[page * PER : (page + 1) * PER + 1]
    return [draft_item(one, bench.words) for one in here]


async def _open_want(bench: Bench, number: int, *, changed: bool = False) -> None:
    want = await _find(bench, number)
    say = bench.words.say
    if want is None:
        await show(bench, "questions", said=say("queue.gone"))
        return
    desk = bench.visit.desk
    near = await asyncio.to_thread(
        near_ones, want.best.text, desk.unasked, desk.today()
    )
    said = say("draft.changed") if changed else ""
    await bench.show(want_shown(want, near, bench.words, said))


async def _open_objection(bench: Bench, number: int) -> None:
    story = bench.visit.desk.options.story
    found = await bench.records.votes.objections(story, 1, number + 1)
    if not found or found[0].id != number:
        await show(bench, "wrong", said=bench.words.say("queue.gone"))
        return
    entry = _entry(bench, found[0].answer.entry)
    await bench.show(objection_shown(found[0], entry, bench.words))


async def _open_report(bench: Bench, number: int) -> None:
    desk = bench.visit.desk
    found = await bench.records.reports.open(desk.options.story, 1, number + 1)
    if not found or found[0].id != number:
        await show(bench, "reports", said=bench.words.say("queue.gone"))
        return
    names = await desk.shown_in(found[0].message.id)
    entries = [_entry(bench, one) for one in dict.fromkeys(names)][:_MOST_ENTRIES]
    shown = report_shown(found[0], entries, bench.who.guild, bench.words)
    await bench.show(shown)


async def _open_draft(bench: Bench, number: int) -> None:
    draft = await bench.workshop.draft(number)
    is_theirs = draft is not None and draft.moderator == bench.who.id
    if draft and (draft.state == "proposed" or (draft.state == "open" and is_theirs)):
        await present(bench, draft)
    else:
        await gone(bench, draft)


def _entry(bench: Bench, name: str) -> Link:
    """An entry as it is called now; by its id where it is gone, or hidden."""
    entry = bench.visit.desk.answerer.story.entries.get(name)
    return Link(name, entry.question if entry else name)


async def _note(bench: Bench, action: str, subject: str) -> None:
    """Keep in the audit trail what was done; what is done stays done without."""
    who = bench.who
    now = bench.visit.desk.now()
    row = Action(now, who.id, who.name, who.guild, action, subject, {})
    try:
        await bench.records.actions.note(row)
    except RecordsError as error:
        _log.error("the audit trail lacks an action: %s", error)


_MOST_ENTRIES: Final = 3
_KINDS: Final[Mapping[str, Kind]] = {one: one for one in KINDS}
_SETTLED: Final[Mapping[str, QuestionState]] = {"not-ours": "not-ours", "spam": "spam"}
_LISTS: Final[dict[Kind, Callable[[Bench, int], Awaitable[list[Item]]]]] = {
    "questions": _questions,
    "wrong": _objections,
    "reports": _reports,
    "proposed": _proposed,
    "mine": _mine,
}
_OPENS: Final[dict[str, Callable[[Bench, int], Awaitable[None]]]] = {
    "questions": _open_want,
    "wrong": _open_objection,
    "reports": _open_report,
    "proposed": _open_draft,
    "mine": _open_draft,
}
