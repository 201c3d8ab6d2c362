"""What people wait for is found by an index, however much is kept."""

import json
import re
import sqlite3
import time
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Generator,
    Iterable,
    Mapping,
)
from contextlib import closing, contextmanager
from datetime import timedelta
from itertools import chain
from typing import Any, Final, NamedTuple

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.engine import Engine

from bot.records.database import Database, file_of
from bot.records.records import Records
from bot.records.values import (
    Action,
    Altered,
    Answered,
    Begun,
    Day,
    Message,
    Shown,
    Typed,
    Waiting,
)
from tests.many_records import GUILD, MANY, MODERATOR, NOW, entry, fill
from tests.soak import SOAKING

YEAR: Final = timedelta(days=365)
PERSON: Final = 123456789012345678
SECONDS: Final = 0.05
"""What a statement that somebody waits for may take, among MANY rows."""

Act = Callable[[Records, int], Awaitable[object]]


def answered(number: int) -> Answered:
    """An entry that a person was told."""
    return Answered("bell", entry(number), "1")


def shown(number: int, place: int = 0) -> Shown:
    """What a new message shows."""
    card = Message(GUILD, GUILD + 1, 10 * MANY + number)
    return Shown(card, answered(number + place), ("fact-1", "fact-2"), NOW, place)


async def draft(records: Records, number: int) -> None:
    """Write a draft, change it, and read it."""
    typed = Typed("bell", GUILD, MODERATOR + number, "ann", "edit", {}, {})
    made = await records.drafts.add(typed, NOW)
    await records.drafts.change(made, NOW, state="proposed")
    await records.drafts.get(made.id)


async def correct(records: Records, number: int) -> None:
    """Correct what hardly anybody saw, message by message."""
    begun = Begun("bell", MANY + number, "edit", "", "1", Altered(("entry-999",)))
    kept = records.corrections
    await kept.begin(begun, NOW)
    found = await kept.open("bell")
    for due in await kept.due([found[0].id], 2):
        await kept.done(due, due.shown[:1])
    for due in await kept.due([found[0].id], 1):
        await kept.leave(due, "refused")
    await kept.turn(found[0].id, NOW, stop=False)
    await kept.turn(found[0].id, NOW, stop=True)
    await kept.finish("bell", NOW)


CLICKS: Final[Mapping[str, Act]] = {
    "answer": lambda r, n: r.shown.note_all([(shown(n), None), (shown(n, 1), PERSON)]),
    "count": lambda r, n: r.days.add(
        "bell",
        [Day(NOW.date(), "asked", "", 1), Day(NOW.date(), "answer", entry(n), 1)],
    ),
    "settings": lambda r, n: r.settings.of_channel(GUILD, n),
    "go on": lambda r, n: r.shown.by(n),
    "forget": lambda r, n: r.shown.forget(n),
    "missing": lambda r, n: r.questions.note("bell", f"Who is number {n}?", NOW),
    "again": lambda r, _: r.questions.note("bell", "Who is number 1?", NOW),
    "vote": lambda r, n: r.votes.cast(answered(n), PERSON, "wrong", NOW, "No."),
    "report": lambda r, n: r.reports.add(Message(GUILD, 1, n), PERSON, "No.", NOW),
    "wait": lambda r, n: r.questions.wait(Waiting(n + 1, PERSON, None, None, NOW)),
    "waiting": lambda r, n: r.questions.waiting(n + 1),
    "told": lambda r, n: r.questions.told(n + 1, PERSON),
    "queue": lambda r, _: r.questions.all("bell", 500),
    "question": lambda r, n: r.questions.get(n + 1),
    "settle": lambda r, n: r.questions.settle([n + 1, n + 2], "spam"),
    "open": lambda r, n: r.questions.settle([n + 1], "open"),
    "delete": lambda r, n: r.questions.delete(n + 5),
    "objections": lambda r, _: r.votes.objections("bell", 200),
    "objection": lambda r, n: r.votes.objections("bell", 1, n + 2),
    "settle one": lambda r, n: r.votes.settle(n + 1),
    "reports": lambda r, _: r.reports.open("bell", 200),
    "one report": lambda r, n: r.reports.open("bell", 1, n + 2),
    "close": lambda r, n: r.reports.close(n + 1),
    "draft": draft,
    "mine": lambda r, n: r.drafts.open_of("bell", MODERATOR + n, 200),
    "proposed": lambda r, _: r.drafts.proposed("bell", 200),
    "undecided": lambda r, _: r.drafts.undecided("bell"),
    "act": lambda r, n: r.actions.note(
        Action(NOW, MODERATOR, "ann", GUILD, "edit", entry(n), {})
    ),
    "actions": lambda r, _: r.actions.of_guild(GUILD, 11),
    "more actions": lambda r, n: r.actions.of_guild(GUILD, 11, n + 20),
    "tallies": lambda r, _: r.votes.tallies("bell"),
    "days": lambda r, _: r.days.between("bell", (NOW - YEAR / 12).date(), NOW.date()),
    "a year": lambda r, _: r.days.between("bell", (NOW - YEAR).date(), NOW.date()),
    "subjects": lambda r, _: r.days.subjects(
        "bell", "answer", (NOW - YEAR).date(), NOW.date()
    ),
    "to correct": lambda r, n: r.corrections.count("bell", Altered((entry(n),)), NOW),
    "facts": lambda r, n: r.corrections.count(
        "bell", Altered((entry(n),), ("fact-7", "fact-9")), NOW
    ),
    "correct": correct,
    "corrections": lambda r, _: r.corrections.latest("bell"),
    "delete person": lambda r, n: r.delete_person(PERSON + n),
}
"""All that somebody waits for: each with another number each time."""

SORTED: Final = {
    "go on": "a message shows few answers",
    "waiting": "few wait for one question",
    "draft": "a draft has one id",
    "mine": "a moderator has few drafts",
    "correct": "a correction has few messages at once, and few are open",
    "corrections": "of ten corrections it is counted what became of each",
    **dict.fromkeys(("days", "a year", "subjects"), "a row for a day and an entry"),
    "to correct": "a message is corrected once",
    "facts": "a message is corrected once",
    "undecided": "moderators decide more than they leave",
}
"""Where what was found by an index is sorted, as it is little."""

SMALL: Final = ("corrections", "tallies")
"""Tables with a row for a change, or an entry, of a story: they may be read whole."""


class Statement(NamedTuple):
    """A statement that was run, what it was given, and how long it took."""

    sql: str
    values: tuple[Any, ...]
    seconds: float


@contextmanager
def statements() -> Generator[list[Statement]]:
    """The statements that are run meanwhile, in their order."""
    found: list[Statement] = []

    def before(connection: Connection, *_: object) -> None:
        connection.info["began"] = time.perf_counter()

    def after(
        connection: Connection,
        _cursor: object,
        sql: str,
        values: list[Any] | tuple[Any, ...],
        _context: object,
        many: bool,  # noqa: FBT001 - as it is called
    ) -> None:
        seconds = time.perf_counter() - connection.info["began"]
        found.append(Statement(sql, tuple(values[0] if many else values), seconds))

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", before)
        event.remove(Engine, "after_cursor_execute", after)


@pytest.fixture
async def some(address: str) -> AsyncIterator[Records]:
    """Records with some hundreds of rows of all that is kept."""
    async with Database.open(address) as database:
        await fill(database, 2000, YEAR, postgresql=not file_of(address))
    async with Records.open(address) as records:
        yield records


async def test_all_that_somebody_waits_for_has_an_index(
    some: Records, address: str
) -> None:
    """No statement of a click goes through a table, or sorts all that it finds."""
    refused: list[str] = []
    for name, act in CLICKS.items():
        with statements() as run:
            await act(some, 7)
        for one in run:
            for step in await plan(address, one):
                is_sorting = "SORT" in step.upper() or "TEMP B-TREE" in step
                if not ((is_sorting and name in SORTED) or step.endswith(SMALL)):
                    refused.append(f"{name}: {step}: {one.sql}")
    assert not refused, "\n\n".join(refused)


COUNTED: Final = (
    *("to correct", "facts", "correct", "delete person", "a year", "subjects"),
)
"""What goes through all that it is about, which may be much, a statement at a time."""


@pytest.mark.soak
@pytest.mark.skipif(not SOAKING, reason="a million rows take minutes to write")
async def test_nobody_waits_for_a_million_rows(address: str) -> None:
    """Among a million rows, no statement of a click takes long, nor does /queue."""
    async with Database.open(address) as database:
        await fill(database, MANY, YEAR, postgresql=not file_of(address))
    slow: list[str] = []
    async with Records.open(address) as records:
        for name, act in CLICKS.items():
            runs: list[float] = []
            for number in (11, 4801, 77_003):
                with statements() as run:
                    await act(records, number)
                runs.append(max(one.seconds for one in run))
            if min(runs) > (SECONDS * 10 if name in COUNTED else SECONDS):
                slow.append(f"{name}: {min(runs):.3f} s")
        begun = time.perf_counter()
        assert len(await records.questions.all("bell", 500)) == 500
        assert time.perf_counter() - begun <= SECONDS
    assert slow == []


async def plan(address: str, statement: Statement) -> list[str]:
    """The steps of a statement that an index should have spared."""
    if not statement.sql.startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
        return []
    file = file_of(address)
    if file is None:
        return await _plan_of_postgresql(address, statement)
    with closing(sqlite3.connect(file)) as connection:
        explain = f"EXPLAIN QUERY PLAN {statement.sql}"
        steps = [step for *_, step in connection.execute(explain, statement.values)]
    return [one.partition(" USING")[0] for one in steps if _COSTLY.match(one)]


async def _plan_of_postgresql(address: str, statement: Statement) -> list[str]:
    """As `plan` says, as if there were many rows: of few, it would rather read all."""

    def work(connection: Connection) -> list[str]:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        connection.execute(_AS_IF_MANY, {"many": MANY, "small": list(SMALL)})
        explain = f"EXPLAIN (FORMAT JSON) {statement.sql}"
        (found,) = connection.exec_driver_sql(explain, statement.values).one()
        plans = json.loads(found) if isinstance(found, str) else found
        return list(steps(plans[0]["Plan"]))

    def steps(node: Mapping[str, Any]) -> Iterable[str]:
        kind = node["Node Type"]
        is_full = kind in _SCANS and "Index Cond" not in node
        if is_full or kind.endswith("Sort"):
            yield f"{kind} {node.get('Relation Name', node.get('Index Name'))}"
        yield from chain.from_iterable(map(steps, node.get("Plans", ())))

    async with Database.as_it_is(address) as database:
        return await database.write(work)


_COSTLY: Final = re.compile(r"SCAN (?!(\d+ )?CONST|\(|anon|named)|USE TEMP B-TREE")
_SCANS: Final = ("Seq Scan", "Index Scan", "Index Only Scan", "Bitmap Index Scan")
_AS_IF_MANY: Final = text(
    "UPDATE pg_class SET reltuples = :many WHERE relkind = 'r' "
    "AND relnamespace = 'public'::regnamespace AND NOT relname = ANY(:small)"
)
