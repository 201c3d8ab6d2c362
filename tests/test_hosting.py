"""The bot as it is hosted: started, watched and stopped as a service manager does."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread, Timer
from typing import NoReturn
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from pydantic import SecretStr

from bot.cli.main import main
from bot.discord_bot.gateway import State
from bot.hosting import follow, host
from bot.operating.metrics import Served
from bot.publishing.live import Swapped
from bot.records.values import RecordsError
from bot.setting_values import Address
from bot.settings import Settings
from tests.conftest import ROOT, TODAY
from tests.folder import Folder
from tests.wire import LOOPBACK, discord

STORY = ROOT / "bot" / "template"
TOKEN = "MTE4NDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"  # noqa: S105


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as found:
        found.bind((LOOPBACK, 0))
        return int(found.getsockname()[1])


@contextmanager
def discord_elsewhere(patch: pytest.MonkeyPatch) -> Generator[None]:
    """A small Discord in a thread of its own."""
    ready, done = Event(), Event()

    async def serve() -> None:
        async with discord(patch):
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = Thread(target=asyncio.run, args=[serve()])
    thread.start()
    assert ready.wait(10)
    try:
        yield
    finally:
        done.set()
        thread.join()


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in a folder of its own, where the records are put."""
    monkeypatch.chdir(tmp_path)


def test_the_bot_is_healthy_once_it_is_connected_until_it_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """/healthz turns 200, SIGTERM ends it with 0, and the log is JSON and no secret."""
    port = free_port()
    settings = Settings(
        discord_token=SecretStr(TOKEN),
        log_format="json",
        health_address=Address(LOOPBACK, port),
    )
    answers: list[int] = []

    def watch() -> None:
        while 200 not in answers and len(answers) < 500:
            try:
                with urlopen(f"http://{LOOPBACK}:{port}/healthz", timeout=5) as found:
                    answers.append(found.status)
            except HTTPError as error:
                with error:
                    answers.append(error.code)
            except OSError:
                answers.append(0)
            Event().wait(0.02)
        os.kill(os.getpid(), signal.SIGTERM)

    watcher = Thread(target=watch)
    with discord_elsewhere(monkeypatch):
        watcher.start()
        assert host(STORY, "story", settings, lambda: TODAY) == 0
        watcher.join()
    assert answers[-1] == 200
    assert set(answers) <= {0, 503, 200}
    said = capsys.readouterr().err
    entries = [json.loads(line) for line in said.splitlines()]
    assert {"discord.client", "discord.gateway"} <= {one["logger"] for one in entries}
    assert TOKEN not in said


STOPPED_AS_IT_IS_LOADED = """
import os, signal, sys
from types import SimpleNamespace
def load(): os.kill(os.getpid(), signal.SIGTERM)
sys.modules["bot.cli.main"] = SimpleNamespace(entry_point=load)
sys.argv = ["receipts", "run"]
from bot.cli import entry_point
entry_point()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there it ends all at once")
def test_a_stop_while_the_bot_is_still_being_loaded() -> None:
    """SIGTERM is heeded before what takes a while to load: exit code 0."""
    command = [sys.executable, "-c", STOPPED_AS_IT_IS_LOADED]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("after", [0, 0.3])
def test_a_stop_while_the_bot_is_still_being_built(after: float) -> None:
    """SIGTERM is heeded while it starts: exit code 0, and not a word."""
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "--story", str(STORY), "run"],
        stderr=subprocess.PIPE,
        env={**os.environ, "DISCORD_TOKEN": TOKEN, "PYTHONPATH": str(ROOT)},
    ) as bot:
        status = Path(f"/proc/{bot.pid}/status")
        caught = re.compile(r"^SigCgt:\s*(\w+)$", re.MULTILINE)
        while not (
            (found := caught.search(status.read_text()))
            and int(found[1], 16) & 1 << signal.SIGTERM - 1
        ):
            Event().wait(0.005)
        Event().wait(after)
        bot.terminate()
        assert bot.communicate(timeout=10) == (None, b"")
        assert bot.returncode == 0


def test_broken_files_that_were_never_good(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where there is no good revision to serve, the problems are told, and it is 1."""
    folder = Folder(tmp_path / "story")
    folder.write("facts/bell.yaml", "- id: [\n")
    settings = Settings(discord_token=SecretStr(TOKEN))
    assert host(folder.path, "story", settings, lambda: TODAY) == 1
    first, *_, last = capsys.readouterr().err.splitlines()
    assert first.startswith("story/facts/bell.yaml:2:1: error: ")
    assert "until its errors are mended" in last


def test_a_start_over_broken_files_serves_the_last_good_revision(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was good last is served, and the log says so, and what is wrong."""
    folder = Folder(tmp_path / "story")
    settings = Settings(discord_token=SecretStr(TOKEN))
    good = follow(folder.path, "story", settings, lambda: TODAY).start()
    assert isinstance(good, Swapped)
    folder.write("facts/bell.yaml", "- id: [\n")
    with discord_elsewhere(monkeypatch):
        Timer(1, os.kill, (os.getpid(), signal.SIGTERM)).start()
        assert host(folder.path, "story", settings, lambda: TODAY) == 0
    said = capsys.readouterr().err
    assert f"revision {good.revision}, the last good one" in said
    assert "story/facts/bell.yaml:2:1: error: " in said


def test_judging_is_in_no_figure(tmp_path: Path) -> None:
    """Figures go on over a change, and questions that prove it do not count."""
    folder = Folder(tmp_path / "story")
    live = follow(folder.path, "story", Settings(), lambda: TODAY)
    live.start()
    before = live.current
    assert before
    before.reply("hello", TODAY)
    folder.edit("story.yaml", "The bell of Harbour Street", "A gong")
    while live.look() is None:
        pass
    assert live.current
    assert live.current is not before
    live.current.reply("hello", TODAY)
    gateway = State((), servers=1)
    figures = live.current.metrics.text(gateway, Served(before.story))
    assert b'receipts_questions_total{outcome="help"} 2.0\n' in figures
    assert b'receipts_questions_total{outcome="answer"} 0.0\n' in figures


def test_health_is_served_before_the_story_is_built(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """While it is built the bot lives, and says that it is not ready."""
    port = free_port()
    seen: list[int] = []

    def begin(*_: object) -> NoReturn:
        for path in ("livez", "readyz", "metrics"):
            try:
                with urlopen(f"http://{LOOPBACK}:{port}/{path}", timeout=5) as found:
                    seen.append(found.status)
            except HTTPError as error:
                with error:
                    seen.append(error.code)
        raise RecordsError("The records are away.")

    monkeypatch.setattr("bot.hosting._begin", begin)
    place = Address(LOOPBACK, port)
    settings = Settings(discord_token=SecretStr(TOKEN), health_address=place)
    assert host(STORY, "story", settings, lambda: TODAY) == 1
    assert seen == [200, 503, 200]


@pytest.mark.parametrize(
    ("given", "story", "told"),
    [
        ({"DISCORD_TOKEN": TOKEN, "TWO_PERSON_RULE": "?"}, STORY, "TWO_PERSON_RULE"),
        ({}, STORY, "DISCORD_TOKEN"),
        ({"DISCORD_TOKEN": "two words"}, STORY, "refused the token"),
        ({"DISCORD_TOKEN": TOKEN, "DATABASE_URL": "mysql:///x"}, STORY, "DATABASE_URL"),
        ({"DISCORD_TOKEN": TOKEN}, ROOT / "docs", "errors are mended"),
    ],
)
def test_what_keeps_it_from_starting_is_json_where_the_log_is(
    given: dict[str, str],
    story: Path,
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The reason is an entry of the log's shape, and so is all that comes before."""
    settings = Settings.load({**given, "LOG_FORMAT": "json"}, tmp_path)
    assert main(["--story", str(story), "run"], settings, TODAY) in {1, 2}
    entries = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert told in entries[-1]["message"]
    assert entries[-1]["level"] == "critical"
    assert all({"time", "logger"} <= set(entry) for entry in entries)


def test_a_taken_health_address_is_told_in_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The bot does not start without the health it was told to serve."""
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        place = Address(LOOPBACK, taken.getsockname()[1])
        settings = Settings(discord_token=SecretStr(TOKEN), health_address=place)
        assert host(STORY, "story", settings, lambda: TODAY) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert re.fullmatch(r"HEALTH_ADDRESS: .* cannot be listened on .*; .*", said)
