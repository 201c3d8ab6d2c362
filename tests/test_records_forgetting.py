"""What the records forget, and what they never knew."""

import asyncio
import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from bot.records.database import Database
from bot.records.people import MIN_SECRET, People
from bot.records.records import Records
from bot.records.tables import metadata
from bot.records.values import (
    KEPT_ANSWERS,
    KEPT_DAYS,
    KEPT_DRAFTS,
    KEPT_QUESTIONS,
    Action,
    Altered,
    Answered,
    Begun,
    DraftState,
    Forgotten,
    Message,
    RecordsError,
    Shown,
    Tally,
    Typed,
    Waiting,
)
from tests.many_records import fill
from tests.wire import until

NOW = datetime(2026, 11, 23, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
ANN, BEN = 123456789012345678, 876543210987654321
BELL = Answered("bell", "who-rang", "1")
WHEN = Answered("bell", "when", "1")
SECRET = "a secret that is long enough"  # noqa: S105 - not one
WORDS = "pomegranate"


async def rows(where: str) -> Mapping[str, Sequence[tuple[object, ...]]]:
    """All rows of all tables, by table."""

    def work(connection: Connection) -> Mapping[str, Sequence[tuple[object, ...]]]:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table))]
            for table in metadata.sorted_tables
        }

    async with Database.open(where) as database:
        return await database.read(work)


async def do_everything(records: Records, person: int, at: datetime) -> int:
    """Have a person leave a trace of every kind, twice; the id of their question."""
    for number, answer in enumerate([BELL, WHEN]):
        await records.votes.cast(answer, person, "wrong", at, f"{WORDS} {person}")
        place = Message(1, 2, person % 1000 + number)
        await records.reports.add(place, person, WORDS, at)
        await records.shown.note(Shown(place, answer, ("a", "b"), at), person)
        await records.actions.note(
            Action(at, person, WORDS, 1, "edit", "when", {"old": "1"})
        )
    direct = Message(None, person + 1, person % 1000 + 2)
    told = Shown(direct, BELL, ("a",), at, begins="premise 0a1b2c3d")
    await records.shown.note(told, person)
    typed = Typed("bell", 1, person, WORDS, "edit", {"old": "1"}, {})
    await records.drafts.add(typed, at)
    draft = await records.drafts.add(typed, at)
    await records.drafts.change(draft, at, state="applied", decided_by=person + 1)
    altered = Altered(("when",), ("a",))
    begun = Begun("bell", draft.id, "edit when", "It rang.", "0", altered)
    await records.corrections.begin(begun, at)
    question = await records.questions.note("bell", "why?", at)
    assert question is not None
    await records.questions.wait(Waiting(question, person, None, None, at))
    return question


async def test_deleting_a_person_deletes_all_of_theirs(address: str) -> None:
    """Everything of a person is deleted at once, counted, and none of another's."""
    async with Records.open(address) as records:
        await do_everything(records, BEN, NOW)
        before = await rows(address)
        question = await do_everything(records, ANN, NOW)
        forgotten = await records.delete_person(ANN)
        assert forgotten == Forgotten(
            votes=2, reports=2, shown=3, waiting=1, actions=2, drafts=2
        )
        assert await records.delete_person(ANN) == Forgotten()
        after = await rows(address)
        for table in ("key", "votes", "objections", "reports", "waiting"):
            assert after[table] == before[table]
        assert [one.person for one in await records.questions.waiting(question)] == [
            BEN
        ]


async def test_what_a_guild_saw_stays_without_the_person(address: str) -> None:
    """Answers shown in guilds and moderators' actions stay, but not whose they were."""
    async with Records.open(address) as records:
        await do_everything(records, ANN, NOW)
        await records.delete_person(ANN)
        directly, here = (ANN % 1000 + one for one in (2, 0))
        assert await records.shown.by(directly) == ()
        (shown,) = await records.shown.by(here)
        assert shown.message.guild is not None
        assert (await records.delete_person(ANN)).shown == 0
        actions = await records.actions.of_guild(1)
        assert [(one.moderator, one.name, one.action) for one in actions] == [
            (None, None, "edit")
        ] * 2
    left = repr(await rows(address))
    assert str(ANN) not in left
    assert WORDS not in left


@pytest.mark.parametrize("state", get_args(DraftState))
async def test_drafts_that_others_saw_stay_without_the_person(
    records: Records, state: DraftState
) -> None:
    """What only its moderator saw is deleted; other drafts stay, but not whose."""
    typed = Typed("bell", 1, ANN, WORDS, "edit", {"a": 1}, {})
    draft = await records.drafts.add(typed, NOW)
    if state != "open":
        await records.drafts.change(draft, NOW, state=state, decided_by=BEN)
    assert (await records.delete_person(ANN)).drafts == 1
    left = await records.drafts.get(draft.id)
    if state in {"open", "withdrawn"}:
        assert left is None
        return
    assert left is not None
    assert (left.moderator, left.name, left.decided_by) == (None, None, BEN)
    assert left.content == {"a": 1}
    assert left.state == ("withdrawn" if state == "proposed" else state)
    assert left.changed > NOW
    assert (await records.delete_person(BEN)).drafts == 1
    left = await records.drafts.get(draft.id)
    assert left is not None
    assert left.decided_by is None


async def test_a_moderator_s_deeds_stay_theirs(records: Records) -> None:
    """While they hold the role, only what they propose and draft is not theirs."""
    typed = Typed("bell", 1, ANN, WORDS, "edit", {"a": 1}, {})
    done = await records.drafts.add(typed, NOW)
    await records.drafts.change(done, NOW, state="applied", decided_by=BEN)
    proposed = await records.drafts.add(typed, NOW)
    await records.drafts.change(proposed, NOW, state="proposed")
    await records.actions.note(Action(NOW, ANN, "ann", 1, "edit", "x", {}))
    for person in (ANN, BEN):
        assert (await records.delete_person(person, is_moderator=True)).actions == 0
    left = await records.drafts.get(done.id)
    assert left is not None
    assert (left.moderator, left.decided_by, left.state) == (ANN, BEN, "applied")
    left = await records.drafts.get(proposed.id)
    assert left is not None
    assert (left.moderator, left.state) == (None, "withdrawn")
    (action,) = await records.actions.of_guild(1)
    assert action.name == "ann"


async def test_deleting_goes_through_any_number(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person's rows are found among more than are looked at at once."""
    monkeypatch.setattr("bot.records.forgetting._AT_ONCE", 7)
    monkeypatch.setattr("bot.records.forgetting._LOOK", 7)
    for number in range(50):
        card = Message(1, 2, number)
        person = ANN if number % 3 == 0 else number
        await records.shown.note(Shown(card, BELL, (), NOW), person)
        answer = Answered("bell", f"entry-{number}", "1")
        await records.votes.cast(answer, person, "helpful", NOW)
        await records.reports.add(card, person, "", NOW)
    assert await records.delete_person(ANN) == Forgotten(votes=17, reports=17, shown=17)
    assert len(await records.votes.tallies("bell")) == 33


async def test_what_is_too_old_is_deleted(records: Records) -> None:
    """Questions, who waits and drafts go after 30 days, all else after a year."""
    question = await do_everything(records, ANN, NOW)
    assert await records.keep_house(NOW + KEPT_QUESTIONS) == Forgotten()
    later = NOW + KEPT_QUESTIONS + SECOND
    gone = Forgotten(questions=1, waiting=1, drafts=2)
    assert await records.keep_house(later) == gone
    assert await records.questions.waiting(question) == ()
    assert await records.keep_house(NOW + KEPT_ANSWERS) == Forgotten()
    later = NOW + KEPT_ANSWERS + SECOND
    assert await records.keep_house(later) == Forgotten(votes=2, reports=2, shown=3)
    assert await records.votes.tallies("bell") == {}
    assert len(await records.actions.of_guild(1)) == 2


async def test_moderators_actions_are_kept_as_long_as_is_set(records: Records) -> None:
    """The audit trail stays; where its days are set, what is older goes."""
    for days in (0, 1, 2):
        did = Action(NOW + timedelta(days=days), ANN, "ann", 1, "edit", "bell", {})
        await records.actions.note(did)
    later = NOW + timedelta(days=31)
    assert await records.keep_house(later) == Forgotten()
    assert await records.keep_house(later, 30) == Forgotten(actions=1)
    assert await records.keep_house(later + SECOND, 30) == Forgotten(actions=1)
    assert await records.keep_house(later + SECOND, 30) == Forgotten()
    assert len(await records.actions.of_guild(1)) == 1


async def test_others_write_while_much_is_deleted(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is too old goes a little at a time, so that nobody waits for all of it."""
    monkeypatch.setattr("bot.records.forgetting._AT_ONCE", 7)
    for number in range(50):
        await records.questions.note("bell", f"why {number}?", NOW)
        answer = Answered("bell", f"entry-{number}", "1")
        await records.votes.cast(answer, number, "helpful", NOW)
    later = NOW + KEPT_ANSWERS + SECOND
    purging = asyncio.create_task(records.keep_house(later))
    counted = 0
    while not purging.done():
        await records.days.count("bell", later.date(), "asked")
        counted += 1
    assert await purging == Forgotten(votes=50, questions=50)
    assert counted > 2 * 50 // 7


async def test_a_file_gives_space_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After much was deleted, the file is smaller; one of an older version, too."""
    monkeypatch.setattr("bot.records.space._PAGES", 20)
    monkeypatch.setattr("bot.records.forgetting._PAUSE", 0)
    file = tmp_path / "records.sqlite3"
    async with Records.open(file):
        pass
    with closing(sqlite3.connect(file)) as older:
        older.executescript("PRAGMA auto_vacuum = NONE; VACUUM")
        assert older.execute("PRAGMA auto_vacuum").fetchone() == (0,)
    async with Database.open(file) as database:
        await fill(database, 1000, HOUR)
    full = file.stat().st_size
    async with Records.open(file) as records:
        await records.keep_house(NOW + KEPT_ANSWERS + HOUR)
        assert file.stat().st_size < full / 2


async def test_what_is_asked_again_is_kept_on(records: Records) -> None:
    """A question is kept for 30 days after it was last asked, not first."""
    await records.questions.note("bell", "why?", NOW)
    later = NOW + KEPT_QUESTIONS
    await records.questions.note("bell", "Why", later)
    assert await records.keep_house(later + KEPT_QUESTIONS) == Forgotten()
    assert len(await records.questions.all("bell")) == 1


async def test_a_draft_is_kept_after_its_last_change(records: Records) -> None:
    """A draft is kept for 30 days after it was last changed, whatever its state."""
    typed = Typed("bell", 1, ANN, WORDS, "edit", {}, {})
    for state in get_args(DraftState):
        draft = await records.drafts.add(typed, NOW)
        await records.drafts.change(draft, NOW + KEPT_DRAFTS, state=state)
    assert await records.keep_house(NOW + 2 * KEPT_DRAFTS) == Forgotten()
    later = NOW + 2 * KEPT_DRAFTS + SECOND
    assert await records.keep_house(later) == Forgotten(drafts=5)


async def test_days_are_kept_a_year(records: Records) -> None:
    """What was counted is deleted after a year."""
    await records.days.count("bell", NOW.date(), "asked")
    assert await records.keep_house(NOW + KEPT_DAYS) == Forgotten()
    assert await records.keep_house(NOW + KEPT_DAYS + 24 * HOUR) == Forgotten(days=1)
    assert await records.days.between("bell", NOW.date(), NOW.date()) == ()


async def test_of_a_settled_question_a_hash_stays(address: str) -> None:
    """A settled question's words go after 30 days, and are known again for a year."""
    async with Records.open(address) as records:
        number = await records.questions.note("bell", WORDS, NOW)
        assert number is not None
        await records.questions.wait(Waiting(number, ANN, None, None, NOW))
        await records.questions.settle([number], "spam")
        await records.questions.note("bell", WORDS, NOW + KEPT_QUESTIONS)
        later = NOW + KEPT_QUESTIONS + SECOND
        assert await records.keep_house(later) == Forgotten(waiting=1)
        assert WORDS not in repr(await rows(address))
        assert await records.questions.get(number) is None
        assert await records.questions.note("bell", WORDS, later) == number
        assert await records.questions.all("bell") == ()
        assert WORDS not in repr(await rows(address))
        assert await records.questions.settle([number], "open") == 0
        again = await records.questions.note("bell", WORDS, later)
        assert again is not None
        assert again != number
        await records.questions.settle([again], "spam")
        last = later + KEPT_ANSWERS + SECOND
        assert await records.keep_house(last) == Forgotten(questions=1)


async def test_a_file_does_not_hold_what_was_deleted(tmp_path: Path) -> None:
    """What was deleted is nowhere in SQLite's files, not even in their log."""
    file = tmp_path / "records.sqlite3"
    async with Records.open(file) as records:
        await do_everything(records, ANN, NOW)
        await records.questions.note("bell", WORDS, NOW)
        assert found(tmp_path, WORDS.encode())
        await records.delete_person(ANN)
        await records.keep_house(NOW + KEPT_QUESTIONS + SECOND)
        assert not found(tmp_path, WORDS.encode())


async def test_what_another_process_reads_is_gone_soon_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was deleted under a long reader leaves the log seconds after that ends.

    Whoever had it deleted does not wait for that.
    """
    monkeypatch.setattr("bot.records.database._PAUSES", (2.0,))
    file = tmp_path / "records.sqlite3"
    async with Records.open(file) as records:
        await do_everything(records, ANN, NOW)
        with closing(reading(file)):
            begun = asyncio.get_running_loop().time()
            await records.delete_person(ANN)
            assert asyncio.get_running_loop().time() - begun < 2
            assert found(tmp_path, WORDS.encode())
        await until(lambda: not found(tmp_path, WORDS.encode()), 20)


async def test_records_are_closed_while_others_read(tmp_path: Path) -> None:
    """What is tried until nobody reads does not hold the end up."""
    file = tmp_path / "records.sqlite3"
    async with Records.open(file) as records:
        await do_everything(records, ANN, NOW)
        other = reading(file)
        await records.delete_person(ANN)
    other.close()
    assert not found(tmp_path, WORDS.encode())


def reading(file: Path) -> sqlite3.Connection:
    """Another process's connection, which reads for long."""
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN")
    assert other.execute("SELECT * FROM votes").fetchall()
    return other


def found(folder: Path, data: bytes) -> list[Path]:
    """The files in a folder that hold some bytes."""
    return [path for path in folder.iterdir() if data in path.read_bytes()]


async def test_without_the_key_nobody_is_known(address: str) -> None:
    """No hash is of the id alone, none equals another, and none holds the id."""
    async with Records.open(address, SECRET) as records:
        for answer in (BELL, WHEN):
            await records.votes.cast(answer, ANN, "wrong", NOW)
            card = Message(1, 2, len(answer.entry))
            await records.reports.add(card, ANN, "", NOW)
            await records.shown.note(Shown(card, answer, (), NOW), ANN)
    kept = await rows(address)
    hashes = [
        value
        for table in ("votes", "reports", "shown")
        for row in kept[table]
        for value in row
        if isinstance(value, bytes)
    ]
    assert len(hashes) == len(set(hashes)) == 6
    assert {len(one) for one in hashes} == {32}
    names = [str(ANN).encode(), ANN.to_bytes(8, "big"), ANN.to_bytes(8, "little")]
    for name in names:
        assert hashlib.sha256(name).digest() not in hashes
        assert not any(name in one for one in hashes)
    assert SECRET not in repr(kept)
    assert str(ANN) not in repr(kept)


@given(st.integers(0, 2**63 - 1), st.text(), st.text(), st.binary(min_size=16))
def test_a_hash_needs_the_person_what_it_is_about_and_the_key(
    person: int, about: str, other: str, key: bytes
) -> None:
    """Another person, another thing or another key give another hash."""
    people = People(key)
    hashed = people.of(person, "vote", about)
    assert hashed == People(key).of(person, "vote", about)
    assert hashed != people.of(person + 1, "vote", about)
    assert hashed != people.of(person, "report", about)
    assert hashed != people.of(person, "vote", about + other + "x")
    assert hashed != people.of(person, "vote", about, other)
    assert hashed != People(key + b"x").of(person, "vote", about)
    assert people.mark() not in {hashed, People(key + b"x").mark()}


async def test_the_same_secret_knows_people_again(address: str) -> None:
    """After a restart, people are known again, by the given secret or the records'."""
    for secret in (None, None):
        async with Records.open(address, secret) as records:
            await records.votes.cast(BELL, ANN, "wrong", NOW)
            assert await records.votes.tallies("bell") == {"who-rang": Tally(0, 1)}


@pytest.mark.parametrize(
    ("first", "then"),
    [(SECRET, None), (SECRET, SECRET + "!"), (None, SECRET)],
)
async def test_another_secret_is_refused(
    address: str, first: str | None, then: str | None
) -> None:
    """Records open with the secret they were begun with, and no other."""
    async with Records.open(address, first) as records:
        await records.votes.cast(BELL, ANN, "wrong", NOW)
    with pytest.raises(RecordsError, match="secret"):
        async with Records.open(address, then):
            pass
    async with Records.open(address, first) as records:
        assert (await records.delete_person(ANN)).votes == 1


async def test_a_short_secret_is_refused(tmp_path: Path) -> None:
    """A secret that can be guessed is refused before anything is created."""
    with pytest.raises(RecordsError, match=f"{MIN_SECRET} characters"):
        async with Records.open(tmp_path / "records.sqlite3", "short"):
            pass
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240 - a test


async def test_records_of_two_files_have_two_keys(tmp_path: Path) -> None:
    """A key that is made up is another in every file."""
    kept: list[object] = []
    for name in ("a", "b"):
        async with Records.open(tmp_path / name) as records:
            await records.votes.cast(BELL, ANN, "wrong", NOW)
        kept.append((await rows(f"sqlite:///{tmp_path / name}"))["votes"])
    assert kept[0] != kept[1]
