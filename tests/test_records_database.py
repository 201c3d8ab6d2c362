"""Opening records: addresses, files, migrations, other processes, what goes wrong."""

import asyncio
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import traceback
import zipfile
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Final

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, text
from sqlalchemy.util import await_only

from bot.records import migrations
from bot.records.database import Database
from bot.records.records import Records
from bot.records.tables import metadata
from bot.records.values import (
    Altered,
    Answered,
    ChannelSettings,
    Forgotten,
    Message,
    RecordsError,
    Tally,
)
from tests.conftest import ROOT
from tests.soak import times
from tests.test_records_forgetting import ANN, NOW, SECRET, WORDS, do_everything, rows

STEPS: Final = sorted(
    path.stem[1:5] for path in Path(migrations.__path__[0]).glob("versions/v*.py")
)
GOLDEN: Final = ROOT / "tests" / "golden" / "records"
NOBODY: Final = 65534
ROUNDS: Final = times(3, 60)


async def opens(where: str | Path, secret: str | None = None) -> None:
    """Open records and close them."""
    async with Records.open(where, secret):
        pass


async def refused(where: str | Path) -> str:
    """The sentence with which records are not opened."""
    with pytest.raises(RecordsError) as caught:
        await opens(where)
    said = str(caught.value)
    assert "\n" not in said
    assert said.endswith((".", ".txt"))
    return said


# --- the file


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
async def test_a_file_is_its_owner_s_only(tmp_path: Path) -> None:
    """The file is created with its folders and its log, for its owner's eyes only."""
    file = tmp_path / "new" / "records.sqlite3"
    mask = os.umask(0)
    try:
        async with Records.open(file) as records:
            await records.questions.note("bell", "why?", NOW)
            modes = {path.name: path.stat().st_mode for path in file.parent.iterdir()}
    finally:
        os.umask(mask)
    assert set(modes) == {file.name, f"{file.name}-wal", f"{file.name}-shm"}
    assert {mode & 0o777 for mode in modes.values()} == {0o600}
    assert file.parent.stat().st_mode & 0o777 == 0o700


async def test_a_file_can_have_any_name(tmp_path: Path) -> None:
    """A file may be named as a path, whatever is in its name."""
    file = tmp_path / "what? 100% #1 é.sqlite3"
    await opens(file)
    assert file.read_bytes().startswith(b"SQLite format 3")


@pytest.mark.parametrize(
    "where",
    ["", "records", "sqlite://", "sqlite:///:memory:", "mysql://a:hunter2@b/c", "a:b"],
)
async def test_what_is_no_address_is_refused(where: str) -> None:
    """What names no database is refused with an example of what does."""
    said = await refused(where)
    assert "sqlite:///records.sqlite3" in said
    assert "hunter2" not in said


async def test_what_is_no_records_file_is_refused(tmp_path: Path) -> None:
    """A file that is something else is refused by its name, and left as it was."""
    file = tmp_path / "notes.txt"
    file.write_text("These are my notes. " * 100)
    assert "notes.txt" in await refused(file)
    assert file.read_text() == "These are my notes. " * 100
    assert str(tmp_path) in await refused(tmp_path)
    assert "notes.txt" in await refused(file / "records.sqlite3")
    assert "nul" in await refused(tmp_path / "a\0b")


async def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    """A file with broken pages is refused with a sentence."""
    file = tmp_path / "records.sqlite3"
    await opens(file)
    data = bytearray(file.read_bytes())
    data[100:] = b"\xff" * (len(data) - 100)
    file.write_bytes(data)
    assert "records.sqlite3" in await refused(file)


# --- PostgreSQL


async def test_postgresql_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no server, or no driver, a sentence says so, and no password."""
    said = await refused("postgres://ann:hunter2@127.0.0.1:1/records?sslmode=disable")
    assert "PostgreSQL" in said
    assert "hunter2" not in said
    monkeypatch.setitem(sys.modules, "asyncpg", None)
    assert "asyncpg" in await refused("postgresql://127.0.0.1/records")


async def test_postgresql_that_refuses(postgres_address: str) -> None:
    """A database or a user that is not there is named."""
    other = postgres_address.replace("/postgres?", "/nothing?")
    assert '"nothing"' in await refused(other)
    other = postgres_address.replace("receipts@", "nobody@")
    assert '"nobody"' in await refused(other)
    assert "PostgreSQL" in await refused(f"{postgres_address}&sslmode=nonsense")


@pytest.mark.parametrize("scheme", ["postgres", "postgresql+asyncpg"])
async def test_postgresql_by_its_other_names(
    postgres_address: str, scheme: str
) -> None:
    """An address as hosts give it, or as SQLAlchemy writes it, is understood."""
    await opens(postgres_address.replace("postgresql", scheme, 1))


async def test_a_lost_connection_is_made_again(postgres_address: str) -> None:
    """After PostgreSQL dropped all connections, the next call works."""
    drop = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    async with Records.open(postgres_address) as records:
        async with Database.open(postgres_address) as other:
            await other.write(lambda on: on.execute(drop).all())
        assert await records.questions.note("bell", "why?", NOW)


# --- migrations


async def test_the_steps_lead_to_the_schema(address: str) -> None:
    """From nothing, the steps make the tables that the code knows; HEAD is the last."""

    def differences(connection: Connection) -> list[object]:
        options = {"version_table": migrations.TABLE}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, metadata))

    async with Database.open(address) as database:
        assert await database.read(differences) == []
        assert await database.read(migrations.version) == migrations.HEAD == STEPS[-1]


async def test_what_a_step_holds_is_known(
    address: str, golden: Callable[[str, str], None]
) -> None:
    """What this step's code writes is kept as a golden file, for the steps to come."""
    async with Records.open(address, SECRET) as records:
        await do_everything(records, ANN, NOW)
        channel = ChannelSettings(answers_unasked=True, cooldown=5)
        await records.settings.set_channel(1, 2, channel)
        await records.settings.set_mark("commands", "5f3a")
        await records.days.count("bell", NOW.date(), "answer", "when")
    kept = await rows(address)
    tables = {
        table.name: [
            {
                column.name: written(value)
                for column, value in zip(table.columns, row, strict=True)
            }
            for row in sorted(kept[table.name], key=repr)
        ]
        for table in metadata.sorted_tables
    }
    golden(f"records/{migrations.HEAD}.json", json.dumps(tables, indent=1) + "\n")


def written(value: object) -> object:
    """A value as a golden file holds it."""
    match value:
        case bytes():
            return {"hex": value.hex()}
        case datetime():
            return {"time": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case _:
            return value


def read(pairs: list[tuple[str, str]]) -> object:
    """A value as it was before it was written."""
    match pairs:
        case [("hex", value)]:
            return bytes.fromhex(value)
        case [("time", value)]:
            return datetime.fromisoformat(value)
        case [("day", value)]:
            return date.fromisoformat(value)
        case _:
            return dict(pairs)


@pytest.mark.parametrize("step", STEPS)
async def test_records_of_every_step_are_brought_up_to_date(
    address: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records that the code of an older step kept are all there, and usable."""
    tables = await fill(address, step, monkeypatch)
    async with Records.open(address, SECRET) as records:
        tally = Tally(0, 1)
        assert await records.votes.tallies("bell") == {"who-rang": tally, "when": tally}
        reasons = [one.reason for one in await records.votes.objections("bell")]
        assert reasons == [f"{WORDS} [number]"] * 2
        assert len(await records.reports.open("bell")) == 2
        altered = Altered(("when",))
        assert await records.corrections.count("bell", altered, NOW) == 1
        (question,) = await records.questions.all("bell")
        assert len(await records.questions.waiting(question.id)) == 1
        assert (await records.settings.of_channel(1, 2)).cooldown == 5
        assert len(await records.actions.of_guild(1)) == 2
        forgotten = await records.delete_person(ANN)
        drafts = len(tables.get("drafts", ()))
        assert forgotten == Forgotten(2, 2, 3, 0, 1, 2, drafts)
        assert await records.votes.objections("bell") == ()


async def fill(
    address: str, step: str, monkeypatch: pytest.MonkeyPatch
) -> Mapping[str, list[dict[str, object]]]:
    """Make records as the code of a step kept them, and give their rows."""
    text = (GOLDEN / f"{step}.json").read_text(encoding="utf-8")
    tables = json.loads(text, object_pairs_hook=read)

    def work(connection: Connection) -> None:
        reflected = MetaData()
        reflected.reflect(connection)
        reflected.drop_all(connection)
        migrations.upgrade(connection)
        reflected = MetaData()
        reflected.reflect(connection)
        for table in reflected.sorted_tables:
            if found := tables.get(table.name):
                connection.execute(table.insert(), found)

    with monkeypatch.context() as older:
        older.setattr(migrations, "HEAD", step)
        async with Database.as_it_is(address) as database:
            await database.write(work)
    return tables


async def test_a_file_that_is_taken_away_is_missed(tmp_path: Path) -> None:
    """Nothing is written to a file that is gone, or another; once it is back, it is."""
    file, aside = tmp_path / "records.sqlite3", tmp_path / "aside.sqlite3"
    async with Records.open(file) as records:
        await records.questions.note("bell", "why?", NOW)
        file.rename(aside)
        for other in (b"", b"another file"):
            with pytest.raises(RecordsError, match="deleted, moved or replaced"):
                await records.questions.note("bell", "who?", NOW)
            with pytest.raises(RecordsError, match="Put it back"):
                await records.questions.all("bell")
            file.write_bytes(other)
        aside.rename(file)
        await records.questions.note("bell", "who?", NOW)
        assert len(await records.questions.all("bell")) == 2


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_while_it_is_brought_up_to_date(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed at any moment of it, records open afterwards, up to date and whole."""

    async def left() -> tuple[str | None, int]:
        async with Records.open(address, SECRET) as records:
            objections = await records.votes.objections("bell")
        async with Database.open(address) as database:
            return await database.read(migrations.version), len(objections)

    for number in range(ROUNDS):
        asyncio.run(fill(address, STEPS[0], monkeypatch))
        process = start(address, "pass", first="from alembic import command")
        assert process.stdout is not None
        assert process.stdout.readline() == "begins\n"
        time.sleep(0.2 * number / ROUNDS)  # all of it takes about as long
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert asyncio.run(left()) == (migrations.HEAD, 2)


def test_a_first_start_says_nothing(tmp_path: Path) -> None:
    """Creating records leaves no line in the log, at the level of an operator's."""
    code = (
        "import asyncio, logging\n"
        "logging.basicConfig(level=logging.INFO)\n"
        "from bot.records.records import Records\n"
        "async def main():\n"
        "    async with Records.open('sqlite:///records.sqlite3'):\n"
        "        pass\n"
        "asyncio.run(main())\n"
    )
    assert run(code, tmp_path, {"PYTHONPATH": str(ROOT)}).stderr == ""


async def test_newer_records_are_refused(address: str) -> None:
    """Records of a newer version are refused with a sentence, and left as they are."""
    await opens(address)
    newer = text("UPDATE records_version SET version_num = '9999'")
    async with Database.open(address) as database:
        await database.write(lambda on: on.execute(newer).close())
    said = await refused(address)
    assert "9999" in said
    assert "newer" in said
    assert "9999" in await refused(address)


async def test_a_failed_step_leaves_nothing(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where bringing up to date fails halfway, the records are as they were."""
    upgrade = migrations.upgrade

    def failing(connection: Connection) -> None:
        upgrade(connection)
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(migrations, "upgrade", failing)
        assert "No space left" in await refused(address)
        broken.setattr(migrations, "HEAD", None)
        async with Database.open(address) as database:
            assert await database.read(migrations.version) is None
    await opens(address)


def test_the_wheel_brings_the_steps(tmp_path: Path) -> None:
    """Installed from a wheel, records can be created: the steps are in it."""
    build = f"from flit_core.buildapi import *; build_wheel({str(tmp_path)!r})"
    run(build, ROOT, {})
    (built,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(built) as wheel:
        wheel.extractall(tmp_path / "installed")
    code = (
        "import asyncio, bot\n"
        "from bot.records.records import Records\n"
        "async def main():\n"
        "    async with Records.open('sqlite:///records.sqlite3'):\n"
        "        print(bot.__file__)\n"
        "asyncio.run(main())\n"
    )
    done = run(code, tmp_path, {"PYTHONPATH": str(tmp_path / "installed")})
    assert done.stdout.startswith(str(tmp_path))
    assert (tmp_path / "records.sqlite3").stat().st_size > 0


# --- other processes


def run(
    code: str, folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run some Python to its end, in a folder."""
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )


def start(where: str, work: str, first: str = "") -> subprocess.Popen[str]:
    """Start a process that opens records and does some work with them."""
    code = f"""
import asyncio, sys
{first}
from datetime import UTC, datetime
from bot.records.values import *
from bot.records.records import Records
NOW = datetime(2026, 11, 23, tzinfo=UTC)
BELL = Answered("bell", "who-rang", "1")
async def main():
    if {bool(first)}:
        print("begins", flush=True)
    async with Records.open({where!r}, {SECRET if first else None!r}) as records:
        number = 0
        while number < 50 or not {"done" in work}:
            number += 1
            {work}
            print(number, flush=True)
asyncio.run(main())
"""
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )


def test_two_processes_lose_nothing(address: str) -> None:
    """Two processes may create and write the same records at once: all is kept."""
    work = 'await records.questions.note("bell", "why?", NOW)  # done'
    both = [start(address, work) for _ in range(2)]
    assert [one.communicate(timeout=60)[0].split()[-1] for one in both] == ["50", "50"]
    assert [one.returncode for one in both] == [0, 0]

    async def asked() -> int:
        async with Records.open(address) as records:
            return (await records.questions.all("bell"))[0].asked

    assert asyncio.run(asked()) == 100


async def test_many_can_open_new_records_at_once(address: str) -> None:
    """Whoever opens new records at the same time gets the same, with the same key."""

    async def votes() -> None:
        async with Records.open(address) as records:
            await records.votes.cast(Answered("bell", "a", "1"), ANN, "wrong", NOW)

    await asyncio.gather(*(votes() for _ in range(4)))
    async with Records.open(address) as records:
        assert await records.votes.tallies("bell") == {"a": Tally(0, 1)}


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_killed_process_leaves_whole_records(address: str) -> None:
    """Killed while it writes, a process leaves records that open, with all it kept."""
    work = (
        "await records.shown.note("
        'Shown(Message(1, 2, number), BELL, tuple("abcdefgh"), NOW), 1)'
    )
    written = 0
    for _ in range(times(1, 20)):
        process = start(address, work)
        assert process.stdout is not None
        for line in process.stdout:
            written = max(written, int(line))
            if int(line) >= 20:
                process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        process.stdout.close()

    async def left() -> list[int]:
        async with Records.open(address) as records:
            altered = Altered(("who-rang",))
            count = await records.corrections.count("bell", altered, NOW)
            every = [await records.shown.by(one) for one in range(1, count + 1)]
            await records.questions.note("bell", "why?", NOW)
            return [len(one.facts) for (one,) in every]

    kept = asyncio.run(left())
    assert len(kept) >= written
    assert set(kept) == {8}
    if address.startswith("sqlite"):
        file = address.removeprefix("sqlite:///")
        with closing(sqlite3.connect(file)) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


async def test_a_writer_waits_for_another(tmp_path: Path) -> None:
    """While another process writes, reading goes on, and writing waits its turn."""
    file = tmp_path / "records.sqlite3"
    async with Records.open(file) as records:
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert await records.questions.all("bell") == ()
            note = asyncio.create_task(records.questions.note("bell", "why?", NOW))
            await asyncio.sleep(0.2)
            assert not note.done()
            other.execute("COMMIT")
        assert await note == 1


async def test_reading_does_not_wait_for_writing(address: str) -> None:
    """While this process writes, what it reads is read all the same."""
    gate = asyncio.Event()
    async with Database.open(address) as database:

        def slowly(connection: Connection) -> None:
            connection.execute(text("INSERT INTO marks VALUES ('a', 'b')")).close()
            await_only(gate.wait())

        writing = asyncio.create_task(database.write(slowly))
        marks = text("SELECT count(*) FROM marks")
        async with asyncio.timeout(5):
            assert await database.read(lambda on: on.scalar(marks)) == 0
        assert not writing.done()
        gate.set()
        await writing
        assert await database.read(lambda on: on.scalar(marks)) == 1


async def test_what_reads_cannot_write(tmp_path: Path) -> None:
    """What is said to read, and writes, is refused."""
    gone = text("DELETE FROM marks")
    async with Database.open(tmp_path / "records.sqlite3") as database:
        with pytest.raises(RecordsError, match="readonly"):
            await database.read(lambda on: on.execute(gone).close())


async def test_a_writer_does_not_wait_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where another process never ends its writing, a sentence says so."""
    monkeypatch.setattr("bot.records.engines._PRAGMAS", ("busy_timeout = 20",))
    monkeypatch.setattr("bot.records.database._PAUSES", (0.01, 0.01))
    file = tmp_path / "records.sqlite3"
    async with Records.open(file) as records:
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(RecordsError, match="busy with another process"):
                await records.questions.note("bell", "why?", NOW)
        assert await records.questions.note("bell", "why?", NOW)


async def test_an_error_tells_nothing_of_people(records: Records) -> None:
    """What is raised holds no words and no ids, nor does its traceback."""
    card, words = Message(None, 2**64, 2**64), "hunter2"
    with pytest.raises(RecordsError) as caught:
        await records.reports.add(card, ANN, words, NOW)
    told = "".join(traceback.format_exception(caught.value))
    assert "more than 64 bits" in told
    assert not re.search(f"{words}|{card.id}|{ANN}", told)


# --- who does without


def test_commands_that_need_no_records_do_not_load_them(tmp_path: Path) -> None:
    """Asking, and all that it imports, costs no SQL; nor do the records' own values."""
    code = (
        "import sys\n"
        "from datetime import date\n"
        "import bot.records.values\n"
        "from bot.cli.main import main\n"
        "from bot.settings import Settings\n"
        "main(['ask', 'why?'], Settings(), date(2026, 11, 23))\n"
        "slow = {'sqlalchemy', 'alembic', 'aiosqlite', 'sqlite3', 'greenlet'}\n"
        "print(sorted(slow & set(sys.modules)))\n"
    )
    environment = {"PYTHONPATH": str(ROOT), "STORY": ""}
    assert run(code, tmp_path, environment).stdout.endswith("[]\n")
