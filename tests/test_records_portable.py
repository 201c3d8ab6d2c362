"""Records out of a database and into another, whole or not at all."""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot.records.database import Database
from bot.records.portable import MOST_ID, Lines, dump, is_empty, load
from bot.records.records import Records
from bot.records.values import Message, RecordsError, Shown
from tests import test_records_forgetting
from tests.test_records_database import STEPS, fill
from tests.test_records_forgetting import (
    ANN,
    BELL,
    BEN,
    NOW,
    SECRET,
    do_everything,
)

Taken = tuple[str, Mapping[str, int], Mapping[str, Lines]]


async def rows(where: str) -> Mapping[str, Sequence[tuple[object, ...]]]:
    """All rows of all tables, by table, in one order."""
    found = await test_records_forgetting.rows(where)
    return {name: sorted(some, key=repr) for name, some in found.items()}


async def taken(where: str | Path) -> Taken:
    """What is in records, as it is put into others."""
    lines: dict[str, list[bytes]] = {}

    def keep(name: str, some: Iterator[bytes]) -> None:
        lines[name] = b"".join(some).splitlines()

    found = await dump(where, keep)
    assert found.step is not None
    assert found.rows == {name: len(lines[name]) for name in lines}
    return found.step, found.last, {name: lines[name].__iter__ for name in lines}


def of(lines: Sequence[bytes]) -> Lines:
    """The lines of a table."""
    return lambda: iter(lines)


@pytest.fixture
def new(tmp_path: Path) -> str:
    """The address of a SQLite file that is not there."""
    return f"sqlite:///{tmp_path / 'new' / 'records.sqlite3'}"


async def test_records_move_to_another_database(address: str, new: str) -> None:
    """All rows are the same in the other database, and back, and people are known."""
    async with Records.open(address) as records:
        for person in (ANN, BEN):
            await do_everything(records, person, NOW)
        await records.days.count("bell", NOW.date(), "asked")
        last = await records.questions.note("bell", "gone?", NOW)
        assert last is not None
        await records.questions.delete(last)
    before = await rows(address)
    await load(new, await taken(address))
    assert await rows(new) == before
    async with Records.open(new) as records:
        again = await records.questions.note("bell", "another?", NOW)
        assert again is not None
        assert again > last
        assert (await records.delete_person(BEN)).votes == 2
    before = await rows(new)
    await load(address, await taken(new), replace=True)
    assert await rows(address) == before
    async with Records.open(address) as records:
        number = await records.questions.note("bell", "yet another?", NOW)
        assert number is not None
        assert number > again
        assert (await records.delete_person(ANN)).votes == 2


@pytest.mark.parametrize("step", STEPS)
async def test_records_of_every_step_can_be_moved(
    address: str, new: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records of an older step are read as they are, and brought up to date."""
    await fill(address, step, monkeypatch)
    found = await taken(address)
    assert found[0] == step
    await load(new, found)
    async with Records.open(address, SECRET), Records.open(new, SECRET):
        assert await rows(new) == await rows(address)


async def test_nothing_is_put_over_what_is_there(address: str, new: str) -> None:
    """Records that hold anything are left as they are, unless they are replaced."""
    async with Records.open(new) as records:
        await do_everything(records, BEN, NOW)
    found = await taken(new)
    assert await is_empty(address)
    async with Records.open(address) as records:
        assert await is_empty(address)
        await records.questions.note("bell", "why?", NOW)
    before = await rows(address)
    assert not await is_empty(address)
    with pytest.raises(RecordsError, match="not empty"):
        await load(address, found)
    assert await rows(address) == before
    await load(address, found, replace=True)
    assert await rows(address) == await rows(new)


async def test_nothing_is_created_to_be_read(tmp_path: Path) -> None:
    """Records that are not there are no rows, and are not there afterwards."""
    found = await dump(tmp_path / "a" / "records.sqlite3", lambda _, __: None)
    assert (found.step, found.rows) == (None, {})
    assert await is_empty(tmp_path / "a" / "records.sqlite3")
    assert list(tmp_path.iterdir()) == []  # noqa: ASYNC240 - a test


GOOD = {
    "story": "bell",
    "day": "2026-11-23",
    "what": "asked",
    "subject": "",
    "count": 1,
}


BAD = [
    *(b"", b"[]", b"\xff", b"[" * 100_000, b'{"story": "bell"}'),
    *(
        json.dumps({**GOOD, **change}).encode()
        for change in (
            {"count": True},
            {"day": "today"},
            {"other": 1},
            {"count": 2**70},
            {"subject": "half a \ud83d"},
        )
    ),
]


async def test_what_is_no_row_is_refused_whole(address: str) -> None:
    """Where one line is no row, nothing of any is kept, and a sentence says so."""
    async with Records.open(address) as records:
        await records.days.count("bell", NOW.date(), "asked", "old")
    before = await rows(address)
    step, last, tables = await taken(address)
    for line in BAD:
        bad = {**tables, "days": of([json.dumps(GOOD).encode(), line])}
        with pytest.raises(RecordsError) as caught:
            await load(address, (step, last, bad), replace=True)
        said = str(caught.value)
        assert "Line 2 of the table days" in said or "64 bits" in said
        assert await rows(address) == before


@pytest.mark.parametrize("number", [0, -5, MOST_ID + 1, 2**62])
async def test_an_id_that_leaves_no_others_is_refused(
    address: str, number: int
) -> None:
    """After it few could be given, and of what has it no backup could be made."""
    async with Records.open(address) as records:
        await records.questions.note("bell", "who rang it?", NOW)
    before = await rows(address)
    step, last, tables = await taken(address)
    (line,) = tables["questions"]()
    row = json.dumps({**json.loads(line), "id": number}).encode()
    with pytest.raises(RecordsError, match="no row"):
        await load(
            address, (step, last, {**tables, "questions": of([row])}), replace=True
        )
    high = {**last, "questions": MOST_ID + 1}
    with pytest.raises(RecordsError, match="highest ids"):
        await load(address, (step, high, tables), replace=True)
    assert await rows(address) == before


async def test_other_tables_are_refused(address: str) -> None:
    """Too few or too many tables, a step that is none, and twice a row are refused."""
    async with Records.open(address) as records:
        await records.days.count("bell", NOW.date(), "asked")
    before = await rows(address)
    step, last, tables = await taken(address)
    row = json.dumps(GOOD).encode()
    fewer = {name: lines for name, lines in tables.items() if name != "days"}
    for bad in (
        (step, last, fewer),
        (step, last, {**tables, "others": of([])}),
        (step, last, {**tables, "days": of([row, row])}),
        ("9999", last, tables),
        ("head", last, tables),
        ("0001", last, tables),
        (step, {"days": 2**70, "votes": 3, "questions": 2**70}, tables),
    ):
        with pytest.raises(RecordsError):
            await load(address, bad, replace=True)
        assert await rows(address) == before


async def test_other_tables_in_the_database_stay(address: str) -> None:
    """Tables that are not ours are neither read nor dropped."""
    async with Records.open(address):
        pass

    def create(connection: Connection) -> None:
        connection.execute(text("CREATE TABLE theirs (id integer)"))
        connection.execute(text("INSERT INTO theirs VALUES (7)"))

    async with Database.open(address) as database:
        await database.write(create)
        found = await taken(address)
        assert "theirs" not in found[2]
        await load(address, found, replace=True)
        query = text("SELECT id FROM theirs")
        assert await database.read(lambda on: on.scalar(query)) == 7
        drop = text("DROP TABLE theirs")
        await database.write(lambda on: on.execute(drop).close())


async def test_newer_records_are_not_read(address: str) -> None:
    """Records of a newer version are neither read nor replaced."""
    async with Records.open(address):
        pass
    found = await taken(address)
    newer = text("UPDATE records_version SET version_num = '9999'")
    async with Database.open(address) as database:
        await database.write(lambda on: on.execute(newer).close())
    with pytest.raises(RecordsError, match="newer"):
        await taken(address)
    with pytest.raises(RecordsError, match="newer"):
        await load(address, found, replace=True)


async def test_what_is_read_is_of_one_moment(address: str) -> None:
    """While others write, what is read holds all of each thing that was kept, or none.

    Facts are read after the answers that rest on them.
    """
    seen: set[int] = set()

    async def write(records: Records) -> None:
        for number in range(2_000):
            if number >= 60 and len(seen) > 1:
                return  # it was read in between, however busy the machine is
            answer = Shown(Message(1, 2, number), BELL, ("a", "b"), NOW)
            await records.shown.note(answer, ANN)

    async with Records.open(address) as records:
        writing = asyncio.create_task(write(records))
        while not writing.done():
            _, _, tables = await taken(address)
            shown, facts = (
                [json.loads(line)["message"] for line in tables[name]()]
                for name in ("shown", "shown_facts")
            )
            assert facts == [message for message in shown for _ in "ab"]
            seen.add(len(shown))
        await writing
    assert len(seen) > 1
