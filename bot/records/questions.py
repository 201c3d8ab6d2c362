"""Questions without an answer, and who wants to be told when there is one."""

from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, delete, select

from bot.records.database import Database, put
from bot.records.model import Question, Waiting
from bot.records.redaction import fold, identifier, redact
from bot.records.tables import questions, waiting

MAX_QUESTION: Final = 500
"""Characters of a question that are kept."""


class Questions:
    """What people asked and found no answer to; nothing says who asked.

    A question is kept until moderators delete it, or for KEPT_QUESTIONS after it was
    last asked. Those who wait for its answer are kept as long.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(
        self, story: str, text: str, now: datetime, *, sent: bool = False
    ) -> int | None:
        """Count a question that found no answer, and give its id.

        `sent`: someone sends it to the moderators, which does not count as asking. Ways
        of typing that differ in case, spaces and punctuation are one question, kept as
        it was typed first. None where nothing is left of it to keep.
        """
        redacted = redact(text, MAX_QUESTION)
        words = fold(redacted)
        if not words:
            return None
        # A hash, as PostgreSQL's indexes take at most 2,700 bytes.
        folded = sha256(words.encode()).hexdigest()
        asked = {"asked": int(not sent), "sent": int(sent)}
        is_it = (questions.c.story == identifier(story)) & (
            questions.c.folded == folded
        )

        def work(connection: Connection) -> int:
            put(
                connection,
                questions,
                ["story", "folded"],
                {
                    "story": story,
                    "folded": folded,
                    "text": redacted,
                    "first": now,
                    "last": now,
                    **asked,
                },
                {
                    "asked": questions.c.asked + asked["asked"],
                    "sent": questions.c.sent + asked["sent"],
                    "last": now,
                },
            )
            return connection.execute(select(questions.c.id).where(is_it)).scalar_one()

        return await self._database.write(work)

    async def all(self, story: str, limit: int = 100) -> tuple[Question, ...]:
        """The questions of a story: sent most first, then asked most, then latest."""
        query = (
            select(
                questions.c.id,
                questions.c.story,
                questions.c.text,
                questions.c.asked,
                questions.c.sent,
                questions.c.first,
                questions.c.last,
            )
            .where(questions.c.story == identifier(story))
            .order_by(
                questions.c.sent.desc(),
                questions.c.asked.desc(),
                questions.c.last.desc(),
                questions.c.id,
            )
            .limit(limit)
        )
        return await self._database.read(
            lambda on: tuple(Question(*row) for row in on.execute(query))
        )

    async def delete(self, question: int) -> bool:
        """Delete a question and who waits for it; whether it was still there."""
        return (
            await self._database.count(
                delete(questions).where(questions.c.id == question)
            )
            > 0
        )

    async def wait(self, who: Waiting) -> bool:
        """Keep that a person wants to be told when a question is answered, and where.

        It takes the place of an earlier wish. False where the question is gone.
        """
        values = asdict(who)
        is_it = select(questions.c.id).where(questions.c.id == who.question)

        def work(connection: Connection) -> bool:
            # Held, so that it is not deleted before the wish is kept.
            held = connection.execute(is_it.with_for_update(key_share=True))
            if held.first() is None:
                return False
            put(connection, waiting, ["question", "person"], values)
            return True

        return await self._database.write(work)

    async def waiting(self, question: int) -> tuple[Waiting, ...]:
        """Who waits for the answer to a question, longest first."""
        query = (
            select(
                waiting.c.question,
                waiting.c.person,
                waiting.c.guild,
                waiting.c.channel,
                waiting.c.since,
            )
            .where(waiting.c.question == question)
            .order_by(waiting.c.since, waiting.c.person)
        )
        return await self._database.read(
            lambda on: tuple(Waiting(*row) for row in on.execute(query))
        )

    async def told(self, question: int, person: int) -> bool:
        """Delete that a person waits, as they were told; whether they did wait."""
        theirs = delete(waiting).where(
            waiting.c.question == question, waiting.c.person == person
        )
        return await self._database.count(theirs) > 0
