"""Tell me when it is answered: where, by whom it can be wished for, and forgotten."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import discord
import pytest
import simcord

from bot.answering.answerer import Answerer
from bot.discord_bot.asking.traces import Said
from bot.discord_bot.client import Receipts
from bot.records.questions import Missing
from bot.records.records import Records
from bot.records.values import Answered, Message, Shown
from bot.words.catalogue import words
from tests.conftest import TODAY
from tests.scene import Restart, Scene, app_of, labels, response, shown

MISSING: Final = "how much was the repair of the bell?"
SAY: Final = words("en").say
TELL: Final = SAY("button.tell")


@pytest.fixture
async def card(scene: Scene, restart: Restart) -> discord.Message:
    """A 'not covered' that Ann was given, before or after the bot was started again."""
    await scene.mention(MISSING)
    await restart()
    return scene.sent[-1]


async def wishes(kept: Records) -> set[tuple[str, int, int | None, int | None]]:
    """Who waits for which question, and where."""
    found = await kept.questions.waiting_all("story")
    return {
        (question.text, one.person, one.guild, one.channel)
        for question, waiting in found.items()
        for one in waiting
    }


@pytest.mark.parametrize("where", ["here", "direct"])
async def test_a_wish_to_be_told(
    scene: Scene, card: discord.Message, kept: Records, where: str
) -> None:
    """Whoever wants to know says where; it is kept once, and the card stays."""
    bob = scene.guild.add_member(scene.env.create_user("bob"))
    place = (scene.guild.id, scene.channel.id) if where == "here" else (None, None)
    for person in (scene.ann, bob):
        asked = await person.click(card, label=TELL)
        assert asked.ephemeral
        assert shown(asked) == SAY("tell.where")
        assert asked.response is not None
        done = await person.click(asked.response, label=SAY(f"button.{where}"))
        assert done.acknowledged
        assert labels(asked.response) == []
        assert (MISSING, person.id, *place) in await wishes(kept)
    assert len(await wishes(kept)) == 2
    assert TELL in labels(scene.sent[-1])


async def test_a_wish_in_direct_messages(scene: Scene, kept: Records) -> None:
    """In direct messages there is one place to be told, so nothing is asked."""
    await scene.ann.send_dm(MISSING)
    card = scene.ann.user.dm_channel.history()[-1]
    result = await scene.ann.user.click(card, label=TELL)
    assert shown(result) == SAY("tell.direct")
    assert await wishes(kept) == {(MISSING, scene.ann.id, None, None)}


async def test_a_private_wish(scene: Scene, kept: Records) -> None:
    """A private 'not covered' can be wished about, too."""
    result = await scene.ann.slash(scene.channel, "ask", question=MISSING)
    assert result.response is not None
    asked = await scene.ann.click(result.response, label=TELL)
    assert asked.response is not None
    await scene.ann.click(asked.response, label=SAY("button.here"))
    assert len(await wishes(kept)) == 1


async def test_a_wish_where_the_bot_may_not_write(scene: Scene) -> None:
    """Where the bot may not write, it offers direct messages only."""
    me = scene.guild.roles[scene.me.name]
    closed = scene.guild.create_text_channel(
        "closed", overwrites={me: discord.PermissionOverwrite(send_messages=False)}
    )
    result = await scene.ann.slash(closed, "ask", question=MISSING)
    assert result.response is not None
    asked = await scene.ann.click(result.response, label=TELL)
    assert asked.response is not None
    assert labels(asked.response) == [SAY("button.direct")]


async def test_a_question_that_is_no_longer_kept(
    scene: Scene, card: discord.Message, kept: Records
) -> None:
    """Of a question that is too old to be kept nobody can be told; it is said so."""
    await kept.keep_house(datetime.now(UTC) + timedelta(days=31))
    asked = await scene.ann.click(card, label=TELL)
    assert asked.response is not None
    done = await scene.ann.click(asked.response, label=SAY("button.here"))
    assert done.acknowledged
    assert shown(asked) == SAY("tell.gone")


async def test_a_wish_is_forgotten(
    scene: Scene, card: discord.Message, kept: Records
) -> None:
    """Delete my data deletes the wish, and says so."""
    asked = await scene.ann.click(card, label=TELL)
    assert asked.response is not None
    await scene.ann.click(asked.response, label=SAY("button.direct"))
    about = await scene.ann.slash(scene.channel, "about")
    assert about.response is not None
    sure = await scene.ann.click(about.response, label=SAY("button.forget"))
    assert sure.response is not None
    done = await scene.ann.click(sure.response, label=SAY("button.forget-yes"))
    said = SAY("forget.done", votes=0, reports=0, shown=0, waiting=1)
    assert shown(done) == said
    assert await wishes(kept) == set()


async def test_records_that_are_slow(
    scene: Scene, kept: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer waits for nothing of them, and can be wished for all the same."""
    answered: list[int] = []
    real = kept.questions.note_all

    async def slowly(story: str, asked: Iterable[Missing]) -> None:
        await asyncio.sleep(0.3)
        answered.append(len(scene.sent))
        await real(story, asked)

    monkeypatch.setattr(kept.questions, "note_all", slowly)
    await scene.mention(MISSING)
    assert answered == [1]
    asked = await scene.ann.click(scene.sent[-1], label=TELL)
    assert asked.response is not None
    await scene.ann.click(asked.response, label=SAY("button.direct"))
    assert await wishes(kept) == {(MISSING, scene.ann.id, None, None)}


async def test_a_wish_of_an_older_card(scene: Scene, kept: Records) -> None:
    """A card that was sent with a question's id is as good as one of today."""
    app = app_of(scene)
    story, now = app.options.story, datetime.now(UTC)
    number = await kept.questions.note(story, MISSING, now)
    assert number is not None
    assert await app.wait_for(number, scene.ann.id, None, None)
    assert await wishes(kept) == {(MISSING, scene.ann.id, None, None)}
    assert await app.wait_for(number + 1, scene.ann.id, None, None) is False


async def test_what_is_being_written_is_deleted_too(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer of theirs that the records are just taking does not outlive it."""
    app = app_of(scene)
    assert app.records
    assert app.traces
    real = app.records.shown.note_all

    async def slowly(said: Sequence[Said]) -> None:
        await asyncio.sleep(0.3)
        await real(said)

    answer = Answered("harbour", "bell", "5f3a")
    hers = Shown(Message(None, 1, 99), answer, ("a",), app.now())
    about = await scene.ann.slash(scene.channel, "about")
    sure = await scene.ann.click(response(about), label=SAY("button.forget"))
    monkeypatch.setattr(app.records.shown, "note_all", slowly)
    written = asyncio.create_task(app.traces.leave([(hers, scene.ann.id)], ()))
    await asyncio.sleep(0)
    await scene.ann.click(response(sure), label=SAY("button.forget-yes"))
    await written
    assert await app.records.shown.by(99) == ()


async def test_several_questions(scene: Scene, kept: Records) -> None:
    """Of several questions each that is not covered can be wished about."""
    cost = "What did the repair of the bell cost?"
    await scene.mention(f"What happened to the Harbour Street bell? {cost}")
    card = scene.sent[-1]
    asked = await scene.ann.click(card, label=TELL)
    assert asked.response is not None
    await scene.ann.click(asked.response, label=SAY("button.here"))
    assert {one[0] for one in await wishes(kept)} == {cost}


async def test_without_records(answerer: Answerer) -> None:
    """Where nothing can be kept, nothing is offered that would have to be."""
    async with simcord.run(Receipts(answerer, lambda: TODAY)) as env:
        scene = Scene(env)
        await scene.mention(MISSING)
        assert labels(scene.sent[-1]) == []
