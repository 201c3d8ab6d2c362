"""Manners: how often, to whom, after edits and deletions, in slow and closed places."""

import asyncio
import copy
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any, Final, NamedTuple

import discord
import pytest
import simcord

from bot.answering.answerer import Answerer
from bot.answering.outcome import Link, Reply, Turn
from bot.discord_bot.asking.app import MOST_OFFERS, App, Options
from bot.discord_bot.asking.asked import Asked
from bot.discord_bot.asking.rate_limits import LIMITS, Pace
from bot.discord_bot.client import Receipts
from bot.discord_bot.showing import sending
from bot.records.records import Records
from bot.records.values import ChannelSettings
from bot.words.catalogue import words
from tests.conftest import TODAY
from tests.scene import (
    Clock,
    Scene,
    app_of,
    can_be_deleted,
    labels,
    shown,
    text_of,
    titles,
)

QUESTION: Final = "What happened to the Harbour Street bell?"
OTHER_QUESTION: Final = "When did the bell come back?"
OFF_TOPIC: Final = "what is the weather tomorrow?"
MISSING: Final = "how much was the repair of the bell?"
SAY: Final = words("en").say


async def test_too_many_questions(scene: Scene, clock: Clock) -> None:
    """Who asks too much gets one notice, then silence, then answers again."""
    for _ in range(8):
        await scene.mention(QUESTION)
    assert len(titles(scene.sent)) == 5
    (notice,) = [one.content for one in scene.sent if one.content]
    assert notice.startswith("One moment")
    clock.seconds += 31
    await scene.mention(QUESTION)
    assert len(titles(scene.sent)) == 6


class Counting(Answerer):
    """An answerer that counts what is worked out."""

    replies = 0
    offers = 0

    def reply(
        self,
        text: str,
        today: date,
        *,
        ambient: bool = False,
        after: Turn | None = None,
    ) -> Reply:
        """Answer, as ever."""
        type(self).replies += 1
        return super().reply(text, today, ambient=ambient, after=after)

    def suggest(self, typed: str, limit: int = 25) -> tuple[Link, ...]:
        """Offer, as ever."""
        type(self).offers += 1
        return super().suggest(typed, limit)


@pytest.fixture
def counting(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> type[Counting]:
    """Counts what the bot works out from now on."""
    monkeypatch.setattr(Counting, "replies", 0)
    monkeypatch.setattr(Counting, "offers", 0)
    app_of(scene).answerer = Counting(app_of(scene).answerer.story)
    return Counting


async def test_what_is_too_much_is_not_worked_out(
    scene: Scene, counting: type[Counting]
) -> None:
    """Of twelve mentions five are looked at: the limit comes first."""
    for _ in range(12):
        await scene.mention(QUESTION)
    assert counting.replies == 5


async def test_talk_is_looked_at_so_often(
    scene: Scene, counting: type[Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of what may not be meant for the bot, no more is worked out than a limit says.

    It counts as no question, is answered by no notice, and keeps no question out.
    """
    monkeypatch.setitem(LIMITS, "looks", (7, 30))
    await scene.mention(QUESTION)
    (answer,) = scene.sent
    for _ in range(12):
        await scene.ann.send(scene.channel, "haha nice one mate", reply_to=answer)
    assert counting.replies == 1 + 7
    assert len(scene.sent) == 1
    await scene.mention(OTHER_QUESTION)
    assert len(scene.sent) == 2


async def test_what_is_offered_has_a_limit(
    scene: Scene, counting: type[Counting], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who types and types is offered nothing more for a while; others are."""
    monkeypatch.setitem(LIMITS, "looks", (3, 30))
    app = app_of(scene)
    offered = [await app.suggest("bell", 3, person=1) for _ in range(5)]
    assert [bool(one) for one in offered] == [True, True, True, False, False]
    assert counting.offers == 3
    assert await app.suggest("bell", 3, person=2)


async def test_deleting_one_s_data_gives_no_more_answers(
    scene: Scene, clock: Clock
) -> None:
    """Counts survive it; and it is done once in ten minutes, as it takes long."""

    async def forget() -> str:
        about = (await scene.ann.slash(scene.channel, "about")).response
        assert about is not None
        sure = (await scene.ann.click(about, label=SAY("button.forget"))).response
        assert sure is not None
        return shown(await scene.ann.click(sure, label=SAY("button.forget-yes")))

    for _ in range(5):
        await scene.mention(QUESTION)
    assert (await forget()).startswith("Done")
    await scene.mention(QUESTION)
    assert len(titles(scene.sent)) == 5
    clock.seconds += 31
    assert (await forget()).startswith("One moment: your data")
    clock.seconds += 600
    assert (await forget()).startswith("Done")


async def test_a_question_sent_twice_counts_once(scene: Scene, kept: Records) -> None:
    """What moderators see first is what many people sent, not what one sent often."""
    app = app_of(scene)
    for text in (MISSING, MISSING.upper(), f"{MISSING}!!"):
        assert await app.send_question(text, 1)
    assert await app.send_question(MISSING, 2)
    (one,) = await kept.questions.all("story")
    assert one.sent == 2


def test_the_pace_of_many_people(clock: Clock) -> None:
    """However many ask, each is counted at the same cost, and forgotten in time."""
    pace = Pace(clock)
    looked = 0

    class Counted(OrderedDict[Any, Any]):
        def items(self) -> Any:  # noqa: ANN401 - as it is there
            nonlocal looked
            looked += 1
            return super().items()

    pace._asked = Counted()  # pyright: ignore[reportPrivateUsage]
    for person in range(20_000):
        pace.take(person, person, None)
        clock.seconds += 0.01
    assert looked <= 20_000 * 8
    assert len(pace._asked) < 2 * 3000  # pyright: ignore[reportPrivateUsage]


async def test_the_pace_counts_every_way_of_asking(scene: Scene) -> None:
    """Mentions, commands, menus and forms count together; a notice is private."""
    for _ in range(2):
        await scene.mention(QUESTION)
        await scene.ask(QUESTION)
    form = await scene.ann.click(scene.sent[0], label="Ask more")
    await scene.ann.submit_modal(form, {"words": OTHER_QUESTION})
    answer = await scene.ask(QUESTION)
    assert answer.ephemeral
    assert answer.content.startswith("One moment")
    said = await scene.ann.send(scene.channel, QUESTION)
    result = await scene.ann.context_menu(scene.channel, "Answer this", said)
    assert shown(result).startswith("One moment")


async def test_a_busy_channel(scene: Scene) -> None:
    """A channel gets ten answers in half a minute, whoever asks; others have theirs."""
    for number in range(12):
        user = scene.guild.add_member(scene.env.create_user(f"user{number}"))
        await user.send(scene.channel, f"{scene.me.mention} {QUESTION}")
    assert len(titles(scene.sent)) == 10
    assert sum(one.content != "" for one in scene.sent) == 1
    other = scene.guild.create_text_channel("other")
    await scene.mention(QUESTION, other)
    assert titles(other.history()) == [QUESTION]


async def test_moderators_are_not_slowed_down(scene: Scene) -> None:
    """Who may delete messages there is never told to wait."""
    powers = discord.Permissions(manage_messages=True)
    role = scene.guild.create_role("Mods", permissions=powers)
    mod = scene.guild.add_member(scene.env.create_user("mod"), roles=[role])
    for _ in range(7):
        await mod.send(scene.channel, f"{scene.me.mention} {QUESTION}")
    assert len(titles(scene.sent)) == 7


async def test_an_edited_question(scene: Scene, clock: Clock, kept: Records) -> None:
    """An edit within a minute is answered in place, a later one is not."""
    asked = await scene.mention(QUESTION)
    clock.seconds += 50
    await scene.ann.edit(asked, f"{scene.me.mention} {OTHER_QUESTION}")
    assert titles(scene.sent) == [OTHER_QUESTION]
    (shown_,) = await kept.shown.by(scene.sent[0].id)
    assert shown_.answer.entry == "when-returned"
    clock.seconds += 61
    await scene.ann.edit(asked, f"{scene.me.mention} {QUESTION}")
    assert titles(scene.sent) == [OTHER_QUESTION]


async def test_an_edit_in_direct_messages(scene: Scene) -> None:
    """An edit in direct messages is answered in place, too."""
    asked = await scene.ann.send_dm(QUESTION)
    await scene.ann.user.edit(asked, OTHER_QUESTION)
    assert titles(scene.ann.user.dm_channel.history()) == [OTHER_QUESTION]


async def test_a_deleted_question(scene: Scene, kept: Records) -> None:
    """The answer to a question that is deleted goes with it."""
    asked = await scene.mention(QUESTION)
    answer = scene.sent[0].id
    await scene.ann.delete(asked)
    assert scene.sent == []
    assert await kept.shown.by(answer) == ()


async def test_slow_mode(scene: Scene, clock: Clock) -> None:
    """Where slow mode holds people back, clicks do not get around it."""
    slow = scene.channel
    real = scene.env.bot.get_channel(slow.id)
    assert isinstance(real, discord.TextChannel)
    await real.edit(slowmode_delay=60)
    await scene.env.settle()
    first = await scene.ann.slash(slow, "ask", question=QUESTION)
    second = await scene.ann.slash(slow, "ask", question=QUESTION)
    assert (first.ephemeral, second.ephemeral) == (False, True)
    clock.seconds += 61
    third = await scene.ann.slash(slow, "ask", question=QUESTION)
    assert not third.ephemeral


async def test_slow_mode_holds_answers_only(scene: Scene) -> None:
    """What is shown to one person alone takes nobody's turn; moderators wait never."""
    real = scene.env.bot.get_channel(scene.channel.id)
    assert isinstance(real, discord.TextChannel)
    await real.edit(slowmode_delay=60)
    await scene.env.settle()
    assert (await scene.ask(OFF_TOPIC)).ephemeral
    assert not (await scene.ask(QUESTION)).ephemeral
    alone = await scene.ask(QUESTION)
    assert alone.ephemeral
    refused = await scene.ann.click(alone, label="Post publicly")
    assert shown(refused) == SAY("post.later")
    powers = discord.Permissions(manage_messages=True)
    role = scene.guild.create_role("Mods", permissions=powers)
    mod = scene.guild.add_member(scene.env.create_user("mod"), roles=[role])
    for _ in range(2):
        result = await mod.slash(scene.channel, "ask", question=QUESTION)
        assert not result.ephemeral


async def test_questions_that_are_deleted_together(scene: Scene, kept: Records) -> None:
    """Where a moderator deletes many messages, the answers to them go, too."""
    asked = [await scene.mention(one) for one in (QUESTION, OTHER_QUESTION)]
    answers = [one.id for one in scene.sent]
    assert len(answers) == 2
    real = scene.env.bot.get_channel(scene.channel.id)
    assert isinstance(real, discord.TextChannel)
    await real.delete_messages(asked)
    await scene.env.settle()
    assert scene.sent == []
    for answer in answers:
        assert await kept.shown.by(answer) == ()


async def test_edits_count_as_questions(scene: Scene) -> None:
    """Who edits a question again and again gets no more answers than who asks."""
    asked = await scene.mention(QUESTION)
    for number in range(6):
        text = (OTHER_QUESTION, QUESTION)[number % 2]
        await scene.ann.edit(asked, f"{scene.me.mention} {text} {'?' * number}")
    edits = [one for one in scene.env.http_requests if one.method == "PATCH"]
    assert len(edits) == 4


async def test_an_edit_of_plain_text(scene: Scene) -> None:
    """An answer that had to be plain text stays so when it is answered anew."""
    scene.env.inject_error(
        "POST", "/channels/*/messages", status=400, code=50035, message="no components"
    )
    asked = await scene.mention(QUESTION)
    scene.env.inject_error(
        "PATCH", "/channels/*/messages/*", status=400, code=50035, message="no"
    )
    await scene.ann.edit(asked, f"{scene.me.mention} {OTHER_QUESTION}")
    assert scene.sent[-1].content.startswith(f"### {OTHER_QUESTION}")


class Overhearing(NamedTuple):
    """The bot where it may answer what nobody asked it, and somebody's message."""

    bot: Receipts
    scene: Scene
    said: discord.Message

    def messages(self, texts: Iterable[str]) -> list[discord.Message]:
        """The message, with each of some texts in place of its own."""
        found: list[discord.Message] = []
        for text in texts:
            found.append(copy.copy(self.said))
            found[-1].content = text
        return found


@asynccontextmanager
async def overhearing(
    answerer: Answerer, kept: Records, clock: Clock
) -> AsyncGenerator[Overhearing]:
    """The bot in a channel whose talk it reads."""
    options = Options(reads_channels=True)
    bot = Receipts(answerer, lambda: TODAY, kept, options, clock)
    async with simcord.run(bot) as env:
        scene = Scene(env)
        settings = ChannelSettings(answers_unasked=True)
        await kept.settings.set_channel(scene.guild.id, scene.channel.id, settings)
        said = await scene.ann.send(scene.channel, "hm")
        yield Overhearing(bot, scene, said)


async def test_what_is_overheard_at_once(
    answerer: Answerer, kept: Records, clock: Clock
) -> None:
    """Of two questions that nobody asked the bot, at once, one is answered."""
    async with overhearing(answerer, kept, clock) as here:
        messages = here.messages([QUESTION, QUESTION])
        await asyncio.gather(*map(here.bot.on_message, messages))
        requests = here.scene.env.http_requests
        assert len([one for one in requests if one.method == "POST"]) == 1


async def test_what_is_overheard_holds_up_no_question(
    answerer: Answerer, kept: Records, clock: Clock
) -> None:
    """Of much talk at once some is left; who asks the bot waits for none of it."""
    may_go_on, begun = threading.Event(), list[str]()
    real = answerer.reply

    def reply(text: str, today: date, **more: Any) -> Reply:  # noqa: ANN401
        if more["ambient"]:
            begun.append(text)
            assert may_go_on.wait(10)
        return real(text, today, **more)

    slow = copy.copy(answerer)
    slow.reply = reply  # pyright: ignore[reportAttributeAccessIssue]
    async with overhearing(answerer, kept, clock) as here:
        here.bot.app.answerer = slow
        many = range(3 * MOST_OFFERS)
        messages = here.messages(f"who rang bell {number}?" for number in many)
        talk = [asyncio.create_task(here.bot.on_message(one)) for one in messages]
        await asyncio.wait(talk, timeout=0.1)
        try:
            await asyncio.wait_for(here.scene.mention(QUESTION), 5)
            assert titles(here.scene.sent) == [QUESTION]
        finally:
            may_go_on.set()
        await asyncio.gather(*talk)
    assert len(begun) <= MOST_OFFERS + 2


async def test_a_conversation(scene: Scene) -> None:
    """A question takes up what the same person asked, or what it replies to."""
    await scene.mention(QUESTION)
    bot = scene.env.bot
    assert isinstance(bot, Receipts)
    taken: list[str | None] = []
    real = bot.app.answerer.reply

    class Listening(Answerer):
        """An answerer that notes what it is told of the conversation."""

        def __init__(self) -> None:
            self.story = bot.app.answerer.story

        def reply(
            self,
            text: str,
            today: date,
            *,
            ambient: bool = False,
            after: Turn | None = None,
        ) -> Reply:
            """Answer, and note the question before."""
            taken.append(after.text if after else None)
            return real(text, today, ambient=ambient, after=after)

    bot.app.answerer = Listening()
    bob = scene.guild.add_member(scene.env.create_user("bob"))
    await scene.mention(OTHER_QUESTION)
    await bob.send(scene.channel, f"{scene.me.mention} {OTHER_QUESTION}")
    await bob.send(scene.channel, OTHER_QUESTION, reply_to=scene.sent[0])
    assert taken == [QUESTION, None, QUESTION]


async def test_a_slow_answer_is_announced(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where an answer takes long, Discord is told in time that it will come."""
    monkeypatch.setattr(sending, "ACKNOWLEDGE", 0.01)
    bot = scene.env.bot
    assert isinstance(bot, Receipts)
    real = bot.app.reply

    async def slowly(asked: object) -> Reply | None:
        await asyncio.sleep(0.1)
        return await real(asked)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(bot.app, "reply", slowly)
    result = await scene.ann.slash(scene.channel, "ask", question=QUESTION)
    first = [one.json for one in scene.env.http_requests if "/callback" in one.path]
    assert [one and one["type"] for one in first] == [5]
    assert QUESTION in shown(result)
    # It was announced in private, and Discord keeps to that.
    assert "Post publicly" in labels(result.response or result.followups[0])
    assert scene.sent == []


class Slow(Answerer):
    """An answerer that takes its time, and a whole core."""

    def __init__(self, real: Answerer) -> None:
        self.real, self.story = real, real.story

    def reply(
        self,
        text: str,
        today: date,
        *,
        ambient: bool = False,
        after: Turn | None = None,
    ) -> Reply:
        """Answer, but not soon."""
        until = time.perf_counter() + 0.5
        while time.perf_counter() < until:
            pass
        return self.real.reply(text, today, ambient=ambient, after=after)


async def test_a_slow_answerer_holds_up_nobody(answerer: Answerer) -> None:
    """While an answer is worked out, all else goes on, such as telling Discord so."""
    app = App(Slow(answerer), lambda: TODAY)
    turns = 0
    working = [
        asyncio.create_task(app.reply(Asked(QUESTION, 1, 2, 3))),
        asyncio.create_task(app.suggest("bell", 3, 1)),
    ]
    while not all(one.done() for one in working):
        await asyncio.sleep(0.01)
        turns += 1
    assert turns > 10


async def test_discord_hears_in_time(
    scene: Scene, kept: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However slow the records are, Discord is told in time that an answer comes."""
    monkeypatch.setattr(sending, "ACKNOWLEDGE", 0.05)
    await scene.mention(QUESTION)

    async def slowly(*_: object, **__: object) -> None:
        await asyncio.sleep(0.5)

    for room, name in (
        *((kept.votes, "cast"), (kept.reports, "add"), (kept.questions, "wait")),
        (kept, "delete_person"),
    ):
        monkeypatch.setattr(room, name, slowly)

    def told() -> int:
        sent = [one for one in scene.env.http_requests if "/callback" in one.path]
        return sum(one.json is not None and one.json["type"] == 5 for one in sent)

    await scene.ann.click(scene.sent[0], label="👍")
    assert told() == 1
    form = await scene.ann.click(scene.sent[0], label="👎")
    await scene.ann.submit_modal(form, {"words": "no"})
    assert told() == 2
    form = await scene.ann.context_menu(scene.channel, "Report answer", scene.sent[0])
    await scene.ann.submit_modal(form, {"words": "no"})
    assert told() == 3
    assert scene.env.errors == []


async def test_an_answer_that_discord_has_is_not_sent_twice(scene: Scene) -> None:
    """Where Discord took an answer and failed to say so, no second one follows."""
    scene.env.inject_error("POST", "/interactions/*/*/callback", status=400, code=40060)
    await scene.ann.slash(scene.channel, "ask", question=QUESTION)
    sent = [one.path for one in scene.env.http_requests if one.method == "POST"]
    assert sum("/callback" in path for path in sent) == 1
    assert not any("/webhooks/" in path for path in sent)


async def test_a_failed_click(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A click that fails is told so in one private sentence with a reference."""
    await scene.mention(QUESTION)
    bot = scene.env.bot
    assert isinstance(bot, Receipts)

    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(bot.app, "again", broken)
    result = await scene.ann.click(scene.sent[0], label="Sources")
    assert result.ephemeral
    assert "Reference:" in shown(result)


async def test_two_questions(scene: Scene) -> None:
    """A message with two questions gets one reply with a card for each."""
    await scene.mention(f"{QUESTION} {OTHER_QUESTION}")
    assert len(scene.sent) == 1
    assert titles(scene.sent) == [QUESTION, OTHER_QUESTION]
    assert labels(scene.sent[0]).count("Sources") == 2
    assert can_be_deleted(scene.sent[0])


async def test_a_voice_channel(scene: Scene) -> None:
    """A mention in the text of a voice channel is answered there."""
    voice = scene.guild.create_voice_channel("talk")
    await scene.mention(QUESTION, voice)
    assert titles(voice.history()[-1:]) == [QUESTION]


async def test_a_forum_post(scene: Scene) -> None:
    """A mention in a forum's post is answered in the post."""
    forum = scene.guild.create_forum_channel("questions")
    real = scene.env.bot.get_channel(forum.id)
    assert isinstance(real, discord.ForumChannel)
    await real.create_thread(name="bell", content="what of the bell?")
    await scene.env.settle()
    post = forum.threads[0]
    await scene.mention(QUESTION, post)
    assert titles(post.history()[-1:]) == [QUESTION]


async def test_a_read_only_channel(scene: Scene) -> None:
    """Where the bot may not write, a mention costs no request; /ask still answers."""
    me = scene.guild.roles[scene.me.name]
    closed = scene.guild.create_text_channel(
        "closed", overwrites={me: discord.PermissionOverwrite(send_messages=False)}
    )
    before = len(scene.env.http_requests)
    await scene.mention(QUESTION, closed)
    assert len(scene.env.http_requests) == before
    result = await scene.ann.slash(closed, "ask", question=QUESTION)
    assert QUESTION in shown(result)


async def test_in_spanish(answerer: Answerer, kept: Records) -> None:
    """Where a server speaks Spanish, the bot's own sentences are Spanish."""
    async with simcord.run(Receipts(answerer, lambda: TODAY, kept)) as env:
        scene = Scene(env)
        env.backend.get_guild(scene.guild.id).preferred_locale = "es-ES"
        event = {"id": str(scene.guild.id), "preferred_locale": "es-ES"}
        guild = env.bot.get_guild(scene.guild.id)
        assert guild is not None
        guild.preferred_locale = discord.Locale(event["preferred_locale"])
        await scene.mention(QUESTION)
        assert "Fuentes" in labels(scene.sent[0])
        assert "a fecha de 12 jun 2024" in text_of(scene.sent[0])


async def test_the_language_of_direct_messages(scene: Scene) -> None:
    """Direct messages are answered in the language of a person's last command."""
    bot = scene.env.bot
    assert isinstance(bot, Receipts)
    await scene.ann.send_dm(OFF_TOPIC)
    bot.app.languages.put(scene.ann.id, "es-ES")
    await scene.ann.send_dm(OFF_TOPIC)
    said = titles(scene.ann.user.dm_channel.history())
    assert said == [SAY("off-topic"), words("es").say("off-topic")]
    await scene.ask(QUESTION)
    await scene.ann.send_dm(OFF_TOPIC)
    assert titles(scene.ann.user.dm_channel.history())[-1] == SAY("off-topic")


def test_pace_tidies_up() -> None:
    """What was asked long ago takes no room, once as much is asked again."""
    clock = Clock()
    pace = Pace(clock)
    for person in range(3000):
        pace.take(person, person, person)
    clock.seconds += 100
    for _ in range(3000):
        pace.take(1, 1, 1)
    assert len(pace._asked) == 3  # pyright: ignore[reportPrivateUsage]
