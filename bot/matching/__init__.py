"""A question → ranked entries, with reasons.

`text` reads a question into terms, `index` finds what shares them, `ranking` scores.
Only here is rapidfuzz used to score. Each part can be replaced without the others.
"""
