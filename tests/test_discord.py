"""The bot in Discord: the real client against a simulated Discord."""

import json
import re
from collections.abc import Callable
from typing import Final

import discord
import pytest
import simcord
from simcord.enums import MessageType

from bot.answering.answerer import Answerer
from bot.discord_bot.asking.commands import Translator
from bot.discord_bot.client import Receipts
from bot.records.records import Records
from bot.words.catalogue import words
from tests.conftest import TODAY
from tests.scene import (
    Scene,
    labels,
    response,
    shown,
    text_of,
    titles,
)

QUESTION: Final = "What happened to the Harbour Street bell?"
OTHER_QUESTION: Final = "When did the bell come back?"
OFF_TOPIC: Final = "what is the weather tomorrow?"
HELP: Final = "What you can ask me"
SAY: Final = words("en").say
ROLE_HINT: Final = words("en").say("role-hint")


async def test_ask(scene: Scene) -> None:
    """/ask answers in public, with numbered sources."""
    answer = await scene.ask(QUESTION)
    assert not answer.ephemeral
    assert titles([answer]) == [QUESTION]
    text = text_of(answer)
    assert "\\[1\\]" in text
    assert "\n-# Harbour Herald" in text


async def test_ask_off_topic(scene: Scene) -> None:
    """/ask tells only the asker what can be asked where it is about something else."""
    answer = await scene.ask(OFF_TOPIC)
    assert answer.ephemeral
    assert titles([answer]) == [SAY("off-topic")]
    assert labels(answer) == ["The bell", SAY("button.topics")]
    topic = await scene.ann.click(answer, label="The bell")
    assert shown(topic).startswith("### The bell\n")


async def test_ask_what_is_not_covered(scene: Scene) -> None:
    """/ask tells only the asker that there is no answer, and it can be sent on."""
    answer = await scene.ask("how much was the repair of the bell?")
    assert answer.ephemeral
    assert titles([answer]) == [SAY("not-covered")]
    assert SAY("send") in labels(answer)


@pytest.mark.parametrize("question", ["hello", "?!", " "])
async def test_ask_for_help(scene: Scene, question: str) -> None:
    """/ask with a greeting or without words shows the help, only to the asker."""
    answer = await scene.ask(question)
    assert answer.ephemeral
    assert titles([answer]) == [HELP]


async def test_ask_in_direct_message(scene: Scene) -> None:
    """/ask works in direct messages."""
    answer = response(await scene.ann.user.slash("ask", question=QUESTION))
    assert titles([answer]) == [QUESTION]


async def test_ask_too_long(scene: Scene) -> None:
    """Discord itself refuses a question of more than 300 characters."""
    with pytest.raises(simcord.OptionError):
        await scene.ask("x" * 301)


async def test_autocomplete(scene: Scene, answerer: Answerer) -> None:
    """Typing offers the story's questions, and choosing one asks it."""
    offered = await scene.ann.autocomplete(scene.channel, "ask", "question", "bell")
    known = {entry.question for entry in answerer.story.entries.values()}
    names = [choice["name"] for choice in offered]
    assert names
    assert set(names) <= known
    assert titles([await scene.ask(offered[0]["value"])]) == [names[0]]


async def test_autocomplete_of_nothing(scene: Scene) -> None:
    """Before anything is typed, examples are offered."""
    assert await scene.ann.autocomplete(scene.channel, "ask", "question", "")


async def test_mention(scene: Scene) -> None:
    """A mention with a question is answered by a reply that pings nobody, once."""
    asked = await scene.mention(QUESTION)
    assert titles(scene.sent) == [QUESTION]
    request = scene.env.http_requests[-1].json
    assert request is not None
    assert request["message_reference"]["message_id"] == asked.id
    assert request["allowed_mentions"] == {"parse": [], "replied_user": False}
    assert (request["nonce"], request["enforce_nonce"]) == (str(asked.id), True)


async def test_mention_off_topic(scene: Scene) -> None:
    """A mention about something else is told what can be asked; nothing is sent on."""
    await scene.mention(OFF_TOPIC)
    assert titles(scene.sent) == [SAY("off-topic")]
    assert labels(scene.sent[-1]) == ["The bell", SAY("button.topics")]


@pytest.mark.parametrize("text", ["", "hello", "?"])
async def test_empty_mention(scene: Scene, text: str) -> None:
    """A mention without a question shows what can be asked."""
    await scene.mention(text)
    assert titles(scene.sent) == [HELP]


async def test_mention_in_thread(scene: Scene) -> None:
    """A mention in a thread is answered there."""
    start = await scene.ann.send(scene.channel, "about the bell")
    cached = scene.env.bot.get_channel(scene.channel.id)
    assert isinstance(cached, discord.TextChannel)
    await cached.create_thread(name="bell", message=discord.Object(start.id))
    await scene.env.settle()
    thread = scene.channel.threads[0]
    await scene.mention(QUESTION, thread)
    assert titles(thread.history()[-1:]) == [QUESTION]


async def test_direct_message(scene: Scene) -> None:
    """A direct message needs no mention."""
    await scene.ann.send_dm(QUESTION)
    assert titles(scene.ann.user.dm_channel.history()) == [QUESTION]


async def test_no_privileged_intent(answerer: Answerer) -> None:
    """Mentions and direct messages are read without any privileged intent."""
    bot = Receipts(answerer, lambda: TODAY)
    none = discord.Intents.none()
    async with simcord.run(bot, approved_intents=none) as env:
        scene = Scene(env)
        await scene.mention(QUESTION)
        await scene.ann.send(scene.channel, QUESTION)
        await scene.ann.send_dm(QUESTION)
        assert titles(scene.sent) == [QUESTION]
        assert titles(scene.ann.user.dm_channel.history()) == [QUESTION]


async def test_reply_to_the_bot(scene: Scene) -> None:
    """A reply that pings the bot is a question, with or without a question mark."""
    await scene.mention(QUESTION)
    for text in (OTHER_QUESTION, OTHER_QUESTION.removesuffix("?").lower()):
        await scene.ann.send(scene.channel, text, reply_to=scene.sent[-1])
    assert titles(scene.sent) == [QUESTION, OTHER_QUESTION, OTHER_QUESTION]


@pytest.mark.parametrize("text", ["", "thanks!", "lol ok", "no way, my cat did it"])
async def test_reply_without_question(scene: Scene, text: str) -> None:
    """A reply that pings the bot and asks nothing is met with silence."""
    await scene.mention(QUESTION)
    picture = [] if text else [("bell.png", b"")]
    await scene.ann.send(
        scene.channel, text, reply_to=scene.sent[-1], attachments=picture
    )
    assert titles(scene.sent) == [QUESTION]


async def test_reply_to_another(scene: Scene) -> None:
    """A reply to somebody else is none of the bot's business."""
    bob = scene.guild.add_member(scene.env.create_user("bob"))
    said = await bob.send(scene.channel, "the bell is gone")
    await scene.ann.send(scene.channel, QUESTION, reply_to=said)
    assert scene.sent == []


@pytest.mark.parametrize("text", ["", QUESTION])
async def test_role_mention(scene: Scene, text: str) -> None:
    """Naming the bot's role instead of the bot brings a hint: the text stays hidden."""
    role = scene.guild.roles[scene.me.name]
    # SimCord leaves out the tag by which Discord marks a bot's own role.
    tagged: dict[str, object] = {
        "id": str(role.id),
        "name": role.name,
        "permissions": str(discord.Permissions.all().value),
        "position": 1,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": 0, "tertiary_color": 0},
        "hoist": False,
        "managed": True,
        "mentionable": True,
        "flags": 0,
        "tags": {"bot_id": str(scene.me.id)},
    }
    event = {"guild_id": str(scene.guild.id), "role": tagged}
    scene.env.backend.emit("GUILD_ROLE_UPDATE", event)
    await scene.ann.send(scene.channel, f"{role.mention} {text}")
    assert [one.content for one in scene.sent] == [ROLE_HINT]


async def test_other_role_mention(scene: Scene) -> None:
    """Naming another role is met with silence."""
    role = scene.guild.create_role("Ringers", mentionable=True)
    await scene.ann.send(scene.channel, f"{role.mention} {QUESTION}")
    assert scene.sent == []


@pytest.mark.parametrize("ping", ["@everyone", "@here"])
async def test_everyone(scene: Scene, ping: str) -> None:
    """A message to everyone is met with silence, even if it names the bot."""
    powers = discord.Permissions(mention_everyone=True)
    caller = scene.guild.create_role("Callers", permissions=powers)
    cal = scene.guild.add_member(scene.env.create_user("cal"), roles=[caller])
    await cal.send(scene.channel, f"{ping} {QUESTION}")
    await cal.send(scene.channel, f"{ping} {scene.me.mention} {QUESTION}")
    assert scene.sent == []


async def test_bots_and_webhooks(scene: Scene) -> None:
    """What bots and webhooks write is met with silence."""
    other = scene.guild.add_member(scene.env.create_user("other", bot=True))
    await other.send(scene.channel, f"{scene.me.mention} {QUESTION}")
    hook = scene.guild.create_webhook(scene.channel)
    await hook.send(f"{scene.me.mention} {QUESTION}")
    assert titles(scene.channel.history()) == []


async def test_unaddressed(scene: Scene) -> None:
    """Talk that does not name the bot is met with silence."""
    await scene.ann.send(scene.channel, QUESTION)
    assert scene.sent == []


async def test_system_message(scene: Scene) -> None:
    """Discord's own messages, as that something was pinned, are met with silence."""
    said = await scene.ann.send_dm(QUESTION)
    direct = scene.ann.user.dm_channel
    scene.env.backend.create_system_message(
        direct.id, MessageType.PINS_ADD, scene.ann.id, referenced_message_id=said.id
    )
    await scene.env.settle()
    assert titles(direct.history()) == [QUESTION]


async def test_nothing_is_echoed(scene: Scene) -> None:
    """A ping and a masked link in a question come out nowhere."""
    bob = scene.env.create_user("bob")
    bait = f"@everyone {bob.mention} [x](https://evil.example) <t:1:R> {QUESTION}"
    await scene.mention(bait)
    await scene.ask(bait)
    bodies = [one.json for one in scene.env.http_requests if one.method == "POST"]
    assert len(bodies) == 2
    for body in bodies:
        sent = json.dumps(body)
        assert not re.search(r"evil|everyone|<t:|<@", sent)
        assert '"parse": []' in sent


async def test_one_sync(scene: Scene, answerer: Answerer, kept: Records) -> None:
    """Commands are registered with one request, and again where they have changed."""

    def syncs() -> int:
        return sum(one.method == "PUT" for one in scene.env.http_requests)

    assert syncs() == 1
    again = Receipts(answerer, lambda: TODAY, kept)
    await scene.env.restart_bot(again)
    assert syncs() == 1
    changed = Receipts(answerer, lambda: TODAY, kept)
    changed.tree.remove_command("latest")
    await scene.env.restart_bot(changed)
    assert syncs() == 2
    await scene.env.restart_bot(Receipts(answerer, lambda: TODAY))
    assert syncs() == 3


async def test_commands(
    simcord_bot: Receipts, golden: Callable[[str, str], None]
) -> None:
    """The commands that Discord is told of are kept in tests/golden/commands.json."""
    tree = simcord_bot.tree
    await tree.set_translator(Translator())
    payload = [
        await command.get_translated_payload(tree, Translator())
        for command in tree.get_commands()
    ]
    golden("commands.json", json.dumps(payload, indent=2) + "\n")
