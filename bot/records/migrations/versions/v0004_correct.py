"""Correct: what people were told, and in which place of a message it stands."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables, and say where in its message each answer is shown."""
    place = sa.Column("place", sa.Integer, nullable=False, server_default="0")
    op.add_column("shown", place)
    closest = sa.Column(
        "closest", sa.Boolean, nullable=False, server_default=sa.false()
    )
    op.add_column("shown", closest)
    # Corrections find what is shown by its facts.
    op.create_index("ix_shown_facts_story", "shown_facts", ["story", "fact"])
    op.create_table(
        "corrections",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("story", sa.String, nullable=False),
        sa.Column("draft", sa.Integer, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("note", sa.String, nullable=False),
        sa.Column("before", sa.String, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("messages", sa.Integer, nullable=False),
        sa.Column("private", sa.Integer, nullable=False),
        sa.Column("finished", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
        sa.UniqueConstraint("draft", name="uq_corrections_draft"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_corrections_at", "corrections", ["at"])
    _corrected()


def _corrected() -> None:
    op.create_table(
        "corrected",
        sa.Column("correction", sa.Integer, nullable=False),
        sa.Column("message", sa.BigInteger, nullable=False),
        sa.Column("story", sa.String, nullable=False),
        sa.Column("entry", sa.String, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.PrimaryKeyConstraint(
            "correction", "message", "story", "entry", name="pk_corrected"
        ),
        sa.ForeignKeyConstraint(
            ["correction"],
            ["corrections.id"],
            name="fk_corrected_correction",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["message", "story", "entry"],
            ["shown.message", "shown.story", "shown.entry"],
            name="fk_corrected_message",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_corrected_message", "corrected", ["message", "story", "entry"])
    op.create_index("ix_corrected_state", "corrected", ["state", "message"])
