"""How the schema came about, one step a file, forward only (Alembic).

A new step is a module in `versions/`, its `down_revision` the last one; HEAD names it.
"""

import logging
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, inspect, text

from bot.records import tables
from bot.records.values import RecordsError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD: Final = "0006"
"""The newest step: what a database must be at to be used."""

TABLE: Final = "records_version"
"""Where a database keeps the step it is at."""

DROPPED: Final = {"guilds": "0003"}
"""Tables that were ours once, and the step that dropped each."""


# What it tells, from its import on, is for those who write steps.
logging.getLogger("alembic").setLevel(logging.WARNING)


def version(connection: Connection) -> str | None:
    """The step a database is at; None where it has none of our tables."""
    if not inspect(connection).has_table(TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar()  # noqa: S608 - a constant


def check(connection: Connection) -> str | None:
    """What `version` gives, where this program can use it.

    Raises:
        RecordsError: The database is newer than this program, or none of ours and yet
            not free to be.
    """
    now = version(connection)
    if now is None:
        _check_free(connection)
    else:
        _check_known(connection, now)
    return now


def _check_free(connection: Connection) -> None:
    """See that our tables may be made: none is there, and any text can be kept."""
    if taken := sorted(tables.metadata.tables.keys() & table_names(connection)):
        raise RecordsError(
            f"The database has a table '{taken[0]}' of another program; give the bot a "
            "database of its own."
        )
    if connection.dialect.name == "postgresql":
        encoding = connection.scalar(text("SHOW server_encoding"))
        if encoding not in {"UTF8", "SQL_ASCII"}:
            raise RecordsError(
                f"The database keeps text as {encoding}, which has not all letters; "
                "make another one, with: CREATE DATABASE receipts ENCODING 'UTF8' "
                "TEMPLATE template0."
            )


def table_names(connection: Connection) -> set[str]:
    """The names of all tables."""
    return set(inspect(connection).get_table_names())


def upgrade(connection: Connection, step: str | None = None) -> None:
    """Bring a database to a step, or the newest, in the transaction that is open.

    Whoever calls holds a lock, so that no other process does the same.

    Raises:
        RecordsError: The database, or the step, is newer than this program.
    """
    from alembic import command  # noqa: PLC0415 - seldom needed, slow to import

    check(connection)
    if step is not None:
        _check_known(connection, step)
    command.upgrade(_config(connection), step or HEAD)


def _check_known(connection: Connection, step: str) -> None:
    """See that a step is one of ours.

    Raises:
        RecordsError: It is not.
    """
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - slow to import

    if step == HEAD:
        return
    steps = ScriptDirectory.from_config(_config(connection)).walk_revisions()
    if step not in {one.revision for one in steps}:
        raise RecordsError(
            f"The records were kept by a newer version of this program (they are at "
            f"step {step[:40]}, it knows steps up to {HEAD}); update it, or name other "
            "records."
        )


def _config(connection: Connection) -> "Config":
    """Where Alembic finds the steps, and what it applies them to."""
    from alembic.config import Config  # noqa: PLC0415 - seldom needed, slow to import

    config = Config()
    config.set_main_option(
        "script_location", f"{__name__.rpartition('.')[0]}:migrations"
    )
    config.attributes["connection"] = connection
    return config
