"""What people were told and is corrected: which messages, and what became of each."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    and_,
    exists,
    func,
    insert,
    literal,
    select,
    tuple_,
    union,
    update,
)

from bot.records.database import Database
from bot.records.redaction import clean, identifier
from bot.records.shown import put_facts, shown_by
from bot.records.tables import corrected, corrections, days, shown, shown_facts
from bot.records.values import (
    CORRECTED,
    Altered,
    Begun,
    CorrectedState,
    Correction,
    Due,
    Shown,
)

MAX_NOTE: Final = 300
"""Characters that are kept of what people read of a correction, and of its title."""

PRIVATE: Final = "private"
"""As what it is counted that an entry was shown to one person alone."""

_AGAIN: Final = ("archived", "refused", "stopped")
_waits = corrected.c.state == "waiting"


class Corrections:
    """Corrections of what messages show. Kept for KEPT_ANSWERS, as those are."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, story: str, altered: Altered, now: datetime) -> int:
        """How many messages show some of what is altered, and may be corrected."""
        showing = _showing(story, altered, now).subquery()
        query = select(func.count(showing.c.message.distinct()))
        return await self._database.read(lambda on: on.scalar(query)) or 0

    async def begin(self, begun: Begun, now: datetime) -> bool:
        """Keep that what messages show is to be corrected; a draft's only once."""
        draft = select(corrections.c.id).where(corrections.c.draft == begun.draft)

        def work(connection: Connection) -> bool:
            if connection.scalar(draft) is not None:
                return False
            _begin(connection, begun, now)
            return True

        return await self._database.write(work)

    async def latest(self, story: str, limit: int = 10) -> tuple[Correction, ...]:
        """The latest corrections of a story, latest first."""
        is_it = corrections.c.story == identifier(story)
        return await self._database.read(lambda on: _found(on, is_it, limit))

    async def open(self, story: str) -> tuple[Correction, ...]:
        """The corrections of a story that are not finished, latest first."""
        is_it = corrections.c.story == identifier(story)
        is_open = corrections.c.finished.is_(None)
        return await self._database.read(lambda on: _found(on, is_it & is_open))

    async def due(self, ids: Collection[int], limit: int = 100) -> tuple[Due, ...]:
        """The messages that wait for some corrections, the latest first."""
        is_due = _waits & corrected.c.correction.in_(ids)
        latest = corrected.c.message.desc()
        query = select(corrected.c.message).where(is_due).distinct().order_by(latest)

        def work(connection: Connection) -> tuple[Due, ...]:
            messages = connection.scalars(query.limit(limit)).all()
            return _due(connection, messages, ids)

        return await self._database.read(work)

    async def done(self, due: Due, now_shown: Iterable[Shown]) -> None:
        """Keep that a message was corrected, and what it shows of those entries now."""
        mine = _of(due)

        def work(connection: Connection) -> None:
            connection.execute(update(corrected).where(mine).values(state="done"))
            for one in now_shown:
                is_it = and_(
                    shown.c.message == one.message.id,
                    shown.c.story == identifier(one.answer.story),
                    shown.c.entry == identifier(one.answer.entry),
                )
                revision = identifier(one.answer.revision)
                change = update(shown).where(is_it).values(revision=revision)
                if connection.execute(change).rowcount:  # not deleted meanwhile
                    put_facts(connection, [one])

        await self._database.write(work)

    async def leave(self, due: Due, state: CorrectedState) -> None:
        """Keep why a message is not corrected."""
        change = update(corrected).where(_of(due)).values(state=state)
        await self._database.write(lambda on: on.execute(change).close())

    async def turn(
        self, correction: int, now: datetime, *, stop: bool
    ) -> Correction | None:
        """Stop a correction; or have all it could not do tried again. As it is then."""
        mine = corrected.c.correction == correction
        left = mine & (_waits if stop else corrected.c.state.in_(_AGAIN))
        state = "stopped" if stop else "waiting"
        is_it = corrections.c.id == correction

        def work(connection: Connection) -> Correction | None:
            change = update(corrected).where(left).values(state=state)
            if connection.execute(change).rowcount:
                finished = now if stop else None
                connection.execute(
                    update(corrections).where(is_it).values(finished=finished)
                )
            return next(iter(_found(connection, is_it)), None)

        return await self._database.write(work)

    async def finish(self, story: str, now: datetime) -> tuple[Correction, ...]:
        """Those corrections of a story of which nothing waits any more, each once."""
        waits = exists().where(_waits, corrected.c.correction == corrections.c.id)
        is_over = and_(
            corrections.c.story == identifier(story),
            corrections.c.finished.is_(None),
            ~waits,
        )
        query = select(corrections.c.id).where(is_over)

        def work(connection: Connection) -> tuple[Correction, ...]:
            ids = connection.scalars(query).all()
            mine = corrections.c.id.in_(ids)
            connection.execute(update(corrections).where(mine).values(finished=now))
            return _found(connection, mine)

        if not await self._database.read(lambda on: on.scalars(query).all()):
            return ()
        return await self._database.write(work)


def _showing(
    story: str, altered: Altered, now: datetime
) -> CompoundSelect[int, str, str]:
    """What was shown lately of what is altered: messages, their story and entries.

    Two queries in one, as no index serves both; the second names no story but with its
    facts, else SQLite goes through all that the story showed.
    """
    facts = [identifier(one) for one in altered.facts]
    entries = [identifier(one) for one in altered.entries]
    lately = select(shown.c.message, shown.c.story, shown.c.entry).where(
        shown.c.at >= now - CORRECTED
    )
    is_told = (shown.c.story == identifier(story)) & shown.c.entry.in_(entries)
    rests = select(shown_facts.c.message, shown_facts.c.story, shown_facts.c.entry)
    rests = rests.where(
        shown_facts.c.story == identifier(story), shown_facts.c.fact.in_(facts)
    )
    return union(
        lately.where(is_told),
        lately.where(tuple_(*shown.primary_key).in_(rests)),
    )


def _begin(connection: Connection, begun: Begun, now: datetime) -> None:
    values = {
        "story": identifier(begun.story),
        "draft": begun.draft,
        "title": clean(begun.title, MAX_NOTE),
        "note": clean(begun.note, MAX_NOTE),
        "before": begun.before and identifier(begun.before),
        "at": now,
        "messages": 0,
        "private": 0,
    }
    row = insert(corrections).values(values).returning(corrections.c.id)
    number = connection.execute(row).scalar_one()
    showing = _showing(begun.story, begun.altered, now).subquery()
    wanted = select(literal(number), *showing.c, literal("waiting"))
    names = ["correction", "message", "story", "entry", "state"]
    connection.execute(insert(corrected).from_select(names, wanted))
    mine = corrected.c.correction == number
    entries = connection.scalars(select(corrected.c.entry).where(mine).distinct())
    subjects = {*begun.altered.entries, *entries}
    alone = select(func.coalesce(func.sum(days.c.count), 0)).where(
        days.c.story == identifier(begun.story),
        days.c.what == PRIVATE,
        days.c.subject.in_(subjects),
        days.c.day >= (now - CORRECTED).date(),
    )
    count = select(func.count(corrected.c.message.distinct())).where(mine)
    counts = {
        "messages": connection.scalar(count),
        "private": int(connection.scalar(alone) or 0),
    }
    change = update(corrections).where(corrections.c.id == number)
    connection.execute(change.values(counts))


def _of(due: Due) -> ColumnElement[bool]:
    """What waits of a message."""
    return and_(
        corrected.c.message == due.message.id,
        corrected.c.correction.in_(due.corrections),
        _waits,
    )


def _due(
    connection: Connection, messages: Collection[int], ids: Collection[int]
) -> tuple[Due, ...]:
    if not messages:
        return ()
    told = (
        select(
            *(corrected.c.message, corrected.c.entry, corrected.c.state),
            *(corrections.c.id, corrections.c.at, corrections.c.note),
        )
        .join(corrections, corrections.c.id == corrected.c.correction)
        .where(
            corrected.c.message.in_(messages),
            corrected.c.state.in_(("waiting", "done")),
        )
        .order_by(corrections.c.id)
    )
    notes = defaultdict[int, dict[str, list[tuple[datetime, str]]]](dict)
    waiting = defaultdict[int, set[tuple[str, int]]](set)
    for row in connection.execute(told):
        if row.state == "waiting" and row.id not in ids:
            continue
        notes[row.message].setdefault(row.entry, []).append((row.at, row.note))
        if row.state == "waiting":
            waiting[row.message].add((row.entry, row.id))
    every = defaultdict[int, list[Shown]](list)
    for one in shown_by(connection, list(messages)):
        every[one.message.id].append(one)
    return tuple(
        Due(
            every[message][0].message,
            tuple(every[message]),
            {entry: tuple(found) for entry, found in notes[message].items()},
            frozenset(entry for entry, _ in waiting[message]),
            frozenset(number for _, number in waiting[message]),
        )
        for message in messages
        if every[message]
    )


def _found(
    connection: Connection, is_it: ColumnElement[bool], limit: int = 100
) -> tuple[Correction, ...]:
    latest = corrections.c.id.desc()
    query = select(corrections).where(is_it).order_by(latest).limit(limit)
    rows = connection.execute(query).mappings().all()
    counts = defaultdict[int, dict[str, int]](dict)
    by_state = (
        select(
            corrected.c.correction,
            corrected.c.state,
            func.count(corrected.c.message.distinct()),
        )
        .where(corrected.c.correction.in_([row["id"] for row in rows]))
        .group_by(corrected.c.correction, corrected.c.state)
    )
    for number, state, count in connection.execute(by_state):
        counts[number][state] = count
    return tuple(Correction(**row, states=counts[row["id"]]) for row in rows)
