"""The fact base: files → (story, problems).

`loading.load` is the way in. `documents` reads one file, `yaml_mistakes` tells what is
wrong where that fails, `validation` checks its records, `rules` holds the editorial
rules, `quotations` looks quotes up in archived texts, `model` is what all of them speak
of. `renames` finds the records that got another id.
"""
