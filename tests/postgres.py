"""A PostgreSQL server of the tests' own, where PostgreSQL is installed."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import quote

UNPRIVILEGED: Final = "nobody"
"""Whom the server runs as where root runs the tests: PostgreSQL refuses root."""


def missing() -> str | None:
    """Why there can be no server here; None where there can."""
    if find_spec("asyncpg") is None:
        return "asyncpg is not installed"
    if _binaries() is None:
        return "PostgreSQL's initdb is not installed"
    if sys.platform == "win32":
        return "Windows has no users to run PostgreSQL as"
    return None


@contextmanager
def server() -> Generator[str]:
    """Run a server on a socket in a temporary folder; gives the folder."""
    # Not pytest's own folder: whom the server runs as could not enter it.
    with tempfile.TemporaryDirectory(prefix="receipts-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, UNPRIVILEGED)
        data = f"{folder}/data"
        _run("initdb", "--no-sync", "--auth=trust", "--username=receipts", data)
        options = f"-F -k {folder} -c listen_addresses="
        log = f"--log={folder}/log"
        _run("pg_ctl", "start", "--wait", f"--pgdata={data}", log, "-o", options)
        try:
            yield folder
        finally:
            _run("pg_ctl", "stop", f"--pgdata={data}", "--mode=immediate")


def address(folder: str) -> str:
    """The address of the database on the server in a folder.

    It is one for all tests: to create and delete one for each would take longer than
    the tests.
    """
    return f"postgresql://receipts@/postgres?host={quote(folder)}"


def empty(folder: str) -> None:
    """Empty the database on the server in a folder."""
    sql = "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
    _run("psql", "--quiet", f"--host={folder}", "--dbname=postgres", f"--command={sql}")


def _binaries() -> Path | None:
    on_path = shutil.which("initdb")
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = [Path(on_path).resolve()] if on_path else installed[-1:]
    return found[0].parent if found else None


def _run(program: str, *arguments: str) -> None:
    binaries = _binaries()
    assert binaries is not None
    subprocess.run(
        [binaries / program, *arguments],
        check=True,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PGUSER": "receipts", "PATH": os.defpath},
        user=UNPRIVILEGED if os.geteuid() == 0 else None,
    )
