"""What Alembic runs for a migration: the connection it was given, nothing else."""

from alembic import context

from bot.records.migrations import TABLE

context.configure(
    connection=context.config.attributes["connection"], version_table=TABLE
)
context.run_migrations()
