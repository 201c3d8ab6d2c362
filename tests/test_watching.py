"""While the bot runs: a change of the files answers, and moderators are told."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest
import simcord
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.discord_bot import watching as module
from bot.discord_bot.client import Receipts
from bot.discord_bot.showing.limits import problems
from bot.discord_bot.watching import news_text, watching
from bot.publishing.live import Live, Refused, Swapped
from bot.story.model import Problem
from bot.words.catalogue import LANGUAGES, words
from tests.folder import Folder
from tests.nasty import alive, texts
from tests.scene import Scene, text_of

QUESTION: Final = "What happened to the Harbour Street bell?"
ANSWERS: Final = "answers/bell.yaml"
SAY: Final = words("en").say


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """The story's folder."""
    return Folder(tmp_path / "story")


@pytest.fixture
def room(scene: Scene) -> simcord.ChannelHandle:
    """The moderators' channel, which the operator has named."""
    found = scene.guild.create_text_channel("moderators")
    app = client_of(scene).app
    app.options = replace(app.options, moderators_channel=found.id)
    return found


def client_of(scene: Scene) -> Receipts:
    """The bot."""
    assert isinstance(scene.env.bot, Receipts)
    return scene.env.bot


def follow(folder: Folder) -> Live[Answerer]:
    """The folder as it changes, with good revisions kept beside it."""
    return folder.live(folder.path.parent / "keep")


@asynccontextmanager
async def watched(
    scene: Scene, live: Live[Answerer], monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[None]:
    """The bot watches its files, with little patience."""
    for name in ("EVERY", "SOON", "REST"):
        monkeypatch.setattr(module, name, 0.01)
    found = live.start()
    async with watching(client_of(scene), live, found):
        yield


async def until(is_so: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 - it is on disk, or in a thread
            await asyncio.sleep(0.01)


def told(room: simcord.ChannelHandle) -> list[str]:
    """What was posted in a channel, oldest first."""
    return [text_of(one).replace("\\", "") for one in room.history()]


async def test_a_changed_file_changes_the_answer(
    scene: Scene, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is saved is what is answered, without a restart, and nobody is told."""
    live = follow(folder)
    async with watched(scene, live, monkeypatch):
        before = live.current
        assert "council's gong" not in text_of(await scene.ask(QUESTION))
        text = folder.read(ANSWERS)
        folder.write(
            ANSWERS,
            text.replace("The Harbour Street bell was", "The council's gong was"),
        )
        await until(lambda: client_of(scene).app.answerer is not before)
        assert "council's gong" in text_of(await scene.ask(QUESTION))


async def test_what_is_built_fast_is_built_in_full(
    scene: Scene, folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A change is answered at once, and soon as if the bot had been started over it."""
    live = follow(folder)
    app = client_of(scene).app
    async with watched(scene, live, monkeypatch):
        monkeypatch.setattr(module, "REST", 0.5)
        more = "- where is the bell\n    - and the gong, where did it go"
        folder.edit(ANSWERS, "- where is the bell", more)
        await until(lambda: not app.answerer.is_settled)
        revision = app.answerer.story.revision
        await until(lambda: app.answerer.is_settled)
        assert app.answerer.story.revision == revision


async def test_broken_files_are_told_to_moderators_once(
    scene: Scene,
    folder: Folder,
    room: simcord.ChannelHandle,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The last good answer stays; the moderators read what is wrong, and when well."""
    caplog.set_level(logging.INFO)
    live = follow(folder)
    good = folder.read(ANSWERS)
    async with watched(scene, live, monkeypatch):
        before = text_of(await scene.ask(QUESTION))
        folder.write(ANSWERS, f"{good}\n- id: [\n")
        await until(lambda: told(room))
        (said,) = told(room)
        assert str(live.problems[0].line) in said
        assert f"story/{ANSWERS}" in said
        assert live.current
        assert live.current.story.revision in said
        folder.write(ANSWERS, f"{good}\n\n- id: [\n")
        await asyncio.sleep(0.3)
        assert len(told(room)) == 1
        assert text_of(await scene.ask(QUESTION)) == before
        folder.write(ANSWERS, good)
        await until(lambda: len(told(room)) == 2)
        well = SAY("files.well", revision=live.current.story.revision)
        assert told(room)[1] == well
    assert "the last good one" in caplog.text
    assert f"story/{ANSWERS}" in caplog.text


async def test_a_missed_question_is_told_with_its_line(
    scene: Scene,
    folder: Folder,
    room: simcord.ChannelHandle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A change that takes a regression question's answer away does not go live."""
    async with watched(scene, follow(folder), monkeypatch):
        line = folder.edit("questions.yaml", "what happened to the bell?", "hi!")
        await until(lambda: told(room))
        assert f"story/questions.yaml:{line}:8: “hi!” must lead to" in told(room)[0]


async def test_a_start_over_broken_files_is_told(
    scene: Scene,
    folder: Folder,
    room: simcord.ChannelHandle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What a restart found is told, and what was good last answers."""
    served = follow(folder).start()
    assert isinstance(served, Swapped)
    folder.write(ANSWERS, "- id: [\n")
    async with watched(scene, follow(folder), monkeypatch):
        await until(lambda: told(room))
        assert served.revision in told(room)[0]
        assert QUESTION in text_of(await scene.ask(QUESTION))


@pytest.mark.parametrize("gone", [True, False])
async def test_a_channel_that_is_not_there_is_a_line_in_the_log(
    gone: bool,  # noqa: FBT001 - a parameter
    scene: Scene,
    folder: Folder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Where moderators cannot be told, the bot goes on."""
    app = client_of(scene).app
    app.options = replace(app.options, moderators_channel=1 if gone else None)
    live = follow(folder)
    async with watched(scene, live, monkeypatch):
        folder.write(ANSWERS, "- id: [\n")
        await until(lambda: live.problems)
        if gone:
            await until(lambda: "moderators were not told" in caplog.text)
        assert QUESTION in text_of(await scene.ask(QUESTION))


async def test_a_failure_of_ours_is_logged_and_the_bot_goes_on(
    scene: Scene,
    folder: Folder,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """What looking raises is in the log, once, and takes nothing down."""
    live = follow(folder)

    def fail() -> None:
        raise ZeroDivisionError

    async with watched(scene, live, monkeypatch):
        monkeypatch.setattr(live, "look", fail)
        await until(lambda: "ZeroDivisionError" in caplog.text)
        await asyncio.sleep(0.1)
        assert caplog.text.count("could not be looked at") == 1
        assert QUESTION in text_of(await scene.ask(QUESTION))


@given(
    st.lists(
        st.builds(Problem, texts, st.just(3), st.just(1), st.just("error"), texts)
    ),
    st.sampled_from(LANGUAGES),
)
def test_what_moderators_are_told_fits_and_does_nothing(
    wrong: list[Problem], language: str
) -> None:
    """However much is wrong, in whatever words: one message that pings nobody."""
    for count in (1, 300):
        news = Refused(tuple(wrong * count), "c0ffee")
        text = news_text(news, words(language))
        assert problems(text, []) == []
        assert alive(text) == ([], [])


def test_how_many_more_there_are() -> None:
    """The first problems are shown, and the others counted."""
    wrong = tuple(Problem("a.yaml", at, 1, "error", "no") for at in range(1, 23))
    lines = news_text(Refused(wrong, "c0ffee"), words("en")).split("\n")
    assert lines[1].replace("\\", "") == "- a.yaml:1:1: no"
    assert lines[-1] == "and 12 more"
