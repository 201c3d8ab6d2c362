"""All that can be pressed, in every kind of place, after a restart, in two servers."""

from dataclasses import replace
from typing import Final

import discord
import pytest
import simcord
from simcord.results import InteractionResult

from bot.discord_bot.showing.custom_ids import DELETE
from bot.records.records import Records
from bot.words.catalogue import words
from tests.scene import (
    Restart,
    Scene,
    app_of,
    first_choice,
    labels,
    shown,
    text_of,
    titles,
)

QUESTION: Final = "What happened to the Harbour Street bell?"
OTHER_QUESTION: Final = "When did the bell come back?"
MISSING: Final = "how much was the repair of the bell?"
NEAR: Final = "has the bell been put back?"
UNSURE: Final = "did rascals nick the bell?"
SAY: Final = words("en").say
PLACES: Final = ["server", "thread", "post", "voice", "direct"]


class Spot:
    """Somewhere Ann can ask: her ways to write and to use commands there."""

    def __init__(self, scene: Scene, channel: simcord.ChannelHandle | None) -> None:
        self.scene, self.channel = scene, channel
        self.actor = scene.ann if channel else scene.ann.user

    async def ask(self, question: str) -> discord.Message:
        """Ask by a message; what the bot answered."""
        if self.channel is None:
            await self.scene.ann.send_dm(question)
        else:
            await self.scene.mention(question, self.channel)
        return self.last

    async def use(self, name: str, /, **options: object) -> simcord.ResponseMessage:
        """Use a command; what the bot answered."""
        if isinstance(self.actor, simcord.MemberActor):
            assert self.channel is not None
            result = await self.actor.slash(self.channel, name, **options)
        else:
            result = await self.actor.slash(name, **options)
        assert result.response is not None
        return result.response

    @property
    def messages(self) -> list[discord.Message]:
        """What the bot posted there."""
        place = self.channel or self.scene.ann.user.dm_channel
        return [one for one in place.history() if one.author.id == self.scene.me.id]

    @property
    def last(self) -> discord.Message:
        """What the bot posted last."""
        return self.messages[-1]

    async def fill(self, result: InteractionResult, text: str) -> InteractionResult:
        """Send the form that was opened."""
        return await self.actor.submit_modal(result, {"words": text})


@pytest.fixture(params=PLACES)
async def spot(request: pytest.FixtureRequest, scene: Scene) -> Spot:
    """Each kind of place."""
    return await make_spot(scene, request.param)


async def make_spot(scene: Scene, kind: str) -> Spot:
    """A place of a kind."""
    if kind == "direct":
        return Spot(scene, None)
    if kind == "voice":
        return Spot(scene, scene.guild.create_voice_channel("talk"))
    if kind == "thread":
        start = await scene.ann.send(scene.channel, "about the bell")
        real = scene.env.bot.get_channel(scene.channel.id)
        assert isinstance(real, discord.TextChannel)
        await real.create_thread(name="bell", message=discord.Object(start.id))
        await scene.env.settle()
        return Spot(scene, scene.channel.threads[0])
    if kind == "post":
        forum = scene.guild.create_forum_channel("questions")
        real = scene.env.bot.get_channel(forum.id)
        assert isinstance(real, discord.ForumChannel)
        await real.create_thread(name="bell", content="what of the bell?")
        await scene.env.settle()
        return Spot(scene, forum.threads[0])
    return Spot(scene, scene.channel)


async def test_an_answer(spot: Spot, restart: Restart, kept: Records) -> None:
    """All that is under an answer works, and a second server's answer is let be."""
    other = Scene(spot.scene.env)
    await other.mention(QUESTION)
    card = await spot.ask(QUESTION)
    act = spot.actor
    await restart()
    assert "“The bell has been" in shown(await act.click(card, label="Sources"))
    assert shown(await act.click(card, label="👍")) == SAY("voted.counted")
    said = await spot.fill(await act.click(card, label="👎"), "it rings")
    assert SAY("voted.wrong") in shown(said)
    tally = (await kept.votes.tallies("story"))["what-happened"]
    assert (tally.helpful, tally.wrong) == (0, 1)
    said = await spot.fill(await act.click(card, label="Ask more"), "and when?")
    assert said.response is not None
    related = await act.select(card, ["was-it-stolen"])
    assert related.response is not None
    assert titles([related.response]) == ["Was the bell stolen?"]
    before = len(spot.messages)
    await act.click(related.response, label="Post publicly")
    assert len(spot.messages) == before + 1
    await act.select(card, [DELETE])
    assert card.id not in {one.id for one in spot.messages}
    assert titles(other.sent) == [QUESTION]
    assert spot.scene.env.errors == []


async def test_no_answer(spot: Spot, restart: Restart, kept: Records) -> None:
    """A question is meant, or none is, is sent to the moderators, or waited for."""
    offer, second = await spot.ask(UNSURE), await spot.ask(UNSURE)
    await restart()
    act = spot.actor
    assert titles([second]) == [SAY("did-you-mean")]
    await act.click(second, label=labels(second)[0])
    (chosen,) = [one for one in spot.messages if one.id == second.id]
    assert "Sources" in labels(chosen)
    await act.click(offer, label=SAY("none-of-these"))
    card = next(one for one in spot.messages if one.id == offer.id)
    # After a restart it is no longer known what was asked.
    assert titles([card]) in ([SAY("sent-on")], [SAY("not-covered")])
    card = await spot.ask(MISSING)
    sent = await spot.fill(await act.click(card, label=SAY("send")), "what of it?")
    assert shown(sent) == SAY("sent")
    await restart()
    told = await act.click(card, label=SAY("button.tell"))
    if spot.channel:
        assert told.response is not None
        await act.click(told.response, label=SAY("button.here"))
    (waiting,) = (await kept.questions.waiting_all("story")).values()
    here = None if spot.channel is None else spot.channel.id
    assert [(one.person, one.channel) for one in waiting] == [(spot.scene.ann.id, here)]
    assert spot.scene.env.errors == []


async def test_off_topic(spot: Spot, restart: Restart) -> None:
    """Topics can be tapped, for whoever taps alone, and lead on to answers."""
    card = await spot.ask("what is the weather tomorrow?")
    await restart()
    assert titles([card]) == [SAY("off-topic")]
    assert SAY("send") not in labels(card)
    topic = await spot.actor.click(card, label="The bell")
    assert topic.response is not None
    assert titles([topic.response, card]) == ["The bell", SAY("off-topic")]
    result = await spot.actor.select(topic.response, ["what-happened"])
    assert QUESTION in shown(result)
    assert spot.scene.env.errors == []


async def test_the_closest(spot: Spot, restart: Restart) -> None:
    """It is named as such, and leads to its answer, to another, or to none."""
    first, second = await spot.ask(NEAR), await spot.ask(NEAR)
    await restart()
    act = spot.actor
    assert titles([second]) == [f"{SAY('closest')} {OTHER_QUESTION}"]
    await act.click(second, label=SAY("closest.yes"))
    (chosen,) = [one for one in spot.messages if one.id == second.id]
    assert titles([chosen]) == [OTHER_QUESTION]
    await act.click(first, label=SAY("none-of-these"))
    (card,) = [one for one in spot.messages if one.id == first.id]
    assert titles([card]) in ([SAY("sent-on")], [SAY("not-covered")])
    assert spot.scene.env.errors == []


async def test_lists(spot: Spot, restart: Restart) -> None:
    """Topics, pages, names and data are there, and lead on."""
    act = spot.actor
    topics, about = await spot.use("topics"), await spot.use("about")
    who, latest = (
        await spot.use("who", name="harbour-council"),
        await spot.use("latest"),
    )
    await restart()
    await act.select(topics, ["bell"])
    assert titles([topics]) == ["The bell"]
    for menu in (topics, who, latest):
        answer = await act.select(menu, [first_choice(menu.message)])
        assert answer.response is not None
        assert "Sources" in labels(answer.response)
    sure = await act.click(about, label="Delete my data")
    assert sure.response is not None
    await restart()
    done = await act.click(sure.response, label="Yes, delete it")
    assert shown(done).startswith("Done:")
    assert spot.scene.env.errors == []


async def test_help(spot: Spot, restart: Restart) -> None:
    """The help has topics to tap, and all of them."""
    card = await spot.ask("hello")
    await restart()
    assert titles([card]) == [SAY("help.title")]
    every = await spot.actor.click(card, label=SAY("button.topics"))
    assert every.response is not None
    assert titles([every.response]) == [SAY("topics.title")]


@pytest.mark.parametrize("label", ["", "Sources", "👍", "Ask more"])
@pytest.mark.parametrize("kind", ["thread", "post", "voice"])
async def test_others_cards(
    scene: Scene, restart: Restart, kind: str, label: str
) -> None:
    """An outsider may look, vote and ask on, and delete nothing, wherever it is."""
    spot = await make_spot(scene, kind)
    card = await spot.ask(QUESTION)
    await restart()
    bob = scene.guild.add_member(scene.env.create_user("bob"))
    press = bob.click(card, label=label) if label else bob.select(card, [DELETE])
    result = await press
    if result.modal:
        result = await bob.submit_modal(result, {"words": OTHER_QUESTION})
    assert result.acknowledged
    assert (shown(result) == SAY("delete.not-yours")) == (not label)
    assert card.id in {one.id for one in spot.messages}


async def test_a_moderator_of_another_server(scene: Scene, restart: Restart) -> None:
    """Who may delete messages in one server may not in another, which both know."""
    other = Scene(scene.env)
    powers = discord.Permissions(manage_messages=True)
    mods = scene.guild.create_role("Mods", permissions=powers)
    mod = scene.env.create_user("mod")
    here, there = scene.guild.add_member(mod, roles=[mods]), other.guild.add_member(mod)
    await scene.mention(QUESTION)
    await other.mention(QUESTION)
    await restart()
    refused = await there.select(other.sent[-1], [DELETE])
    assert shown(refused) == SAY("delete.not-yours")
    await here.select(scene.sent[-1], [DELETE])
    assert (len(scene.sent), len(other.sent)) == (0, 1)


# What SimCord has no words for: Discord's payloads, changed on their way in.

FOREIGN: Final[dict[str, object]] = {
    "guild_id": "999",
    "guild": {"id": "999", "locale": "en-US", "features": ()},
    "context": 0,
}
GROUP: Final[dict[str, object]] = {
    "guild_id": None,
    "guild": None,
    "member": None,
    "context": 2,
}


def change_payloads(scene: Scene, changes: dict[str, object]) -> None:
    """Have every interaction come from elsewhere: the bot is on the user only."""
    connection = scene.env.bot._connection  # pyright: ignore[reportPrivateUsage]
    real = connection.parse_interaction_create
    author = {"id": str(scene.ann.id), "username": "ann", "discriminator": "0"}

    def changed(data: dict[str, object]) -> None:
        data |= changes
        if changes["guild_id"] is None:
            for name in ("guild_id", "guild", "member"):
                data.pop(name, None)
            data["user"] = {**author, "avatar": None}
            data["channel"] = {"id": data["channel_id"], "type": 3, "name": "us"}
        data["authorizing_integration_owners"] = {"1": str(scene.ann.id)}
        real(data)  # pyright: ignore[reportArgumentType]

    connection.parsers["INTERACTION_CREATE"] = changed  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("changes", [FOREIGN, GROUP], ids=["server", "group"])
async def test_where_only_the_user_has_the_bot(
    scene: Scene, changes: dict[str, object]
) -> None:
    """In a server without the bot, and in a group, all that is asked for works."""
    await scene.mention(MISSING)  # what the bot said where it is
    missing = scene.sent[-1]
    change_payloads(scene, changes)
    is_group = changes is GROUP
    result = await scene.ann.slash(scene.channel, "ask", question=QUESTION)
    assert result.response is not None
    card = result.response
    assert not card.ephemeral
    assert titles([card]) == [QUESTION]
    assert bool(card.content) == is_group  # plain text where there is no server
    assert shown(await scene.ann.click(card, label="👍")) == SAY("voted.counted")
    form = await scene.ann.click(card, label="Ask more")
    followed = await scene.ann.submit_modal(form, {"words": OTHER_QUESTION})
    assert followed.response is not None
    assert not followed.ephemeral
    told = await scene.ann.click(missing, label=SAY("button.tell"))
    if is_group:
        assert shown(told) == SAY("tell.direct")
    else:
        assert told.response is not None
        assert labels(told.response) == [SAY("button.direct")]
    alone = await scene.ann.slash(scene.channel, "ask", question=QUESTION, private=True)
    assert alone.response is not None
    assert alone.ephemeral
    posted = await scene.ann.click(alone.response, label="Post publicly")
    assert not posted.ephemeral
    said = await scene.ann.context_menu(scene.channel, "Report answer", missing)
    assert shown(await scene.ann.submit_modal(said, {"words": "x"})) == SAY("reported")
    await scene.ann.select(card, [DELETE])
    assert titles([one for one in scene.sent if one.id == card.message.id]) == []
    for name in ("topics", "timeline", "sources", "latest", "about"):
        answer = await scene.ann.slash(scene.channel, name)
        assert answer.ephemeral
        assert text_of(answer.response or answer.followups[0])
    assert scene.env.errors == []


async def test_moderators_of_a_server_without_the_bot(scene: Scene) -> None:
    """The story's moderators have no power in a server that is no home of it."""
    await scene.mention(QUESTION)
    role = scene.guild.create_role("Editors")
    bob = scene.guild.add_member(scene.env.create_user("bob"), roles=[role])
    app = app_of(scene)
    app.options = replace(
        app.options,
        home_guilds=frozenset({scene.guild.id}),
        moderator_roles=frozenset({role.id}),
    )
    change_payloads(scene, FOREIGN)
    refused = await bob.select(scene.sent[0], [DELETE])
    assert shown(refused) == SAY("delete.not-yours")
