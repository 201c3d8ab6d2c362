"""Who may what: everything there is to use, by everybody who can come to it."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Final

import discord
import pytest
import simcord
from discord import app_commands
from simcord.results import InteractionResult

from bot.answering.answerer import Answerer
from bot.discord_bot.client import Receipts
from bot.discord_bot.router import FORMS, PRESSES
from bot.discord_bot.showing.custom_ids import DELETE
from bot.records.records import Records
from bot.words.catalogue import words
from tests.scene import Scene, app_of, can_be_deleted, shown, text_of

QUESTION: Final = "What happened to the Harbour Street bell?"
TELL: Final = words("en").say("button.tell")
MISSING: Final = "how much was the repair of the bell?"
NEAR: Final = "has the bell been put back?"
UNSURE: Final = "was there a statement on the bell in March by somebody?"
REFUSALS: Final = {
    words("en").say(key)
    for key in ("delete.not-yours", "channel.not-yours", "post.not-here", "old-button")
}

ALL: Final = frozenset(
    {
        *("asker", "outsider", "moderator", "role", "manager"),
        *("elsewhere", "abroad", "direct"),
    }
)
HERE: Final = ALL - {"direct"}
"""Everybody but in direct messages, where there is nobody but the asker.

`moderator` may delete messages here, `role` is one of the story's moderators by the
operator's settings, `manager` may manage the server; `elsewhere` is administrator of
another server and a plain member here; `abroad` has the moderators' role where the
server is no home of the story.
"""

Use = Callable[["Visitor"], Awaitable[InteractionResult]]


class Visitor:
    """Somebody, and their way to use each thing."""

    def __init__(self, scene: Scene, who: str, role: simcord.RoleHandle) -> None:
        self.scene, self.who = scene, who
        if who == "abroad":
            app = app_of(scene)
            app.options = replace(app.options, home_guilds=frozenset({1}))
        self.is_direct = who == "direct"
        member = scene.ann
        if who not in {"asker", "direct"}:
            user = scene.env.create_user(who)
            member = scene.guild.add_member(user, roles=self._roles(role))
            if who == "elsewhere":
                other = scene.env.create_guild("Other")
                powers = discord.Permissions(administrator=True)
                admin = other.create_role("Admins", permissions=powers)
                other.add_member(user, roles=[admin])
        self.actor = member.user if self.is_direct else member
        self.member = member

    def _roles(self, role: simcord.RoleHandle) -> list[simcord.RoleHandle]:
        powers = {
            "moderator": discord.Permissions(manage_messages=True),
            "manager": discord.Permissions(manage_guild=True),
        }
        if self.who in {"role", "abroad"}:
            return [role]
        if self.who in powers:
            guild = self.scene.guild
            return [guild.create_role(self.who, permissions=powers[self.who])]
        return []

    async def asked(self, question: str) -> discord.Message:
        """What the bot answered to Ann, in public or directly."""
        if self.is_direct:
            await self.scene.ann.send_dm(question)
            return self.scene.ann.user.dm_channel.history()[-1]
        await self.scene.mention(question)
        return self.scene.sent[-1]

    async def command(self, name: str, /, **options: object) -> InteractionResult:
        """Use a command."""
        if isinstance(self.actor, simcord.MemberActor):
            return await self.actor.slash(self.scene.channel, name, **options)
        return await self.actor.slash(name, **options)

    async def private(self) -> simcord.ResponseMessage:
        """An answer that only this person sees."""
        result = await self.command("ask", question=QUESTION, private=True)
        assert result.response is not None
        return result.response


def command(name: str, /, **options: object) -> Use:
    """Using a command."""

    async def use(one: Visitor) -> InteractionResult:
        return await one.command(name, **options)

    return use


def button(label: str, question: str = QUESTION) -> Use:
    """Clicking on a public card of Ann's, and sending the form where there is one."""

    async def use(one: Visitor) -> InteractionResult:
        result = await one.actor.click(await one.asked(question), label=label)
        if result.modal:
            return await one.actor.submit_modal(result, {"words": "and when?"})
        return result

    return use


def form(label: str, question: str = QUESTION) -> Use:
    """Opening the form of a button on a public card of Ann's."""

    async def use(one: Visitor) -> InteractionResult:
        result = await one.actor.click(await one.asked(question), label=label)
        assert result.modal is not None
        return result

    return use


async def _report_form(one: Visitor) -> InteractionResult:
    answer = await one.asked(QUESTION)
    channel = one.scene.channel
    return await one.member.context_menu(channel, "Report answer", answer)


async def _tell(one: Visitor) -> InteractionResult:
    return await one.actor.click(await one.asked(MISSING), label=TELL)


def place(label: str) -> Use:
    """Saying where one wants to be told; in direct messages that is not asked."""

    async def use(one: Visitor) -> InteractionResult:
        result = await _tell(one)
        if one.is_direct:
            return result
        assert result.response is not None
        return await one.actor.click(result.response, label=label)

    return use


def menu(question: str, choice: str) -> Use:
    """Choosing from a public card of Ann's."""

    async def use(one: Visitor) -> InteractionResult:
        return await one.actor.select(await one.asked(question), [choice])

    return use


async def _post(one: Visitor) -> InteractionResult:
    return await one.actor.click(await one.private(), label="Post publicly")


async def _full(one: Visitor) -> InteractionResult:
    bot = one.scene.env.bot
    assert isinstance(bot, Receipts)
    story = bot.app.answerer.story
    entry = story.entries["what-happened"]
    long = entry.model_copy(update={"answer": f"{entry.answer} " * 6})
    changed = replace(story, entries={**story.entries, entry.id: long})
    bot.app.answerer = Answerer(changed)
    return await button("More")(one)


async def _topic(one: Visitor) -> InteractionResult:
    result = await one.command("topics")
    assert result.response is not None
    return await one.actor.select(result.response, ["bell"])


async def _page(one: Visitor) -> InteractionResult:
    bot = one.scene.env.bot
    assert isinstance(bot, Receipts)
    story = bot.app.answerer.story
    bot.app.answerer = Answerer(replace(story, timeline=story.timeline * 9))
    result = await one.command("timeline")
    assert result.response is not None
    return await one.actor.click(result.response, label="Next page")


async def _jump(one: Visitor) -> InteractionResult:
    bot = one.scene.env.bot
    assert isinstance(bot, Receipts)
    story = bot.app.answerer.story
    sources = {f"{at}": next(iter(story.sources.values())) for at in range(40)}
    bot.app.answerer = Answerer(replace(story, sources={**story.sources, **sources}))
    result = await one.command("sources")
    assert result.response is not None
    return await one.actor.select(result.response, ["1"])


async def _forget(one: Visitor) -> InteractionResult:
    result = await one.command("about")
    assert result.response is not None
    return await one.actor.click(result.response, label="Delete my data")


async def _forgotten(one: Visitor) -> InteractionResult:
    result = await _forget(one)
    assert result.response is not None
    return await one.actor.click(result.response, label="Yes, delete it")


def on_message(name: str) -> Use:
    """Using a message menu on an answer of the bot's."""

    async def use(one: Visitor) -> InteractionResult:
        answer = await one.asked(QUESTION)
        channel = one.scene.channel
        result = await one.member.context_menu(channel, name, answer)
        if result.modal:
            return await one.member.submit_modal(result, {"words": "wrong"})
        return result

    return use


DOORS: Final[dict[str, tuple[Use, frozenset[str]]]] = {
    "/ask": (command("ask", question=QUESTION), ALL),
    "/topics": (command("topics"), ALL),
    "/timeline": (command("timeline"), ALL),
    "/sources": (command("sources"), ALL),
    "/latest": (command("latest"), ALL),
    "/about": (command("about"), ALL),
    "/who": (command("who", name="ada-moreau"), ALL),
    "/channel": (command("channel", answers=False), frozenset({"manager", "role"})),
    "Answer this": (on_message("Answer this"), HERE),
    "Report answer": (on_message("Report answer"), HERE),
    "full": (_full, ALL),
    "quotes": (button("Sources"), ALL),
    "follow": (button("Ask more"), ALL),
    "helpful": (button("👍"), ALL),
    "wrong": (button("👎"), ALL),
    "delete": (
        menu(QUESTION, DELETE),
        frozenset({"asker", "moderator", "role", "direct"}),
    ),
    "post": (_post, ALL),
    "pick": (button(words("en").say("closest.yes"), NEAR), ALL),
    "none": (button(words("en").say("none-of-these"), UNSURE), ALL),
    "related": (menu(QUESTION, "was-it-stolen"), ALL),
    "send": (button("Send to the moderators", MISSING), ALL),
    "report": (on_message("Report answer"), HERE),
    "topic": (_topic, ALL),
    "page": (_page, ALL),
    "jump": (_jump, ALL),
    "tell": (_tell, ALL),
    "here": (place("Here"), ALL),
    "direct": (place("By direct message"), ALL),
    "forget": (_forget, ALL),
    "forgotten": (_forgotten, ALL),
    "form follow": (form("Ask more"), ALL),
    "form wrong": (form("👎"), ALL),
    "form send": (form("Send to the moderators", MISSING), ALL),
    "form report": (_report_form, HERE),
}
"""Each command, menu, button, select and form: how it is used, and who may.

A row of a form opens it; the row of its verb sends it, too.
"""

SUGGESTS: Final = [("ask", "question"), ("who", "name")]
"""Each option that is completed while it is typed."""

IN_SERVERS: Final = frozenset(
    {"/channel", "Answer this", "Report answer", "report", "form report"}
)

CASES: Final = [
    (door, who)
    for door in DOORS
    for who in sorted(ALL)
    # Discord offers these in servers only, or SimCord does not offer them elsewhere.
    if who != "direct" or door not in IN_SERVERS
]


@pytest.fixture
def role(scene: Scene) -> simcord.RoleHandle:
    """The role of the story's moderators, by the operator's settings."""
    found = scene.guild.create_role("Editors")
    options = app_of(scene).options
    app_of(scene).options = replace(
        options,
        home_guilds=frozenset({scene.guild.id}),
        moderator_roles=frozenset({found.id}),
    )
    return found


@pytest.mark.parametrize(("door", "who"), CASES)
async def test_who_may_what(
    scene: Scene, role: simcord.RoleHandle, door: str, who: str
) -> None:
    """What there is opens to those it is for; others are told, and nothing happens."""
    use, may = DOORS[door]
    if door == "/channel":  # as a server may have it: shown to everybody
        await everybody_sees(scene, "channel")
    result = await use(Visitor(scene, who, role))
    answers = [one for one in (result.response, *result.followups) if one]
    refused = any(text_of(one) in REFUSALS for one in answers)
    assert result.acknowledged
    assert refused == (who not in may)
    assert scene.env.errors == []


async def everybody_sees(scene: Scene, name: str) -> None:
    """Have a server's settings show a command to everybody."""
    bot = scene.env.bot
    assert isinstance(bot, Receipts)
    commands = await bot.tree.fetch_commands()
    found = next(one for one in commands if one.name == name)
    scene.guild.set_command_permissions(found, {scene.guild.default_role: True})


@pytest.mark.parametrize("who", sorted(ALL))
@pytest.mark.parametrize(("name", "option"), SUGGESTS)
async def test_who_may_be_suggested_what(
    scene: Scene, role: simcord.RoleHandle, who: str, name: str, option: str
) -> None:
    """Suggestions are for everybody: they hold the story's own words only."""
    actor = Visitor(scene, who, role).actor
    if isinstance(actor, simcord.MemberActor):
        assert await actor.autocomplete(scene.channel, name, option, "bell")
    else:
        assert await actor.autocomplete(name, option, "bell")


async def test_channel_is_hidden_from_others(scene: Scene) -> None:
    """Who may not manage the server is not shown /channel, nor is anybody directly."""
    assert "channel" not in scene.ann.available_commands(scene.channel)
    assert "channel" not in scene.ann.user.available_commands()


def test_no_door_is_missing(simcord_bot: Receipts) -> None:
    """Every command, option, menu, form and verb there is has its line here."""
    menus = (discord.AppCommandType.message, discord.AppCommandType.user)
    commands = {f"/{one.name}" for one in simcord_bot.tree.get_commands()} - {
        f"/{one.name}"
        for kind in menus
        for one in simcord_bot.tree.get_commands(type=kind)
    }
    named = {
        one.name for kind in menus for one in simcord_bot.tree.get_commands(type=kind)
    }
    forms = {f"form {verb}" for verb in FORMS}
    assert set(DOORS) == commands | named | set(PRESSES) | {"report"} | forms
    completed = [
        (one.name, option.name)
        for one in simcord_bot.tree.get_commands()
        if isinstance(one, app_commands.Command)
        for option in one.parameters
        if option.autocomplete
    ]
    assert completed == SUGGESTS
    assert not any(
        isinstance(one, app_commands.Group) for one in simcord_bot.tree.get_commands()
    ), "the commands of a group need rows"


@pytest.mark.parametrize("version", ["r0", "r1"])
async def test_a_made_up_id_opens_nothing(
    scene: Scene, kept: Records, version: str
) -> None:
    """An id that is not in the message, or of another version, opens nothing at all."""
    await scene.mention(QUESTION)
    assert can_be_deleted(scene.sent[0])
    powers = discord.Permissions(administrator=True)
    admin = scene.guild.create_role("Admins", permissions=powers)
    bob = scene.guild.add_member(scene.env.create_user("bob"), roles=[admin])
    bot = scene.env.bot
    real = bot._connection.parse_interaction_create  # pyright: ignore[reportPrivateUsage]

    forged_id = ""

    def forged(data: dict[str, object]) -> None:
        data["data"] = {"custom_id": forged_id, "component_type": 2}
        real(data)  # pyright: ignore[reportArgumentType]

    bot._connection.parsers["INTERACTION_CREATE"] = forged  # pyright: ignore[reportPrivateUsage, reportArgumentType]
    for verb in PRESSES:
        forged_id = f"{version}:{verb}:::{bob.id}:0"
        result = await bob.click(scene.sent[0], label="Sources")
        assert shown(result) == words("en").say("old-button")
        assert result.ephemeral
    assert len(scene.sent) == 1
    assert await kept.votes.tallies("story") == {}
