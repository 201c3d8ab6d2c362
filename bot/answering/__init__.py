"""Ranked entries → outcomes: the policy, and the bot's own sentences."""
