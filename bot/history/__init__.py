"""A story's past: changes that are whole whatever happens, versions, undo.

`history` is the way in: in git (`repository`, with `git` and `git_lock`) or in files of
ours (`ledger`), by a `journal` that outlives a killed process. `atomic` writes files
whole, `undoing` takes changes back.
"""
