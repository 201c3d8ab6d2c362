"""The commands that keep all of a story in one file, and put it back."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path

from bot.cli.arguments import Options
from bot.cli.commands import OK, PROBLEMS, fail, found_folder, settle
from bot.cli.console import safe
from bot.operating import rehearsal
from bot.operating.archives import BackupError
from bot.operating.backup import (
    BackUp,
    Place,
    back_up,
    mismatch,
    restore,
    rotated,
)
from bot.records.database import shown
from bot.records.ownership import inherited
from bot.records.values import RecordsError
from bot.settings import BACKED_UP, RECORDS, Settings, kept


def back_up_all(options: Options, settings: Settings, _now: date) -> int:
    """Keep all of a story in one file, or try one that is kept."""
    settle()
    file = options.file or Path()
    secret = _secret(settings)
    try:
        if options.rehearse and file.is_file():
            return _rehearse(file, secret, any_size=options.any_size)
        made, place = _back_up(options, settings)
        if options.rehearse and _rehearse(made, secret, any_size=True) != OK:
            return PROBLEMS
        for path in rotated(file, place.name, options.keep) if options.keep else ():
            print(f"{path} is deleted: {options.keep} newer ones are there.")
        with suppress(OSError):  # its figure is then missing, and the backup is not
            BACKED_UP.touch()
            inherited(BACKED_UP)
    except (BackupError, RecordsError) as error:
        return fail(safe(str(error)), PROBLEMS)
    except OSError as error:
        return fail(safe(f"'{error.filename}': {error.strerror}."), PROBLEMS)
    return OK


def restore_all(options: Options, settings: Settings, _now: date) -> int:
    """Put all of a backup where it belongs."""
    settle()
    place, file = _place(options, settings), options.file or Path()
    try:
        done = restore(
            file,
            place,
            datetime.now(UTC),
            replace=options.replace,
            with_story=not options.without_story,
            any_size=options.any_size,
        )
    except (BackupError, RecordsError) as error:
        return fail(safe(str(error)), PROBLEMS)
    for folder in done.mended:
        print(f"A restore into {folder} had been killed: that was taken back first.")
    rows, where = _rows(done.rows), shown(place.records)
    print(f"All of {file} is back: {rows} in {where}, and the story in {place.story}.")
    if done.before is not None:
        print(f"What was there before is in {done.before.file}.")
    if warning := mismatch(place, _secret(settings)):
        print(f"Before you start the bot: {warning}")
    return OK


def _back_up(options: Options, settings: Settings) -> tuple[Path, Place]:
    place, folder = _place(options, settings), options.file or Path()
    if options.keep:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    made = back_up(
        place, folder, datetime.now(UTC), without_records=options.without_records
    )
    _tell(made, place)
    return made.file, place


def _tell(made: BackUp, place: Place) -> None:
    records = f"{_rows(made.rows)} from {shown(place.records)}"
    for line in (
        f"{made.file} holds",
        f"- the records: {records if made.rows else 'none'}",
        f"- the story: {_count(made.count('story'), 'file')} from {place.story}",
        f"- its past: {_count(made.count('data'), 'file')} from {place.data}",
        "Keep it as safe as the records; .env and what it sets are not in it.",
    ):
        print(safe(line))
    for path in made.tidied:
        print(safe(f"{path}, which a killed backup had left, is deleted."))


def _rehearse(file: Path, secret: str | None, *, any_size: bool) -> int:
    if sys.stderr.isatty():
        print("Restoring it beside itself …", file=sys.stderr)
    done = rehearsal.rehearse(file, secret, any_size=any_size)
    about = done.manifest
    files = len(about.files) - sum(one.startswith("records/") for one in about.files)
    print(
        safe(
            f"{file}, of the story '{about.story}' at {about.made:%Y-%m-%d %H:%M}, was "
            f"restored beside itself: {_rows(done.rows)} and {_count(files, 'file')} "
            "are as they were. Nothing else was touched."
        )
    )
    if done.mismatch:
        print(f"But with these settings: {done.mismatch}")
    return PROBLEMS if done.mismatch else OK


def _rows(rows: Mapping[str, int]) -> str:
    """How many rows there are, and in which tables."""
    some = ", ".join(f"{name} {many}" for name, many in rows.items() if many)
    return _count(sum(rows.values()), "row") + (f" ({some})" if some else "")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _secret(settings: Settings) -> str | None:
    secret = settings.records_secret
    return secret.get_secret_value() if secret else None


def _place(options: Options, settings: Settings) -> Place:
    """Where all of the story is."""
    folder = found_folder(options, settings)
    url = settings.database_url
    where = url.get_secret_value() if url else RECORDS
    return Place(where, folder, kept(folder))
