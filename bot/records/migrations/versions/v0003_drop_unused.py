"""Drop what nothing reads: settings of guilds, and an index of facts shown."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Drop the table, in which nothing was ever kept, and the index."""
    op.drop_table("guilds")
    op.drop_index("ix_shown_facts_story", "shown_facts")
