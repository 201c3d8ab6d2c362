"""Which messages show which answers, so that corrections reach those already given."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from sqlalchemy import Connection, bindparam, delete, insert, select

from bot.records.database import Database, put_all
from bot.records.people import People
from bot.records.redaction import clean, identifier
from bot.records.tables import shown, shown_facts
from bot.records.values import Answered, Message, Shown

MAX_BEGINS: Final = 1000
"""Characters that are kept of the name of what an answer begins with."""

_KEYS: Final = ("message", "story", "entry")


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
        await self.note_all([(answer, asker)])

    async def note_all(self, answers: Iterable[tuple[Shown, int | None]]) -> None:
        """Keep what messages show, and who asked; all of it, or nothing."""
        rows: dict[tuple[object, ...], tuple[Shown, Mapping[str, object]]] = {}
        for one, asker in answers:
            key = _key(one)
            hashed = None
            if asker is not None:
                hashed = self._people.of(asker, "shown", one.message.id)
            values = {
                **key,
                "revision": identifier(one.answer.revision),
                "guild": one.message.guild,
                "channel": one.message.channel,
                "asker": hashed,
                "at": one.at,
                "place": one.place,
                "closest": one.closest,
                "begins": clean(one.begins, MAX_BEGINS),
            }
            rows[tuple(key.values())] = one, values

        def work(connection: Connection) -> None:
            made = [values for _, values in rows.values()]
            put_all(connection, shown, _KEYS, made)
            put_facts(connection, [one for one, _ in rows.values()])

        await self._database.write(work)

    async def by(self, message: int) -> tuple[Shown, ...]:
        """The answers that a message shows; none where it is not known."""
        return await self._database.read(lambda on: shown_by(on, [message]))

    async def forget(self, *messages: int) -> bool:
        """Delete what messages show, as they were deleted; whether any was kept.

        Most messages that are deleted anywhere are not ours: a look writes nothing.
        """
        is_it = shown.c.message.in_(messages)
        query = select(shown.c.message).where(is_it).limit(1)
        if await self._database.read(lambda on: on.execute(query).first()) is None:
            return False
        return await self._database.count(delete(shown).where(is_it)) > 0


def _key(answer: Shown) -> dict[str, object]:
    return {
        "message": answer.message.id,
        "story": identifier(answer.answer.story),
        "entry": identifier(answer.answer.entry),
    }


def put_facts(connection: Connection, answers: Sequence[Shown]) -> None:
    """Write what shown answers rest on, in place of what they rested on before."""
    if not answers:
        return
    old = [shown_facts.c[name] == bindparam(f"old_{name}") for name in _KEYS]
    keys = [{f"old_{name}": one for name, one in _key(at).items()} for at in answers]
    connection.execute(delete(shown_facts).where(*old), keys)
    facts = [
        {**_key(answer), "position": position, "fact": identifier(fact)}
        for answer in answers
        for position, fact in enumerate(answer.facts)
    ]
    if facts:
        connection.execute(insert(shown_facts), facts)


def shown_by(connection: Connection, messages: Sequence[int]) -> tuple[Shown, ...]:
    """What messages show, the latest message first, each by place."""
    rows = connection.execute(
        select(
            *(shown.c.guild, shown.c.channel, shown.c.message),
            *(shown.c.story, shown.c.entry, shown.c.revision),
            *(shown.c.at, shown.c.place, shown.c.closest, shown.c.begins),
            shown_facts.c.fact,
        )
        .select_from(shown.outerjoin(shown_facts))
        .where(shown.c.message.in_(messages))
        .order_by(
            shown.c.message.desc(),
            *(shown.c.place, shown.c.story, shown.c.entry, shown_facts.c.position),
        )
    )
    found: list[Shown] = []
    for _, group in groupby(rows, lambda row: (row.message, row.story, row.entry)):
        first, *rest = group
        where = Message(first.guild, first.channel, first.message)
        answer = Answered(first.story, first.entry, first.revision)
        facts = tuple(row.fact for row in (first, *rest) if row.fact is not None)
        more = first.at, first.place, first.closest, first.begins
        found.append(Shown(where, answer, facts, *more))
    return tuple(found)
