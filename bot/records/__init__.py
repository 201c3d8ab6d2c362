"""What outlives a restart: only here is SQL.

`records` is the way in. `values` are what it gives and takes, and need no database;
`redaction` takes from people's words what could tell who they are, `people` turns them
into keyed hashes, `forgetting` deletes what is old or asked for. `database` opens,
migrates and names what goes wrong, `engines` connects, `space` is what a file gives
back; `locks` are what one process at a time may have;
`exchange` is what they hand each other;
`tables` is the schema, `migrations` how it came about; `portable` moves all rows from
one database to another;
`ownership` is whose a file is that root makes. Nothing here knows a story, a question's
outcome, Discord, or the time.
"""
