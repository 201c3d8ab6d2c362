"""Begin: votes, reports, questions, shown answers, settings, moderators' actions."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    _key_and_votes()
    _questions()
    _shown()
    _settings()
    _actions()


def _key_and_votes() -> None:
    op.create_table(
        "key",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("value", sa.LargeBinary),
        sa.Column("mark", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_key"),
    )
    op.create_table(
        "votes",
        sa.Column("story", sa.String, nullable=False),
        sa.Column("entry", sa.String, nullable=False),
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.Column("revision", sa.String, nullable=False),
        sa.Column("verdict", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("story", "entry", "person", name="pk_votes"),
    )
    op.create_index("ix_votes_at", "votes", ["at"])
    op.create_table(
        "reports",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("guild", sa.BigInteger),
        sa.Column("channel", sa.BigInteger, nullable=False),
        sa.Column("message", sa.BigInteger, nullable=False),
        sa.Column("person", sa.LargeBinary, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        sa.UniqueConstraint("person", name="uq_reports_person"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_reports_at", "reports", ["at"])


def _questions() -> None:
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("story", sa.String, nullable=False),
        sa.Column("folded", sa.String, nullable=False),
        sa.Column("text", sa.String, nullable=False),
        sa.Column("asked", sa.Integer, nullable=False),
        sa.Column("sent", sa.Integer, nullable=False),
        sa.Column("first", Moment, nullable=False),
        sa.Column("last", Moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
        sa.UniqueConstraint("story", "folded", name="uq_questions_story"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_questions_last", "questions", ["last"])
    op.create_table(
        "waiting",
        sa.Column("question", sa.Integer, nullable=False),
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("guild", sa.BigInteger),
        sa.Column("channel", sa.BigInteger),
        sa.Column("since", Moment, nullable=False),
        sa.PrimaryKeyConstraint("question", "person", name="pk_waiting"),
        sa.ForeignKeyConstraint(
            ["question"],
            ["questions.id"],
            name="fk_waiting_question",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_waiting_person", "waiting", ["person"])


def _shown() -> None:
    op.create_table(
        "shown",
        sa.Column("message", sa.BigInteger, nullable=False),
        sa.Column("story", sa.String, nullable=False),
        sa.Column("entry", sa.String, nullable=False),
        sa.Column("revision", sa.String, nullable=False),
        sa.Column("guild", sa.BigInteger),
        sa.Column("channel", sa.BigInteger, nullable=False),
        sa.Column("asker", sa.LargeBinary),
        sa.Column("at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("message", "story", "entry", name="pk_shown"),
    )
    op.create_index("ix_shown_at", "shown", ["at"])
    op.create_index("ix_shown_story", "shown", ["story", "entry"])
    op.create_table(
        "shown_facts",
        sa.Column("message", sa.BigInteger, nullable=False),
        sa.Column("story", sa.String, nullable=False),
        sa.Column("entry", sa.String, nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("fact", sa.String, nullable=False),
        sa.PrimaryKeyConstraint(
            "message", "story", "entry", "position", name="pk_shown_facts"
        ),
        sa.ForeignKeyConstraint(
            ["message", "story", "entry"],
            ["shown.message", "shown.story", "shown.entry"],
            name="fk_shown_facts_message",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_shown_facts_story", "shown_facts", ["story", "fact"])


def _settings() -> None:
    op.create_table(
        "channels",
        sa.Column("guild", sa.BigInteger, nullable=False),
        sa.Column("channel", sa.BigInteger, nullable=False),
        sa.Column("answers_unasked", sa.Boolean, nullable=False),
        sa.Column("cooldown", sa.Integer),
        sa.PrimaryKeyConstraint("guild", "channel", name="pk_channels"),
    )
    op.create_table(
        "guilds",
        sa.Column("guild", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("moderators", sa.BigInteger),
        sa.Column("desk", sa.BigInteger),
        sa.Column("cooldown", sa.Integer),
        sa.PrimaryKeyConstraint("guild", name="pk_guilds"),
    )


def _actions() -> None:
    op.create_table(
        "actions",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("moderator", sa.BigInteger),
        sa.Column("name", sa.String),
        sa.Column("guild", sa.BigInteger, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("details", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_actions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_actions_moderator", "actions", ["moderator"])
    op.create_index("ix_actions_guild", "actions", ["guild"])
