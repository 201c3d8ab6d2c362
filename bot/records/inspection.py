"""Whether records could be opened, found out without creating or changing them."""

import os
from pathlib import Path
from typing import Literal

from sqlalchemy import (
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    select,
    text,
    update,
)

from bot.records import migrations, tables
from bot.records.database import Database, file_of
from bot.records.engines import connecting
from bot.records.locks import Holder, me
from bot.records.people import MIN_SECRET, People
from bot.records.values import RecordsError

State = Literal["new", "older", "current"]
"""`new`: nothing is there yet; `older`: opening it will bring it up to date."""


_RIGHTS = (
    "see that it is not read-only, and run there as its owner: "
    "GRANT USAGE, CREATE ON SCHEMA public TO the bot's role; its tables must be that "
    "role's, too."
)


async def inspect(where: str | Path, secret: str | None = None) -> State:
    """What opening records with a secret would find.

    Raises:
        RecordsError: They could not be opened.
    """
    if secret is not None and len(secret) < MIN_SECRET:
        raise RecordsError(
            "The records' secret is too short; give RECORDS_SECRET "
            f"{MIN_SECRET} characters or more."
        )
    file = file_of(where)
    if file is not None:
        _check_file(file)
        if not file.exists():
            return "new"
    async with Database.as_it_is(where) as database:
        step = await database.read(migrations.check)
        is_current = step == migrations.HEAD
        try:
            await database.write(_try_to_write if is_current else _try_to_create)
        except RecordsError as error:
            mend = f"{str(error).removesuffix('.')}; {_RIGHTS}"
            raise RecordsError(mend) from error
        if step is None:
            return "new"
        if not await database.read(lambda on: _fits(on, secret)):
            raise RecordsError(
                "The records were begun with another secret, or none; set "
                "RECORDS_SECRET as it was, or begin new records."
            )
    return "current" if step == migrations.HEAD else "older"


_LIMITS = """
SELECT min(CASE WHEN may >= 0 THEN may END) FROM (
    SELECT rolconnlimit AS may FROM pg_roles WHERE rolname = current_user
    UNION ALL
    SELECT datconnlimit FROM pg_database WHERE datname = current_database()
) AS limits WHERE NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
"""


async def connections(where: str | Path) -> tuple[int, int] | None:
    """How many connections PostgreSQL allows the bot, and how many it may want.

    None where nothing says how many.

    Raises:
        RecordsError: It cannot be opened.
    """
    if file_of(where) is not None:
        return None
    async with Database.as_it_is(where) as database:
        allowed = await database.read(lambda on: on.scalar(text(_LIMITS)))
    return None if allowed is None else (allowed, connecting(str(where))[0])


async def users(where: str | Path) -> tuple[Holder, ...]:
    """Which bots run over records, as far as can be seen; nothing is created.

    Raises:
        RecordsError: They cannot be opened.
    """
    file = file_of(where)
    if file is not None and not file.exists():
        return ()
    async with Database.as_it_is(where) as database:
        locks = database.locks(me())
        try:
            return await locks.users()
        finally:
            await locks.close()


def _try_to_create(connection: Connection) -> None:
    """See that tables may be made, as opening would; what is made is taken back."""
    trial = Table("receipts_trial", MetaData(), Column("id", Integer))
    with connection.begin_nested() as nested:
        trial.create(connection)
        nested.rollback()


def _try_to_write(connection: Connection) -> None:
    """See that rows may be changed; none is."""
    is_none = tables.marks.c.name == ""
    connection.execute(update(tables.marks).where(is_none).values(value="")).close()


def _fits(connection: Connection, secret: str | None) -> bool:
    row = connection.execute(select(tables.key.c.value, tables.key.c.mark)).first()
    if row is None:
        return True
    value, mark = row
    if secret is None:
        return value is not None
    given = secret.encode(errors="surrogatepass")
    return value is None and People(given).mark() == mark


def _check_file(file: Path) -> None:
    """See that a file can be written, or created.

    Raises:
        RecordsError: It cannot.
    """
    try:
        there = next(path for path in (file, *file.absolute().parents) if path.exists())
    except OSError as error:
        raise RecordsError(f"The records file {file}: {error.strerror}.") from error
    if there != file and not there.is_dir():
        raise RecordsError(
            f"The records file {file} cannot be created: {there} is no folder."
        )
    if not os.access(there, os.W_OK):
        raise RecordsError(
            f"The records file {file} cannot be written: {there} is not yours to write."
        )
