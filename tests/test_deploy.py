"""What is under deploy/: as far as a machine without systemd or Docker can tell."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.cli.arguments import Options, parser
from bot.cli.main import main
from bot.discord_bot.running import FINAL
from bot.settings import RECORDS, VARIABLES, Settings
from tests.conftest import ROOT, TODAY

TIMER = ROOT / "deploy" / "receipts-backup.timer"
BACKUP = (ROOT / "deploy" / "receipts-backup.service").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "receipts.service").read_text(encoding="utf-8")
CONTAINER = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")

needs_systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed"
)


def unit(folder: Path, text: str) -> str:
    """A unit in a folder, starting a command that is there."""
    command = folder / "receipts"
    command.write_text("#!/bin/sh\n")
    command.chmod(0o755)
    file = folder / ("receipts.service" if text == UNIT else "receipts-backup.service")
    file.write_text(text.replace("/opt/receipts/.venv/bin/receipts", str(command)))
    return str(file)


def analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run systemd-analyze."""
    command = ["systemd-analyze", *arguments]
    return subprocess.run(command, capture_output=True, check=False, text=True)


def assigned(text: str) -> dict[str, str]:
    """What an ENV of the container or an Environment of the unit sets."""
    lines = re.sub(r"\\\n", " ", text)
    found = re.findall(r"^(?:ENV |Environment=)(.*)$", lines, re.MULTILINE)
    return dict(pair.split("=", 1) for line in found for pair in line.split())


def test_what_is_written_is_what_is_kept() -> None:
    """Records and cache are on the container's volume, and in the unit's folders."""
    volume = "/srv/receipts/data"
    assert f"\nWORKDIR {Path(volume).parent}\n" in CONTAINER
    assert f"\nVOLUME {volume}\n" in CONTAINER
    assert Path(volume).name == RECORDS.parts[0]
    assert assigned(CONTAINER)["XDG_CACHE_HOME"].startswith(f"{volume}/")
    assert "\nWorkingDirectory=/var/lib/receipts\nEnv" in UNIT
    assert "\nStateDirectory=receipts\n" in UNIT


@needs_systemd
@pytest.mark.parametrize("text", [UNIT, BACKUP], ids=["bot", "backup"])
def test_systemd_takes_the_unit(text: str, tmp_path: Path) -> None:
    """`systemd-analyze verify` has nothing to say, of the backup's timer neither."""
    file = unit(tmp_path, text)
    shutil.copy(TIMER, tmp_path)
    timers = [str(tmp_path / TIMER.name)] if text == BACKUP else []
    found = analyze("verify", file, *timers)
    assert (found.returncode, found.stderr) == (0, "")


@needs_systemd
@pytest.mark.parametrize("text", [UNIT, BACKUP], ids=["bot", "backup"])
def test_the_unit_is_exposed_to_little(text: str, tmp_path: Path) -> None:
    """Systemd rates its exposure at 1.5 of 10 or less."""
    file = unit(tmp_path, text)
    found = analyze("security", "--offline=true", "--threshold=15", file)
    assert found.returncode == 0, found.stdout


def test_a_backup_is_made_where_the_bot_runs() -> None:
    """The backup's unit has the bot's user, settings and folder, and may do no more."""
    for name in (
        *("User", "DynamicUser", "WorkingDirectory", "EnvironmentFile", "UMask"),
        *("StateDirectoryMode", "SystemCallFilter", "CapabilityBoundingSet"),
    ):
        lines = re.findall(rf"^{name}=.*$", UNIT, re.MULTILINE)
        assert lines
        assert re.findall(rf"^{name}=.*$", BACKUP, re.MULTILINE) == lines
    limits = UNIT[UNIT.index("ProtectSystem=") : UNIT.index("\n\n[Install]")]
    assert limits in BACKUP
    assert "\nStateDirectory=receipts receipts-backups\n" in BACKUP
    command = re.search(r"^ExecStart=\S+ (.*)$", BACKUP, re.MULTILINE)
    assert command
    options = parser().parse_args(command[1].split(), namespace=Options())
    assert options.file == Path("/var/lib/receipts-backups")
    assert options.keep


@pytest.mark.parametrize("text", [UNIT, CONTAINER], ids=["unit", "container"])
def test_what_is_set_is_a_setting(text: str, tmp_path: Path) -> None:
    """Only settings, folders and Python's own are set, each to a good value."""
    values = assigned(text)
    known = {*VARIABLES, "XDG_CACHE_HOME"}
    assert all(name in known or name.startswith(("PYTHON", "PIP_")) for name in values)
    assert Settings.load(values, tmp_path).problems == ()


def test_the_container_is_made_from_what_is_there() -> None:
    """Each file that is copied is in the project, and not left out of the context."""
    sources = {
        source
        for line in re.findall(r"^COPY (?!--)(.*)$", CONTAINER, re.MULTILINE)
        for source in line.split()[:-1]
    }
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    assert sources == {line[1:] for line in ignored if line.startswith("!")}
    assert "*" in ignored
    assert all((ROOT / source).exists() for source in sources)


def test_the_container_runs_as_nobody_special() -> None:
    """Its last stage has a user without a name, and its commands need no shell."""
    last = CONTAINER.rpartition("\nFROM ")[2]
    assert re.search(r"^USER \d{5}:\d{5}$", last, re.MULTILINE)
    command = re.compile(r"^(?:RUN|ENTRYPOINT|CMD|    CMD) (.*)$", re.MULTILINE)
    commands = command.findall(CONTAINER)
    assert len(commands) == CONTAINER.count("\nRUN ") + 3
    assert all(json.loads(command) for command in commands)


def test_what_does_not_mend_itself_is_not_started_again() -> None:
    """The unit knows the exit code of that, and the container turns it into 0."""
    assert f"\nRestartPreventExitStatus={FINAL}\n" in UNIT
    assert "--restart on-failure " in CONTAINER
    command = re.search(r"^CMD (.*)$", CONTAINER, re.MULTILINE)
    assert command is not None
    refused = Settings.load({"DISCORD_TOKEN": "x", "TWO_PERSON_RULE": "?"}, ROOT)
    assert main(["run"], refused, TODAY) == FINAL
    assert main(json.loads(command[1]), refused, TODAY) == 0


def test_the_container_asks_where_health_is_served() -> None:
    """The health check's address is the one that is set, and its Python is sound."""
    check = re.search(r"^    CMD (\[.*\])$", CONTAINER, re.MULTILINE)
    assert check is not None
    *_, code = json.loads(check[1])
    compile(code, "healthcheck", "exec")
    assert f"http://{assigned(CONTAINER)['HEALTH_ADDRESS']}/healthz" in code


def test_what_is_installed_is_locked() -> None:
    """Every dependency in the container is held to its hash."""
    installs = [line for line in CONTAINER.split("\n") if '"install", "--' in line]
    assert len(installs) == 3
    assert '"--require-hashes"' in installs[0]
    assert '"--no-deps", "--no-build-isolation"' in installs[1]
