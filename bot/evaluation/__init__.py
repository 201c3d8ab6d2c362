"""The regression questions → how good the bot is.

`figures` asks the questions and counts, `shares` says how sure a count is, `report` and
`picture` show both to people.
"""
