"""How long a backup of many answers takes, and how much memory.

`python -m tests.benchmarks.backups 1000000` fills records in a temporary folder with
as many answers, two facts of each, and a tenth as many questions; then it backs them
up, rehearses that, and restores it, each in a process of its own.
"""

import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Table

from bot.records import tables
from bot.records.database import Database
from bot.records.records import Records
from tests.places import ROOT

NOW: Final = datetime(2026, 11, 23, tzinfo=UTC)
_AT_ONCE: Final = 5000


async def fill(where: Path, many: int) -> None:
    """Keep many answers in new records, over the year before NOW."""
    async with Records.open(where):
        pass
    async with Database.open(where) as database:
        for table, rows in (
            (tables.shown, _shown(many)),
            (tables.shown_facts, _facts(many)),
            (tables.questions, _questions(many // 10)),
        ):
            while some := list(islice(rows, _AT_ONCE)):
                await database.write(
                    lambda on, table=table, some=some: _insert(on, table, some)
                )


def _insert(on: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    on.execute(table.insert(), rows)


def _answer(number: int) -> dict[str, object]:
    entry = f"entry-{number * 7919 % 1000}"
    return {"message": (1 << 60) + number * 4096, "story": "bell", "entry": entry}


def _shown(many: int) -> Iterator[dict[str, object]]:
    for number in range(many):
        yield {
            **_answer(number),
            "revision": sha256(b"%d" % (number // 5000)).hexdigest()[:10],
            "guild": (1 << 59) + number % 400,
            "channel": (1 << 58) + number % 3000,
            "asker": sha256(b"%d" % number).digest() if number % 10 == 0 else None,
            "at": NOW - timedelta(days=365) * (1 - number / many),
            "place": 0,
            "closest": number % 7 == 0,
        }


def _facts(many: int) -> Iterator[dict[str, object]]:
    for number in range(2 * many):
        fact = f"fact-{number * 104_729 % 1500}"
        yield {**_answer(number // 2), "position": number % 2, "fact": fact}


def _questions(many: int) -> Iterator[dict[str, object]]:
    for number in range(many):
        at = NOW - timedelta(days=30) * (1 - number / many)
        yield {
            "story": "bell",
            "folded": sha256(b"%d" % number).hexdigest(),
            "text": f"who rang the bell of tower {number} at night, and why?",
            "state": "open",
            "asked": 1,
            "sent": number % 3,
            "first": at,
            "last": at,
        }


def run(*arguments: str, folder: Path) -> None:
    """Run a command of the bot's in a folder; print its seconds and peak memory."""
    command = [sys.executable, "-m", "bot", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    begun = time.monotonic()
    child = subprocess.Popen(command, cwd=folder, env=environment)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    print(
        f"{' '.join(arguments[:2])}: exit {child.returncode}, "
        f"{time.monotonic() - begun:.0f} s, {used.ru_utime + used.ru_stime:.0f} s of "
        f"processor time, {used.ru_maxrss / 1024:.0f} MB at most\n",
        flush=True,
    )


def main(many: int, base: str | None = None) -> None:
    """Measure; `base` is the folder for what is written, which takes 2 GB a million."""
    with tempfile.TemporaryDirectory(prefix="receipts-", dir=base) as name:
        folder = Path(name)
        run("new", "knowledge/bell", folder=folder)
        records = folder / "data" / "records.sqlite3"
        asyncio.run(fill(records, many))
        print(f"{many} answers: {records.stat().st_size / 1e6:.0f} MB\n", flush=True)
        run("backup", "a.zip", folder=folder)
        print(f"a.zip: {(folder / 'a.zip').stat().st_size / 1e6:.0f} MB\n", flush=True)
        run("backup", "--rehearse", "a.zip", folder=folder)
        for file in (folder / "data").glob("records*"):
            file.unlink()
        run("restore", "a.zip", "--replace", folder=folder)
        own = resource.getrusage(resource.RUSAGE_SELF)
        print(f"(filling: {own.ru_utime + own.ru_stime:.0f} s of processor time)")


if __name__ == "__main__":
    main(int(sys.argv[1]), *sys.argv[2:3])
