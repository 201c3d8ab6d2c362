"""Outcomes to Discord, and Discord's messages to questions: only here is discord.py.

    limits, safety, wording ← cards, browsing ← layout ← sending
    desk ← moderators ← listening, visit ← telling ← pressing ← commands ← client
    client ← watching, announcing, running

`cards` says what an outcome shows and what can be pressed, `browsing` what can be
looked through; `doors` is what a button carries; `again` finds an old answer anew: all
pure.
`layout` makes messages of cards, `sending` gets them out. `desk` is where all ways of
asking come together, with `manners` its pace and memory; `moderators` says who they are
and tells them things. `listening` reads messages, `pressing` and `commands` what people
press and command, each as a `visit`; `telling` is what they have to say. `client` hands
on Discord's events, and `running` starts and stops it; `watching` takes changed files
live, and `announcing` tells those who waited for it. `moderation` is the moderators'
side.
"""
