"""The records: what outlives a restart, in the words of those who use it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, select

from bot.records import tables
from bot.records.actions import Actions
from bot.records.channel_settings import Settings
from bot.records.corrections import Corrections
from bot.records.database import Database, Told, put
from bot.records.days import Days
from bot.records.drafts import Drafts
from bot.records.exchange import Exchange
from bot.records.forgetting import forget_old, forget_person
from bot.records.locks import Locks
from bot.records.people import MIN_SECRET, People, new_key
from bot.records.questions import Questions
from bot.records.shown import ShownAnswers
from bot.records.values import Forgotten, RecordsError
from bot.records.votes import Reports, Votes


class Records:
    """What outlives a restart, in a SQLite file or a PostgreSQL database.

    People's words are redacted and cut to what is kept, whatever they hold. People are
    kept as keyed hashes, but for those who wait to be told something, and moderators.
    `now` is the caller's clock and knows its zone; nothing here reads one. Several
    processes may use the same records.

    Every method raises RecordsError where the database fails or an id cannot be kept,
    and nothing else.
    """

    def __init__(self, database: Database, people: People) -> None:
        self._database = database
        self._people = people
        self.votes = Votes(database, people)
        self.reports = Reports(database, people)
        self.questions = Questions(database)
        self.shown = ShownAnswers(database, people)
        self.corrections = Corrections(database)
        self.settings = Settings(database)
        self.actions = Actions(database)
        self.drafts = Drafts(database)
        self.days = Days(database)
        self.exchange = Exchange(database)
        self._forgetting = asyncio.Lock()

    @classmethod
    @asynccontextmanager
    async def open(
        cls, where: str | Path, secret: str | None = None
    ) -> AsyncGenerator[Self]:
        """Open records, created or brought up to date where needed.

        `where` is a SQLite file, or an address that begins with `sqlite:///` or
        `postgresql://`. `secret` is what people's hashes are made with; None: one that
        is made up at first, and kept in the records themselves.

        Raises:
            RecordsError: They cannot be opened, are newer than this program, or were
                begun with another secret.
        """
        if secret is not None and len(secret) < MIN_SECRET:
            raise RecordsError(
                "The records' secret is too short to keep anything secret; give it "
                f"{MIN_SECRET} characters or more."
            )
        async with Database.open(where) as database:
            yield cls(database, await _people(database, secret))

    def tell(self, told: Told) -> None:
        """Tell of each transaction from now on."""
        self._database.told = told

    def locks(self, who: str) -> Locks:
        """What one process at a time may do, as `Database.locks` says."""
        return self._database.locks(who)

    async def delete_person(
        self, person: int, *, is_moderator: bool = False
    ) -> Forgotten:
        """Delete all that is kept of a person, and say what it was; one at a time.

        An answer shown in a guild stays, as does what a moderator did or decided, but
        not whose it was, unless they are a moderator still. What they proposed is
        withdrawn. Whoever waits for an answer no longer does.
        """
        async with self._forgetting:
            return await forget_person(
                self._database, self._people, person, is_moderator=is_moderator
            )

    async def keep_house(
        self, now: datetime, audit_days: int | None = None
    ) -> Forgotten:
        """Delete what is too old to be kept, and say what it was. Once a day will do.

        Settings are kept; so are moderators' actions, where `audit_days` is None.
        """
        return await forget_old(self._database, now, audit_days)


async def _people(database: Database, secret: str | None) -> People:
    """People as the records know them: by the given secret, or the records' own."""
    query = select(tables.key.c.value, tables.key.c.mark)
    made_up = new_key() if secret is None else None
    given = made_up or (secret or "").encode(errors="surrogatepass")

    def begin(connection: Connection) -> tuple[bytes | None, bytes]:
        # Where another process was first, its key is everyone's.
        row = {"id": 1, "value": made_up, "mark": People(given).mark()}
        put(connection, tables.key, ["id"], row, {"id": 1})
        value, mark = connection.execute(query).one()
        return value, mark

    found = await database.read(lambda on: on.execute(query).first())
    value, mark = found or await database.write(begin)
    if secret is None and value is not None:
        return People(value)
    if value is not None:
        raise RecordsError(
            "The records were begun without a secret: take the secret away again, or "
            "begin new records."
        )
    if secret is None or People(given).mark() != mark:
        raise RecordsError(
            "The records were begun with another secret: set that one again, or begin "
            "new records."
        )
    return People(given)
