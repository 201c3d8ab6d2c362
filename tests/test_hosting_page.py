"""What an operator copies from docs/hosting.md runs, in the order it stands there."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from bot.operating.health import serving
from bot.operating.metrics import Metrics
from bot.operating.pulse import Pulse
from bot.records.records import Records
from bot.records.values import RecordsError
from bot.setting_values import Address
from bot.settings import Settings
from tests.conftest import ROOT
from tests.test_records_database import STEPS, fill
from tests.test_records_forgetting import SECRET

PAGE: Final = ROOT / "docs" / "hosting.md"
ANOTHER: Final = "another secret, of enough letters"
STORY: Final = "bell"

NOT_HERE: Final = {
    r"\bmake (-C \S+ )?\.venv/run": "it installs from a package registry",
    r"sudoedit ": "it opens an editor",
    r"systemctl ": "no systemd runs where tests do",
    r"journalctl ": "there is no journal where tests run",
    r"\bdocker ": "no container engine runs where tests do; see test_deploy",
    r"createuser ": "it asks for a password; see test_records_postgresql",
    r"createdb ": "it is its server's owner who may; see test_records_postgresql",
    r"receipts doctor --online": "it asks Discord; see test_doctor",
    r"receipts run": "it goes on until it is stopped; see test_setups",
}
"""What is not run, by what it has in it: why."""

pytestmark = pytest.mark.skipif(
    any(shutil.which(one) is None for one in ("sh", "git", "curl", "openssl")),
    reason="the commands of the page need sh, git, curl and openssl",
)


def commands() -> Iterator[str]:
    """The commands of the page's shell blocks, each with all of its lines."""
    blocks = re.findall(
        r"^( *)```sh\n(.*?)```", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    for margin, block in blocks:
        command = ""
        for line in block.rstrip().splitlines():
            command += f"{line.removeprefix(margin)}\n"
            if is_whole(command):
                yield command
                command = ""
        assert not command.strip(), command


def is_whole(command: str) -> bool:
    """Whether a shell waits for no more lines."""
    marker = re.search(r"<<'(\w+)'\n", command)
    if marker and f"\n{marker[1]}\n" not in command:
        return False
    if command.endswith("\\\n"):
        return False
    done = subprocess.run(
        ["/bin/sh", "-n"], input=command, text=True, capture_output=True, check=False
    )
    return done.returncode == 0


def why_not(command: str) -> str:
    """Why a command is not run here; empty: it is."""
    found = (why for part, why in NOT_HERE.items() if re.search(part, command))
    return next(found, "")


def machine(base: Path) -> Path:
    """A machine's folders: a repository to clone, `sudo`, and what systemd makes."""
    origin = base / "origin"
    shutil.copytree(ROOT / "deploy", origin / "deploy")
    shutil.copytree(ROOT / "bot" / "template", origin / "knowledge" / STORY)
    shutil.copy(ROOT / ".env.example", origin)
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
    for arguments in (["init", "--quiet"], ["add", "."], ["commit", "-qm", "all"]):
        subprocess.run([*git, *arguments], cwd=origin, check=True)
    programs = base / "programs"
    programs.mkdir()
    # Whoever runs the tests is root, or may be it in these folders.
    (programs / "sudo").write_text('#!/bin/sh\nexec "$@"\n')
    (programs / "sqlite3").write_text(
        f"#!{sys.executable}\nimport sqlite3, sys\n"
        "on = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "on.executescript(sys.stdin.read())\non.close()\n"
    )
    for path in programs.iterdir():
        path.chmod(0o755)
    for name in ("etc/systemd/system", "opt", "var/lib/receipts/data", "home"):
        (base / name).mkdir(parents=True)
    return base


def placed(text: str, base: Path) -> str:
    """A command with this machine's folders, and what it leaves to the reader."""
    backups = base / "var" / "lib" / "receipts" / "data" / "backups"
    text = re.sub(r"(?<![\w.])/(?=(?:etc|opt|var)/)", f"{base}/", text)
    for name, value in (
        ("<this repository>", str(base / "origin")),
        ("/STORY", f"/{STORY}"),
        ("FILE.zip", f'"$(ls {backups}/*.zip | head -n 1)"'),
    ):
        text = text.replace(name, value)
    return text


def script(base: Path) -> str:
    """All of the page that can be run, as one script that stops where one fails."""
    program = f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m bot "$@"\n'
    installs = (  # in place of make, which would install it
        f"mkdir -p FOLDER/.venv/bin && printf '%s' '{program}' "
        "> FOLDER/.venv/bin/receipts && chmod +x FOLDER/.venv/bin/receipts\n"
    )
    lines = ["set -eu\n"]
    for command in commands():
        if not (why := why_not(command)):
            lines.append(placed(command, base))
        elif "installs" in why and "/run" in command:
            folder = f"{base}/opt/receipts" if "-C" in command else "."
            lines.append(installs.replace("FOLDER", folder))
    return "".join(lines)


def run(text: str, base: Path, **environment: str) -> str:
    """What a script prints; all of it must succeed."""
    done = subprocess.run(
        ["/bin/sh", "-c", text],
        cwd=base / "home",
        env={
            "PATH": f"{base / 'programs'}:{os.environ['PATH']}",
            "HOME": str(base / "home"),
            "XDG_CACHE_HOME": str(base / "cache"),
            "PYTHONDONTWRITEBYTECODE": "1",
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


def test_each_reason_is_needed() -> None:
    """Each of them is some command's: none is left from before."""
    found = list(commands())
    for part in NOT_HERE:
        assert any(re.search(part, command) for command in found), part


async def test_the_page_of_hosting_goes_through(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All of it, in its order: set up, backed up, restored, upgraded, a new secret.

    The secret can then be another one, and the votes of before are gone.
    """
    base = machine(tmp_path)
    records = base / "var" / "lib" / "receipts" / "data" / "records.sqlite3"
    await fill(f"sqlite:///{records}", STEPS[-1], monkeypatch)
    settings = {"DISCORD_TOKEN": "x" * 24 + ".abcdef." + "y" * 27}
    settings |= {"RECORDS_SECRET": SECRET, "MEANING_MODEL": "none"}
    settings["STORY"] = str(base / "var" / "lib" / "receipts" / "story")
    written = "".join(f"{name}={value}\n" for name, value in settings.items())
    with serving(Address("127.0.0.1", 0), Pulse(Metrics())) as port:
        text = script(base).replace("127.0.0.1:8080", f"127.0.0.1:{port}")
        # In place of the editor that is opened there.
        place = f"{base}/etc/receipts.env"
        at = text.index(place) + len(place) + 1
        text = f"{text[:at]}printf '%s' '{written}' >> {place}\n{text[at:]}"
        told = run(text, base)
    assert "are as they were" in told
    assert "All of " in told
    assert '"status": "unavailable"' in told
    here = Settings.load({}, base / "home" / "receipts")
    assert here.discord_token is not None
    assert here.problems == ()
    async with Records.open(records, ANOTHER) as one:
        assert await one.votes.objections(STORY, 5) == ()
    with pytest.raises(RecordsError, match="another secret"):
        async with Records.open(records, secret=SECRET):
            pass
