"""A story's folder with its past, in git and in files of ours."""

import gzip
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.history import atomic, git
from bot.history.git_lock import Lock
from bot.history.history import ChangedError, History, HistoryError, Version, history_of
from bot.history.journal import Journal, Pending
from bot.history.ledger import Ledger
from bot.history.repository import Repository
from bot.history.undoing import OverlapError, taken_back
from bot.history.versions import Change
from tests.conftest import ROOT
from tests.folder import Folder
from tests.soak import law, times

NOW = datetime(2026, 11, 23, 12, 30, 15, tzinfo=UTC)
TALKS = "facts/talks.yaml"
GIT = shutil.which("git") or "git"

OUTSIDE = ("../outside.yaml", "/outside.yaml", "facts/../../outside.yaml", ".env")

posix_only = pytest.mark.skipif(os.name == "nt", reason="permissions as on POSIX")


class Repo:
    """A git repository, used as people use it."""

    def __init__(self, path: Path, *options: str) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--template=", "--initial-branch=main", *options)

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        """What git prints, as somebody with a name."""
        names = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org")
        done = subprocess.run(
            [GIT, *names, *arguments],
            cwd=cwd or self.path,
            env={"PATH": os.environ["PATH"], "HOME": "/nowhere", "LC_ALL": "C"},
            capture_output=True,
            check=True,
            text=True,
        )
        return done.stdout

    def commit(self, message: str = "By somebody") -> str:
        """Commit all there is; the commit's id."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.head()

    def head(self) -> str:
        """The id of the commit that is checked out."""
        return self.git("rev-parse", "HEAD").strip()


class Story(Folder):
    """An invented story with a small file that tests change, and its history."""

    def __init__(self, path: Path, keep: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        super().__init__(path)
        self.keep = keep
        self.write(TALKS, "one\n")

    @property
    def history(self) -> History:
        """The history, as a process that starts now finds it."""
        return history_of(self.path, self.keep)

    def save(
        self,
        text: str | None,
        path: str = TALKS,
        *,
        message: str = "Change it",
        author: str = "Ann",
        now: datetime = NOW,
    ) -> Version:
        """Save one file's new text, made from the one that is there."""
        before = {path: atomic.text(self.path, path)}
        return self.history.save(before, {path: text}, message, author, now)

    def undo(self, version: str) -> Version:
        """Take a version back."""
        history = self.history
        before, after = history.undo(version)
        return history.save(before, after, f"Take back {version}", "Ann", NOW)

    def hidden(self) -> list[str]:
        """Files that nobody put there."""
        return [file.name for file in self.path.rglob(".*")]


@pytest.fixture
def plain(tmp_path: Path) -> Story:
    """A story in no repository."""
    return Story(tmp_path / "story", tmp_path / "data")


@pytest.fixture(scope="session")
def first_repo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository that those of the tests are copies of."""
    made = Repo(tmp_path_factory.mktemp("repo"))
    Story(made.path / "knowledge" / "talks", made.path)
    (made.path / "README.md").write_text("read me\n", encoding="utf-8")
    made.commit()
    return made.path


@pytest.fixture
def repo(first_repo: Path, tmp_path: Path) -> Repo:
    """A repository with one commit: a story, and a file beside it."""
    made = object.__new__(Repo)
    made.path = Path(shutil.copytree(first_repo, tmp_path / "repo"))
    return made


@pytest.fixture
def in_git(repo: Repo, tmp_path: Path) -> Story:
    """The story in that repository."""
    story = object.__new__(Story)
    story.path, story.keep = repo.path / "knowledge" / "talks", tmp_path / "data"
    return story


@pytest.fixture(params=["plain", "in_git"])
def story(request: pytest.FixtureRequest) -> Story:
    """A story with each kind of history."""
    made: Story = request.getfixturevalue(request.param)
    return made


@pytest.fixture(autouse=True)
def _memory_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Save the time that disks take: no test takes the power away."""
    monkeypatch.setattr(os, "fsync", nothing)
    monkeypatch.setattr(git, "_FSYNC", "none")


# What both kinds promise.


def test_a_saved_change_is_in_the_files_and_in_the_log(story: Story) -> None:
    """A version says what was changed, by whom, when, and why."""
    there = story.history.files().texts
    zone = timezone(timedelta(hours=2))
    version = story.save(
        "two\n", message="Correct it\n\nWhy.", now=NOW.astimezone(zone)
    )
    assert story.read(TALKS) == "two\n"
    assert story.history.files().texts == {**there, TALKS: "two\n"}
    assert story.history.log(limit=1) == (version,)
    assert version == Version(version.id, NOW, "Ann", "Correct it\n\nWhy.", (TALKS,))
    assert story.hidden() == []
    assert story.history.recover() == ()


def test_files_are_added_changed_and_deleted_in_one_version(story: Story) -> None:
    """All the paths of a save are one version; undoing it undoes all of them."""
    before = {TALKS: "one\n", "facts/new.yaml": None, "unknowns.yaml": None}
    before["unknowns.yaml"] = story.read("unknowns.yaml")
    after = {TALKS: "two\n", "facts/new.yaml": "new\n", "unknowns.yaml": None}
    there = story.history.files().texts
    version = story.history.save(before, after, "Three files", "Ann", NOW)
    assert version.paths == ("facts/new.yaml", TALKS, "unknowns.yaml")
    assert not (story.path / "unknowns.yaml").exists()
    assert story.history.files(version.id).texts == story.history.files().texts
    story.undo(version.id)
    assert story.history.files().texts == there
    assert not (story.path / "facts/new.yaml").exists()


def test_a_folder_is_made_for_the_first_file_in_it(story: Story) -> None:
    """A topic of answers can be the first one."""
    for file in (story.path / "answers").iterdir():
        file.unlink()
    (story.path / "answers").rmdir()
    story.save("first\n", "answers/first.yaml")
    assert story.read("answers/first.yaml") == "first\n"


@pytest.mark.parametrize(
    "text",
    ["a\r\nb\r\n", "\ufeffa\n", "no end", "", "caf\udce9 é 🎈\n", "a\x00b\u2028\r"],
)
def test_texts_are_kept_byte_for_byte(story: Story, text: str) -> None:
    """Line ends, a mark at the start, odd bytes: all come back as they were."""
    version = story.save(text)
    data = (story.path / TALKS).read_bytes()
    assert data == text.encode(errors="surrogateescape")
    story.save("other\n")
    assert story.history.files(version.id).texts[TALKS] == text
    assert story.history.undo(story.history.log(1)[0].id)[1] == {TALKS: text}


def test_the_log_goes_back_in_pages_and_by_file(story: Story) -> None:
    """Latest first; `before` goes on where a page ended; `path` asks for one file."""
    made = [story.save(f"{number}\n") for number in range(5)]
    other = story.save("other\n", "facts/other.yaml")
    history = story.history
    assert history.log(limit=3) == (other, made[4], made[3])
    assert history.log(limit=2, before=made[3].id) == (made[2], made[1])
    assert history.log(path="facts/other.yaml") == (other,)
    assert history.log(path="facts/none.yaml") == ()
    assert history.log(before=other.id, path=TALKS, limit=5) == tuple(made[::-1])


def test_the_files_at_a_version_are_as_they_were_then(story: Story) -> None:
    """Each version can be looked at, whatever came later."""
    made = [story.save(f"{number}\n") for number in range(3)]
    added = story.save("x\n", "facts/x.yaml")
    for number, version in enumerate(made):
        files = story.history.files(version.id).texts
        assert files[TALKS] == f"{number}\n"
        assert "facts/x.yaml" not in files
        assert "story.yaml" in files
    assert story.history.files(added.id).texts["facts/x.yaml"] == "x\n"
    assert (
        story.history.files(added.id[:8]).texts == story.history.files(added.id).texts
    )


def test_a_change_in_between_is_never_written_over(story: Story) -> None:
    """Where somebody else was quicker, it says in which files, and changes nothing."""
    before = {TALKS: "one\n", "facts/b.yaml": None}
    story.write(TALKS, "quicker\n")
    with pytest.raises(ChangedError, match=r"talks\.yaml' changed in between") as told:
        story.history.save(before, {TALKS: "two\n", "facts/b.yaml": "b"}, "m", "A", NOW)
    assert told.value.paths == (TALKS,)
    assert story.read(TALKS) == "quicker\n"
    assert not (story.path / "facts/b.yaml").exists()


def test_a_change_at_the_last_moment_is_not_written_over(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor that saves while git prepares the commit wins."""
    write = Journal.write

    def late(journal: Journal, pending: Pending) -> None:
        write(journal, pending)
        story.write(TALKS, "quicker\n")

    monkeypatch.setattr(Journal, "write", late)
    with pytest.raises(ChangedError):
        story.save("two\n")
    assert story.read(TALKS) == "quicker\n"
    assert story.history.recover() == ()
    assert story.hidden() == []


def test_what_a_change_rests_on_is_compared_too(story: Story) -> None:
    """A path in `before` alone is not written, but must be as it was."""
    before = {TALKS: "one\n", "facts/b.yaml": "there"}
    with pytest.raises(ChangedError) as told:
        story.history.save(before, {TALKS: "two\n"}, "m", "A", NOW)
    assert told.value.paths == ("facts/b.yaml",)


def test_two_at_once_are_saved_one_after_the_other(story: Story) -> None:
    """Of two who change the same text at once, one is told; nothing is mixed."""
    outcomes: list[object] = []

    def save(number: int) -> None:
        try:
            outcomes.append(
                story.history.save(
                    {TALKS: "one\n"}, {TALKS: f"{number}\n"}, "m", "Ann", NOW
                )
            )
        except ChangedError as error:
            outcomes.append(error)

    threads = [threading.Thread(target=save, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [type(one) for one in outcomes].count(Version) == 1
    assert [type(one) for one in outcomes].count(ChangedError) == 2


def test_saving_what_is_there_is_no_version(story: Story) -> None:
    """A change that changes nothing is refused, and leaves nothing."""
    count = len(story.history.log())
    with pytest.raises(HistoryError, match="changes nothing"):
        story.save("one\n")
    assert len(story.history.log()) == count


@pytest.mark.parametrize(
    "path",
    [
        "../outside.yaml",
        "facts/../../outside.yaml",
        "/outside.yaml",
        "//outside.yaml",
        "",
        "facts/.hidden.yaml",
        "facts/deep/er.yaml",
        "archive/text.yaml",
        "facts/a\nb.yaml",
        "facts\\a.yaml",
        "facts/notes.txt",
        ".git/config.yaml",
    ],
)
def test_only_fact_files_are_written(story: Story, path: str) -> None:
    """No other path inside or outside the folder can be written."""
    with pytest.raises(HistoryError, match="not a story's fact file"):
        story.history.save({path: None}, {path: "x"}, "m", "Ann", NOW)
    assert story.history.recover() == ()


@posix_only
def test_a_link_is_not_written(story: Story, tmp_path: Path) -> None:
    """What a link leads to is not the story's to change."""
    (tmp_path / "real.yaml").write_text("real\n", encoding="utf-8")
    (story.path / "facts/link.yaml").symlink_to(tmp_path / "real.yaml")
    with pytest.raises(HistoryError, match="not a story's fact file"):
        story.history.save(
            {"facts/link.yaml": "real\n"}, {"facts/link.yaml": "x"}, "m", "A", NOW
        )


@pytest.mark.parametrize(
    ("author", "kept"),
    [
        ("Zoë 🎈", "Zoë 🎈"),
        ("--author=x", "--author=x"),
        ("  <b>\n\x00Bob\u202e ", "b Bob\u202e"),
        (" <.,> ", "a moderator"),
        ("", "a moderator"),
        ("x" * 500, "x" * 100),
    ],
)
def test_any_name_can_be_an_authors(story: Story, author: str, kept: str) -> None:
    """A name that git would refuse or take for an option is made one that it takes."""
    version = story.save("two\n", author=author)
    assert version.author == kept
    assert story.history.log(1) == (version,)


@pytest.mark.parametrize(
    "message",
    ["-m", "--amend", "# no comment", "a\n\nb\x00c\r\nd", " ", "ünï 🎈", "a\udce9"],
)
def test_any_message_can_be_a_versions(story: Story, message: str) -> None:
    """A message that looks like an option, a comment or nothing is kept as text."""
    version = story.save("two\n", message=message)
    assert version.message
    assert story.history.log(1) == (version,)


@pytest.mark.parametrize("name", ["-x", "--", "a b", "ünï", "a'b", "[a-z]", "(top)"])
def test_any_file_name_can_be_saved(story: Story, name: str) -> None:
    """Names that git or a shell would take for something else are names."""
    path = f"facts/{name}.yaml"
    version = story.save("x\n", path)
    assert version.paths == (path,)
    assert story.history.log(path=path) == (version,)
    assert story.history.files(version.id).texts[path] == "x\n"
    assert story.undo(version.id).paths == (path,)
    assert not (story.path / path).exists()


@posix_only
def test_a_files_permissions_stay(story: Story) -> None:
    """A file that others may write stays so; a new one is as any new file."""
    (story.path / TALKS).chmod(0o664)
    (story.path / "plain").write_text("", encoding="utf-8")
    story.save("two\n")
    story.save("new\n", "facts/new.yaml")
    assert (story.path / TALKS).stat().st_mode & 0o777 == 0o664
    new = (story.path / "facts/new.yaml").stat().st_mode
    assert new == (story.path / "plain").stat().st_mode


def test_a_version_that_is_not_there_is_said_so(story: Story) -> None:
    """Nothing that is typed as a version reaches git as an option."""
    story.save("two\n")
    for version in ("0123456789", "--all", "-h", "", "a\0b", "HEAD..HEAD", "none", "ü"):
        with pytest.raises(HistoryError, match="has no version"):
            story.history.files(version)
        with pytest.raises(HistoryError, match="has no version"):
            story.history.undo(version)
        with pytest.raises(HistoryError, match="has no version"):
            story.history.log(before=version)


def test_a_time_without_a_zone_is_refused(story: Story) -> None:
    """When something was changed is never a guess."""
    with pytest.raises(ValueError, match="zone"):
        story.save("two\n", now=NOW.replace(tzinfo=None))


def test_a_folder_that_is_gone_is_said_so(story: Story) -> None:
    """A drive that went away is a sentence, not a traceback."""
    history = story.history
    story.save("two\n")
    story.path.rename(story.path.with_name("gone"))
    for ask in (history.files, history.log, history.recover):
        with pytest.raises(HistoryError, match="is not there; bring it back"):
            ask()
    with pytest.raises(HistoryError, match="is not there; bring it back"):
        history.save({TALKS: None}, {TALKS: "two\n"}, "m", "Ann", NOW)
    assert not story.path.exists()


# Undo.


def test_undo_keeps_what_was_changed_elsewhere(story: Story) -> None:
    """A version is taken back from the middle; later versions of the file stay."""
    lines = [f"line {number}\n" for number in range(20)]
    story.save("".join(lines))
    changed = ["changed\n", *lines[1:]]
    early = story.save("".join(changed))
    story.save("".join([*changed[:-1], "later\n"]))
    story.undo(early.id)
    assert story.read(TALKS) == "".join([*lines[:-1], "later\n"])


def test_undo_says_who_is_in_the_way(story: Story) -> None:
    """Where the same place was changed again, it is named by whom, and nothing done."""
    first = story.save("two\n")
    story.save("three\n", author="Bob", message="Three is better")
    with pytest.raises(HistoryError, match=r"by Bob \(“Three is better”\)"):
        story.history.undo(first.id)
    story.save("two\n")
    story.write(TALKS, "by hand\n")
    with pytest.raises(HistoryError, match="changed"):
        story.history.undo(first.id)


def test_undo_can_be_undone_but_not_done_twice(story: Story) -> None:
    """Taking back is a version as any other; there is nothing to take back twice."""
    version = story.save("two\n")
    undone = story.undo(version.id)
    assert story.read(TALKS) == "one\n"
    with pytest.raises(HistoryError, match="taken back already"):
        story.history.undo(version.id)
    story.undo(undone.id)
    assert story.read(TALKS) == "two\n"


LINES = st.lists(st.sampled_from("abcdef"), max_size=8)


@law(30)
@given(st.lists(st.integers(), min_size=12, max_size=12, unique=True), LINES, LINES)
def test_changes_far_apart_are_taken_back_alone(
    middle: list[int], first: list[str], second: list[str]
) -> None:
    """Taking back a change leaves a later one elsewhere, whatever the two are."""
    lines = [f"{number}\n" for number in middle]
    new = [*(f"{one}\n" for one in first), *lines[1:]]
    now = [*new, *(f"{one}\n" for one in second)]
    assert taken_back("".join(lines), "".join(new), "".join(now)) == "".join(
        [*lines, *(f"{one}\n" for one in second)]
    )


@law(50)
@given(LINES, LINES, LINES)
def test_taking_back_never_touches_another_change(
    old: list[str], new: list[str], current: list[str]
) -> None:
    """Either it is refused, or as many lines are taken away as the change had added."""
    texts = ["".join(f"{line}\n" for line in lines) for lines in (old, new, current)]
    try:
        text = taken_back(*texts)
    except OverlapError:
        return
    assert text is not None
    changed = 0 if current == old else len(old) - len(new)
    assert text.count("\n") == len(current) + changed


def test_taking_back_a_change_of_a_long_text_is_quick() -> None:
    """Thousands of lines that are alike do not make undo slow."""
    lines = [f"- id: {n}\n  kind: fact\n  citations:\n" for n in range(2_000)]
    new = [*lines[:1000], "- id: new\n", *lines[1000:]]
    current = ["# top\n", *new[:500], "# middle\n", *new[500:], "# end\n"]
    begin = time.process_time()
    text = taken_back("".join(lines), "".join(new), "".join(current))
    assert time.process_time() - begin < 2
    assert text == "".join(line for line in current if line != "- id: new\n")


# When something goes wrong on the way.


class Stopped(BaseException):
    """A process that ends here."""


def stop(*_: object) -> None:
    """End here."""
    raise Stopped


def nothing(*_: object) -> None:
    """Do and find nothing."""


def stop_at(monkeypatch: pytest.MonkeyPatch, count: int, error: BaseException) -> None:
    """Fail at the so-manieth file that is written from now on."""
    left = [count]
    write = atomic.write

    def failing(file: Path, data: bytes | None) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise error
        write(file, data)

    monkeypatch.setattr(atomic, "write", failing)


TWO = {TALKS: "two\n", "facts/new.yaml": "new\n"}
BEFORE = {TALKS: "one\n", "facts/new.yaml": None}


@pytest.mark.parametrize("count", range(1, 8))
def test_a_full_disk_changes_nothing(
    story: Story, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """Whichever file cannot be written: all of it is saved, or none, and it is said."""
    there = story.history.files().texts
    with monkeypatch.context() as patch:
        stop_at(patch, count, OSError(28, "No space left on device"))
        said = ""
        try:
            story.history.save(BEFORE, TWO, "m", "Ann", NOW)
        except HistoryError as error:
            said = str(error)
    saved = there if said else {**there, **TWO}
    assert not said or "no space left on device" in said
    assert story.history.files().texts == saved
    story.history.recover()
    assert story.history.files().texts == saved
    assert story.save("three\n").message == "Change it"


@pytest.mark.parametrize("count", range(1, 8))
def test_what_was_cut_short_is_finished(
    story: Story, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    """Ended at any file: after recover all of it is there, as a version, or none."""
    there = story.history.files().texts
    begun = False
    with monkeypatch.context() as patch:
        stop_at(patch, count, Stopped())
        try:
            story.history.save(BEFORE, TWO, "Both", "Ann", NOW)
        except Stopped:
            begun = (story.keep / "journal/pending.json").exists()
    finished = story.history.recover()
    assert [one.message for one in finished] == (["Both"] if begun else [])
    assert story.history.recover() == ()
    assert story.hidden() == []
    if begun:
        assert story.history.files().texts == {**there, **TWO}
        assert story.history.log(1) == finished
    assert story.save("three\n", "facts/other.yaml")


def test_the_next_save_finishes_what_was_cut_short(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody has to start anew for it."""
    cut_short(story, monkeypatch)
    story.history.save({"facts/x.yaml": None}, {"facts/x.yaml": "x"}, "X", "Bob", NOW)
    assert [one.message for one in story.history.log(2)] == ["X", "Both"]


def cut_short(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """End a save of TWO between its two files: only facts/new.yaml is written."""
    with monkeypatch.context() as patch:
        write = atomic.write

        def failing(file: Path, data: bytes | None) -> None:
            if file.name == "talks.yaml":
                raise Stopped
            write(file, data)

        patch.setattr(atomic, "write", failing)
        with pytest.raises(Stopped):
            story.history.save(BEFORE, TWO, "Both", "Ann", NOW)
    assert (story.path / "facts/new.yaml").exists()


def test_a_hand_in_between_wins_and_nothing_is_lost(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Edited by hand before it could be finished: taken back, and kept for people."""
    cut_short(story, monkeypatch)
    story.write(TALKS, "by hand\n")
    assert story.history.recover() == ()
    assert story.read(TALKS) == "by hand\n"
    assert not (story.path / "facts/new.yaml").exists()
    (aside,) = (story.keep / "journal").glob("set-aside-*.json")
    assert '"two\\n"' in aside.read_text(encoding="utf-8")
    story.save("on\n")


def test_a_hand_after_the_last_file_does_not_stop_it(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Edited by hand after all was written: the version is kept, and the edit, too."""
    with monkeypatch.context() as patch:
        patch.setattr(Ledger, "commit", stop)
        patch.setattr(Repository, "commit", stop)
        with pytest.raises(Stopped):
            story.history.save(BEFORE, TWO, "Both", "Ann", NOW)
    story.write("facts/new.yaml", "by hand\n")
    (finished,) = story.history.recover()
    kept = story.history.files(finished.id).texts
    assert {**story.history.files().texts, **TWO} == kept
    assert story.read("facts/new.yaml") == "by hand\n"


def test_a_journal_that_a_hand_spoiled_stops_nothing(story: Story) -> None:
    """It is put aside for people to read."""
    story.save("two\n")
    (story.keep / "journal/pending.json").write_text("{", encoding="utf-8")
    assert story.history.recover() == ()
    assert (story.keep / "journal/set-aside-unreadable.json").exists()


CHILD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from bot.history.history import history_of

folder, keep, begin = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
history = history_of(folder, keep)
history.recover()
there = history.files().texts
old = {path: there.get(path) for path in ("facts/a.yaml", "facts/b.yaml")}
print("ready", flush=True)
for number in range(begin, begin + 1000):
    text = f"{number}: " + "long " * 20_000
    new = dict.fromkeys(old, text)
    print("begin", number, flush=True)
    now = datetime.fromtimestamp(1_800_000_000 + number, UTC)
    history.save(old, new, f"{number}", "Ann", now)
    print("saved", number, flush=True)
    old = new
"""


@pytest.mark.soak
@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_killed_at_any_moment_a_change_is_whole(story: Story) -> None:
    """After SIGKILL nothing is half written or lost, and saving goes on."""
    chance = random.Random(5)  # noqa: S311 - moments, not secrets
    begin = 0
    for _ in range(times(3, 100)):
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD, story.path, story.keep, str(begin)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        if chance.random() < 0.5:
            time.sleep(chance.uniform(0, 0.5))
        else:  # while files are being changed
            while not (story.keep / "journal/pending.json").exists():
                time.sleep(0.001)
            time.sleep(chance.uniform(0, 0.1))
        # Half of the time with the git that it runs, as when a container is stopped.
        kill = os.killpg if chance.random() < 0.5 else os.kill
        kill(child.pid, signal.SIGKILL)
        said = child.stdout.read().split("\n")
        child.wait()
        child.stdout.close()
        begin = max(after_kill(story, said), begin) + 1


def after_kill(story: Story, said: list[str]) -> int:
    """Recover, and hold what was promised; the number of the last change saved."""
    is_begun = (story.keep / "journal/pending.json").exists()
    story.history.recover()
    files = story.history.files().texts
    first, second = files.get("facts/a.yaml"), files.get("facts/b.yaml")
    assert first == second
    assert story.hidden() == []
    begun = [int(line.split()[1]) for line in said if line.startswith("begin ")]
    saved = [int(line.split()[1]) for line in said if line.startswith("saved ")]
    current = int(first.partition(":")[0]) if first else -1
    if is_begun:
        assert current == begun[-1]
    elif saved:
        assert current in {saved[-1], begun[-1]}
    if current >= 0:
        (last,) = story.history.log(1, path="facts/a.yaml")
        assert last.message == str(current)
        assert story.history.files(last.id).texts["facts/b.yaml"] == second
        assert story.history.files(story.history.log(1)[0].id).texts == files
    story.save(f"{current} {len(story.history.log(1000))}\n")
    return current


# Files of ours.


def test_a_half_written_last_line_is_no_version(plain: Story) -> None:
    """Power that went away in the middle of a line loses nothing before it."""
    first = plain.save("two\n")
    file = plain.keep / "history/versions.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole + whole[: len(whole) // 2])
    assert plain.history.log() == (first,)
    second = plain.save("three\n")
    assert plain.history.log() == (second, first)
    assert file.read_bytes().startswith(whole)


def test_a_spoiled_line_hides_no_other(plain: Story) -> None:
    """A line that cannot be read is passed over."""
    first = plain.save("two\n")
    file = plain.keep / "history/versions.jsonl"
    for line in (b"\xff\n", b"[]\n", b'{"id": 3}\n', b"\n"):
        file.write_bytes(file.read_bytes() + line)
    second = plain.save("three\n")
    assert plain.history.log() == (second, first)


def test_a_lost_text_is_said(plain: Story) -> None:
    """What the history cannot give back, it does not make up."""
    version = plain.save("two\n")
    for file in (plain.keep / "history/texts").iterdir():
        file.unlink()
    with pytest.raises(HistoryError, match="restore a backup"):
        plain.history.undo(version.id)


def sizes(folder: Path) -> int:
    """The bytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def test_the_past_takes_little_space(plain: Story) -> None:
    """A change of one line of a long file costs a fraction of the file."""
    long = "".join(f"- fact {number}: the bell rang.\n" for number in range(5000))
    plain.save(long)
    before = sizes(plain.keep)
    version = plain.save(long.replace("fact 7:", "fact seven:"))
    assert sizes(plain.keep) - before < len(long) / 4
    plain.undo(version.id)
    assert plain.read(TALKS) == long


def test_a_past_of_earlier_versions_is_read(plain: Story) -> None:
    """Texts that were kept as they are can still be taken back."""
    there = plain.read(TALKS)
    version = plain.save("two\n")
    texts = plain.keep / "history/texts"
    for file in texts.iterdir():
        (texts / file.stem).write_bytes(gzip.decompress(file.read_bytes()))
        file.unlink()
    plain.save("three\n")
    assert len([file for file in texts.iterdir() if file.suffix]) == 1
    assert plain.history.files(version.id).texts[TALKS] == "two\n"
    plain.undo(plain.history.log()[0].id)
    plain.undo(version.id)
    assert plain.read(TALKS) == there


@pytest.mark.parametrize(
    "spoiled",
    [
        pytest.param(gzip.compress(b"two\n")[:-9], id="cut off"),
        pytest.param(gzip.compress(b"three\n"), id="another"),
        pytest.param(b"two\n", id="plain"),
        pytest.param(b"", id="empty"),
    ],
)
def test_a_spoiled_text_is_lost(plain: Story, spoiled: bytes) -> None:
    """What is cut short, or another text, is not given for the one of before."""
    version = plain.save("two\n")
    for file in (plain.keep / "history/texts").iterdir():
        file.write_bytes(spoiled)
    with pytest.raises(HistoryError, match="restore a backup"):
        plain.history.undo(version.id)


@posix_only
def test_what_is_kept_is_its_owners_only(plain: Story) -> None:
    """Nobody else on the machine reads who changed what."""
    plain.save("two\n")
    for folder in plain.keep.iterdir():
        assert folder.stat().st_mode & 0o077 == 0


def test_only_looking_writes_nothing(story: Story) -> None:
    """To see files, log, or what there is to recover makes no folder."""
    history = story.history
    history.files()
    history.log()
    assert history.recover() == ()
    assert not story.keep.exists()


# Git.


def test_only_the_storys_own_change_is_committed(in_git: Story, repo: Repo) -> None:
    """What others staged or changed in the repository stays as they had it."""
    (repo.path / "README.md").write_text("staged\n", encoding="utf-8")
    (repo.path / "new.txt").write_text("new\n", encoding="utf-8")
    repo.git("add", "--all")
    (repo.path / "README.md").write_text("changed again\n", encoding="utf-8")
    in_git.edit("story.yaml", "title:", "title: ")
    status = repo.git("status", "--porcelain")
    in_git.save("two\n")
    assert repo.git("show", "--name-only", "--format=") == f"knowledge/talks/{TALKS}\n"
    assert repo.git("status", "--porcelain") == status
    assert repo.git("show", ":README.md") == "staged\n"


def test_a_commit_says_who_and_runs_nothing(in_git: Story, repo: Repo) -> None:
    """The moderator's name, an address of nobody, no hook, no signature."""
    for hook in ("pre-commit", "commit-msg", "post-commit", "reference-transaction"):
        file = repo.path / ".git/hooks" / hook
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\ntouch '{repo.path}/ran'\nexit 1\n", "utf-8")
        file.chmod(0o755)
    repo.git("config", "commit.gpgSign", "true")
    repo.git("config", "gpg.program", "/bin/false")
    in_git.save("two\n", author="Zoë")
    said = repo.git("log", "-1", "--format=%an <%ae> %cn %aI %G?")
    assert said == (
        "Zoë <no-reply@receipts.invalid> Receipts 2026-11-23T12:30:15+00:00 N\n"
    )
    assert not (repo.path / "ran").exists()
    assert repo.git("status", "--porcelain") == ""


def test_the_environment_does_not_lead_git_elsewhere(
    in_git: Story, repo: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A GIT_DIR or a name that is set outside changes nothing; nor does no name."""
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Mallory")
    monkeypatch.setenv("HOME", str(tmp_path))
    repo.git("config", "user.useConfigOnly", "true")
    in_git.save("two\n")
    assert repo.git("log", "-1", "--format=%an") == "Ann\n"


def test_what_was_changed_by_hand_is_a_version_of_its_own(
    in_git: Story, repo: Repo
) -> None:
    """A version is what its author changed, and nothing that lay there before."""
    in_git.write(TALKS, "by hand\n")
    version = in_git.save("two\n")
    assert [one.author for one in in_git.history.log(2)] == ["Ann", "by hand"]
    assert in_git.history.undo(version.id)[1] == {TALKS: "by hand\n"}
    in_git.write("facts/untracked.yaml", "by hand\n")
    version = in_git.save("three\n", "facts/untracked.yaml")
    assert in_git.history.undo(version.id)[1] == {"facts/untracked.yaml": "by hand\n"}
    assert repo.git("status", "--porcelain") == ""


def test_others_commits_are_versions_too(in_git: Story, repo: Repo) -> None:
    """The log shows who changed facts with git; and any revision can be looked at."""
    in_git.write(TALKS, "two\n")
    commit = repo.commit("With git")
    (repo.path / "README.md").write_text("beside\n", encoding="utf-8")
    repo.commit("Beside")
    (found, *_) = in_git.history.log()
    assert (found.id, found.author, found.paths) == (commit, "Somebody", (TALKS,))
    assert in_git.history.files("HEAD~2").texts[TALKS] == "one\n"
    assert in_git.history.files("main").texts[TALKS] == "two\n"
    in_git.undo(commit)
    assert in_git.read(TALKS) == "one\n"


def test_a_merge_in_progress_is_refused(in_git: Story, repo: Repo) -> None:
    """A save never becomes a part of somebody's merge, nor does it end it."""
    repo.git("checkout", "--quiet", "-b", "side")
    in_git.write(TALKS, "side\n")
    repo.commit()
    repo.git("checkout", "--quiet", "main")
    in_git.write(TALKS, "main\n")
    repo.commit()
    with pytest.raises(subprocess.CalledProcessError):
        repo.git("merge", "side")
    with pytest.raises(HistoryError, match="a merge is in progress"):
        in_git.save("x\n", "facts/x.yaml")
    (repo.path / ".git/MERGE_HEAD").unlink()
    with pytest.raises(HistoryError, match="conflicts that are not resolved"):
        in_git.save("x\n", "facts/x.yaml")
    assert not (in_git.path / "facts/x.yaml").exists()
    repo.git("reset", "--quiet", "--hard")
    in_git.save("x\n", "facts/x.yaml")


def test_a_merge_cannot_be_undone_at_once(in_git: Story, repo: Repo) -> None:
    """It has two pasts; the changes that it joined can be taken back."""
    repo.git("checkout", "--quiet", "-b", "side")
    side = in_git.save("side\n")
    repo.git("checkout", "--quiet", "main")
    main = in_git.save("main\n", "facts/main.yaml")
    repo.git("merge", "--quiet", "--no-edit", "side")
    assert {one.id for one in in_git.history.log(2)} == {side.id, main.id}
    with pytest.raises(HistoryError, match="joins two lines"):
        in_git.history.undo(repo.git("rev-parse", "HEAD").strip())
    in_git.undo(side.id)
    assert in_git.read(TALKS) == "one\n"


def test_a_lock_that_a_killed_git_left_is_said(
    in_git: Story, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be a living git's: nobody's lock is broken, and nothing is changed."""
    monkeypatch.setattr("bot.history.git_lock._PATIENCE", 0.1)
    lock = repo.path / ".git/index.lock"
    lock.touch()
    with pytest.raises(HistoryError, match=r"delete '.*index\.lock'"):
        in_git.save("two\n")
    assert lock.exists()
    assert in_git.read(TALKS) == "one\n"
    lock.unlink()
    in_git.save("two\n")
    assert not lock.exists()


def test_locks_of_our_own_killed_git_do_not_stay(
    in_git: Story, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A git that was killed with us leaves nothing that stops the next."""
    monkeypatch.setattr("bot.history.git_lock._PATIENCE", 0.1)
    with monkeypatch.context() as patch:
        patch.setattr(Repository, "commit", stop)
        patch.setattr(Lock, "_let_go", nothing)
        with pytest.raises(Stopped):
            in_git.save("two\n")
    for name in ("HEAD.lock", "refs/heads/main.lock", "receipts-index.lock"):
        (repo.path / ".git" / name).touch()
    assert (repo.path / ".git/index.lock").exists()
    (finished,) = in_git.history.recover()
    assert finished.message == "Change it"
    assert not list((repo.path / ".git").rglob("*.lock"))
    assert repo.git("status", "--porcelain") == ""


def test_a_drive_without_links_will_do(
    in_git: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Git's lock can be had where files cannot be linked."""

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    in_git.save("two\n")


def test_a_commit_in_between_is_not_undone(
    in_git: Story, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut short, then somebody committed elsewhere: it is finished on top of that."""
    cut_short(in_git, monkeypatch)
    (repo.path / ".git/index.lock").unlink(missing_ok=True)
    (repo.path / "README.md").write_text("beside\n", encoding="utf-8")
    repo.git("add", "README.md")
    repo.git("commit", "--quiet", "--message=Beside")
    (finished,) = in_git.history.recover()
    assert repo.git("log", "--format=%s", "-2") == "Both\nBeside\n"
    assert repo.head() == finished.id
    assert repo.git("status", "--porcelain") == ""


def test_a_branch_that_moves_meanwhile_is_never_moved_back(
    in_git: Story, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A commit that comes in while we save stays; ours is refused, whole."""
    commit = Repository.commit

    def late(past: Repository, change: Change, version: str) -> None:
        tree = repo.git("rev-parse", "HEAD^{tree}").strip()
        theirs = repo.git("commit-tree", tree, "-p", "HEAD", "-m", "Theirs").strip()
        repo.git("update-ref", "HEAD", theirs)
        commit(past, change, version)

    with monkeypatch.context() as patch:
        patch.setattr(Repository, "commit", late)
        with pytest.raises(HistoryError, match="meanwhile"):
            in_git.save("two\n")
    assert repo.git("log", "-1", "--format=%s") == "Theirs\n"
    assert in_git.read(TALKS) == "one\n"
    in_git.save("two\n")


def test_a_detached_head_gets_the_commit(in_git: Story, repo: Repo) -> None:
    """As with git itself: what is checked out goes on from there, no branch moves."""
    main = repo.head()
    repo.git("checkout", "--quiet", "--detach")
    version = in_git.save("two\n")
    assert repo.head() == version.id
    assert repo.git("rev-parse", "main").strip() == main


def test_a_new_repository_gets_its_first_commit(tmp_path: Path) -> None:
    """With no commit yet, what lay there by hand is the first, the change the next."""
    repo = Repo(tmp_path / "new")
    story = Story(repo.path / "story", tmp_path / "data")
    assert story.history.log() == ()
    version = story.save("two\n")
    assert [one.author for one in story.history.log()] == ["Ann", "by hand"]
    assert story.history.files(version.id).texts == {TALKS: "two\n"}
    first = story.history.log()[-1]
    with pytest.raises(HistoryError):
        story.history.undo(first.id)


def test_a_story_can_be_the_repository(tmp_path: Path) -> None:
    """Its folder may be the top of the work tree; other files are no facts."""
    repo = Repo(tmp_path / "new")
    (repo.path / ".git").rename(tmp_path / "git")
    repo.path.rmdir()
    story = Story(repo.path, tmp_path / "data")
    (tmp_path / "git").rename(repo.path / ".git")
    repo.commit()
    (story.path / "README.md").write_text("read me\n", encoding="utf-8")
    repo.commit("No fact")
    version = story.save("two\n")
    assert [one.message for one in story.history.log()] == ["Change it", "By somebody"]
    assert story.history.files(version.id).texts == story.history.files().texts
    assert story.undo(version.id).paths == (TALKS,)


def test_a_shallow_clone_goes_on_and_undoes_what_it_has(
    in_git: Story, repo: Repo, tmp_path: Path
) -> None:
    """The oldest commit there is not taken for one that made every file."""
    in_git.save("two\n")
    clone = Repo(tmp_path / "clone")
    clone.git("fetch", "--quiet", "--depth=1", f"file://{repo.path}", "main")
    clone.git("reset", "--quiet", "--hard", "FETCH_HEAD")
    in_git.path = clone.path / "knowledge" / "talks"
    with pytest.raises(HistoryError, match="shallow clone"):
        in_git.history.undo(clone.git("rev-parse", "HEAD").strip())
    version = in_git.save("three\n")
    in_git.undo(version.id)
    assert in_git.read(TALKS) == "two\n"


def test_a_submodule_and_a_second_work_tree_have_their_own_past(
    in_git: Story, repo: Repo, tmp_path: Path
) -> None:
    """Where git keeps the index elsewhere, it is that one that is held and changed."""
    outer = Repo(tmp_path / "outer")
    allow = ("-c", "protocol.file.allow=always")
    outer.git(*allow, "submodule", "--quiet", "add", str(repo.path), "inner")
    outer.commit()
    repo.git("worktree", "add", "--quiet", "-b", "second", str(tmp_path / "second"))
    for top in (outer.path / "inner", tmp_path / "second"):
        in_git.path = top / "knowledge" / "talks"
        version = in_git.save("two\n")
        assert in_git.history.log(1) == (version,)
        assert outer.git("status", "--porcelain", cwd=top) == ""
    assert repo.git("log", "-1", "--format=%s") == "By somebody\n"
    assert outer.git("log", "-1", "--format=%s") == "By somebody\n"


def test_line_ends_that_git_converts_come_back(in_git: Story, repo: Repo) -> None:
    """Where git keeps LF and the files have CRLF, the files are what counts."""
    (repo.path / ".gitattributes").write_text("*.yaml text eol=crlf\n", "utf-8")
    repo.commit()
    version = in_git.save("two\r\nlines\r\n")
    in_git.save("three\r\n")
    assert repo.git("show", f"{version.id}:knowledge/talks/{TALKS}") == "two\nlines\n"
    assert in_git.history.files(version.id).texts[TALKS] == "two\r\nlines\r\n"
    in_git.undo(in_git.history.log(1)[0].id)
    assert (in_git.path / TALKS).read_bytes() == b"two\r\nlines\r\n"
    assert TALKS not in repo.git("status", "--porcelain")


@pytest.mark.parametrize("odd", ["a b", "-x", "ünï", "*", "a\tb", ":(top)"])
def test_any_folder_name_will_do(tmp_path: Path, odd: str) -> None:
    """A repository, a story and a data folder may be called anything."""
    repo = Repo(tmp_path / odd)
    story = Story(repo.path / odd, tmp_path / f"{odd}{odd}")
    repo.commit()
    version = story.save("two\n")
    assert story.history.files(version.id).texts == story.history.files().texts
    assert story.history.log(1) == (version,)
    assert repo.git("status", "--porcelain") == ""


def test_a_repository_with_long_ids_will_do(tmp_path: Path) -> None:
    """Ids may be SHA-256's."""
    repo = Repo(tmp_path / "long", "--object-format=sha256")
    story = Story(repo.path / "story", tmp_path / "data")
    repo.commit()
    version = story.save(None)
    assert len(version.id) == 64
    story.undo(version.id)
    assert story.read(TALKS) == "one\n"
    assert repo.git("status", "--porcelain") == ""


def test_a_commit_beside_the_story_is_no_version_to_undo(
    in_git: Story, repo: Repo
) -> None:
    """What changed no fact file is not the story's past, nor is a date beyond dates."""
    version = in_git.save("two\n")
    (repo.path / "README.md").write_text("beside\n", encoding="utf-8")
    repo.git("commit", "--quiet", "--all", "--message=x", "--date=@999999999999 +0000")
    with pytest.raises(HistoryError, match="changed no fact file"):
        in_git.history.undo(repo.git("rev-parse", "HEAD").strip())
    assert in_git.history.log(1) == (version,)
    assert in_git.history.log(1, before="HEAD") == (version,)
    in_git.write(TALKS, "three\n")
    repo.git("commit", "--quiet", "--all", "--message=x", "--date=@999999999999 +0000")
    assert in_git.history.log(1)[0].at.year == 9999


root_only = pytest.mark.skipif(
    os.name == "nt" or os.geteuid() != 0, reason="only root gives files away"
)


@root_only
def test_anothers_repository_is_said(in_git: Story, repo: Repo) -> None:
    """Where git does not trust whose it is, the mend is told."""
    os.chown(repo.path / ".git", 12345, 12345)
    os.chown(repo.path, 12345, 12345)
    with pytest.raises(HistoryError, match=r"chown -R"):
        in_git.save("two\n")


@root_only
def test_roots_repository_is_trusted(
    in_git: Story, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What root put there is written by a user who may; all of it must be root's."""
    clean: dict[str, str] = vars(git)["_environment"]()
    other = clean | {"GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"}  # as another user sees it
    monkeypatch.setattr(git, "_environment", lambda: other)
    version = in_git.save("two\n")
    assert version.id == repo.head()
    os.chown(repo.path / ".git", 12345, 12345)
    with pytest.raises(HistoryError, match=r"chown -R"):
        in_git.save("three\n")


def test_no_git_means_files_of_ours(
    tmp_path: Path, repo: Repo, in_git: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bare repository, an ignored folder, a machine without git: there is a past."""
    bare = Repo(tmp_path / "bare.git", "--bare")
    (repo.path / ".gitignore").write_text("private/\n", encoding="utf-8")
    for folder in (bare.path / "story", repo.path / "private" / "story"):
        story = Story(folder, tmp_path / "data" / folder.parent.name)
        version = story.save("two\n")
        assert (story.keep / "history/versions.jsonl").exists()
        assert story.history.log() == (version,)
    monkeypatch.setattr(shutil, "which", nothing)
    in_git.save("two\n")
    assert (in_git.keep / "history/versions.jsonl").exists()


def test_a_repository_that_cannot_be_read_is_said(in_git: Story, repo: Repo) -> None:
    """It is not taken for no repository: a second past would begin unnoticed."""
    repo.git("config", "core.repositoryFormatVersion", "99")
    with pytest.raises(HistoryError, match="git cannot read the story's repository"):
        in_git.save("two\n")


def test_git_is_given_up_where_it_hangs(
    in_git: Story, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A drive that does not answer does not hold the bot up for ever."""
    repo.git("config", "filter.slow.clean", "sleep 30")
    (repo.path / ".gitattributes").write_text("*.yaml filter=slow\n", "utf-8")
    monkeypatch.setattr("bot.history.git._TIMEOUT", 0.5)
    with pytest.raises(HistoryError, match="took longer than"):
        in_git.save("two\n")
    assert in_git.read(TALKS) == "one\n"


def test_a_detached_head_is_told(in_git: Story, repo: Repo) -> None:
    """What is saved on no branch is lost at the next checkout, and that is said."""
    assert not in_git.history.caution()
    repo.git("checkout", "--quiet", "--detach")
    assert "on no branch" in in_git.history.caution()


def test_a_shallow_clone_is_told(in_git: Story, repo: Repo, tmp_path: Path) -> None:
    """A clone without its past says so, and how to fetch what it does not have."""
    in_git.save("two\n")
    made = tmp_path / "shallow"
    repo.git("clone", "--quiet", "--depth=1", repo.path.as_uri(), str(made))
    history = history_of(made / "knowledge" / "talks", tmp_path / "kept")
    assert "shallow clone" in history.caution()
    with pytest.raises(HistoryError, match="--unshallow"):
        history.files("HEAD~1")


def test_a_repository_without_commits_is_told(tmp_path: Path) -> None:
    """Where nothing was ever committed, that is said, and not that a version lacks."""
    made = Repo(tmp_path / "new")
    story = Story(made.path / "talks", tmp_path / "kept")
    assert "no commit yet" in story.history.caution()
    with pytest.raises(HistoryError, match="no commit yet"):
        story.history.files("HEAD~1")


def test_a_branchs_lock_is_named(in_git: Story, repo: Repo) -> None:
    """A lock that a killed git left is told with its path."""
    lock = repo.path / ".git" / "HEAD.lock"
    lock.touch()
    with pytest.raises(HistoryError, match=re.escape(str(lock))):
        in_git.save("two\n")


@pytest.mark.parametrize("path", OUTSIDE)
def test_what_was_begun_by_a_stranger_is_not_carried_out(
    plain: Story, path: str
) -> None:
    """A change in the journal that is not of fact files alone is set aside, unread."""
    journal = plain.keep / "journal"
    Journal(journal)
    journal.mkdir(parents=True)
    change = {
        "id": "ab12" * 4,
        "at": NOW.isoformat(),
        "message": "m",
        "author": "a",
        "before": {path: None, TALKS: None},
        "after": {path: "x", TALKS: "x"},
    }
    (journal / "pending.json").write_text(json.dumps(change), encoding="utf-8")
    before = {one: one.read_bytes() for one in plain.path.rglob("*") if one.is_file()}
    assert history_of(plain.path, plain.keep).recover() == ()
    after = {one: one.read_bytes() for one in plain.path.rglob("*") if one.is_file()}
    assert after == before
    assert not (plain.path.parent / "outside.yaml").exists()
    assert [one.name for one in journal.glob("set-aside-*")] == [
        "set-aside-unreadable.json"
    ]


def test_what_was_begun_is_not_written_through_a_link(
    plain: Story, tmp_path: Path
) -> None:
    """A fact file that leads elsewhere by now is not written; the change is kept."""
    outside = tmp_path / "outside.yaml"
    outside.write_text("mine", encoding="utf-8")
    (plain.path / "facts" / "linked.yaml").symlink_to(outside)
    journal = Journal(plain.keep / "journal")
    (plain.keep / "journal").mkdir(parents=True)
    path = "facts/linked.yaml"
    change = Change({path: "mine"}, {path: "theirs"}, "m", "a", NOW)
    journal.write(Pending("ab12" * 4, change))
    assert history_of(plain.path, plain.keep).recover() == ()
    assert outside.read_text(encoding="utf-8") == "mine"
    assert (plain.keep / "journal" / f"set-aside-{'ab12' * 4}.json").exists()


@pytest.mark.parametrize("name", ["../../../secret", "/etc/hostname", "0" * 63])
def test_a_text_of_the_past_is_one_of_its_own(
    plain: Story, tmp_path: Path, name: str
) -> None:
    """A version's line that a stranger wrote leads to no file elsewhere."""
    (tmp_path / "secret").write_text("DISCORD_TOKEN=hunter2", encoding="utf-8")
    past = plain.keep / "history"
    (past / "texts").mkdir(parents=True)
    now = plain.read(TALKS)
    known = sha256(now.encode()).hexdigest()
    line = {
        "id": "ab12" * 4,
        "at": NOW.isoformat(),
        "message": "m",
        "author": "a",
        "before": {TALKS: name},
        "after": {TALKS: known},
    }
    (past / "texts" / known).write_text(now, encoding="utf-8")
    (past / "versions.jsonl").write_text(f"{json.dumps(line)}\n", encoding="utf-8")
    with pytest.raises(HistoryError, match="has lost the text"):
        history_of(plain.path, plain.keep).undo("ab12")


def test_only_an_id_is_undone(in_git: Story) -> None:
    """Git's other names for versions, of other branches maybe, are none here."""
    for name in ("HEAD", "HEAD@{0}", "main", ":/a", ""):
        with pytest.raises(HistoryError, match="has no version"):
            history_of(in_git.path, in_git.keep).undo(name)
