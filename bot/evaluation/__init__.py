"""The regression questions → how good the bot is.

`results` asks the questions and counts, `shares` says how sure a count is, `report`
shows it to people. `leads` remembers where questions lead. `self_test` lets a story ask
itself, `expected` tells what its readers can expect by that, `self_report` shows it;
`cues` are what no way of asking touches yet, `trials` what a further one does.
"""
