"""All of a story in one file, and back."""

import asyncio
import json
import os
import stat
import struct
import sys
import threading
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli.main import main
from bot.operating import archives
from bot.operating.archives import BackupError
from bot.operating.backup import Place, back_up, mismatch, restore
from bot.records.records import Records
from bot.records.values import RecordsError
from bot.settings import Settings
from tests.conftest import ROOT
from tests.test_records_forgetting import ANN, SECRET, do_everything

NOW = datetime(2026, 11, 23, 20, 30, 15, tzinfo=UTC)
FILES = {
    "story.yaml": "title: The bell\r\n",
    "facts/bell.yaml": "# ein Kommentar, é 🔔\n- id: rang",
    "archive/tower.txt": "x" * 3_000_000,
    "empty.yaml": "",
}
PAST = {"history/versions.jsonl": "{}\n", "last-good/1/story.yaml": "title: a\n"}
HIDDEN = {".env": "DISCORD_TOKEN=hunter2\n", ".git/config": "hunter2\n", "b.zip": "PK"}


def fill(folder: Path, files: Mapping[str, str]) -> None:
    """Write files into a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode())


def files(folder: Path) -> dict[str, str]:
    """The files in a folder, by name, hidden ones too."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes().decode(
            errors="surrogateescape"
        )
        for path in folder.rglob("*")
        if path.is_file()
    }


def place(folder: Path, records: str | Path | None = None) -> Place:
    """Where all of a story is, in a folder."""
    kept = folder / "data" / "records.sqlite3" if records is None else records
    return Place(kept, folder / "knowledge" / "bell", folder / "data" / "bell")


async def ask(where: str | Path, text: str, secret: str | None = None) -> None:
    """Keep a question in records."""
    async with Records.open(where, secret) as records:
        await records.questions.note("bell", text, NOW)


async def asked(where: str | Path) -> list[str]:
    """The questions in records."""
    async with Records.open(where) as records:
        return [one.text for one in await records.questions.all("bell")]


@pytest.fixture
def full(tmp_path: Path) -> Place:
    """All of a story."""
    found = place(tmp_path / "full")
    fill(found.story, {**FILES, **HIDDEN})
    fill(found.data, PAST)
    asyncio.run(ask(found.records, "why?"))
    return found


@pytest.fixture
def backup(full: Place, tmp_path: Path) -> Path:
    """A backup of all of a story."""
    return back_up(full, tmp_path / "bell.zip", NOW).file


def test_a_backup_brings_all_of_it_back(backup: Path, tmp_path: Path) -> None:
    """In an empty place, files, past and records are again as they were."""
    new = place(tmp_path / "new")
    assert restore(backup, new, NOW, replace=False).before is None
    assert files(new.story) == FILES
    assert files(new.data) == PAST
    assert asyncio.run(asked(new.records)) == ["why?"]
    assert {path.name for path in (tmp_path / "new" / "data").iterdir()} == {
        "bell",
        "records.sqlite3",
    }


def test_who_may_read_what_is_restored(full: Place, tmp_path: Path) -> None:
    """Files have the permissions they had; what the bot keeps is its owner's alone."""
    (full.story / "story.yaml").chmod(0o640)
    (full.data / "history/versions.jsonl").chmod(0o600)
    kept = back_up(full, tmp_path / "bell.zip", NOW).file
    new = place(tmp_path / "new")
    restore(kept, new, NOW, replace=False)
    modes = {
        path: stat.S_IMODE((tmp_path / "new" / path).stat().st_mode)
        for path in (
            *("knowledge/bell/story.yaml", "data/bell/history/versions.jsonl"),
            *("data", "data/bell", "data/bell/history"),
        )
    }
    assert list(modes.values()) == [0o640, 0o600, 0o700, 0o700, 0o700]


@pytest.mark.parametrize("name", ["journal/pending.json", "Journal/PENDING.json"])
def test_what_was_begun_is_not_restored(full: Place, tmp_path: Path, name: str) -> None:
    """A change that was under way in a backup is for people to read, not to do."""
    fill(full.data, {name: "{}"})
    kept = back_up(full, tmp_path / "bell.zip", NOW).file
    new = place(tmp_path / "new")
    restore(kept, new, NOW, replace=False)
    assert files(new.data) == {**PAST, "journal/set-aside-restored.json": "{}"}


def test_a_backup_moves_between_databases(
    full: Place, address: str, tmp_path: Path
) -> None:
    """A backup of either database is restored into either, people with it."""

    async def everything() -> None:
        async with Records.open(address) as records:
            await do_everything(records, ANN, NOW)

    async def deleted() -> int:
        async with Records.open(new.records) as records:
            return (await records.delete_person(ANN)).votes

    asyncio.run(everything())
    new = place(tmp_path / "new")
    restore(
        back_up(replace(full, records=address), tmp_path / "a.zip", NOW).file,
        new,
        NOW,
        replace=False,
    )
    back = back_up(new, tmp_path / "b.zip", NOW).file
    restore(back, replace(new, records=address), NOW, replace=True)
    assert asyncio.run(deleted()) == 2


def test_a_backup_holds_no_secret(full: Place, tmp_path: Path) -> None:
    """What is hidden, leads outside or is a backup itself is not in it."""
    (tmp_path / "outside.txt").write_text("hunter2")
    if sys.platform != "win32":
        (full.story / "link.yaml").symlink_to(tmp_path / "outside.txt")
        (full.story / "folder").symlink_to(tmp_path)
        os.mkfifo(full.data / "pipe")
    found = back_up(full, tmp_path / "bell.zip", NOW)
    with zipfile.ZipFile(found.file) as archive:
        assert not any(b"hunter2" in archive.read(name) for name in archive.namelist())
    assert found.count("story") == len(FILES)
    assert found.count("data") == len(PAST)
    assert found.count("records") > 10


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_backup_is_its_owner_s_only(full: Place, tmp_path: Path) -> None:
    """The file is for its owner's eyes only, and nothing is left beside it."""
    mask = os.umask(0)
    try:
        file = back_up(full, tmp_path, NOW).file
    finally:
        os.umask(mask)
    assert file == tmp_path / "receipts-bell-20261123-203015.zip"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"full", file.name}


def test_a_backup_that_fails_leaves_nothing(full: Place, tmp_path: Path) -> None:
    """No name, no room, no story, broken records: a sentence, and no file."""
    (tmp_path / "there.zip").write_text("mine")
    broken = tmp_path / "broken.sqlite3"
    broken.write_text("These are my notes. " * 100)
    before = files(tmp_path)
    target = tmp_path / "new.zip"
    for bad, file in (
        (full, tmp_path / "there.zip"),
        (full, tmp_path / "new.txt"),
        (full, tmp_path / "nothing" / "new.zip"),
        (replace(full, story=tmp_path / "nothing"), target),
        (replace(full, data=full.story / "data"), target),
        (replace(full, records=broken), target),
    ):
        with pytest.raises((BackupError, RecordsError)):
            back_up(bad, file, NOW)
        assert files(tmp_path) == before


def test_what_is_there_is_not_written_over(backup: Path, tmp_path: Path) -> None:
    """Where there is anything already, nothing is changed, and it is named."""
    for at, (name, content) in enumerate(
        [("knowledge/bell/a", "1"), ("data/bell/b", "2")]
    ):
        new = place(tmp_path / str(at))
        fill(tmp_path / str(at), {name: content})
        with pytest.raises(BackupError, match="--replace"):
            restore(backup, new, NOW, replace=False)
        assert files(tmp_path / str(at)) == {name: content}
    new = place(tmp_path / "records")
    asyncio.run(ask(new.records, "who?"))
    with pytest.raises(BackupError, match="the records"):
        restore(backup, new, NOW, replace=False)
    assert asyncio.run(asked(new.records)) == ["who?"]
    assert not new.story.exists()


def test_what_is_replaced_is_backed_up_first(backup: Path, tmp_path: Path) -> None:
    """What a backup took the place of is in another beside it; hidden files stay."""
    new = place(tmp_path / "new")
    fill(new.story, {"story.yaml": "old", "gone.yaml": "old", ".git/HEAD": "main"})
    fill(new.data, {"old": "old"})
    asyncio.run(ask(new.records, "who?"))
    before = restore(backup, new, NOW, replace=True).before
    assert files(new.story) == {**FILES, ".git/HEAD": "main"}
    assert files(new.data) == PAST
    assert asyncio.run(asked(new.records)) == ["why?"]
    assert before is not None
    assert before.file.parent == backup.parent
    restore(before.file, new, NOW.replace(second=16), replace=True)
    assert files(new.story) == {
        "story.yaml": "old",
        "gone.yaml": "old",
        ".git/HEAD": "main",
    }
    assert files(new.data) == {"old": "old"}
    assert asyncio.run(asked(new.records)) == ["who?"]


def test_a_backup_of_another_story_is_refused(backup: Path, tmp_path: Path) -> None:
    """The records know a story by its folder's name: another name is refused."""
    other = replace(place(tmp_path / "new"), story=tmp_path / "tower")
    with pytest.raises(BackupError, match="'bell', not of 'tower'"):
        restore(backup, other, NOW, replace=False)
    assert not other.story.exists()


def test_a_story_without_records_is_backed_up(tmp_path: Path) -> None:
    """Before the bot's first start there is a story, and nothing else is made up."""
    bare = place(tmp_path / "bare")
    fill(bare.story, FILES)
    with pytest.raises(BackupError, match="--without-records"):
        back_up(bare, tmp_path / "bare.zip", NOW)
    assert not (tmp_path / "bare.zip").exists()
    found = back_up(bare, tmp_path / "bare.zip", NOW, without_records=True)
    assert found.manifest.step is None
    assert not bare.data.parent.exists()
    new = place(tmp_path / "new")
    restore(found.file, new, NOW, replace=False)
    assert files(tmp_path / "new") == {
        f"knowledge/bell/{name}": content for name, content in FILES.items()
    }


def test_another_secret_is_told(full: Place, tmp_path: Path) -> None:
    """Restored with another RECORDS_SECRET, it is said before the bot is started."""
    kept = replace(full, records=tmp_path / "secret.sqlite3")
    asyncio.run(ask(kept.records, "why?", SECRET))
    new = place(tmp_path / "new")
    restore(back_up(kept, tmp_path / "a.zip", NOW).file, new, NOW, replace=False)
    assert "RECORDS_SECRET" in mismatch(new, None)
    assert mismatch(new, SECRET) == ""


def test_a_backup_is_made_while_others_write(full: Place, tmp_path: Path) -> None:
    """While the bot writes, a backup is whole, and the bot goes on."""
    stop = threading.Event()

    async def write() -> int:
        number = 0
        async with Records.open(full.records) as records:
            while not stop.is_set():
                number += 1
                await records.questions.note("bell", "who?", NOW)
        return number

    counts: list[int] = []
    writer = threading.Thread(target=lambda: counts.append(asyncio.run(write())))
    writer.start()
    try:
        made = [back_up(full, tmp_path / f"{n}.zip", NOW).file for n in range(5)]
    finally:
        stop.set()
        writer.join()
    assert counts
    for number, file in enumerate(made):
        new = place(tmp_path / f"new-{number}")
        restore(file, new, NOW, replace=False)
        assert "why?" in asyncio.run(asked(new.records))


# --- files that are broken, or made to do harm


def rezipped(backup: Path, **changes: bytes | None) -> Path:
    """A backup with other files in it, whose manifest says that all is well."""
    with zipfile.ZipFile(backup) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(kept.pop("manifest.json"))
    named = {name.replace("__", "/"): data for name, data in changes.items()}
    for name, data in named.items():
        manifest["files"].pop(name, None)
        kept.pop(name, None)
        if data is not None:
            digest = sha256(data).hexdigest()
            manifest["files"][name] = {"size": len(data), "sha256": digest}
            kept[name] = data
    file = backup.with_name("changed.zip")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in kept.items():
            archive.writestr(name, data)
        archive.writestr("manifest.json", json.dumps(manifest))
    return file


def refused(file: Path, tmp_path: Path) -> str:
    """The sentence with which a backup is refused; nothing is there afterwards."""
    new = place(tmp_path / "new")
    with pytest.raises((BackupError, RecordsError)) as caught:
        restore(file, new, NOW, replace=False)
    left = files(tmp_path / "new")
    left.pop("data/records.sqlite3", None)
    assert left == {}
    assert not (tmp_path / "evil").exists()
    said = str(caught.value)
    assert "\n" not in said
    assert said.endswith(".")
    return said


NAMES = [
    *("story/../../../evil", "/evil", "story//evil", "story/./a", "../evil", "evil"),
    *("story\\..\\evil", "C:/evil", "story/c:evil", "other/evil", "story/", "story"),
    *("story/.env", "data/.git/config", "records/../story/a", "story/a\x1b[2J"),
    *("story/con. ", "records/votes.sql", "story/" + "a/" * 30 + "b", "story/\u202ea"),
    *("story/" + "a" * 300, "STORY/STORY.yaml", "story/STORY.yaml"),
]


def test_a_name_that_leads_elsewhere_is_refused(backup: Path, tmp_path: Path) -> None:
    """Nothing is written but plain files below the story's and the data's folder."""
    for name in NAMES:
        refused(rezipped(backup, **{name: b"evil"}), tmp_path)


def test_links_in_a_backup_are_refused(backup: Path, tmp_path: Path) -> None:
    """A file in a backup that is a link is refused."""
    file = rezipped(backup, story__link=b"../../evil")
    with zipfile.ZipFile(file) as archive:
        kept = [(entry, archive.read(entry)) for entry in archive.infolist()]
    with zipfile.ZipFile(file, "w") as archive:
        for entry, data in kept:
            if entry.filename == "story/link":
                entry.external_attr = (stat.S_IFLNK | 0o777) << 16
            archive.writestr(entry, data)
    assert "no plain file" in refused(file, tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
def test_what_has_no_end_is_refused(tmp_path: Path) -> None:
    """A device or a pipe in place of a backup is not waited for."""
    pipe = tmp_path / "pipe.zip"
    os.mkfifo(pipe)
    for file in (pipe, Path("/dev/zero")):
        with pytest.raises(BackupError, match="no file"), archives.read(file):
            pass


def test_a_file_twice_is_refused(backup: Path, tmp_path: Path) -> None:
    """A backup with two files of one name is refused."""
    with (
        pytest.warns(UserWarning, match="Duplicate"),
        zipfile.ZipFile(backup, "a") as archive,
    ):
        archive.writestr("story/story.yaml", "evil")
    assert "manifest" in refused(backup, tmp_path)


def bomb(backup: Path) -> Path:
    """A backup with a small file that unpacks to much more than it says."""
    return rezipped(backup, story__bomb=b"\0" * 50_000_000)


def understated(file: Path) -> Path:
    """The same, but the manifest and the zip tell of a few bytes."""
    with zipfile.ZipFile(file) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(kept.pop("manifest.json"))
    manifest["files"]["story/bomb"]["size"] = 10
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**kept, "manifest.json": json.dumps(manifest)}.items():
            archive.writestr(name, data)
    data = file.read_bytes()
    file.write_bytes(data.replace(struct.pack("<L", 50_000_000), struct.pack("<L", 10)))
    return file


def test_a_bomb_is_refused(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What unpacks to more than may be, or than it says, is refused before it does."""
    assert "story/bomb" in refused(understated(bomb(backup)), tmp_path)
    monkeypatch.setattr(archives, "MAX_BYTES", 40_000_000)
    assert "more than 40000000 bytes" in refused(bomb(backup), tmp_path)
    monkeypatch.setattr(archives, "MAX_ENTRIES", 10)
    assert "too many files" in refused(backup, tmp_path)


def test_a_long_line_is_refused(
    backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line without end is refused."""
    monkeypatch.setattr("bot.operating.backup.MAX_LINE", 1000)
    long = rezipped(backup, records__days__jsonl=None)
    long = rezipped(long, **{"records/days.jsonl": b"x" * 3_000_000})
    assert "too long" in refused(long, tmp_path)


CHANGES: dict[str, Callable[[dict[str, object]], object]] = {
    "another format": lambda manifest: manifest.update(format=2),
    "a field more": lambda manifest: manifest.update(other=1),
    "a negative id": lambda manifest: manifest.update(last={"votes": -1}),
    "no hashes": lambda manifest: manifest.update(files={}),
    "a newer step": lambda manifest: manifest.update(step="9999"),
    "no step": lambda manifest: manifest.update(step=None),
    "no time": lambda manifest: manifest.update(made="yesterday"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_wrong_manifest_is_refused(
    backup: Path, tmp_path: Path, change: Callable[[dict[str, object]], object]
) -> None:
    """A manifest of another program, or one that does not fit, is refused."""
    with zipfile.ZipFile(backup) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(kept["manifest.json"])
    change(manifest)
    kept["manifest.json"] = json.dumps(manifest).encode()
    with zipfile.ZipFile(backup, "w") as archive:
        for name, data in kept.items():
            archive.writestr(name, data)
    refused(backup, tmp_path)


def test_a_broken_file_is_refused(backup: Path, tmp_path: Path) -> None:
    """Whatever bytes of a backup are lost or changed, it is refused, or as it was."""

    def content() -> list[tuple[str, bytes]] | None:
        try:
            with archives.read(backup) as found:
                names = found.names("story/")
                return [(name, b"".join(found.chunks(name))) for name in names]
        except BackupError:
            return None

    data, whole = backup.read_bytes(), content()
    assert whole is not None
    for at in range(0, len(data), len(data) // 40):
        changed = bytearray(data)
        changed[at] ^= 0xFF
        for bad in (bytes(changed), data[:at]):
            backup.write_bytes(bad)
            assert content() in (None, whole)
    backup.write_bytes(b"")
    for file in (backup, tmp_path / "nothing.zip", tmp_path):
        refused(file, tmp_path)


def test_what_cannot_be_restored_changes_nothing(
    backup: Path, full: Place, tmp_path: Path
) -> None:
    """Where the rows are refused at the end, the files are again as they were."""
    fill(full.story, {"newer.yaml": "new"})
    before = files(full.story), files(full.data)
    file = rezipped(backup, **{"records/days.jsonl": b"{}\n"})
    with pytest.raises(RecordsError, match="Line 1 of the table days"):
        restore(file, full, NOW, replace=True)
    assert (files(full.story), files(full.data)) == before
    assert asyncio.run(asked(full.records)) == ["why?"]
    assert not list(tmp_path.rglob(".restoring-*"))


# --- the commands


def test_the_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`backup` and `restore` say what they did, and what they did not."""
    monkeypatch.chdir(tmp_path)
    today = date(2026, 11, 23)
    story = tmp_path / "knowledge" / "bell"
    main(["new", str(story)], Settings(), today)
    asyncio.run(ask(Path("data/records.sqlite3"), "why?", SECRET))
    settings = Settings(discord_token=SecretStr("hunter2"))
    capsys.readouterr()
    assert main(["backup", "a.zip"], settings, today) == 0
    assert capsys.readouterr().out.split("\n")[:4] == [
        "a.zip holds",
        "- the records: 2 rows (key 1, questions 1) from data/records.sqlite3",
        "- the story: 18 files from knowledge/bell",
        "- its past: 0 files from data/bell",
    ]
    assert main(["backup", "a.zip"], settings, today) == 1
    assert "there already" in capsys.readouterr().err
    assert main(["restore", "a.zip"], settings, today) == 1
    assert "--replace" in capsys.readouterr().err
    assert main(["restore", "--replace", "a.zip"], settings, today) == 0
    said = capsys.readouterr().out
    assert "What was there before is in receipts-bell-" in said
    assert "Before you start the bot: The records were begun with another" in said
    (tmp_path / "other").mkdir()
    assert main(["backup", "b.zip", "--story", "other/none"], settings, today) == 1
    assert "no story's folder" in capsys.readouterr().err
    assert b"hunter2" not in (tmp_path / "a.zip").read_bytes()
    assert str(ROOT) not in said
