"""Which messages show which answers, so that corrections reach those already given."""

from itertools import groupby

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from bot.records.database import Database, put
from bot.records.people import People
from bot.records.redaction import identifier
from bot.records.tables import shown, shown_facts
from bot.records.values import Answered, Message, Shown


class ShownAnswers:
    """What messages show; of who asked only a hash, by which they can be known again.

    Kept for KEPT_ANSWERS.
    """

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people

    async def note(self, answer: Shown, asker: int | None) -> None:
        """Keep that a message shows an answer, in place of what it showed of the entry.

        `asker` is None where nobody asked, or who did is not to be kept.
        """
        message = answer.message
        key = {
            "message": message.id,
            "story": identifier(answer.answer.story),
            "entry": identifier(answer.answer.entry),
        }
        hashed = None
        if asker is not None:
            hashed = self._people.of(asker, "shown", message.id)
        values = {
            **key,
            "revision": identifier(answer.answer.revision),
            "guild": message.guild,
            "channel": message.channel,
            "asker": hashed,
            "at": answer.at,
        }
        facts = [
            {**key, "position": position, "fact": identifier(fact)}
            for position, fact in enumerate(answer.facts)
        ]

        def work(connection: Connection) -> None:
            put(connection, shown, list(key), values)
            old = [shown_facts.c[name] == value for name, value in key.items()]
            connection.execute(delete(shown_facts).where(*old))
            if facts:
                connection.execute(insert(shown_facts), facts)

        await self._database.write(work)

    async def by(self, message: int) -> tuple[Shown, ...]:
        """The answers that a message shows; none where it is not known."""
        return await self._find(shown.c.message == message)

    async def with_entry(
        self, story: str, entry: str, limit: int = 1000, before: int | None = None
    ) -> tuple[Shown, ...]:
        """Where an entry is shown, latest message first.

        At most `limit` messages; where `before` is a message, those older than it.
        """
        is_it = and_(
            shown.c.story == identifier(story), shown.c.entry == identifier(entry)
        )
        return await self._find(is_it, limit, before)

    async def forget(self, message: int) -> bool:
        """Delete what a message shows, as it was deleted; whether anything was kept."""
        return (
            await self._database.count(delete(shown).where(shown.c.message == message))
            > 0
        )

    async def _find(
        self, condition: ColumnElement[bool], limit: int = 1, before: int | None = None
    ) -> tuple[Shown, ...]:
        if before is not None:
            condition &= shown.c.message < before
        latest = shown.c.message.desc()
        messages = (
            select(shown.c.message).where(condition).distinct().order_by(latest)
        ).limit(limit)
        query = (
            select(
                shown.c.guild,
                shown.c.channel,
                shown.c.message,
                shown.c.story,
                shown.c.entry,
                shown.c.revision,
                shown.c.at,
                shown_facts.c.fact,
            )
            .select_from(shown.outerjoin(shown_facts))
            .where(condition, shown.c.message.in_(messages))
            .order_by(latest, shown.c.story, shown.c.entry, shown_facts.c.position)
        )

        def work(connection: Connection) -> tuple[Shown, ...]:
            rows = connection.execute(query)
            return tuple(
                Shown(
                    Message(*key[:3]),
                    Answered(*key[3:6]),
                    tuple(row.fact for row in some if row.fact is not None),
                    key[6],
                )
                for key, some in groupby(rows, lambda row: row[:7])
            )

        return await self._database.read(work)
