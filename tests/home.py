"""The story's home server: moderators, their channel, and a workshop over a copy."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import discord
import simcord
from simcord.results import InteractionResult

from bot.answering.answerer import Answerer
from bot.discord_bot.asking.app import App
from bot.discord_bot.client import Receipts
from bot.discord_bot.demo.world import tell_guild_of_menus
from bot.history.history import history_of
from bot.moderating.workshop import Workshop
from bot.records.records import Records
from tests.folder import Folder
from tests.places import ROOT
from tests.scene import Scene

HOME: Final = 4_000_000_000_000_001


class Home(Scene):
    """A scene in the home server: `mo` and `moe` are moderators, `ann` is not.

    The workshop is over a copy of a story, by default of the invented one.
    """

    def __init__(
        self,
        env: simcord.Env,
        path: Path,
        records: Records,
        story: Path = ROOT / "bot" / "template",
    ) -> None:
        super().__init__(env, guild=env.create_guild("Home", id=HOME))
        powers = discord.Permissions(manage_messages=True)
        self.role = self.guild.create_role("Editors", permissions=powers)
        self.mo = self.guild.add_member(env.create_user("mo"), roles=[self.role])
        self.moe = self.guild.add_member(env.create_user("moe"), roles=[self.role])
        self.desk_channel = self.guild.create_text_channel("moderators")
        self.folder = Folder(path / "story", story)
        self.following = self.folder.live(path / "last-good")
        self.following.start()
        self.records = records
        self.app.options = replace(
            self.app.options,
            moderator_roles=frozenset({self.role.id}),
            moderators_channel=self.desk_channel.id,
        )
        self.open(path / "kept")
        assert isinstance(env.bot, Receipts)
        tell_guild_of_menus(env.bot, HOME)

    def open(self, keep: Path, *, two_person: bool = False) -> Workshop:
        """Open the workshop."""
        app = self.app
        app.workshop = Workshop(
            app.options.story,
            history_of(self.folder.path, keep),
            self.records,
            judge=self.following.judge,
            serving=lambda: app.answerer,
            now=lambda: datetime.now(UTC),
            two_person=two_person,
        )
        return app.workshop

    @property
    def app(self) -> App:
        """What the bot that is there now answers with and remembers."""
        assert isinstance(self.env.bot, Receipts)
        return self.env.bot.app

    @property
    def workshop(self) -> Workshop:
        """The workshop that is open."""
        assert self.app.workshop is not None
        return self.app.workshop

    @property
    def posted(self) -> Sequence[discord.Message]:
        """What the moderators were told in their channel, oldest first."""
        return list(self.desk_channel.history())

    async def live(self) -> None:
        """Serve the files as they are now, as their watcher does."""
        story = self.folder.load().story
        assert story is not None
        self.app.answerer = Answerer(story, before=self.app.answerer)

    def stranger(self, who: str) -> simcord.MemberActor:
        """Somebody without the role: an `asker`, a `manager`, an `administrator`."""
        powers = {
            "manager": discord.Permissions(manage_guild=True, manage_messages=True),
            "administrator": discord.Permissions(administrator=True),
        }
        roles = (
            [self.guild.create_role(who, permissions=powers[who])]
            if who in powers
            else []
        )
        return self.guild.add_member(self.env.create_user(who), roles=roles)

    async def show_to_all(self, name: str) -> None:
        """Have the server's settings show a command to everybody."""
        assert isinstance(self.env.bot, Receipts)
        guild = discord.Object(HOME)
        commands = await self.env.bot.tree.fetch_commands(guild=guild)
        found = next(one for one in commands if one.name == name)
        self.guild.set_command_permissions(found, {self.guild.default_role: True})

    async def use(
        self, name: str, who: simcord.MemberActor | None = None, /, **options: object
    ) -> InteractionResult:
        """A moderator uses a command, such as `facts view`."""
        return await (who or self.mo).slash(self.channel, name, **options)

    async def send(
        self,
        form: InteractionResult,
        who: simcord.MemberActor | None = None,
        /,
        **typed: str,
    ) -> InteractionResult:
        """A moderator sends a form, as it was filled but for what they typed."""
        return await (who or self.mo).submit_modal(form, {**filled(form), **typed})


def filled(form: InteractionResult) -> dict[str, str]:
    """What a form is filled with, by the names of its fields."""
    found: dict[str, str] = {}
    parts: list[Any] = list((form.modal or {}).get("components", ()))
    for part in parts:
        field = part["component"]
        found[field["custom_id"]] = field.get("value") or ""
    return found


def speaks(home: Home, locale: str) -> None:
    """Have everybody's Discord be in a language."""
    parsers = home.env.bot._connection.parsers  # pyright: ignore[reportPrivateUsage]
    real = parsers["INTERACTION_CREATE"]

    def parse(data: dict[str, Any]) -> None:
        real({**data, "locale": locale, "guild_locale": locale})

    parsers["INTERACTION_CREATE"] = parse


def answer(result: InteractionResult) -> simcord.ResponseMessage:
    """What an interaction was answered with last, privately."""
    found = [*([result.response] if result.response else []), *result.followups]
    assert found
    return found[-1]
