"""What moderators do: the workshop of changes, the queue of questions, the figures.

Where several processes serve one story, `shared_history` has one of them write it.
It knows the story, what answers from it, and the records' values; no Discord, no SQL.
"""
