"""What Discord says of the token, the application and its servers, over its HTTP API.

Only reads. Every failure is a `Check` with the mend.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Final

import aiohttp
from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.operating.doctor import PORTAL, Check

API: Final = "https://discord.com/api/v10"

TIMEOUT_SECONDS: Final = 10.0

MAX_WAIT_SECONDS: Final = 10.0
"""Seconds we wait where Discord says that we ask too often; longer is an error."""

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
_AGENT: Final = "DiscordBot (https://discord.com, 1)"  # Discord wants this form


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


_SERVERS: Final = TypeAdapter(tuple[_Server, ...])
_COMMANDS: Final = TypeAdapter(tuple[_Command, ...])


class _RefusedError(Exception):
    """Discord did not answer as it should: what is wrong, and the mend."""

    def __init__(self, says: str, mend: str) -> None:
        super().__init__(says)
        self.mend = mend


async def portal_checks(
    token: str, api: str, *, reads_channels: bool = False, shards: int | None = None
) -> AsyncIterator[Check]:
    """What Discord says of a token and its application. Never raises.

    `reads_channels` says whether the bot will want Message Content, `shards` how many
    there are; None: as many as Discord recommends.
    """
    headers = {"Authorization": f"Bot {token}", "User-Agent": _AGENT}
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    name = "token"
    try:
        async with aiohttp.ClientSession(headers=headers, timeout=timeout) as session:
            body = await _get(session, f"{api}/applications/@me")
            application = _Application.model_validate_json(body)
            yield Check(
                "token", "ok", f"Discord knows it, as that of {application.name}"
            )
            name = "gateway"
            body = await _get(session, f"{api}/gateway/bot")
            gateway = _Gateway.model_validate_json(body)
            yield _starts(gateway)
            name = "intents"
            for check in _application(application, reads_channels=reads_channels):
                yield check
            name = "commands"
            path = f"applications/{application.id}/commands"
            yield _commands(await _get(session, f"{api}/{path}"))
            name = "servers"
            servers = [one async for one in _servers(session, api)]
            yield shards_check(len(servers), gateway.shards, shards)
            for check in server_checks(servers, application.id):
                yield check
    except _RefusedError as refused:
        yield Check(name, "error", str(refused), refused.mend)
    except (ValidationError, ValueError):
        # ValueError: a token with a line break, which aiohttp refuses to send.
        yield Check(
            name,
            "error",
            "Discord and we do not understand each other",
            "Update the bot",
        )


async def _get(session: aiohttp.ClientSession, url: str) -> bytes:
    """The body of an answer of 200.

    Raises:
        _RefusedError: It was another, or none.
    """
    for _ in range(2):
        try:
            async with session.get(url, allow_redirects=False) as response:
                if response.status == 200:
                    return await response.read()
                wait = response.headers.get("Retry-After", "")
                if response.status != 429 or not wait.replace(".", "", 1).isdigit():
                    raise _refusal(response.status)
                if float(wait) > MAX_WAIT_SECONDS:
                    break
        except (aiohttp.ClientError, OSError) as error:  # a timeout is an OSError
            raise _RefusedError(
                f"Discord cannot be reached ({type(error).__name__})",
                "Check the network, a firewall, and this machine's clock",
            ) from None
        await asyncio.sleep(float(wait))
    raise _refusal(429)


def _refusal(status: int) -> _RefusedError:
    match status:
        case 401:
            return _RefusedError(
                "Discord refuses it",
                f"Reset it (Bot, at {PORTAL}) and set DISCORD_TOKEN to the new one",
            )
        case 429:
            return _RefusedError(
                "Discord is asked too often", "Try again in some minutes"
            )
        case 403:
            return _RefusedError(
                "Discord refuses to tell, with error 403",
                f"See at {PORTAL} that the application is not disabled",
            )
        case _:
            return _RefusedError(
                f"Discord answers with error {status}", "Try again later"
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


def _commands(body: bytes) -> Check:
    names = [one.name for one in _COMMANDS.validate_json(body)]
    if "ask" not in names:
        return Check(
            "commands",
            "warning",
            "/ask is not registered",
            "Start the bot once: it registers its commands",
        )
    return Check("commands", "ok", f"{len(names)} registered, /ask among them")


async def _servers(session: aiohttp.ClientSession, api: str) -> AsyncIterator[_Server]:
    after = "0"
    while True:
        url = f"{api}/users/@me/guilds?limit={_PAGE}&after={after}"
        page = _SERVERS.validate_json(await _get(session, url))
        for server in page:
            yield server
        if len(page) < _PAGE:
            return
        after = max((server.id for server in page), key=int)


def server_checks(servers: Sequence[_Server], application: str) -> list[Check]:
    """What the bot lacks, server by server; one line for all that lack nothing."""
    everything = sum(NEEDED.values())
    invite = (
        "https://discord.com/oauth2/authorize?scope=bot+applications.commands"
        f"&client_id={application}&permissions={everything}"
    )
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
