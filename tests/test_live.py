"""The story now: what a change of its files leads to, whatever becomes of the disk."""

import errno
import os
import pkgutil
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Final

import pytest

from bot.answering.answerer import Answerer
from bot.publishing.gate import Gate
from bot.publishing.live import DOUBTFUL, Live, Refused, Swapped
from bot.story import files
from bot.story.model import Story
from tests.conftest import ROOT, TODAY
from tests.folder import Folder
from tests.soak import times

FACTS: Final = "facts/bell.yaml"
ANSWERS: Final = "answers/bell.yaml"
QUESTIONS: Final = "questions.yaml"
TITLE: Final = "The bell of Harbour Street"


class Now:
    """A story's folder that is looked at, and what was built of it."""

    def __init__(self, path: Path) -> None:
        self.folder = Folder(path / "story")
        self.keep = path / "keep"
        self.built: list[str] = []
        self.today = TODAY
        self.meanwhile: Callable[[], object] = lambda: None
        self.live = self.again()

    def again(self) -> Live[Answerer]:
        """Another process over the same folder, not started."""

        def today() -> date:
            return self.today

        gate = Gate(self.build, today, shown="story")
        self.live = Live(self.folder.path, gate, today, keep=self.keep, shown="story")
        return self.live

    def build(self, story: Story, before: Answerer | None) -> Answerer:
        """Make a revision."""
        self.built.append(story.revision)
        self.meanwhile()
        return Answerer(story, before=before)

    def look(self, times: int = 2) -> Swapped | Refused | None:
        """Look some times, and give what came of it last."""
        found = [self.live.look() for _ in range(times)]
        told = [one for one in found if one]
        assert len(told) <= 1
        return told[0] if told else None

    def swapped(self) -> Swapped:
        """Look until a new revision is served."""
        found = self.look()
        assert isinstance(found, Swapped)
        return found

    def refused(self, times: int = 2) -> Refused:
        """Look until what is wrong is told."""
        found = self.look(times)
        assert isinstance(found, Refused)
        return found

    @property
    def story(self) -> Story:
        """The story that is served, with what is hidden."""
        assert self.live.served
        assert self.live.served.story
        return self.live.served.story

    @property
    def title(self) -> str:
        """The title of the story that is served."""
        return self.story.about.title

    def retitle(self, title: str) -> None:
        """Give the story another title."""
        text = self.folder.read("story.yaml")
        line = next(one for one in text.split("\n") if one.startswith("title:"))
        self.folder.write("story.yaml", text.replace(line, f"title: {title}"))

    def miss(self) -> int:
        """Have a `must` question that is not right; its line."""
        return self.folder.edit(QUESTIONS, "what happened to the bell?", "hi!")

    def spoil(self) -> None:
        """Break a fact file."""
        self.folder.write(FACTS, "- id: [\n")


@pytest.fixture
def now(tmp_path: Path) -> Now:
    """A story that was started, and looked at until nothing is in doubt."""
    found = Now(tmp_path)
    assert isinstance(found.live.start(), Swapped)
    assert found.look(DOUBTFUL + 2) is None
    return found


def test_a_change_goes_live_once_it_stands_still(now: Now) -> None:
    """The first look only sees a change; the second serves it."""
    now.retitle("A gong")
    assert now.live.look() is None
    assert now.live.is_moving
    assert now.title == TITLE
    assert isinstance(now.live.look(), Swapped)
    assert now.title == "A gong"


def test_what_moves_is_not_loaded(now: Now) -> None:
    """Half-written files are not even looked into, however long the writing takes."""
    whole = now.folder.read(FACTS)
    for end in range(10, len(whole), len(whole) // 20):
        now.folder.write(FACTS, whole[:end])
        assert now.live.look() is None
        assert not now.live.problems
    now.folder.write(FACTS, f"{whole}\n# done\n")
    now.swapped()


def test_broken_files_are_told_once(now: Now) -> None:
    """The last good revision goes on; the same problems are not told twice."""
    now.spoil()
    found = now.refused()
    assert now.live.problems == found.problems
    assert found.problems[0].path == f"story/{FACTS}"
    assert found.served == now.built[-1]
    assert now.title == TITLE
    now.retitle("A gong")
    assert now.look() is None
    now.folder.write(FACTS, "\n# moved down\n\n- id: [\n")
    assert now.look(DOUBTFUL) is None


def test_a_mend_that_leaves_problems_is_told(now: Now) -> None:
    """Another set of problems is told, and one that comes back after a mend."""
    good = now.folder.read(FACTS)
    now.spoil()
    first = now.refused()
    questions = now.folder.read("questions.yaml")
    now.folder.write("questions.yaml", "- ask: [\n")
    assert len(now.refused().problems) > len(first.problems)
    now.folder.write("questions.yaml", questions)
    assert now.refused().problems == first.problems
    now.folder.write(FACTS, good)
    now.swapped()
    now.spoil()
    assert now.refused().problems == first.problems


def test_files_put_back_are_well_again(now: Now) -> None:
    """What is served is not built anew, yet it is told that all is well again."""
    good = now.folder.read(FACTS)
    now.spoil()
    now.refused()
    now.folder.write(FACTS, good)
    found = now.swapped()
    assert found.before == found.revision
    assert now.live.problems == ()
    assert len(now.built) == 1


def test_a_missed_question_keeps_a_change_from_going_live(now: Now) -> None:
    """What is sound and yet has a `must` question wrong is refused."""
    good = now.folder.read(QUESTIONS)
    line = now.miss()
    (problem,) = now.refused().problems
    assert (problem.path, problem.line) == (f"story/{QUESTIONS}", line)
    assert "must lead to" in problem.message
    assert now.title == TITLE
    now.folder.write(QUESTIONS, good)
    now.swapped()


def test_a_theft_by_hand_does_not_go_live(now: Now) -> None:
    """Who would be robbed is told, and the line; what allows it is heeded."""
    way = "    - where is the bell\n"
    now.folder.edit(ANSWERS, way, f"{way}    - did anybody steal it i mean the bell\n")
    (problem,) = now.refused().problems
    assert "would be answered by what-happened" in problem.message
    assert "'expect: [was-it-stolen, what-happened]'" in problem.message
    stolen = "did anybody steal it, the bell i mean\n  expect: "
    line = now.folder.edit(
        QUESTIONS, f"{stolen}was-it-stolen", f"{stolen}[was-it-stolen, what-happened]"
    )
    assert (problem.path, problem.line) == (f"story/{QUESTIONS}", line)
    now.swapped()


def nothing_is_reached(*_: object) -> bool:
    """That no change leads any question elsewhere, which is wrong."""
    return False


@pytest.mark.parametrize(
    ("spoilt", "wrongly"),
    [
        ("bot.publishing.live.AHEAD", 0),
        ("bot.publishing.reach.Reach.has", nothing_is_reached),
    ],
)
def test_a_theft_that_is_seen_late_is_taken_back(
    now: Now, monkeypatch: pytest.MonkeyPatch, spoilt: str, wrongly: object
) -> None:
    """Of many questions the likeliest are asked first; the others may still forbid it.

    Until all are asked, what was served before is what a restart goes back to.
    """
    now.live.settle()
    right = pkgutil.resolve_name(spoilt)
    monkeypatch.setattr(spoilt, wrongly)
    way = "    - where is the bell\n"
    now.folder.edit(ANSWERS, way, f"{way}    - did anybody steal it i mean the bell\n")
    before = now.live.served
    found = now.swapped()
    assert before is not None
    assert before.story is not None
    assert [path.name for path in now.keep.iterdir()] == [f"1-{before.story.revision}"]
    # A change of that which is proven itself makes it no better.
    monkeypatch.setattr(spoilt, right)
    now.retitle("A gong")
    now.swapped()
    late = now.live.settle()
    assert isinstance(late, Refused)
    assert late.served == found.before
    assert "would be answered by what-happened" in late.problems[0].message
    assert now.live.served is before
    assert now.look(DOUBTFUL + 2) is None
    now.retitle(TITLE)
    now.folder.edit(ANSWERS, "    - did anybody steal it i mean the bell\n", "")
    assert now.swapped().revision == found.before


def test_what_was_asked_in_part_is_kept_once_all_is_asked(
    now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change that nothing forbids is served at once, and kept when it is proven."""
    now.live.settle()
    monkeypatch.setattr("bot.publishing.live.AHEAD", 0)
    way = "    - where is the bell\n"
    now.folder.edit(ANSWERS, way, f"{way}    - bell whereabouts now please\n")
    found = now.swapped()
    assert isinstance(now.live.settle(), Swapped)
    assert now.live.is_settled
    kept = sorted(path.name for path in now.keep.iterdir())
    assert kept[-1] == f"2-{found.revision}"


def test_what_is_to_be_hidden_waits_for_no_question(now: Now) -> None:
    """A change that comes while another is judged is looked at first."""
    now.retitle("A gong")
    assert now.live.look() is None
    start = "- id: was-it-stolen\n"

    def hide() -> None:
        now.meanwhile = lambda: None
        now.folder.edit(ANSWERS, start, f"{start}  hidden: not so\n")

    now.meanwhile = hide
    assert now.live.look() is None
    assert now.live.is_moving
    now.swapped()
    assert now.story.entries["was-it-stolen"].hidden == "not so"


def test_what_cannot_be_built_is_refused(now: Now) -> None:
    """A mistake of ours in building is a problem, and the last good one goes on."""
    error = ZeroDivisionError("x")

    def fail() -> None:
        raise error

    now.meanwhile = fail
    now.retitle("A gong")
    found = now.refused()
    assert found.error is error
    assert "ZeroDivisionError" in found.problems[0].message
    assert now.title == TITLE


def test_nothing_is_read_where_nothing_changed(
    now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where files stand still their bytes are left alone."""
    monkeypatch.setattr("bot.story.files.read_bytes", fail)
    assert now.look(50) is None


def fail(*_: object) -> bytes:
    """No file may be read."""
    raise AssertionError


def test_each_file_is_read_once_for_a_change(
    now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is checked, built, served and kept is what was read, and read once."""
    opened: list[str] = []
    real = files.read_bytes

    def count(file: Path, inside: Path) -> bytes | str:
        opened.append(file.relative_to(inside).as_posix())
        return real(file, inside)

    monkeypatch.setattr(files, "read_bytes", count)
    now.retitle("A gong")
    now.swapped()
    assert sorted(opened) == sorted(files.Files.read(now.folder.path).content)


@pytest.mark.parametrize(
    "name",
    [
        *("facts/.bell.yaml.swp", "facts/bell.yaml~", "facts/#bell.yaml#", "4913"),
        *(".goutputstream-A1", "facts/bell.yaml.tmp", "facts/.~bell.yaml", ".x.yaml"),
    ],
)
def test_editors_files_are_no_change(now: Now, name: str) -> None:
    """What editors put beside a file for a while is neither read nor told of."""
    now.folder.write(name, "- id: [\n")
    assert now.look(DOUBTFUL) is None
    (now.folder.path / name).unlink()
    assert now.look(DOUBTFUL) is None
    assert now.live.problems == ()


def test_a_touch_is_no_change(now: Now) -> None:
    """A file saved as it was is not loaded, and nothing is built."""
    os.utime(now.folder.path / FACTS, (1, 1))
    assert now.look(DOUBTFUL) is None
    assert len(now.built) == 1


def save_in_place(path: Path, text: str) -> None:
    """As editors do that write into the file."""
    path.write_text(text, encoding="utf-8")


def save_by_rename(path: Path, text: str) -> None:
    """As editors do that write a new file and put it in the place of the old one."""
    new = path.with_name(f".{path.name}.new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def save_with_backup(path: Path, text: str) -> None:
    """As editors do that move the old file away first."""
    path.rename(path.with_name(f"{path.name}~"))
    path.write_text(text, encoding="utf-8")


def save_in_the_past(path: Path, text: str) -> None:
    """With a clock that went backwards."""
    path.write_text(text, encoding="utf-8")
    os.utime(path, (1, 1))


@pytest.mark.parametrize(
    "save", [save_in_place, save_by_rename, save_with_backup, save_in_the_past]
)
def test_every_way_of_saving(now: Now, save: Callable[[Path, str], None]) -> None:
    """A save is seen however the editor does it, and whatever the clock says."""
    text = now.folder.read("story.yaml").replace(TITLE, "A gong")
    save(now.folder.path / "story.yaml", text)
    now.swapped()
    assert now.title == "A gong"


def test_a_change_within_one_tick(now: Now, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that says it is the same as before is read again while that may be new."""
    now.retitle("A gong")
    now.swapped()
    monkeypatch.setattr("bot.publishing.live._stat", str)
    assert now.look() is None
    now.retitle("A gang")
    assert isinstance(now.look(), Swapped)
    assert now.title == "A gang"


def test_many_files_at_once(now: Now, tmp_path: Path) -> None:
    """As with git pull: files come, go and change, and it is one swap."""
    other = Folder(tmp_path / "other")
    (other.path / FACTS).rename(other.path / "facts/tower.yaml")
    for one in sorted(other.path.rglob("*.yaml")):
        to = now.folder.path / one.relative_to(other.path)
        to.write_bytes(one.read_bytes())
        assert now.live.look() is None
    (now.folder.path / FACTS).unlink()
    assert now.live.look() is None
    assert isinstance(now.live.look(), Swapped)
    assert len(now.built) == 2


def test_a_deleted_file_is_told(now: Now) -> None:
    """A file that is gone breaks the story until it is back."""
    text = now.folder.read(FACTS)
    (now.folder.path / FACTS).unlink()
    assert "missing" in str(now.refused().problems)
    now.folder.write(FACTS, text)
    now.swapped()


def test_a_folder_that_goes_away_and_comes_back(now: Now) -> None:
    """A folder that is replaced, or away for a moment, is no matter; longer is told."""
    away = now.folder.path.with_name("away")
    now.folder.path.rename(away)
    assert now.look(DOUBTFUL) is None
    away.rename(now.folder.path)
    assert now.look(DOUBTFUL) is None
    now.folder.path.rename(away)
    assert "no story folder" in now.refused(DOUBTFUL + 1).problems[0].message
    assert now.title == TITLE
    assert now.look(50) is None
    away.rename(now.folder.path)
    found = now.swapped()
    assert found.before == found.revision
    assert len(now.built) == 1


def test_a_drive_that_fails(now: Now, monkeypatch: pytest.MonkeyPatch) -> None:
    """A network drive whose every call fails is told of once, and raises nothing."""
    real = os.stat

    def fail(path: object, *_: object, **__: object) -> os.stat_result:
        if isinstance(path, int) or not str(path).startswith(str(now.folder.path)):
            return real(path)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        raise OSError(errno.ESTALE, "Stale file handle")

    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", fail)
        patch.setattr(os, "scandir", fail)
        assert now.refused(DOUBTFUL + 1).problems
        assert now.look(50) is None
    now.swapped()
    assert now.title == TITLE


def test_a_file_without_permission(now: Now) -> None:
    """A file that cannot be read is told of, and well again once it can."""
    (now.folder.path / FACTS).chmod(0)
    if os.access(now.folder.path / FACTS, os.R_OK):
        pytest.skip("whoever runs this may read anything")
    assert "permissions" in now.refused().problems[0].message
    (now.folder.path / FACTS).chmod(0o600)
    now.swapped()


def test_a_new_day_is_a_change(now: Now) -> None:
    """What is wrong today only is well again tomorrow, without a save."""
    now.today -= timedelta(days=9000)
    assert "future" in str(now.refused().problems)
    now.today = TODAY
    now.swapped()
    assert len(now.built) == 1


def test_the_last_good_revision_outlives_a_restart(now: Now) -> None:
    """A start over broken files serves what was good last, and tells what is wrong."""
    now.retitle("A gong")
    served = now.swapped().revision
    now.spoil()
    found = now.again().start()
    assert isinstance(found, Refused)
    assert found.served == served
    assert found.problems[0].path == f"story/{FACTS}"
    assert now.title == "A gong"
    assert now.look(DOUBTFUL) is None
    shutil.rmtree(now.folder.path)
    found = now.again().start()
    assert isinstance(found, Refused)
    assert found.served == served


def test_a_start_over_a_change_serves_what_was_good(now: Now) -> None:
    """A change made while the bot was down is judged as any is, by the next looks."""
    now.retitle("A gong")
    now.miss()
    assert isinstance(now.again().start(), Swapped)
    assert now.title == TITLE
    assert "must lead to" in now.refused().problems[0].message
    now.folder.edit(QUESTIONS, "hi!", "what happened to the bell?")
    now.swapped()
    assert now.title == "A gong"


def test_broken_files_hide_all_the_same(now: Now) -> None:
    """What is hidden in a hurry is hidden, whatever else is wrong, at a start, too."""
    whole = now.folder.read(ANSWERS)
    start = "- id: was-it-stolen\n"
    now.folder.edit(ANSWERS, start, f"{start}  hidden: not so\n")
    now.spoil()
    served = now.refused().served
    for _ in range(2):
        assert now.story.revision == served
        assert now.story.entries["was-it-stolen"].hidden == "not so"
        found = now.again().start()
        assert isinstance(found, Refused)
        assert found.served == served
    now.folder.write(ANSWERS, whole)
    now.folder.write(FACTS, (ROOT / "bot/template" / FACTS).read_text())
    now.swapped()
    assert now.story.entries["was-it-stolen"].hidden is None


def test_a_first_start_over_broken_files(tmp_path: Path) -> None:
    """Where nothing was ever good, nothing is served; a mend is."""
    now = Now(tmp_path)
    good = now.folder.read(FACTS)
    now.spoil()
    found = now.live.start()
    assert isinstance(found, Refused)
    assert found.served is None
    assert now.live.current is None
    now.folder.write(FACTS, good)
    assert now.swapped().before is None


def test_a_spoiled_copy_is_passed_over(now: Now) -> None:
    """What the disk did to the last good revision is noticed: the one before serves."""
    now.retitle("A gong")
    now.swapped()
    (newest,) = now.keep.glob("2-*")
    (newest / "questions.yaml").unlink()
    now.spoil()
    now.again().start()
    assert now.title == TITLE


def test_only_a_few_revisions_are_kept(now: Now) -> None:
    """The disk does not fill, and archived texts, which are not ours, stay away."""
    (now.folder.path / "archive").mkdir()
    (now.folder.path / "archive/x.txt").write_text("theirs")
    for number in range(5):
        now.retitle(f"Gong {number}")
        now.swapped()
    assert len(list(now.keep.iterdir())) == 2
    assert not list(now.keep.rglob("*.txt"))


def test_a_full_disk_keeps_nothing_from_going_live(
    now: Now, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be kept is served all the same, and the one kept before stays."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        now.retitle("A gong")
        assert not now.swapped().kept
    assert now.title == "A gong"
    assert [one.name[:2] for one in now.keep.iterdir()] == ["1-"]
    now.spoil()
    now.again().start()
    assert now.title == TITLE


def test_settling_builds_anew(now: Now) -> None:
    """A fast build is followed by a full one, unless another change went live."""
    now.retitle("A gong")
    revision = now.swapped().revision
    assert now.live.settle() == Swapped(revision, revision)
    assert now.live.is_settled

    def another() -> None:
        now.meanwhile = lambda: None
        now.retitle("Another")
        now.swapped()

    now.retitle("A gang")
    now.swapped()
    now.meanwhile = another
    assert now.live.settle() is None
    assert now.title == "Another"


CHILD: Final = """
import itertools, sys
from datetime import date
from pathlib import Path
from bot.story import files
from bot.answering.answerer import Answerer
from bot.publishing.gate import Gate
from bot.publishing.live import Live
folder, keep = Path(sys.argv[1]), Path(sys.argv[2])
day = date.fromisoformat(sys.argv[3])
gate = Gate(lambda story, before: Answerer(story, before=before), lambda: day)
live = Live(folder, gate, lambda: day, keep=keep)
live.start()
print("started", flush=True)
text = (folder / "story.yaml").read_text(encoding="utf-8")
for number in itertools.count():
    title = ("title: One", "title: Two")[number % 2]
    line = next(one for one in text.split("\\n") if one.startswith("title:"))
    # Whole, as editors save: what is cut short is spoilt by the test itself.
    new = folder.parent / "new.yaml"
    new.write_text(text.replace(line, title), encoding="utf-8")
    new.replace(folder / "story.yaml")
    while not live.look():
        pass
"""


@pytest.mark.soak
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal")
def test_killed_at_any_moment(tmp_path: Path) -> None:
    """However a process ends, the next one serves a revision, and a whole one."""
    now = Now(tmp_path)
    chance = Random(5)  # noqa: S311 - moments
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    for _ in range(times(5, 60)):
        child = subprocess.Popen(
            [sys.executable, script, now.folder.path, now.keep, TODAY.isoformat()],
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        with child:
            assert child.stdout
            assert child.stdout.readline() == b"started\n"
            with pytest.raises(subprocess.TimeoutExpired):
                child.wait(chance.random() / 2)
            child.kill()
        whole = now.folder.read(FACTS)
        now.spoil()
        found = now.again().start()
        assert isinstance(found, Refused)
        assert now.story.revision == found.served
        assert now.title in {TITLE, "One", "Two"}
        now.folder.write(FACTS, whole)
