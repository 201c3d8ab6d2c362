"""How often things happened on each day: figures, and nothing of people."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from sqlalchemy import ColumnElement, func, literal, select

from bot.records.database import Database, put_all
from bot.records.redaction import identifier
from bot.records.tables import days
from bot.records.values import Day


class Days:
    """Counters of a story's days. Kept for KEPT_DAYS."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, story: str, day: date, what: str, subject: str = "") -> None:
        """Count that something happened once more on a day, in UTC."""
        await self.add(story, [Day(day, what, subject, 1)])

    async def add(self, story: str, counted: Iterable[Day]) -> None:
        """Count what happened, all of it or nothing.

        What a day's `subject` names is never a person, nor their words.
        """
        often = Counter[tuple[date, str, str]]()
        for one in counted:
            subject = one.subject and identifier(one.subject)
            often[one.day, identifier(one.what), subject] += one.count
        name = identifier(story)
        rows = [
            {"story": name, "day": day, "what": what, "subject": about, "count": count}
            for (day, what, about), count in often.items()
        ]
        keys = ["story", "day", "what", "subject"]
        await self._database.write(
            lambda on: put_all(on, days, keys, rows, added=["count"])
        )

    async def between(self, story: str, first: date, last: date) -> tuple[Day, ...]:
        """What was counted from a day to another, both with; by day, and what.

        Whatever it was about is counted together, as nothing, `""`.
        """
        query = (
            select(days.c.day, days.c.what, literal(""), func.sum(days.c.count))
            .where(_is_within(story, first, last))
            .group_by(days.c.day, days.c.what)
        )
        found = await self._database.read(
            lambda on: [Day(*row[:3], int(row[3])) for row in on.execute(query)]
        )
        # Not by the database, as each sorts text in its own way.
        return tuple(sorted(found, key=lambda one: (one.day, one.what)))

    async def subjects(
        self, story: str, what: str, first: date, last: date
    ) -> dict[str, int]:
        """How often something happened from a day to another, by what it was about."""
        query = (
            select(days.c.subject, func.sum(days.c.count))
            .where(_is_within(story, first, last), days.c.what == identifier(what))
            .group_by(days.c.subject)
        )
        return await self._database.read(
            lambda on: {name: int(count) for name, count in on.execute(query)}
        )


def _is_within(story: str, first: date, last: date) -> ColumnElement[bool]:
    """Whether a count is a story's, of a day from one to another."""
    return (days.c.story == identifier(story)) & days.c.day.between(first, last)
