"""What is deleted: all of a person when they ask for it, and what is too old."""

import asyncio
from collections import Counter
from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Iterable,
    Iterator,
    Sequence,
)
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final, NamedTuple, TypeVar

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Select,
    Table,
    Update,
    case,
    column,
    delete,
    select,
    tuple_,
    update,
    values,
)

from bot.records.database import Database
from bot.records.drafts import STEP
from bot.records.people import People
from bot.records.tables import (
    IS_OPEN,
    actions,
    corrected,
    corrections,
    days,
    drafts,
    questions,
    reports,
    shown,
    tallies,
    votes,
    waiting,
)
from bot.records.values import (
    KEPT_ANSWERS,
    KEPT_DAYS,
    KEPT_DRAFTS,
    KEPT_QUESTIONS,
    Forgotten,
)
from bot.records.votes import count_votes

_AT_ONCE: Final = 500
"""Rows that are named in a statement, or deleted, at once."""

_LOOK: Final = 5000
"""Rows that are looked at at once."""

_PAUSE: Final = 0.05
"""Seconds at least in which others may write before more is deleted."""

_STEP: Final = 0.02
"""Seconds that deleting at once is to take; a cold disk takes long for a few rows."""

T = TypeVar("T")


async def forget_person(
    database: Database, people: People, person: int, *, is_moderator: bool
) -> Forgotten:
    """Delete all of a person, at once, and say what it was.

    What a moderator did and decided keeps their name; what they propose is withdrawn.

    Only the key can tell which rows are theirs, so everything that people voted on,
    reported or asked for is gone through, a little at a time.
    """
    found = await _theirs(database, people, person)
    did = update(actions).where(actions.c.moderator == person)
    unsigned = did.values(moderator=None, name=None)

    def work(connection: Connection) -> Forgotten:
        return Forgotten(
            votes=sum(
                _delete_votes(connection, _is_among(votes, some))
                for some in _chunks(found.votes)
            ),
            reports=sum(
                _count(connection, delete(reports).where(reports.c.id.in_(some)))
                for some in _chunks(found.reports)
            ),
            shown=sum(
                _forget_asker(connection, some) for some in _chunks(found.messages)
            ),
            waiting=_count(
                connection, delete(waiting).where(waiting.c.person == person)
            ),
            actions=0 if is_moderator else _count(connection, unsigned),
            drafts=_forget_drafts(connection, person, is_moderator=is_moderator),
        )

    forgotten = await database.write(work)
    await database.wipe()
    return forgotten


class _Theirs(NamedTuple):
    """What is a person's: keys of votes and reports, and messages they asked for."""

    votes: Sequence[tuple[object, ...]]
    reports: Sequence[int]
    messages: Sequence[int]


async def _theirs(database: Database, people: People, person: int) -> _Theirs:
    entries = await database.read(
        lambda on: on.execute(select(tallies.c.story, tallies.c.entry)).all()
    )
    their_votes = [
        (story, entry, people.of(person, "vote", story, entry))
        for story, entry in entries
    ]
    reported = select(reports.c.id, reports.c.message, reports.c.person)
    asked = select(shown.c.message, shown.c.message, shown.c.asker)
    asked = asked.where(shown.c.asker.is_not(None))
    cast = [
        row
        for some in _chunks(their_votes)
        for row in await database.read(_finds(votes, _is_among(votes, some)))
    ]
    find = partial(people.find, person)
    return _Theirs(
        cast,
        [one async for one in _all(database, reported, partial(find, "report"))],
        sorted({one async for one in _all(database, asked, partial(find, "shown"))}),
    )


def _finds(
    table: Table, which: ColumnElement[bool]
) -> Callable[[Connection], Sequence[tuple[Any, ...]]]:
    """What finds the keys of some rows."""
    query = select(*table.primary_key).where(which)
    return lambda on: [tuple(row) for row in on.execute(query)]


async def forget_old(
    database: Database, now: datetime, audit_days: int | None = None
) -> Forgotten:
    """Delete what was kept for as long as it may be, and say what it was.

    A little at a time, so that whoever else writes hardly waits.
    """
    old, today = now - KEPT_ANSWERS, now.astimezone(UTC).date()
    begun = select(corrections.c.id).where(corrections.c.at < old)
    await _purge(database, corrected, corrected.c.correction.in_(begun))
    await _purge(database, corrections, corrections.c.at < old)
    gone, waited = await _forget_questions(database, now)
    forgotten = Forgotten(
        votes=await _purge(database, votes, votes.c.at < old),
        reports=await _purge(database, reports, reports.c.at < old),
        shown=await _purge(database, shown, shown.c.at < old),
        waiting=waited,
        questions=gone,
        actions=await _forget_actions(database, now, audit_days),
        drafts=await _purge(database, drafts, drafts.c.changed < now - KEPT_DRAFTS),
        days=await _purge(database, days, days.c.day < today - KEPT_DAYS),
    )
    await database.give_back()
    await database.wipe()
    return forgotten


async def _in_steps(work: Callable[[int], Awaitable[int]]) -> int:
    """Do something to as many rows at once as take _STEP; how many it was done to."""
    loop = asyncio.get_running_loop()
    many, total, begun = 1, 0, loop.time()
    while count := await work(many):
        total += count
        took = loop.time() - begun
        many = max(1, min(_AT_ONCE, 2 * many, int(many * _STEP / max(took, 1e-6))))
        await asyncio.sleep(max(_PAUSE, took))
        begun = loop.time()
    return total


async def _purge(database: Database, table: Table, is_old: ColumnElement[bool]) -> int:
    """Delete what is old of a table; how many rows that was."""
    key = tuple_(*table.primary_key)
    old = select(*table.primary_key).where(is_old)

    async def work(many: int) -> int:
        some = key.in_(old.limit(many))
        if table is votes:
            return await database.write(lambda on: _delete_votes(on, some))
        return await database.count(delete(table).where(some))

    return await _in_steps(work)


async def _forget_actions(
    database: Database, now: datetime, audit_days: int | None
) -> int:
    """Delete what moderators did so many days ago; how much. None: nothing.

    They are numbered as they come, so that the first are the oldest.
    """
    if audit_days is None:
        return 0
    is_old = actions.c.at < now - timedelta(days=audit_days)
    first = select(actions.c.id).order_by(actions.c.id)

    async def work(many: int) -> int:
        some = actions.c.id.in_(first.limit(many))
        return await database.count(delete(actions).where(some, is_old))

    return await _in_steps(work)


async def _forget_questions(database: Database, now: datetime) -> tuple[int, int]:
    """Delete the questions that are old, and who waits; how many of both.

    Of what is settled a hash stays for longer, so that its words are known again when
    they are typed again.
    """
    is_old = questions.c.last < now - KEPT_QUESTIONS
    is_gone = is_old & (IS_OPEN | (questions.c.last < now - KEPT_ANSWERS))
    due = select(questions.c.id).where(is_gone | (is_old & (questions.c.text != "")))
    gone = waited = 0

    async def work(many: int) -> int:
        nonlocal gone, waited
        some_due = due.limit(many)
        ids = await database.read(lambda on: on.scalars(some_due).all())
        some = questions.c.id.in_(ids) & is_old  # and not asked again meanwhile

        def change(connection: Connection) -> tuple[int, int]:
            theirs = waiting.c.question.in_(select(questions.c.id).where(some))
            no_longer = _count(connection, delete(waiting).where(theirs))
            deleted = _count(connection, delete(questions).where(some, is_gone))
            connection.execute(update(questions).where(some).values(text=""))
            return deleted, no_longer

        if ids:
            deleted, no_longer = await database.write(change)
            gone, waited = gone + deleted, waited + no_longer
        return len(ids)

    await _in_steps(work)
    return gone, waited


def _is_among(table: Table, keys: Sequence[tuple[object, ...]]) -> ColumnElement[bool]:
    """Whether a row is one of some, by their keys; SQLite needs it told this way."""
    columns = [column(one.name, one.type) for one in table.primary_key]
    named = values(*columns).data(keys).cte("named")
    return tuple_(*table.primary_key).in_(select(named))


def _delete_votes(connection: Connection, which: ColumnElement[bool]) -> int:
    """Delete votes, which count no longer; how many."""
    columns = votes.c.story, votes.c.entry, votes.c.verdict
    rows = connection.execute(delete(votes).where(which).returning(*columns)).all()
    counts = Counter((story, entry, verdict) for story, entry, verdict in rows)
    count_votes(connection, {vote: -count for vote, count in counts.items()})
    return len(rows)


async def _all(
    database: Database,
    query: Select[int, int, T],
    find: Callable[[Iterable[tuple[int, int, T]]], list[int]],
) -> AsyncGenerator[int]:
    """What is found in all rows of a query, in the order of their first column.

    They are read a little at a time, and looked through beside the event loop.
    """
    by = query.selected_columns[0]
    some = query.order_by(by).limit(_LOOK)
    last = -1
    while rows := await database.read(
        lambda on, last=last: [
            (number, about, known)
            for number, about, known in on.execute(some.where(by > last))
        ]
    ):
        last = rows[-1][0]
        for one in await asyncio.to_thread(find, rows):
            yield one


def _forget_asker(connection: Connection, messages: Sequence[int]) -> int:
    """Forget who asked; a direct message's channel is its person, so it goes whole."""
    theirs = shown.c.message.in_(messages)
    directly = delete(shown).where(theirs, shown.c.guild.is_(None))
    in_guilds = update(shown).where(theirs).values(asker=None)
    return _count(connection, directly) + _count(connection, in_guilds)


def _forget_drafts(connection: Connection, person: int, *, is_moderator: bool) -> int:
    """Forget whose drafts those are that others saw; what only they saw goes whole.

    What is proposed is withdrawn: else its proposer could approve it as somebody else.
    Every draft that changes is another one to whoever saw it before.
    """
    is_theirs = drafts.c.moderator == person
    own = delete(drafts).where(is_theirs, drafts.c.state.in_(["open", "withdrawn"]))
    deleted = _count(connection, own)
    is_meant = is_theirs | (drafts.c.decided_by == person)
    if is_moderator:
        is_meant = is_theirs & (drafts.c.state == "proposed")
    query = select(drafts.c.id, drafts.c.state, drafts.c.changed).where(is_meant)
    shared = connection.execute(query).all()
    for number, state, changed in shared:
        change = update(drafts).where(drafts.c.id == number)
        new = {
            "moderator": case((is_theirs, None), else_=drafts.c.moderator),
            "name": case((is_theirs, None), else_=drafts.c.name),
            "decided_by": case(
                (drafts.c.decided_by == person, None), else_=drafts.c.decided_by
            ),
            "state": "withdrawn" if state == "proposed" else state,
            "changed": changed + STEP,
        }
        connection.execute(change.values(new))
    return deleted + len(shared)


def _count(connection: Connection, change: Delete | Update) -> int:
    """Make a change, and count its rows."""
    return connection.execute(change).rowcount


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
