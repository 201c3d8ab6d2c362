"""All rows as lines of JSON, the same from SQLite and PostgreSQL, and back again.

A line is an object of a row's columns. Times are ISO 8601 in UTC, bytes hexadecimal.
"""

import json
from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Final

from sqlalchemy import Connection, MetaData, Table, delete, inspect, select, text

from bot.records import migrations
from bot.records.database import Database, alone, file_of
from bot.records.tables import key, marks, metadata
from bot.records.values import RecordsError

MAX_LINE: Final = 8_000_000
"""Bytes of a line: a draft's content and base, each once more as text in JSON."""

_AT_ONCE: Final = 500
"""Rows that are written, or read, at once."""

_JSON: Final = {"details", "content", "base"}
"""Columns whose text is JSON."""

Lines = Callable[[], Iterator[bytes]]
"""The lines of a table, from the first at each call."""


@dataclass(frozen=True, slots=True)
class Dump:
    """All there is in records: `tables` are files of lines, at their beginning.

    `step` is the step of the schema, None where there are no records yet. `last` is the
    highest id that each table ever gave, so that none is given twice.
    """

    step: str | None
    last: Mapping[str, int]
    tables: Mapping[str, IO[bytes]]


@asynccontextmanager
async def dumped(where: str | Path) -> AsyncGenerator[Dump]:
    """All rows as they are at one moment, also while others write.

    Nothing is created or changed. The files are nowhere on disk by name, and gone
    afterwards.

    Raises:
        RecordsError: The records cannot be read, or are newer than this program.
    """
    file = file_of(where)
    if file is not None and not file.exists():
        yield Dump(None, {}, {})
        return
    with ExitStack() as stack:

        def work(connection: Connection) -> Dump:
            if connection.dialect.name == "postgresql":
                level = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
                connection.execute(text(level))
            stack.close()  # what an earlier attempt wrote
            step = migrations.check(connection)
            tables: dict[str, IO[bytes]] = {}
            for table in _tables(connection) if step else ():
                tables[table.name] = stack.enter_context(TemporaryFile())
                _write(connection, table, tables[table.name])
            return Dump(step, _last(connection, tables), tables)

        async with Database.as_it_is(where) as database:
            dump = await database.read(work)
        yield dump


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
    dump: tuple[str, Mapping[str, int], Mapping[str, Lines]],
    *,
    replace: bool = False,
) -> None:
    """Put a dump's step, highest ids and lines into records: all of it, or nothing.

    What was in them is gone. Those of an older step are brought up to date.

    Raises:
        RecordsError: They are not empty (and `replace` is not set), the lines are no
            rows of that step, or the step or the records are newer than this program.
    """
    step, last, tables = dump

    def work(connection: Connection) -> None:
        alone(connection)
        if not (_is_empty(connection) or replace):
            raise RecordsError("The records are not empty.")
        _drop(connection)
        migrations.upgrade(connection, step)
        there = {table.name: table for table in _tables(connection)}
        if set(tables) != set(there):
            raise RecordsError(f"The tables are not those of records at step {step}.")
        for name, table in there.items():
            _read(connection, table, tables[name])
        _give_on(connection, {name: last.get(name, 0) for name in there})
        migrations.upgrade(connection)
        # What one process asked of another then is nobody's wish now.
        connection.execute(delete(marks).where(marks.c.name.contains(" errand ")))

    async with Database.as_it_is(where) as database:
        await database.write(work)
        await database.wipe()


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


def _write(connection: Connection, table: Table, file: IO[bytes]) -> None:
    rows = connection.execution_options(yield_per=_AT_ONCE).execute(
        select(table).order_by(*table.primary_key)
    )
    for row in rows.mappings():
        values = {str(name): _written(value) for name, value in row.items()}
        file.write(json.dumps(values).encode() + b"\n")
    file.seek(0)


def _read(connection: Connection, table: Table, lines: Lines) -> None:
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
        if column.name in _JSON and not isinstance(json.loads(str(value)), dict):
            raise TypeError
        row[column.name] = value
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
