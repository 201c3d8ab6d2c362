"""Questions without an answer, and who wants to be told when there is one."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import Connection, case, delete, func, select, update

from bot.records.database import Database, put, upsert
from bot.records.redaction import fold, identifier, redact
from bot.records.tables import IS_OPEN, questions, waiting
from bot.records.values import Question, QuestionState, Waiting

MAX_QUESTION: Final = 500
"""Characters of a question that are kept."""

_QUESTIONS: Final = select(
    questions.c.id,
    questions.c.story,
    questions.c.text,
    questions.c.asked,
    questions.c.sent,
    questions.c.first,
    questions.c.last,
)

_WAITING: Final = select(
    waiting.c.question,
    waiting.c.person,
    waiting.c.guild,
    waiting.c.channel,
    waiting.c.since,
).order_by(waiting.c.since, waiting.c.person)


Missing = tuple[str, datetime]
"""A question that found no answer, and when it was asked."""


class Questions:
    """What people asked and found no answer to; nothing says who asked.

    A question is kept until moderators delete it, or for KEPT_QUESTIONS after it was
    last asked. Those who wait for its answer are kept as long. Of one that moderators
    settled, a hash is kept for KEPT_ANSWERS, so that it does not come back.
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
        if not fingerprint(text):
            return None
        return await self._database.write(
            lambda on: _note(on, story, text, now, sent=sent)
        )

    async def note_all(self, story: str, asked: Iterable[Missing]) -> None:
        """Count questions as `note` does; all of them, or none."""
        # In one order, so that two processes never wait for each other.
        found = sorted((fingerprint(text), text, at) for text, at in asked)

        def work(connection: Connection) -> None:
            for mark, text, at in found:
                if mark:
                    _note(connection, story, text, at)

        await self._database.write(work)

    async def find(self, story: str, known_by: str) -> int | None:
        """The id of a question by its fingerprint; None where it is not kept."""
        of_story = questions.c.story == identifier(story)
        is_it = of_story & (questions.c.folded == known_by)
        query = select(questions.c.id).where(is_it, questions.c.text != "")
        return await self._database.read(lambda on: on.execute(query).scalar())

    async def all(self, story: str, limit: int = 100) -> tuple[Question, ...]:
        """A story's open questions: sent most first, then asked most, then latest."""
        query = (
            _QUESTIONS.where(questions.c.story == identifier(story), IS_OPEN)
            .order_by(
                questions.c.sent.desc(),
                questions.c.asked.desc(),
                questions.c.last.desc(),
                questions.c.id.desc(),
            )
            .limit(limit)
        )
        return await self._database.read(
            lambda on: tuple(Question(*row) for row in on.execute(query))
        )

    async def size(self, story: str, most: int = 10_000) -> int:
        """How many open questions a story has; as many as `most` are counted."""
        is_open = (questions.c.story == identifier(story)) & IS_OPEN
        some = select(questions.c.id).where(is_open).limit(most).subquery()
        query = select(func.count()).select_from(some)
        return await self._database.read(lambda on: on.execute(query).scalar_one())

    async def get(self, question: int) -> Question | None:
        """A question, open or settled; None where there is none, or no longer."""
        is_it = questions.c.id == question
        query = _QUESTIONS.where(is_it, questions.c.text != "")
        row = await self._database.read(lambda on: on.execute(query).first())
        return Question(*row) if row else None

    async def settle(self, numbers: Collection[int], how: QuestionState) -> int:
        """Settle questions by their ids, or open them again; how many are left so.

        What is settled is not open, however often the same words are typed again. What
        was settled so long ago that its words are gone is open again when it is typed.
        """
        is_it = questions.c.id.in_(numbers)
        change = update(questions).where(is_it).values(state=how)
        wordless = delete(questions).where(is_it, questions.c.text == "")

        def work(connection: Connection) -> int:
            if how == "open":
                connection.execute(wordless)
            return connection.execute(change).rowcount

        return await self._database.write(work)

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
        return await self._database.read(lambda on: _waiting(on, question))

    async def waiting_all(self, story: str) -> Mapping[Question, tuple[Waiting, ...]]:
        """Each question of a story that someone waits for, and who, longest first."""
        waited = questions.c.id.in_(select(waiting.c.question))
        # No index of the story: those who wait are fewer than its questions.
        of_story = func.trim(questions.c.story) == identifier(story)
        query = _QUESTIONS.where(waited, of_story, questions.c.text != "")
        query = query.order_by(questions.c.id)

        def work(connection: Connection) -> Mapping[Question, tuple[Waiting, ...]]:
            found = [Question(*row) for row in connection.execute(query)]
            who = defaultdict[int, list[Waiting]](list)
            for row in connection.execute(_WAITING):
                who[row.question].append(Waiting(*row))
            return {one: tuple(who[one.id]) for one in found}

        return await self._database.read(work)

    async def told(self, question: int, person: int) -> bool:
        """Delete that a person waits, as they were told; whether they did wait."""
        theirs = delete(waiting).where(
            waiting.c.question == question, waiting.c.person == person
        )
        return await self._database.count(theirs) > 0


def _waiting(connection: Connection, question: int) -> tuple[Waiting, ...]:
    query = _WAITING.where(waiting.c.question == question)
    return tuple(Waiting(*row) for row in connection.execute(query))


def fingerprint(text: str) -> str:
    """What a question is known by before it is kept; "" where nothing of it is.

    It is the same for ways of typing that are one question. A hash, as PostgreSQL's
    indexes take at most 2,700 bytes.
    """
    words = fold(redact(text, MAX_QUESTION))
    return sha256(words.encode()).hexdigest() if words else ""


def fingerprints(texts: Iterable[str]) -> tuple[str, ...]:
    """The fingerprint of each question."""
    return tuple(map(fingerprint, texts))


def _note(
    connection: Connection,
    story: str,
    text: str,
    now: datetime,
    *,
    sent: bool = False,
) -> int:
    counts = {"asked": int(not sent), "sent": int(sent)}
    row = {
        "story": identifier(story),
        "folded": fingerprint(text),
        "text": redact(text, MAX_QUESTION),
        "state": "open",
        "first": now,
        "last": now,
        **counts,
    }
    changes = {
        "asked": questions.c.asked + counts["asked"],
        "sent": questions.c.sent + counts["sent"],
        # What is settled is not kept longer for being typed again.
        "last": case((IS_OPEN, now), else_=questions.c.last),
    }
    change = upsert(connection, questions, ["story", "folded"], row, changes)
    return connection.execute(change.returning(questions.c.id)).scalar_one()
