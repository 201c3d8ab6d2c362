"""The regression questions → how good the bot is.

`results` asks the questions and counts, `shares` says how sure a count is, `report`
shows it to people. `leads` remembers where questions lead.
"""
