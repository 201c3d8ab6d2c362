"""The real client on a real connection, and what goes wrong with one."""

import asyncio
import logging
import os
import signal
import sqlite3
import time
import zlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from datetime import date
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from discord.gateway import DiscordWebSocket

from bot.answering.answerer import Answerer
from bot.discord_bot import client, sharding
from bot.discord_bot.asking import traces
from bot.discord_bot.client import Receipts
from bot.discord_bot.gateway import be_lenient
from bot.discord_bot.running import FINAL, Hosting, run
from bot.discord_bot.showing import sending
from bot.lane import Lane
from bot.records.records import Records
from tests.conftest import TODAY
from tests.wire import BROKEN, CUT, GUILD, PAGE, Discord, Fault, discord, path_of, until

PLACE = "/channels/1000100/messages"
QUESTION = "What happened to the Harbour Street bell?"
TOKEN = "a-secret-token"  # noqa: S105 - not one

Script = Callable[[Discord], Awaitable[None]]


def today() -> date:
    """A day."""
    return TODAY


def soon(_: object) -> float:
    """Hardly any delay."""
    return 0.05


@asynccontextmanager
async def connected(
    answerer: Answerer,
    wire: Discord,
    records: Records | None = None,
    *,
    waits: bool = True,
) -> AsyncGenerator[Receipts]:
    """The bot, on its way to a small Discord, or there already."""
    be_lenient()
    async with Receipts(answerer, today, records) as client:
        task = asyncio.create_task(client.start(TOKEN))
        try:
            if waits:
                await until(wire.connected.is_set)
            yield client
        finally:
            task.cancel()
            await client.close()  # up to Python 3.11 wait_for may lose a cancellation
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
async def wire(monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Discord]:
    """A small Discord, where nobody waits long before trying again."""
    monkeypatch.setattr(sending, "AGAIN", 0.01)
    async with discord(monkeypatch) as found:
        yield found


@contextmanager
def elsewhere(patch: pytest.MonkeyPatch, script: Script) -> Generator[list[Discord]]:
    """A small Discord in a thread of its own, where something happens."""
    ready, done = Event(), Event()
    served: list[Discord] = []

    async def serve() -> None:
        async with discord(patch) as found:
            served.append(found)
            ready.set()
            await script(found)
            await asyncio.to_thread(done.wait)

    thread = Thread(target=asyncio.run, args=[serve()])
    thread.start()
    assert ready.wait(10)
    try:
        yield served
    finally:
        done.set()
        thread.join()


def test_what_is_asked_before_a_stop_is_answered(
    answerer: Answerer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """SIGTERM among 51 questions and 3 commands: all have their answers.

    The last question is on its way to the bot as that is stopped.
    """
    tokens: list[str] = []
    left: list[float] = []

    async def ask(wire: Discord) -> None:
        await wire.connected.wait()
        wire.wait = 0.3
        for person in range(50):
            await wire.ask(QUESTION, 100 + person)
        tokens.extend([await wire.slash(QUESTION, 200 + i) for i in range(3)])
        os.kill(os.getpid(), signal.SIGTERM)
        left.append(time.monotonic())
        await asyncio.sleep(0.05)
        await wire.ask(QUESTION, 150)

    with elsewhere(monkeypatch, ask) as served:
        assert run(answerer, TOKEN, today) == 0
        assert time.monotonic() - left[0] < 5
        (wire,) = served
        channels = [int(one["channel_id"]) - 10**6 for one in wire.posted]
        assert sorted(channels) == list(range(100, 151))
        assert [wire.answered[one]["type"] for one in tokens] == [4, 4, 4]
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []
    assert capsys.readouterr().err == ""


def test_a_stop_does_not_wait_for_ever(
    answerer: Answerer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Nothing more is taken, and an answer that hangs holds a stop up for so long.

    An event that cannot be read, before, has ended nothing.
    """
    monkeypatch.setattr(client, "FINISH_SECONDS", 1)

    async def ask(wire: Discord) -> None:
        await wire.connected.wait()
        wire.hangs = "/channels"
        await wire.send("MESSAGE_CREATE", None)
        await wire.ask(QUESTION)
        await until(lambda: wire.requests[PLACE])
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.sleep(0.6)
        os.kill(os.getpid(), signal.SIGTERM)  # once is enough
        await wire.ask(QUESTION, 101)

    with elsewhere(monkeypatch, ask) as served:
        assert run(answerer, TOKEN, today) == 0
        assert not served[0].requests["/channels/1000101/messages"]
    told = [one for one in caplog.records if one.levelno >= logging.WARNING]
    assert [one.getMessage() for one in told] == [
        "MESSAGE_CREATE from Discord cannot be read (TypeError)",
        "stopped with 1 answers under way",
    ]


def test_a_stop_in_a_burst_loses_no_record(
    answerer: Answerer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    """What was answered is in the records at once, though more hangs."""
    monkeypatch.setattr(client, "FINISH_SECONDS", 0.5)
    monkeypatch.setattr(Lane, "waiting", 1)
    monkeypatch.setattr(traces, "LONGEST", 5)
    left: list[float] = []

    async def ask(wire: Discord) -> None:
        await wire.connected.wait()
        wire.hangs = PLACE
        await wire.ask(QUESTION)
        await wire.ask(QUESTION, 101)
        await until(lambda: wire.posted and wire.requests[PLACE])
        left.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGTERM)

    records = tmp_path / "records"
    with elsewhere(monkeypatch, ask) as served:
        assert run(answerer, TOKEN, today, Hosting(records)) == 0
        assert time.monotonic() - left[0] < 4
    with closing(sqlite3.connect(records)) as found:
        (kept,) = found.execute("SELECT message FROM shown").fetchall()
    assert str(kept[0]) == served[0].posted[0]["id"]
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


async def test_a_gateway_that_is_away_at_the_start(
    answerer: Answerer,
    wire: Discord,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is tried again until it answers, and each try is one line of the log."""
    monkeypatch.setattr(sharding, "FIRST_PAUSE", 0.01)
    wire.takes_calls = False
    async with connected(answerer, wire, waits=False):
        await until(lambda: wire.calls == 4)
        wire.takes_calls = True
        await until(wire.connected.is_set)
        await wire.ask(QUESTION)
        await until(lambda: wire.posted)
    told = [one for one in caplog.records if one.name == sharding.__name__]
    assert len(told) == 4
    assert not any(one.exc_info for one in told)
    assert "WSServerHandshakeError" in told[0].getMessage()


async def test_pauses_between_tries_grow(
    answerer: Answerer, wire: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each pause is twice the one before, up to half a minute.

    Discord does not say at first where its gateway is, nor is it there then.
    """
    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        wire.takes_calls = pauses.count(30) == 4

    monkeypatch.setattr("bot.discord_bot.sharding.asyncio.sleep", sleep)
    wire.faults.append(Fault("/gateway/bot", 503, times=7))
    wire.takes_calls = False
    async with Receipts(answerer, today) as client:
        await client.login(TOKEN)
        task = asyncio.create_task(client.connect())
        await asyncio.wait_for(wire.connected.wait(), 10)
        task.cancel()
    assert [one for one in pauses if one][:14] == 2 * [1, 2, 4, 8, 16, 30, 30]


async def test_being_told_to_connect_again(
    answerer: Answerer, wire: Discord, caplog: pytest.LogCaptureFixture
) -> None:
    """Where the gateway's address is set, nothing is tried where Discord says it is."""
    async with connected(answerer, wire):
        await wire.open[-1].send_json({"op": 7, "d": None})
        await wire.ask(QUESTION)
        await until(lambda: wire.posted)
        assert wire.resumed == 1
    assert len(wire.posted) == 1
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


async def test_a_place_that_is_gone(
    answerer: Answerer, wire: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Discord names another place for the session, the first one will do."""
    first = DiscordWebSocket.DEFAULT_GATEWAY
    monkeypatch.setattr("bot.discord_bot.gateway._DISCORDS", first)
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", soon)
    async with connected(answerer, wire):
        await wire.open[-1].close(code=4000)
        await wire.ask(QUESTION)
        await until(lambda: wire.posted)
    assert wire.resumed == 1


@pytest.mark.parametrize(
    ("closed", "resumes"),
    [*((code, True) for code in (1000, 1001, 4000, 4007, 4009, 9)), (9, False)],
)
async def test_questions_while_the_connection_is_lost(
    answerer: Answerer,
    wire: Discord,
    monkeypatch: pytest.MonkeyPatch,
    closed: int,
    resumes: bool,  # noqa: FBT001 - a case
) -> None:
    """However it was closed, or called invalid, what is asked then is answered once.

    Where Discord forbids the session to go on, another one is begun.
    """
    monkeypatch.setattr("discord.backoff.ExponentialBackoff.delay", soon)
    monkeypatch.setattr(sharding, "IDENTIFY_SECONDS", 0.01)
    async with connected(answerer, wire):
        if closed == 9:
            await wire.open[-1].send_json({"op": 9, "d": resumes})
        else:
            await wire.open[-1].close(code=closed)
        if resumes:
            await wire.ask(QUESTION)
            await until(lambda: wire.posted)
        await until(lambda: len(wire.identified) + wire.resumed == 2, 20)
        await wire.ask(QUESTION, 101)
        await until(lambda: len(wire.posted) == 1 + resumes)
        await asyncio.sleep(0.1)
    assert wire.resumed == resumes
    assert len(wire.posted) == 1 + resumes


async def test_an_event_that_comes_twice(answerer: Answerer, wire: Discord) -> None:
    """A message that Discord tells of again has no second answer."""
    async with connected(answerer, wire):
        await wire.ask(QUESTION)
        session = wire.sessions["s1"]
        await session.send("MESSAGE_CREATE", session.told[-1]["d"])
        await until(lambda: wire.requests[PLACE] == 2)
        await asyncio.sleep(0.1)
    assert len(wire.posted) == 1


async def test_a_channel_that_hangs_holds_up_no_other(
    answerer: Answerer, wire: Discord
) -> None:
    """While Discord takes no reply in one channel, all others have theirs."""
    wire.hangs = PLACE
    async with connected(answerer, wire):
        await wire.ask(QUESTION)
        await until(lambda: wire.requests[PLACE])
        await wire.ask(QUESTION, 101)
        await until(lambda: wire.posted)


async def test_what_needs_no_record_waits_for_none(
    answerer: Answerer, wire: Discord, kept: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks off topic is told so before the question is noted, which it is then."""
    gate, note = asyncio.Event(), kept.questions.note

    async def held(*what: Any, **named: Any) -> int | None:  # noqa: ANN401
        await gate.wait()
        return await note(*what, **named)

    monkeypatch.setattr(kept.questions, "note", held)
    monkeypatch.setattr("bot.discord_bot.asking.keeping._SOON", 60.0)
    async with connected(answerer, wire, kept):
        await wire.ask("what is the weather tomorrow?")
        await until(lambda: wire.posted)
        gate.set()
        async with asyncio.timeout(10):
            while not await kept.questions.all("story"):  # noqa: ASYNC110 - untold
                await asyncio.sleep(0.01)


@pytest.mark.parametrize("path", ["/channels", "/interactions"])
async def test_being_told_to_wait(answerer: Answerer, wire: Discord, path: str) -> None:
    """Where Discord limits the bot for a moment, an answer comes after it, once."""
    wire.faults.append(Fault(path, 429, passes=True))
    async with connected(answerer, wire):
        ask = wire.ask if path == "/channels" else wire.slash
        await ask(QUESTION)
        await until(lambda: wire.posted or wire.answered)
        await asyncio.sleep(0.1)
    assert len(wire.posted) + len(wire.answered) == 1
    assert wire.followed == []


async def test_commands_that_hang_keep_nobody_waiting(
    answerer: Answerer, wire: Discord
) -> None:
    """While Discord does not take the commands, questions are answered."""
    wire.hangs = "/applications/1/commands"
    async with connected(answerer, wire):
        await wire.ask(QUESTION)
        await until(lambda: wire.posted)
        assert wire.requests["/applications/1/commands"] == 1


async def test_commands_that_are_answered_oddly(
    answerer: Answerer, wire: Discord, caplog: pytest.LogCaptureFixture
) -> None:
    """Where Discord's answer to the commands makes no sense, the bot goes on."""
    wire.told = {"/applications/1/commands": [{"id": "1"}]}
    async with connected(answerer, wire):
        await until(lambda: "commands not registered: " in caplog.text)
        await wire.ask(QUESTION)
        await until(lambda: wire.posted)


@pytest.mark.parametrize(
    "frame",
    [
        "[]",
        "no JSON of token",
        '{"op": 0, "t": "MESSAGE_CREATE", "s": 2, "d": null}',
        '{"op": 0, "t": "MESSAGE_CREATE", "s": 2, "d": {}}',
        '{"op": 0, "t": "MESSAGE_CREATE", "s": 2, "d": {"guild_id": null, "id": "5"}}',
        '{"op": 0, "t": "MESSAGE_DELETE", "s": 2, "d": {"id": "5", "of": "token"}}',
        '{"op": 0, "t": "INTERACTION_CREATE", "s": 2, "d": {"id": "5"}}',
        '{"op": 0, "t": "GUILD_CREATE", "s": 2, "d": {"id": [1], "name": "token"}}',
        "[" * 20_000 + "]" * 20_000,
        b'{"op": 0, "t": "\xff token", "s": 2}',
    ],
    ids=len,
)
async def test_an_event_that_cannot_be_read(
    answerer: Answerer,
    wire: Discord,
    frame: str | bytes,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is logged in one line without its text, and the next one is answered."""
    async with connected(answerer, wire):
        if isinstance(frame, bytes):
            await wire.open[-1].send_bytes(packed(frame))
        else:
            await wire.open[-1].send_str(frame)
        await wire.ask(QUESTION)
        await until(lambda: wire.posted)
    (told,) = [one for one in caplog.records if one.name == "bot.discord_bot.gateway"]
    is_named = isinstance(frame, str) and '"t"' in frame
    kind = str(frame).split('"')[5] if is_named else "an event of no type"
    assert told.getMessage().startswith(f"{kind} from Discord cannot be read (")
    assert not told.exc_info
    assert "token" not in told.getMessage()


def packed(text: bytes) -> bytes:
    """A frame as Discord packs its first one."""
    packer = zlib.compressobj()
    return packer.compress(text) + packer.flush(zlib.Z_SYNC_FLUSH)


async def test_what_cannot_be_unpacked(answerer: Answerer, wire: Discord) -> None:
    """The session goes on over a new connection, and what comes there is answered."""
    async with connected(answerer, wire):
        await wire.open[-1].send_bytes(b"no zlib \x00\x00\xff\xff")
        await until(lambda: wire.resumed)
        await wire.ask(QUESTION)
        await until(lambda: wire.posted)
    assert len(wire.open) == 2


async def test_a_server_that_discord_has_not_told_of(
    answerer: Answerer, wire: Discord
) -> None:
    """A question in it is answered, though its channels are not known yet."""
    wire.servers, wire.tells_of_servers = [GUILD], False
    async with connected(answerer, wire):
        await wire.mention(QUESTION, 100, GUILD)
        await until(lambda: wire.posted)


async def test_connections_that_do_not_last(
    answerer: Answerer, wire: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Discord ends each connection at once, the next ones come ever later."""
    monkeypatch.setattr(sharding, "FIRST_PAUSE", 0.1)
    wire.ends_with = 1011
    async with connected(answerer, wire):
        begun = time.monotonic()
        await wire.open[-1].close(code=4000)
        await until(lambda: wire.resumed == 4)
        assert time.monotonic() - begun > 0.6  # after pauses of 0.1, 0.2, 0.4 s
        wire.ends_with = 0
        await wire.ask(QUESTION)
        await until(lambda: wire.posted)
    assert len(wire.posted) == 1


@pytest.mark.parametrize("place", ["/users/@me", "/oauth2/applications/@me"])
def test_another_page_in_discord_s_place(
    answerer: Answerer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    place: str,
) -> None:
    """What is no answer of Discord's ends the start with one sentence."""

    async def answer_oddly(wire: Discord) -> None:
        wire.told[place] = {"sign": "in"}

    with elsewhere(monkeypatch, answer_oddly):
        assert run(answerer, TOKEN, today) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "is not Discord" in told


def test_what_is_asked_before_discord_ends_it_is_answered(
    answerer: Answerer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Where Discord ends the connection for good, answers under way are sent first."""

    async def end(wire: Discord) -> None:
        await wire.connected.wait()
        wire.wait = 0.3
        for person in range(5):
            await wire.ask(QUESTION, 100 + person)
        await asyncio.sleep(0.1)
        await wire.open[-1].close(code=4014)

    with elsewhere(monkeypatch, end) as served:
        assert run(answerer, TOKEN, today) == FINAL
        assert len(served[0].posted) == 5
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


async def test_what_goes_on_beside_ends_first(
    answerer: Answerer, wire: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once the bot is closed, nothing of it uses the records any more."""
    ended: list[bool] = []

    async def register(_: Receipts) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0.05)
            ended.append(True)

    monkeypatch.setattr(Receipts, "_register", register)
    async with connected(answerer, wire) as bot:
        await bot.close()
        assert ended


async def test_what_answers_left_is_written_before_the_end(
    answerer: Answerer, wire: Discord, tmp_path: Path
) -> None:
    """Once the bot is closed, a message that was deleted just before is forgotten."""
    async with (
        Records.open(tmp_path / "records") as records,
        connected(answerer, wire, records) as bot,
    ):
        await wire.ask(QUESTION)
        await until(lambda: wire.posted)
        answer = int(wire.posted[0]["id"])
        async with asyncio.timeout(5):
            while not await records.shown.by(answer):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        bot.app.forgotten(answer)
        await bot.close()
        assert await records.shown.by(answer) == ()


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        (4004, "DISCORD_TOKEN"),
        (4011, "more servers"),
        (4013, "run a newer one"),
        (4014, "READ_CHANNELS"),
    ],
)
def test_what_no_restart_mends(
    answerer: Answerer,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    closed: int,
    said: str,
) -> None:
    """A refused connection ends with one sentence, and the code for the operator."""

    async def refuse(wire: Discord) -> None:
        wire.refuses_with = closed

    with elsewhere(monkeypatch, refuse):
        assert run(answerer, TOKEN, today) == FINAL
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert said in told


@pytest.mark.parametrize(
    ("status", "done"),
    [
        *((500, False), (502, True), (503, False), (503, True)),
        *((520, False), (520, True), (CUT, False), (CUT, True)),
        *((PAGE, False), (PAGE, True), (BROKEN, True)),
    ],
)
async def test_a_reply_that_is_cut_off(
    answerer: Answerer,
    wire: Discord,
    status: int,
    done: bool,  # noqa: FBT001 - a case
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is sent once more, and posted once, whether or not it had gone through."""
    wire.faults.append(Fault("/channels", status, done))
    async with connected(answerer, wire):
        await wire.ask(QUESTION)
        await until(lambda: wire.requests[PLACE] == 2)
        await asyncio.sleep(0.2)
    assert len(wire.posted) == 1
    assert wire.requests[PLACE] == 2
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


@pytest.mark.parametrize(
    ("status", "done"),
    [
        *((502, True), (503, True), (520, False), (CUT, True), (CUT, False)),
        *((PAGE, False), (PAGE, True), (BROKEN, True)),
    ],
)
async def test_a_command_s_answer_that_is_cut_off(
    answerer: Answerer,
    wire: Discord,
    status: int,
    done: bool,  # noqa: FBT001 - a case
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A public answer is given once, and its asker is told of no failure."""
    wire.faults.append(Fault("/interactions", status, done))
    async with connected(answerer, wire):
        token = await wire.slash(QUESTION)
        await until(lambda: sum(wire.requests[one] for one in callbacks(wire)) == 2)
        await asyncio.sleep(0.2)
    assert wire.answered[token]["type"] == 4
    assert wire.followed == []
    assert [one for one in caplog.records if one.levelno >= logging.ERROR] == []


async def test_an_answer_after_a_deferral_follows_it(
    answerer: Answerer, wire: Discord, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where Discord was told in the same moment that an answer will come, one does."""
    monkeypatch.setattr(sending, "ACKNOWLEDGE", 0)
    wire.late = 0.5
    async with connected(answerer, wire):
        token = await wire.slash(QUESTION)
        await until(lambda: wire.followed)
        await asyncio.sleep(0.6)
    assert wire.answered[token]["type"] == 5
    assert len(wire.followed) == 1


@pytest.mark.parametrize(("status", "tries"), [(503, 2), (401, 1), (403, 1), (429, 1)])
async def test_nothing_more_is_sent_to_a_discord_that_fails(
    answerer: Answerer,
    wire: Discord,
    status: int,
    tries: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Where Discord fails, limits or refuses the bot, nobody is told of the failure."""
    wire.faults.append(Fault("/channels", status, times=99))
    async with connected(answerer, wire):
        await wire.ask(QUESTION)
        await until(lambda: "on_message failed" in caplog.text)
        await asyncio.sleep(0.2)
    assert wire.requests[PLACE] == tries
    (told,) = [one for one in caplog.records if one.levelno >= logging.ERROR]
    assert not told.exc_info
    assert f"status {status}" in told.getMessage()


@pytest.mark.parametrize("status", [503, 520])
@pytest.mark.parametrize("kind", ["MESSAGE_UPDATE", "MESSAGE_DELETE"])
async def test_a_change_of_an_answer_that_is_cut_off(
    answerer: Answerer,
    wire: Discord,
    kind: str,
    status: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An answer is edited, or deleted, once Discord is there again."""
    async with connected(answerer, wire):
        asked = await wire.ask(QUESTION)
        await until(lambda: wire.posted)
        await asyncio.sleep(0.05)
        place = path_of(wire.posted[0])
        wire.faults.append(Fault(place, status))
        await wire.send(kind, asked | {"content": "Who rang the bell?"})
        await until(lambda: wire.requests[place] == 2)
        await asyncio.sleep(0.1)
    assert [one for one in caplog.records if one.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("kind", ["MESSAGE_UPDATE", "MESSAGE_DELETE"])
async def test_a_question_that_changes_while_it_is_answered(
    answerer: Answerer, wire: Discord, kind: str
) -> None:
    """Its answer, still under way, is edited or taken back once it is there."""
    wire.wait = 0.2
    async with connected(answerer, wire):
        asked = await wire.ask(QUESTION)
        await until(lambda: wire.requests[PLACE])
        await wire.send(kind, asked | {"content": "Who rang the bell?"})
        await until(lambda: wire.posted and wire.requests[path_of(wire.posted[0])])
        await asyncio.sleep(0.1)
    edits = wire.edits[path_of(wire.posted[0])]
    assert edits == (1 if kind == "MESSAGE_UPDATE" else 0)
    assert wire.requests[path_of(wire.posted[0])] == 1


@pytest.mark.parametrize("status", [401, 403, 429])
async def test_nothing_more_is_sent_after_a_command_that_discord_refuses(
    answerer: Answerer, wire: Discord, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    """A refused or limited answer to a command is one request, and no notice."""
    wire.faults.append(Fault("/interactions", status, times=99))
    async with connected(answerer, wire):
        await wire.slash(QUESTION)
        await until(lambda: "an interaction failed" in caplog.text)
        await asyncio.sleep(0.2)
    assert [wire.requests[one] for one in callbacks(wire)] == [1]
    assert not any(one.exc_info for one in caplog.records)


def callbacks(wire: Discord) -> list[str]:
    """Where interactions were answered, or tried to be."""
    return [one for one in wire.requests if one.startswith("/interactions")]
