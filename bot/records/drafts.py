"""What moderators typed, kept until it is done with, so that nothing is ever lost."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, insert, select, update

from bot.records.database import Database
from bot.records.redaction import clean, identifier
from bot.records.tables import IS_UNDECIDED, drafts
from bot.records.values import Draft, DraftState, Json, RecordsError, Typed

MAX_CONTENT: Final = 1_000_000
"""Characters of a draft's content, and of its base, as JSON."""

MAX_NAME: Final = 100
"""Characters of a moderator's name that are kept; Discord's have at most 32."""

STEP: Final = timedelta(microseconds=1)


class Drafts:
    """Moderators' drafts, kept for KEPT_DRAFTS after they were last changed.

    What was typed is to be published, so it is kept as it is, not redacted.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, typed: Typed, now: datetime) -> Draft:
        """Keep what a moderator typed, as an open draft.

        Raises:
            RecordsError: The content or the base is no JSON, or longer than
                MAX_CONTENT.
        """
        row = insert(drafts).values(
            story=identifier(typed.story),
            guild=typed.guild,
            moderator=typed.moderator,
            name=typed.name and clean(typed.name, MAX_NAME),
            kind=identifier(typed.kind),
            content=_json(typed.content),
            base=_json(typed.base),
            state="open",
            created=now,
            changed=now,
        )
        row = row.returning(drafts.c.id)

        def work(connection: Connection) -> Draft:
            number = connection.execute(row).scalar_one()
            return _found(connection, drafts.c.id == number)[0]

        return await self._database.write(work)

    async def change(
        self,
        seen: Draft,
        now: datetime,
        *,
        content: Mapping[str, Json] | None = None,
        state: DraftState | None = None,
        decided_by: int | None = None,
    ) -> Draft | None:
        """Change a draft, if it still is as the caller saw it; None where it is not.

        What is not named stays as it was.

        Raises:
            RecordsError: The content is no JSON, or longer than MAX_CONTENT.
        """
        is_as_seen = (
            (drafts.c.id == seen.id)
            & (drafts.c.state == seen.state)
            & (drafts.c.changed == seen.changed)
        )
        named = {
            # However slow or wrong the clock, each change is told from the last.
            "changed": max(now, seen.changed + STEP),
            "content": None if content is None else _json(content),
            "state": state,
            "decided_by": decided_by,
        }
        values = {name: value for name, value in named.items() if value is not None}
        change = update(drafts).where(is_as_seen).values(values)

        def work(connection: Connection) -> Draft | None:
            if not connection.execute(change).rowcount:
                return None
            return _found(connection, drafts.c.id == seen.id)[0]

        return await self._database.write(work)

    async def get(self, draft: int) -> Draft | None:
        """A draft; None where there is none, or no longer."""
        found = await self._find(drafts.c.id == draft, 1)
        return found[0] if found else None

    async def open_of(
        self, story: str, moderator: int, limit: int = 25
    ) -> tuple[Draft, ...]:
        """A moderator's open drafts of a story, last changed first."""
        is_it = (drafts.c.moderator == moderator) & (drafts.c.state == "open")
        return await self._find(is_it & (drafts.c.story == identifier(story)), limit)

    async def proposed(self, story: str, limit: int = 25) -> tuple[Draft, ...]:
        """All drafts of a story that wait for a second moderator, last changed first.

        `drafts.get` tells whether one of them still does.
        """
        is_it = IS_UNDECIDED & (drafts.c.state == "proposed")
        return await self._find(is_it & (drafts.c.story == identifier(story)), limit)

    async def undecided(self, story: str, limit: int = 500) -> tuple[Draft, ...]:
        """All drafts of a story that are open or proposed, last changed first."""
        is_it = IS_UNDECIDED & (drafts.c.story == identifier(story))
        return await self._find(is_it, limit)

    async def _find(self, is_it: ColumnElement[bool], limit: int) -> tuple[Draft, ...]:
        return await self._database.read(lambda on: _found(on, is_it, limit))


def _found(
    connection: Connection, is_it: ColumnElement[bool], limit: int = 1
) -> tuple[Draft, ...]:
    query = (
        select(drafts)
        .where(is_it)
        .order_by(drafts.c.changed.desc(), drafts.c.id.desc())
        .limit(limit)
    )
    return tuple(
        Draft(
            story=row.story,
            guild=row.guild,
            moderator=row.moderator,
            name=row.name,
            kind=row.kind,
            content=json.loads(row.content),
            base=json.loads(row.base),
            id=row.id,
            state=row.state,
            created=row.created,
            changed=row.changed,
            decided_by=row.decided_by,
        )
        for row in connection.execute(query)
    )


def _json(content: Mapping[str, Json]) -> str:
    try:
        text = json.dumps(dict(content), allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise RecordsError("A draft's content is no JSON.") from error
    if len(text) > MAX_CONTENT:
        raise RecordsError(
            f"A draft's content is longer than {MAX_CONTENT} characters; make it "
            "smaller steps."
        )
    return text
