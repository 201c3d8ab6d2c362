"""The workshop: what moderators are told about the questions people ask.

It knows the story, what answers from it, and the records' values; no Discord, no SQL.
"""
