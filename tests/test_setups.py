"""Documented set-ups go round.

Three are tried, each in processes of its own, with Discord on loopback: a plain one; a
service's, whose bot is another user than the operator; a container's, whose file system
is read-only but for `data/`, and which has no folder for temporary files.
"""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from asyncio.subprocess import PIPE, Process
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import ROOT
from tests.test_processes import ANSWER, HOME, QUESTION, ROLE, TOKEN
from tests.test_records_database import STEPS, fill
from tests.test_records_forgetting import SECRET
from tests.wire import Discord, addresses, listening, until

NOBODY: Final = 65534
# It may read what we can, such as a Python in root's home, and write what is its own.
_NOBODY: Final = (
    *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
    *("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"),
)
_READ_ONLY: Final = (
    *("unshare", "--mount", "--propagation", "private", "sh", "-c"),
    "mount --bind data data && mount -o remount,ro,bind / && cd . && "
    '! touch x 2>/dev/null && ! touch /tmp/x 2>/dev/null && exec "$@"',
    "sh",
)


_ENVIRONMENT: Final = {
    "PATH": os.defpath,
    "PYTHONPATH": str(ROOT),
    "PYTHONDONTWRITEBYTECODE": "1",
}
_CACHED: Final = {**_ENVIRONMENT, "XDG_CACHE_HOME": "data/cache"}


def run(
    command: Sequence[str], folder: Path, environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    """Run a command in a folder, and keep what it says."""
    return subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass(frozen=True, slots=True)
class SetUp:
    """How a set-up runs the bot, and how its operator runs other commands."""

    story: str
    bot: tuple[str, ...]
    operator: tuple[str, ...]

    def missing(self, folder: Path) -> str:
        """Why it cannot be had here; empty: it can."""
        if sys.platform == "win32":
            return "Windows has neither"
        for prefix in (self.bot, self.operator):
            if prefix and os.geteuid() != 0:
                return "only root can be others"
            command = [*prefix, sys.executable, "-c", "import bot"]
            try:
                done = run(command, folder, _ENVIRONMENT)
            except FileNotFoundError as error:
                return f"{error.filename} is not installed"
            if done.returncode:
                return f"{prefix[0]} is not allowed: {done.stderr.strip()[-200:]}"
        return ""


SET_UPS: Final = {
    "plain": SetUp("knowledge/bell", (), ()),
    "service": SetUp("bell", _NOBODY, ()),
    "container": SetUp(
        "data/stories/bell", (*_READ_ONLY, *_NOBODY), (*_READ_ONLY, *_NOBODY)
    ),
}


class Machine:
    """A folder that a bot runs in, and the file with its settings, beside it."""

    def __init__(self, set_up: SetUp, folder: Path, wire: str) -> None:
        self.folder, self._set_up = folder, set_up
        (folder / "data").mkdir(parents=True)
        self.settings = {
            "DISCORD_TOKEN": TOKEN,
            "STORY": set_up.story,
            "HOME_GUILDS": str(HOME),
            "MODERATOR_ROLES": str(ROLE),
            "MEANING_MODEL": "none",
            "RECORDS_SECRET": SECRET,
            **addresses(wire),
        }
        self._file = folder.with_suffix(".env")
        lines = [f"{name}={value}\n" for name, value in self.settings.items()]
        self._file.write_text("".join(lines))
        self.own()

    def own(self) -> None:
        """Have all of it belong to whom the bot runs as."""
        for path in (self.folder, *self.folder.rglob("*")) if self._set_up.bot else ():
            os.chown(path, NOBODY, NOBODY)

    def run(self, *arguments: str, fails: bool = False) -> str:
        """What a command of the operator's says; it names the settings' file."""
        command = [*self._set_up.operator, sys.executable, "-m", "bot", *arguments]
        done = run([*command, "--env-file", str(self._file)], self.folder, _CACHED)
        assert done.returncode == int(fails), done.stdout + done.stderr
        return done.stdout + done.stderr

    async def start(self, wire: Discord) -> Process:
        """Start the bot, and wait until it is connected."""
        many = len(wire.identified)
        found = await asyncio.create_subprocess_exec(
            *self._set_up.bot,
            *(sys.executable, "-m", "bot", "run"),
            cwd=self.folder,
            env={**_CACHED, **self.settings},
            stderr=PIPE,
        )
        await until(
            lambda: len(wire.identified) > many or found.returncode is not None, 120
        )
        if found.returncode is not None:
            assert found.stderr
            pytest.fail((await found.stderr.read()).decode())
        return found


@pytest.fixture(params=SET_UPS.values(), ids=list(SET_UPS))
def set_up(request: pytest.FixtureRequest, base: Path) -> SetUp:
    """A documented set-up, where it can be had."""
    found: SetUp = request.param
    (base / "data").mkdir()
    if why := found.missing(base):
        pytest.skip(why)
    return found


@pytest.fixture
def base() -> Iterator[Path]:
    """A folder that others may enter, which they may not pytest's own."""
    with tempfile.TemporaryDirectory(prefix="receipts-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


async def said(wire: Discord, person: int = 100) -> str:
    """What is answered to somebody's question."""
    token = await wire.slash(QUESTION, person, HOME)
    await until(lambda: token in wire.answered, 30)
    return str(wire.answered[token])


async def is_off(wire: Discord) -> bool:
    """Whether the answer that was hidden is off: a saved change takes some seconds."""
    for person in range(200, 260):
        if ANSWER not in await said(wire, person):
            return True
        await asyncio.sleep(1)
    return False


async def stopped(process: Process) -> None:
    """Stop the bot as a service is stopped."""
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0


def counted(told: str) -> Mapping[str, int]:
    """The rows that a command says there are, by table."""
    pairs = told.partition(" rows (")[2].partition(")")[0].split(", ")
    return {name: int(many) for name, many in (pair.split() for pair in pairs)}


async def test_it_goes_round(
    set_up: SetUp, base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a moderator changed in Discord is on the next machine, and after an upgrade.

    A backup is made and tried under the bot, nothing is restored under it, and what the
    operator restores, the bot can write.
    """
    async with listening() as (wire, place):
        wire.servers = [HOME]
        old = Machine(set_up, base / "old", place)
        shutil.copytree(ROOT / "bot" / "template", old.folder / set_up.story)
        old.own()
        bot = await old.start(wire)
        assert ANSWER in await said(wire)
        given = {"what": "answers/was-it-stolen", "reason": "checked again"}
        await wire.use("hide", given, 9, HOME, ROLE)
        await until(lambda: "It is off now" in str(wire.followed), 60)
        assert await is_off(wire)

        told = old.run("backup", "--rehearse", "--keep", "3", "data/backups")
        (backup,) = (old.folder / "data" / "backups").iterdir()
        assert "are as they were" in told
        assert counted(told)["actions"] == 1
        over = ("restore", f"data/backups/{backup.name}", "--replace")
        assert "A bot runs over these records" in old.run(*over, fails=True)
        await stopped(bot)

        new = Machine(set_up, base / "new", place)
        shutil.copy(backup, new.folder / "data" / "a.zip")
        new.own()
        assert counted(new.run("restore", "data/a.zip")) == counted(told)
        bot = await new.start(wire)
        assert ANSWER not in await said(wire)
        await stopped(bot)

        records = new.folder / "data" / "records.sqlite3"
        for file in records.parent.glob("records*"):
            file.unlink()
        await fill(f"sqlite:///{records}", STEPS[0], monkeypatch)
        new.own()
        older = counted(new.run("backup", "data/older.zip"))
        bot = await new.start(wire)
        assert ANSWER not in await said(wire)
        await stopped(bot)
        assert "is up to date" in new.run("doctor")
        assert counted(new.run("restore", "data/older.zip", "--replace")) == older
        kept = [
            *(new.folder / "data").glob("records*"),
            *(new.folder / set_up.story).rglob("*"),
            *(new.folder / "data" / "bell").rglob("*"),
        ]
        owners = {path.stat().st_uid for path in kept}
        assert owners == {NOBODY if set_up.bot else os.geteuid()}
