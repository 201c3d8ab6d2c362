"""The regression questions → how good the bot is; a change → what it would do.

`results` asks the questions and counts, `shares` says how sure a count is, `report`
shows both to people. `leads` remembers where questions lead, `comparing` asks
two revisions, `change` says why one must not follow the other, and `change_report`
shows it.
"""
