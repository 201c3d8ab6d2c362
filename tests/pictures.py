"""Pictures of the bot's cards, drawn from what it really sends: a simulated Discord.

`python -m tests.pictures FOLDER` draws every kind of card at 360 and 800 pixels, and
needs `simcord[screenshot]` and a Chromium in /usr/bin, which the tests do not.
"""

import asyncio
import importlib
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import simcord

from bot.answering.answerer import Answerer
from bot.discord_bot.client import Receipts
from bot.records.records import Records
from bot.settings import cache_folder
from bot.shelf import Shelf
from bot.story.reading import load
from tests.conftest import ROOT
from tests.scene import Scene

WIDTHS: Final = (360, 800)
CHROMIUM: Final = "/usr/bin/chromium"
FLAGS: Final = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NOW: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)

MENTIONS: Final = {
    "answer": "what happened to the lawsuit against north six?",
    "statement": "what did kim say about balenciaga?",
    "premise": "why did balenciaga win the lawsuit against north six?",
    "did-you-mean": "what about the photographer?",
    "not-covered": "how much was kim paid by balenciaga?",
    "off-topic": "who painted the mona lisa?",
    "help": "hello",
    "several": "when did kim post her statement? and who shot the gift shop campaign?",
}
SPANISH: Final = ("answer", "premise", "did-you-mean", "not-covered", "help")
COMMANDS: Final = ("topics", "timeline", "sources", "latest", "about")


def use_debians_chromium() -> None:
    """Have Playwright start the system's browser in place of its own."""
    kinds: Any = importlib.import_module("playwright.async_api").BrowserType
    launch = kinds.launch

    async def system(self: object, **options: object) -> object:
        return await launch(
            self, **{**options, "executable_path": CHROMIUM, "args": FLAGS}
        )

    kinds.launch = system


async def draw(folder: Path, widths: tuple[int, ...] = WIDTHS) -> None:
    """Draw every kind of card into a folder, a file each and width."""
    use_debians_chromium()
    story = load(ROOT / "knowledge" / "balenciaga-2022", NOW.date()).story
    assert story is not None
    answerer = Answerer(story, Shelf(cache_folder()))
    with tempfile.TemporaryDirectory() as temporary:
        async with Records.open(Path(temporary) / "records.sqlite3") as records:
            for locale in ("en-US", "es-ES"):
                bot = Receipts(answerer, NOW.date, records, clock=_Hours())
                async with simcord.run(bot, settle_timeout=30) as env:
                    env.backend.bot_user.name = "Receipts"
                    await _draw_all(Scene(env, locale), folder, widths)


class _Hours:
    """A clock on which every look is an hour later: nobody ever asks too much."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 3600
        return self.seconds


async def _draw_all(scene: Scene, folder: Path, widths: tuple[int, ...]) -> None:
    is_english = scene.locale == "en-US"
    targets: dict[str, Any] = {}
    for name, question in MENTIONS.items():
        if is_english or name in SPANISH:
            await scene.mention(question)
            targets[name if is_english else f"{name}-es"] = scene.sent[-1]
    if is_english:
        targets |= await _clicked(scene, targets)
    preview = scene.env.preview(
        scene.channel, viewers=[scene.ann], presentation_time=NOW
    )
    async with preview as open_:
        for width in widths:
            for name, target in targets.items():
                await open_.screenshot(
                    folder / f"{name}-{width}.png",
                    target=target,
                    viewport=(width, 1600),
                    allow_incomplete=True,
                )


async def _clicked(scene: Scene, shown: dict[str, Any]) -> dict[str, Any]:
    """What clicks and commands show."""
    targets: dict[str, Any] = {}
    answer = shown["answer"]
    clicked = await scene.ann.click(answer, label="Sources")
    targets["quotes"] = clicked.response
    form = await scene.ann.click(answer, label="Wrong")
    wrong = await scene.ann.submit_modal(form, {"words": "it is out of date"})
    targets["wrong"] = wrong.response
    asked = await scene.ann.slash(
        scene.channel, "ask", question=MENTIONS["statement"], private=True
    )
    targets["private"] = asked.response
    for name in COMMANDS:
        targets[name] = (await scene.ann.slash(scene.channel, name)).response
    who = await scene.ann.slash(scene.channel, "who", name="demna")
    targets["who"] = who.response
    wish = await scene.ann.click(
        shown["not-covered"], label="Tell me when it's answered"
    )
    targets["tell"] = wish.response
    return targets


if __name__ == "__main__":
    chosen = Path(sys.argv[1])
    chosen.mkdir(parents=True, exist_ok=True)
    asyncio.run(draw(chosen))
