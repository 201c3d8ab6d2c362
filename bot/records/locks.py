"""What one process at a time may do, of all that use the same records.

A lock is gone with the process that has it, however that ends: in PostgreSQL it is one
of a connection's, else one of an open file beside the records.
"""

import asyncio
import glob
import os
import socket
import sys
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.records.engines import reason
from bot.records.values import RecordsError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_ALIVE: Final = (
    # So a machine that is gone, and cannot say so, has no locks after half a minute.
    "SET tcp_keepalives_idle = 10",
    "SET tcp_keepalives_interval = 5",
    "SET tcp_keepalives_count = 3",
)
_ANSWER_SECONDS: Final = 10.0
_LAST_SECONDS: Final = 2.0
_FAR: Final = 1_000_000  # bytes: where Windows locks a file, its first ones are read


class Holder(NamedTuple):
    """Who has a lock: a process and its machine, and since when, as is told."""

    who: str
    since: str


class Locks(Protocol):
    """Named locks. All raise RecordsError where the database fails."""

    async def take(self, name: str, *, shared: bool = False) -> bool:
        """Take a lock unless another process has it; whether it is ours now.

        A shared one may be others' too, but nobody's alone.
        """
        ...

    async def give(self, name: str) -> None:
        """Give a lock back."""
        ...

    async def holders(self, name: str) -> tuple[Holder, ...]:
        """Who has a lock."""
        ...

    async def users(self) -> tuple[Holder, ...]:
        """Who has any lock of these records, other than ours: a bot that runs."""
        ...

    async def lost(self) -> bool:
        """Whether our locks were lost with their connection; they are not ours now."""
        ...

    async def close(self) -> None:
        """Give all of them back."""
        ...


def me(note: str = "") -> str:
    """This process, as others are told who has a lock."""
    return f"process {os.getpid()} on {socket.gethostname()[:30]}{note}"[:60]


class ConnectionLocks:
    """Locks of one connection to PostgreSQL, in one transaction that never ends.

    So a pooler such as PgBouncer leaves it the same connection to the server. It keeps
    nothing from being tidied up there: between two statements it sees no snapshot.
    """

    def __init__(self, engine: AsyncEngine, who: str) -> None:
        self._engine, self._who = engine, who
        self._open: AsyncConnection | None = None
        self._one = asyncio.Lock()

    async def take(self, name: str, *, shared: bool = False) -> bool:
        """As `Locks` says."""
        way = "pg_try_advisory_lock_shared" if shared else "pg_try_advisory_lock"
        return bool((await self._ask(f"SELECT {way}({_number(name)})"))[0][0])

    async def give(self, name: str) -> None:
        """As `Locks` says."""
        await self._ask(f"SELECT pg_advisory_unlock({_number(name)})")

    async def holders(self, name: str) -> tuple[Holder, ...]:
        """As `Locks` says."""
        number = _number(name) % 2**64
        found = await self._ask(
            "SELECT application_name, to_char(xact_start AT TIME ZONE 'UTC', "
            "'YYYY-MM-DD HH24:MI UTC') FROM pg_locks JOIN pg_stat_activity USING (pid) "
            "WHERE locktype = 'advisory' AND granted AND objsubid = 1 "
            "AND classid::bigint = :high AND objid::bigint = :low "
            "ORDER BY xact_start",
            high=number >> 32,
            low=number % 2**32,
        )
        return tuple(Holder(str(who), str(since)) for who, since in found)

    async def users(self) -> tuple[Holder, ...]:
        """As `Locks` says."""
        found = await self._ask(
            "SELECT DISTINCT application_name, to_char(backend_start AT TIME ZONE "
            "'UTC', 'YYYY-MM-DD HH24:MI UTC') "
            "FROM pg_locks JOIN pg_stat_activity USING (pid) "
            "WHERE locktype = 'advisory' AND datname = current_database() "
            "AND pid <> pg_backend_pid() AND application_name ~ '^process [0-9]+ on '"
        )
        return tuple(Holder(str(who), str(since)) for who, since in found)

    async def lost(self) -> bool:
        """As `Locks` says."""
        there = self._open
        await self._ask("SELECT 1")
        return there is not self._open

    async def close(self) -> None:
        """As `Locks` says."""
        if self._open is not None:
            # The server sees only later that a connection has ended.
            with suppress(SQLAlchemyError, OSError, TimeoutError):
                async with asyncio.timeout(_LAST_SECONDS):
                    await self._open.execute(text("SELECT pg_advisory_unlock_all()"))
        await self._drop()

    async def _drop(self) -> None:
        if self._open is not None:
            with suppress(SQLAlchemyError, OSError, TimeoutError):
                await self._open.invalidate()
                await self._open.close()
            self._open = None

    async def _ask(self, sql: str, **values: int) -> list[tuple[object, ...]]:
        async with self._one:
            try:
                async with asyncio.timeout(_ANSWER_SECONDS):
                    if self._open is None:
                        self._open = await self._connect()
                    found = await self._open.execute(text(sql), values)
                    return [tuple(row) for row in found]
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                await self._drop()
                why = f"The records' locks are lost: {reason(error)}."
                raise RecordsError(why) from error

    async def _connect(self) -> AsyncConnection:
        found = await self._engine.connect()
        name = "".join(one for one in self._who if one.isalnum() or one in " .-,_")
        for one in (*_ALIVE, f"SET application_name = '{name}'"):
            await found.execute(text(one))
        return found


class FileLocks:
    """Locks of files beside the records' own; who has one stands in it."""

    def __init__(self, records: Path, who: str) -> None:
        self._records, self._who = records, who
        self._handles: dict[str, int] = {}

    async def take(self, name: str, *, shared: bool = False) -> bool:
        """As `Locks` says; nothing is shared on one machine."""
        del shared
        if name in self._handles:
            return True
        try:
            handle = os.open(self._file(name), os.O_RDWR | os.O_CREAT, 0o600)
            if not locked(handle):
                os.close(handle)
                return False
            os.ftruncate(handle, 0)
            os.write(handle, self._who.encode())
        except OSError as error:
            why = f"The file {self._file(name)} cannot be locked: {error.strerror}."
            raise RecordsError(why) from error
        self._handles[name] = handle
        return True

    async def give(self, name: str) -> None:
        """As `Locks` says."""
        os.close(self._handles.pop(name))

    async def holders(self, name: str) -> tuple[Holder, ...]:
        """As `Locks` says."""
        return _holder(self._file(name))

    async def users(self) -> tuple[Holder, ...]:
        """As `Locks` says."""
        ours = {self._file(name) for name in self._handles}
        pattern = f"{glob.escape(self._records.name)}-*.lock"
        others = set(self._records.parent.glob(pattern)) - ours
        return tuple(
            one for file in sorted(others) if is_locked(file) for one in _holder(file)
        )

    async def lost(self) -> bool:
        """As `Locks` says: never."""
        return False

    async def close(self) -> None:
        """As `Locks` says."""
        for handle in self._handles.values():
            os.close(handle)
        self._handles.clear()

    def _file(self, name: str) -> Path:
        mark = sha256(name.encode()).hexdigest()[:12]
        return self._records.with_name(f"{self._records.name}-{mark}.lock")


def _number(name: str) -> int:
    """A lock's number in PostgreSQL, of 64 bits."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], signed=True)


def _holder(file: Path) -> tuple[Holder, ...]:
    try:
        who = file.read_text(errors="replace")
        since = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        return (Holder(who, f"{since:%Y-%m-%d %H:%M} UTC"),)
    except OSError:
        return ()


def is_locked(file: Path) -> bool:
    """Whether a process that lives has locked a file; False where it is not there."""
    try:
        handle = os.open(file, os.O_RDWR)
    except OSError:
        return False
    try:
        return not locked(handle)
    finally:
        os.close(handle)


def locked(handle: int) -> bool:
    """Lock an open file until it is closed, unless another process has; whether."""
    try:
        if sys.platform == "win32":
            os.lseek(handle, _FAR, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
            os.lseek(handle, 0, os.SEEK_SET)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
