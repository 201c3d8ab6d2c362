"""A browser without a window, told what to do over its own debugging connection."""

import asyncio
import base64
import json
import re
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Final

import aiohttp

FLAGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)


PATIENCE: Final = 240.0
"""How many seconds anything may take on a busy machine."""


def missing() -> str:
    """Why there is no browser to test with; "" where there is one."""
    return "" if _program() else "there is no chromium here"


def _program() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


class Browser:
    """A page in a browser."""

    def __init__(self, wire: aiohttp.ClientWebSocketResponse) -> None:
        self._wire = wire
        self._numbers = count(1)

    async def call(self, method: str, **what: object) -> dict[str, Any]:
        """Have the browser do something; what it says of it."""
        number = next(self._numbers)
        await self._wire.send_json({"id": number, "method": method, "params": what})
        while True:
            told = await self._wire.receive_json()
            if told.get("id") == number:
                assert "error" not in told, told
                return told["result"]

    async def script(self, code: str) -> Any:  # noqa: ANN401 - whatever it gives
        """What some JavaScript gives in the page."""
        found = await self.call(
            "Runtime.evaluate", expression=code, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def until(self, code: str, seconds: float = PATIENCE) -> None:
        """Wait until some JavaScript is true."""
        try:
            async with asyncio.timeout(seconds):
                while not await self.script(f"Boolean({code})"):  # noqa: ASYNC110 - it is told by nobody
                    await asyncio.sleep(0.1)
        except TimeoutError:
            shown = await self.script("document.body.innerText")
            raise AssertionError(f"never so: {code}\n{shown}") from None

    async def type(self, text: str) -> None:
        """Type a text where the cursor is, and press Enter."""
        await self.call("Input.insertText", text=text)
        for kind in ("keyDown", "keyUp"):
            key = {"key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13}
            more = {"text": "\r"} if kind == "keyDown" else {}
            await self.call("Input.dispatchKeyEvent", type=kind, **key, **more)

    async def resize(self, width: int, height: int) -> None:
        """Show the page this large; a window would not be narrower than 500 pixels."""
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            mobile=False,
            deviceScaleFactor=1,
        )

    async def picture(self) -> bytes:
        """What the page looks like, as PNG."""
        found = await self.call("Page.captureScreenshot", format="png")
        return base64.b64decode(found["data"])


@asynccontextmanager
async def browser(
    address: str,
    folder: Path,
    size: tuple[int, int] = (1100, 720),
    ready: str = "document.querySelector('#places button')",
) -> AsyncGenerator[Browser]:
    """A browser that shows an address; `folder` is where it keeps what is its own.

    It is there when `ready`, a line of JavaScript, is true; by default of the demo.
    """
    program = _program()
    assert program
    width, height = size
    process = await asyncio.create_subprocess_exec(
        program,
        *FLAGS,
        f"--user-data-dir={folder}",
        "about:blank",
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stderr
        async with asyncio.timeout(PATIENCE):
            while line := (await process.stderr.readline()).decode():
                if found := re.search(r"ws://([^/]+)/", line):
                    break
            else:
                raise AssertionError("the browser did not start")
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://{found[1]}/json/list") as told:
                pages = json.loads(await told.text())
            page = next(one for one in pages if one["type"] == "page")
            wire = page["webSocketDebuggerUrl"]
            async with session.ws_connect(wire, max_msg_size=0) as connected:
                shown = Browser(connected)
                await shown.resize(width, height)
                await shown.call("Page.navigate", url=address)
                await shown.until(ready)
                yield shown
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
