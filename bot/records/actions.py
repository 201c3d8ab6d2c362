"""What moderators did: kept, and never changed but to forget a person."""

import json
from typing import Final

from sqlalchemy import insert, select

from bot.records.database import Database
from bot.records.redaction import clean, identifier
from bot.records.tables import actions
from bot.records.values import LAST, Action, RecordsError

MAX_NAME: Final = 100
"""Characters of a moderator's name that are kept; Discord's have at most 32."""

MAX_SUBJECT: Final = 300
"""Characters that are kept of what an action was done to."""

MAX_DETAILS: Final = 1_000_000
"""Characters of an action's details, as JSON: a story's whole file, and more."""


class Actions:
    """The audit trail of moderators' actions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, action: Action) -> None:
        """Keep what a moderator did.

        Raises:
            RecordsError: The details are no JSON, or longer than MAX_DETAILS.
        """
        try:
            details = json.dumps(dict(action.details), allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise RecordsError("The details of an action are no JSON.") from error
        if len(details) > MAX_DETAILS:
            raise RecordsError(
                f"The details of an action are longer than {MAX_DETAILS} characters."
            )
        row = insert(actions).values(
            at=action.at,
            moderator=action.moderator,
            name=action.name and clean(action.name, MAX_NAME),
            guild=action.guild,
            action=identifier(action.action),
            subject=clean(action.subject, MAX_SUBJECT),
            details=details,
        )
        await self._database.write(lambda on: on.execute(row).close())

    async def of_guild(
        self, guild: int, limit: int = 100, before: int = LAST
    ) -> tuple[Action, ...]:
        """What moderators did in a guild, latest first.

        At most `limit`, and only those before the id `before`.
        """
        query = select(
            actions.c.at,
            actions.c.moderator,
            actions.c.name,
            actions.c.guild,
            actions.c.action,
            actions.c.subject,
            actions.c.details,
            actions.c.id,
        ).where(actions.c.guild == guild, actions.c.id < before)
        query = query.order_by(actions.c.id.desc()).limit(limit)
        return await self._database.read(
            lambda on: tuple(
                Action(*row[:6], json.loads(row.details), row.id)
                for row in on.execute(query)
            )
        )
