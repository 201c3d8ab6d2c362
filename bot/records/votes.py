"""Votes on answers, and reports of messages."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, case, delete, func, insert, select, update

from bot.records.database import Database, put
from bot.records.people import People
from bot.records.redaction import identifier, redact
from bot.records.tables import objections, reports, shown, tallies, votes
from bot.records.values import (
    LAST,
    Answered,
    Message,
    Objection,
    Report,
    Tally,
    Verdict,
)

MAX_REASON: Final = 1000
"""Characters of a reason that are kept."""


class Votes:
    """Whether people found answers helpful: one changeable vote a person and entry."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    async def cast(
        self,
        answer: Answered,
        person: int,
        verdict: Verdict,
        now: datetime,
        reason: str = "",
    ) -> None:
        """Keep a person's vote, in place of their earlier one on the same entry."""
        story, entry = identifier(answer.story), identifier(answer.entry)
        values = {
            "story": story,
            "entry": entry,
            "person": self._people.of(person, "vote", story, entry),
            "revision": identifier(answer.revision),
            "verdict": verdict,
            "reason": redact(reason, MAX_REASON),
            "at": now,
        }
        keys = ["story", "entry", "person"]
        key = {name: values[name] for name in keys}
        is_it = [objections.c[name] == value for name, value in key.items()]
        before = select(votes.c.verdict).where(
            *(votes.c[name] == value for name, value in key.items())
        )
        none = {"story": story, "entry": entry, "helpful": 0, "wrong": 0}

        def work(connection: Connection) -> None:
            # An entry's votes are cast one after another, so that none counts twice.
            same = {"helpful": tallies.c.helpful}
            put(connection, tallies, ["story", "entry"], none, same)
            counts = Counter({(story, entry, verdict): 1})
            counts[story, entry, connection.scalar(before) or ""] -= 1
            count_votes(connection, counts)
            put(connection, votes, keys, values)
            connection.execute(delete(objections).where(*is_it))
            if verdict == "wrong" and values["reason"]:
                connection.execute(insert(objections).values(**key))

        await self._database.write(work)

    async def tallies(self, story: str) -> Mapping[str, Tally]:
        """The votes on each entry of a story that has any, by its id."""
        query = select(tallies.c.entry, tallies.c.helpful, tallies.c.wrong).where(
            tallies.c.story == identifier(story),
            (tallies.c.helpful > 0) | (tallies.c.wrong > 0),
        )
        return await self._database.read(
            lambda on: {
                entry: Tally(helpful, wrong)
                for entry, helpful, wrong in on.execute(query)
            }
        )

    async def objections(
        self, story: str, limit: int = 100, before: int = LAST
    ) -> tuple[Objection, ...]:
        """The reasons given with votes that an answer is wrong, latest first.

        Those that were settled are left out. At most `limit`, and only those before the
        id `before`.
        """
        query = (
            select(
                objections.c.id,
                votes.c.entry,
                votes.c.revision,
                votes.c.reason,
                votes.c.at,
            )
            .select_from(objections.join(votes))
            .where(objections.c.story == identifier(story), objections.c.id < before)
        )
        query = query.order_by(objections.c.id.desc()).limit(limit)
        return await self._database.read(
            lambda on: tuple(
                Objection(number, Answered(story, entry, revision), reason, at)
                for number, entry, revision, reason, at in on.execute(query)
            )
        )

    async def settle(self, objection: int) -> bool:
        """Leave an objection out from now on; whether it was still there.

        The vote counts as before.
        """
        is_it = objections.c.id == objection
        return await self._database.count(delete(objections).where(is_it)) > 0


def count_votes(
    connection: Connection, counts: Mapping[tuple[str, str, str], int]
) -> None:
    """Count so many more votes; by story, entry and verdict. Not where none ever was.

    In order, so that no two who do wait for each other.
    """
    for (story, entry, verdict), count in sorted(counts.items()):
        if verdict and count:
            is_it = (tallies.c.story == story) & (tallies.c.entry == entry)
            more = {verdict: tallies.c[verdict] + count}
            connection.execute(update(tallies).where(is_it).values(more))


class Reports:
    """Messages that people reported: one changeable report a person and message."""

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    async def add(
        self, message: Message, person: int, reason: str, now: datetime
    ) -> None:
        """Keep a person's report, in place of their earlier one of the same message."""
        values = {
            "guild": message.guild,
            "channel": message.channel,
            "message": message.id,
            "person": self._people.of(person, "report", message.id),
            "reason": redact(reason, MAX_REASON),
            "at": now,
        }
        await self._database.write(lambda on: put(on, reports, ["person"], values))

    async def open(
        self, story: str, limit: int = 100, before: int = LAST
    ) -> tuple[Report, ...]:
        """The reports that were not closed, latest first.

        Of messages that show answers of other stories alone, there are none. At most
        `limit`, and only those before the id `before`.
        """
        is_ours = case((shown.c.story == identifier(story), 1), else_=0)
        # One by one, for as many as are wanted: a whole table might be gone through.
        shows = select(func.max(is_ours)).where(shown.c.message == reports.c.message)
        query = select(
            reports.c.id,
            reports.c.guild,
            reports.c.channel,
            reports.c.message,
            reports.c.reason,
            reports.c.at,
        ).where(
            reports.c.id < before,
            func.coalesce(shows.scalar_subquery(), 1) == 1,
        )
        query = query.order_by(reports.c.id.desc()).limit(limit)
        return await self._database.read(
            lambda on: tuple(
                Report(id_, Message(guild, channel, message), reason, at)
                for id_, guild, channel, message, reason, at in on.execute(query)
            )
        )

    async def close(self, report: int) -> bool:
        """Delete a report that was dealt with; whether it was still there."""
        return (
            await self._database.count(delete(reports).where(reports.c.id == report))
            > 0
        )
