"""Restore a backup where nobody sees it, and count what came of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import file_digest
from pathlib import Path

from bot.operating.archives import WORK, BackupError, Manifest, read
from bot.operating.backup import Place, files_of, mismatch, put, restored_name
from bot.operating.working import tidied, working
from bot.records import migrations
from bot.records.portable import counted


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What was restored, and was as it should be: `rows` by table.

    `mismatch` is why the records cannot be opened with the secret that is set; empty
    where they can.
    """

    manifest: Manifest
    rows: Mapping[str, int]
    mismatch: str


def rehearse(file: Path, secret: str | None, *, any_size: bool = False) -> Rehearsal:
    """Restore a backup into a folder beside it, compare, and delete that again.

    The rows are put into SQLite, whatever they came from. Files are compared to the
    byte, and the rows that each table has with the lines that it had.

    Raises:
        BackupError: It cannot be restored, or something of it is not as it was.
        RecordsError: Its rows cannot be restored.
    """
    tidied(file.parent, WORK)
    with read(file, any_size=any_size) as archive:
        try:
            with working(file.parent, WORK) as work:
                place = Place(work / "records", work / "story", work / "data")
                given = put(archive, place)
                _check_files(archive.manifest, place)
                if archive.manifest.step is None:
                    return Rehearsal(archive.manifest, {}, "")
                there = asyncio.run(counted(place.records))
                if archive.manifest.step == migrations.HEAD and there != given:
                    raise BackupError(
                        f"'{file}' was restored, but not all of its rows are there."
                    )
                return Rehearsal(archive.manifest, there, mismatch(place, secret))
        except OSError as error:
            raise BackupError(
                f"'{file}' cannot be tried beside itself: {error.strerror}."
            ) from error


def _check_files(manifest: Manifest, place: Place) -> None:
    """See that the restored files are those of a backup.

    Raises:
        BackupError: One is not.
    """
    found: dict[str, str] = {}
    for name, folder in (("story", place.story), ("data", place.data)):
        for file, path in files_of(name, folder):
            with path.open("rb") as source:
                found[file] = file_digest(source, "sha256").hexdigest()
    expected = {
        restored_name(name): content.sha256
        for name, content in manifest.files.items()
        if not name.startswith("records/")
    }
    for name in sorted({*found, *expected}):
        if found.get(name) != expected.get(name):
            raise BackupError(f"'{name}' was restored, but is not as it was.")
