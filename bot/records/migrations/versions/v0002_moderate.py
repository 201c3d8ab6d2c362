"""Moderate: drafts, daily counts, what waits in the moderators' queue, marks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables, and queue the reasons that are there."""
    _drafts()
    _days_and_marks()
    _queue()


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("story", sa.String, nullable=False),
        sa.Column("guild", sa.BigInteger, nullable=False),
        sa.Column("moderator", sa.BigInteger),
        sa.Column("name", sa.String),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("content", sa.String, nullable=False),
        sa.Column("base", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("created", Moment, nullable=False),
        sa.Column("changed", Moment, nullable=False),
        sa.Column("decided_by", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_drafts_moderator", "drafts", ["moderator"])
    op.create_index("ix_drafts_changed", "drafts", ["changed"])


def _days_and_marks() -> None:
    op.create_table(
        "days",
        sa.Column("story", sa.String, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("story", "day", "what", "subject", name="pk_days"),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.String, nullable=False),
        sa.Column("value", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_marks"),
    )


def _queue() -> None:
    state = sa.Column("state", sa.String, nullable=False, server_default="open")
    op.add_column("questions", state)
    op.create_table(
        "objections",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("story", sa.String, nullable=False),
        sa.Column("entry", sa.String, nullable=False),
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_objections"),
        sa.UniqueConstraint("story", "entry", "person", name="uq_objections_story"),
        sa.ForeignKeyConstraint(
            ["story", "entry", "person"],
            ["votes.story", "votes.entry", "votes.person"],
            name="fk_objections_story",
            ondelete="CASCADE",
        ),
        sqlite_autoincrement=True,
    )
    op.execute(
        "INSERT INTO objections (story, entry, person) "
        "SELECT story, entry, person FROM votes "
        "WHERE verdict = 'wrong' AND reason <> '' ORDER BY at, story, entry, person"
    )
