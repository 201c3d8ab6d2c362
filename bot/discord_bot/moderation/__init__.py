"""Moderators in Discord: their commands, menus, buttons and forms.

    doors ← bench ← previewing, looking ← reviewing ← writing ← handling
    bench ← listing ← queueing ← asking, figuring
    handling, asking, figuring ← pressing, commands, queue_commands

`bench` is where each of them begins: it lets in moderators of the story, and nobody
else. What they want changed is a draft of the workshop (`bot.moderating`) before
anything is done with it; `previewing` says what it would do, and `reviewing` what
becomes of it. `writing` is the forms, `handling` all else that is done with records,
and `looking` what is shown of them. `listing` is what the queue looks like, `queueing`
what is done there, `asking` makes a question of any message, and `figuring` tells how
it goes.
"""
