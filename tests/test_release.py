"""What a release is made of: a version, what changed, and what it is installed with."""

import re
import tomllib

import pytest

from bot import __version__
from bot.cli.main import main
from bot.settings import Settings
from tests.places import ROOT, TODAY

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ["requirements.txt", "requirements-dev.txt", "deploy/sentence-model.txt"]
PIN = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)", re.MULTILINE)


def pins(text: str) -> set[tuple[str, str]]:
    """The packages that a text pins, each with its version."""
    return {
        (re.sub(r"[-_.]+", "-", name).lower(), at) for name, at in PIN.findall(text)
    }


def pinned(lock: str) -> set[tuple[str, str]]:
    """What a lock file pins."""
    return pins((ROOT / lock).read_text(encoding="utf-8"))


def test_the_command_says_its_version(capsys: pytest.CaptureFixture[str]) -> None:
    """`receipts --version` prints the version, and nothing else."""
    with pytest.raises(SystemExit, match="0"):
        main(["--version"], Settings(), TODAY)
    assert capsys.readouterr().out == f"receipts {__version__}\n"


def test_the_changes_of_this_version_are_told() -> None:
    """The newest heading of CHANGELOG.md is this version."""
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## ([\d.]+)", text, re.MULTILINE)[0] == __version__


def test_what_is_installed_is_what_the_project_asks_for() -> None:
    """Each pin of pyproject.toml is in the files of its readers: run `make lock`."""
    groups = PROJECT["dependency-groups"]
    extras = PROJECT["project"]["optional-dependencies"]
    people = [*PROJECT["project"]["dependencies"], *groups["build"]]
    people += extras["postgresql"]
    assert pins("\n".join(people)) <= pinned("requirements.txt")
    # Who archives a PDF or wants the demo is told what to install; developers have it.
    every = people + extras["pdf"] + extras["demo"] + groups["dev"]
    assert pins("\n".join(every)) <= pinned("requirements-dev.txt")
    assert pins("\n".join(groups["meaning"])) <= pinned("deploy/sentence-model.txt")


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_names_no_place(lock: str) -> None:
    """Where packages come from is for whoever installs them to say; each has hashes."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert text.count("==") <= text.count("--hash=sha256:")
