"""How the schema came about, one step a file, forward only (Alembic).

A new step is a module in `versions/`, its `down_revision` the last one; HEAD names it.
"""

import logging
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, inspect, text

from bot.records.model import RecordsError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD: Final = "0002"
"""The newest step: what a database must be at to be used."""

TABLE: Final = "records_version"
"""Where a database keeps the step it is at."""


def version(connection: Connection) -> str | None:
    """The step a database is at; None where it has none of our tables."""
    if not inspect(connection).has_table(TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {TABLE}")).scalar()  # noqa: S608 - a constant


def check(connection: Connection) -> str | None:
    """What `version` gives, where this program can use it.

    Raises:
        RecordsError: The database is newer than this program.
    """
    from alembic.script import ScriptDirectory  # noqa: PLC0415 - slow to import

    now = version(connection)
    if now in {None, HEAD}:
        return now
    steps = ScriptDirectory.from_config(_config(connection)).walk_revisions()
    if now not in {step.revision for step in steps}:
        raise RecordsError(
            f"The records were kept by a newer version of this program (they are at "
            f"step {now}, it knows steps up to {HEAD}); update it, or name other "
            "records."
        )
    return now


def upgrade(connection: Connection) -> None:
    """Bring a database to the newest step, in the transaction that is open.

    Whoever calls holds a lock, so that no other process does the same.

    Raises:
        RecordsError: The database is newer than this program.
    """
    from alembic import command  # noqa: PLC0415 - seldom needed, slow to import

    # What it tells at each start is for those who write steps.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    check(connection)
    command.upgrade(_config(connection), HEAD)


def _config(connection: Connection) -> "Config":
    """Where Alembic finds the steps, and what it applies them to."""
    from alembic.config import Config  # noqa: PLC0415 - seldom needed, slow to import

    config = Config()
    config.set_main_option(
        "script_location", f"{__name__.rpartition('.')[0]}:migrations"
    )
    config.attributes["connection"] = connection
    return config
