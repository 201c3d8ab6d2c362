"""What moderators are told in their channel, and what not."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

import discord
import pytest
import simcord
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.discord_bot.asking.app import App
from bot.discord_bot.asking.moderators_channel import (
    News,
    news_cards,
    tell_moderators,
)
from bot.discord_bot.showing.limits import problems
from bot.discord_bot.showing.messages import PLAIN_ROOM, ROOM, layout, plain
from bot.records.records import Records
from bot.records.values import Message
from bot.words.catalogue import LANGUAGES, words
from tests.conftest import TODAY
from tests.nasty import alive, texts
from tests.scene import Scene, app_of, labels, shown, text_of, titles

QUESTION: Final = "What happened to the Harbour Street bell?"
MISSING: Final = "how much was the repair of the bell?"
SAY: Final = words("en").say

NASTY: Final = (
    "@everyone ask ann@mail.example or <@1> [x](https://evil.example) 555-123-45"
)


@pytest.fixture
def room(scene: Scene) -> simcord.ChannelHandle:
    """The moderators' channel, which the operator has named."""
    channel = scene.guild.create_text_channel("moderators")
    name_channel(scene, channel.id)
    return channel


def name_channel(scene: Scene, channel: int) -> None:
    """Have the operator name a channel for the moderators."""
    app = app_of(scene)
    app.options = replace(app.options, moderators_channel=channel)


async def report(scene: Scene, answer: discord.Message, why: str) -> str:
    """Report an answer; what the reporter is told."""
    form = await scene.ann.context_menu(scene.channel, "Report answer", answer)
    return shown(await scene.ann.submit_modal(form, {"words": why}))


async def object_to(scene: Scene, answer: discord.Message, why: str) -> str:
    """Vote an answer wrong; what the voter is told."""
    form = await scene.ann.click(answer, label="👎")
    return shown(await scene.ann.submit_modal(form, {"words": why}))


@pytest.mark.parametrize(
    ("how", "title"), [(report, "news.report"), (object_to, "news.wrong")]
)
async def test_what_is_wrong_with_an_answer(
    scene: Scene,
    room: simcord.ChannelHandle,
    how: Callable[[Scene, discord.Message, str], Awaitable[str]],
    title: str,
) -> None:
    """Moderators see what is wrong with which answer and where, and not who says so."""
    await scene.mention(QUESTION)
    answer = scene.sent[-1]
    await how(scene, answer, f"it names my neighbour {NASTY}")
    (post,) = room.history()
    assert titles([post]) == [SAY(title)]
    text = text_of(post)
    assert f"- {QUESTION}" in text
    assert "it names my neighbour" in text
    where = f"{scene.guild.id}/{scene.channel.id}/{answer.id}"
    assert f"(https://discord.com/channels/{where})" in text
    for hidden in ("mail.example", "555", "evil", "<@", f" {scene.ann.name}"):
        assert hidden not in text
    body = scene.env.http_requests[-1].json
    assert body is not None
    assert body["allowed_mentions"] == {"parse": []}


async def test_a_vote_without_a_reason(
    scene: Scene, room: simcord.ChannelHandle
) -> None:
    """A vote without a reason is only counted."""
    await scene.mention(QUESTION)
    await object_to(scene, scene.sent[-1], "")
    assert room.history() == []


@pytest.mark.parametrize("where", ["server", "direct"])
async def test_a_question_that_is_sent(
    scene: Scene, room: simcord.ChannelHandle, where: str
) -> None:
    """A question for the moderators is put to them, wherever it was asked."""
    actor = scene.ann.user if where == "direct" else scene.ann
    if where == "direct":
        await scene.ann.send_dm(MISSING)
        answer = scene.ann.user.dm_channel.history()[-1]
    else:
        await scene.mention(MISSING)
        answer = scene.sent[-1]
    form = await actor.click(answer, label=SAY("send"))
    assert shown(await actor.submit_modal(form, {"words": NASTY})) == SAY("sent")
    (post,) = room.history()
    assert titles([post]) == [SAY("news.question")]
    assert "https" not in text_of(post)
    form = await actor.click(answer, label=SAY("send"))
    await actor.submit_modal(form, {"words": "?"})
    assert len(room.history()) == 1


async def test_of_another_server(scene: Scene, room: simcord.ChannelHandle) -> None:
    """An answer in another server is told of without a link, which would not open."""
    other = Scene(scene.env)
    await other.mention(QUESTION)
    await object_to(other, other.sent[-1], "no")
    (post,) = room.history()
    assert SAY("news.elsewhere") in text_of(post)
    assert "https" not in text_of(post)


async def test_a_private_answer_has_no_link(
    scene: Scene, room: simcord.ChannelHandle
) -> None:
    """Of an answer that only its asker sees there is no link."""
    result = await scene.ann.slash(
        scene.channel, "ask", question=QUESTION, private=True
    )
    assert result.response is not None
    form = await scene.ann.click(result.response, label="👎")
    await scene.ann.submit_modal(form, {"words": "no"})
    (post,) = room.history()
    assert "https" not in text_of(post)


@pytest.mark.parametrize("broken", ["gone", "closed", "refused"])
async def test_where_moderators_cannot_be_told(
    scene: Scene,
    room: simcord.ChannelHandle,
    kept: Records,
    broken: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Where their channel is gone or closed, there is a line in the log, no more."""
    await scene.mention(QUESTION)
    if broken == "gone":
        name_channel(scene, 1)
    elif broken == "closed":
        me = scene.guild.roles[scene.me.name]
        closed = scene.guild.create_text_channel(
            "closed", overwrites={me: discord.PermissionOverwrite(send_messages=False)}
        )
        name_channel(scene, closed.id)
    else:
        scene.env.inject_error(
            "POST", "/channels/*/messages", status=403, code=50013, message="no"
        )
    said = await report(scene, scene.sent[-1], "wrong")
    assert said == SAY("reported")
    assert len(await kept.reports.open("story")) == 1
    assert room.history() == []
    lines = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert len(lines) == 1
    assert "moderators were not told" in lines[0].message


async def test_where_components_are_refused(
    scene: Scene, room: simcord.ChannelHandle
) -> None:
    """Where Discord refuses components, moderators are told in plain text."""
    await scene.mention(QUESTION)
    scene.env.inject_error(
        "POST", "/channels/*/messages", status=400, code=50035, message="no"
    )
    await report(scene, scene.sent[-1], "wrong")
    assert room.history()[0].content.startswith(f"### {SAY('news.report')}")


async def test_moderators_are_not_flooded(
    scene: Scene, room: simcord.ChannelHandle, kept: Records
) -> None:
    """Who sends much is no longer passed on, and kept all the same."""
    await scene.mention(QUESTION)
    for number in range(7):
        await report(scene, scene.sent[0], f"wrong {number}")
    assert len(room.history()) == 5
    (report_,) = await kept.reports.open("story")
    assert report_.reason == "wrong 6"


async def test_news_is_dealt_with_by_nobody_else(
    scene: Scene, room: simcord.ChannelHandle
) -> None:
    """What moderators are told has nothing to press: it is for reading."""
    await scene.mention(QUESTION)
    await report(scene, scene.sent[-1], "wrong")
    assert labels(room.history()[0]) == []


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(["report", "wrong", "question"]),
    texts,
    st.sampled_from(LANGUAGES),
    st.sampled_from([None, Message(1, 2, 3), Message(4, 5, 6), Message(None, 5, 6)]),
)
def test_news_only_reads(
    answerer: Answerer, what: str, text: str, language: str, where: Message | None
) -> None:
    """Whatever people write, news fits, pings nobody, and links to one message only."""
    app = App(answerer, lambda: TODAY)
    news = News(what, text, ("what-happened", "gone"), where)  # pyright: ignore[reportArgumentType]
    said = words(language)
    for room_, make in ((ROOM, layout), (PLAIN_ROOM, plain)):
        found = news_cards(news, app, 1, said, room_)
        sending = make(found)
        below = sending.view.to_components() if sending.view else []
        assert problems(sending.content, below) == []
        for card in found:
            addresses, drawn = alive(card.texts[0].removeprefix("### "))
            assert drawn == []
            assert set(addresses) <= {"https://discord.com/channels/1/2/3"}


async def test_few_cannot_silence_the_notices(
    scene: Scene, room: simcord.ChannelHandle
) -> None:
    """Where much is told at once, one sentence says that there is more in the queue.

    What is reported is not held back because much was asked.
    """
    await scene.mention(QUESTION)
    app, bot = app_of(scene), scene.env.bot
    for person in range(8):
        for _ in range(5):
            await tell_moderators(bot, app, News("question", "why?"), person)
    told = list(room.history())
    assert len(told) == 31
    assert text_of(told[-1]) == SAY("news.much")
    await tell_moderators(bot, app, News("report", "it is wrong"), 100)
    assert "it is wrong" in text_of(list(room.history())[-1])
