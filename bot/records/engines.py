"""A database's address → connections to it, as each kind of database needs them."""

import os
import re
import ssl
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import Connection, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, StatementError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.records.ownership import inherited, make_folder
from bot.records.values import RecordsError

BUSY_SECONDS: Final = 3
"""Seconds that SQLite waits for another process's write; ours take milliseconds."""

CONNECT_SECONDS: Final = 10
"""Seconds in which PostgreSQL must accept a connection."""

COMMAND_SECONDS: Final = 60
"""Seconds after which a statement in PostgreSQL is given up: something is wrong."""

PATIENCE: Final = f"busy_timeout = {BUSY_SECONDS * 1000}"

_PRAGMAS: Final = (
    "auto_vacuum = INCREMENTAL",  # before all else: a file is begun with it, or not
    PATIENCE,
    "journal_mode = WAL",  # readers and a writer do not wait for each other
    "synchronous = NORMAL",  # with WAL, a lost commit at worst, never a broken file
    "foreign_keys = ON",
    "secure_delete = ON",  # what is deleted is overwritten
)

_READERS: Final = 2
"""SQLite's connections for reading: one may read long, and another shortly."""

CONNECTIONS: Final = 10
"""Connections to PostgreSQL that there may be, where `connections=` does not say."""

LEAST: Final = 2
"""Connections that the bot needs: one has the locks all the time."""

_OTHERS: Final = {
    *("channel_binding", "gssencmode", "pgbouncer", "connection_limit", "pool_timeout"),
    *("statement_cache_size", "prepared_statement_cache_size", "connect_timeout"),
}
"""Options in addresses that asyncpg would take for the server's, which refuses them."""

HOW: Final = "receipts_begin"
"""The option of a connection that says how its transactions begin, in SQLite."""


def engines(where: str | Path) -> tuple[AsyncEngine, AsyncEngine, str]:
    """Engines to write and read a database, and what it is called in a sentence."""
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


def _sqlite(path: Path) -> tuple[AsyncEngine, AsyncEngine, str]:
    name = f"The records file {path}"
    try:
        _create(path)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise RecordsError(f"{name} cannot be opened: {reason}.") from error
    # One connection writes, so that we never wait for ourselves.
    writer = _connections(path, 1, _PRAGMAS)
    reader = _connections(path, _READERS, (*_PRAGMAS, "query_only = ON"))
    return writer, reader, name


def _connections(path: Path, most: int, pragmas: Sequence[str]) -> AsyncEngine:
    """Connections to a SQLite file, whose transactions we begin."""
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        pool_size=most,
        max_overflow=0,
        connect_args={"isolation_level": None},
        hide_parameters=True,
    )

    def connected(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "begin", _begun)
    return engine


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


def reason(error: Exception) -> str:
    """Why a database cannot be used, in words."""
    cause = error.orig if isinstance(error, StatementError) else error
    said = cause.strerror if isinstance(cause, OSError) else str(cause)
    if isinstance(cause, TimeoutError):
        return "it does not answer"
    if isinstance(cause, ConnectionRefusedError | FileNotFoundError) or (
        "Connect call failed" in str(cause)
    ):
        return "nothing listens at its address; start it, or correct the address"
    why = (said or type(cause).__name__).strip().split("\n")[0].rstrip(".")
    if why == "database or disk is full":
        return "the disk is full; make room on it"
    if "too many c" in why or "connection slots" in why:
        return f"{why}; allow it more, or end DATABASE_URL in ?connections= and less"
    if why == "file is not a database":
        return f"{why}; move it away, and restore a backup"
    return why


def _begun(connection: Connection) -> None:
    """Begin as told: writers take their lock first, else two could block each other."""
    if begin := connection.get_execution_options().get(HOW):
        connection.exec_driver_sql(begin)


def _postgresql(where: str) -> tuple[AsyncEngine, AsyncEngine, str]:
    most, options = connecting(where)
    try:
        engine = create_async_engine(
            "postgresql+asyncpg://",
            connect_args={
                **options,
                "timeout": CONNECT_SECONDS,
                "command_timeout": COMMAND_SECONDS,
                # Nothing outlives a transaction: behind a pooler such as PgBouncer the
                # next one may be on another connection to the server.
                "statement_cache_size": 0,
                "prepared_statement_cache_size": 0,
                "prepared_statement_name_func": str,  # which gives "", no name
            },
            pool_size=most,
            max_overflow=0,
            pool_pre_ping=True,
            hide_parameters=True,
        )
    except ModuleNotFoundError:
        raise RecordsError(
            "Records in PostgreSQL need asyncpg, which is not installed: "
            "pip install --require-hashes -r requirements.txt"
        ) from None
    return engine, engine, "The PostgreSQL database of the records"


def connecting(where: str) -> tuple[int, dict[str, object]]:
    """How many connections there may be, and what asyncpg is told, by an address.

    asyncpg reads the address itself: it knows most of libpq's options. Those of other
    programs, which providers print, are left out; and where a certificate is to be
    verified and nothing says by what, it is by those that the machine trusts.

    Raises:
        RecordsError: The number of connections, or the file of certificates, is none.
    """
    address, _, query = where.partition("?")
    given = dict(parse_qsl(query, keep_blank_values=True))
    connections = given.pop("connections", str(CONNECTIONS))
    if not re.fullmatch(r"[2-9]|[1-9][0-9]{1,2}", connections):
        raise RecordsError(
            "In DATABASE_URL, connections= is how many there may be, from 2 to 999."
        )
    options: dict[str, object] = {}
    by = given.get("sslrootcert") or "system"
    if given.get("sslmode", "").startswith("verify") and by == "system":
        options["ssl"] = ssl.create_default_context()
        given.pop("sslrootcert", None)
    elif by != "system" and not os.access(by, os.R_OK):
        raise RecordsError(f"The file of sslrootcert cannot be read: {by}.")
    kept = {name: value for name, value in given.items() if name not in _OTHERS}
    address = re.sub(r"^postgres(?:ql)?(?:\+\w+)?:", "postgresql:", address)
    options["dsn"] = f"{address}?{urlencode(kept)}" if kept else address
    return int(connections), options
