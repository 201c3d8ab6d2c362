"""The bot on a page that looks like Discord, over a copy of a story."""

import asyncio
import gc
import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bot.answering.answerer import Answerer
from bot.discord_bot.asking.app import App
from bot.history.history import history_of
from bot.moderating.workshop import Workshop
from bot.publishing.gate import Gate
from bot.publishing.live import Live
from bot.records.records import Records
from bot.settings import cache_folder
from bot.shelf import Shelf
from bot.story.model import Problem, Story

if TYPE_CHECKING:  # there at no other time
    from bot.discord_bot.demo.world import World


def demonstrate(
    folder: Path,
    shown: str,
    today: Callable[[], date],
    port: int,
    tell: Callable[[str], object],
) -> tuple[Problem, ...]:
    """Serve the page until interrupted; what is wrong with the story, if that is so.

    What is changed there is changed in a copy, which is gone afterwards. `tell` is told
    the page's address.

    Raises:
        OSError: The port is taken.
    """
    gc.enable()
    with TemporaryDirectory(prefix="receipts-") as kept:
        copy = Path(kept) / "story"
        shutil.copytree(folder, copy)
        live = _live(copy, Path(kept), shown, today)
        live.start()
        if (answerer := live.current) is None:
            return live.problems
        serving = _serve(live, answerer, Path(kept), today, partial(_page, port, tell))
        asyncio.run(serving)
    return ()


def _live(
    folder: Path, kept: Path, shown: str, today: Callable[[], date]
) -> Live[Answerer]:
    shelf = Shelf(cache_folder())

    def build(story: Story, before: Answerer | None) -> Answerer:
        return Answerer(story, shelf, before=before)

    gate = Gate(build, today, shelf, shown)
    return Live(folder, gate, today, keep=kept / "last-good", shown=shown)


async def _serve(
    live: Live[Answerer],
    answerer: Answerer,
    kept: Path,
    today: Callable[[], date],
    serve: Callable[["World"], Awaitable[None]],
) -> None:
    # Only here is SimCord, which nothing else needs.
    from bot.discord_bot.demo.world import world  # noqa: PLC0415

    def opens(app: App, records: Records) -> Workshop:
        return Workshop(
            app.options.story,
            history_of(kept / "story", kept / "history"),
            records,
            judge=live.judge,
            serving=lambda: app.answerer,
            now=lambda: datetime.now(UTC),
        )

    async with (
        Records.open(kept / "records.sqlite3") as records,
        world(live, answerer, records, today, opens) as found,
    ):
        await serve(found)


async def _page(port: int, tell: Callable[[str], object], found: "World") -> None:
    from bot.discord_bot.demo.page import serve  # noqa: PLC0415

    await serve(found, port, tell)
