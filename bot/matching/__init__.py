"""A question → ranked entries, with reasons.

`reader` reads a question into terms: names, slips and meanings, by `text`, `english`
and `lexicon`. `question`, `grammar` and `figures` tell what it asks. `index` finds what
is like it, by weights from `training`, `evidence` what speaks of it, and `meaning` what
is near it, by `vectors` of words or a sentence model's, of `embedding`; `guards` tell
what speaks against a candidate. `features` are all that is measured, `weights` weigh
them, and `ranking` puts this together. Only here is rapidfuzz used to score.
"""
