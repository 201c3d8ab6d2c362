"""How often things happened on each day: figures, and nothing of people."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

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
        """What was counted from a day to another, both with; by day, what, subject."""
        query = (
            select(days.c.day, days.c.what, days.c.subject, days.c.count)
            .where(
                days.c.story == identifier(story),
                days.c.day >= first,
                days.c.day <= last,
            )
            .order_by(days.c.day)
        )
        found = await self._database.read(
            lambda on: [Day(*row) for row in on.execute(query)]
        )
        # Not by the database, as each sorts text in its own way.
        return tuple(sorted(found, key=lambda one: (one.day, one.what, one.subject)))
