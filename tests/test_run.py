"""Starting and stopping the bot: exit codes, and what is said when it cannot start."""

import json
import logging
import os
import shutil
import signal
import ssl
import subprocess
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager, suppress
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Final

import discord
import pytest
from discord.http import Route

from bot.answering.answerer import Answerer
from bot.discord_bot.running import FINAL, Hosting, run

TOKEN: Final = "a-secret-token"  # noqa: S105 - not one


def today() -> date:
    """A day."""
    return date(2026, 11, 23)


@contextmanager
def discord_that(answers: Callable[[], int]) -> Generator[str]:
    """A small HTTP server in Discord's place; `answers` gives each request's status."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps({"message": "no", "code": 0}).encode()
            self.send_response(answers())
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            with suppress(ConnectionError):  # the bot may have stopped by now
                self.wfile.write(body)

        def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
            """Keep quiet."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Keep quiet where a bot that was stopped does not wait for its answer."""

    server = Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def one_sentence(said: str) -> str:
    """What was said, if it is one line."""
    assert said.count("\n") == 1
    assert said.endswith(".\n")
    assert TOKEN not in said
    return said


def test_wrong_token(
    answerer: Answerer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A wrong token ends in one sentence with the mend, for good, and without it."""
    caplog.set_level(logging.DEBUG)
    with discord_that(lambda: 401) as address:
        monkeypatch.setattr(Route, "BASE", address)
        assert run(answerer, TOKEN, today) == FINAL
    said = one_sentence(capsys.readouterr().err)
    assert "refused the token" in said
    assert "DISCORD_TOKEN" in said
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("token", ["", "  ", "two\nlines", "tökèn", "a b"])
def test_impossible_token(
    answerer: Answerer, token: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be a token is not even sent."""
    assert run(answerer, token, today) == FINAL
    assert "token" in one_sentence(capsys.readouterr().err)


def test_no_network(
    answerer: Answerer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where Discord cannot be reached, one sentence says so, and the exit code is 1."""
    with discord_that(lambda: 200) as address:
        pass
    monkeypatch.setattr(Route, "BASE", address)  # closed by now
    assert run(answerer, TOKEN, today) == 1
    assert "check the network" in one_sentence(capsys.readouterr().err)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the key")
def test_a_certificate_that_is_not_valid(
    answerer: Answerer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is mostly by a clock that is years off, so what that says is told."""
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=127.0.0.1".split()
    made = [*make, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        Thread(target=server.serve_forever, args=[0.05]).start()
        monkeypatch.setattr(Route, "BASE", f"https://127.0.0.1:{server.server_port}")
        assert run(answerer, TOKEN, today) == 1
        server.shutdown()
    said = one_sentence(capsys.readouterr().err)
    assert f"the clock is right (it says {datetime.now(UTC):%Y-%m-%d}" in said


def test_refused_rights(
    answerer: Answerer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Where Discord refuses the bot its rights, no restart helps: it says so."""
    with discord_that(lambda: 403) as address:
        monkeypatch.setattr(Route, "BASE", address)
        assert run(answerer, TOKEN, today) == FINAL
    assert "403" in one_sentence(capsys.readouterr().err)


def test_discord_is_down(
    answerer: Answerer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """An error of Discord's is told with its number, and the exit code is 1."""
    with discord_that(lambda: 418) as address:
        monkeypatch.setattr(Route, "BASE", address)
        assert run(answerer, TOKEN, today) == 1
    assert "418" in one_sentence(capsys.readouterr().err)


@pytest.mark.parametrize(
    ("hosting", "said"),
    [
        (Hosting("mysql://x"), "the address of a database"),
        (Hosting("sqlite:///x.sqlite3", "short"), "secret is too short"),
    ],
)
def test_records_that_cannot_be_opened(
    answerer: Answerer, hosting: Hosting, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Records that cannot be opened end the bot with one sentence and exit code 1."""
    assert run(answerer, TOKEN, today, hosting) == 1
    assert said in one_sentence(capsys.readouterr().err)


def test_records_are_created(
    answerer: Answerer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first start creates the records."""
    with discord_that(lambda: 401) as address:
        monkeypatch.setattr(Route, "BASE", address)
        hosting = Hosting(tmp_path / "new" / "r.sqlite3")
        assert run(answerer, TOKEN, today, hosting) == FINAL
    assert (tmp_path / "new" / "r.sqlite3").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals(
    answerer: Answerer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    number: signal.Signals,
) -> None:
    """SIGINT and SIGTERM end the bot with exit code 0 and without a word."""
    stopped = Event()

    def interrupt() -> int:
        os.kill(os.getpid(), number)
        stopped.wait(10)
        return 200

    with discord_that(interrupt) as address:
        monkeypatch.setattr(Route, "BASE", address)
        try:
            assert run(answerer, TOKEN, today) == 0
            assert capsys.readouterr().err == ""
        finally:
            stopped.set()


def test_what_runs_beside(answerer: Answerer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is to run beside the client is begun before it starts, and ended after."""
    seen: list[str] = []

    @asynccontextmanager
    async def beside(client: discord.Client) -> AsyncGenerator[None]:
        seen.append(type(client).__name__)
        try:
            yield
        finally:
            seen.append("ended")

    with discord_that(lambda: 401) as address:
        monkeypatch.setattr(Route, "BASE", address)
        assert run(answerer, TOKEN, today, Hosting(beside=beside)) == FINAL
    assert seen == ["Receipts", "ended"]
