"""The picture of the page that looks like Discord.

`python -m tests.demo_picture FILE.png` asks the bundled story there, and has the page's
picture taken. It needs Chromium.
"""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests import chromium
from tests.places import ROOT
from tests.test_demo import FOCUS, LAST, served

STORY: Final = ROOT / "knowledge" / "balenciaga-2022"
QUESTION: Final = "did they drop the case against north six?"
SIZE: Final = (960, 660)


async def _picture() -> bytes:
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        async with (
            served(STORY) as address,
            chromium.browser(address, folder, SIZE) as page,
        ):
            await page.script(FOCUS)
            await page.type(f"@Receipts {QUESTION}")
            await page.until(f"{LAST}?.innerText.includes('Sources')")
            await page.until("!document.getElementById('typing').innerText")
            return await page.picture()


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(asyncio.run(_picture()))
