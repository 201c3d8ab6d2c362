"""All rows as lines of JSON, the same from SQLite and PostgreSQL, and back again.

A line is an object of a row's columns. Times are ISO 8601 in UTC, bytes hexadecimal.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import (
    Connection,
    MetaData,
    Table,
    delete,
    func,
    inspect,
    select,
    text,
)

from bot.records import migrations
from bot.records.database import Database, alone, file_of
from bot.records.tables import key, marks, metadata
from bot.records.values import RecordsError

MAX_LINE: Final = 8_000_000
"""Bytes of a line: a draft's content and base, each once more as text in JSON."""

MOST_ID: Final = 2**30
"""The highest id that is taken from a dump: as many are left for a table to give."""

_AT_ONCE: Final = 500
"""Rows that are written, or read, at once."""

_JSON: Final = {"details", "content", "base"}
"""Columns whose text is JSON."""

Lines = Callable[[], Iterator[bytes]]
"""The lines of a table, from the first at each call."""

Keep = Callable[[str, Iterator[bytes]], None]
"""What keeps a table's lines, given its name; some lines come at once."""


@dataclass(frozen=True, slots=True)
class Dump:
    """What was kept of records: `rows` is how many, by table.

    `step` is the step of the schema, None where there are no records yet. `last` is the
    highest id that each table ever gave, so that none is given twice.
    """

    step: str | None
    last: Mapping[str, int]
    rows: Mapping[str, int]


async def dump(where: str | Path, keep: Keep) -> Dump:
    """Keep all rows as they are at one moment, also while others write.

    Nothing is created or changed in the records. What `keep` raises is raised.

    Raises:
        RecordsError: The records cannot be read, or are newer than this program.
    """
    file = file_of(where)
    if file is not None and not file.exists():
        return Dump(None, {}, {})

    def work(connection: Connection) -> Dump:
        if connection.dialect.name == "postgresql":
            level = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
            connection.execute(text(level))
        step = migrations.check(connection)
        rows: dict[str, int] = {}
        for table in _tables(connection) if step else ():
            rows[table.name] = 0
            keep(table.name, _lines(connection, table, rows))
        return Dump(step, _last(connection, rows), rows)

    async with Database.as_it_is(where) as database:
        return await database.read_once(work)


async def counted(where: str | Path) -> Mapping[str, int]:
    """How many rows each table has.

    Raises:
        RecordsError: The records cannot be read, or are newer than this program.
    """

    def work(connection: Connection) -> Mapping[str, int]:
        migrations.check(connection)
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in _tables(connection)
        }

    async with Database.as_it_is(where) as database:
        return await database.read(work)


async def is_empty(where: str | Path) -> bool:
    """Whether there is nothing in records that could be lost, or there are none.

    Raises:
        RecordsError: The records cannot be read, or are newer than this program.
    """
    file = file_of(where)
    if file is not None and not file.exists():
        return True
    async with Database.as_it_is(where) as database:
        return await database.read(_is_empty)


async def load(
    where: str | Path,
    taken: tuple[str, Mapping[str, int], Mapping[str, Lines]],
    *,
    replace: bool = False,
) -> Mapping[str, int]:
    """Put a dump's step, highest ids and lines into records: all of it, or nothing.

    What was in them is gone. Those of an older step are brought up to date. Gives how
    many rows each table was given.

    Raises:
        RecordsError: They are not empty (and `replace` is not set), the lines are no
            rows of that step, or the step or the records are newer than this program.
    """
    step, last, tables = taken
    rows: dict[str, int] = {}

    def work(connection: Connection) -> None:
        alone(connection)
        if not (_is_empty(connection) or replace):
            raise RecordsError("The records are not empty.")
        if max(last.values(), default=0) > MOST_ID:
            raise RecordsError("The highest ids are none that records give.")
        _drop(connection)
        migrations.upgrade(connection, step)
        there = {table.name: table for table in _tables(connection)}
        if set(tables) != set(there):
            raise RecordsError(f"The tables are not those of records at step {step}.")
        for name, table in there.items():
            rows[name] = _read(connection, table, tables[name])
        _give_on(connection, {name: last.get(name, 0) for name in there})
        migrations.upgrade(connection)
        # What one process asked of another then is nobody's wish now.
        errands = delete(marks).where(marks.c.name.contains(" errand "))
        gone = connection.execute(errands).rowcount
        rows[marks.name] = rows.get(marks.name, 0) - gone

    async with Database.as_it_is(where) as database:
        await database.write(work)
        await database.wipe()
    return rows


def _tables(connection: Connection) -> list[Table]:
    """Our tables as they are in a database, those first that others refer to."""
    step = migrations.version(connection) or migrations.HEAD
    older = {name for name, gone in migrations.DROPPED.items() if step < gone}
    names = set(inspect(connection).get_table_names()) & {*metadata.tables, *older}
    found = MetaData()
    found.reflect(connection, only=sorted(names))
    return found.sorted_tables


def _is_empty(connection: Connection) -> bool:
    migrations.check(connection)
    return not any(
        connection.execute(select(table).limit(1)).first()
        for table in _tables(connection)
        if table.name != key.name
    )


def _drop(connection: Connection) -> None:
    for table in reversed(_tables(connection)):
        table.drop(connection)
    connection.execute(text(f"DROP TABLE IF EXISTS {migrations.TABLE}"))


def _lines(
    connection: Connection, table: Table, rows: dict[str, int]
) -> Iterator[bytes]:
    """A table's rows as lines, some at once; they are counted in `rows`."""
    found = connection.execution_options(yield_per=_AT_ONCE).execute(
        select(table).order_by(*table.primary_key)
    )
    names = list(found.keys())
    for some in found.partitions():
        rows[table.name] += len(some)
        yield b"".join(
            json.dumps(dict(zip(names, map(_written, row), strict=True))).encode()
            + b"\n"
            for row in some
        )


def _read(connection: Connection, table: Table, lines: Lines) -> int:
    """Insert a table's rows, and say how many they are."""
    number = 0
    numbered = enumerate(lines(), 1)
    while some := list(islice(numbered, _AT_ONCE)):
        rows: list[dict[str, object]] = []
        for number, line in some:
            try:
                rows.append(_row(connection, table, line))
            except (ValueError, KeyError, TypeError, RecursionError) as error:
                raise RecordsError(
                    f"Line {number} of the table {table.name} is no row of it."
                ) from error
        connection.execute(table.insert(), rows)
    return number


def _row(connection: Connection, table: Table, line: bytes) -> dict[str, object]:
    """A row of a table, from its line.

    Raises:
        ValueError: It is none; or KeyError, TypeError, RecursionError.
    """
    given: dict[str, object] = dict(json.loads(line))
    row: dict[str, object] = {}
    for column in table.columns:
        value = given.pop(column.name)
        kind = column.type.python_type
        if value is None and column.nullable:
            row[column.name] = None
            continue
        if kind in {datetime, date, bytes}:
            if not isinstance(value, str):
                raise TypeError
            value = _reader(kind, connection.dialect.name)(value)
        elif type(value) is not kind:
            raise TypeError
        elif isinstance(value, str):
            value.encode()  # half a character is none that a database keeps
        if column.name in _JSON and not isinstance(json.loads(str(value)), dict):
            raise TypeError
        row[column.name] = value
        if column.name == "id" and not 0 < int(str(value)) <= MOST_ID:
            raise ValueError(value)
    if given:
        raise ValueError(table.name)
    return row


def _written(value: object) -> object:
    if isinstance(value, datetime):  # SQLite's are in UTC, and do not say so
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value
        return aware.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else value


def _reader(kind: type, dialect: str) -> Callable[[str], object]:
    def moment(written: str) -> datetime:
        found = datetime.fromisoformat(written).astimezone(UTC)
        return found.replace(tzinfo=None) if dialect == "sqlite" else found

    return {
        datetime: moment,
        date: date.fromisoformat,
        bytes: bytes.fromhex,
    }[kind]


def _last(connection: Connection, names: Collection[str]) -> dict[str, int]:
    """The highest id that each table ever gave, by table; 0: none yet."""
    if connection.dialect.name == "sqlite":
        if not names:
            return {}
        rows = connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
        return {name: seq for name, seq in rows if name in names}
    found: dict[str, int] = {}
    for name in names:
        if sequence := _sequence(connection, name):
            query = text(f"SELECT last_value, is_called FROM {sequence}")  # noqa: S608 - as the database names it
            value, is_called = connection.execute(query).one()
            found[name] = value if is_called else 0
    return found


def _give_on(connection: Connection, last: Mapping[str, int]) -> None:
    """See that each table gives ids after its highest, and after those it ever gave."""
    for name, least in last.items():
        if connection.dialect.name == "sqlite":
            row = {"name": name, "least": least}
            change = (
                "UPDATE sqlite_sequence SET seq = max(seq, :least) WHERE name = :name"
            )
            if not connection.execute(text(change), row).rowcount and least:
                insert = "INSERT INTO sqlite_sequence VALUES (:name, :least)"
                connection.execute(text(insert), row)
        elif sequence := _sequence(connection, name):
            highest = connection.execute(text(f"SELECT max(id) FROM {name}")).scalar()  # noqa: S608 - a name of ours
            values = {"sequence": sequence, "last": max(highest or 0, least)}
            if values["last"]:
                connection.execute(text("SELECT setval(:sequence, :last)"), values)


def _sequence(connection: Connection, name: str) -> str | None:
    """PostgreSQL's sequence of a table's ids; None where it has none."""
    if "id" not in {column["name"] for column in inspect(connection).get_columns(name)}:
        return None
    query = text("SELECT pg_get_serial_sequence(:name, 'id')")
    return connection.execute(query, {"name": name}).scalar()
