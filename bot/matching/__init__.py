"""A question → ranked entries, with reasons.

`reader` reads a question into terms: names, slips and meanings, by `text`, `english`
and `lexicon`. `question`, `grammar` and `figures` tell what it asks. `index` finds what
is like it, by weights from `training`; `guards` tell what speaks against a candidate,
`calibration` how sure that leaves it, and `ranking` puts all this together. `held_out`
measures how sure a base is of what it should not answer. Only here is rapidfuzz used
to score.
"""
