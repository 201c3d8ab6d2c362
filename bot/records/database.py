"""A database, opened: its address, its file, its locks, and its errors in our words."""

import asyncio
import os
import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final, Self, TypeVar

from sqlalchemy import Connection, Delete, Table, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.records import migrations
from bot.records.locks import ConnectionLocks, FileLocks, Locks
from bot.records.ownership import inherited, make_folder
from bot.records.values import RecordsError

BUSY_SECONDS: Final = 3
"""Seconds that SQLite waits for another process's write; ours take milliseconds."""

CONNECT_SECONDS: Final = 10
"""Seconds in which PostgreSQL must accept a connection."""

COMMAND_SECONDS: Final = 60
"""Seconds after which a statement in PostgreSQL is given up: something is wrong."""

_PAUSES: Final = (0.1, 0.3, 0.9)
"""Seconds before each further attempt where another process was in the way."""

_PRAGMAS: Final = (
    f"busy_timeout = {BUSY_SECONDS * 1000}",
    "journal_mode = WAL",  # readers and a writer do not wait for each other
    "synchronous = NORMAL",  # with WAL, a lost commit at worst, never a broken file
    "foreign_keys = ON",
    "secure_delete = ON",  # what is deleted is overwritten
)

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

_HOW: Final = "receipts_begin"

T = TypeVar("T")

Told = Callable[[float, RecordsError | None], None]
"""Is told of a transaction the seconds it took, and why it failed."""


class Database:
    """An open database at the newest step. Its errors are RecordsErrors.

    `told` is told of each transaction the seconds it took, and why it failed.
    """

    told: Told | None = None

    def __init__(self, engine: AsyncEngine, name: str) -> None:
        self._engine = engine
        self._name = name

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
            yield database

    @classmethod
    @asynccontextmanager
    async def as_it_is(cls, where: str | Path) -> AsyncGenerator[Self]:
        """Open a database at whatever step it is, such as none.

        Raises:
            RecordsError: It cannot be opened.
        """
        engine, name = _engine(where)
        try:
            yield cls(engine, name)
        finally:
            await engine.dispose()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """What some work reads; it may be run more than once."""
        return await self._timed(self._transact(work, "BEGIN"))

    async def read_once(self, work: Callable[[Connection], T]) -> T:
        """What some work reads that cannot be begun again."""
        return await self._transact(work, "BEGIN", ())

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
        engine = self._engine
        if engine.dialect.name == "postgresql":
            return ConnectionLocks(engine, who)
        return FileLocks(Path(engine.url.database or ""), who)

    async def wipe(self) -> None:
        """See that what was deleted is gone from SQLite's log too, as far as possible.

        PostgreSQL looks after that itself (autovacuum).
        """
        if self._engine.dialect.name == "sqlite":
            with suppress(RecordsError):  # another process reads: its turn will come
                await self._transact(_empty_log, "")

    async def _transact(
        self,
        work: Callable[[Connection], T],
        begin: str,
        waits: Sequence[float] = _PAUSES,
    ) -> T:
        engine = self._engine.execution_options(**{_HOW: begin})
        pauses = iter(waits)
        while True:
            try:
                async with engine.begin() as connection:
                    return await connection.run_sync(work)
            except _FAILURES as error:
                if _is_of_values(error):  # the driver's own words would repeat them
                    raise RecordsError(
                        f"{self._name} was given what it cannot keep, such as a number "
                        "of more than 64 bits."
                    ) from None
                pause = next(pauses, None)
                if pause is None or not _passes(error):
                    raise RecordsError(self._sentence(error)) from error
            await asyncio.sleep(pause)

    def _sentence(self, error: Exception) -> str:
        if _passes(error):
            return f"{self._name} is busy with another process; try again later."
        cause = error.orig if isinstance(error, StatementError) else error
        said = cause.strerror if isinstance(cause, OSError) else str(cause)
        reason = (said or type(cause).__name__).strip().split("\n")[0].rstrip(".")
        return f"{self._name} cannot be used: {reason}."


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
    dialect = {"sqlite": sqlite, "postgresql": postgresql}[connection.dialect.name]
    connection.execute(
        dialect.insert(table)
        .values(**values)
        .on_conflict_do_update(index_elements=keys, set_=changes or values)
    )


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


def _engine(where: str | Path) -> tuple[AsyncEngine, str]:
    """An engine for a database, and what the database is called in a sentence."""
    if isinstance(where, Path):
        return _sqlite(where)
    try:
        url = make_url(where)
    except ArgumentError:
        raise RecordsError(_NO_ADDRESS) from None
    backend = url.get_backend_name()
    if backend == "sqlite" and url.database and url.database != ":memory:":
        return _sqlite(Path(url.database))
    if backend in {"postgres", "postgresql"}:
        return _postgresql(where)
    raise RecordsError(_NO_ADDRESS)


_NO_ADDRESS: Final = (
    "The records need the address of a database, such as sqlite:///records.sqlite3 or "
    "postgresql://user:password@host/name."
)


def _sqlite(path: Path) -> tuple[AsyncEngine, str]:
    name = f"The records file {path}"
    try:
        _create(path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise RecordsError(f"{name} cannot be opened: {reason}.") from error
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        # One connection, so that we never wait for ourselves; we begin transactions.
        pool_size=1,
        max_overflow=0,
        connect_args={"isolation_level": None},
        hide_parameters=True,
    )
    event.listen(engine.sync_engine, "connect", _connected)
    event.listen(engine.sync_engine, "begin", _begun)
    return engine, name


def _create(path: Path) -> None:
    """Create the file where there is none, for its owner's eyes only.

    OSError, too, where it is there and cannot be opened: aiosqlite would leave a thread
    behind, which fails when the event loop is closed.
    """
    make_folder(path.parent, 0o700)
    is_new = not path.exists()
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    if is_new:
        inherited(path)


def _connected(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begun(connection: Connection) -> None:
    """Begin as told: writers take their lock first, else two could block each other."""
    if begin := connection.get_execution_options().get(_HOW):
        connection.exec_driver_sql(begin)


def _postgresql(where: str) -> tuple[AsyncEngine, str]:
    # asyncpg reads the address itself: it knows libpq's options, such as sslmode.
    dsn = re.sub(r"^postgres(?:ql)?(?:\+\w+)?:", "postgresql:", where)
    try:
        engine = create_async_engine(
            "postgresql+asyncpg://",
            connect_args={
                "dsn": dsn,
                "timeout": CONNECT_SECONDS,
                "command_timeout": COMMAND_SECONDS,
            },
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ModuleNotFoundError:
        raise RecordsError(
            "Records in PostgreSQL need asyncpg, which is not installed: "
            "pip install --require-hashes -r requirements.txt"
        ) from None
    return engine, "The PostgreSQL database of the records"


def alone(connection: Connection) -> None:
    """Wait until no other process changes the schema, and keep it so until the end.

    SQLite's lock is held already where this is a write.
    """
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(:number)")
        connection.execute(lock, {"number": _MIGRATION_LOCK})


def _migrate(connection: Connection) -> None:
    alone(connection)
    migrations.upgrade(connection)


def _empty_log(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").all()


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
