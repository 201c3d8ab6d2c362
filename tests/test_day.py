"""A moderator's whole day, in Discord and in the files, with everything running."""

from collections.abc import AsyncIterator, Callable
from typing import Final

import pytest
import simcord

from bot.discord_bot import announcing, watching
from bot.discord_bot.client import Receipts
from bot.words.catalogue import words
from tests.home import Home, answer
from tests.scene import labels, text_of
from tests.test_watching import until

SAY: Final = words("en").say
FACTS: Final = "facts/bell.yaml"
ANSWERS: Final = "answers/bell.yaml"
QUESTION: Final = "where was Ada Moreau on 5 March 2024"
STOLEN: Final = "Was the bell stolen?"
THEFT: Final = "Neighbours of the tower said that the bell had been stolen."


@pytest.fixture
async def day(home: Home, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Home]:
    """The home server, where files are watched and who waits is told."""
    for module, names in (
        (watching, ("EVERY", "SOON", "REST")),
        (announcing, ("EVERY",)),
    ):
        for name in names:
            monkeypatch.setattr(module, name, 0.02)
    bot = home.env.bot
    assert isinstance(bot, Receipts)
    found = home.following.start()
    async with (
        watching.watching(bot, home.following, found),
        announcing.announcing(bot),
    ):
        yield home


async def swapped(home: Home, act: Callable[[], object]) -> None:
    """Wait until a change is live."""
    before = home.app.answerer.story.revision
    act()
    await until(lambda: home.app.answerer.story.revision != before)


async def click(
    home: Home, shown: simcord.ResponseMessage, key: str
) -> simcord.ResponseMessage:
    """What Mo is shown after clicking on something."""
    return answer(await home.mo.click(shown, label=SAY(key)))


async def submitted(home: Home, preview: simcord.ResponseMessage) -> str:
    """Submit a draft, wait until it is live, and give the version that it made."""
    before = home.app.answerer.story.revision
    done = await click(home, preview, "button.submit")
    assert "Done" in text_of(done)
    await until(lambda: home.app.answerer.story.revision != before)
    return (await home.workshop.log(1))[0].id


async def typed(
    home: Home, name: str, parts: dict[str, str], field: str = ""
) -> simcord.ResponseMessage:
    """What Mo is shown after writing in a record's form, as `facts/bell-gone`."""
    collection, _, record = name.partition("/")
    options = {"field": field} if field else {}
    form = await home.use(f"{collection} edit", id=record, **options)
    return answer(await home.mo.submit_modal(form, parts))


async def test_a_question_is_answered_and_its_asker_told(day: Home) -> None:
    """Unanswered question, queue, way of asking, asker told, answered: nothing by hand.

    The queue no longer shows it, and the figures know of all of it.
    """
    card = answer(await day.ann.slash(day.channel, "ask", question=QUESTION))
    wish = answer(await day.ann.click(card, label=SAY("button.tell")))
    await day.ann.click(wish, label=SAY("button.here"))
    listed = answer(await day.use("queue"))
    assert QUESTION in text_of(listed)
    (want,) = await day.records.questions.all("story")
    menu = "m1:item:questions:::0"
    opened = answer(await day.mo.select(listed, [str(want.id)], custom_id=menu))
    ways = next(part for part in custom_ids(opened) if part.startswith("m1:ways:"))
    preview = answer(await day.mo.select(opened, ["was-it-stolen"], custom_id=ways))
    assert f"**Also asked**: **{QUESTION}**" in text_of(preview)
    await submitted(day, preview)
    await until(lambda: day.sent)
    (told,) = day.sent
    assert text_of(told).startswith(SAY("told.here", person=day.ann.id))
    assert f"### {STOLEN}" in text_of(told)
    assert f"### {STOLEN}" in text_of(await day.ask(QUESTION))
    assert QUESTION not in text_of(answer(await day.use("queue")))
    (picture, _) = answer(await day.use("stats")).message.attachments
    assert "Questions: 2" in (picture.description or "")
    assert "Not covered: 1" in (picture.description or "")


async def test_a_fact_is_mended_by_hand_and_in_discord(day: Home) -> None:
    """What is mended in an editor is live, as is what is mended in Discord, or undone.

    The other lines of the file stay as they are.
    """
    by_hand = THEFT.replace("Neighbours", "Some neighbours")
    await swapped(day, lambda: day.folder.edit(FACTS, THEFT, by_hand))
    assert day.app.answerer.story.facts["neighbours-theft"].statement == by_hand
    whole = day.folder.read(FACTS)
    again = by_hand.replace("Some", "Several")
    preview = await typed(
        day, "facts/neighbours-theft", {"statement": again}, "statement"
    )
    version = await submitted(day, preview)
    assert day.folder.read(FACTS) == whole.replace(by_hand, again)
    undone = answer(await day.use("facts undo", version=version))
    await submitted(day, undone)
    assert day.folder.read(FACTS) == whole


async def test_an_answer_is_hidden(day: Home) -> None:
    """What is hidden is off in a moment, and on again when it is shown again."""
    assert f"### {STOLEN}" in text_of(await day.ask(STOLEN))
    before = day.app.answerer.story.revision
    what, reason = "answers/was-it-stolen", "the council called"
    assert reason not in day.folder.read(ANSWERS)
    await day.use("hide", what=what, reason=reason)
    await until(lambda: day.app.answerer.story.revision != before)
    assert f"### {STOLEN}" not in text_of(await day.ask(STOLEN))
    view = answer(await day.use("answers view", id="was-it-stolen"))
    await submitted(day, await click(day, view, "button.unhide"))
    assert f"### {STOLEN}" in text_of(await day.ask(STOLEN))


async def test_two_moderators_at_once(day: Home) -> None:
    """Who is second sees both versions, and decides; nothing is lost by anybody."""
    form = await day.use("facts edit", id="neighbours-theft", field="statement")
    theirs = THEFT.replace("Neighbours", "Some neighbours")
    await swapped(day, lambda: day.folder.edit(FACTS, THEFT, theirs))
    mine = THEFT.replace("Neighbours", "Several neighbours")
    conflict = answer(await day.mo.submit_modal(form, {"statement": mine}))
    text = text_of(conflict)
    assert SAY("conflict.title") in text
    assert "~~Neighbours~~ **Some neighbours** of" in text
    assert "~~Neighbours~~ **Several neighbours** of" in text
    await submitted(day, await click(day, conflict, "button.mine"))
    assert mine in day.folder.read(FACTS)


async def test_a_thief_is_refused(day: Home) -> None:
    """A way of asking that would take another answer's questions cannot be sent off."""
    stolen = "When did the bell come back?"
    ways = f"who stole the bell\ndid somebody take the town bell\n{stolen}"
    before = day.folder.read(ANSWERS)
    shown = await typed(
        day, "answers/was-it-stolen", {"also_asked": ways}, "also_asked"
    )
    assert SAY("preview.refused") in text_of(shown)
    assert SAY("button.submit") not in labels(shown)
    assert day.folder.read(ANSWERS) == before
    (draft,) = await day.records.drafts.open_of("story", day.mo.id)
    assert stolen in str(draft.content)


def custom_ids(message: simcord.ResponseMessage) -> list[str]:
    """The custom ids of all that a message has to press."""
    found, parts = list[str](), list[object](message.message.components)
    while parts:
        part = parts.pop(0)
        if name := getattr(part, "custom_id", None):
            found.append(str(name))
        parts[:0] = getattr(part, "children", ())
    return found
