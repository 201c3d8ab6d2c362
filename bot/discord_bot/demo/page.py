"""The page: served to a browser on this machine, and to nobody else.

Whatever another page has a browser send here is refused: it names this address neither
as its host nor as its origin.
"""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final, cast

from aiohttp import web
from simcord import BackendError, OptionError, SetupError

from bot.discord_bot.demo.world import NAMES, PLACES, World

HERE: Final = "127.0.0.1"
"""The one address that is listened on."""

_FILES: Final = {
    "/": ("page.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
}
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_FOLDER: Final = Path(__file__).parent
_MAX_BYTES: Final = 100_000

Json = dict[str, Any]


async def serve(world: World, port: int, opened: Callable[[str], object]) -> None:
    """Serve a world until cancelled; `opened` is told the address. Port 0: a free one.

    Raises:
        OSError: The port is taken.
    """
    app = web.Application(middlewares=[_guarded], client_max_size=_MAX_BYTES)
    desk = _Desk(world)
    for path in _FILES:
        app.router.add_get(path, _file)
    app.router.add_get("/file", desk.file)
    app.router.add_post("/see", desk.see)
    app.router.add_post("/do", desk.do)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, HERE, port).start()
        opened(f"http://{HERE}:{runner.addresses[0][1]}/")
        await asyncio.get_running_loop().create_future()
    finally:
        await runner.cleanup()


@web.middleware
async def _guarded(
    request: web.Request,
    handler: Callable[[web.Request], Awaitable[web.StreamResponse]],
) -> web.StreamResponse:
    port = request.transport and request.transport.get_extra_info("sockname")[1]
    hosts = {f"{HERE}:{port}", f"localhost:{port}"}
    if request.host not in hosts:
        raise web.HTTPForbidden(text="not this host")
    if request.method == "POST":
        origins = {f"http://{host}" for host in hosts}
        is_json = request.content_type == "application/json"
        if request.headers.get("Origin") not in origins or not is_json:
            raise web.HTTPForbidden(text="not from this page")
    answer = await handler(request)
    answer.headers.update(_HEADERS)
    return answer


async def _file(request: web.Request) -> web.Response:
    name, kind = _FILES[request.path]
    text = (_FOLDER / name).read_text(encoding="utf-8")
    return web.Response(text=text, content_type=kind, charset="utf-8")


class _Desk:
    """What the page asks for, and has done."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def see(self, request: web.Request) -> web.Response:
        """What somebody sees in a place, and the commands they have there."""
        who, place = _where(await _asked(request))
        world = self._world
        return web.json_response(
            {
                "messages": world.seen(who, place),
                "commands": world.commands(who, place),
                "menus": [] if place == "direct" else world.menus(who),
                "examples": world.examples,
                "fact": world.a_fact,
            }
        )

    async def file(self, request: web.Request) -> web.Response:
        """A file that the bot sent: a picture to be shown, all else to be kept."""
        address = request.query.get("at", "")
        if (data := self._world.file(address)) is None:
            raise web.HTTPNotFound
        name = address.rpartition("/")[2]
        kind = "image/png" if name.endswith(".png") else "application/octet-stream"
        return web.Response(body=data, content_type=kind)

    async def do(self, request: web.Request) -> web.Response:
        """What somebody does: the form it shows, what is offered, or what is wrong."""
        asked = await _asked(request)
        who, place = _where(asked)
        try:
            return web.json_response(await self._done(asked, who, place))
        except (BackendError, OptionError, SetupError, TimeoutError) as error:
            return web.json_response({"problem": str(error)})

    async def _done(self, asked: Json, who: str, place: str) -> Json:
        world, text = self._world, str(asked.get("text", ""))
        match asked.get("what"):
            case "say":
                reply = int(asked.get("message") or 0) or None
                await world.say(who, place, text, reply)
                return {}
            case "slash":
                options = cast("Json", asked.get("options") or {})
                return {"form": await world.slash(who, place, text, options)}
            case "complete":
                option, typed = str(asked["option"]), str(asked.get("typed", ""))
                return {
                    "choices": await world.complete(who, place, text, option, typed)
                }
            case "menu":
                return {
                    "form": await world.menu(who, place, text, int(asked["message"]))
                }
            case "press":
                message, pressed = int(asked["message"]), str(asked["id"])
                return {"form": await world.press(who, place, message, pressed, text)}
            case "form":
                values = cast("dict[str, str]", asked.get("values") or {})
                return {"form": await world.send_form(who, values)}
            case _:
                raise web.HTTPBadRequest


async def _asked(request: web.Request) -> Json:
    try:
        found = await request.json()
    except ValueError:
        raise web.HTTPBadRequest from None
    if not isinstance(found, dict):
        raise web.HTTPBadRequest
    return cast("Json", found)


def _where(asked: Json) -> tuple[str, str]:
    who, place = asked.get("who"), asked.get("place")
    if who not in NAMES or place not in PLACES:
        raise web.HTTPBadRequest
    return str(who), str(place)
