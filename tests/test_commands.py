"""Commands and message menus, and what they show."""

import time
from dataclasses import replace
from typing import Final

import discord
import pytest
import simcord
from simcord.results import InteractionResult

from bot.answering.answerer import Answerer
from bot.discord_bot.asking.app import Options
from bot.discord_bot.asking.rate_limits import LIMITS
from bot.discord_bot.client import Receipts
from bot.records.records import Records
from bot.words.catalogue import words
from tests.conftest import TODAY
from tests.scene import Clock, Scene, labels, shown, text_of, titles

QUESTION: Final = "What happened to the Harbour Street bell?"
OFF_TOPIC: Final = "what is the weather tomorrow?"
SAY: Final = words("en").say


def private(result: InteractionResult) -> str:
    """The title of what was shown, if only the asker sees it."""
    assert result.ephemeral
    assert result.response is not None
    return titles([result.response])[0]


async def test_ask_in_private(scene: Scene) -> None:
    """/ask private shows the answer to the asker alone, with a button to post it."""
    result = await scene.ann.slash(
        scene.channel, "ask", question=QUESTION, private=True
    )
    assert private(result) == QUESTION
    assert result.response is not None
    assert "Post publicly" in labels(result.response)
    assert scene.sent == []


async def test_autocomplete_is_fast(scene: Scene) -> None:
    """Suggestions come within 100 ms, ranked by meaning."""
    took: list[float] = []
    for _ in range(5):  # the best of some: the machine may have more to do
        start = time.perf_counter()
        offered = await scene.ann.autocomplete(
            scene.channel, "ask", "question", "was it taken by thieves"
        )
        took.append(time.perf_counter() - start)
        assert offered
    assert min(took) < 0.1


async def test_names_are_offered_for_what_is_a_name(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is typed is looked at no further than names go, and not without end."""
    looked: list[str] = []

    def names(_story: object, typed: str) -> list[tuple[str, str]]:
        looked.append(typed)
        return [("Ada", "ada")]

    monkeypatch.setattr("bot.discord_bot.showing.browse_cards.names", names)
    most = LIMITS["looks"][0]
    offered = [
        await scene.ann.autocomplete(scene.channel, "who", "name", "x" * 6000)
        for _ in range(most + 1)
    ]
    assert {len(one) for one in looked} == {100}
    assert len(looked) == most
    assert not offered[-1]


async def test_topics(scene: Scene) -> None:
    """/topics leads to a topic's questions, and to their answers."""
    result = await scene.ann.slash(scene.channel, "topics")
    assert private(result) == "Topics"
    assert result.response is not None
    opened = await scene.ann.select(result.response, ["bell"])
    assert opened.acknowledged
    message = result.response.message
    assert titles([message]) == ["The bell"]
    answer = await scene.ann.select(message, ["what-happened"])
    assert private(answer) == QUESTION


async def test_timeline(scene: Scene) -> None:
    """/timeline shows the dated events in order."""
    result = await scene.ann.slash(scene.channel, "timeline")
    assert private(result) == "Timeline"
    text = shown(result)
    assert text.index("**4 March 2024** The bell is missing") < text.index(
        "**12 June 2024** The bell is back"
    )


async def test_latest(scene: Scene) -> None:
    """/latest shows the last events first."""
    result = await scene.ann.slash(scene.channel, "latest")
    assert private(result) == "The latest in this story"
    text = shown(result)
    assert text.index("12 June 2024") < text.index("4 March 2024")


async def test_sources(scene: Scene) -> None:
    """/sources lists every source."""
    result = await scene.ann.slash(scene.channel, "sources")
    assert private(result) == "All sources"
    assert "[Tower bell gone overnight](https://www.example.com/" in shown(result)


@pytest.mark.parametrize("name", ["ada-moreau", "the founder", "Ada Moreau"])
async def test_who(scene: Scene, name: str) -> None:
    """/who tells who a name is, by any of their names."""
    result = await scene.ann.slash(scene.channel, "who", name=name)
    assert private(result) == "Ada Moreau"
    assert "Bell founder who was asked" in shown(result)


async def test_who_suggests(scene: Scene) -> None:
    """Typing a name offers those that begin with it, then those that hold it."""
    offered = await scene.ann.autocomplete(scene.channel, "who", "name", "har")
    names = [choice["name"] for choice in offered]
    assert names[:2] == ["The Harbour Street bell", "Harbour Council"]


async def test_who_is_not_known(scene: Scene) -> None:
    """A name that is not in the story is said not to be."""
    result = await scene.ann.slash(scene.channel, "who", name="nobody")
    assert shown(result) == SAY("who.unknown")


async def test_about(scene: Scene, kept: Records) -> None:
    """/about tells the scope, what is kept, and deletes a person's data at once."""
    await scene.ann.send_dm(QUESTION)
    answer = scene.ann.user.dm_channel.history()[-1]
    await scene.ann.user.click(answer, label="👍")
    result = await scene.ann.slash(scene.channel, "about")
    assert private(result) == "The bell of Harbour Street"
    assert "guesses about who took the bell" in shown(result)
    assert result.response is not None
    sure = await scene.ann.click(result.response, label="Delete my data")
    assert sure.response is not None
    assert await kept.votes.tallies("story") != {}
    done = await scene.ann.click(sure.response, label="Yes, delete it")
    assert shown(done) == SAY("forget.done", votes=1, reports=0, shown=1, waiting=0)
    assert await kept.votes.tallies("story") == {}
    assert await kept.shown.by(answer.id) == ()


@pytest.mark.parametrize("name", ["topics", "timeline", "sources", "latest", "about"])
async def test_in_direct_messages(scene: Scene, name: str) -> None:
    """Every list can be had in direct messages, too, as plain text."""
    result = await scene.ann.user.slash(name)
    assert result.response is not None
    assert result.response.content.startswith("### ")


async def test_answer_this(scene: Scene) -> None:
    """The menu on somebody's message answers it in private."""
    bob = scene.guild.add_member(scene.env.create_user("bob"))
    said = await bob.send(scene.channel, QUESTION)
    result = await scene.ann.context_menu(scene.channel, "Answer this", said)
    assert private(result) == QUESTION
    assert result.response is not None
    await scene.ann.click(result.response, label="Post publicly")
    assert titles(scene.sent) == [QUESTION]


async def test_answer_a_picture(scene: Scene) -> None:
    """The menu on a message without text says that there is none."""
    said = await scene.ann.send(scene.channel, "", attachments=[("bell.png", b"")])
    result = await scene.ann.context_menu(scene.channel, "Answer this", said)
    assert shown(result) == SAY("no-words")


async def test_report(scene: Scene, kept: Records) -> None:
    """The menu on an answer of the bot's reports it, and on others it does not."""
    await scene.mention(QUESTION)
    answer = scene.sent[-1]
    form = await scene.ann.context_menu(scene.channel, "Report answer", answer)
    result = await scene.ann.submit_modal(form, {"words": "it names my neighbour"})
    assert shown(result) == SAY("reported")
    (report,) = await kept.reports.open("story")
    assert (report.message.id, report.reason) == (answer.id, "it names my neighbour")
    said = await scene.ann.send(scene.channel, "hm")
    result = await scene.ann.context_menu(scene.channel, "Report answer", said)
    assert shown(result) == SAY("report.not-mine")


@pytest.fixture
async def open_scene(answerer: Answerer, kept: Records, clock: Clock) -> Receipts:
    """A bot that may read channels."""
    options = Options(reads_channels=True)
    return Receipts(answerer, lambda: TODAY, kept, options, clock)


def manager(scene: Scene) -> simcord.MemberActor:
    """A member who may manage the server."""
    powers = discord.Permissions(manage_guild=True)
    role = scene.guild.create_role("Managers", permissions=powers)
    return scene.guild.add_member(scene.env.create_user("max"), roles=[role])


async def test_channels_need_the_intent(scene: Scene) -> None:
    """Where the operator has not turned the intent on, a channel cannot be opened."""
    max_ = manager(scene)
    result = await max_.slash(scene.channel, "channel", answers=True)
    assert shown(result) == SAY("channel.no-intent")


async def test_an_open_channel(open_scene: Receipts, clock: Clock) -> None:
    """In a channel that moderators opened, questions are answered, with pauses."""
    async with simcord.run(open_scene) as env:
        scene = Scene(env)
        max_ = manager(scene)
        await scene.ann.send(scene.channel, QUESTION)
        assert scene.sent == []
        result = await max_.slash(scene.channel, "channel", answers=True, seconds=30)
        assert shown(result) == SAY("channel.on", seconds=30)
        for text in ("lol nice", OFF_TOPIC, "hello", QUESTION, QUESTION):
            await scene.ann.send(scene.channel, text)
        assert titles(scene.sent) == [QUESTION]
        clock.seconds += 31
        said = await scene.ann.send(scene.channel, QUESTION)
        assert len(scene.sent) == 2
        await scene.ann.send(scene.channel, QUESTION, reply_to=said)
        other = scene.guild.create_text_channel("other")
        await scene.ann.send(other, QUESTION)
        assert titles(other.history()) == []
        await max_.slash(scene.channel, "channel", answers=False)
        clock.seconds += 31
        await scene.ann.send(scene.channel, QUESTION)
        assert len(scene.sent) == 2


async def test_channel_in_a_thread(open_scene: Receipts, kept: Records) -> None:
    """In a thread, /channel is about the channel that the thread is in."""
    async with simcord.run(open_scene) as env:
        scene = Scene(env)
        max_ = manager(scene)
        start = await scene.ann.send(scene.channel, "about the bell")
        real = env.bot.get_channel(scene.channel.id)
        assert isinstance(real, discord.TextChannel)
        await real.create_thread(name="bell", message=discord.Object(start.id))
        await env.settle()
        thread = scene.channel.threads[0]
        result = await max_.slash(thread, "channel", answers=True)
        assert shown(result) == SAY("channel.on", seconds=60)
        found = await kept.settings.of_channel(scene.guild.id, scene.channel.id)
        assert found.answers_unasked
        await scene.ann.send(thread, QUESTION)
        assert titles(thread.history()[-1:]) == [QUESTION]


async def test_answer_this_is_not_about_what_one_asked(scene: Scene) -> None:
    """Somebody's message is answered as it stands, not after what the clicker asked."""
    await scene.mention(QUESTION)
    bob = scene.guild.add_member(scene.env.create_user("bob"))
    said = await bob.send(scene.channel, "and when?")
    result = await scene.ann.context_menu(scene.channel, "Answer this", said)
    assert titles([result.response] if result.response else []) != [
        "When did the bell come back?"
    ]


async def test_pages(scene: Scene, answerer: Answerer) -> None:
    """A long list has pages, which are turned in place."""
    bot = scene.env.bot
    assert isinstance(bot, Receipts)
    story = answerer.story
    bot.app.answerer = Answerer(replace(story, timeline=story.timeline * 9))
    result = await scene.ann.slash(scene.channel, "timeline")
    assert result.response is not None
    assert "Page 1 of 3" in shown(result)
    assert labels(result.response) == ["Next page"]
    await scene.ann.click(result.response, label="Next page")
    assert "Page 2 of 3" in text_of(result.response)
    assert labels(result.response) == ["Previous page", "Next page"]
