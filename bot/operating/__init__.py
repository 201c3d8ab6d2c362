"""What whoever hosts the bot needs: its log, its health, and what is wrong with it.

`redactor` keeps secrets out of texts and `logs` writes the log with it. `metrics`
counts, `pulse` tells of the bot's state each second (`systemd`, too), and `health`
serves both over HTTP. `examination` is all that is wrong with a set-up: here
(`doctor`), in Discord (`portal`), and what moderators need there (`home_servers`), over
Discord's HTTP API (`discord_api`). `meaning_model` is what the operator has chosen to
find meaning by. `backup` keeps all of a story in one file, and `archives` is that file;
`exchanging` puts files in the place of others, `rehearsal` tries that where nobody sees
it, `working` tells what a killed process left. Nothing here knows discord.py.
"""
