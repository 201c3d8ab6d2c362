"""Scale: indexes for all that people wait for, and votes as they are counted."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Create the indexes, and count the votes that are there."""
    op.create_index("ix_objections_story", "objections", ["story", "id"])
    op.create_index("ix_corrections_story", "corrections", ["story", "id"])
    op.drop_index("ix_actions_guild", "actions")
    op.create_index("ix_actions_guild", "actions", ["guild", "id"])
    op.drop_index("ix_shown_story", "shown")
    op.create_index("ix_shown_story", "shown", ["story", "entry", "at", "message"])
    op.create_index("ix_days_day", "days", ["day"])
    op.create_index("ix_drafts_decided_by", "drafts", ["decided_by"])
    ranked = ["story", "sent", "asked", "last", "id"]
    _partly("ix_questions_open", "questions", ranked, "state IN ('open')")
    undecided = "state IN ('open', 'proposed')"
    _partly("ix_drafts_undecided", "drafts", ["story", "changed", "id"], undecided)
    _partly("ix_shown_asker", "shown", ["message"], "asker IS NOT NULL")
    op.create_table(
        "tallies",
        sa.Column("story", sa.String, nullable=False),
        sa.Column("entry", sa.String, nullable=False),
        sa.Column("helpful", sa.BigInteger, nullable=False),
        sa.Column("wrong", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("story", "entry", name="pk_tallies"),
    )
    op.execute(
        "INSERT INTO tallies (story, entry, helpful, wrong) "
        "SELECT story, entry, sum(CASE WHEN verdict = 'helpful' THEN 1 ELSE 0 END), "
        "sum(CASE WHEN verdict = 'wrong' THEN 1 ELSE 0 END) "
        "FROM votes GROUP BY story, entry"
    )


def _partly(name: str, table: str, columns: list[str], which: str) -> None:
    where = sa.text(which)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
