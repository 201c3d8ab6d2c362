"""Outcomes to Discord, and Discord's messages to questions: only here is discord.py.

`client` listens and sends. `cards` renders outcomes, `safety` makes text harmless,
`limits` knows what Discord accepts; these three do no input or output.
"""
