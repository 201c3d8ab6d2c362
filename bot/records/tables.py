"""The schema as it is now; `migrations` tell how it came about."""

from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Named,
    PrimaryKeyConstraint,
    Table,
    TypedColumns,
    TypeDecorator,
    UniqueConstraint,
    false,
    literal_column,
)
from sqlalchemy.types import BigInteger

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """A time that knows its zone, kept in UTC; SQLite keeps no zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """The time as the database takes it."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self, value: datetime | None, dialect: Dialect
    ) -> datetime | None:
        """The time as it was given, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value


class _Key(TypedColumns):
    """The one key that people's hashes are made with.

    `value` is None where the key is set outside; `mark` tells whether it is the same.
    """

    id: Named[int] = Column(primary_key=True, autoincrement=False)
    value: Named[bytes | None]
    mark: Named[bytes]


class _Votes(TypedColumns):
    """One person's vote on an entry."""

    story: Named[str]
    entry: Named[str]
    person: Named[bytes]
    revision: Named[str]
    verdict: Named[str]
    reason: Named[str]
    at: Named[datetime] = Column(Moment, index=True)


class _Tallies(TypedColumns):
    """How many votes of each kind an entry has: counting a million takes too long."""

    story: Named[str]
    entry: Named[str]
    helpful: Named[int] = Column(BigInteger)
    wrong: Named[int] = Column(BigInteger)


class _Objections(TypedColumns):
    """A vote whose reason nobody has looked at yet."""

    id: Named[int] = Column(primary_key=True)
    story: Named[str]
    entry: Named[str]
    person: Named[bytes]


class _Reports(TypedColumns):
    """One person's report of a message."""

    id: Named[int] = Column(primary_key=True)
    guild: Named[int | None] = Column(BigInteger)
    channel: Named[int] = Column(BigInteger)
    message: Named[int] = Column(BigInteger)
    person: Named[bytes] = Column(unique=True)
    reason: Named[str]
    at: Named[datetime] = Column(Moment, index=True)


class _Questions(TypedColumns):
    """A question without an answer; `folded` is one hash for all ways of typing it.

    Of one that is settled, `text` is empty once it is too old.
    """

    id: Named[int] = Column(primary_key=True)
    story: Named[str]
    folded: Named[str]
    text: Named[str]
    state: Named[str]
    asked: Named[int]
    sent: Named[int]
    first: Named[datetime] = Column(Moment)
    last: Named[datetime] = Column(Moment, index=True)


class _Waiting(TypedColumns):
    """Who wants to be told when a question is answered."""

    question: Named[int] = Column(ForeignKey("questions.id", ondelete="CASCADE"))
    person: Named[int] = Column(BigInteger, index=True)
    guild: Named[int | None] = Column(BigInteger)
    channel: Named[int | None] = Column(BigInteger)
    since: Named[datetime] = Column(Moment)


class _Shown(TypedColumns):
    """An answer that a message shows; `asker` is None where the person is deleted.

    `place` is the card it is on, from 0. `closest`: it is shown as the closest there
    is, and not as the answer. `begins` names what is put first, "" where nothing is.
    """

    message: Named[int] = Column(BigInteger)
    story: Named[str]
    entry: Named[str]
    revision: Named[str]
    guild: Named[int | None] = Column(BigInteger)
    channel: Named[int] = Column(BigInteger)
    asker: Named[bytes | None]
    at: Named[datetime] = Column(Moment, index=True)
    place: Named[int] = Column(server_default="0")
    closest: Named[bool] = Column(server_default=false())
    begins: Named[str] = Column(server_default="")


class _ShownFacts(TypedColumns):
    """A fact that a shown answer rests on, and its place among them, from 0."""

    message: Named[int] = Column(BigInteger)
    story: Named[str]
    entry: Named[str]
    position: Named[int]
    fact: Named[str]


class _Corrections(TypedColumns):
    """What people were told and is to be corrected; `draft` is the change it came of.

    `before` is the revision that was served before the change. `messages` is how many
    showed it in the beginning, `private` how often it was shown to one person alone.
    """

    id: Named[int] = Column(primary_key=True)
    story: Named[str]
    draft: Named[int] = Column(unique=True)
    title: Named[str]
    note: Named[str]
    before: Named[str]
    at: Named[datetime] = Column(Moment, index=True)
    messages: Named[int]
    private: Named[int]
    finished: Named[datetime | None] = Column(Moment)


class _Corrected(TypedColumns):
    """An answer in a message that is to be corrected, and what became of that."""

    correction: Named[int] = Column(ForeignKey("corrections.id", ondelete="CASCADE"))
    message: Named[int] = Column(BigInteger)
    story: Named[str]
    entry: Named[str]
    state: Named[str]


class _Channels(TypedColumns):
    """A channel's settings."""

    guild: Named[int] = Column(BigInteger)
    channel: Named[int] = Column(BigInteger)
    answers_unasked: Named[bool]
    cooldown: Named[int | None]


class _Actions(TypedColumns):
    """What a moderator did; `details` is JSON."""

    id: Named[int] = Column(primary_key=True)
    at: Named[datetime] = Column(Moment)
    moderator: Named[int | None] = Column(BigInteger, index=True)
    name: Named[str | None]
    guild: Named[int] = Column(BigInteger)
    action: Named[str]
    subject: Named[str]
    details: Named[str]


class _Drafts(TypedColumns):
    """What a moderator typed; `content` and `base` are JSON."""

    id: Named[int] = Column(primary_key=True)
    story: Named[str]
    guild: Named[int] = Column(BigInteger)
    moderator: Named[int | None] = Column(BigInteger, index=True)
    name: Named[str | None]
    kind: Named[str]
    content: Named[str]
    base: Named[str]
    state: Named[str]
    created: Named[datetime] = Column(Moment)
    changed: Named[datetime] = Column(Moment, index=True)
    decided_by: Named[int | None] = Column(BigInteger, index=True)


class _Days(TypedColumns):
    """How often something happened on a day."""

    story: Named[str]
    day: Named[date] = Column(index=True)
    what: Named[str]
    subject: Named[str]
    count: Named[int] = Column(BigInteger)


class _Marks(TypedColumns):
    """What the bot notes for its next start."""

    name: Named[str] = Column(primary_key=True)
    value: Named[str]


def _state(column: Column[str], *states: str) -> ColumnElement[bool]:
    """Whether a state is one of some, written out in the statement.

    As a parameter, the databases could not know that an index of these alone serves.
    """
    return column.in_([literal_column(f"'{state}'") for state in states])


def _partial(
    name: str, which: ColumnElement[bool], *columns: Column[Any]
) -> ColumnElement[bool]:
    """Index some rows only; which those are."""
    Index(name, *columns, sqlite_where=which, postgresql_where=which)
    return which


key = Table("key", metadata, _Key)
votes = Table(
    "votes", metadata, _Votes, PrimaryKeyConstraint("story", "entry", "person")
)
tallies = Table("tallies", metadata, _Tallies, PrimaryKeyConstraint("story", "entry"))
# A button may name one of these for months: SQLite would use an id again.
objections = Table(
    "objections",
    metadata,
    _Objections,
    UniqueConstraint("story", "entry", "person"),
    ForeignKeyConstraint(
        ["story", "entry", "person"],
        ["votes.story", "votes.entry", "votes.person"],
        ondelete="CASCADE",
    ),
    Index("ix_objections_story", "story", "id"),
    sqlite_autoincrement=True,
)
reports = Table("reports", metadata, _Reports, sqlite_autoincrement=True)
questions = Table(
    "questions",
    metadata,
    _Questions,
    UniqueConstraint("story", "folded"),
    sqlite_autoincrement=True,
)
IS_OPEN: Final = _partial(
    "ix_questions_open",
    _state(questions.c.state, "open"),
    *(questions.c.story, questions.c.sent, questions.c.asked),
    *(questions.c.last, questions.c.id),
)
waiting = Table(
    "waiting", metadata, _Waiting, PrimaryKeyConstraint("question", "person")
)
shown = Table(
    "shown",
    metadata,
    _Shown,
    PrimaryKeyConstraint("message", "story", "entry"),
    Index(None, "story", "entry", "at", "message"),
)
# Who asked is kept in direct messages only, which are few.
_partial("ix_shown_asker", shown.c.asker.is_not(None), shown.c.message)
shown_facts = Table(
    "shown_facts",
    metadata,
    _ShownFacts,
    PrimaryKeyConstraint("message", "story", "entry", "position"),
    ForeignKeyConstraint(
        ["message", "story", "entry"],
        ["shown.message", "shown.story", "shown.entry"],
        ondelete="CASCADE",
    ),
    Index(None, "story", "fact"),
)
corrections = Table(
    "corrections",
    metadata,
    _Corrections,
    Index("ix_corrections_story", "story", "id"),
    sqlite_autoincrement=True,
)
corrected = Table(
    "corrected",
    metadata,
    _Corrected,
    PrimaryKeyConstraint("correction", "message", "story", "entry"),
    ForeignKeyConstraint(
        ["message", "story", "entry"],
        ["shown.message", "shown.story", "shown.entry"],
        ondelete="CASCADE",
    ),
    Index(None, "message", "story", "entry"),
    Index("ix_corrected_state", "state", "message"),
)
channels = Table(
    "channels", metadata, _Channels, PrimaryKeyConstraint("guild", "channel")
)
actions = Table(
    "actions",
    metadata,
    _Actions,
    Index("ix_actions_guild", "guild", "id"),
    sqlite_autoincrement=True,
)
drafts = Table("drafts", metadata, _Drafts, sqlite_autoincrement=True)
IS_UNDECIDED: Final = _partial(
    "ix_drafts_undecided",
    _state(drafts.c.state, "open", "proposed"),
    *(drafts.c.story, drafts.c.changed, drafts.c.id),
)
days = Table(
    "days", metadata, _Days, PrimaryKeyConstraint("story", "day", "what", "subject")
)
marks = Table("marks", metadata, _Marks)
