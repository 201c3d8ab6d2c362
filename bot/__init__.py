"""Receipts: answers about a news story, each sentence with its sources.

Imports point one way:

    story ← matching ← answering ← evaluation ← publishing ← moderating ← discord_bot
                                   moderating, discord_bot ← hosting, demonstration
                                   moderating, hosting, demonstration ← cli
                                      records ← moderating, discord_bot
                   records, answering, settings ← operating ← hosting, cli
                    story ← editing, history ← moderating ← discord_bot
                            editing ← importing ← cli

`story` is the fact base: files → checked, frozen values. `editing` changes the records
in those files; `importing` makes a story's files of a table of questions and answers;
`history` saves the files, and knows their past. `matching` ranks a
story's entries for a question, and alone scores with rapidfuzz. `answering` turns
ranked entries into outcomes. `evaluation` and `discord_bot` show outcomes, each to its
own readers; only `discord_bot` knows Discord. `publishing` judges what may be served,
and serves it. `moderating` is what
moderators do: the workshop of changes, the queue, and their figures. `records` keeps
what outlives a restart; it alone speaks SQL, and it knows none of the others.
`settings` reads the environment, each value as `setting_values` says. `operating` is
what whoever hosts the bot needs, and `hosting` wires that to Discord and to the story
as its files change; `demonstration` puts the bot on a page that looks like Discord.
`cli` is the command line: what can be typed, what each command does, and outcomes as a
terminal shows them. `words` has the bot's own sentences, in each language. What can be
made again is kept on the `shelf`, what is remembered for minutes in a `memory`, and
what takes long is done in a `lane` beside the event loop, and what names a request is
its `reference`; they know no other room. The core knows no clock, network, environment
or Discord: today's date is an argument.
"""

__version__ = "0.1.0"
