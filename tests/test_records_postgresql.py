"""Records in PostgreSQL as hosts have it: behind a pooler, encrypted, or failing."""

import asyncio
import shutil
import socket
from collections.abc import Generator
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.records.database import Database
from bot.records.engines import CONNECTIONS, connecting
from bot.records.inspection import inspect
from bot.records.locks import me
from bot.records.records import Records
from bot.records.values import Answered, RecordsError, Tally
from tests import postgres
from tests.test_traces import read_only

NOW = datetime(2026, 11, 23, tzinfo=UTC)
BELL = Answered("bell", "who", "1")
PLAIN = "postgresql://ann:hunter2@host/records"


def nothing(_: Connection) -> None:
    """Do nothing in a transaction."""


@pytest.fixture
def pooled(postgres_server: str, postgres_address: str) -> Generator[str]:
    """The address of an empty database behind PgBouncer, in transaction mode."""
    del postgres_address  # it is emptied
    if postgres.POOLER is None:
        pytest.skip("PgBouncer is not installed")
    with postgres.pooler(postgres_server) as address:
        yield address


async def test_behind_a_pooler_nothing_is_lost(pooled: str) -> None:
    """Behind PgBouncer in transaction mode, many at once write and read as ever."""
    assert await inspect(pooled) == "new"
    async with Records.open(pooled) as records:
        await asyncio.gather(
            *(records.questions.note("bell", "why?", NOW) for _ in range(200)),
            *(
                records.votes.cast(
                    Answered("bell", "who", "1"), one, "wrong", NOW, "no"
                )
                for one in range(200)
            ),
        )
        (question,) = await records.questions.all("bell")
        assert question.asked == 200
        assert await records.votes.tallies("bell") == {"who": Tally(0, 200)}
        assert len(await records.votes.objections("bell", 500)) == 200


async def test_behind_a_pooler_locks_are_a_process_s(pooled: str) -> None:
    """There, too, one process has a lock, until it gives it back or ends."""
    async with Database.open(pooled) as one, Database.open(pooled) as other:
        first, second = one.locks(me(", the first")), other.locks(me(", the second"))
        try:
            assert await first.take("a")
            assert not await second.take("a")
            (holder,) = await second.holders("a")
            assert holder.who.endswith(", the first")
            busy = [at.write(nothing) for at in (one, other) * 20]
            await asyncio.gather(*busy)
            assert not await first.lost()
            assert not await second.take("a")
            await first.give("a")
            assert await second.take("a")
            await second.close()
            assert await first.take("a")
        finally:
            await first.close()
            await second.close()


async def test_a_lock_is_free_as_soon_as_it_is_given_back(
    postgres_address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever ends does so before the server has seen that its connection ended."""
    ended: list[AsyncConnection] = []

    async def unseen(connection: AsyncConnection) -> None:
        """Have the server see nothing yet."""
        ended.append(connection)

    async with (
        Database.open(postgres_address) as one,
        Database.open(postgres_address) as other,
    ):
        first, second = one.locks(me()), other.locks(me())
        assert await second.take("a")
        with monkeypatch.context() as patch:
            patch.setattr(AsyncConnection, "invalidate", unseen)
            patch.setattr(AsyncConnection, "close", unseen)
            await second.close()
        assert await first.take("a")
        await first.close()
        await ended[0].close()


async def test_a_connection_can_be_encrypted_and_verified() -> None:
    """`sslmode` and `sslrootcert` do what they do elsewhere; a refusal says why."""
    if why := postgres.missing() or (shutil.which("openssl") is None and "no openssl"):
        pytest.skip(why)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    ours = text("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
    with postgres.server(encrypted=port) as folder:
        address = f"postgresql://receipts@localhost:{port}/postgres?sslmode="
        root = f"&sslrootcert={folder}/data/server.crt"
        for mode in ("require", f"verify-ca{root}", f"verify-full{root}"):
            async with Database.open(address + mode) as database:
                assert await database.read(lambda on: on.scalar(ours)) is True
        for mode in ("verify-full", "verify-ca", "verify-full&sslrootcert=system"):
            with pytest.raises(RecordsError, match="self-signed certificate"):
                await inspect(address + mode)
        address = address.replace("localhost", "127.0.0.1")
        with pytest.raises(RecordsError, match=r"127\.0\.0\.1"):
            await inspect(f"{address}verify-full{root}")
        with pytest.raises(RecordsError, match=r"nothing\.crt"):
            await inspect(f"{address}verify-full&sslrootcert=nothing.crt")


async def test_a_database_that_takes_nothing_is_told(postgres_address: str) -> None:
    """Doctor says so where it is read-only, or not the role's."""
    async with Records.open(postgres_address):
        pass
    assert await inspect(postgres_address) == "current"
    try:
        await read_only(postgres_address, "on")
        with pytest.raises(RecordsError, match="read-only transaction; see that"):
            await inspect(postgres_address)
    finally:
        await read_only(postgres_address, "off")
    async with Database.as_it_is(postgres_address) as database:
        for one in (text("DROP ROLE IF EXISTS guest"), text("CREATE ROLE guest LOGIN")):
            await database.write(lambda on, one=one: on.execute(one).close())
    with pytest.raises(RecordsError, match="GRANT USAGE"):
        await inspect(postgres_address.replace("receipts@", "guest@"))


@pytest.mark.parametrize(
    ("query", "dsn", "most"),
    [
        ("", "", CONNECTIONS),
        ("?connections=25", "", 25),
        ("?sslmode=require&channel_binding=require", "?sslmode=require", CONNECTIONS),
        ("?pgbouncer=true&connection_limit=1", "", CONNECTIONS),
        ("?host=%2Ftmp%2Fa&connections=2", "?host=%2Ftmp%2Fa", 2),
    ],
)
def test_addresses_as_providers_print_them(query: str, dsn: str, most: int) -> None:
    """What asyncpg would send to the server as a setting of its is left out."""
    assert connecting(PLAIN + query) == (most, {"dsn": PLAIN + dsn})


@pytest.mark.parametrize("number", ["0", "1", "1000", "many", ""])
async def test_connections_are_a_number(number: str) -> None:
    """How many connections there may be is a number; one is a lock's alone."""
    with pytest.raises(RecordsError, match="from 2 to 999"):
        async with Records.open(f"{PLAIN}?connections={number}"):
            pass
