"""What the records keep and give back, the same in SQLite and PostgreSQL."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.records.actions import MAX_DETAILS, MAX_NAME, MAX_SUBJECT
from bot.records.model import (
    Action,
    Answered,
    ChannelSettings,
    GuildSettings,
    Message,
    Objection,
    Question,
    RecordsError,
    Report,
    Shown,
    Tally,
    Waiting,
)
from bot.records.questions import MAX_QUESTION
from bot.records.records import Records
from bot.records.votes import MAX_REASON

NOW = datetime(2026, 11, 23, 20, 30, 15, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
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
    objection = Objection(newer, "it was the wind", NOW + MINUTE)
    assert await records.votes.objections("bell") == (objection,)


async def test_a_vote_can_be_taken_back(records: Records) -> None:
    """A vote that is taken back no longer counts; others' stay."""
    await records.votes.cast(BELL, ANN, "wrong", NOW, "no")
    await records.votes.cast(BELL, BEN, "wrong", NOW)
    assert await records.votes.take_back("bell", "who-rang", ANN)
    assert not await records.votes.take_back("bell", "who-rang", ANN)
    assert await records.votes.tallies("bell") == {"who-rang": Tally(0, 1)}
    assert await records.votes.objections("bell") == ()


async def test_votes_are_a_story_s_own(records: Records) -> None:
    """Entries of the same id in two stories have their own votes."""
    await records.votes.cast(BELL, ANN, "helpful", NOW)
    other = Answered("tower", "who-rang", "1")
    await records.votes.cast(other, ANN, "wrong", NOW)
    assert await records.votes.tallies("bell") == {"who-rang": Tally(1, 0)}
    assert await records.votes.tallies("tower") == {"who-rang": Tally(0, 1)}
    assert await records.votes.tallies("none") == {}


async def test_objections_are_latest_first(records: Records) -> None:
    """The latest reasons come first, at most as many as wanted, redacted."""
    for number in range(4):
        reason = f"ask <@{ANN}>: {'abcd'[number]}"
        at = NOW + number * MINUTE
        await records.votes.cast(BELL, number, "wrong", at, reason)
    reasons = [one.reason for one in await records.votes.objections("bell", 3)]
    assert reasons == [f"ask [mention]: {letter}" for letter in "dcb"]


async def test_a_report_is_kept_until_it_is_closed(records: Records) -> None:
    """A person's last report of a message is kept, redacted, until it is closed."""
    await records.reports.add(CARD, ANN, "rude", NOW)
    await records.reports.add(CARD, ANN, "rude, mail a@b.example", NOW + MINUTE)
    direct = Message(None, 5, 6)
    await records.reports.add(direct, ANN, "", NOW + 2 * MINUTE)
    first, second = await records.reports.open()
    assert first == Report(first.id, CARD, "rude, mail [e-mail]", NOW + MINUTE)
    assert second == Report(second.id, direct, "", NOW + 2 * MINUTE)
    assert await records.reports.close(second.id)
    assert not await records.reports.close(second.id)
    assert await records.reports.open() == (first,)
    await records.reports.add(direct, BEN, "", NOW)
    assert second.id not in {one.id for one in await records.reports.open()}


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
    """A message's answers are known, and by their facts and entries the messages."""
    who = Shown(CARD, BELL, ("b-fact", "a-fact"), NOW)
    when = Shown(CARD, Answered("bell", "when", "5f3a"), ("a-fact",), NOW)
    bare = Shown(Message(None, 5, 6), BELL, (), NOW)
    for one in (who, when, bare):
        await records.shown.note(one, ANN)
    assert set(await records.shown.by(CARD.id)) == {who, when}
    assert await records.shown.by(1) == ()
    assert set(await records.shown.with_fact("bell", "a-fact")) == {who, when}
    assert await records.shown.with_fact("bell", "b-fact") == (who,)
    assert await records.shown.with_fact("tower", "b-fact") == ()
    assert await records.shown.with_entry("bell", "who-rang") == (who, bare)


async def test_a_corrected_message_shows_the_new(records: Records) -> None:
    """What a message shows of an entry takes the place of what it showed before."""
    await records.shown.note(Shown(CARD, BELL, ("a", "b", "c"), NOW), ANN)
    answer = Answered("bell", "who-rang", "new")
    corrected = Shown(CARD, answer, ("d",), NOW + MINUTE)
    await records.shown.note(corrected, ANN)
    assert await records.shown.by(CARD.id) == (corrected,)
    assert await records.shown.with_fact("bell", "a") == ()


async def test_messages_come_in_pages(records: Records) -> None:
    """All messages that show something can be gone through, latest first."""
    for number in range(1, 8):
        for entry in ("who-rang", "when"):
            answer = Answered("bell", entry, "1")
            one = Shown(Message(1, 2, number), answer, ("a", "b"), NOW)
            await records.shown.note(one, None)
    seen: list[int] = []
    before = None
    while page := await records.shown.with_fact("bell", "b", 3, before):
        assert len(page) <= 6
        seen += [one.message.id for one in page]
        before = min(seen)
    assert seen == [number for number in range(7, 0, -1) for _ in range(2)]


async def test_only_the_asker_is_the_asker(records: Records) -> None:
    """Who asked for a message's answers is known again, and nobody else is taken so."""
    await records.shown.note(Shown(CARD, BELL, (), NOW), ANN)
    nobody_s, zero_s = Message(1, 2, 3), Message(1, 2, 4)
    await records.shown.note(Shown(nobody_s, BELL, (), NOW), None)
    await records.shown.note(Shown(zero_s, BELL, (), NOW), 0)
    assert await records.shown.is_asker(zero_s.id, 0)
    assert await records.shown.is_asker(CARD.id, ANN)
    assert not await records.shown.is_asker(CARD.id, BEN)
    assert not await records.shown.is_asker(nobody_s.id, ANN)
    assert not await records.shown.is_asker(99, ANN)


async def test_a_deleted_message_is_forgotten(records: Records) -> None:
    """What a deleted message showed is forgotten, with its facts."""
    await records.shown.note(Shown(CARD, BELL, ("a",), NOW), ANN)
    assert await records.shown.forget(CARD.id)
    assert not await records.shown.forget(CARD.id)
    assert await records.shown.with_fact("bell", "a") == ()


async def test_settings_are_kept(records: Records) -> None:
    """A channel's and a guild's settings are the last that were set, else defaults."""
    settings = records.settings
    assert await settings.of_channel(1, 2) == ChannelSettings()
    assert await settings.of_guild(1) == GuildSettings()
    await settings.set_channel(1, 2, ChannelSettings(answers_unasked=True, cooldown=5))
    await settings.set_channel(1, 2, ChannelSettings(answers_unasked=True))
    await settings.set_guild(1, GuildSettings(3, 4, 5))
    await settings.set_guild(1, GuildSettings(3, None, 0))
    assert await settings.of_channel(1, 2) == ChannelSettings(answers_unasked=True)
    assert await settings.of_channel(2, 2) == ChannelSettings()
    assert await settings.of_guild(1) == GuildSettings(3, None, 0)


async def test_actions_are_kept_in_order(records: Records) -> None:
    """What moderators did comes latest first, a guild's own, in pages, whole."""
    details = {"old": None, "new": ["a\0\ud800", 1.5, True, {"deep": "é"}]}
    for number in range(5):
        await records.actions.note(
            Action(NOW, ANN, "ann", 1, "edit", f"entry {number}", details)
        )
    await records.actions.note(Action(NOW, BEN, "ben", 2, "edit", "other", {}))
    page = await records.actions.of_guild(1, 3)
    rest = await records.actions.of_guild(1, 3, page[-1].id)
    assert [one.subject[-1] for one in (*page, *rest)] == list("43210")
    assert page[0] == Action(NOW, ANN, "ann", 1, "edit", "entry 4", details, page[0].id)


async def test_details_that_are_no_json_are_refused(records: Records) -> None:
    """An action whose details cannot be kept is refused with a sentence."""
    for details in ({"a": float("nan")}, {"a": "x" * MAX_DETAILS}):
        with pytest.raises(RecordsError, match="details of an action"):
            await records.actions.note(Action(NOW, 1, "a", 1, "b", "c", details))


async def test_times_come_back_in_utc(records: Records) -> None:
    """A time is the same moment again, to the microsecond; one without zone is none."""
    east = NOW.astimezone(timezone(timedelta(hours=9)))
    await records.reports.add(CARD, ANN, "", east)
    (report,) = await records.reports.open()
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
        ((await records.reports.open())[0].reason, MAX_REASON),
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
        records.votes.take_back("bell", text, ANN),
        records.questions.note(text, "why?", NOW),
        records.questions.all(text),
        records.shown.note(Shown(CARD, good, ("a", text), NOW), ANN),
        records.shown.with_entry("bell", text),
        records.shown.with_fact("bell", text),
        records.actions.note(Action(NOW, ANN, "a", 1, text, "b", {})),
    ):
        with pytest.raises(RecordsError, match="is no id"):
            await refused
    assert await records.votes.tallies("bell") == {}
    assert await records.shown.by(CARD.id) == ()


async def test_a_number_too_large_is_refused(records: Records) -> None:
    """A number that is no id of Discord's is refused, and the records go on."""
    with pytest.raises(RecordsError, match="64 bits"):
        await records.settings.of_guild(2**64)
    with pytest.raises(RecordsError, match="64 bits"):
        await records.reports.add(Message(None, 1, 2**64), ANN, "", NOW)
    assert await records.reports.open() == ()


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
