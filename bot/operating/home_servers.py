"""The servers whose moderators change the story: whether Discord has all that is set.

Source: https://docs.discord.com/developers/topics/permissions
"""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from typing import Final

from pydantic import BaseModel, TypeAdapter

from bot.operating.discord_api import DiscordApi
from bot.operating.doctor import Check
from bot.settings import Settings

_ADMINISTRATOR: Final = 1 << 3
_SEND: Final = {
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Attach Files": 1 << 15,
}
_SEND_IN_THREADS: Final = {
    **{name: bit for name, bit in _SEND.items() if name != "Send Messages"},
    "Send Messages in Threads": 1 << 38,
}
_THREADS: Final = {10, 11, 12}
_ROOMS: Final = {0, 2, 5, *_THREADS}  # text, voice, announcements

_COPY: Final = "Developer Mode, then right-click and Copy ID"


class _Role(BaseModel):
    id: int
    permissions: int


class _Server(BaseModel):
    id: int
    name: str
    roles: tuple[_Role, ...]


class _Member(BaseModel):
    roles: tuple[int, ...]


class _Overwrite(BaseModel):
    id: int
    allow: int
    deny: int


class _Channel(BaseModel):
    type: int
    name: str = ""
    guild_id: int | None = None
    parent_id: int | None = None
    permission_overwrites: tuple[_Overwrite, ...] = ()


class _User(BaseModel):
    id: int


async def home_checks(
    api: DiscordApi, settings: Settings, invite: Callable[[int], str]
) -> AsyncIterator[Check]:
    """What is wrong with the home servers, their roles and their channel; else one ok.

    `invite` is a link that adds the bot, with these permissions.

    Raises:
        RefusedError: Discord does not answer.
    """
    homes = [
        (number, await api.find(f"guilds/{number}", TypeAdapter(_Server)))
        for number in sorted(settings.home_guilds)
    ]
    there = [home for _, home in homes if isinstance(home, _Server)]
    found = [
        Check(
            "moderators",
            "error",
            f"HOME_GUILDS names {number}, and the bot is in no such server",
            f"Add it there with {invite(sum(_SEND.values()))}, or copy the id again "
            f"({_COPY})",
        )
        for number, home in homes
        if isinstance(home, int)
    ]
    found += _roles(there, settings.moderator_roles, all_there=not found)
    if settings.moderators_channel:
        found += await _channel(api, settings, there)
    for check in found:
        yield check
    if there and not found:
        names = ", ".join(home.name for home in there)
        yield Check("moderators", "ok", f"Discord has what is set for them, in {names}")


def _roles(
    homes: Sequence[_Server], roles: Collection[int], *, all_there: bool
) -> list[Check]:
    """What is wrong with the moderators' roles; everyone's role is nobody's."""
    known = {home.id: {role.id for role in home.roles} - {home.id} for home in homes}
    stray = set(roles).difference(*known.values()) if all_there else set[int]()
    found = [
        Check(
            "moderators",
            "error",
            f"MODERATOR_ROLES names {role}, which is no role of a home server",
            f"Copy the role's id again ({_COPY})",
        )
        for role in sorted(stray)
    ]
    return found + [
        Check(
            "moderators",
            "warning",
            f"no role of {home.name} is in MODERATOR_ROLES: nobody may change the "
            "story there",
            "Add one, or take the server out of HOME_GUILDS",
        )
        for home in homes
        if roles and not stray and known[home.id].isdisjoint(roles)
    ]


async def _channel(
    api: DiscordApi, settings: Settings, homes: Sequence[_Server]
) -> list[Check]:
    """What keeps the moderators from being told things in their channel."""
    number, shape = settings.moderators_channel, TypeAdapter(_Channel)
    channel = await api.find(f"channels/{number}", shape)
    named = "MODERATORS_CHANNEL"
    if channel == 404:
        says = f"{named} names {number}, and there is no such channel"
        return [Check("moderators", "error", says, f"Copy its id again ({_COPY})")]
    if isinstance(channel, int):
        says, mend = f"the bot may not see {named}", "Let its role see the channel"
        return [Check("moderators", "error", says, mend)]
    if channel.guild_id not in settings.home_guilds:
        says = f"{named} is in no home server, so that nobody can act on what it tells"
        mend = "Name a channel of one of the HOME_GUILDS"
        return [Check("moderators", "warning", says, mend)]
    if channel.type not in _ROOMS:
        says = f"{named} (#{channel.name}) is no channel that messages are sent to"
        return [Check("moderators", "error", says, "Name a text channel")]
    home = next((home for home in homes if home.id == channel.guild_id), None)
    return await _unsendable(api, channel, home) if home else []


async def _unsendable(api: DiscordApi, channel: _Channel, home: _Server) -> list[Check]:
    """What the bot lacks in the moderators' channel, in its server."""
    shape, needed, rules = TypeAdapter(_Channel), _SEND, channel.permission_overwrites
    if channel.type in _THREADS:
        needed = _SEND_IN_THREADS
        parent = await api.find(f"channels/{channel.parent_id}", shape)
        rules = () if isinstance(parent, int) else parent.permission_overwrites
    me = await api.read("users/@me", TypeAdapter(_User))
    member = await api.read(f"guilds/{home.id}/members/{me.id}", TypeAdapter(_Member))
    granted = _granted(home, me.id, member.roles, rules)
    lacks = [name for name, bit in needed.items() if not granted & bit]
    if not lacks:
        return []
    lacking = ", ".join(lacks)
    says = f"in MODERATORS_CHANNEL (#{channel.name}) the bot lacks {lacking}"
    mend = "Grant it to the bot's role (Edit Channel, Permissions)"
    return [Check("moderators", "error", says, mend)]


def _granted(
    home: _Server, me: int, roles: Collection[int], rules: Sequence[_Overwrite]
) -> int:
    """The bot's permissions in a channel, worked out as Discord does."""
    granted = 0
    for role in home.roles:
        if role.id in roles or role.id == home.id:
            granted |= role.permissions
    if granted & _ADMINISTRATOR:
        return sum(_SEND.values()) | sum(_SEND_IN_THREADS.values())
    for those in ({home.id}, set(roles) - {home.id}, {me}):
        ours = [rule for rule in rules if rule.id in those]
        for rule in ours:
            granted &= ~rule.deny
        for rule in ours:
            granted |= rule.allow
    return granted
