"""The health address: whether the bot does its work, and its figures, over HTTP."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from bot.operating.metrics import Gateway, Metrics, Served
from bot.settings import Address

SHUTDOWN_SECONDS: Final = 1.0
"""Seconds that a request may still take once the bot is told to stop."""

_METRICS_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class HealthAddressError(Exception):
    """The address cannot be listened on. Its text is one sentence, with the mend."""


def _health(gateway: Gateway, served: Served) -> web.Response:
    story = served.story
    healthy = gateway.connected and bool(story.entries)
    return web.json_response(
        {
            "status": "ok" if healthy else "unavailable",
            "gateway": "connected" if gateway.connected else "disconnected",
            "story": story.about.title,
            "revision": story.revision,
            "files": "broken" if served.is_broken else "ok",
        },
        status=200 if healthy else 503,
        headers={"Cache-Control": "no-store"},
    )


@asynccontextmanager
async def serving(
    address: Address,
    metrics: Metrics,
    gateway: Callable[[], Gateway],
    served: Callable[[], Served],
) -> AsyncGenerator[int]:
    """Serve /healthz and /metrics while the context is open; gives the port.

    /healthz is 200 where the gateway is connected and a story is served, else 503; it
    tells whether the story's files are broken, which is no reason to restart the bot.
    Port 0 is any that is free.

    Raises:
        HealthAddressError: The address is in use, or not ours.
    """

    async def health(_request: web.Request) -> web.Response:
        return _health(gateway(), served())

    async def figures(_request: web.Request) -> web.Response:
        text = metrics.text(gateway(), served())
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
