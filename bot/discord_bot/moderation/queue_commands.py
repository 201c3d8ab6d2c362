"""Moderators' commands for what people ask: the queue, figures, any message.

As all of theirs they are there in home servers only.
"""

from typing import Final

import discord
from discord import app_commands

from bot.discord_bot.asking.app import App
from bot.discord_bot.moderation import queue, stats
from bot.discord_bot.moderation.commands import Tree, text
from bot.discord_bot.moderation.message_menu import ask
from bot.discord_bot.moderation.queue_cards import KINDS
from bot.discord_bot.moderation.session import in_session

DAYS: Final = 30
"""Days that figures are of, where none are given; they are kept for a year."""

_MOST_DAYS: Final = 365


def add_queue(tree: Tree, app: App) -> None:
    """Give a tree the commands and the menu, in each home server there is."""
    guilds = [discord.Object(one) for one in sorted(app.options.home_guilds)]
    if not guilds:
        return
    kinds = [
        app_commands.Choice(name=text(f"queue.{kind}"), value=kind) for kind in KINDS
    ]

    @tree.command(
        name=text("command.queue"),
        description=text("command.queue.about"),
        guilds=guilds,
    )
    @app_commands.rename(show=text("command.queue.show"))
    @app_commands.describe(show=text("command.queue.show.about"))
    @app_commands.choices(show=kinds)
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    async def list_queue(
        interaction: discord.Interaction, show: str = KINDS[0]
    ) -> None:
        await in_session(app, interaction, lambda session: queue.show(session, show))

    @tree.command(
        name=text("command.stats"),
        description=text("command.stats.about"),
        guilds=guilds,
    )
    @app_commands.rename(days=text("command.stats.days"))
    @app_commands.describe(days=text("command.stats.days.about"))
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    async def show_stats(
        interaction: discord.Interaction,
        days: app_commands.Range[int, 1, _MOST_DAYS] = DAYS,
    ) -> None:
        await in_session(app, interaction, lambda session: stats.show(session, days))

    @tree.context_menu(name=text("menu.add"), guilds=guilds)
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    async def add(interaction: discord.Interaction, message: discord.Message) -> None:
        await in_session(app, interaction, lambda session: ask(session, message))

    del list_queue, show_stats, add
