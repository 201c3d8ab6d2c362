"""What may be served: a change → what it would do, and what speaks against it.

`gate` is the way in, for whoever wants a change served. `comparing` asks two revisions
the same questions, `change` says why one must not follow the other, and `change_report`
shows it. `live` serves a folder as it changes.
"""
