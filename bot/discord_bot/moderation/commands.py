"""Moderators' commands and message menu: what they are called, and what they do.

They are there in home servers only, and hidden from who may not manage messages there.
That only hides them: who may use them is looked at every time.
"""

from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, Final

import discord
from discord import app_commands

from bot.discord_bot.asking.app import App
from bot.discord_bot.asking.commands import Choice, about, choices, text
from bot.discord_bot.asking.interactions import Request
from bot.discord_bot.moderation import correction_actions as corrected
from bot.discord_bot.moderation import queue as queues
from bot.discord_bot.moderation import record_actions as acts
from bot.discord_bot.moderation import record_forms as forms
from bot.discord_bot.moderation import stats as figures
from bot.discord_bot.moderation.message_menu import ask, draft_of_reply
from bot.discord_bot.moderation.queue_cards import KINDS
from bot.discord_bot.moderation.record_cards import find, main_text, version_choice
from bot.discord_bot.moderation.session import Act, Session, in_session, session_of
from bot.discord_bot.showing.limits import MAX_CHOICE, MAX_CHOICES
from bot.editing.typed_records import fields_of
from bot.story.files import kind_of

DAYS: Final = 30
"""Days that figures are of, where none are given; they are kept for a year."""

_MOST_DAYS: Final = 365
_HIDDEN: Final = discord.Permissions(manage_messages=True)

Interaction = discord.Interaction
Tree = app_commands.CommandTree[discord.Client]
Id = app_commands.Range[str, 1, 64]
Words = app_commands.Range[str, 1, 100]
"""What can be searched for, and a reason."""

Guilds = list[discord.Object]
Offers = Iterable[tuple[str, str]]


def add_moderation(tree: Tree, app: App) -> None:
    """Give a tree moderators' commands and menu, in each home server there is."""
    guilds = [discord.Object(one) for one in sorted(app.options.home_guilds)]
    if guilds:
        for collection in ("facts", "answers"):
            tree.add_command(_Records(app, collection), guilds=guilds)
        # Everybody has a command called "sources".
        for collection, name in (("sources", "source"), ("unknowns", "unknowns")):
            tree.add_command(_Listed(app, collection, name), guilds=guilds)
        _add_records(tree, app, guilds)
        _add_queue(tree, app, guilds)


class _Group(app_commands.Group):
    """A group of moderators' commands."""

    def __init__(self, app: App, name: str) -> None:
        super().__init__(
            name=text(f"command.{name}"),
            description=text(f"command.{name}.about"),
            guild_only=True,
            default_permissions=_HIDDEN,
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=False, private_channel=False
            ),
        )
        self._app = app

    async def _do(self, interaction: Interaction, act: Act) -> None:
        await in_session(self._app, interaction, act)


class _Records(_Group):
    """The commands for a collection; they are called as that, or by another name."""

    def __init__(self, app: App, collection: str, name: str = "") -> None:
        super().__init__(app, name or collection)
        self._kind = collection

    @app_commands.command(
        name=text("command.search"), description=text("command.search.about")
    )
    @about(query="command.search.words")
    async def search(self, one: Interaction, query: Words) -> None:
        """Show the records that have some words."""
        await self._do(one, lambda session: acts.search(session, self._kind, query))

    @app_commands.command(
        name=text("command.view"), description=text("command.view.about")
    )
    @about(name="command.id")
    async def view(self, one: Interaction, name: Id) -> None:
        """Show a record."""
        await self._do(one, lambda session: acts.view(session, self._kind, name))

    @app_commands.command(
        name=text("command.add"), description=text("command.add.about")
    )
    @about(topic="command.topic")
    async def add(self, one: Interaction, topic: Id) -> None:
        """Show the form of a new record."""
        await self._do(one, lambda session: forms.open_new(session, self._kind, topic))

    @app_commands.command(
        name=text("command.edit"), description=text("command.edit.about")
    )
    @about(name="command.id", field="command.field")
    async def edit(self, one: Interaction, name: Id, field: str = "") -> None:
        """Show the form of a record, or of one of its fields."""
        field = field if field in fields_of(self._kind) else ""
        await self._do(
            one, lambda session: forms.open_form(session, self._kind, name, field)
        )

    @app_commands.command(
        name=text("command.retire"), description=text("command.retire.about")
    )
    @about(name="command.id")
    async def retire(self, one: Interaction, name: Id) -> None:
        """Retire a record."""
        await self._do(one, lambda session: acts.retire(session, self._kind, name))

    @app_commands.command(
        name=text("command.history"), description=text("command.history.about")
    )
    @about(name="command.id")
    async def history(self, one: Interaction, name: str = "") -> None:
        """Show the latest versions."""
        await self._do(one, lambda session: acts.history(session, self._kind, name))

    @app_commands.command(
        name=text("command.undo"), description=text("command.undo.about")
    )
    @about(version="command.version")
    async def undo(self, one: Interaction, version: Id) -> None:
        """Take a version back."""
        await self._do(one, lambda session: acts.undo(session, version))

    @app_commands.command(
        name=text("command.export"), description=text("command.export.about")
    )
    @about(topic="command.topic")
    async def export(self, one: Interaction, topic: str = "") -> None:
        """Give the files."""
        await self._do(one, lambda session: acts.export(session, self._kind, topic))

    @app_commands.command(
        name=text("command.import"), description=text("command.import.about")
    )
    @about(file="command.file")
    async def take_in(self, one: Interaction, file: discord.Attachment) -> None:
        """Take a file in."""
        await self._do(one, lambda session: acts.take_in(session, self._kind, file))

    @view.autocomplete("name")
    @edit.autocomplete("name")
    @retire.autocomplete("name")
    @history.autocomplete("name")
    async def _names(self, one: Interaction, typed: str) -> list[Choice]:
        return await _offered(self._app, one, typed, self._found)

    async def _found(self, session: Session, typed: str) -> Offers:
        files = await session.workshop.files()
        found = await session.request.app.lookups.do(find, files, self._kind, typed)
        return [
            (f"{name}: {main_text(self._kind, one)}", name)
            for name, one in found[:MAX_CHOICES]
        ]

    @edit.autocomplete("field")
    async def _fields(self, one: Interaction, typed: str) -> list[Choice]:
        return await _offered(self._app, one, typed, self._named)

    async def _named(self, session: Session, typed: str) -> Offers:
        say = session.words.say
        every = [(say(f"field.{field}"), field) for field in fields_of(self._kind)]
        return [one for one in every if typed.lower() in one[0].lower()]

    @add.autocomplete("topic")
    @export.autocomplete("topic")
    async def _topics(self, one: Interaction, typed: str) -> list[Choice]:
        return await _offered(self._app, one, typed, self._stems)

    async def _stems(self, session: Session, typed: str) -> Offers:
        paths = sorted(await session.workshop.files())
        stems = [Path(path).stem for path in paths if kind_of(path) == self._kind]
        return [(one, one) for one in stems if typed.lower() in one]

    @undo.autocomplete("version")
    async def _versions(self, one: Interaction, typed: str) -> list[Choice]:
        return await _offered(self._app, one, typed, _latest)


class _Listed(_Records):
    """The commands for a collection that is one file, and has no topics."""

    def __init__(self, app: App, collection: str, name: str) -> None:
        super().__init__(app, collection, name)
        for one, act in (("add", self._new), ("export", self._given)):
            self.remove_command(one)
            about_it = text(f"command.{one}.about")
            command = app_commands.Command[Any, ..., Any](
                name=text(f"command.{one}"), description=about_it, callback=act
            )
            self.add_command(command)

    async def _new(self, one: Interaction) -> None:
        await self._do(one, lambda session: forms.open_new(session, self._kind))

    async def _given(self, one: Interaction) -> None:
        await self._do(one, lambda session: acts.export(session, self._kind))


def _own(tree: Tree, guilds: Guilds, name: str) -> Callable[[Any], Any]:
    """What adds a command that is in no group."""
    command = tree.command(
        name=text(f"command.{name}"),
        description=text(f"command.{name}.about"),
        guilds=guilds,
    )
    return lambda act: command(_hidden(act))


def _hidden(act: Any) -> Any:  # noqa: ANN401 - as discord.py's own
    hidden = app_commands.default_permissions(_HIDDEN)
    return hidden(app_commands.guild_only()(act))


def _add_records(tree: Tree, app: App, guilds: Guilds) -> None:
    @_own(tree, guilds, "hide")
    @about(what="command.hide.what", reason="command.hide.reason")
    async def hide(
        one: Interaction, what: app_commands.Range[str, 1, MAX_CHOICE], reason: Words
    ) -> None:
        await in_session(app, one, lambda session: acts.hide(session, what, reason))

    @hide.autocomplete("what")
    async def names(one: Interaction, typed: str) -> list[Choice]:
        return await _offered(app, one, typed, _either)

    @_own(tree, guilds, "audit")
    async def audit(one: Interaction) -> None:
        await in_session(app, one, acts.audit)

    del names, audit  # they have their use through the tree


def _add_queue(tree: Tree, app: App, guilds: Guilds) -> None:
    @_own(tree, guilds, "queue")
    @about(show="command.queue.show")
    @app_commands.choices(
        show=[Choice(name=text(f"queue.{one}"), value=one) for one in KINDS]
    )
    async def queue(one: Interaction, show: str = KINDS[0]) -> None:
        await in_session(app, one, lambda session: queues.show(session, show))

    @_own(tree, guilds, "stats")
    @about(days="command.stats.days")
    async def stats(
        one: Interaction, days: app_commands.Range[int, 1, _MOST_DAYS] = DAYS
    ) -> None:
        await in_session(app, one, lambda session: figures.show(session, days))

    @_own(tree, guilds, "corrections")
    async def corrections(one: Interaction) -> None:
        await in_session(app, one, corrected.show)

    @tree.context_menu(name=text("menu.add"), guilds=guilds)
    @_hidden
    async def add(one: Interaction, message: discord.Message) -> None:
        await in_session(app, one, lambda session: ask(session, message))

    @tree.context_menu(name=text("menu.draft"), guilds=guilds)
    @_hidden
    async def draft(one: Interaction, message: discord.Message) -> None:
        await in_session(app, one, lambda session: draft_of_reply(session, message))

    del queue, stats, corrections, add, draft


async def _offered(
    app: App,
    one: Interaction,
    typed: str,
    offer: Callable[[Session, str], Awaitable[Offers]],
) -> list[Choice]:
    """Choices while a moderator types; nothing for others."""
    session = session_of(Request(app, one))
    return choices(await offer(session, typed)) if session else []


async def _either(session: Session, typed: str) -> Offers:
    files, look = await session.workshop.files(), session.request.app.lookups
    half = MAX_CHOICES // 2
    return [
        (f"{collection}/{name}: {main_text(collection, one)}", f"{collection}/{name}")
        for collection in ("answers", "facts")
        for name, one in (await look.do(find, files, collection, typed))[:half]
    ]


async def _latest(session: Session, typed: str) -> Offers:
    found = await session.workshop.log(MAX_CHOICES)
    teller = await session.teller()
    said = [(version_choice(one, teller), one.id) for one in found]
    return [one for one in said if typed.lower() in one[0].lower()]
