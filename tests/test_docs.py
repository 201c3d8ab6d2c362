"""What the documentation shows is what happens."""

import re
import shlex
import shutil
from pathlib import Path

import discord
import pytest
import yaml

from bot.answering.answerer import Answerer
from bot.cli.main import main
from bot.discord_bot.asking.app import Options
from bot.discord_bot.client import Receipts
from bot.setting_values import VARIABLES
from bot.settings import Settings
from bot.story.files import FILES
from tests.home import HOME
from tests.places import ROOT, TODAY

FORMAT = ROOT / "knowledge" / "README.md"
PAGES = [
    FORMAT,
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "SECURITY")),
    *sorted((ROOT / "docs").glob("*.md")),
]
GUIDE = (ROOT / "docs" / "moderating.md").read_text(encoding="utf-8")
ASKING = (ROOT / "docs" / "asking.md").read_text(encoding="utf-8")
MAP = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
REAL = ROOT / "knowledge" / "balenciaga-2022"
CHANGES = re.findall(r"```diff\n(.*?)```(?:\n\n```text\n(.*?)```)?", GUIDE, re.DOTALL)
BLOCKS = {
    page.relative_to(ROOT).as_posix(): blocks
    for page in PAGES
    if (
        blocks := re.findall(
            r"(?:`([\w/-]+\.yaml)`:\n\n```yaml|```console)\n(.*?)```",
            page.read_text("utf-8"),
            re.DOTALL,
        )
    )
}


@pytest.mark.parametrize("page", BLOCKS)
def test_console_examples_print_what_the_page_shows(
    page: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Shown commands, in their order, print the shown lines; `…` stands for any.

    A file that a page has the reader write is written.
    """
    monkeypatch.chdir(tmp_path)
    for path, block in BLOCKS[page]:
        if path:
            Path(path).write_text(block, encoding="utf-8")
            continue
        command, *shown = block.rstrip("\n").split("\n")
        main(shlex.split(command.removeprefix("$ receipts ")), Settings(), TODAY)
        printed = capsys.readouterr().out
        parts = [re.escape(line).replace("…", ".*") for line in ["", *shown]]
        pattern = "\n".join(parts).replace("\n.*\n", "\n(?:.*\n)*?")
        pattern = re.sub(r"\n\.\*$", r"\n(?:.*\n)*", pattern)
        assert re.match(pattern, f"\n{printed}"), (command, printed)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    """Every link to a file of the project is to one that is there."""
    text = page.read_text(encoding="utf-8")
    for target, part in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", text):
        there = page.parent / target if target else page
        assert there.exists(), target
        assert not part or part in headings(there), part


def test_the_example_records_are_those_of_a_new_story() -> None:
    """Each YAML example of the format page has only fields that there are."""
    text = FORMAT.read_text(encoding="utf-8")
    known = {name for model in FILES.values() for name in model.model_fields}
    for block in re.findall(r"```yaml\n(.*?)```", text, re.DOTALL):
        for record in yaml.load(block, Loader=yaml.BaseLoader):  # noqa: S506 - text only
            assert set(record) <= known


def test_every_file_of_the_format_is_on_its_page() -> None:
    """The format page names every kind of fact file."""
    text = FORMAT.read_text(encoding="utf-8")
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


def test_every_command_is_on_its_page(capsys: pytest.CaptureFixture[str]) -> None:
    """Each command that `--help` lists is on the page of the command line."""
    with pytest.raises(SystemExit):
        main(["--help"], Settings(), TODAY)
    commands = re.findall(r"^ {4}(\w+) ", capsys.readouterr().out, re.MULTILINE)
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert "ask" in commands
    assert all(f"`receipts {name}" in text for name in commands)


def test_the_map_names_every_room() -> None:
    """Each folder of code, and each file beside them, is where somebody would look."""
    named = {ROOT / place for place in re.findall(r"`(\w+/[\w./-]+)`", MAP)}
    assert [place for place in named if not place.exists()] == []
    rooms = {path.parent for path in (ROOT / "bot").rglob("*.py")} - {ROOT / "bot"}
    assert rooms <= {parent for place in named for parent in place.parents}
    beside = {path for path in (ROOT / "bot").glob("*.py") if path.stem[0] != "_"}
    assert beside <= named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_line_is_too_wide(page: Path) -> None:
    """Pages can be read in a terminal; tables and pictures are as wide as they are."""
    shown = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for line in shown.split("\n"):
        assert len(line) <= 92 or line.startswith(("|", "- [`", "<", "!"))


@pytest.mark.parametrize(("change", "printed"), CHANGES)
def test_a_change_of_the_guide_does_what_the_guide_says(
    change: str,
    printed: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A shown change fits the story; then `check` prints what is shown below it.

    Where nothing is, there is no error. The story may have the change already; where
    its lines stand by now does not matter.
    """
    copy = tmp_path / REAL.relative_to(ROOT)
    shutil.copytree(REAL, copy)
    before, after = side(change, "-"), side(change, "+")
    texts = {path: path.read_text(encoding="utf-8") for path in copy.rglob("*.yaml")}
    found = [path for path, text in texts.items() if before in text or after in text]
    assert len(found) == 1, change
    new = texts[found[0]].replace(before, after, 1)
    found[0].write_text(new, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    main(["check", str(copy.relative_to(tmp_path))], Settings(), TODAY)
    place = re.compile(r":\d+:\d+:")
    said = place.sub(":", capsys.readouterr().out)
    assert said == place.sub(":", printed) if printed else "no errors" in said


def test_the_records_of_the_guide_are_real() -> None:
    """Each record that the guide shows stands in the story as it is shown."""
    texts = [path.read_text(encoding="utf-8") for path in REAL.rglob("*.yaml")]
    blocks = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
    assert blocks
    assert all(any(block in text for text in texts) for block in blocks)


def test_the_commands_of_the_guide_are_there(answerer: Answerer) -> None:
    """Each command that the guide names is one, and it names each of moderators'."""
    options = Options(home_guilds=frozenset({HOME}))
    tree = Receipts(answerer, lambda: TODAY, None, options).tree
    there = set[str]()
    for one in tree.get_commands(guild=discord.Object(HOME)):
        inner = one.commands if isinstance(one, discord.app_commands.Group) else [one]
        there |= {part.qualified_name for part in inner}
    named = set(re.findall(r"`/([a-z]+(?: [a-z]+)?)`", GUIDE))
    twins = {
        f"{of} {one.partition(' ')[2]}"
        for one in named
        for of in ("answers", "source", "unknowns")
    }
    menus = set(re.findall(r"\*(Add as question|Make it an answer)\*", flat(GUIDE)))
    assert named <= there
    assert there <= named | twins | menus


@pytest.mark.parametrize("page", [GUIDE, ASKING], ids=["moderating", "asking"])
def test_the_words_of_a_page_are_those_in_discord(page: str) -> None:
    """What a page has in italics is written so on a card, a button or a form."""
    path = ROOT / "bot" / "words" / "en.txt"
    said = path.read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```", "", page, flags=re.DOTALL).replace("**", "")
    italics = [flat(one) for one in re.findall(r"\*([^*]+)\*", prose)]
    assert len(italics) > 5
    assert {one for one in italics if one not in said} <= {"words like these"}


def test_receipts_commands_in_all_pages_are_there(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each `receipts …` that a page names is a command."""
    with pytest.raises(SystemExit):
        main(["--help"], Settings(), TODAY)
    there = re.findall(r"^ {4}(\w+) ", capsys.readouterr().out, re.MULTILINE)
    for page in PAGES:
        named = re.findall(r"`receipts (\w+)", page.read_text(encoding="utf-8"))
        assert set(named) <= set(there), page


def headings(page: Path) -> set[str]:
    """The parts of a page that links lead to, as GitHub names them."""
    found = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", one.lower()).replace(" ", "-") for one in found}


def side(change: str, sign: str) -> str:
    """A change's text before, with `-`, or after it, with `+`."""
    lines = change.splitlines(keepends=True)
    return "".join(line[1:] for line in lines if line[0] in {" ", sign})


def flat(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())
