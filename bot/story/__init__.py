"""The fact base: files → (story, problems).

`loading.load` is the way in. `documents` reads one file, `yaml_mistakes` tells what is
wrong where that fails, `validation` checks its records, `rules` holds the editorial
rules and `advice` what only makes a story worse, `quotations` looks quotes up in
archived texts, `resting` tells what rests on a fact, `model` is what all of them speak
of. `renames` finds the records that got another id.
"""
