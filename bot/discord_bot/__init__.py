"""Outcomes to Discord, and Discord's messages to questions: only here is discord.py.

    showing ← asking ← moderation ← router ← client
    client ← running, watching, announcing, amending

`showing` is what people see, and how it gets out. `asking` is what whoever asks can do:
messages, commands, buttons, forms; `moderation` is the moderators' side. A file that is
called `…_cards` is pure and only shows; the one beside it acts. `router` knows what
every button, menu and form does. `client` hands on Discord's events, and `running`
starts and stops it; `sharding` connects it, once or often, and `gateway` tells how
that goes; `duties` are what one process does for all, and `sharing` keeps the story the
same in all; an `outage` of the records is told once. `watching` takes changed files
live, `announcing` tells those who waited for it, and `amending` those who were told
otherwise before.
"""
