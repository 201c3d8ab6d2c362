"""A small Discord on loopback, for the real client: its HTTP API and its gateway."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest
import yarl
from aiohttp import web
from discord.gateway import DiscordWebSocket
from discord.http import Route

LOOPBACK = "127.0.0.1"
USER = {"id": "1", "username": "receipts", "discriminator": "0", "avatar": None}
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


class Discord:
    """A small Discord: enough to log in there, and to be cut off."""

    def __init__(self) -> None:
        self.open: list[web.WebSocketResponse] = []
        self.takes_calls = True

    async def api(self, request: web.Request) -> web.Response:
        """Say what a client asks before it connects."""
        text = json.dumps(TOLD[request.path])
        # discord.py wants exactly this type.
        return web.Response(
            body=text.encode(), headers={"Content-Type": "application/json"}
        )

    async def gateway(self, request: web.Request) -> web.WebSocketResponse:
        """Greet a client, and answer its heartbeats."""
        if not self.takes_calls:
            raise web.HTTPServiceUnavailable
        found = web.WebSocketResponse()
        await found.prepare(request)
        self.open.append(found)
        await found.send_json({"op": 10, "d": {"heartbeat_interval": 40_000}})
        async for message in found:
            op = message.json()["op"]
            if op == 1:
                await found.send_json({"op": 11})
            if op == 2:
                here = f"ws://{request.host}/gateway"
                ready: dict[str, object] = {
                    "session_id": "s",
                    "resume_gateway_url": here,
                    "user": USER,
                    "application": {"id": "1", "flags": 0},
                    "guilds": [],
                }
                await found.send_json({"op": 0, "t": "READY", "s": 1, "d": ready})
        return found


@asynccontextmanager
async def discord(patch: pytest.MonkeyPatch) -> AsyncGenerator[Discord]:
    """Serve a small Discord in Discord's place."""
    found = Discord()
    app = web.Application()
    app.add_routes(
        [web.get("/gateway{_:/?}", found.gateway), web.route("*", "/{_:.*}", found.api)]
    )
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, 0).start()
        place = f"{LOOPBACK}:{runner.addresses[0][1]}"
        patch.setattr(Route, "BASE", f"http://{place}")
        gateway = yarl.URL(f"ws://{place}/gateway")
        patch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", gateway)
        yield found
    finally:
        await runner.cleanup()
