"""Messages of a simulated Discord, drawn and measured by a browser without a window.

SimCord's preview draws them; it would have Playwright start a browser, which nothing
else here needs, so the page is opened with `tests.chromium` in place of that.
"""

import base64
import json
from typing import Any, Final

import simcord

from tests.chromium import Browser

_PINNED: Final = """{
const pinned = %s, real = window.fetch;
window.fetch = (path, how) => path === "/api/pages"
  ? Promise.resolve(new Response(JSON.stringify(pinned))) : real(path, how);
}"""
"""Gives the page what it is to show, as the preview's own pictures do."""

_SHOWN: Final = "window.simcordPreview?.ready && document.fonts.status === 'loaded'"
_WHERE: Final = """import('/geometry.js').then((one) => {
  const found = one.captureGeometry(%s);
  return found && one.rasterCrop(found.visibleCrop);
})"""
_HEIGHTS: Final = """Object.fromEntries(
  [...document.querySelectorAll('.channel-message[data-message-id]')].map((one) => [
    one.dataset.messageId,
    [...one.querySelectorAll('.component-container')]
      .reduce((sum, box) => sum + box.getBoundingClientRect().height, 0)]))"""

_HIGH: Final = 3200
"""Pixels: higher than any card is."""


class Drawing:
    """Draws the messages of one channel."""

    def __init__(self, browser: Browser, preview: simcord.Preview) -> None:
        self._browser = browser
        self._preview: Any = preview

    async def picture(self, target: object, width: int) -> bytes:
        """One message, or the form that it opened, as PNG."""
        where = await self._open(target, width, "message")
        picture = await self._browser.call(
            "Page.captureScreenshot", format="png", clip={**where, "scale": 1}
        )
        return base64.b64decode(picture["data"])

    async def heights(self, last: object, width: int) -> dict[str, float]:
        """How high the cards of up to 50 messages are, by the messages' ids.

        `last` is the last of them.
        """
        await self._open(last, width, "channel")
        return await self._browser.script(_HEIGHTS)

    async def _open(self, target: object, width: int, layout: str) -> dict[str, float]:
        """Show a message in the browser; where in the page it is."""
        preview, page = self._preview, self._browser
        await preview.refresh()
        pin = preview._pin_capture(
            preview.viewers[0], target, 0.0, (width, _HIGH), layout
        )
        await page.call("Page.enable")
        script = await page.call(
            "Page.addScriptToEvaluateOnNewDocument",
            source=_PINNED % json.dumps(pin.snapshot),
        )
        try:
            await page.resize(width, _HIGH)
            await page.call("Emulation.setScrollbarsHidden", hidden=True)
            await page.call("Page.navigate", url="about:blank")
            await page.call("Page.navigate", url=preview.url)
            await page.until(_SHOWN)
            of = {"mode": "surface", "modal": bool(pin.modal_id)}
            where = json.dumps(of | {"targetId": pin.target_id})
            return await page.script(_WHERE % where)
        finally:
            await page.call("Page.removeScriptToEvaluateOnNewDocument", **script)
            preview._pages.pop(pin.page.id, None)
            preview._clear_page_assets(pin.page)
