"""What is under deploy/: as far as a machine without systemd or Docker can tell."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cli.arguments import Options, parser
from bot.cli.main import main
from bot.discord_bot.running import FINAL
from bot.operating.health import serving
from bot.operating.metrics import Metrics
from bot.operating.pulse import Pulse
from bot.setting_values import VARIABLES, Address
from bot.settings import RECORDS, Settings
from tests.conftest import ROOT, TODAY

TIMER = ROOT / "deploy" / "receipts-backup.timer"
BACKUP = (ROOT / "deploy" / "receipts-backup.service").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "receipts.service").read_text(encoding="utf-8")
CONTAINER = (ROOT / "deploy" / "Containerfile").read_text(encoding="utf-8")
QUADLET = (ROOT / "deploy" / "receipts.container").read_text(encoding="utf-8")
COMPOSE_TEXT = (ROOT / "compose.yaml").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)

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
def test_systemd_hands_the_token_over(tmp_path: Path) -> None:
    """What the page adds to the unit is taken, and names the file it hands over."""
    page = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    (added,) = re.findall(r"```ini\n(.*?)```", page, re.DOTALL)
    found = analyze("verify", unit(tmp_path, UNIT + added))
    assert (found.returncode, found.stderr) == (0, "")
    (name,) = re.findall(r"^LoadCredential=(\w+):/", added, re.MULTILINE)
    assert f"\nEnvironment=DISCORD_TOKEN_FILE=%d/{name}\n" in added


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
    """Its last stage has a user without a name; no command is split by a shell."""
    last = CONTAINER.rpartition("\nFROM ")[2]
    assert re.search(r"^USER \d{5}:\d{5}$", last, re.MULTILINE)
    command = re.compile(r"^(?:RUN|ENTRYPOINT|CMD|    CMD) (.*)$", re.MULTILINE)
    commands = command.findall(CONTAINER)
    assert len(commands) == CONTAINER.count("\nRUN ") + 3
    assert all(json.loads(command) for command in commands)


def test_what_does_not_mend_itself_is_not_started_again(tmp_path: Path) -> None:
    """The units know the exit code of that; in Docker it waits until it is stopped."""
    for text in (UNIT, QUADLET):
        assert f"\nRestartPreventExitStatus={FINAL}\n" in text
    assert "\nExec=run\n" in QUADLET
    assert COMPOSE["services"]["receipts"]["restart"] == "unless-stopped"
    command = re.search(r"^CMD (.*)$", CONTAINER, re.MULTILINE)
    assert command is not None
    given = {"DISCORD_TOKEN": "x", "TWO_PERSON_RULE": "?", "PATH": os.environ["PATH"]}
    refused = Settings.load(given, ROOT)
    assert main(["run"], refused, TODAY) == FINAL
    with subprocess.Popen(
        [sys.executable, "-m", "bot", *json.loads(command[1])],
        cwd=tmp_path,
        env={**given, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
    ) as bot:
        assert bot.stderr is not None
        assert "TWO_PERSON_RULE" in bot.stderr.readline()
        with pytest.raises(subprocess.TimeoutExpired):
            bot.wait(0.5)
        bot.terminate()
        assert bot.wait(10) == 0


def probes() -> list[tuple[str, list[str]]]:
    """The health check of each way to run the container, as a command."""
    image = re.search(r"^    CMD (\[.*\])$", CONTAINER, re.MULTILINE)
    quadlet = re.search(r"^HealthCmd=(.*)$", QUADLET, re.MULTILINE)
    assert image
    assert quadlet
    test = COMPOSE["services"]["receipts"]["healthcheck"]["test"]
    return [
        ("image", json.loads(image[1])),
        ("compose", test[1:]),
        ("quadlet", shlex.split(quadlet[1])),
    ]


def test_the_container_asks_where_health_is_served() -> None:
    """Every health check is the same, of the address that is set, and fails as it must.

    An image in OCI's format keeps none, so that each way to run it needs its own.
    """
    (_, command), *others = probes()
    assert [one for _, one in others] == [command, command]
    *_, code = command
    place = assigned(CONTAINER)["HEALTH_ADDRESS"]
    assert f"http://{place}/livez" in code
    pulse = Pulse(Metrics())
    with serving(Address("127.0.0.1", 0), pulse) as port:
        here = code.replace(place, f"127.0.0.1:{port}")
        assert subprocess.run([sys.executable, "-c", here], check=False).returncode == 0
    done = subprocess.run(
        [sys.executable, "-c", here], check=False, capture_output=True
    )
    assert done.returncode == 1


def test_compose_needs_two_lines() -> None:
    """With a token and a secret all starts; PostgreSQL only where it is asked for."""
    bot, database = COMPOSE["services"]["receipts"], COMPOSE["services"]["postgresql"]
    example = re.findall(r"^#   (\w+)=", COMPOSE_TEXT, re.MULTILINE)
    assert example[:2] == ["DISCORD_TOKEN", "RECORDS_SECRET"]
    assert set(example[:2]) | {"DATABASE_URL"} <= set(VARIABLES)
    assert bot["env_file"] == [".env"]
    assert "profiles" not in bot
    assert database["profiles"] == [example[2:] and "postgresql"]
    assert bot["depends_on"]["postgresql"]["required"] is False
    assert bot["build"]["dockerfile"] == "deploy/Containerfile"
    # What may be interpolated has a default, so that nothing else must be set.
    assert re.findall(r"\$\{\w+\}", yaml.safe_dump(COMPOSE)) == []
    named = {one.split(":")[0] for one in bot["volumes"] + database["volumes"]}
    assert named == set(COMPOSE["volumes"])


def test_each_way_to_run_the_container_holds_it_as_closely() -> None:
    """A root that is read only, no rights, little memory, and one volume."""
    bot = COMPOSE["services"]["receipts"]
    closed = (
        "read_only",
        "init",
        "cap_drop",
        "security_opt",
        "mem_limit",
        "pids_limit",
    )
    assert [bot[name] for name in closed] == [
        True,
        True,
        ["ALL"],
        ["no-new-privileges:true"],
        "512m",
        64,
    ]
    assert bot["volumes"] == ["data:/srv/receipts/data"]
    for line in (
        "ReadOnly=true",
        "RunInit=true",
        "DropCapability=all",
        "NoNewPrivileges=true",
        "PodmanArgs=--memory=512m --pids-limit=64",
        "Volume=receipts.volume:/srv/receipts/data",
    ):
        assert f"\n{line}\n" in QUADLET
    assert "MemoryMax=512M" in UNIT


def test_what_is_kept_is_its_owners_only() -> None:
    """The volume's folder is made in the last stage, for the bot's user alone."""
    last = CONTAINER.rpartition("\nFROM ")[2]
    made = last.index('"--mode=0700", "/srv/receipts/data"')
    assert made < last.index("\nVOLUME /srv/receipts/data\nUSER 10001:10001")
    assert "chown" not in CONTAINER


def test_what_is_installed_is_locked() -> None:
    """Every dependency in the container is held to its hash."""
    installs = [line for line in CONTAINER.split("\n") if '"install", "--' in line]
    assert len(installs) == 3
    assert '"--require-hashes"' in installs[0]
    assert '"--no-deps", "--no-build-isolation"' in installs[1]
