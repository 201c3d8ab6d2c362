"""What the documentation shows is what happens."""

import re
import shlex
from pathlib import Path

import pytest
import yaml

from bot.cli import main
from bot.settings import VARIABLES, Settings
from bot.story.records import FILES
from tests.conftest import ROOT, TODAY

PAGES = [
    ROOT / "README.md",
    ROOT / "knowledge" / "README.md",
    ROOT / "docs" / "hosting.md",
]
BLOCKS = [
    (page.relative_to(ROOT).as_posix(), block)
    for page in PAGES
    for block in re.findall(r"```console\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
]


@pytest.mark.parametrize(("page", "block"), BLOCKS)
def test_a_console_example_prints_what_the_page_shows(
    page: str, block: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A shown command prints the shown lines; a line `…` stands for any."""
    command, *shown = block.rstrip("\n").split("\n")
    main(shlex.split(command.removeprefix("$ receipts ")), Settings(), TODAY)
    printed = capsys.readouterr().out
    parts = [re.escape(line).replace("…", ".*") for line in shown]
    pattern = "\n".join(parts).replace("\n.*\n", "\n(?:.*\n)*?")
    pattern = re.sub(r"\n\.\*$", r"\n(?:.*\n)*", pattern)
    assert re.match(pattern, printed), (page, printed)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to a file of the project is to one that is there."""
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_the_example_records_are_those_of_a_new_story() -> None:
    """Each YAML example of the format page has only fields that there are."""
    text = PAGES[1].read_text(encoding="utf-8")
    known = {name for model in FILES.values() for name in model.model_fields}
    for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL):
        for record in yaml.load(block, Loader=yaml.BaseLoader):  # noqa: S506 - text only
            assert set(record) <= known


def test_every_file_of_the_format_is_on_its_page() -> None:
    """The format page names every kind of fact file."""
    text = PAGES[1].read_text(encoding="utf-8")
    assert all(f"`{name}" in text for name in FILES)


def test_every_setting_is_in_the_example_file() -> None:
    """`.env.example` has each setting, with a sentence above it."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").split("\n")
    assert {name.lower() for name in VARIABLES} == {*Settings.model_fields} - {
        "problems"
    }
    for name in VARIABLES:
        at = lines.index(f"{name}=")
        assert lines[at - 1].startswith("# ")


def test_every_command_is_in_the_readme(capsys: pytest.CaptureFixture[str]) -> None:
    """Each command that `--help` lists is in the README."""
    with pytest.raises(SystemExit):
        main(["--help"], Settings(), TODAY)
    commands = re.findall(r"^ {4}(\w+) ", capsys.readouterr().out, re.MULTILINE)
    text = PAGES[0].read_text(encoding="utf-8")
    assert "ask" in commands
    assert all(f"`receipts {name}" in text for name in commands)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.name)
def test_no_line_is_too_wide(page: Path) -> None:
    """Pages can be read in a terminal; tables and pictures are as wide as they are."""
    shown = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for line in shown.split("\n"):
        assert len(line) <= 92 or line.startswith(("|", "- [`", "<"))
