"""Who may use what moderators use: nobody but moderators of the story, at home."""

from typing import Any, Final

import discord
import pytest
import simcord

from bot.discord_bot.client import Receipts
from bot.discord_bot.router import MODERATORS_FORMS, MODERATORS_PRESSES
from bot.discord_bot.showing.custom_ids import CustomId
from bot.words.catalogue import words
from tests.home import HOME, Home, answer
from tests.scene import text_of

SAY: Final = words("en").say
REFUSED: Final = SAY("mod.not-yours")
OUTSIDERS: Final = ("asker", "administrator", "elsewhere")
"""`administrator` may do all here but lacks the role; `elsewhere` is a moderator of
another server, and its administrator."""

QUESTION: Final = "What happened to the Harbour Street bell?"


def outsider(home: Home, who: str) -> tuple[simcord.MemberActor, simcord.ChannelHandle]:
    """Somebody who is no moderator of the story, and where they try."""
    powers = discord.Permissions(administrator=True)
    user = home.env.create_user(who)
    if who == "elsewhere":
        other = home.env.create_guild("Other")
        role = other.create_role("Editors", permissions=powers)
        return other.add_member(user, roles=[role]), other.create_text_channel("x")
    if who == "administrator":
        role = home.guild.create_role("Admins", permissions=powers)
        return home.guild.add_member(user, roles=[role]), home.channel
    return home.ann, home.channel


def forge(home: Home, data: dict[str, Any], kind: int) -> None:
    """Have what is clicked on next be said to be something else."""
    parsers = home.env.bot._connection.parsers  # pyright: ignore[reportPrivateUsage]
    real = parsers["INTERACTION_CREATE"]

    def parse(sent: dict[str, Any]) -> None:
        real({**sent, "type": kind, "data": data})

    parsers["INTERACTION_CREATE"] = parse


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("verb", sorted(MODERATORS_PRESSES))
async def test_buttons_and_menus(home: Home, verb: str, who: str) -> None:
    """A button's id that somebody made up does nothing for others; they are told so."""
    actor, channel = outsider(home, who)
    await actor.send(channel, f"{home.me.mention} {QUESTION}")
    card = channel.history()[-1]
    data = {"custom_id": CustomId(verb, what="questions").id, "component_type": 2}
    forge(home, data, discord.InteractionType.component.value)
    result = await actor.click(card, label="Sources")
    assert text_of(answer(result)) == REFUSED
    assert result.ephemeral


@pytest.mark.parametrize("who", OUTSIDERS)
@pytest.mark.parametrize("verb", sorted(MODERATORS_FORMS))
async def test_forms(home: Home, verb: str, who: str) -> None:
    """Nor does a form that somebody made up."""
    actor, channel = outsider(home, who)
    await actor.send(channel, f"{home.me.mention} {QUESTION}")
    card = channel.history()[-1]
    data: dict[str, Any] = {"custom_id": CustomId(verb, what="f").id, "components": []}
    forge(home, data, discord.InteractionType.modal_submit.value)
    result = await actor.click(card, label="Sources")
    assert text_of(answer(result)) == REFUSED
    assert await home.records.drafts.undecided("story") == ()


async def test_buttons_in_direct_messages(home: Home) -> None:
    """In direct messages a moderator is nobody."""
    await home.mo.send_dm(QUESTION)
    card = home.mo.user.dm_channel.history()[-1]
    data = {"custom_id": CustomId("queue", what="questions").id, "component_type": 2}
    forge(home, data, discord.InteractionType.component.value)
    result = await home.mo.user.click(card, label="Sources")
    assert text_of(answer(result)) == REFUSED


@pytest.mark.parametrize("who", ["asker", "administrator"])
@pytest.mark.parametrize("menu", ["menu.add", "menu.draft"])
async def test_the_menus_of_messages(home: Home, menu: str, who: str) -> None:
    """So are the menus that make a question, or an answer, of a message."""
    actor, channel = outsider(home, who)
    await home.show_to_all(SAY(menu))
    message = await home.ann.send(channel, QUESTION)
    result = await actor.context_menu(channel, SAY(menu), message)
    assert text_of(answer(result)) == REFUSED
    assert await home.records.drafts.undecided("story") == ()


async def test_commands_are_in_home_servers_only(home: Home) -> None:
    """Elsewhere, and in direct messages, there are none of them."""
    bot = home.env.bot
    assert isinstance(bot, Receipts)
    everywhere = {one.name for one in bot.tree.get_commands()}
    own = {one.name for one in bot.tree.get_commands(guild=discord.Object(HOME))}
    assert {"queue", "stats"} <= own
    assert not own & everywhere
