"""What moderators do: the workshop of changes, the queue of questions, the figures.

It knows the story, what answers from it, and the records' values; no Discord, no SQL.
"""
