"""The page that looks like Discord: what it lets in, and what can be done there."""

import asyncio
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any, Final

import aiohttp
import pytest

from bot.cli.main import main
from bot.settings import Settings
from tests import chromium
from tests.places import ROOT

STORY: Final = ROOT / "bot" / "template"
QUESTION: Final = "When did the bell come back?"
FOCUS: Final = "document.getElementById('text').focus()"
LAST: Final = "[...document.querySelectorAll('.card')].at(-1)"


@asynccontextmanager
async def served(story: Path = STORY) -> AsyncGenerator[str]:
    """`receipts demo` on a free port, over the invented story or one; its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "demo", "--no-browser", "--port", "0", "--story", str(story)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout
        async with asyncio.timeout(chromium.PATIENCE):
            line = (await process.stdout.readline()).decode()
        yield line.partition("Discord: ")[2].split()[0]
    finally:
        process.terminate()
        await process.wait()


async def _post(
    address: str, body: object, to: str = "see", **headers: str
) -> tuple[int, Any]:
    origin = {"Origin": address.rstrip("/")}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{address}{to}", json=body, headers=origin | headers) as found,
    ):
        told = await found.json() if found.status == 200 else None
        return found.status, told


async def test_only_the_page_itself_is_let_in() -> None:
    """Another host or origin, another kind of body, an unknown person: refused."""
    body = {"who": "asker", "place": "general"}
    async with served() as address:
        status, told = await _post(address, body)
        assert status == 200
        assert told["messages"] == []
        assert {"ask", "about"} <= {one["name"] for one in told["commands"]}
        for headers in (
            {"Origin": "https://evil.example"},
            {"Host": "evil.example"},
            {"Content-Type": "text/plain"},
        ):
            assert (await _post(address, body, **headers))[0] == 403
        assert (await _post(address, body | {"who": "root"}))[0] == 400
        assert (await _post(address, [body]))[0] == 400
        private = {"who": "asker", "place": "moderators"}
        assert (await _post(address, private))[1]["messages"] == []


async def test_a_story_without_answers_can_be_tried(tmp_path: Path) -> None:
    """Where there is nothing to ask yet, the page is there all the same."""
    story = tmp_path / "empty"
    assert main(["new", str(story), "--empty"], Settings(), date(2026, 1, 1)) == 0
    async with served(story) as address:
        for who in ("asker", "moderator"):
            status, told = await _post(address, {"who": who, "place": "general"})
            assert (status, told["examples"], told["fact"]) == (200, [], "")


async def test_a_form_is_sent_once() -> None:
    """What comes a second time, or for no form, does nothing."""
    body: dict[str, object] = {
        "who": "asker",
        "place": "general",
        "what": "form",
        "values": {},
    }
    async with served() as address:
        assert await _post(address, body, "do") == (200, {"form": None})


async def test_it_listens_on_this_machine_only() -> None:
    """The address is one that no other machine can reach."""
    async with served() as address:
        assert address.startswith("http://127.0.0.1:")


@pytest.mark.skipif(bool(chromium.missing()), reason=chromium.missing())
async def test_a_person_asks_and_a_moderator_changes_a_fact(tmp_path: Path) -> None:
    """Asked, sources tapped, a fact changed: the next answer is another.

    What people were told is corrected, and the story itself stays as it was.
    """
    before = {one: one.read_bytes() for one in STORY.rglob("*.yaml")}
    async with served() as address, chromium.browser(address, tmp_path) as page:
        await page.script(FOCUS)
        await page.type(f"@Receipts {QUESTION}")
        await page.until(f"{LAST}?.innerText.includes('as of 12 Jun 2024')")
        assert "@Receipts" in await page.script(
            "document.querySelector('.message .mention').innerText"
        )
        await press(page, "Sources")
        await page.until("document.querySelector('.message.private')")
        await page.script("document.querySelector('[data-id=moderator]').click()")
        await page.script(FOCUS)
        await page.type("/facts edit id:bell-returned field:as_of")
        await page.until("document.querySelector('dialog[open] textarea')")
        await page.script(
            "document.querySelector('dialog textarea').value = '2024-06-13';"
            "document.querySelector('dialog button.s1').click()"
        )
        await page.until(f"{LAST}?.innerText.includes('I asked')")
        await press(page, "Submit and correct messages")
        await page.until("document.querySelector('dialog[open] textarea')")
        await page.script(
            "document.querySelector('dialog textarea').value = 'It was a day later.';"
            "document.querySelector('dialog button.s1').click()"
        )
        await page.until(f"{LAST}?.innerText.startsWith('Done')")
        await page.script("document.querySelector('[data-id=asker]').click()")
        await page.until(
            "document.querySelector('.card').innerText.includes('It was a day later.')"
        )
        await page.script(FOCUS)
        await page.type(f"/ask {QUESTION}")
        await page.until(f"{LAST}?.innerText.includes('as of 13 Jun 2024')")
    assert {one: one.read_bytes() for one in STORY.rglob("*.yaml")} == before


@pytest.mark.skipif(bool(chromium.missing()), reason=chromium.missing())
async def test_messages_have_menus_and_can_be_replied_to(tmp_path: Path) -> None:
    """Told directly, replied to, reported; a moderator's reply becomes an answer."""
    async with served() as address, chromium.browser(address, tmp_path) as page:
        await choose(page, "direct")
        await page.type(QUESTION)
        await page.until("document.body.innerText.includes('as of 12 Jun 2024')")
        await choose(page, "general")
        await page.type("Was the bell stolen?")
        await page.until(MESSAGE)
        await right_click(page, "Answer this")
        await page.until(f"{LAST}?.innerText.includes('reports a theft')")
        await page.type("@Receipts how heavy is the bell?")
        await page.until(f"{LAST}?.innerText.includes('None of these')")
        await right_click(page, "Report answer")
        await page.until("document.querySelector('dialog[open]')")
        await page.script("document.querySelector('dialog[open]').close()")
        assert await menu(page) == ["Reply", "Answer this", "Report answer"]
        await choose(page, "moderator")
        await right_click(page, "Reply", 0)
        await page.type("Nobody confirmed a theft.")
        await page.until(f"{MESSAGE}.innerText.includes('Nobody confirmed')")
        assert await menu(page) == [
            *("Reply", "Answer this", "Report answer"),
            *("Add as question", "Make it an answer"),
        ]
        await right_click(page, "Make it an answer")
        await page.until(f"{LAST}?.innerText.includes('Nobody confirmed a theft.')")
        assert "Draft 1" in await page.script(f"{LAST}.innerText")


MESSAGE: Final = "[...document.querySelectorAll('.message:not(.private)')].at(-1)"


async def choose(page: chromium.Browser, name: str) -> None:
    """Go to a place, or be somebody else, and write there."""
    await page.script(f"document.querySelector('[data-id={name}]').click(); {FOCUS}")
    await page.script("state.looked")


async def menu(page: chromium.Browser, at: int = -1) -> list[str]:
    """What the menu of a message in the place has."""
    message = MESSAGE.replace("-1", str(at))
    buttons = f"[...{message}.querySelectorAll('.menu button')]"
    return await page.script(f"{buttons}.map((one) => one.textContent)")


async def right_click(page: chromium.Browser, label: str, at: int = -1) -> None:
    """Choose something from the menu that a right click on a message opens."""
    message = MESSAGE.replace("-1", str(at))
    event = "new MouseEvent('contextmenu', {bubbles: true, cancelable: true})"
    await page.script(f"{message}.querySelector('.face').dispatchEvent({event})")
    buttons = f"[...{message}.querySelectorAll('.menu[open] button')]"
    await page.script(
        f"{buttons}.find((one) => one.textContent === {label!r}).click(); {FOCUS}"
    )


async def press(page: chromium.Browser, label: str) -> None:
    """Press the last button of a label."""
    await page.script(
        "[...document.querySelectorAll('.card button')]"
        f".filter((one) => one.innerText === {label!r}).at(-1).click()"
    )
