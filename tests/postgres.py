"""A PostgreSQL server of the tests' own, where PostgreSQL is installed."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote

_CERTIFICATE: Final = (
    *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
    *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
)

UNPRIVILEGED: Final = "nobody"
"""Whom the server runs as where root runs the tests: PostgreSQL refuses root."""

POOLER: Final = shutil.which("pgbouncer", path=f"{os.defpath}:/usr/sbin")
"""PgBouncer, where it is installed."""


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
def server(encrypted: int = 0) -> Generator[str]:
    """Run a server on a socket in a temporary folder; gives the folder.

    Where `encrypted` is a port it listens there, too, as localhost, with a certificate
    that it signed itself: `data/server.crt` in the folder.
    """
    # Not pytest's own folder: whom the server runs as could not enter it.
    with tempfile.TemporaryDirectory(prefix="receipts-") as folder:
        if os.geteuid() == 0:
            shutil.chown(folder, UNPRIVILEGED)
        data = f"{folder}/data"
        _run("initdb", "--no-sync", "--auth=trust", "--username=receipts", data)
        options = f"-F -k {folder} -c listen_addresses="
        if encrypted:
            files = "-keyout", f"{data}/server.key", "-out", f"{data}/server.crt"
            _run("openssl", *_CERTIFICATE, *files)
            options = f"-F -k {folder} -h localhost -p {encrypted} -c ssl=on"
        start(folder, options)
        try:
            yield folder
        finally:
            stop(folder, "immediate")


def start(folder: str, options: str = "") -> None:
    """Start the server in a folder, with its options or those that it had before."""
    data, log = f"{folder}/data", f"--log={folder}/log"
    if not options:
        options = Path(folder, "options").read_text()
    Path(folder, "options").write_text(options)
    _run("pg_ctl", "start", "--wait", f"--pgdata={data}", log, "-o", options)


def stop(folder: str, mode: Literal["fast", "immediate"]) -> None:
    """Stop it: clients are told so, or nobody is and nothing is tidied up."""
    _run("pg_ctl", "stop", f"--pgdata={folder}/data", f"--mode={mode}")


def processes(folder: str) -> list[int]:
    """The server's processes, those of its connections last."""
    first = int(Path(folder, "data", "postmaster.pid").read_text().split()[0])
    children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
    return [first, *map(int, children)]


def create(folder: str, name: str, how: str) -> None:
    """Create another database on the server in a folder, unless it is there."""
    sql = f"CREATE DATABASE {name} {how} TEMPLATE template0"
    with suppress(subprocess.CalledProcessError):
        _run("psql", f"--host={folder}", "--dbname=postgres", f"--command={sql}")


def address(folder: str, name: str = "postgres") -> str:
    """The address of a database on the server in a folder.

    It is one for all tests: to create and delete one for each would take longer than
    the tests.
    """
    return f"postgresql://receipts@/{name}?host={quote(folder)}"


@contextmanager
def pooler(folder: str, connections: int = 3) -> Generator[str]:
    """Run PgBouncer before the server in a folder, in transaction mode.

    Gives the database's address there. It has few connections to the server.
    """
    assert POOLER is not None
    with tempfile.TemporaryDirectory(prefix="receipts-") as place:
        if os.geteuid() == 0:
            shutil.chown(place, UNPRIVILEGED)
        settings = Path(place, "pgbouncer.ini")
        settings.write_text(
            f"[databases]\npostgres = host={folder} user=receipts\n"
            f"[pgbouncer]\nunix_socket_dir = {place}\nlisten_port = 6432\n"
            "listen_addr =\nauth_type = any\npool_mode = transaction\n"
            f"default_pool_size = {connections}\n"
        )
        running = subprocess.Popen(
            [POOLER, str(settings)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            user=UNPRIVILEGED if os.geteuid() == 0 else None,
        )
        try:
            while running.poll() is None and not Path(place, ".s.PGSQL.6432").exists():
                time.sleep(0.02)
            yield f"postgresql://receipts@/postgres?host={quote(place)}&port=6432"
        finally:
            running.terminate()
            running.wait()


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
    found = binaries / program
    subprocess.run(
        [found if found.exists() else program, *arguments],
        check=True,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PGUSER": "receipts", "PATH": os.defpath},
        user=UNPRIVILEGED if os.geteuid() == 0 else None,
    )
