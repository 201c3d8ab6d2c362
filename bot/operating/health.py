"""The health address: whether the bot does its work, and its figures, over HTTP."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from bot.answering.answerer import Answerer
from bot.operating.metrics import Gateway, Metrics
from bot.settings import Address

SHUTDOWN_SECONDS: Final = 1.0
"""Seconds that a request may still take once the bot is told to stop."""

_METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class HealthAddressError(Exception):
    """The address cannot be listened on. Its text is one sentence, with the mend."""


@asynccontextmanager
async def serving(
    address: Address,
    metrics: Metrics,
    gateway: Callable[[], Gateway],
    answerer: Answerer,
) -> AsyncGenerator[int]:
    """Serve /healthz and /metrics while the context is open; gives the port.

    /healthz is 200 where the gateway is connected and a story is served, else 503.
    Port 0 is any that is free.

    Raises:
        HealthAddressError: The address is in use, or not ours.
    """

    async def health(_request: web.Request) -> web.Response:
        state = "connected" if gateway().connected else "disconnected"
        story = answerer.story
        healthy = state == "connected" and bool(story.entries)
        return web.json_response(
            {
                "status": "ok" if healthy else "unavailable",
                "gateway": state,
                "story": story.about.title,
                "revision": story.revision,
            },
            status=200 if healthy else 503,
            headers={"Cache-Control": "no-store"},
        )

    async def figures(_request: web.Request) -> web.Response:
        text = metrics.text(gateway(), answerer.story)
        return web.Response(body=text, headers={"Content-Type": _METRICS_TYPE})

    app = web.Application(client_max_size=1024)
    app.add_routes([web.get("/healthz", health), web.get("/metrics", figures)])
    # No access log: it would tell who looked, and how often.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, *address).start()
        except OSError as error:
            raise HealthAddressError(
                f"HEALTH_ADDRESS: {address.host}:{address.port} cannot be listened on "
                f"({error.strerror or error}); set another, or leave it empty."
            ) from error
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()
