"""What goes wrong in Discord: permissions, refusals, lateness, and our own mistakes."""

import json
import logging
import re
from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from io import StringIO
from typing import Final

import discord
import pytest
import simcord

from bot.answering.answerer import Answerer
from bot.discord_bot.client import Receipts
from bot.operating.logs import logging_to
from bot.operating.metrics import MeasuredAnswerer
from bot.operating.redactor import Redactor
from tests.conftest import TODAY
from tests.scene import Clock, Scene, titles

QUESTION: Final = "What happened to the Harbour Street bell?"
OFF_TOPIC: Final = "what is the weather tomorrow?"
REFERENCE: Final = re.compile(r"reference:? ([0-9a-f]{8})", re.IGNORECASE)


def no_clock() -> date:
    """A clock that is broken, and with it every answer."""
    raise RuntimeError("the clock is broken")


@pytest.mark.parametrize("lacking", ["send_messages", "read_message_history"])
async def test_missing_permission(
    scene: Scene, lacking: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the bot may not reply it does not try, and the log says what it lacks."""
    caplog.set_level(logging.INFO)
    closed = scene.guild.create_text_channel(
        "closed",
        overwrites={
            scene.guild.roles[scene.me.name]: discord.PermissionOverwrite(
                **{lacking: False}
            )
        },
    )
    before = len(scene.env.http_requests)
    await scene.mention(QUESTION, closed)
    assert len(scene.env.http_requests) == before
    assert f"permission needed: {lacking.replace('_', ' ')}" in caplog.text


@pytest.mark.parametrize(
    ("status", "code", "text"),
    [
        (403, 50013, "Missing Permissions"),
        (404, 10003, "Unknown Channel"),
        (400, 240000, "Message blocked by harmful links filter"),
        (400, 50035, "Invalid Form Body\nIn message_reference: Unknown message"),
    ],
)
async def test_refused_reply(
    scene: Scene, status: int, code: int, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A reply that Discord refuses, as to a deleted message, is only noted."""
    caplog.set_level(logging.INFO)
    route = "/channels/*/messages"
    scene.env.inject_error("POST", route, status=status, code=code, message=text)
    await scene.mention(QUESTION)
    assert scene.sent == []
    assert f"Discord's code {code}" in caplog.text
    assert not [one for one in caplog.records if one.levelno > logging.INFO]


@contextmanager
def log() -> Generator[list[dict[str, str]]]:
    """What a bot that is hosted has logged in the end, as programs read it."""
    found, stream = list[dict[str, str]](), StringIO()
    with logging_to(stream, level="INFO", as_json=True, redact=Redactor([])):
        yield found
    found += map(json.loads, stream.getvalue().splitlines())


async def test_failure_of_ask(answerer: Answerer) -> None:
    """A failure gives the asker one plain private sentence, and the log its cause."""
    with log() as found:
        async with simcord.run(Receipts(answerer, no_clock)) as env:
            answer = await Scene(env).ask(QUESTION)
    assert answer.ephemeral
    reference = REFERENCE.search(answer.content)
    assert reference is not None
    (told,) = [one for one in found if "RuntimeError: the clock" in str(one)]
    assert told["reference"] == reference[1]
    assert "clock" not in answer.content


async def test_failure_of_mention(answerer: Answerer) -> None:
    """A failure on a mention is said in one plain reply, and the log has its cause."""
    with log() as found:
        async with simcord.run(Receipts(answerer, no_clock)) as env:
            scene = Scene(env)
            await scene.mention(QUESTION)
            assert len(env.errors) == 1
            (answer,) = scene.sent
    reference = REFERENCE.search(answer.content)
    assert reference is not None
    (told,) = [one for one in found if "RuntimeError: the clock" in str(one)]
    assert told["reference"] == reference[1]


async def test_each_line_of_a_request_has_its_reference(answerer: Answerer) -> None:
    """Whatever the log says of a question, from any thread, is under one name."""
    measured = MeasuredAnswerer(answerer.story)
    with log() as found:
        async with simcord.run(Receipts(measured, lambda: TODAY)) as env:
            scene = Scene(env)
            await scene.mention(QUESTION)
            await scene.ask(QUESTION)
            await scene.mention(OFF_TOPIC)
    answered = [one for one in found if one["message"] == "a question was answered"]
    assert [one["request"] for one in answered] == [
        "message",
        "application_command",
        "message",
    ]
    assert len({one["reference"] for one in answered}) == 3


async def test_failures_are_told_once(answerer: Answerer, clock: Clock) -> None:
    """A channel is told of one failure in a minute, however many there are."""
    async with simcord.run(Receipts(answerer, no_clock, clock=clock)) as env:
        scene = Scene(env)
        for seconds in (0, 1, 61):
            clock.seconds += seconds
            await scene.mention(QUESTION)
        assert len(env.errors) == 3
        assert len(scene.sent) == 2


async def test_late_command(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """An answer that comes too late for Discord is noted, and nothing more."""
    caplog.set_level(logging.INFO)
    scene.env.inject_error("POST", "/interactions/*/*/callback", status=404, code=10062)
    result = await scene.ann.slash(scene.channel, "ask", question=QUESTION)
    assert result.response is None
    assert "too late" in caplog.text
    assert not [one for one in caplog.records if one.levelno > logging.INFO]


@pytest.mark.parametrize(("status", "lines"), [(404, 0), (400, 1)])
async def test_failed_autocomplete(
    scene: Scene, status: int, lines: int, caplog: pytest.LogCaptureFixture
) -> None:
    """A failed autocomplete is logged without the asker's id, a late one not at all."""
    scene.env.inject_error("POST", "/interactions/*/*/callback", status=status)
    await scene.ann.autocomplete(scene.channel, "ask", "question", "bell")
    assert len(caplog.records) == lines
    assert str(scene.ann.id) not in caplog.text


async def test_log_is_discreet(scene: Scene, caplog: pytest.LogCaptureFixture) -> None:
    """The log at level INFO holds neither what was asked nor who asked."""
    caplog.set_level(logging.INFO)
    await scene.mention(QUESTION)
    await scene.mention(OFF_TOPIC)
    await scene.ask(QUESTION)
    await scene.ann.send_dm(QUESTION)
    assert not re.search(rf"bell|weather|ann\b|{scene.ann.id}", caplog.text)


async def test_failed_sync(
    answerer: Answerer, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the commands cannot be registered, the log says so and the bot goes on."""
    env = simcord.Env(Receipts(answerer, lambda: TODAY))
    env.inject_error("PUT", "/applications/*/commands", status=403, code=50001)
    await env.start()
    try:
        scene = Scene(env)
        await scene.mention(QUESTION)
        assert titles(scene.sent) == [QUESTION]
    finally:
        await env.shutdown()
    assert "commands not registered" in caplog.text
