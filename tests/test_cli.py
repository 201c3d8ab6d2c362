"""The command line, as people and programs use it."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.answering.answerer import Answerer
from bot.cli import console
from bot.cli.batch import batch, lines_of
from bot.cli.main import main
from bot.settings import Settings
from tests.conftest import ROOT, TODAY
from tests.folder import Folder
from tests.nasty import texts

STORY = str(ROOT / "bot" / "template")
NOTHING_SET = Settings()


def run(*arguments: str) -> int:
    """Run a command in this process and give its exit code."""
    return main(arguments, NOTHING_SET, TODAY)


def process(
    *arguments: str, stdin: bytes = b"", **environment: str
) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m bot` with nothing set but what is given."""
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        input=stdin,
        capture_output=True,
        check=False,
        cwd=ROOT,
        env={**kept, **environment},
    )


def typed(*lines: bytes, answerer: Answerer) -> list[dict[str, object]]:
    """The objects that a batch of these lines gives."""
    given_lines: Iterable[bytes] = io.BytesIO(b"\n".join(lines))
    return [json.loads(line) for line in batch(iter(given_lines), answerer, TODAY)]


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("when did the bell come back?", 0),
        ("has the bell been put back?", 3),
        ("where was Ada Moreau on 5 March 2024?", 3),
        ("what is the weather?", 3),
        ("hello", 3),
    ],
)
def test_ask_tells_by_its_exit_code_whether_it_answered(
    question: str, code: int
) -> None:
    """`ask` gives 0 for an answer and 3 for none."""
    assert run("ask", "--story", STORY, question) == code


def test_ask_without_a_question_is_a_usage_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`ask` alone gives 2 and says how it is used."""
    assert run("ask", "--story", STORY) == 2
    assert "receipts ask" in capsys.readouterr().err


def test_ask_over_broken_files_shows_the_problems(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`ask` on a story with an error gives 1 and prints it."""
    folder = Folder(tmp_path / "story")
    folder.edit("facts/bell.yaml", "kind: reaction", "kind: reactoin")
    assert run("ask", "--story", str(folder.path), "hello") == 1
    assert "'reactoin' is not a kind" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "question"),
    [
        ("answer", "What happened to the bell?"),
        ("premise", "why did Moreau steal the bell?"),
        ("closest", "has the bell been put back?"),
        ("facts", "where was Ada Moreau on 5 March 2024?"),
        ("not-covered", "what did the repair of the bell cost?"),
        ("off-topic", "what is the weather tomorrow?"),
        ("help", "hello"),
    ],
)
def test_ask_reads_well(
    name: str,
    question: str,
    golden: Callable[[str, str], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What `ask` prints is what we looked at and found good, in 80 columns."""
    run("ask", "--story", STORY, question)
    printed = capsys.readouterr().out
    assert all(len(line) <= 80 or "http" in line for line in printed.split("\n"))
    golden(f"console/{name}.txt", printed)


def test_a_premise_is_set_right_as_in_discord(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said to be not so, and what the answer says to the word stands once."""
    folder = Folder(tmp_path / "story")
    denied = "Ada Moreau denied on 5 March 2024 that the bell had come to her."
    folder.edit(
        "answers/bell.yaml",
        "  answer: >-\n    Nothing collected",
        f"  answer: >-\n    {denied} [moreau-denial] Nothing collected",
    )
    ask = ("ask", "--story", str(folder.path), "why did Moreau steal the bell?")
    run(*ask)
    printed = " ".join(capsys.readouterr().out.split())
    assert printed.startswith(f"Was the bell stolen? Not so: {denied} [1] Nothing")
    assert printed.count("Ada Moreau denied on 5 March") == 1
    run(*ask, "--json")
    (answer,) = json.loads(capsys.readouterr().out)["answers"]
    assert answer["premise"] == f"{denied} [1]"
    assert answer["text"].startswith(denied)


def test_json_keeps_standard_output_for_itself(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """With --json --explain, standard output is one ASCII JSON object."""
    run("ask", "--story", STORY, "--json", "--explain", "Où est the bell? 🔔")
    captured = capsys.readouterr()
    assert json.loads(captured.out)["question"] == "Où est the bell? 🔔"
    assert captured.out.isascii()
    assert "Outcome: " in captured.err


def test_a_batch_gives_each_line_its_object_in_order(answerer: Answerer) -> None:
    """Plain text, objects, and what only looks like one are each one question."""
    found = typed(
        b"when did the bell come back?\r",
        b'{"question": "hello", "conversation": "a"}',
        b'{"question": "when did the bell come back?", "ambient": true}',
        b'{"question": "my bell is nice", "ambient": true}',
        b'{"question": 5}',
        b"[1, 2]",
        b"",
        b"\xff\xfe\x00",
        answerer=answerer,
    )
    assert [one["outcome"] for one in found] == [
        "answer",
        "help",
        "answer",
        "silent",
        "not_covered",
        "not_covered",
        "not_covered",
        "not_covered",
    ]
    assert found[0]["question"] == "when did the bell come back?"
    assert found[4]["question"] == '{"question": 5}'


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_windows_wrote_is_read(answerer: Answerer, coding: str, end: str) -> None:
    """A byte order mark is no part of a question; UTF-16 is read as it was meant."""
    asked = ["was the bell stolen", "Où est the bell?", "", "hello"]
    stream = io.BytesIO("".join(line + end for line in asked).encode(coding))
    found = [json.loads(line) for line in batch(lines_of(stream), answerer, TODAY)]
    assert [one["question"] for one in found] == asked
    assert found[0]["outcome"] == "answer"


@pytest.mark.parametrize("data", [b"", b"one\ntwo", b"\xff", b"\x00\n\x00"])
def test_other_lines_are_as_they_are(data: bytes) -> None:
    """What no mark begins, and is not typed in UTF-16, is not touched."""
    assert b"".join(lines_of(io.BytesIO(data))) == data


def test_an_object_that_cannot_be_asked_is_told_once(
    answerer: Answerer, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is asked as text, as whatever a line holds; the first such line is told."""
    given = [b'{"question": "hi"}', b"{not an object", b'{"q": "hi"}', b'{"q": "ho"}']
    assert len(list(batch(iter(given), answerer, TODAY))) == len(given)
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith("line 3: ")
    assert "'question'" in told


@given(st.lists(texts.map(lambda text: text.encode(errors="replace")) | st.binary()))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_batch_never_loses_a_line(answerer: Answerer, lines: list[bytes]) -> None:
    """Whatever the lines hold, there is one object for each, in ASCII."""
    stream = io.BytesIO(b"".join(line.replace(b"\n", b"") + b"\n" for line in lines))
    found = list(batch(iter(stream), answerer, TODAY))
    assert len(found) == len(lines)
    assert all(line.isascii() and json.loads(line) for line in found)


def test_hostile_lines_get_their_objects(answerer: Answerer) -> None:
    """Long, deep, wide and foreign lines are questions like any other."""
    lines = [
        b"a" * 100_000,
        "🔔".encode() * 3_000,
        "שלום העולם؟ ".encode() * 100,
        b'{"question":' * 5_000,
        b"[" * 50_000,
        b'{"question": "\\ud800", "ambient": 1}',
        b"\x00" * 500,
    ]
    found = typed(*lines, answerer=answerer)
    assert len(found) == len(lines)
    assert {one["outcome"] for one in found} == {"not_covered"}


def test_evaluate_fails_on_a_missed_must(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`evaluate` gives 1, and says why, when a `must` has another outcome."""
    folder = Folder(tmp_path / "story")
    assert run("evaluate", str(folder.path)) == 0
    folder.edit("questions.yaml", "expect: what-happened", "expect: when-returned")
    capsys.readouterr()
    assert run("evaluate", str(folder.path)) == 1
    printed = capsys.readouterr().out
    assert "wrong (must, covered): what happened to the bell?" in printed
    assert printed.endswith("\nmust: 3 of 4 right\n")
    assert run("evaluate", "--json", str(folder.path)) == 1


def test_evaluate_without_questions_is_no_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A story without questions.yaml gives 0, in text and as JSON."""
    folder = Folder(tmp_path / "story")
    (folder.path / "questions.yaml").unlink()
    assert run("evaluate", str(folder.path)) == 0
    assert capsys.readouterr().out.endswith("\nmust: 0 of 0 right\n")
    assert run("evaluate", "--json", str(folder.path)) == 0
    assert json.loads(capsys.readouterr().out)["all"]["asked"] == 0


def test_new_writes_a_story_that_passes_check(tmp_path: Path) -> None:
    """A new story is clean, can be asked, and has an example of every kind of fact."""
    folder = tmp_path / "mine"
    assert run("new", str(folder)) == 0
    assert run("check", str(folder)) == 0
    assert run("ask", "--story", str(folder), "when did the bell come back?") == 0
    facts = (folder / "facts" / "bell.yaml").read_text(encoding="utf-8")
    for kind in "fact statement allegation denial reaction correction".split():
        assert f"kind: {kind}\n" in facts


def test_new_never_writes_over_anything(tmp_path: Path) -> None:
    """A folder with something in it is left alone."""
    (tmp_path / "kept.txt").write_text("mine")
    assert run("new", str(tmp_path)) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


def test_run_without_a_token_says_so_in_one_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`run` without DISCORD_TOKEN gives 2, as no restart helps, and one line."""
    assert run("run", "--story", STORY) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_the_chat_answers_what_is_piped_in() -> None:
    """Bare `receipts` without a token answers standard input and ends."""
    found = process("--story", STORY, stdin=b"when did the bell come back?\n")
    assert found.returncode == 0
    assert b"12 June 2024" in found.stdout
    assert b"Source" in found.stdout
    assert found.stderr == b""


def test_paths_are_relative_to_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check` names files as one would open them from here."""
    folder = Folder(tmp_path / "story")
    folder.edit("facts/bell.yaml", "kind: reaction", "kind: reactoin")
    monkeypatch.chdir(tmp_path)
    run("check", str(folder.path))
    assert capsys.readouterr().out.startswith("story/facts/bell.yaml:")


def test_a_pipe_that_closes_early_is_no_error() -> None:
    """`receipts ask --batch | head -1` ends without a traceback."""
    command = f"{sys.executable} -m bot ask --batch --story {STORY} | head -1"
    found = subprocess.run(
        ["/bin/sh", "-c", command],
        input=b"hello\n" * 3000,
        capture_output=True,
        check=False,
        cwd=ROOT,
    )
    assert found.stderr == b""


def test_output_in_a_poor_locale_is_still_output() -> None:
    """A terminal without Unicode loses characters, not answers."""
    found = process(
        *("ask", "--story", STORY, "when did the bell come back?"),
        PYTHONIOENCODING="ascii",
    )
    assert found.returncode == 0
    assert b"12 June 2024" in found.stdout


class TestSettings:
    """The environment, and `.env` beneath it."""

    def test_the_environment_wins_over_the_file(self, tmp_path: Path) -> None:
        """A variable that is set counts, whatever `.env` says."""
        (tmp_path / ".env").write_text("DISCORD_TOKEN=file\nSTORY=there\n")
        found = Settings.load({"DISCORD_TOKEN": "environment"}, tmp_path)
        assert found.discord_token == SecretStr("environment")
        assert found.story == Path("there")

    def test_an_empty_variable_is_not_set(self, tmp_path: Path) -> None:
        """An empty or blank value counts as none: .env.example can be copied as is."""
        (tmp_path / ".env").write_bytes((ROOT / ".env.example").read_bytes())
        assert Settings.load({"STORY": " "}, tmp_path) == NOTHING_SET

    def test_the_token_is_never_shown(self) -> None:
        """Settings can be printed without telling the token."""
        found = Settings(discord_token=SecretStr("very-secret"))
        assert "very-secret" not in f"{found!r} {found}"

    @pytest.mark.parametrize(
        ("typed", "share"),
        [
            *(("2", 0.02), ("2.5 %", 0.025), (" 7% ", 0.07), ("0", 0.0)),
            *(("100", 1.0), ("250", 0.05), ("-3", 0.05), ("inf", 0.05)),
            *(("", 0.05), ("few", 0.05), ("nan", 0.05), ("%", 0.05)),
        ],
    )
    def test_false_answers_are_a_percentage(
        self, tmp_path: Path, typed: str, share: float
    ) -> None:
        """Per cent become a share of 0 to 1; what is none is the usual 5 %."""
        found = Settings.load({"FALSE_ANSWERS": typed}, tmp_path).false_answers
        assert found == pytest.approx(share)

    @given(typed=texts)
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_false_answers_are_always_a_share(self, tmp_path: Path, typed: str) -> None:
        """Whatever is set, a share of 0 to 1 comes of it."""
        assert 0 <= Settings.load({"FALSE_ANSWERS": typed}, tmp_path).false_answers <= 1

    @given(data=st.binary())
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_any_env_file_is_survived(self, tmp_path: Path, data: bytes) -> None:
        """A `.env` of any bytes stops nothing."""
        (tmp_path / ".env").write_bytes(data)
        Settings.load({}, tmp_path)


@given(texts)
def test_nothing_shown_can_command_a_terminal(text: str) -> None:
    """Control characters of any kind never reach the terminal."""
    shown = console.safe(text)
    assert not [char for char in shown if ord(char) < 32 and char != "\n"]
    assert "\x9b" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize(
    ("share", "told"),
    [
        (0.0, "FALSE_ANSWERS=0: the least share that was measured is"),
        (0.001, "FALSE_ANSWERS=0.1: the least share that was measured is"),
        (0.05, ""),
        (0.9, "FALSE_ANSWERS=90: the greatest share that was measured is"),
    ],
)
@pytest.mark.parametrize("command", ["check", "evaluate"])
def test_a_share_of_false_answers_that_cannot_be_had_is_told(
    command: str, share: float, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check` and `evaluate` say why FALSE_ANSWERS does not do what it says."""
    assert main([command, STORY], Settings(false_answers=share), TODAY) == 0
    printed = " ".join(capsys.readouterr().out.split())
    assert ("that was measured" in printed) == bool(told)
    assert told in printed
