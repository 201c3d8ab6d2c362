"""How often things happened on each day: figures, and nothing of people."""

from datetime import date

from sqlalchemy import select

from bot.records.database import Database, put
from bot.records.redaction import identifier
from bot.records.tables import days
from bot.records.values import Day


class Days:
    """Counters of a story's days. Kept for KEPT_DAYS."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, story: str, day: date, what: str, subject: str = "") -> None:
        """Count that something happened once more on a day, in UTC.

        `what` is an id such as `answer`, `subject` what it was about, such as the id of
        an entry; never a person, nor their words.
        """
        values = {
            "story": identifier(story),
            "day": day,
            "what": identifier(what),
            "subject": subject and identifier(subject),
            "count": 1,
        }
        more = {"count": days.c.count + 1}
        keys = ["story", "day", "what", "subject"]
        await self._database.write(lambda on: put(on, days, keys, values, more))

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
