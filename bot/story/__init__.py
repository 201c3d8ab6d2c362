"""The fact base: files → (story, problems).

`loading.load` is the way in. `documents` reads one file, `validation` checks its
records, `rules` holds the editorial rules, `quotations` looks quotes up in archived
texts, `model` is what all of them speak of. `history` changes the files and knows their
past: in git (`repository`, with `gitting` and `locking`) or in files of ours
(`ledger`), by a `journal` that outlives a killed process. `disk` writes files whole,
`undoing` takes changes back.
"""
