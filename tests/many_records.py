"""Records of a bot that is asked a lot, for what must be fast among many rows."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, Table, text

from bot.records import tables
from bot.records.database import Database

NOW: Final = datetime(2026, 11, 23, tzinfo=UTC)
"""When the last of it happened."""

MANY: Final = 1_000_000
"""Rows of each table that people fill, in the long run."""

ENTRIES: Final = 1000
"""Entries that it is about, and facts: the first are asked most."""

GUILD: Final = 1 << 60
MODERATOR: Final = 1 << 59

_AT_ONCE: Final = 5000


async def fill(
    database: Database,
    many: int,
    age: timedelta,
    *,
    postgresql: bool = False,
    now: datetime = NOW,
) -> None:
    """Write `many` rows of all that people do, and a tenth of what few of them do.

    They are spread evenly over the `age` before `now`, the last the latest.
    """
    few = many // 10
    for table, count, row in (
        (tables.votes, many, _vote),
        (tables.tallies, ENTRIES, _tally),
        (tables.objections, few, _objection),
        (tables.reports, many, _report),
        (tables.questions, many, _question),
        (tables.waiting, few // 10, _waiting),
        (tables.shown, many, _shown),
        (tables.shown_facts, 3 * many, _fact),
        (tables.actions, few, _action),
        (tables.drafts, few, _draft),
        (tables.days, few, _day),
        (tables.corrections, ENTRIES, _correction),
        (tables.corrected, few, _corrected),
    ):
        for first in range(0, count, _AT_ONCE):
            rows = [
                row(number, now - age * (1 - number / count))
                for number in range(first, min(first + _AT_ONCE, count))
            ]
            await database.write(_insert(table, rows))
    if postgresql:  # which does so by itself; SQLite is never told to
        await database.write(lambda on: on.execute(text("ANALYZE")).close())


def entry(number: int) -> str:
    """The entry that a row of a number is about."""
    return f"entry-{number * 7919 % ENTRIES * (number * 104_729 % 1009) // 1009}"


def _insert(
    table: Table, rows: list[dict[str, object]]
) -> Callable[[Connection], None]:
    return lambda on: on.execute(table.insert(), rows).close()


def _hash(number: int) -> bytes:
    return sha256(b"%d" % number).digest()


def _vote(number: int, at: datetime) -> dict[str, object]:
    return {
        "story": "bell",
        "entry": entry(number),
        "person": _hash(number),
        "revision": "1",
        "verdict": "helpful" if number % 10 else "wrong",
        "reason": "" if number % 10 else "It rang twice that night, not once.",
        "at": at,
    }


def _tally(number: int, _at: datetime) -> dict[str, object]:
    return {"story": "bell", "entry": f"entry-{number}", "helpful": 900, "wrong": 100}


def _objection(number: int, _at: datetime) -> dict[str, object]:
    keys = ("story", "entry", "person")
    vote = _vote(10 * number, NOW)
    return {name: vote[name] for name in keys}


def _report(number: int, at: datetime) -> dict[str, object]:
    return {
        "guild": GUILD,
        "channel": GUILD + 1,
        "message": number,
        "person": _hash(number),
        "reason": "This is not what was said.",
        "at": at,
    }


def _question(number: int, at: datetime) -> dict[str, object]:
    return {
        "story": "bell",
        "folded": _hash(number).hex(),
        "text": f"Who rang the bell in the tower on night {number}?",
        "state": "open",
        "asked": number * 7919 % 50,
        "sent": 1 if number % 97 == 0 else 0,
        "first": at,
        "last": at,
    }


def _waiting(number: int, at: datetime) -> dict[str, object]:
    return {
        "question": number + 1,
        "person": number,
        "guild": None,
        "channel": None,
        "since": at,
    }


def _shown(number: int, at: datetime) -> dict[str, object]:
    direct = number % 50 == 0
    return {
        "message": number,
        "story": "bell",
        "entry": entry(number),
        "revision": "1",
        "guild": None if direct else GUILD,
        "channel": GUILD + 1,
        "asker": _hash(number) if direct else None,
        "at": at,
        "place": 0,
        "closest": False,
    }


def _fact(number: int, _at: datetime) -> dict[str, object]:
    message, position = divmod(number, 3)
    return {
        "message": message,
        "story": "bell",
        "entry": entry(message),
        "position": position,
        "fact": f"fact-{(int(entry(message)[6:]) * 3 + position) % ENTRIES}",
    }


def _action(number: int, at: datetime) -> dict[str, object]:
    return {
        "at": at,
        "moderator": MODERATOR + number % 7,
        "name": "ann",
        "guild": GUILD,
        "action": "edit",
        "subject": entry(number),
        "details": "{}",
    }


def _draft(number: int, at: datetime) -> dict[str, object]:
    return {
        "story": "bell",
        "guild": GUILD,
        "moderator": MODERATOR + number % 997,
        "name": "ann",
        "kind": "edit",
        "content": "{}",
        "base": "{}",
        "state": "open" if number % 100 == 0 else "applied",
        "created": at,
        "changed": at,
        "decided_by": None,
    }


def _day(number: int, _at: datetime) -> dict[str, object]:
    back, subject = divmod(number, 300)
    return {
        "story": "bell",
        "day": (NOW - timedelta(days=back)).date(),
        "what": "answer",
        "subject": f"entry-{subject}",
        "count": 10,
    }


def _correction(number: int, at: datetime) -> dict[str, object]:
    return {
        "story": "bell",
        "draft": number,
        "title": "edit it",
        "note": "It rang.",
        "before": "1",
        "at": at,
        "messages": 1,
        "private": 0,
        "finished": at if number < ENTRIES - 10 else None,
    }


def _corrected(number: int, _at: datetime) -> dict[str, object]:
    return {
        "correction": 1 + number % ENTRIES,
        "message": number,
        "story": "bell",
        "entry": entry(number),
        "state": "done" if number % ENTRIES < ENTRIES - 10 else "waiting",
    }
