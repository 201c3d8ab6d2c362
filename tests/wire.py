"""A small Discord on loopback, for the real client: its HTTP API and its gateway."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import pytest
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.discord_bot.gateway import Addresses, reach

LOOPBACK = "127.0.0.1"
USER = {"id": "1", "username": "receipts", "discriminator": "0", "avatar": None}
GUILD: Final = 7
TOLD: dict[str, object] = {
    "/users/@me": USER,
    "/oauth2/applications/@me": {
        "id": "1",
        "name": "Receipts",
        "description": "",
        "icon": None,
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "",
        "owner": USER,
    },
    "/applications/1/commands": [],
}
Body = dict[str, Any]
WELCOME: Final[Body] = {
    "url": "ws://nowhere",
    "shards": 1,
    "session_start_limit": {
        "total": 1000,
        "remaining": 1000,
        "reset_after": 14_400_000,
        "max_concurrency": 16,
    },
}
CUT: Final = 0
"""In place of a status: the connection is closed without an answer."""

PAGE: Final = 200
"""A status that comes with a page, such as of whoever stands before Discord."""

BROKEN: Final = 201
"""A status that comes with JSON that breaks off."""

_JSON: Final = {"Content-Type": "application/json"}  # exactly what discord.py wants


@dataclass
class Fault:
    """What goes wrong with requests to a path that begins so, and how often.

    `done`: Discord does all the same what it is asked. `passes`: it says when to try
    again, as Discord itself does, but not who stands before it.
    """

    path: str
    status: int
    done: bool = False
    times: int = 1
    passes: bool = False


@dataclass
class Session:
    """What one shard of a client was told, from its first connection on."""

    socket: web.WebSocketResponse
    shard: int = 0
    of: int = 1
    told: list[Body] = field(default_factory=list[Body])

    async def send(self, kind: str, data: object) -> None:
        """Send an event, now or once the client goes on with the session."""
        frame = {"op": 0, "t": kind, "s": len(self.told) + 1, "d": data}
        self.told.append(frame)
        if not self.socket.closed:
            with suppress(ConnectionError):
                await self.socket.send_json(frame)


@dataclass
class Discord:
    """A small Discord: enough to log in, to ask and be answered, and to be cut off."""

    open: list[web.WebSocketResponse] = field(
        default_factory=list[web.WebSocketResponse]
    )
    takes_calls: bool = True
    refuses_with: int = 0  # a close code, in place of READY
    ends_with: int = 0  # a close code, as soon as a session goes on
    hangs: str = "-"  # requests to a path that begins so are never answered
    told: dict[str, object] = field(default_factory=dict[str, object])
    welcome: Body = field(default_factory=dict[str, Any])  # of /gateway/bot
    wait: float = 0  # seconds before a message or a callback is taken
    late: float = 0  # seconds before a callback that was taken is said to be
    faults: list[Fault] = field(default_factory=list[Fault])
    requests: Counter[str] = field(default_factory=Counter[str])
    calls: int = 0  # how often the gateway was asked for a connection
    posted: list[Body] = field(default_factory=list[Body])
    answered: dict[str, Body] = field(default_factory=dict[str, Body])
    """The first callback of each interaction, by its token."""
    sessions: dict[str, Session] = field(default_factory=dict[str, Session])
    servers: list[int] = field(default_factory=list[int])
    tells_of_servers: bool = True  # else they are named only
    identified: list[tuple[float, int, int]] = field(
        default_factory=list[tuple[float, int, int]]
    )
    """When each IDENTIFY came, of which shard, of how many."""
    resumed: int = 0
    followed: list[Body] = field(default_factory=list[Body])
    kept: dict[str, Body] = field(default_factory=dict[str, Body])
    """Messages that can be read and edited, by their path."""
    edits: Counter[str] = field(default_factory=Counter[str])
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    _nonces: dict[str, Body] = field(default_factory=dict[str, Body])
    _ids: Callable[[], int] = field(default_factory=lambda: count(1).__next__)

    def id(self) -> str:
        """An id of this moment."""
        return str(((time.time_ns() // 10**6 - 1420070400000) << 22) + self._ids())

    async def api(self, request: web.Request) -> web.StreamResponse:
        """Do what a client asks, or what a fault says."""
        self.requests[request.path] += 1
        if request.path.startswith(self.hangs):
            await asyncio.Event().wait()
        fault = next((f for f in self.faults if request.path.startswith(f.path)), None)
        if not fault:
            return await self._do(request)
        fault.times -= 1
        if not fault.times:
            self.faults.remove(fault)
        if fault.done:
            await self._do(request)
        if fault.status == CUT and request.transport:
            request.transport.close()
        if fault.status == PAGE:
            return web.Response(text="<html>Wait</html>", content_type="text/html")
        if fault.status == BROKEN:
            return web.Response(body=b'{"id": ', headers=_JSON, status=BROKEN)
        told = {"message": "no", "code": 0, "retry_after": 0.1 if fault.passes else 9}
        found = _answer(told, fault.status)
        if fault.passes:
            found.headers["Via"] = "1.1 google"
        return found

    async def _do(self, request: web.Request) -> web.Response:
        _, kind, *rest = request.path.split("/")
        body: Body = {}
        if request.method == "PATCH":
            self.edits[request.path] += 1
            if request.path in self.kept:
                self.kept[request.path] |= await request.json()
        if request.method == "POST":
            await asyncio.sleep(self.wait)
        if request.content_type == "application/json":
            body = await request.json()
        if kind == "channels" and request.method == "POST":
            return _answer(self._post(rest[0], body))
        if kind == "interactions":
            identity, token, _ = rest
            if token in self.answered:
                return _answer({"message": "Already acknowledged", "code": 40060}, 400)
            self.responded(token, body)
            await asyncio.sleep(self.late)
            told = {"interaction": {"id": identity, "type": 2}}
            return _answer(told | {"resource": {"type": body["type"], "message": None}})
        if kind == "webhooks":
            self.followed_up(rest[1], body)
            return _answer(self._message("5", body))
        return _answer(self._read(request, kind, rest, body))

    def _read(
        self, request: web.Request, kind: str, rest: list[str], body: Body
    ) -> object:
        if request.path in self.kept:
            return self.kept[request.path]
        if kind in {"channels", "guilds"}:
            return self._seen(kind, rest)
        if kind == "gateway":
            return WELCOME | {"url": f"ws://{request.host}/gateway"} | self.welcome
        if request.path == "/users/@me/channels":
            person = {**USER, "id": body["recipient_id"]}
            number = str(int(body["recipient_id"]) + 10**6)
            return {"id": number, "type": 1, "recipients": [person]}
        if request.path.endswith("/commands"):
            return self.told.get(request.path, [])
        return {**TOLD, **self.told}[request.path]

    @staticmethod
    def _seen(kind: str, rest: list[str]) -> Body:
        """A server's channel, a server, or a member of it."""
        if kind == "channels":
            guild = int(rest[0]) - 1
            return server(guild)["channels"][0] | {"guild_id": str(guild)}
        if len(rest) > 1:
            user = {**USER, "id": rest[2]}
            return {"user": user, "roles": [], "joined_at": None, "flags": 0}
        return server(int(rest[0]))

    def _post(self, channel: str, body: Body) -> Body:
        """Post a message, unless one with its nonce was posted before."""
        nonce = body.get("nonce")
        if body.get("enforce_nonce") and nonce in self._nonces:
            return self._nonces[nonce]
        made = self._message(channel, body) | {"nonce": nonce}
        self.posted.append(made)
        self.kept[path_of(made)] = made
        if nonce is not None:
            self._nonces[nonce] = made
        return made

    def responded(self, token: str, body: Body) -> None:
        """Keep the first callback of an interaction."""
        self.answered[token] = body

    def followed_up(self, token: str, body: Body) -> None:
        """Keep what came after an interaction's first callback."""
        del token
        self.followed.append(body)

    def keep(self, identity: int, channel: int, body: Body) -> None:
        """Have a message of the bot's that it sent before."""
        made = {**self._message(str(channel), body), "id": str(identity), **body}
        self.kept[f"/channels/{channel}/messages/{identity}"] = made

    def _message(self, channel: str, body: Body) -> Body:
        return {
            "id": self.id(),
            "channel_id": channel,
            "author": USER,
            "content": body.get("content") or "",
            "flags": body.get("flags", 0),
            "timestamp": "2026-11-23T10:00:00+00:00",
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": [],
            "embeds": [],
            "components": [],
            "pinned": False,
            "type": 0,
        }

    async def send(self, kind: str, data: object, guild: int | None = None) -> None:
        """Send an event to the shard that answers a server; the last one there is."""
        every = [
            one
            for one in self.sessions.values()
            if guild is None or (guild >> 22) % one.of == one.shard
        ]
        await every[-1].send(kind, data)

    async def ask(self, text: str, person: int = 100) -> Body:
        """Somebody asks in a direct message; each person has a channel of their own.

        The message, as it was told.
        """
        author = {**USER, "id": str(person), "username": "ann"}
        message = self._message(str(person + 10**6), {"content": text})
        await self.send("MESSAGE_CREATE", message | {"author": author})
        return message | {"author": author}

    async def mention(self, text: str, person: int, guild: int) -> str:
        """Somebody mentions the bot in a server's channel; the message's id."""
        author = {**USER, "id": str(person), "username": "ann"}
        message = self._message(str(guild + 1), {"content": f"<@1> {text}"})
        joined = "2026-01-01T10:00:00+00:00"
        member: Body = {"roles": [], "joined_at": joined, "flags": 0}
        more: Body = {"author": author, "member": member, "guild_id": str(guild)}
        more |= {"mentions": [{**USER, "member": member}]}
        await self.send("MESSAGE_CREATE", message | more, guild)
        return str(message["id"])

    async def slash(self, question: str, person: int = 100, guild: int = GUILD) -> str:
        """Somebody uses /ask in a server; the token of the interaction."""
        return await self.use("ask", {"question": question}, person, guild)

    async def use(
        self,
        name: str,
        given: Mapping[str, str],
        person: int,
        guild: int,
        role: int | None = None,
    ) -> str:
        """Somebody uses a command; with a role, one of that server's own."""
        token = self.id()
        user = {**USER, "id": str(person), "username": "ann"}
        options = [{"name": key, "type": 3, "value": given[key]} for key in given]
        data: Body = {"id": "9", "name": name, "type": 1, "options": options}
        if role:
            data["guild_id"] = str(guild)
        await self.send(
            "INTERACTION_CREATE",
            {
                "id": token,
                "application_id": "1",
                "type": 2,
                "token": token,
                "version": 1,
                "channel_id": str(guild + 1),
                "channel": server(guild)["channels"][0],
                "guild_id": str(guild),
                "member": {
                    "user": user,
                    "roles": [str(role)] if role else [],
                    "permissions": str(2**50 - 1),
                    "joined_at": "2026-01-01T10:00:00+00:00",
                    "flags": 0,
                },
                "app_permissions": str(2**50 - 1),
                "locale": "en-US",
                "guild_locale": "en-US",
                "attachment_size_limit": 10**7,
                "entitlements": [],
                "authorizing_integration_owners": {},
                "data": data,
            },
            guild,
        )
        return token

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        """Greet a client, and answer its heartbeats."""
        self.calls += 1
        if not self.takes_calls:
            raise web.HTTPServiceUnavailable
        found = web.WebSocketResponse()
        await found.prepare(request)
        self.open.append(found)
        await found.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}})
        async for message in found:
            frame = message.json()
            if frame["op"] == 1:
                await found.send_json({"op": 11})
            if frame["op"] == 2 and self.refuses_with:
                await found.close(code=self.refuses_with)
            elif frame["op"] == 2:
                await self._greet(found, frame["d"])
            elif frame["op"] == 6:
                await self._go_on(found, frame["d"])
        return found

    async def _greet(self, socket: web.WebSocketResponse, told: Body) -> None:
        shard, of = told.get("shard") or (0, 1)
        self.identified.append((time.monotonic(), shard, of))
        name = f"s{len(self.identified)}"
        session = self.sessions[name] = Session(socket, shard, of)
        servers = [one for one in self.servers if (one >> 22) % of == shard]
        ready = {
            "session_id": name,
            "resume_gateway_url": "ws://nowhere",  # as the bot is told another place
            "user": USER,
            "application": {"id": "1", "flags": 0},
            "guilds": [{"id": str(one), "unavailable": True} for one in servers],
            "shard": [shard, of],
        }
        await session.send("READY", ready)
        for one in servers if self.tells_of_servers else ():
            await session.send("GUILD_CREATE", server(one))
        self.connected.set()

    async def _go_on(self, socket: web.WebSocketResponse, told: Body) -> None:
        session = self.sessions[told["session_id"]]
        session.socket = socket
        self.resumed += 1
        for frame in session.told[told["seq"] :]:
            await socket.send_json(frame)
        await session.send("RESUMED", {})
        if self.ends_with:
            await socket.close(code=self.ends_with)


def path_of(message: Body) -> str:
    """Where a message can be read, edited and deleted."""
    return f"/channels/{message['channel_id']}/messages/{message['id']}"


def server(number: int) -> Body:
    """A server with a channel (id + 1) and a role (id + 2); the bot may all there."""
    powers = {"permissions": str(2**50 - 1), "position": 0, "color": 0, "hoist": False}
    role = {"id": str(number), "name": "@everyone"} | powers
    editors = {"id": str(number + 2), "name": "Editors"} | powers
    channel = {"id": str(number + 1), "type": 0, "name": "general", "position": 0}
    return {
        "id": str(number),
        "name": "a server",
        "owner_id": "2",
        "roles": [role, editors],
        "channels": [channel | {"permission_overwrites": []}],
        "members": [{"user": USER, "roles": [], "joined_at": None, "flags": 0}],
        "threads": [],
        "emojis": [],
        "features": [],
        "member_count": 2,
        "preferred_locale": "en-US",
        "unavailable": False,
    }


def _answer(told: object, status: int = 200) -> web.Response:
    body = json.dumps(told).encode()
    return web.Response(body=body, status=status or 502, headers=_JSON)


async def until(is_so: Callable[[], object], seconds: float = 10) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(seconds):
        while not is_so():  # noqa: ASYNC110 - it is told by nobody
            await asyncio.sleep(0.01)


@asynccontextmanager
async def listening(
    given: Discord | None = None,
) -> AsyncGenerator[tuple[Discord, str]]:
    """Serve a small Discord on loopback; gives its host and port, too."""
    found = given or Discord()
    app = web.Application()
    app.add_routes(
        [web.get("/gateway{_:/?}", found.gateway), web.route("*", "/{_:.*}", found.api)]
    )
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, 0).start()
        yield found, f"{LOOPBACK}:{runner.addresses[0][1]}"
    finally:
        # A server that stops while a connection is being accepted leaves its socket
        # open, up to Python 3.11 at least: it fails halfway, in Server._attach.
        await asyncio.sleep(0.05)
        await runner.cleanup()


@asynccontextmanager
async def discord(patch: pytest.MonkeyPatch) -> AsyncGenerator[Discord]:
    """Serve a small Discord in Discord's place."""
    async with listening() as (found, place):
        # To be put back.
        patch.setattr(Route, "BASE", Route.BASE)
        patch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", None)
        reach(Addresses(f"http://{place}", f"ws://{place}/gateway"))
        yield found


def addresses(place: str) -> dict[str, str]:
    """The settings that have the bot, in a process of its own, use a small Discord."""
    return {
        "DISCORD_API": f"http://{place}",
        "DISCORD_GATEWAY": f"ws://{place}/gateway",
    }
