"""Who asked is told of the answer: once, where they wished, and then forgotten."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import discord
import pytest

from bot.answering.answerer import Answerer
from bot.discord_bot import announcing as module
from bot.discord_bot.announcing import Announcer, announcing
from bot.discord_bot.client import Receipts
from bot.records.records import Records
from bot.records.values import Waiting
from bot.story.model import Story
from bot.words.catalogue import words
from tests.places import TODAY
from tests.scene import Clock, Scene, app_of, text_of
from tests.test_watching import until

QUESTION: Final = "was it nicked by rascals"
ENTRY: Final = "was-it-stolen"
SAY: Final = words("en").say
NOW: Final = datetime(2026, 11, 23, tzinfo=UTC)


def with_way(story: Story) -> Story:
    """The story, with a way of asking more."""
    entry = story.entries[ENTRY]
    more = entry.model_copy(update={"also_asked": (*entry.also_asked, QUESTION)})
    return replace(story, entries={**story.entries, ENTRY: more})


@pytest.fixture(scope="module")
def better(story: Story, answerer: Answerer) -> Answerer:
    """What answers the question."""
    return Answerer(with_way(story), before=answerer)


@pytest.fixture
def announcer(scene: Scene) -> Announcer:
    """Tells people without a pause."""
    assert isinstance(scene.env.bot, Receipts)
    return Announcer(scene.env.bot, pause=0.0)


async def wish(
    kept: Records, person: int, place: Scene | None = None, text: str = QUESTION
) -> int:
    """Somebody waits for an answer, directly or in a scene's channel."""
    number = await kept.questions.note("story", text, NOW)
    assert number is not None
    where = (place.guild.id, place.channel.id) if place else (None, None)
    await kept.questions.wait(Waiting(number, person, *where, NOW))
    return number


async def waits(kept: Records) -> set[int]:
    """Who waits for anything."""
    found = await kept.questions.waiting_all("story")
    return {one.person for every in found.values() for one in every}


async def test_who_waits_here_is_told_with_a_ping(
    scene: Scene, kept: Records, announcer: Announcer, better: Answerer
) -> None:
    """In the channel one message mentions its reader and shows the answer, once."""
    await wish(kept, scene.ann.id, scene)
    assert await announcer.announce()
    assert scene.sent == []
    app_of(scene).answerer = better
    assert await announcer.announce()
    (told,) = scene.sent
    text = text_of(told)
    assert text.startswith(SAY("told.here", person=scene.ann.id))
    assert "### Was the bell stolen?" in text
    assert await waits(kept) == set()
    assert await announcer.announce()
    assert len(scene.sent) == 1


async def test_only_its_reader_is_pinged(
    scene: Scene, kept: Records, announcer: Announcer, better: Answerer
) -> None:
    """Discord is told to ping the one who waits, and nobody else."""
    app_of(scene).answerer = better
    await wish(kept, scene.ann.id, scene)
    await announcer.announce()
    (sent,) = (one for one in scene.env.http_requests if one.method == "POST")
    assert sent.json is not None
    allowed = sent.json["allowed_mentions"]
    assert allowed == {"parse": [], "users": [scene.ann.id]}


async def test_who_waits_directly_is_told_directly(
    scene: Scene, kept: Records, announcer: Announcer, better: Answerer
) -> None:
    """In direct messages there is nobody to ping, and plain text."""
    await wish(kept, scene.ann.id)
    app_of(scene).answerer = better
    assert await announcer.announce()
    (told,) = scene.ann.user.dm_channel.history()
    assert told.content.startswith(SAY("told.direct"))
    assert "Was the bell stolen?" in told.content
    assert scene.sent == []
    assert await waits(kept) == set()


async def test_two_wordings_are_one_message(
    scene: Scene, kept: Records, announcer: Announcer, better: Answerer
) -> None:
    """Who waits for the same answer twice is told once."""
    for text in (QUESTION, f"{QUESTION}, really"):
        await wish(kept, scene.ann.id, scene, text)
    app_of(scene).answerer = better
    assert await announcer.announce()
    assert len(scene.sent) == 1
    assert text_of(scene.sent[0]).count("###") == 1


@pytest.mark.parametrize("why", ["closed", "gone", "hidden", "left"])
async def test_who_cannot_be_told_is_forgotten(
    scene: Scene, kept: Records, announcer: Announcer, better: Answerer, why: str
) -> None:
    """Closed direct messages, a channel that is gone or hidden, a member who left."""
    place = (scene.guild.id, scene.channel.id)
    if why == "closed":
        place = (None, None)
        scene.env.inject_error("POST", "/channels/*/messages", status=403, code=50007)
    elif why == "gone":
        place = (scene.guild.id, 4_999)
    elif why == "hidden":
        no, yes = (
            discord.PermissionOverwrite(view_channel=one) for one in (False, True)
        )
        everybody, me = scene.guild.default_role, scene.guild.roles[scene.me.name]
        hidden = scene.guild.create_text_channel(
            "hidden", overwrites={everybody: no, me: yes}
        )
        place = (scene.guild.id, hidden.id)
    else:
        scene.guild.remove_member(scene.ann)
    number = await kept.questions.note("story", QUESTION, NOW)
    await kept.questions.wait(Waiting(number or 0, scene.ann.id, *place, NOW))
    app_of(scene).answerer = better
    assert await announcer.announce()
    assert scene.sent == []
    assert await waits(kept) == set()


async def test_discord_being_down_is_waited_for(
    scene: Scene, kept: Records, announcer: Announcer, better: Answerer
) -> None:
    """Where Discord fails nobody is forgotten: it is tried again later."""
    await wish(kept, scene.ann.id, scene)
    app_of(scene).answerer = better
    scene.env.inject_error("GET", "/guilds/*/members/*", status=500)
    assert not await announcer.announce()
    assert await waits(kept) == {scene.ann.id}
    assert await announcer.announce()
    assert len(scene.sent) == 1


async def test_who_no_longer_waits_is_not_told(
    scene: Scene, kept: Records, announcer: Announcer, better: Answerer
) -> None:
    """Whoever had their data deleted hears nothing."""
    await wish(kept, scene.ann.id, scene)
    app_of(scene).answerer = better
    await kept.delete_person(scene.ann.id)
    assert await announcer.announce()
    assert scene.sent == []


async def test_a_restart_between_change_and_telling(
    scene: Scene,
    kept: Records,
    better: Answerer,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What the last run did not tell, this one tells as it starts."""
    monkeypatch.setattr(module, "EVERY", 0.01)
    await wish(kept, scene.ann.id, scene)
    again = Receipts(better, lambda: TODAY, kept, clock=clock)
    await scene.env.restart_bot(again)
    async with announcing(again):
        await until(lambda: scene.sent)
    assert len(scene.sent) == 1


def test_a_nonce_is_what_discord_takes() -> None:
    """A letter's nonce tells letters apart, in 25 characters."""
    one, other = (module.Letter(person, 1, 1, ()) for person in (1, 2))
    assert len(one.nonce) == 25
    assert one.nonce != other.nonce


async def counted(kept: Records) -> dict[str, int | dict[str, int]]:
    """What was counted; of answers, how often each entry was one."""
    today = datetime.now(UTC).date()
    days = await kept.days.between("story", today, today)
    answers = await kept.days.subjects("story", "answer", today, today)
    return {one.what: one.count for one in days} | {"answer": answers}


async def test_an_answered_message_counts_once(scene: Scene, kept: Records) -> None:
    """Each message counts once, with what it led to; so does a command, not a click."""
    asked = await scene.mention("What happened to the Harbour Street bell?")
    assert await counted(kept) == {"asked": 1, "answer": {"what-happened": 1}}
    await scene.ann.click(scene.sent[-1], label="👍")
    await scene.ann.edit(asked, f"{scene.me.mention} what is the weather tomorrow?")
    assert (await counted(kept))["asked"] == 1
    await scene.ask("what is the weather tomorrow?")
    found = await counted(kept)
    assert (found["asked"], found["not_covered"]) == (2, 1)


async def test_silence_is_not_counted(scene: Scene, kept: Records) -> None:
    """What the bot says nothing to counts as nothing."""
    answer = await scene.mention("What happened to the Harbour Street bell?")
    del answer
    before = await counted(kept)
    await scene.ann.send(scene.channel, "thanks a lot", reply_to=scene.sent[-1])
    assert await counted(kept) == before
