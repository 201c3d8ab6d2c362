"""More ways of asking: cues, several lines in one form, and what tells two apart.

the weakest answers → cues → a form → what its lines would do → a draft
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.answering.outcome import Link
from bot.discord_bot.moderation import record_forms
from bot.discord_bot.moderation.review import draft_of, gone, present, telling
from bot.discord_bot.moderation.session import Session
from bot.discord_bot.moderation.ways_cards import (
    MOST_WEAK,
    cues_shown,
    doubts,
    lines_shown,
    weak_shown,
)
from bot.discord_bot.showing.custom_ids import CustomId
from bot.discord_bot.showing.escaping import clean, escape, shorten
from bot.discord_bot.showing.modals import MOST_WORDS, field, form
from bot.editing.editor import records_of
from bot.editing.edits import Append
from bot.editing.typed_records import fill, key_of, parts_of
from bot.evaluation.cues import cues
from bot.evaluation.self_test import SelfTest, pairs, weakest
from bot.evaluation.trials import Trial
from bot.moderating.new_ways import apart as telling_apart
from bot.moderating.new_ways import (
    nearest_ways,
    new_among,
    sides,
    tried,
    typed_lines,
)
from bot.moderating.wishes import Wish, wish_of
from bot.publishing.comparing import Told
from bot.records.values import Draft, Question

_MOST_ASKED: Final = 100  # questions that are sent and asked most; each is asked once
_MAX_TITLE: Final = 45
_LINES: Final = "_lines"


async def weak(session: Session, _custom_id: CustomId) -> None:
    """Show the weakest answers, below the figures, and what can be done about them.

    To find them may take a minute: Discord says meanwhile that the bot is at it.
    """
    await session.request.interaction.response.defer(ephemeral=True, thinking=True)
    found = await _self_test(session)
    answerer = session.request.app.unasked
    story = answerer.story
    told = [
        (one, cues(story.entries[one.entry], story, answerer))
        for one in weakest(story, found)[:MOST_WEAK]
    ]
    taken = [one for one in pairs(found) if one.other in story.entries][:MOST_WEAK]
    await session.show(weak_shown(found, told, taken, story, session.words))


async def _self_test(
    session: Session, tell: Told = lambda _asked, _of: None
) -> SelfTest:
    """What became of the story's own questions; asked once for a revision."""
    app, own = session.request.app, session.workshop.own_questions
    return await own.tested(app.unasked, app.today(), tell)


async def show(session: Session, custom_id: CustomId) -> None:
    """Show what no way of an entry touches, by a button or a menu that names it."""
    entry = _entry(session, custom_id.subject or session.request.chosen)
    if entry is None:
        await session.tell("gone")
        return
    await session.begin()
    app = session.request.app
    answerer = app.unasked
    story = answerer.story
    found = await app.aside.do(cues, story.entries[entry.entry], story, answerer)
    asked = await close_ones(session, entry.entry)
    await session.show(cues_shown(entry, found, asked, session.words))


async def write(session: Session, custom_id: CustomId) -> None:
    """Show the form for more ways of asking an entry, one a line."""
    entry = _entry(session, custom_id.subject)
    if entry is None:
        await session.tell("gone")
        return
    say = session.words.say
    label = field(say("form.write.label"), say("form.write.hint"), most=MOST_WORDS)
    title = say("form.write", question=entry.question)
    name = CustomId("write", entry.entry).id
    modal = form(name, shorten(clean(title), _MAX_TITLE), label)
    await session.request.interaction.response.send_modal(modal)


async def written(session: Session, custom_id: CustomId) -> None:
    """The lines of a form were sent: they are kept, then it is shown what they do."""
    await add_ways(session, custom_id.subject, typed_lines(session.request.typed))


async def close(session: Session, custom_id: CustomId) -> None:
    """Add all questions without an answer that are close to an entry."""
    await session.begin()
    asked = await close_ones(session, custom_id.subject)
    lines = typed_lines("\n".join(one.text for one in asked))
    if lines:
        await add_ways(session, custom_id.subject, lines)
    else:
        await session.tell("queue.gone")


async def add_ways(session: Session, entry: str, lines: Sequence[str]) -> None:
    """Keep as a draft that an entry has more ways of asking; show what each does.

    It is the entry's form, with lines more: so it can be written on.
    """
    await session.begin()
    found = records_of(await session.workshop.files(), "answers").get(entry)
    if found is None or not lines:
        await session.give_back({"lines": "\n".join(lines)}, session.words.say("gone"))
        return
    part = parts_of("answers", "also_asked")[0]
    key = key_of(part)
    trials = await _tried(session, entry, lines)
    text = "\n".join((fill([part], found.values)[key], *new_among(trials)))
    typed = {
        "_collection": "answers",
        "_id": entry,
        "_field": "also_asked",
        _LINES: "\n".join(lines),
        key: text.strip(),
    }
    if draft := await record_forms.kept(session, typed):
        await _show_lines(session, draft, trials)


async def apart(session: Session, custom_id: CustomId) -> None:
    """A line is to be told apart from what is nearer, by *not this*.

    On both sides, or the line's own alone: the choice says which.
    """
    draft = await _own(session, custom_id)
    if draft is None:
        return
    await session.begin()
    wish = wish_of(draft)
    entry = wish.typed.get("_id", "")
    trials = await _tried(session, entry, typed_lines(wish.typed.get(_LINES, "")))
    number, _, only = session.request.chosen.partition(" ")
    at = int(number) if number.isdecimal() and len(number) < 4 else len(trials)
    one = trials[at] if at < len(trials) else None
    edits = wish.edits
    if one:
        both = sides(one, entry, session.request.app.unasked.story)
        wanted = both[:1] if only else both
        edits += tuple(edit for edit in wanted if edit not in edits)
    done = await session.workshop.amend(draft, replace(wish, edits=edits))
    if done is None:
        await gone(session, await session.workshop.draft(draft.id))
        return
    said = session.words.say("lines.told-apart", line=escape(one.line)) if one else ""
    await _show_lines(session, done, trials, said)


async def pair(session: Session, _custom_id: CustomId) -> None:
    """Two entries that are taken for each other are to be told apart: a draft."""
    one, _, other = session.request.chosen.partition(" ")
    if not (_entry(session, one) and _entry(session, other)):
        await session.tell("gone")
        return
    found = await telling(session, lambda tell: _self_test(session, tell))
    app = session.request.app
    ways = await app.aside.do(nearest_ways, found, one, other, app.unasked, app.today())
    edits = telling_apart(app.unasked.story, ways)
    wish = Wish(f"answers: tell {one} and {other} apart", edits)
    await present(session, await session.workshop.begin(session.who, "edit", wish))


async def preview(session: Session, custom_id: CustomId) -> None:
    """Show what a draft would do, and which of its lines have nothing to do with it."""
    draft = await _own(session, custom_id)
    if draft is None:
        return
    await session.begin()
    wish = wish_of(draft)
    made = {str(one.item) for one in wish.edits if isinstance(one, Append)}
    lines = typed_lines(wish.typed.get(_LINES, ""))
    trials = await _tried(session, wish.typed.get("_id", ""), lines)
    await present(
        session,
        draft,
        doubts=doubts([one for one in trials if one.line in made], session.words),
    )


async def close_ones(session: Session, entry: str) -> list[Question]:
    """The questions without an answer to which an entry is nearest."""
    app = session.request.app
    every = await session.records.questions.all(app.options.story, _MOST_ASKED)
    return await app.aside.do(
        app.unanswered.close_to, entry, every, app.unasked, app.today()
    )


async def _own(session: Session, custom_id: CustomId) -> Draft | None:
    """Their open draft, as it was shown; None, and that is told, if it is not."""
    draft = await draft_of(session, custom_id)
    if draft and (draft.moderator != session.who.id or draft.state != "open"):
        await gone(session, draft)
        return None
    return draft


async def _tried(
    session: Session, entry: str, lines: Sequence[str]
) -> tuple[Trial, ...]:
    app = session.request.app
    return await app.aside.do(tried, entry, lines, app.unasked, app.today())


async def _show_lines(
    session: Session, draft: Draft, trials: Sequence[Trial], said: str = ""
) -> None:
    name = wish_of(draft).typed.get("_id", "")
    entry = _entry(session, name) or Link(name, name)
    await session.show(lines_shown(draft, entry, trials, session.words, said))


def _entry(session: Session, name: str) -> Link | None:
    """An entry that is served, by its id."""
    found = session.request.app.unasked.story.entries.get(name)
    return Link(name, found.question) if found else None
