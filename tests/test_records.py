"""What the records keep and give back, the same in SQLite and PostgreSQL."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.records.actions import MAX_DETAILS, MAX_NAME, MAX_SUBJECT
from bot.records.drafts import MAX_CONTENT
from bot.records.questions import MAX_QUESTION
from bot.records.records import Records
from bot.records.values import (
    Action,
    Answered,
    ChannelSettings,
    Day,
    Draft,
    Message,
    Objection,
    Question,
    QuestionState,
    RecordsError,
    Report,
    Shown,
    Tally,
    Typed,
    Waiting,
)
from bot.records.votes import MAX_REASON

NOW = datetime(2026, 11, 23, 20, 30, 15, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
ANN, BEN = 123456789012345678, 876543210987654321
BELL = Answered("bell", "who-rang", "5f3a")
CARD = Message(10**18 + 1, 10**18 + 2, 10**18 + 3)
HOSTILE = [
    *("\0", "a\0b", "\ud800", "a\udfffb", "\x1b[31m", "\u202ea", "\ufdfa" * 9000),
    *("x" * 2_000_000, "'; DROP TABLE votes; --", "%s %(a)s :a ? $1 {0}", "🔔" * 9000),
]


def hostile(text: str) -> str:
    """A short name of a hostile text."""
    return f"{text[:8]!a} x {len(text)}"


async def test_a_vote_counts_and_can_be_changed(records: Records) -> None:
    """A person has one vote on an entry: the last counts, whatever the revision."""
    await records.votes.cast(BELL, ANN, "helpful", NOW)
    await records.votes.cast(BELL, BEN, "helpful", NOW)
    assert await records.votes.tallies("bell") == {"who-rang": Tally(2, 0)}
    newer = Answered("bell", "who-rang", "99")
    await records.votes.cast(newer, ANN, "wrong", NOW + MINUTE, "it was the wind")
    assert await records.votes.tallies("bell") == {"who-rang": Tally(1, 1)}
    (objection,) = await records.votes.objections("bell")
    reason = "it was the wind"
    assert objection == Objection(objection.id, newer, reason, NOW + MINUTE)


async def test_votes_are_a_story_s_own(records: Records) -> None:
    """Entries of the same id in two stories have their own votes."""
    await records.votes.cast(BELL, ANN, "helpful", NOW)
    other = Answered("tower", "who-rang", "1")
    await records.votes.cast(other, ANN, "wrong", NOW)
    assert await records.votes.tallies("bell") == {"who-rang": Tally(1, 0)}
    assert await records.votes.tallies("tower") == {"who-rang": Tally(0, 1)}
    assert await records.votes.tallies("none") == {}


async def test_objections_are_latest_first(records: Records) -> None:
    """The latest reasons come first, in pages, redacted."""
    for number in range(4):
        reason = f"ask <@{ANN}>: {'abcd'[number]}"
        at = NOW + number * MINUTE
        await records.votes.cast(BELL, number, "wrong", at, reason)
    page = await records.votes.objections("bell", 3)
    rest = await records.votes.objections("bell", 3, page[-1].id)
    reasons = [one.reason for one in (*page, *rest)]
    assert reasons == [f"ask [mention]: {letter}" for letter in "dcba"]


async def test_an_objection_is_settled_until_it_changes(records: Records) -> None:
    """A settled objection is gone, not its vote; a new reason is a new objection."""
    await records.votes.cast(BELL, ANN, "wrong", NOW, "no")
    (first,) = await records.votes.objections("bell")
    assert await records.votes.settle(first.id)
    assert not await records.votes.settle(first.id)
    assert await records.votes.objections("bell") == ()
    assert await records.votes.tallies("bell") == {"who-rang": Tally(0, 1)}
    await records.votes.cast(BELL, ANN, "wrong", NOW, "still no")
    (second,) = await records.votes.objections("bell")
    assert second.id > first.id
    assert second.reason == "still no"
    await records.votes.cast(BELL, ANN, "helpful", NOW, "yes")
    assert await records.votes.objections("bell") == ()


async def test_a_report_is_kept_until_it_is_closed(records: Records) -> None:
    """A person's last report of a message is kept, redacted, until it is closed."""
    await records.reports.add(CARD, ANN, "rude", NOW)
    await records.reports.add(CARD, ANN, "rude, mail a@b.example", NOW + MINUTE)
    direct = Message(None, 5, 6)
    await records.reports.add(direct, ANN, "", NOW + 2 * MINUTE)
    second, first = await records.reports.open("bell")
    assert first == Report(first.id, CARD, "rude, mail [e-mail]", NOW + MINUTE)
    assert second == Report(second.id, direct, "", NOW + 2 * MINUTE)
    assert await records.reports.close(second.id)
    assert not await records.reports.close(second.id)
    assert await records.reports.open("bell") == (first,)
    await records.reports.add(direct, BEN, "", NOW)
    assert second.id not in {one.id for one in await records.reports.open("bell")}


async def test_reports_come_in_pages_a_story_s_own(records: Records) -> None:
    """Reports come latest first, but for those of messages of other stories alone."""
    both, other = Message(1, 2, 3), Message(1, 2, 4)
    tower = Answered("tower", "who-rang", "1")
    await records.shown.note(Shown(both, BELL, (), NOW), None)
    for message in (both, other):
        await records.shown.note(Shown(message, tower, (), NOW), None)
    for message in (CARD, both, other):
        await records.reports.add(message, ANN, "", NOW)
    page = await records.reports.open("bell", 1)
    rest = await records.reports.open("bell", 9, page[-1].id)
    assert [one.message for one in (*page, *rest)] == [both, CARD]
    of_tower = [one.message for one in await records.reports.open("tower")]
    assert of_tower == [other, both, CARD]


async def test_questions_are_counted(records: Records) -> None:
    """Ways of typing one question count together, asking and sending apart."""
    number = await records.questions.note("bell", f"Who  rang <@{ANN}>?", NOW)
    again = "who rang <@1>"
    assert await records.questions.note("bell", again, NOW + MINUTE) == number
    later = NOW + 2 * MINUTE
    assert await records.questions.note("bell", again, later, sent=True) == number
    assert number is not None
    question = Question(number, "bell", "Who rang [mention]?", 2, 1, NOW, later)
    assert await records.questions.all("bell") == (question,)
    assert await records.questions.all("tower") == ()


async def test_questions_that_moderators_should_see_come_first(
    records: Records,
) -> None:
    """What was sent comes first, then what was asked most, then the latest."""
    for minute, text in enumerate(["once", "twice", "sent", "twice", "late"]):
        at = NOW + minute * MINUTE
        await records.questions.note("bell", text, at, sent=text == "sent")
    texts = [one.text for one in await records.questions.all("bell")]
    assert texts == ["sent", "twice", "late", "once"]
    assert len(await records.questions.all("bell", 2)) == 2


@pytest.mark.parametrize("how", ["not-ours", "spam"])
async def test_a_settled_question_does_not_come_back(
    records: Records, how: QuestionState
) -> None:
    """Settled questions are not listed, however often they are typed, until opened."""
    ids = [await note(records, text) for text in ("why?", "who?", "when?")]
    assert await records.questions.settle(ids[:2], how) == 2
    await records.questions.note("bell", "Who", NOW + MINUTE, sent=True)
    assert [one.text for one in await records.questions.all("bell")] == ["when?"]
    settled = await records.questions.get(ids[1])
    assert settled == Question(ids[1], "bell", "who?", 1, 1, NOW, NOW)
    assert await records.questions.settle([*ids, 99], "open") == 3
    assert len(await records.questions.all("bell")) == 3
    assert await records.questions.settle([], how) == 0


async def note(records: Records, text: str) -> int:
    """Note a question, and give its id."""
    number = await records.questions.note("bell", text, NOW)
    assert number is not None
    return number


async def test_all_who_wait_are_known(records: Records) -> None:
    """Who waits is known for all of a story's questions at once, settled ones too."""
    why, who, _ = [await note(records, text) for text in ("why?", "who?", "when?")]
    first, second = (Waiting(why, one, None, None, NOW) for one in (ANN, BEN))
    third = Waiting(who, ANN, 7, 8, NOW)
    for one in (second, first, third):
        await records.questions.wait(one)
    await records.questions.settle([who], "not-ours")
    found = await records.questions.waiting_all("bell")
    assert {question.text: who for question, who in found.items()} == {
        "why?": (first, second),
        "who?": (third,),
    }
    assert await records.questions.waiting_all("tower") == {}


@pytest.mark.parametrize("text", ["", "  ", "?!", "\0", "\ud800", "🔔"])
async def test_what_asks_nothing_is_not_kept(records: Records, text: str) -> None:
    """A question without a word is not kept."""
    assert await records.questions.note("bell", text, NOW) is None
    assert await records.questions.all("bell") == ()


async def test_a_deleted_question_is_gone_with_who_waits(records: Records) -> None:
    """A deleted question is gone, as is who waits for it, and its id is not reused."""
    number = await records.questions.note("bell", "why?", NOW)
    assert number is not None
    assert await records.questions.wait(Waiting(number, ANN, None, None, NOW))
    assert await records.questions.delete(number)
    assert not await records.questions.delete(number)
    assert await records.questions.waiting(number) == ()
    assert not await records.questions.wait(Waiting(number, ANN, None, None, NOW))
    assert await records.questions.note("bell", "why?", NOW) != number


async def test_who_waits_is_known_until_told(records: Records) -> None:
    """Who waits for a question is known with where, once each, until told."""
    number = await records.questions.note("bell", "why?", NOW)
    assert number is not None
    first = Waiting(number, ANN, None, None, NOW)
    await records.questions.wait(first)
    ben = Waiting(number, BEN, 7, 8, NOW + MINUTE)
    await records.questions.wait(ben)
    assert await records.questions.waiting(number) == (first, ben)
    moved = Waiting(number, ANN, 7, 9, NOW + 2 * MINUTE)
    await records.questions.wait(moved)
    assert await records.questions.waiting(number) == (ben, moved)
    assert await records.questions.told(number, BEN)
    assert not await records.questions.told(number, BEN)
    assert await records.questions.waiting(number) == (moved,)


async def test_what_a_message_shows_is_known(records: Records) -> None:
    """A message's answers are known, in their places."""
    who = Shown(CARD, BELL, ("b-fact", "a-fact"), NOW)
    answer = Answered("bell", "when", "5f3a")
    when = Shown(CARD, answer, ("a-fact",), NOW, 1, closest=True, begins="lead 1 a")
    bare = Shown(Message(None, 5, 6), BELL, (), NOW)
    for one in (when, who, bare):
        await records.shown.note(one, ANN)
    assert await records.shown.by(CARD.id) == (who, when)
    assert await records.shown.by(bare.message.id) == (bare,)
    assert await records.shown.by(1) == ()


async def test_a_corrected_message_shows_the_new(records: Records) -> None:
    """What a message shows of an entry takes the place of what it showed before."""
    await records.shown.note(Shown(CARD, BELL, ("a", "b", "c"), NOW), ANN)
    answer = Answered("bell", "who-rang", "new")
    corrected = Shown(CARD, answer, ("d",), NOW + MINUTE)
    await records.shown.note(corrected, ANN)
    assert await records.shown.by(CARD.id) == (corrected,)


async def test_only_the_asker_is_the_asker(records: Records) -> None:
    """Who asked for a message's answers is known again, and nobody else is taken so."""
    await records.shown.note(Shown(CARD, BELL, (), NOW), ANN)
    nobody_s, zero_s = Message(1, 2, 3), Message(1, 2, 4)
    await records.shown.note(Shown(nobody_s, BELL, (), NOW), None)
    await records.shown.note(Shown(zero_s, BELL, (), NOW), 0)
    for person, shown in ((BEN, 0), (ANN, 1), (0, 1), (0, 0)):
        assert (await records.delete_person(person)).shown == shown


async def test_a_deleted_message_is_forgotten(records: Records) -> None:
    """What a deleted message showed is forgotten, with its facts."""
    await records.shown.note(Shown(CARD, BELL, ("a",), NOW), ANN)
    assert await records.shown.forget(CARD.id)
    assert not await records.shown.forget(CARD.id)
    assert await records.shown.by(CARD.id) == ()


async def test_settings_are_kept(records: Records) -> None:
    """A channel's settings are the last that were set, else defaults."""
    settings = records.settings
    assert await settings.of_channel(1, 2) == ChannelSettings()
    await settings.set_channel(1, 2, ChannelSettings(answers_unasked=True, cooldown=5))
    await settings.set_channel(1, 2, ChannelSettings(answers_unasked=True))
    assert await settings.of_channel(1, 2) == ChannelSettings(answers_unasked=True)
    assert await settings.of_channel(2, 2) == ChannelSettings()


async def test_actions_are_kept_in_order(records: Records) -> None:
    """What moderators did comes latest first, a guild's own, in pages, whole."""
    details = {"old": None, "new": ["a\0\ud800", 1.5, True, {"deep": "é"}]}
    for number in range(5):
        await records.actions.note(
            Action(NOW, ANN, "ann", 1, "edit", f"entry {number}", details)
        )
    await records.actions.note(Action(NOW, BEN, "ben", 2, "edit", "other", {}))
    page = await records.actions.of_guild(1, 3)
    last = page[-1].id
    assert last is not None
    rest = await records.actions.of_guild(1, 3, last)
    assert [one.subject[-1] for one in (*page, *rest)] == list("43210")
    assert page[0] == Action(NOW, ANN, "ann", 1, "edit", "entry 4", details, page[0].id)


async def test_what_was_typed_is_kept(records: Records) -> None:
    """A draft comes back whole, whatever was typed, and is nobody else's."""
    content = {"text": "a\0\ud800 <@1> 🔔", "list": [1.5, None, {"deep": True}]}
    typed = Typed("bell", 1, ANN, "ann\0", "edit", content, {"old": "é"})
    draft = await records.drafts.add(typed, NOW)
    assert draft == Draft(
        *("bell", 1, ANN, "ann", "edit", content, {"old": "é"}),
        *(draft.id, "open", NOW, NOW, None),
    )
    assert await records.drafts.get(draft.id) == draft
    assert await records.drafts.get(draft.id + 1) is None
    assert await records.drafts.open_of("bell", ANN) == (draft,)
    assert await records.drafts.open_of("bell", BEN) == ()
    assert await records.drafts.open_of("tower", ANN) == ()
    assert await records.drafts.proposed("bell") == ()


async def test_drafts_come_last_changed_first(records: Records) -> None:
    """Open and proposed drafts come last changed first, at most as many as wanted."""
    one, two, three = [
        await records.drafts.add(typed(number), NOW) for number in range(3)
    ]
    changed = await records.drafts.change(two, NOW + MINUTE, content={"a": 1})
    assert await records.drafts.open_of("bell", ANN) == (changed, three, one)
    assert await records.drafts.open_of("bell", ANN, 1) == (changed,)
    for draft in (three, one):
        assert await records.drafts.change(draft, NOW + MINUTE, state="proposed")
    found = await records.drafts.proposed("bell")
    assert [draft.id for draft in found] == [three.id, one.id]
    assert await records.drafts.open_of("bell", ANN) == (changed,)


def typed(number: int = 0) -> Typed:
    """Something that was typed."""
    return Typed("bell", 1, ANN, "ann", "edit", {"number": number}, {})


async def test_a_draft_changes_only_as_it_was_seen(records: Records) -> None:
    """Whoever saw a draft before its last change cannot change it, at any clock."""
    seen = await records.drafts.add(typed(), NOW)
    for at in (NOW, NOW - MINUTE, NOW + MINUTE):
        changed = await records.drafts.change(seen, at, content={"at": str(at)})
        assert changed is not None
        assert changed.changed > seen.changed
        assert changed.content == {"at": str(at)}
        assert await records.drafts.change(seen, at, state="applied") is None
        seen = changed
    applied = await records.drafts.change(seen, NOW, state="applied", decided_by=BEN)
    assert applied is not None
    assert (applied.state, applied.decided_by) == ("applied", BEN)
    assert applied.content == seen.content
    stale = replace(applied, state="proposed")
    assert await records.drafts.change(stale, NOW, state="refused") is None
    assert await records.drafts.get(seen.id) == applied


async def test_of_many_who_decide_one_does(records: Records) -> None:
    """Of all who decide on a draft at once, one is heard."""
    seen = await records.drafts.add(typed(), NOW)
    decided = await asyncio.gather(
        *(
            records.drafts.change(seen, NOW, state="applied", decided_by=one)
            for one in range(1, 9)
        )
    )
    assert len([one for one in decided if one is not None]) == 1


async def test_what_cannot_be_a_draft_is_refused(records: Records) -> None:
    """A draft that is no JSON, or too long, is refused, and nothing is changed."""
    draft = await records.drafts.add(typed(), NOW)
    for bad in ({"a": float("nan")}, {"a": "x" * MAX_CONTENT}):
        with pytest.raises(RecordsError, match="draft's content"):
            await records.drafts.add(replace(typed(), content=bad), NOW)
        with pytest.raises(RecordsError, match="draft's content"):
            await records.drafts.add(replace(typed(), base=bad), NOW)
        with pytest.raises(RecordsError, match="draft's content"):
            await records.drafts.change(draft, NOW, content=bad)
    for text in ("", "\0", "a\nb"):
        with pytest.raises(RecordsError, match="is no id"):
            await records.drafts.add(replace(typed(), kind=text), NOW)
    assert await records.drafts.open_of("bell", ANN) == (draft,)


async def test_days_are_counted(records: Records) -> None:
    """What happens is counted by day, in order, however many count at once."""
    day = NOW.date()
    await asyncio.gather(
        *(records.days.count("bell", day, "answer", "who-rang") for _ in range(20)),
        *(records.days.count("bell", day, "asked") for _ in range(20)),
    )
    await records.days.count("bell", day, "answer", "Z")
    await records.days.count("bell", day - DAY, "asked")
    await records.days.count("tower", day, "asked")
    assert await records.days.between("bell", day - DAY, day) == (
        Day(day - DAY, "asked", "", 1),
        Day(day, "answer", "", 21),
        Day(day, "asked", "", 20),
    )
    about = await records.days.subjects("bell", "answer", day - DAY, day)
    assert about == {"Z": 1, "who-rang": 20}
    assert await records.days.between("bell", day + DAY, day + DAY) == ()
    assert await records.days.between("bell", day, day - DAY) == ()
    with pytest.raises(RecordsError, match="is no id"):
        await records.days.count("bell", day, "answer", "a\nb")


async def test_a_mark_is_kept(records: Records) -> None:
    """What the bot notes for its next start is there, the last of each name."""
    assert await records.settings.mark("commands") is None
    for value in ("one", "two"):
        await records.settings.set_mark("commands", value)
    assert await records.settings.mark("commands") == "two"


async def test_details_that_are_no_json_are_refused(records: Records) -> None:
    """An action whose details cannot be kept is refused with a sentence."""
    for details in ({"a": float("nan")}, {"a": "x" * MAX_DETAILS}):
        with pytest.raises(RecordsError, match="details of an action"):
            await records.actions.note(Action(NOW, 1, "a", 1, "b", "c", details))


async def test_times_come_back_in_utc(records: Records) -> None:
    """A time is the same moment again, to the microsecond; one without zone is none."""
    east = NOW.astimezone(timezone(timedelta(hours=9)))
    await records.reports.add(CARD, ANN, "", east)
    (report,) = await records.reports.open("bell")
    assert report.at == NOW
    assert report.at.tzinfo is UTC
    with pytest.raises(RecordsError, match="without a zone"):
        await records.reports.add(CARD, ANN, "", NOW.replace(tzinfo=None))


@pytest.mark.parametrize("text", HOSTILE, ids=hostile)
async def test_hostile_words_are_kept_harmless(records: Records, text: str) -> None:
    """People's words may hold anything: what is kept is short, clean, and readable."""
    await records.votes.cast(BELL, ANN, "wrong", NOW, f"a {text}")
    await records.reports.add(CARD, ANN, f"a {text}", NOW)
    number = await records.questions.note("bell", f"a {text}", NOW)
    await records.actions.note(
        Action(
            NOW, ANN, f"a {text}", 1, "edit", f"a {text}", {f"a {text[:99]}": text[:99]}
        )
    )
    (action,) = await records.actions.of_guild(1)
    (question,) = await records.questions.all("bell")
    assert question.id == number
    assert action.details == {f"a {text[:99]}": text[:99]}
    for left, limit in [
        ((await records.votes.objections("bell"))[0].reason, MAX_REASON),
        ((await records.reports.open("bell"))[0].reason, MAX_REASON),
        (question.text, MAX_QUESTION),
        (action.name or "", MAX_NAME),
        (action.subject, MAX_SUBJECT),
    ]:
        assert left.startswith("a")
        assert len(left) <= limit
        assert "\0" not in left
        assert left.encode()


@pytest.mark.parametrize("text", ["", " ", *HOSTILE[:8]], ids=hostile)
async def test_hostile_ids_are_refused(records: Records, text: str) -> None:
    """What is no id is refused with a sentence, in every place, and nothing is kept."""
    good = Answered("bell", "who-rang", "1")
    for bad in (
        Answered(text, "who-rang", "1"),
        Answered("bell", text, "1"),
        Answered("bell", "who-rang", text),
    ):
        with pytest.raises(RecordsError, match="is no id"):
            await records.votes.cast(bad, ANN, "wrong", NOW)
        with pytest.raises(RecordsError, match="is no id"):
            await records.shown.note(Shown(CARD, bad, (), NOW), ANN)
    for refused in (
        records.votes.tallies(text),
        records.votes.objections(text),
        records.questions.note(text, "why?", NOW),
        records.questions.all(text),
        records.shown.note(Shown(CARD, good, ("a", text), NOW), ANN),
        records.corrections.latest(text),
        records.actions.note(Action(NOW, ANN, "a", 1, text, "b", {})),
    ):
        with pytest.raises(RecordsError, match="is no id"):
            await refused
    assert await records.votes.tallies("bell") == {}
    assert await records.shown.by(CARD.id) == ()


async def test_a_number_too_large_is_refused(records: Records) -> None:
    """A number that is no id of Discord's is refused, and the records go on."""
    with pytest.raises(RecordsError, match="64 bits"):
        await records.settings.of_channel(2**64, 1)
    with pytest.raises(RecordsError, match="64 bits"):
        await records.reports.add(Message(None, 1, 2**64), ANN, "", NOW)
    assert await records.reports.open("bell") == ()


async def test_many_at_once_lose_nothing(records: Records) -> None:
    """Calls at the same time are all kept."""
    await asyncio.gather(
        *(records.questions.note("bell", "why?", NOW) for _ in range(40)),
        *(records.votes.cast(BELL, one, "helpful", NOW) for one in range(40)),
        *(records.votes.tallies("bell") for _ in range(40)),
    )
    (question,) = await records.questions.all("bell")
    assert question.asked == 40
    assert await records.votes.tallies("bell") == {"who-rang": Tally(40, 0)}


async def test_a_cancelled_call_harms_nothing(records: Records) -> None:
    """Calls that are cancelled anywhere leave the records whole and usable."""
    for loops in range(12):
        call = asyncio.create_task(
            records.shown.note(Shown(CARD, BELL, ("a", "b", "c"), NOW), ANN)
        )
        for _ in range(loops):
            await asyncio.sleep(0)
        call.cancel()
        await asyncio.gather(call, return_exceptions=True)
        kept = await records.shown.by(CARD.id)
        assert kept in {(), (Shown(CARD, BELL, ("a", "b", "c"), NOW),)}
        await records.shown.forget(CARD.id)
