"""Ways to ask by message: forwarded, posted again, under another's, without words."""

from typing import Any, Final

import discord
import pytest
import simcord
from simcord.http._helpers import poll_from_wire

from bot.answering.answerer import Answerer
from bot.discord_bot.asking.app import Options
from bot.discord_bot.asking.reposts import SOON
from bot.discord_bot.client import Receipts
from bot.records.records import Records
from bot.words.catalogue import words
from tests.conftest import TODAY
from tests.scene import Clock, Scene, text_of, titles

QUESTION: Final = "What happened to the Harbour Street bell?"
OTHER: Final = "When did the bell come back?"
SAY: Final = words("en").say


@pytest.fixture
def bob(scene: Scene) -> simcord.MemberActor:
    """Another person in the server."""
    return scene.guild.add_member(scene.env.create_user("bob"))


async def test_a_forwarded_question_is_answered(
    scene: Scene, bob: simcord.MemberActor
) -> None:
    """A direct message that forwards a question is answered by the forwarded words."""
    said = await bob.send(scene.channel, QUESTION)
    await scene.ann.forward(said, scene.ann.user.dm_channel)
    assert QUESTION in text_of(scene.ann.user.dm_channel.history()[-1])


async def test_a_forwarded_picture_is_answered_kindly(
    scene: Scene, bob: simcord.MemberActor
) -> None:
    """Where what is forwarded has no words, the asker is told what can be read."""
    said = await bob.send(scene.channel, attachments=[("bell.png", b"x")])
    await scene.ann.forward(said, scene.ann.user.dm_channel)
    assert SAY("text-only") in text_of(scene.ann.user.dm_channel.history()[-1])


@pytest.fixture
async def reading(
    scene: Scene, answerer: Answerer, kept: Records, clock: Clock
) -> Scene:
    """The server with a bot that may read messages which do not name it."""
    options = Options(reads_channels=True)
    bot = Receipts(answerer, lambda: TODAY, kept, options, clock=clock)
    await scene.env.restart_bot(bot)
    return scene


@pytest.mark.parametrize("own", ["", "?", " please", "is this true?"])
async def test_naming_the_bot_under_a_question_asks_it(
    reading: Scene, bob: simcord.MemberActor, own: str
) -> None:
    """“@Receipts?” in reply to somebody's question answers that, to who named it."""
    scene = reading
    said = await bob.send(scene.channel, QUESTION)
    asks = await scene.ann.send(
        scene.channel, f"{scene.me.mention}{own}", reply_to=said
    )
    assert titles(scene.sent) == [QUESTION]
    assert scene.sent[0].reference
    assert scene.sent[0].reference.message_id == asks.id


async def test_what_may_not_be_read_is_asked_for(
    scene: Scene, bob: simcord.MemberActor
) -> None:
    """Where Discord keeps the words above from the bot, it says what to do."""
    said = await bob.send(scene.channel, QUESTION)
    await scene.ann.send(scene.channel, f"{scene.me.mention}?", reply_to=said)
    assert [text_of(one) for one in scene.sent] == [SAY("unread-above")]


async def test_own_words_go_before_those_above(
    reading: Scene, bob: simcord.MemberActor
) -> None:
    """A question of one's own is answered, whatever it replies to."""
    scene = reading
    said = await bob.send(scene.channel, QUESTION)
    await scene.ann.send(scene.channel, f"{scene.me.mention} {OTHER}", reply_to=said)
    assert titles(scene.sent) == [OTHER]


async def test_a_picture_above_says_nothing(
    scene: Scene, bob: simcord.MemberActor
) -> None:
    """Under a message without words, the asker is told another way."""
    said = await bob.send(scene.channel, attachments=[("bell.png", b"x")])
    await scene.ann.send(scene.channel, scene.me.mention, reply_to=said)
    assert [text_of(one) for one in scene.sent] == [SAY("unread-above")]


async def test_naming_the_bot_under_its_own_answer_helps(scene: Scene) -> None:
    """The bot does not ask itself what it has answered."""
    await scene.mention(QUESTION)
    await scene.ann.send(scene.channel, scene.me.mention, reply_to=scene.sent[0])
    assert titles(scene.sent) == [QUESTION, SAY("help.title")]


async def test_a_picture_without_words_is_met_kindly(scene: Scene) -> None:
    """A file alone is told to say nothing; beside words it is not minded."""
    files = [("bell.png", b"x")]
    await scene.ann.send(scene.channel, scene.me.mention, attachments=files)
    await scene.ann.send(
        scene.channel, f"{scene.me.mention} {QUESTION}", attachments=files
    )
    assert text_of(scene.sent[0]) == SAY("text-only")
    assert titles(scene.sent[1:]) == [QUESTION]


async def test_a_poll_is_met_kindly(scene: Scene) -> None:
    """A poll that is sent to the bot is told to say nothing."""
    channel = scene.ann.user.dm_channel
    asked: dict[str, Any] = {"question": {"text": "Was it stolen?"}}
    poll = poll_from_wire(scene.env.backend, asked)
    scene.env.backend.create_message(channel.id, scene.ann.id, poll=poll)
    await scene.env.settle()
    assert SAY("text-only") in text_of(channel.history()[-1])


async def posted_again(scene: Scene, text: str, by: str) -> discord.Message:
    """A proxy posts a message again through a webhook."""
    return await scene.guild.create_webhook(scene.channel).send(text, username=by)


async def test_what_a_proxy_posts_again_is_answered_once(scene: Scene) -> None:
    """The answer moves to the message that stays, and is not taken back."""
    asked = await scene.mention(f"{QUESTION} -a")
    again = await posted_again(scene, f"{scene.me.mention} {QUESTION}", "Alice")
    await scene.ann.delete(asked)
    assert titles(scene.sent) == [QUESTION]
    assert scene.sent[0].reference
    assert scene.sent[0].reference.message_id == again.id


async def test_a_proxy_may_delete_first(scene: Scene) -> None:
    """Where the person's message goes before the other comes, that is answered."""
    asked = await scene.mention(QUESTION)
    await scene.ann.delete(asked)
    assert scene.sent == []
    await posted_again(scene, f"{scene.me.mention} {QUESTION}", "Alice")
    assert titles(scene.sent) == [QUESTION]


async def test_deleting_what_was_posted_again_takes_the_answer_back(
    scene: Scene,
) -> None:
    """The answer belongs to the message that it was moved to."""
    asked = await scene.mention(QUESTION)
    again = await posted_again(scene, f"{scene.me.mention} {QUESTION}", "Alice")
    await scene.ann.delete(asked)
    scene.env.backend.delete_message(scene.channel.id, again.id)
    await scene.env.settle()
    assert scene.sent == []


async def test_a_webhook_cannot_make_the_bot_speak(scene: Scene, clock: Clock) -> None:
    """Not other words, not a second time, not without the name, and not later."""
    name = scene.me.mention
    await posted_again(scene, f"{name} {QUESTION}", "Mallory")
    assert scene.sent == []
    await scene.mention(QUESTION)
    await posted_again(scene, f"{name} {OTHER}", "Mallory")
    await posted_again(scene, f"{name} {QUESTION} {OTHER}", "Mallory")
    await posted_again(scene, QUESTION, "Mallory")
    await posted_again(scene, f"{name} What", "Mallory")
    first = [one.id for one in scene.sent]
    assert len(first) == 1
    await posted_again(scene, f"{name} {QUESTION}", "Alice")
    await posted_again(scene, f"{name} {QUESTION}", "Mallory")
    assert len(scene.sent) == 1
    await scene.mention(OTHER)
    clock.seconds += SOON + 1
    await posted_again(scene, f"{name} {OTHER}", "Mallory")
    assert titles(scene.sent) == [QUESTION, OTHER]
