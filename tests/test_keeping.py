"""Backups that can be trusted: where they come from, who runs, what was killed."""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli.main import main
from bot.operating import archives, exchanging
from bot.operating.archives import BackupError
from bot.operating.backup import Place, back_up, put, restore
from bot.operating.rehearsal import rehearse
from bot.records.database import Database
from bot.records.locks import me
from bot.settings import Settings, kept, meet
from tests.conftest import ROOT, TODAY
from tests.test_backup import FILES, PAST, ask, asked, files, fill, place

NOW = datetime(2026, 11, 23, 20, 30, 15, tzinfo=UTC)
NOBODY = 65534

needs_root = pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only root can be others"
)


@pytest.fixture
def full(tmp_path: Path) -> Place:
    """All of a story."""
    found = place(tmp_path / "full")
    fill(found.story, FILES)
    fill(found.data, PAST)
    asyncio.run(ask(found.records, "why?"))
    return found


@pytest.fixture
def backup(full: Place, tmp_path: Path) -> Path:
    """A backup of all of a story."""
    return back_up(full, tmp_path / "bell.zip", NOW).file


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that one stands in, with a story and its records."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    main(["new", "knowledge/bell"], Settings(), TODAY)
    asyncio.run(ask(Path("data/records.sqlite3"), "why?"))
    return folder


def test_a_backup_from_a_wrong_folder_fails(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No records or no story is exit code 1 and no file, unless that is meant."""
    story = str(here / "knowledge" / "bell")
    monkeypatch.chdir(here.parent)
    assert main(["backup", "a.zip", "--story", story], Settings(), TODAY) == 1
    assert "There are no records in data/records.sqlite3" in capsys.readouterr().err
    Path("empty").mkdir()
    assert main(["backup", "a.zip", "--story", "empty"], Settings(), TODAY) == 1
    assert "'empty' is no story's folder" in capsys.readouterr().err
    assert not Path("a.zip").exists()
    meant = ["backup", "a.zip", "--story", story, "--without-records"]
    assert main(meant, Settings(), TODAY) == 0
    assert "- the records: none" in capsys.readouterr().out


def test_the_settings_of_a_service_are_read(
    here: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--env-file` names them in place of `.env`; one that is not there is told."""
    asyncio.run(ask(tmp_path / "theirs.sqlite3", "who?"))
    file = tmp_path / "receipts.env"
    file.write_text(f"DATABASE_URL=sqlite:///{tmp_path / 'theirs.sqlite3'}\n")
    (here / ".env").write_text("DATABASE_URL=nonsense\n")
    settings = Settings()
    arguments = ["backup", "a.zip", "--env-file", str(file)]
    assert main(arguments, settings, TODAY) == 0
    assert f"from {tmp_path / 'theirs.sqlite3'}" in capsys.readouterr().out
    for command in (["backup", "b.zip"], ["restore", "a.zip"], ["ask", "why?"]):
        assert main([*command, "--env-file", "gone.env"], settings, TODAY) == 2
        assert "gone.env: the file cannot be read" in capsys.readouterr().err
    main(["doctor", "--env-file", str(file)], settings, TODAY)
    assert "DATABASE_URL can be read" in capsys.readouterr().out


def test_what_the_bot_keeps_is_never_in_the_story() -> None:
    """Wherever in data/ a story is, what the bot keeps of it is somewhere else."""
    for story in ("data/bell", "data/bell/bell", "bell", "data/bell-kept"):
        assert not meet(Path(story), kept(Path(story)))
    assert kept(Path("knowledge/bell")) == Path("data/bell")


def test_a_story_where_the_bot_keeps_its_own_goes_round(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With STORY=data/bell, too, a backup is made and restored."""
    shutil.move("knowledge/bell", "data/bell")
    story = ["--story", "data/bell"]
    assert main(["backup", "a.zip", *story], Settings(), TODAY) == 0
    before = files(here / "data" / "bell")
    (here / "data" / "bell" / "story.yaml").unlink()
    assert main(["restore", "a.zip", "--replace", *story], Settings(), TODAY) == 0
    assert files(here / "data" / "bell") == before
    assert (
        "All of a.zip is back: 2 rows (key 1, questions 1)" in capsys.readouterr().out
    )


async def _under_a_bot(where: str | Path, work: Callable[[], object]) -> None:
    """Do something while a bot has its locks in records."""
    async with Database.open(where) as database:
        locks = database.locks(me())
        try:
            assert await locks.take("somebody answers")
            await asyncio.to_thread(work)
        finally:
            await locks.close()


def test_nothing_is_restored_under_a_running_bot(
    full: Place, backup: Path, address: str
) -> None:
    """While a bot runs over the records nothing is restored, and it is named."""
    asyncio.run(ask(address, "who?"))
    over = replace(full, records=address)

    def tried() -> None:
        with pytest.raises(BackupError, match=rf"\(process {os.getpid()} on .* since"):
            restore(backup, over, NOW, replace=True)

    asyncio.run(_under_a_bot(address, tried))
    assert asyncio.run(asked(address)) == ["who?"]
    assert restore(backup, over, NOW, replace=True).rows["questions"] == 1
    assert asyncio.run(asked(address)) == ["why?"]


def test_records_are_replaced_where_there_is_no_folder_yet(
    full: Place, backup: Path, address: str, tmp_path: Path
) -> None:
    """A new machine with the same database: --replace, and what was is backed up."""
    asyncio.run(ask(address, "who?"))
    new = replace(place(tmp_path / "new"), records=address)
    with pytest.raises(BackupError, match=r"already: the records is there\. With"):
        restore(backup, new, NOW, replace=False)
    before = restore(backup, new, NOW, replace=True).before
    assert files(new.story) == FILES
    assert asyncio.run(asked(address)) == ["why?"]
    assert before is not None
    restore(before.file, new, NOW + timedelta(seconds=1), replace=True)
    assert asyncio.run(asked(address)) == ["who?"]
    assert full.story.exists()


def test_a_story_that_is_the_same_is_left_alone(backup: Path, tmp_path: Path) -> None:
    """Where the story is there already, as in the backup, nothing speaks against it."""
    new = place(tmp_path / "new")
    fill(new.story, {**FILES, ".git/HEAD": "main"})
    when = (new.story / "story.yaml").stat().st_ino
    assert restore(backup, new, NOW, replace=False).before is None
    assert (new.story / "story.yaml").stat().st_ino == when
    assert asyncio.run(asked(new.records)) == ["why?"]


def test_the_story_may_be_left_as_it_is(backup: Path, tmp_path: Path) -> None:
    """Another story's state stays, where that is said, with the records put back."""
    new = place(tmp_path / "new")
    fill(new.story, {"story.yaml": "newer"})
    restore(backup, new, NOW, replace=False, with_story=False)
    assert files(new.story) == {"story.yaml": "newer"}
    assert asyncio.run(asked(new.records)) == ["why?"]
    assert files(new.data) == PAST


def test_no_size_is_too_large_for_one_s_own(
    full: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is kept has no limit; only reading a stranger's backup has."""
    monkeypatch.setattr(archives, "MAX_BYTES", 1_000_000)
    monkeypatch.setattr(archives, "MAX_ENTRIES", 3)
    monkeypatch.setattr(archives, "MAX_MANIFEST", 500)
    file = back_up(full, tmp_path / "large.zip", NOW).file
    new = place(tmp_path / "new")
    with pytest.raises(BackupError, match="--any-size"):
        restore(file, new, NOW, replace=False)
    restore(file, new, NOW, replace=False, any_size=True)
    assert files(new.story) == FILES


# --- a rehearsal, and rotation


def test_a_backup_is_rehearsed(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One command restores it where nobody sees it, and counts; nothing is left."""
    main(["backup", "a.zip"], Settings(), TODAY)
    before = files(here)
    capsys.readouterr()
    assert main(["backup", "--rehearse", "a.zip"], Settings(), TODAY) == 0
    said = capsys.readouterr().out
    assert "2 rows (key 1, questions 1) and 18 files are as they were" in said
    assert files(here) == before
    assert main(["backup", "--rehearse", "b.zip"], Settings(), TODAY) == 0
    assert capsys.readouterr().out.startswith("b.zip holds\n")
    assert "b.zip" in files(here)


def _lose_rows(place: Place) -> None:
    with sqlite3.connect(place.records) as on:
        on.execute("DELETE FROM questions")
    on.close()


def _lose_file(place: Place) -> None:
    (place.story / "story.yaml").unlink()


@pytest.mark.parametrize(
    ("lose", "said"),
    [(_lose_rows, "not all of its rows"), (_lose_file, "'story/story.yaml' was")],
)
def test_a_rehearsal_tells_what_is_not_there(
    lose: Callable[[Place], None],
    said: str,
    backup: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where a row or a file did not come back, that is said."""

    def losing(archive: archives.Reading, place: Place) -> Mapping[str, int]:
        rows = put(archive, place)
        lose(place)
        return rows

    monkeypatch.setattr("bot.operating.rehearsal.put", losing)
    with pytest.raises(BackupError, match=said):
        rehearse(backup, None)


def test_a_rehearsal_tells_that_the_secret_is_another(backup: Path) -> None:
    """Records that could not be opened with what is set are told of."""
    assert rehearse(backup, None).mismatch == ""
    assert "another secret" in rehearse(backup, "x" * 40).mismatch


def test_the_newest_are_kept(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--keep` makes the folder, and deletes older backups of this story there."""
    folder = here / "backups"
    fill(
        folder,
        {
            **{f"receipts-bell-202611{day}-203015.zip": "PK" for day in (20, 21, 22)},
            "receipts-bells-20261101-203015.zip": "",
            "mine.zip": "",
        },
    )
    command = ["backup", "backups", "--keep", "2"]
    assert main(command, Settings(), TODAY) == 0
    said = capsys.readouterr().out
    assert said.count("is deleted") == 2
    left = sorted(files(folder))
    assert left[0] == "mine.zip"
    assert left[1] == "receipts-bell-20261122-203015.zip"
    assert left[3] == "receipts-bells-20261101-203015.zip"
    assert len(left) == 4
    shutil.rmtree(folder)
    fill(folder, {f"receipts-bell-2026112{n}-203015.zip": "PK" for n in range(3)})
    assert asyncio.run(asked(Path("data/records.sqlite3")))
    other = Settings(records_secret=SecretStr("x" * 40))
    assert main([*command, "--rehearse"], other, TODAY) == 1
    assert len(files(folder)) == 4
    shutil.rmtree(folder)
    assert main(command, Settings(), TODAY) == 0
    assert len(files(folder)) == 1
    for bad in ("0", "-1", "few"):
        with pytest.raises(SystemExit):
            main(["backup", "backups", "--keep", bad], Settings(), TODAY)


# --- what was killed


def killed_at(moment: str, place: Place, backup: Path) -> None:
    """Restore in another process, and kill that as it begins to do something."""
    code = f"""
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.operating import backup, exchanging
from bot.operating.backup import Place, restore
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
{moment}
place = Place(*map(Path, sys.argv[2:]))
restore(Path(sys.argv[1]), place, datetime.now(UTC), replace=True)
"""
    where = [str(one) for one in (place.records, place.story, place.data)]
    command = [sys.executable, "-c", code, str(backup), *where]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


MOMENTS = {
    "writing": "exchanging.Exchange.make = die",
    "moving the old": """
move = Path.rename
def rename(self, to): die() if "facts" in self.name else move(self, to)
Path.rename = rename""",
    "moving the new": """
move = Path.rename
def rename(self, to): die() if "/new/facts" in str(self) else move(self, to)
Path.rename = rename""",
    "the rows": "backup.load = die",
}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize("moment", MOMENTS.values(), ids=MOMENTS)
def test_a_restore_that_was_killed_is_told_and_taken_back(
    moment: str, full: Place, backup: Path, tmp_path: Path
) -> None:
    """No backup is made of half a story; restoring again begins with the whole one."""
    mine = {"story.yaml": "mine", "facts/mine.yaml": "mine", "zz": "mine"}
    shutil.rmtree(full.story)
    fill(full.story, mine)
    killed_at(moment, full, backup)
    assert list(full.story.glob(".restoring-*"))
    with pytest.raises(BackupError, match="was killed half-way: restore again"):
        back_up(full, tmp_path / "half.zip", NOW)
    later = NOW + timedelta(days=1)
    again = restore(backup, full, later, replace=True)
    assert full.story in again.mended
    assert files(full.story) == FILES
    assert files(full.data) == PAST
    assert not list(tmp_path.rglob(".restoring-*"))
    assert again.before is not None
    other = place(tmp_path / "other")
    restore(again.before.file, other, later, replace=False)
    assert files(other.story) == mine


def test_two_do_not_restore_at_once(full: Place, backup: Path) -> None:
    """While one restores, another is refused, and takes nothing back."""
    fill(full.story, {"story.yaml": "mine"})
    with exchanging.Exchange(full.story, is_private=False) as exchange:
        exchange.make()
        with pytest.raises(BackupError, match="right now: wait"):
            restore(backup, full, NOW, replace=True)
    assert files(full.story) == {**FILES, "story.yaml": "mine"}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_a_backup_that_was_killed_is_tidied(full: Place, tmp_path: Path) -> None:
    """What a killed backup left is deleted by the next one; one under way is not."""
    code = (
        "import sys, time; from pathlib import Path; from datetime import datetime; "
        "from bot.operating.archives import written\n"
        "with written(Path(sys.argv[1]), datetime.now()) as one:\n"
        "    print(flush=True); time.sleep(60)"
    )
    command = [sys.executable, "-c", code, str(tmp_path / "killed.zip")]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as writing:
        assert writing.stdout
        writing.stdout.readline()
        made = back_up(full, tmp_path / "a.zip", NOW)
        assert made.tidied == ()
        (left,) = tmp_path.glob(".backup-*")
        writing.kill()
    made = back_up(full, tmp_path / "b.zip", NOW)
    assert made.tidied == (left,)
    assert not left.exists()


# --- whose it is


@needs_root
def test_what_root_restores_is_the_owner_s(backup: Path, tmp_path: Path) -> None:
    """Restored by root, all of it belongs to whom the folder belongs to."""
    new = tmp_path / "new"
    new.mkdir()
    os.chown(new, NOBODY, NOBODY)
    restore(backup, place(new), NOW, replace=False)
    owners = {path.stat().st_uid for path in new.rglob("*")}
    assert owners == {NOBODY}
    assert (new / "data" / "records.sqlite3").exists()
