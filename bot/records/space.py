"""What a SQLite file holds of what was deleted: its log, and the space it had."""

from typing import Final

import aiosqlite
from sqlalchemy import Connection
from sqlalchemy.util import await_only

from bot.records.engines import PATIENCE

_PAGES: Final = 500
"""Pages of a SQLite file that are given back at once."""


def empty_log(connection: Connection) -> bool:
    """Empty the log; whether it is. Nobody who writes waits for others to read."""
    connection.exec_driver_sql("PRAGMA busy_timeout = 0")
    try:
        emptied = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()
    finally:
        connection.exec_driver_sql(f"PRAGMA {PATIENCE}")
    return not emptied[0]


def gives_back(connection: Connection) -> bool:
    """Whether a file can give space back; one of an older version cannot."""
    return bool(connection.exec_driver_sql("PRAGMA auto_vacuum").scalar())


def rewrite(connection: Connection) -> None:
    """Write a file anew, so that it can give space back from now on."""
    connection.exec_driver_sql("PRAGMA auto_vacuum = INCREMENTAL")
    connection.exec_driver_sql("VACUUM")


def shorten(connection: Connection) -> bool:
    """Give some pages back; whether there may be more."""
    free, pages = (
        connection.exec_driver_sql(f"PRAGMA {one}").scalar_one()
        for one in ("freelist_count", "page_count")
    )
    if free < max(_PAGES, pages // 10) or not gives_back(connection):
        return False
    # Each of its rows, which have no columns, is a page that was given back.
    driver = connection.connection.driver_connection
    if isinstance(driver, aiosqlite.Connection):
        await_only(driver.execute_fetchall(f"PRAGMA incremental_vacuum({_PAGES})"))
    return True
