"""The fact base: files → (story, problems).

`reading.load` is the way in. `documents` reads one file, `records` checks its records,
`rules` holds the editorial rules, `archive` verifies quotations, `model` is what all of
them speak of.
"""
