"""A database, opened: its address, its file, its locks, and its errors in our words."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import chain, repeat
from pathlib import Path
from typing import Final, Self, TypeVar

from sqlalchemy import Connection, Delete, Table, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.records import migrations, space
from bot.records.engines import HOW, engines, reason
from bot.records.locks import ConnectionLocks, FileLocks, Locks
from bot.records.values import RecordsError, UnfitError

_PAUSES: Final = (0.1, 0.3, 0.9)
"""Seconds before each further attempt where another process was in the way."""

_AGAIN: Final = 5.0
"""Seconds between attempts to empty SQLite's log, once those were in vain."""

# What SQLite says where another process holds the file (BUSY, LOCKED), and PostgreSQL
# where two transactions were in each other's way.
# Source: https://www.sqlite.org/rescode.html
# and https://www.postgresql.org/docs/current/errcodes-appendix.html
_SQLITE_PASSING: Final = {5, 6}
_POSTGRESQL_PASSING: Final = {"40001", "40P01", "55P03"}

# OSError: there is no way to the server. OverflowError: SQLite's, of large numbers.
_FAILURES: Final = (StatementError, PoolTimeoutError, OSError, OverflowError)

_MIGRATION_LOCK: Final = 0x52656365
"""An advisory lock's number, of no meaning but that it is ours."""

T = TypeVar("T")

Told = Callable[[float, RecordsError | None], None]
"""Is told of a transaction the seconds it took, and why it failed."""


class Database:
    """An open database at the newest step. Its errors are RecordsErrors.

    `told` is told of each transaction the seconds it took, and why it failed.
    """

    told: Told | None = None

    def __init__(self, engine: AsyncEngine, reader: AsyncEngine, name: str) -> None:
        self._engine, self._reader = engine, reader
        self._name = name
        is_file = engine.dialect.name == "sqlite"
        self._file = Path(engine.url.database or "") if is_file else None
        self._identity = _identity(self._file)
        self._wiping: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls, where: str | Path) -> AsyncGenerator[Self]:
        """Open a database and bring it to the newest step, alone if others start too.

        Raises:
            RecordsError: It cannot be opened, or is newer than this program.
        """
        async with cls.as_it_is(where) as database:
            if await database.read(migrations.version) != migrations.HEAD:
                await database.write(_migrate)
            await database.begin_giving_back()
            yield database

    @classmethod
    @asynccontextmanager
    async def as_it_is(cls, where: str | Path) -> AsyncGenerator[Self]:
        """Open a database at whatever step it is, such as none.

        Raises:
            RecordsError: It cannot be opened.
        """
        engine, reader, name = engines(where)
        database = cls(engine, reader, name)
        try:
            yield database
        finally:
            database._closing.set()
            if database._wiping:
                await database._wiping
            await reader.dispose()
            await engine.dispose()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What some work reads; it may be run more than once."""
        return await self._timed(self._transact(work, "BEGIN", self._reader))

    async def read_once(self, work: Callable[[Connection], T]) -> T:
        """What some work reads that cannot be begun again."""
        return await self._transact(work, "BEGIN", self._reader, ())

    async def write(self, work: Callable[[Connection], T]) -> T:
        """What some work gives; what it wrote is kept whole, or not at all.

        It may be run more than once, where another process was in the way.
        """
        return await self._timed(self._transact(work, "BEGIN IMMEDIATE"))

    async def _timed(self, work: Awaitable[T]) -> T:
        loop, why = asyncio.get_running_loop(), None
        begun = loop.time()
        try:
            return await work
        except RecordsError as error:
            why = error
            raise
        finally:
            if self.told:
                self.told(loop.time() - begun, why)

    async def count(self, change: Delete) -> int:
        """Delete, and say how many rows it was."""
        return await self.write(lambda connection: connection.execute(change).rowcount)

    def locks(self, who: str) -> Locks:
        """The locks of all that use the same database; `who` is told of this process.

        Whoever takes one closes them in the end, before the database.
        """
        if self._file:
            return FileLocks(self._file, who)
        return ConnectionLocks(self._engine, who)

    async def wipe(self) -> None:
        """See that what was deleted is gone from SQLite's log too.

        While somebody reads, it cannot be: it is then tried again, beside all else, as
        long as the database is open. PostgreSQL looks after that itself (autovacuum).
        """
        if not self._file or await self._has_emptied_log():
            return
        if self._wiping is None or self._wiping.done():
            self._wiping = asyncio.create_task(self._wipe_later())

    async def _wipe_later(self) -> None:
        for pause in chain(_PAUSES, repeat(_AGAIN)):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closing.wait(), pause)
            if self._closing.is_set() or await self._has_emptied_log():
                return

    async def _has_emptied_log(self) -> bool:
        with suppress(RecordsError):
            return await self._transact(space.empty_log, "", waits=())
        return False

    async def give_back(self) -> None:
        """Give most of the space back that a SQLite file has free, a little at a time.

        A tenth is left for what will be written; PostgreSQL looks after that itself.
        """
        if self._file:
            while await self.write(space.shorten):  # noqa: ASYNC110 - nobody tells when
                await asyncio.sleep(0.01)

    async def begin_giving_back(self) -> None:
        """Write a SQLite file of an older version anew, so that it can give space back.

        Where that cannot be, as the disk is full or another process reads, it is used
        as it is.
        """
        if self._file and not await self.read(space.gives_back):
            with suppress(RecordsError):
                await self._transact(space.rewrite, "")

    async def _transact(
        self,
        work: Callable[[Connection], T],
        begin: str,
        engine: AsyncEngine | None = None,
        waits: Sequence[float] = _PAUSES,
    ) -> T:
        engine = (engine or self._engine).execution_options(**{HOW: begin})
        pauses = iter(waits)
        while True:
            # What is written to a file without a name is gone with this process.
            if _identity(self._file) != self._identity:
                raise RecordsError(
                    f"{self._name} was deleted, moved or replaced while it was in use. "
                    "Put it back; or stop the bot, and restore a backup."
                )
            try:
                async with engine.begin() as connection:
                    return await connection.run_sync(work)
            except _FAILURES as error:
                if _is_of_values(error):  # the driver's own words would repeat them
                    raise UnfitError(
                        f"{self._name} was given what it cannot keep, such as a number "
                        "of more than 64 bits."
                    ) from None
                pause = next(pauses, None)
                if pause is None or not _passes(error):
                    raise RecordsError(self._sentence(error)) from error
            await asyncio.sleep(pause)

    def _sentence(self, error: Exception) -> str:
        if isinstance(error, PoolTimeoutError):
            return f"{self._name} is busy: all connections were, for half a minute."
        if _passes(error):
            return f"{self._name} is busy with another process; try again later."
        return f"{self._name} cannot be used: {reason(error)}."


def put(
    connection: Connection,
    table: Table,
    keys: Sequence[str],
    values: Mapping[str, object],
    changes: Mapping[str, object] | None = None,
) -> None:
    """Insert a row, or change the one that has the same keys.

    `changes` are what is changed there; None: all the values.
    """
    connection.execute(upsert(connection, table, keys, values, changes))


def upsert(
    connection: Connection,
    table: Table,
    keys: Sequence[str],
    values: Mapping[str, object],
    changes: Mapping[str, object] | None = None,
) -> postgresql.Insert | sqlite.Insert:
    """What `put` does, as a statement."""
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[connection.dialect.name]
    new = dialect.insert(table).values(**values)
    return new.on_conflict_do_update(index_elements=keys, set_=changes or values)


def put_all(
    connection: Connection,
    table: Table,
    keys: Sequence[str],
    rows: Sequence[Mapping[str, object]],
    added: Sequence[str] = (),
) -> None:
    """Insert rows, or change those that have the same keys; `added` are summed there.

    In the order of their keys, so that two processes never wait for each other.
    """
    if not rows:
        return
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[connection.dialect.name]
    new = dialect.insert(table)
    changes = {
        name: table.c[name] + new.excluded[name]
        if name in added
        else new.excluded[name]
        for name in rows[0]
    }
    connection.execute(
        new.on_conflict_do_update(index_elements=keys, set_=changes),
        sorted(rows, key=lambda row: [str(row[key]) for key in keys]),
    )


def file_of(where: str | Path) -> Path | None:
    """The file of a SQLite database; None for what is none."""
    if isinstance(where, Path):
        return where
    with suppress(ArgumentError):
        url = make_url(where)
        if url.get_backend_name() == "sqlite" and url.database not in {
            None,
            ":memory:",
        }:
            return Path(url.database or "")
    return None


def shown(where: str | Path) -> str:
    """What a database is called where people read it; no password is told.

    >>> shown("postgresql://receipts:secret@db/receipts")
    'the PostgreSQL database receipts on db'
    """
    if file := file_of(where):
        return str(file)
    with suppress(ArgumentError):
        url = make_url(str(where))
        host = url.host or "this machine"
        return f"the PostgreSQL database {url.database} on {host}"
    return "the database"


def alone(connection: Connection) -> None:
    """Wait until no other process changes the schema, and keep it so until the end.

    SQLite's lock is held already where this is a write.
    """
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(:number)")
        connection.execute(lock, {"number": _MIGRATION_LOCK})


def _identity(file: Path | None) -> tuple[int, int] | None:
    """What a file is known by, whatever its name; None where there is none."""
    with suppress(OSError):
        found = file and file.stat()
        return found and (found.st_dev, found.st_ino)
    return None


def _migrate(connection: Connection) -> None:
    alone(connection)
    migrations.upgrade(connection)


def _is_of_values(error: Exception) -> bool:
    """Whether what was given is at fault, not the database.

    It is a number that is too large: all else is seen to before.
    """
    data_exception = "22"  # PostgreSQL's class of errors
    cause = error.orig if isinstance(error, StatementError) else None
    code = str(getattr(cause, "sqlstate", ""))
    return isinstance(error, OverflowError) or code.startswith(data_exception)


def _passes(error: Exception) -> bool:
    """Whether what went wrong may go right a moment later."""
    cause = error.orig if isinstance(error, StatementError) else None
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    return (
        code in _SQLITE_PASSING
        or getattr(cause, "sqlstate", None) in _POSTGRESQL_PASSING
    )
