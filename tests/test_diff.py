"""`receipts diff`: a story's folder beside what it was."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.settings import Settings
from tests.conftest import TODAY
from tests.folder import Folder

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is missing")


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder, as somebody."""
    somebody = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
    command = ["git", *somebody, "-c", "commit.gpgSign=false", *arguments]
    done = subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Folder:
    """The invented story, committed; one stands beside its folder."""
    top = tmp_path / "repository"
    top.mkdir()
    folder = Folder(top / "story")
    git(top, "init", "--quiet")
    git(top, "add", ".")
    git(top, "commit", "--quiet", "--message", "begin")
    monkeypatch.chdir(top)
    return folder


def diff(*arguments: str) -> int:
    """Run `receipts diff` on the story and give its exit code."""
    return main(["diff", "--story", "story", *arguments], Settings(), TODAY)


@needs_git
def test_a_change_is_shown_beside_the_last_commit(
    repository: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a revision it is compared with HEAD; a good change gives 0."""
    repository.edit("facts/bell.yaml", "kind: reaction", "kind: statement")
    assert diff() == 0
    printed = capsys.readouterr().out
    assert printed.startswith("HEAD (revision ")
    assert "kind: reaction → statement" in printed
    assert "none leads elsewhere" in printed


@needs_git
def test_a_theft_is_refused(
    repository: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """A change that steals a question gives 1, and says which and from whom."""
    way = "    - where is the bell\n"
    taken = f"{way}    - did anybody steal it i mean the bell\n"
    repository.edit("answers/bell.yaml", way, taken)
    assert diff() == 1
    printed = " ".join(capsys.readouterr().out.split())
    assert "should lead to was-it-stolen, and would be answered by what-h" in printed


@needs_git
def test_a_broken_change_is_refused_with_its_problems(
    repository: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files that cannot be served give 1, with each problem where it stands."""
    line = repository.edit("facts/bell.yaml", "kind: reaction", "kind: reactoin")
    assert diff() == 1
    assert f"story/facts/bell.yaml:{line}:" in capsys.readouterr().out


@needs_git
def test_any_revision_can_be_compared_with(
    repository: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside an earlier commit, all changes since are shown, and nothing is changed."""
    repository.edit("facts/bell.yaml", "kind: reaction", "kind: statement")
    git(repository.path, "commit", "--quiet", "--all", "--message", "go on")
    assert diff() == 0
    assert "no record differs" in capsys.readouterr().out
    assert diff("HEAD^1") == 0
    assert "facts: 1 changed" in capsys.readouterr().out
    assert git(repository.path, "status", "--porcelain") == ""


@needs_git
def test_a_mended_story_can_be_published(
    repository: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the commit could not be served, there is nothing to compare with."""
    repository.edit("facts/bell.yaml", "kind: reaction", "kind: reactoin")
    git(repository.path, "commit", "--quiet", "--all", "--message", "break it")
    repository.edit("facts/bell.yaml", "kind: reactoin", "kind: reaction")
    assert diff() == 0
    printed = capsys.readouterr().out
    assert "HEAD (cannot be served)" in printed
    assert "There is nothing before to compare with" in printed


@needs_git
def test_a_new_story_was_all_added(
    repository: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """A story that no commit has yet is shown as added."""
    shutil.copytree(repository.path, "other")
    assert main(["diff", "--story", "other"], Settings(), TODAY) == 0
    printed = capsys.readouterr().out
    assert "HEAD (no story)" in printed
    assert "entries: 4 added" in printed


@needs_git
@pytest.mark.parametrize("revision", ["no-such-branch", "-n", "", "HEAD\0", "a b"])
def test_a_revision_that_is_none_is_a_usage_error(
    revision: str, repository: Folder, capsys: pytest.CaptureFixture[str]
) -> None:
    """What git does not know gives 2, and says what else can be done."""
    assert main(["diff", "--story", "story", "--", revision], Settings(), TODAY) == 2
    assert "--against DIR" in capsys.readouterr().err
    assert repository.errors() == []


def test_two_folders_can_be_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --against, no git is needed; further questions are asked of both."""
    before, after = Folder(tmp_path / "before"), Folder(tmp_path / "after")
    way = "    - where is the bell\n"
    after.edit("answers/bell.yaml", way, f"{way}    - has the bell a crack\n")
    asked = tmp_path / "questions.txt"
    asked.write_text("is it true the bell has a crack\n\n")
    command = ["diff", "--story", str(after.path), "--against", str(before.path)]
    options = ["--questions", str(asked), "--json"]
    assert main([*command, *options], Settings(), TODAY) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["refused"] == []
    assert found["records"]["answers"]["changed"][0]["id"] == "what-happened"
    assert found["moved"][-1]["question"] == "is it true the bell has a crack"


def test_a_comment_can_be_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With --markdown, the comment's mark comes first."""
    folder = str(Folder(tmp_path / "story").path)
    command = ["diff", "--story", folder, "--against", folder, "--markdown"]
    assert main(command, Settings(), TODAY) == 0
    assert capsys.readouterr().out.startswith("<!-- receipts diff -->\n")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--story", "nowhere", "--against", "story"], "no story in 'nowhere'"),
        (["--story", "story", "--against", "nowhere"], "no story in 'nowhere'"),
        (["--story", "story"], "--against DIR"),
        (
            ["--story", "story", "--against", "story", "--questions", "nowhere"],
            "'nowhere' cannot be read",
        ),
    ],
)
def test_what_cannot_be_compared_is_a_usage_error(
    options: list[str],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A folder without a story, or without a past, gives 2 and says what is missing."""
    Folder(tmp_path / "story")
    monkeypatch.chdir(tmp_path)
    assert main(["diff", *options], Settings(), TODAY) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""
