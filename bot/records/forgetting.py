"""What is deleted: all of a person when they ask for it, and what is too old."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Final, TypeVar

from sqlalchemy import Connection, Delete, Update, case, delete, select, update

from bot.records.database import Database
from bot.records.drafts import STEP
from bot.records.people import People
from bot.records.tables import (
    actions,
    corrections,
    days,
    drafts,
    questions,
    reports,
    shown,
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

_AT_ONCE: Final = 500
"""Rows that are looked at, or named in a statement, at once."""

T = TypeVar("T")


async def forget_person(
    database: Database, people: People, person: int, *, is_moderator: bool
) -> Forgotten:
    """Delete all of a person, at once, and say what it was.

    What a moderator did and decided keeps their name; what they propose is withdrawn.

    Only the key can tell which rows are theirs, so everything that people voted on,
    reported or asked for is gone through, a little at a time.
    """

    def voted(connection: Connection) -> list[bytes]:
        query = select(votes.c.story, votes.c.entry).distinct()
        rows = connection.execute(query)
        return [people.of(person, "vote", story, entry) for story, entry in rows]

    def reported(connection: Connection) -> list[bytes]:
        messages = connection.scalars(select(reports.c.message).distinct())
        return [people.of(person, "report", message) for message in messages]

    their_votes = await database.read(voted)
    their_reports = await database.read(reported)
    asked = await _asked(database, people, person)
    did = update(actions).where(actions.c.moderator == person)
    unsigned = did.values(moderator=None, name=None)

    def work(connection: Connection) -> Forgotten:
        return Forgotten(
            votes=sum(
                _count(connection, delete(votes).where(votes.c.person.in_(some)))
                for some in _chunks(their_votes)
            ),
            reports=sum(
                _count(connection, delete(reports).where(reports.c.person.in_(some)))
                for some in _chunks(their_reports)
            ),
            shown=sum(_forget_asker(connection, some) for some in _chunks(asked)),
            waiting=_count(
                connection, delete(waiting).where(waiting.c.person == person)
            ),
            actions=0 if is_moderator else _count(connection, unsigned),
            drafts=_forget_drafts(connection, person, is_moderator=is_moderator),
        )

    forgotten = await database.write(work)
    await database.wipe()
    return forgotten


async def forget_old(database: Database, now: datetime) -> Forgotten:
    """Delete what was kept for as long as it may be, and say what it was."""
    old, unanswered = now - KEPT_ANSWERS, questions.c.last < now - KEPT_QUESTIONS
    gone = select(questions.c.id).where(unanswered)
    is_open = questions.c.state == "open"
    # So that the words of what is settled are known again when they are typed again.
    settled = update(questions).where(unanswered, ~is_open).values(text="")
    today = now.astimezone(UTC).date()

    def work(connection: Connection) -> Forgotten:
        connection.execute(settled)
        connection.execute(delete(corrections).where(corrections.c.at < old))
        return Forgotten(
            votes=_count(connection, delete(votes).where(votes.c.at < old)),
            reports=_count(connection, delete(reports).where(reports.c.at < old)),
            shown=_count(connection, delete(shown).where(shown.c.at < old)),
            waiting=_count(
                connection, delete(waiting).where(waiting.c.question.in_(gone))
            ),
            questions=_count(
                connection,
                delete(questions).where(unanswered, is_open | (questions.c.last < old)),
            ),
            drafts=_count(
                connection, delete(drafts).where(drafts.c.changed < now - KEPT_DRAFTS)
            ),
            days=_count(connection, delete(days).where(days.c.day < today - KEPT_DAYS)),
        )

    forgotten = await database.write(work)
    await database.wipe()
    return forgotten


async def _asked(database: Database, people: People, person: int) -> list[int]:
    """The messages that a person asked for.

    All that a message shows has one asker, so one row of each will do.
    """
    found: set[int] = set()
    last = -1

    def work(connection: Connection) -> list[tuple[int, bytes | None]]:
        query = (
            select(shown.c.message, shown.c.asker)
            .where(shown.c.message > last, shown.c.asker.is_not(None))
            .order_by(shown.c.message)
            .limit(_AT_ONCE)
        )
        return [(message, asker) for message, asker in connection.execute(query)]

    while rows := await database.read(work):
        last = rows[-1][0]
        found |= {
            message
            for message, asker in rows
            if asker == people.of(person, "shown", message)
        }
    return sorted(found)


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
        values = {
            "moderator": case((is_theirs, None), else_=drafts.c.moderator),
            "name": case((is_theirs, None), else_=drafts.c.name),
            "decided_by": case(
                (drafts.c.decided_by == person, None), else_=drafts.c.decided_by
            ),
            "state": "withdrawn" if state == "proposed" else state,
            "changed": changed + STEP,
        }
        connection.execute(change.values(values))
    return deleted + len(shared)


def _count(connection: Connection, change: Delete | Update) -> int:
    """Make a change, and count its rows."""
    return connection.execute(change).rowcount


def _chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
