"""Begin with: what was put first in an answer is kept, so that corrections keep it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column; of what was shown before, nobody knows."""
    begins = sa.Column("begins", sa.String, nullable=False, server_default="")
    op.add_column("shown", begins)
