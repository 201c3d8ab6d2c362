"""The queue: what people asked and found no answer to, what they object to, drafts.

What is shown is worked out anew at every click, so that what has an answer by now is
not there any more.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from bot.answering.outcome import Link
from bot.discord_bot.moderation import record_actions, record_forms
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
from bot.discord_bot.moderation.session import Session
from bot.discord_bot.moderation.ways import close_ones
from bot.discord_bot.showing.custom_ids import CustomId
from bot.discord_bot.showing.modals import field, form
from bot.editing.editor import name_now, records_of
from bot.editing.typed_records import fill, key_of, parts_of
from bot.moderating.unanswered import Want, near_ones
from bot.records.values import Question, QuestionState

MOST: Final = 500
"""Questions that the queue is made of: those that are sent and asked most."""

_MOST_LISTED: Final = 200
_MAX_REASON: Final = 100


async def show(session: Session, kind: str, page: int = 0, said: str = "") -> None:
    """Show a page of a list."""
    known = _KINDS.get(kind)
    if known is None:
        await session.tell("old-button")
        return
    await session.begin()
    items = await _LISTS[known](session, page)
    if page and not items:
        page, items = 0, await _LISTS[known](session, 0)
    await session.show(list_shown(known, page, items, session.words, said))


async def turned(session: Session, custom_id: CustomId) -> None:
    """A page is turned, or a list is gone back to."""
    await show(session, custom_id.what, custom_id.number)


async def chosen(session: Session, _custom_id: CustomId) -> None:
    """Another list was chosen."""
    await show(session, session.request.chosen)


async def opened(session: Session, custom_id: CustomId) -> None:
    """Something in a list was chosen."""
    value = session.request.chosen
    act = _OPENS.get(custom_id.what)
    if act is None or not value.isdecimal() or len(value) > len(str(2**63)):
        await session.tell("old-button")
        return
    await session.begin()
    await act(session, int(value))


async def way(session: Session, custom_id: CustomId) -> None:
    """A question is to be another way of asking the entry that a button names."""
    if want := await _want(session, custom_id):
        await add_way(session, custom_id.subject, want.best.text)


async def ways(session: Session, custom_id: CustomId) -> None:
    """A question is to be another way of asking the entry that was chosen."""
    if want := await _want(session, custom_id):
        await add_way(session, session.request.chosen, want.best.text)


async def add_way(session: Session, entry: str, text: str) -> None:
    """Keep as a draft that an entry has another way of asking, and show what it does.

    It is the entry's form, with a line more: so it can be written on.
    """
    await session.begin()
    files = await session.workshop.files()
    entry = name_now(files, "answers", entry)
    found = records_of(files, "answers").get(entry)
    if found is None:
        await session.tell("gone")
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
    await record_forms.keep(session, typed)


async def answer(session: Session, custom_id: CustomId) -> None:
    """Show the form of a new answer, filled with a question."""
    number = custom_id.number
    question = await session.records.questions.get(number)
    if question is None:
        await session.tell("queue.gone")
        return
    await record_forms.open_new(session, "answers", question=question.text)


async def settle(session: Session, custom_id: CustomId) -> None:
    """Settle all wordings of a want: it is not asked of this story, or spam."""
    how = _SETTLED.get(custom_id.what)
    if how is None:
        await session.tell("old-button")
        return
    want = await _want(session, custom_id)
    if want is None:
        return
    numbers = [one.id for one in want.wordings]
    await session.records.questions.settle(numbers, how)
    # People's words are not kept for as long as actions are.
    listed = ", ".join(map(str, sorted(numbers)))
    await session.workshop.note(session.who, how, f"questions {listed}")
    await show(session, "questions", said=session.words.say("queue.settled"))


async def done(session: Session, custom_id: CustomId) -> None:
    """An objection or a report was dealt with."""
    records = session.records
    if custom_id.what == "wrong":
        was_there = await records.votes.settle(custom_id.number)
    elif custom_id.what == "reports":
        was_there = await records.reports.close(custom_id.number)
    else:
        await session.tell("old-button")
        return
    if was_there:
        what = f"{custom_id.what} {custom_id.number}"
        await session.workshop.note(session.who, "settle", what)
    said = session.words.say("queue.settled" if was_there else "queue.gone")
    await show(session, custom_id.what, said=said)


async def hide_form(session: Session, custom_id: CustomId) -> None:
    """Ask why an answer is to be taken off."""
    words = session.words
    name = CustomId("hide", custom_id.subject, what=custom_id.what).id
    label = field(
        words.say("form.hide.label"), words.say("form.hide.hint"), most=_MAX_REASON
    )
    modal = form(name, words.say("form.hide"), label)
    await session.request.interaction.response.send_modal(modal)


async def hidden(session: Session, custom_id: CustomId) -> None:
    """Take an answer off, for the reason that was written."""
    what = f"{custom_id.what}/{custom_id.subject}"
    await record_actions.hide(session, what, " ".join(session.request.typed.split()))


async def _want(session: Session, custom_id: CustomId) -> Want | None:
    """What a button was made for; None, and that is shown, if it is another now."""
    await session.begin()
    want = await _find(session, custom_id.number)
    if want and want_mark(want) == custom_id.mark:
        return want
    await _open_want(session, custom_id.number, changed=True)
    return None


async def _find(session: Session, number: int) -> Want | None:
    app = session.request.app
    every = await _open_questions(session)
    find = app.unanswered.want_of
    return await app.aside.do(find, number, every, app.unasked, app.today())


async def _open_questions(session: Session) -> Sequence[Question]:
    """The questions that had no answer when they were asked, sent and asked most."""
    story = session.request.app.options.story
    return await session.records.questions.all(story, MOST)


async def wanted(session: Session, limit: int) -> tuple[Want, ...]:
    """What is wanted most, and has no answer yet."""
    app = session.request.app
    every = await _open_questions(session)
    return await app.aside.do(
        app.unanswered.wants, every, app.unasked, app.today(), limit
    )


async def _questions(session: Session, page: int) -> list[Item]:
    found = await wanted(session, (page + 1) * PER + 1)
    return [want_item(one, session.words) for one in found[page * PER :]]


async def _objections(session: Session, page: int) -> list[Item]:
    story = session.request.app.options.story
    every = await session.records.votes.objections(story, _MOST_LISTED)
    return [
        objection_item(one, _entry(session, one.answer.entry).question)
        for one in every[page * PER : (page + 1) * PER + 1]
    ]


async def _reports(session: Session, page: int) -> list[Item]:
    story = session.request.app.options.story
    every = await session.records.reports.open(story, _MOST_LISTED)
    here = every[page * PER : (page + 1) * PER + 1]
    return [report_item(one, session.words) for one in here]


async def _proposed(session: Session, page: int) -> list[Item]:
    every = await session.records.drafts.proposed(session.workshop.story, _MOST_LISTED)
    here = every[page * PER : (page + 1) * PER + 1]
    return [draft_item(one, session.words) for one in here]


async def _mine(session: Session, page: int) -> list[Item]:
    story, who = session.workshop.story, session.who.id
    every = await session.records.drafts.open_of(story, who, _MOST_LISTED)
    here = every[page * PER : (page + 1) * PER + 1]
    return [draft_item(one, session.words) for one in here]


async def _open_want(session: Session, number: int, *, changed: bool = False) -> None:
    want = await _find(session, number)
    say = session.words.say
    if want is None:
        await show(session, "questions", said=say("queue.gone"))
        return
    app = session.request.app
    near = await app.aside.do(near_ones, want.best.text, app.unasked, app.today())
    said = say("draft.changed") if changed else ""
    close = (
        len(await close_ones(session, want.nearest.entry.entry)) if want.nearest else 0
    )
    await session.show(want_shown(want, near, session.words, said, close=close))


async def _open_objection(session: Session, number: int) -> None:
    story = session.request.app.options.story
    found = await session.records.votes.objections(story, 1, number + 1)
    if not found or found[0].id != number:
        await show(session, "wrong", said=session.words.say("queue.gone"))
        return
    entry = _entry(session, found[0].answer.entry)
    await session.show(objection_shown(found[0], entry, session.words))


async def _open_report(session: Session, number: int) -> None:
    app = session.request.app
    found = await session.records.reports.open(app.options.story, 1, number + 1)
    if not found or found[0].id != number:
        await show(session, "reports", said=session.words.say("queue.gone"))
        return
    names = await app.shown_in(found[0].message.id)
    entries = [_entry(session, one) for one in dict.fromkeys(names)][:_MOST_ENTRIES]
    shown = report_shown(found[0], entries, session.who.guild, session.words)
    await session.show(shown)


async def _open_draft(session: Session, number: int) -> None:
    draft = await session.workshop.draft(number)
    is_theirs = draft is not None and draft.moderator == session.who.id
    if draft and (draft.state == "proposed" or (draft.state == "open" and is_theirs)):
        await present(session, draft)
    else:
        await gone(session, draft)


def _entry(session: Session, name: str) -> Link:
    """An entry as it is called now; by its id where it is gone, or hidden."""
    entry = session.request.app.answerer.story.entry(name)
    return Link(entry.id, entry.question) if entry else Link(name, name)


_MOST_ENTRIES: Final = 3
_KINDS: Final[Mapping[str, Kind]] = {one: one for one in KINDS}
_SETTLED: Final[Mapping[str, QuestionState]] = {"not-ours": "not-ours", "spam": "spam"}
_LISTS: Final[dict[Kind, Callable[[Session, int], Awaitable[list[Item]]]]] = {
    "questions": _questions,
    "wrong": _objections,
    "reports": _reports,
    "proposed": _proposed,
    "mine": _mine,
}
_OPENS: Final[dict[str, Callable[[Session, int], Awaitable[None]]]] = {
    "questions": _open_want,
    "wrong": _open_objection,
    "reports": _open_report,
    "proposed": _open_draft,
    "mine": _open_draft,
}
