"""Who may do what, by their roles and by Discord's permissions.

What the bot itself may do in a channel is `missing_permissions` in `showing.sending`.
"""

import aiohttp
import discord

from bot.discord_bot.asking.app import Options


def is_moderator(
    who: discord.User | discord.Member, guild: int | None, options: Options
) -> bool:
    """Whether someone is a moderator of the story: by a role, in a home server only.

    Whoever runs another server can give themselves every permission there, so that no
    permission makes a moderator.
    """
    if guild not in options.home_guilds or not isinstance(who, discord.Member):
        return False
    return any(who.get_role(role) is not None for role in options.moderator_roles)


def is_exempt(message: discord.Message, options: Options) -> bool:
    """Whether whoever wrote a message is never told to wait.

    They may delete others' messages there, or are moderators of the story.
    """
    author, guild = message.author, message.guild
    if guild is None or not isinstance(author, discord.Member):
        return False
    if is_moderator(author, guild.id, options):
        return True
    try:
        return message.channel.permissions_for(author).manage_messages
    except discord.ClientException:  # a thread whose channel is not known
        return False


def may_delete(interaction: discord.Interaction, options: Options) -> bool:
    """Whether they may delete others' messages here, or are the story's moderators."""
    return interaction.guild_id is not None and (
        interaction.permissions.manage_messages or may_edit(interaction, options)
    )


def may_edit(interaction: discord.Interaction, options: Options) -> bool:
    """Whether they may change the story: they are one of its moderators."""
    return is_moderator(interaction.user, interaction.guild_id, options)


async def may_edit_anywhere(interaction: discord.Interaction, options: Options) -> bool:
    """Whether whoever clicked is one of the story's moderators, here or elsewhere.

    Where Discord does not say, they count as one.
    """
    if may_edit(interaction, options):
        return True
    for number in sorted(options.home_guilds):
        guild = interaction.client.get_guild(number)
        try:
            who = await guild.fetch_member(interaction.user.id) if guild else None
        except discord.NotFound:
            continue
        except (discord.DiscordException, aiohttp.ClientError, OSError):
            return True
        if who and is_moderator(who, number, options):
            return True
    return False


def may_set(interaction: discord.Interaction, options: Options) -> bool:
    """Whether they may set how the bot behaves in this server's channels."""
    return interaction.guild_id is not None and (
        interaction.permissions.manage_guild or may_edit(interaction, options)
    )
