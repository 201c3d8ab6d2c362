"""What Discord says of the token, the application and its servers, over its HTTP API.

Only reads. Every failure is a `Check` with the mend.
"""

from collections.abc import AsyncIterator, Sequence
from functools import partial
from typing import Final

from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.operating.discord_api import DiscordApi, RefusedError
from bot.operating.doctor import PORTAL, Check
from bot.operating.home_servers import home_checks
from bot.settings import Settings

API: Final = "https://discord.com/api/v10"

# Source: https://docs.discord.com/developers/topics/permissions
NEEDED: Final = {
    "View Channels": 1 << 10,
    "Send Messages": 1 << 11,
    "Read Message History": 1 << 16,
    "Send Messages in Threads": 1 << 38,
}
"""The permissions that answering needs, by the names people know in Discord."""

FULL: Final = 2000
"""Servers of a shard from which on more shards are wise; at 2,500 they are a must."""

_ADMINISTRATOR: Final = 1 << 3

# Each intent has a flag of approved applications, and one of those in few servers.
# Source: https://docs.discord.com/developers/resources/application
_MESSAGE_CONTENT: Final = 1 << 18 | 1 << 19
_UNNEEDED: Final = {
    "Presence": 1 << 12 | 1 << 13,
    "Server Members": 1 << 14 | 1 << 15,
}
_PAGE: Final = 200  # servers that Discord tells at once


class _Application(BaseModel):
    id: str
    name: str
    flags: int = 0
    interactions_endpoint_url: str | None = None


class _Server(BaseModel):
    id: str
    name: str
    permissions: int


class _Starts(BaseModel):
    remaining: int


class _Gateway(BaseModel):
    session_start_limit: _Starts
    shards: int = 1


class _Command(BaseModel):
    name: str


_APPLICATION: Final = TypeAdapter(_Application)
_GATEWAY: Final = TypeAdapter(_Gateway)
_SERVERS: Final = TypeAdapter(tuple[_Server, ...])
_COMMANDS: Final = TypeAdapter(tuple[_Command, ...])


async def portal_checks(settings: Settings, address: str) -> AsyncIterator[Check]:
    """What Discord says of the token that is set, and all that hangs on it.

    `address` is that of Discord's API. Never raises.
    """
    secret = settings.discord_token
    name = "token"
    try:
        token = secret.get_secret_value() if secret else ""
        async with DiscordApi.open(token, address) as api:
            application = await api.read("applications/@me", _APPLICATION)
            yield Check(
                "token", "ok", f"Discord knows it, as that of {application.name}"
            )
            name = "gateway"
            gateway = await api.read("gateway/bot", _GATEWAY)
            yield _starts(gateway)
            name = "intents"
            wanted = settings.read_channels
            for check in _application(application, reads_channels=wanted):
                yield check
            name = "commands"
            path = f"applications/{application.id}/commands"
            yield _commands(await api.read(path, _COMMANDS))
            name = "servers"
            servers = [one async for one in _servers(api)]
            yield shards_check(len(servers), gateway.shards, settings.shard_count)
            invite = partial(_invite, application.id)
            for check in server_checks(servers, invite(0)):
                yield check
            name = "moderators"
            async for check in home_checks(api, settings, invite):
                yield check
    except RefusedError as refused:
        yield Check(name, "error", str(refused), refused.mend)
    except (ValidationError, ValueError):
        # ValueError: a token with a line break, which aiohttp refuses to send.
        yield Check(
            name,
            "error",
            "Discord and we do not understand each other",
            "Update the bot",
        )


def _invite(application: str, more: int) -> str:
    """A link that adds the bot to a server, with all that it needs and what is more."""
    return (
        "https://discord.com/oauth2/authorize?scope=bot+applications.commands"
        f"&client_id={application}&permissions={sum(NEEDED.values()) | more}"
    )


def _starts(gateway: _Gateway) -> Check:
    left = gateway.session_start_limit.remaining
    if left < 50:
        return Check(
            "gateway",
            "warning",
            f"the bot may connect only {left} more times today; it will not try before",
            "Find out why it restarts so often",
        )
    return Check("gateway", "ok", f"the bot may start {left} more times today")


def shards_check(servers: int, recommended: int, count: int | None) -> Check:
    """Whether there are shards enough for the servers; None: as many as recommended.

    Source: https://docs.discord.com/developers/events/gateway#sharding
    """
    says = f"for {servers} servers Discord recommends {recommended} shards"
    if count is not None and count < recommended:
        return Check(
            "shards",
            "warning",
            f"{says}, and SHARD_COUNT is {count}",
            f"Set SHARD_COUNT to {recommended} in every process, and spread SHARD_IDS",
        )
    if servers >= FULL * (count or recommended):
        return Check(
            "shards",
            "warning",
            f"{says}: one shard may have 2,500 servers, which is near",
            "Set SHARD_COUNT to more in every process"
            if count
            else "Start the bot again: it then asks Discord for more",
        )
    return Check("shards", "ok", f"{says}, which the bot {'has' if count else 'takes'}")


def _application(application: _Application, *, reads_channels: bool) -> list[Check]:
    found: list[Check] = []
    if application.interactions_endpoint_url:
        found.append(
            Check(
                "commands",
                "error",
                "Discord sends commands to an address, and not to the bot",
                f"Empty Interactions Endpoint URL (General Information, at {PORTAL})",
            )
        )
    unneeded = [name for name, flag in _UNNEEDED.items() if application.flags & flag]
    if unneeded:
        found.append(
            Check(
                "intents",
                "warning",
                f"{' and '.join(unneeded)} switched on, which the bot does not need",
                f"Switch off (Bot, Privileged Gateway Intents, at {PORTAL})",
            )
        )
    is_on = bool(application.flags & _MESSAGE_CONTENT)
    if reads_channels and not is_on:
        found.append(
            Check(
                "intents",
                "error",
                "Message Content is off, which READ_CHANNELS needs",
                f"Switch it on (Bot, Privileged Gateway Intents, at {PORTAL}), or "
                "READ_CHANNELS off",
            )
        )
    else:
        needed = "is" if reads_channels else "is not"
        says = f"Message Content is {'on' if is_on else 'off'}, and {needed} needed"
        found.append(Check("intents", "ok", says))
    return found


def _commands(registered: Sequence[_Command]) -> Check:
    names = [one.name for one in registered]
    if "ask" not in names:
        return Check(
            "commands",
            "warning",
            "/ask is not registered",
            "Start the bot once: it registers its commands",
        )
    return Check("commands", "ok", f"{len(names)} registered, /ask among them")


async def _servers(api: DiscordApi) -> AsyncIterator[_Server]:
    after = "0"
    while True:
        path = f"users/@me/guilds?limit={_PAGE}&after={after}"
        page = await api.read(path, _SERVERS)
        for server in page:
            yield server
        if len(page) < _PAGE:
            return
        after = max((server.id for server in page), key=int)


def server_checks(servers: Sequence[_Server], invite: str) -> list[Check]:
    """What the bot lacks, server by server; one line for all that lack nothing."""
    everything = sum(NEEDED.values())
    if not servers:
        return [
            Check("servers", "warning", "the bot is in none", f"Add it with {invite}")
        ]
    found: list[Check] = []
    for server in servers:
        granted = everything if server.permissions & _ADMINISTRATOR else 0
        granted |= server.permissions
        lacking = [name for name, bit in NEEDED.items() if not granted & bit]
        if lacking:
            found.append(
                Check(
                    "servers",
                    "error",
                    f"in {server.name} the bot lacks {', '.join(lacking)}",
                    "Grant it to the bot's role (Server Settings, Roles), or add the "
                    f"bot again with {invite}",
                )
            )
    whole = len(servers) - len(found)
    if whole:
        says = f"in {whole} of {len(servers)} the bot's role may all that it needs"
        found.append(Check("servers", "ok", f"{says}; channels may still differ"))
    if any(server.permissions & _ADMINISTRATOR for server in servers):
        found.append(
            Check(
                "servers",
                "warning",
                "the bot is an administrator in some, which it does not need",
                "Take Administrator from its role",
            )
        )
    return found
