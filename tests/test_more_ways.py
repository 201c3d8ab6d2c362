"""`receipts ways`: cues in the terminal, and lines that are typed, piped or given."""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.answering.wording import say
from bot.cli.main import main
from bot.publishing.gate import Gate, Judgement
from bot.records.records import Records
from bot.settings import Settings
from bot.story.files import Files
from tests.conftest import TODAY
from tests.folder import Folder

STOLEN = "was the bell taken by a thief"


def ways(folder: Folder, *arguments: str) -> int:
    """Run the command."""
    words = ["ways", "--story", str(folder.path), *arguments]
    return main(words, Settings(), TODAY)


def added(*lines: str) -> list[str]:
    """The options for some lines."""
    return [word for line in lines for word in ("--add", line)]


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
    assert ways(folder, "what-happened", "--anyway", *added(*lines)) == 0
    printed = capsys.readouterr().out
    assert say("lines.strange") in printed
    assert "2 ways were added to answers/bell.yaml." in printed
    assert "to undo it" in printed
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
    monkeypatch.setattr(sys, "stdin", io.StringIO("Was the bell stolen\nnicked bell\n"))
    assert ways(folder, "was-it-stolen") == 0
    printed = capsys.readouterr().out
    assert say("lines.known", other="Was the bell stolen?") in printed
    assert "1 way was added" in printed
    assert folder.read("answers/bell.yaml").count("Was the bell stolen") == 1


def test_typed_lines_tell_two_apart(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One to which another answer is nearer may be *not this*, on both sides."""
    type_in(monkeypatch, STOLEN, "y", "")
    assert ways(folder, "what-neighbours-said") == 0
    printed = capsys.readouterr().out
    assert say("lines.wrong", other="Was the bell stolen?") in printed
    assert f"“{STOLEN}” is not “Was the bell stolen?”" in printed
    assert "is not “What did the neighbours" in printed
    assert "1 way and 2 “not this” were added" in printed
    entries = folder.load().story
    assert entries
    assert STOLEN in entries.entries["what-neighbours-said"].also_asked
    assert STOLEN in entries.entries["was-it-stolen"].not_this
    (other,) = entries.entries["what-neighbours-said"].not_this
    assert other in entries.entries["was-it-stolen"].ways


@pytest.mark.parametrize(
    ("chosen", "options", "sides"),
    [
        ("1", (), {"was-it-stolen"}),
        ("2", (), {"what-neighbours-said"}),
        ("", ("--not-this",), {"was-it-stolen", "what-neighbours-said"}),
        ("", ("--not-this", "line"), {"was-it-stolen"}),
        ("", (), set[str]()),
    ],
)
def test_either_side_is_enough(  # noqa: PLR0913, PLR0917 - typed, or given
    folder: Folder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    chosen: str,
    options: tuple[str, ...],
    sides: set[str],
) -> None:
    """Typed or given, the line's own side can be had alone; both are shown."""
    if chosen:
        type_in(monkeypatch, STOLEN, chosen, "")
    else:
        options = (*options, *added(STOLEN))
    assert ways(folder, "what-neighbours-said", *options) == 0
    assert f"“{STOLEN}” is not “Was the bell stolen?”" in capsys.readouterr().out
    story = folder.load().story
    assert story
    told = {name for name, one in story.entries.items() if one.not_this}
    assert told - {"what-happened"} == sides


def test_lines_without_a_new_one(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """A way already is no harm, and it is said that nothing was written."""
    assert ways(folder, "was-it-stolen", *added("Was the bell stolen")) == 0
    assert capsys.readouterr().out.endswith("Nothing was written.\n")


def test_what_becomes_of_saved_lines(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """After saving it says of each what people get to it now."""
    assert ways(folder, "was-it-stolen", *added("nicked bell")) == 0
    assert capsys.readouterr().out.endswith("- nicked bell → answered with this\n")


def test_the_list_of_answers(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without an id all are listed; at a terminal the first follows, then the next."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert ways(folder) == 0
    listed = capsys.readouterr().out
    assert "was-it-stolen: Was the bell stolen?\n  3 ways" in listed
    assert "[was-it-stolen]" not in listed
    type_in(
        monkeypatch, "was-it-stolen", "nicked bell", "n", "", "nope", "what-happened"
    )
    assert ways(folder) == 0
    printed = capsys.readouterr().out
    assert "there is no answer 'nope'" in printed
    assert printed.index("- nicked bell →") < printed.index("[what-happened]")
    assert "- nicked bell\n" in folder.read("answers/bell.yaml")


def test_what_is_hidden_ends_no_list(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where an answer is taken off, they go from one of the others to the next."""
    line = "- id: when-returned\n"
    folder.edit("answers/bell.yaml", line, f"{line}  hidden: being checked\n")
    type_in(monkeypatch, "was-it-stolen", "", "what-happened", "", "q")
    assert ways(folder) == 0
    assert "[what-happened]" in capsys.readouterr().out


def test_the_answer_stands_above_its_ways(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two sentences of it; of many ways some, and how many more; then the cues."""
    lines = [f"what of the bell, for the {n}th time" for n in range(9)]
    text = "    - did somebody take the town bell\n"
    more = "".join(f"    - {one}\n" for one in lines)
    folder.edit("answers/bell.yaml", text, text + more)
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert ways(folder, "was-it-stolen") == 0
    printed = capsys.readouterr().out
    places = [
        printed.index(one)
        for one in (
            "Nothing collected here",
            "- did somebody",
            "more\n",
            "nobody names",
        )
    ]
    assert places == sorted(places)
    assert lines[-1] not in printed


def test_a_known_unknown_has_no_answer(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its id is known, and where its ways stand is said."""
    story = folder.load().story
    assert story
    name = next(iter(story.unknowns))
    assert ways(folder, name) == 2
    assert "unknowns.yaml" in capsys.readouterr().err


def test_how_a_refused_story_is_mended(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where a *not this* is enough, it is printed as it goes into the file."""
    asked = "was the tower of the bell demolished"
    probe = f"- ask: {asked}\n  expect: not_covered\n  kind: near\n  level: must\n"
    folder.write("questions.yaml", folder.read("questions.yaml") + probe)
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert ways(folder, "was-it-stolen") == 0
    printed = capsys.readouterr().out
    assert "(tried), in answers/bell.yaml:" in printed
    assert f'    not_this:\n      - "{asked}"\n' in printed


def test_what_the_gate_refuses_is_not_written(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """A way that takes a question from another answer is refused, and why is said."""
    before = folder.read("answers/bell.yaml")
    assert ways(folder, "was-it-stolen", "--add", "what happened to the bell?") == 1
    printed = capsys.readouterr().out
    assert "Nothing was written." in printed
    assert "Not saved:\nwhat happened to the bell?\n" in printed
    assert folder.read("answers/bell.yaml") == before


def test_only_the_line_at_fault_is_refused(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is named and given back; the others are saved."""
    lines = (
        "nicked bell",
        "what happened to the bell?",
        "has a thief been at the bell",
    )
    assert ways(folder, "was-it-stolen", *added(*lines)) == 1
    printed = capsys.readouterr().out
    assert "Refused: what happened to the bell?\n  Write it in other words" in printed
    assert "as both have “bell”" in " ".join(printed.split())
    assert "2 ways were added" in printed
    assert printed.endswith("Not saved:\nwhat happened to the bell?\n")
    written = folder.read("answers/bell.yaml")
    assert "- what happened to the bell?" not in written
    assert f"    - {lines[0]}\n    - {lines[2]}\n" in written


def test_a_story_that_is_refused_as_it_is(
    folder: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said before a line is asked for, and that no line is at fault."""
    folder.edit("questions.yaml", "ask: hello", "ask: where is the bell")
    assert ways(folder, "was-it-stolen", *added("nicked bell")) == 1
    said, _, rest = capsys.readouterr().out.partition("+ nicked bell")
    assert "no line of yours is at fault" in said
    assert "Refused: nicked bell" not in rest
    assert rest.endswith("Not saved:\nnicked bell\n")


def test_what_changed_in_between_loses_no_line(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where somebody else wrote the file meanwhile, the lines are printed again."""
    judge = Gate[Answerer].judge

    def slow(
        gate: Gate[Answerer], files: Files, before: Judgement[Answerer]
    ) -> Judgement[Answerer]:
        text = folder.read("answers/bell.yaml")
        folder.write("answers/bell.yaml", f"{text}# theirs\n")
        return judge(gate, files, before)

    monkeypatch.setattr(Gate, "judge", slow)
    assert ways(folder, "was-it-stolen", *added("nicked bell")) == 1
    printed = capsys.readouterr().out
    assert "changed in between" in printed
    assert printed.endswith("Not saved:\nnicked bell\n")


def test_a_line_of_something_else_is_left_out(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Typed, it is taken where they say so; given, only with --anyway."""
    before = folder.read("answers/bell.yaml")
    assert ways(folder, "was-it-stolen", *added("asdf qwer", "y")) == 1
    assert folder.read("answers/bell.yaml") == before
    assert capsys.readouterr().out.count("It is left out") == 2
    type_in(monkeypatch, "asdf qwer", "n", "zork", "y", "quux", "nicked bell", "")
    assert ways(folder, "was-it-stolen") == 0
    made = set(folder.read("answers/bell.yaml").splitlines())
    made -= set(before.splitlines())
    assert made == {"    - zork", "    - nicked bell"}


def test_a_typed_line_can_be_dropped(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`-` takes the last line back, with what told it apart; others stay."""
    type_in(monkeypatch, "the neighbours and the bell", STOLEN, "y", "-", "")
    assert ways(folder, "what-neighbours-said") == 0
    printed = capsys.readouterr().out
    assert f"Dropped: {STOLEN}" in printed
    assert "1 way was added" in printed
    assert STOLEN not in folder.read("answers/bell.yaml")


@pytest.mark.parametrize("answer", ["", "n", "and who told the paper of a thief"])
def test_a_line_is_no_yes(
    folder: Folder,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answer: str,
) -> None:
    """A line typed in place of yes or no is the next line; without yes, both stay."""
    type_in(monkeypatch, STOLEN, answer, "", "")
    assert ways(folder, "what-neighbours-said") == 0
    assert "The line is kept, without it." in capsys.readouterr().out
    entries = folder.load().story
    assert entries
    wanted = {STOLEN, answer} if len(answer) > 1 else {STOLEN}
    assert wanted <= set(entries.entries["what-neighbours-said"].also_asked)
    assert not entries.entries["was-it-stolen"].not_this


def test_what_was_typed_outlives_ctrl_c(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The lines are printed again; how to end is said before the first."""
    type_in(monkeypatch, "nicked bell")
    typed = input

    def interrupt(prompt: str) -> str:
        try:
            return typed(prompt)
        except EOFError:
            raise KeyboardInterrupt from None

    monkeypatch.setattr("builtins.input", interrupt)
    before = folder.read("answers/bell.yaml")
    assert ways(folder, "was-it-stolen") == 130
    printed = capsys.readouterr().out
    assert "An empty line saves them" in printed
    assert printed.endswith("Not saved:\nnicked bell\n")
    assert folder.read("answers/bell.yaml") == before


def test_the_ways_there_are(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """They are shown before others are asked for."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert ways(folder, "was-it-stolen") == 0
    assert "\n- did somebody take the town bell\n" in capsys.readouterr().out


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
