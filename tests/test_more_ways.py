"""`receipts ways`: cues in the terminal, and lines that are typed, piped or given."""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.records.records import Records
from bot.settings import Settings
from tests.conftest import TODAY
from tests.folder import Folder

STOLEN = "was the bell taken by a thief"


def ways(folder: Folder, *arguments: str) -> int:
    """Run the command."""
    words = ["ways", "--story", str(folder.path), *arguments]
    return main(words, Settings(), TODAY)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """A story's folder; what is kept beside it is there, too."""
    monkeypatch.chdir(tmp_path)
    return Folder(tmp_path / "story")


def type_in(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    """Have lines typed at a terminal, up to its end."""
    typed: Iterator[str] = iter(lines)

    def answer(_: str) -> str:
        try:
            return next(typed)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", answer)
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)


def test_cues_without_a_line(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In a pipe without lines it says what nobody asks yet, and writes nothing."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    before = folder.read("answers/bell.yaml")
    assert ways(folder, "what-happened") == 0
    printed = capsys.readouterr().out
    assert "nobody asks when: 4 March 2024" in printed
    assert "nobody names: Harbour Council" in printed
    assert folder.read("answers/bell.yaml") == before


def test_given_lines_are_added(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """They go into the file as its others do; all else in it stays to the byte."""
    before = folder.read("answers/bell.yaml")
    lines = ("quux the flarn", "is the bell away for good")
    assert ways(folder, "what-happened", "--add", lines[0], "--add", lines[1]) == 0
    printed = capsys.readouterr().out
    assert "leads nowhere yet" in printed
    assert "does the answer say this? quux, flarn" in printed
    assert "2 ways were added to answers/bell.yaml." in printed
    after = folder.read("answers/bell.yaml")
    assert after == before.replace(
        "    - why is there no bell in the tower\n",
        "    - why is there no bell in the tower\n"
        + "".join(f"    - {one}\n" for one in lines),
    )


def test_piped_lines_are_added(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Lines of standard input are as good; one that is a way already is left out."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("Was the bell stolen\nquux flarn\n"))
    assert ways(folder, "was-it-stolen") == 0
    printed = capsys.readouterr().out
    assert "a way already: “Was the bell stolen?”" in printed
    assert "A way was added" in printed
    assert folder.read("answers/bell.yaml").count("Was the bell stolen") == 1


def test_typed_lines_tell_two_apart(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One to which another answer is nearer may be *not this*, on both sides."""
    type_in(monkeypatch, STOLEN, "y", "")
    assert ways(folder, "what-neighbours-said") == 0
    assert "another answer is nearer: “Was the bell stolen?”" in capsys.readouterr().out
    entries = folder.load().story
    assert entries
    assert STOLEN in entries.entries["what-neighbours-said"].also_asked
    assert STOLEN in entries.entries["was-it-stolen"].not_this
    (other,) = entries.entries["what-neighbours-said"].not_this
    assert other in entries.entries["was-it-stolen"].ways


def test_what_the_gate_refuses_is_not_written(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """A way that takes a question from another answer is refused, and why is said."""
    before = folder.read("answers/bell.yaml")
    folder.edit("questions.yaml", "what happened to the bell?", "what of the bell?")
    assert ways(folder, "was-it-stolen", "--add", "what of the bell?") == 1
    assert "Nothing was written." in capsys.readouterr().out
    assert folder.read("answers/bell.yaml") == before


def test_an_unknown_answer(folder: Folder, capsys: pytest.CaptureFixture[str]) -> None:
    """Its id is named with the nearest there is."""
    assert ways(folder, "what-hapened") == 2
    assert "did you mean 'what-happened'?" in capsys.readouterr().err


async def _asked_in_vain(where: Path, text: str) -> None:
    async with Records.open(where) as records:
        await records.questions.note("story", text, datetime.now(UTC))


async def test_what_people_asked_near_it(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Questions of the queue that are near the answer are shown among the cues."""
    import asyncio  # noqa: PLC0415

    where = folder.path.parent / "records.sqlite"
    monkeypatch.setattr("bot.cli.more_ways.RECORDS", where)
    await _asked_in_vain(where, "is the old bell gone with rascals")
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert await asyncio.to_thread(ways, folder, "what-happened") == 0
    assert "- is the old bell gone with rascals" in capsys.readouterr().out
