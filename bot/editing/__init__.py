"""Changes of a story's records, made in the texts of its files: all else stays.

`editor` is the way in, `edits` are what can be changed. `syntax_tree` knows where
everything stands in a text, `yaml_style` how a value is written, `rewriting` puts the
one into the other. `renaming` gives a record another id. `typed_records` and
`typed_fields` are what moderators type.
"""
