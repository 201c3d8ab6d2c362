"""Moderators' commands and message menus: what they are called, and where they are.

They are there in home servers only, and hidden from who may not manage messages there.
That only hides them: who may use them is looked at every time.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Any, Final

import discord
from discord import app_commands

from bot.discord_bot.asking.app import App
from bot.discord_bot.asking.interactions import Request
from bot.discord_bot.moderation import record_actions as acts
from bot.discord_bot.moderation import record_forms as forms
from bot.discord_bot.moderation.record_cards import find, main_text
from bot.discord_bot.moderation.session import Session, in_session, session_of
from bot.discord_bot.showing.escaping import clean, shorten
from bot.discord_bot.showing.limits import MAX_CHOICE, MAX_CHOICES, choice_problems
from bot.editing.typed_fields import named
from bot.editing.typed_records import fields_of
from bot.story.files import kind_of
from bot.words.catalogue import words

MAX_WORDS: Final = 100
"""Characters of what can be searched for, and of a reason."""

Choice = app_commands.Choice[str]
Tree = app_commands.CommandTree[discord.Client]
Id = app_commands.Range[str, 1, 64]
Words = app_commands.Range[str, 1, MAX_WORDS]
Offer = Callable[[Session, str], Awaitable[list[tuple[str, str]]]]


def add_moderation(tree: Tree, app: App) -> None:
    """Give a tree moderators' commands, in each home server there is."""
    guilds = [discord.Object(one) for one in sorted(app.options.home_guilds)]
    if not guilds:
        return
    for collection in ("facts", "answers"):
        tree.add_command(_records(app, collection), guilds=guilds)
    tree.add_command(_sources(app), guilds=guilds)
    _add_single(tree, app, guilds)


def text(key: str) -> app_commands.locale_str:
    """A name or a description, which is translated by its key."""
    return app_commands.locale_str(words("en").say(key), key=key)


def group(name: str) -> app_commands.Group:
    """A group of moderators' commands."""
    return app_commands.Group(
        name=text(f"command.{name}"),
        description=text(f"command.{name}.about"),
        guild_only=True,
        default_permissions=discord.Permissions(manage_messages=True),
        allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        allowed_contexts=app_commands.AppCommandContext(
            guild=True, dm_channel=False, private_channel=False
        ),
    )


async def offered(
    app: App, offer: Offer, interaction: discord.Interaction, typed: str
) -> list[Choice]:
    """Choices while a moderator types; nothing for others, and where it fails."""
    session = session_of(Request(app, interaction))
    if session is None:
        return []
    found: dict[str, Choice] = {}
    for name, value in await offer(session, typed):
        short = shorten(clean(name), MAX_CHOICE)
        if short and not choice_problems([(short, value)]):
            found.setdefault(value, Choice(name=short, value=value))
    return list(found.values())[:MAX_CHOICES]


def _about(**options: str) -> Callable[[Any], Any]:
    """Names and descriptions of a command's options, by the keys of their texts."""

    def decorate(command: Any) -> Any:  # noqa: ANN401 - as discord.py's own
        named_ = {one: text(key) for one, key in options.items()}
        about = {one: text(f"{key}.about") for one, key in options.items()}
        return app_commands.rename(**named_)(app_commands.describe(**about)(command))

    return decorate


def _records(app: App, collection: str) -> app_commands.Group:
    """The commands for a collection: facts, or answers."""
    found = group(collection)
    _add_looking(found, app, collection)
    _add_changing(found, app, collection)
    _add_past(found, app, collection)
    _add_files(found, app, collection)
    return found


def _add_looking(found: app_commands.Group, app: App, collection: str) -> None:
    @found.command(
        name=text("command.search"), description=text("command.search.about")
    )
    @_about(query="command.search.words")
    async def search(interaction: discord.Interaction, query: Words) -> None:
        await in_session(
            app,
            interaction,
            lambda session: acts.search(session, collection, query),
        )

    @found.command(name=text("command.view"), description=text("command.view.about"))
    @_about(name="command.id")
    async def view(interaction: discord.Interaction, name: Id) -> None:
        await in_session(
            app,
            interaction,
            lambda session: acts.view(session, collection, name),
        )

    @view.autocomplete("name")
    async def names(interaction: discord.Interaction, typed: str) -> list[Choice]:
        return await offered(app, partial(_ids, collection), interaction, typed)

    del search, names


def _add_changing(found: app_commands.Group, app: App, collection: str) -> None:
    @found.command(name=text("command.add"), description=text("command.add.about"))
    @_about(topic="command.topic")
    async def add(interaction: discord.Interaction, topic: Id) -> None:
        await in_session(
            app,
            interaction,
            lambda session: forms.open_new(session, collection, topic),
        )

    @found.command(name=text("command.edit"), description=text("command.edit.about"))
    @_about(name="command.id", field="command.field")
    @app_commands.choices(
        field=[Choice(name=named(one), value=one) for one in fields_of(collection)]
    )
    async def edit(interaction: discord.Interaction, name: Id, field: str = "") -> None:
        if field not in fields_of(collection):
            field = ""
        await in_session(
            app,
            interaction,
            lambda session: forms.open_form(session, collection, name, field),
        )

    @found.command(
        name=text("command.retire"), description=text("command.retire.about")
    )
    @_about(name="command.id")
    async def retire(interaction: discord.Interaction, name: Id) -> None:
        await in_session(
            app,
            interaction,
            lambda session: acts.retire(session, collection, name),
        )

    @edit.autocomplete("name")
    @retire.autocomplete("name")
    async def names(interaction: discord.Interaction, typed: str) -> list[Choice]:
        return await offered(app, partial(_ids, collection), interaction, typed)

    @add.autocomplete("topic")
    async def topics(interaction: discord.Interaction, typed: str) -> list[Choice]:
        return await offered(app, partial(_topics, collection), interaction, typed)

    del names, topics


def _add_past(found: app_commands.Group, app: App, collection: str) -> None:
    @found.command(
        name=text("command.history"), description=text("command.history.about")
    )
    @_about(name="command.id")
    async def history(interaction: discord.Interaction, name: str = "") -> None:
        await in_session(
            app,
            interaction,
            lambda session: acts.history(session, collection, name),
        )

    @found.command(name=text("command.undo"), description=text("command.undo.about"))
    @_about(version="command.version")
    async def undo(interaction: discord.Interaction, version: Id) -> None:
        await in_session(app, interaction, lambda session: acts.undo(session, version))

    @history.autocomplete("name")
    async def names(interaction: discord.Interaction, typed: str) -> list[Choice]:
        return await offered(app, partial(_ids, collection), interaction, typed)

    @undo.autocomplete("version")
    async def versions(interaction: discord.Interaction, typed: str) -> list[Choice]:
        return await offered(app, _versions, interaction, typed)

    del names, versions


def _add_files(found: app_commands.Group, app: App, collection: str) -> None:
    @found.command(
        name=text("command.export"), description=text("command.export.about")
    )
    @_about(topic="command.topic")
    async def export(interaction: discord.Interaction, topic: str = "") -> None:
        await in_session(
            app,
            interaction,
            lambda session: acts.export(session, collection, topic),
        )

    @found.command(
        name=text("command.import"), description=text("command.import.about")
    )
    @_about(file="command.file")
    async def take_in(
        interaction: discord.Interaction, file: discord.Attachment
    ) -> None:
        await in_session(
            app,
            interaction,
            lambda session: acts.take_in(session, collection, file),
        )

    @export.autocomplete("topic")
    async def topics(interaction: discord.Interaction, typed: str) -> list[Choice]:
        return await offered(app, partial(_topics, collection), interaction, typed)

    del take_in, topics


def _sources(app: App) -> app_commands.Group:
    found = group("source")

    @found.command(
        name=text("command.add"), description=text("command.source.add.about")
    )
    async def add(interaction: discord.Interaction) -> None:
        await in_session(
            app, interaction, lambda session: forms.open_new(session, "sources")
        )

    del add
    return found


def _add_single(tree: Tree, app: App, guilds: Sequence[discord.Object]) -> None:
    @tree.command(
        name=text("command.hide"),
        description=text("command.hide.about"),
        guilds=guilds,
    )
    @_about(what="command.hide.what", reason="command.hide.reason")
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    async def hide(
        interaction: discord.Interaction,
        what: app_commands.Range[str, 1, MAX_CHOICE],
        reason: Words,
    ) -> None:
        await in_session(
            app, interaction, lambda session: acts.hide(session, what, reason)
        )

    @hide.autocomplete("what")
    async def names(interaction: discord.Interaction, typed: str) -> list[Choice]:
        return await offered(app, _either, interaction, typed)

    @tree.command(
        name=text("command.audit"),
        description=text("command.audit.about"),
        guilds=guilds,
    )
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.guild_only()
    async def audit(interaction: discord.Interaction) -> None:
        await in_session(app, interaction, acts.audit)

    del names, audit


async def _ids(collection: str, session: Session, typed: str) -> list[tuple[str, str]]:
    found = find(await session.workshop.files(), collection, typed)[:MAX_CHOICES]
    return [(f"{name}: {main_text(collection, one)}", name) for name, one in found]


async def _either(session: Session, typed: str) -> list[tuple[str, str]]:
    files = await session.workshop.files()
    half = MAX_CHOICES // 2
    return [
        (f"{collection}/{name}: {main_text(collection, one)}", f"{collection}/{name}")
        for collection in ("answers", "facts")
        for name, one in find(files, collection, typed)[:half]
    ]


async def _topics(
    collection: str, session: Session, typed: str
) -> list[tuple[str, str]]:
    paths = await session.workshop.files()
    stems = [
        path.removeprefix(f"{collection}/").removesuffix(".yaml")
        for path in sorted(paths)
        if kind_of(path) == collection
    ]
    return [(one, one) for one in stems if typed.lower() in one]


async def _versions(session: Session, typed: str) -> list[tuple[str, str]]:
    found = await session.workshop.log(MAX_CHOICES)
    firsts = [one.message.partition("\n")[0] for one in found]
    said = [
        (f"{one.id[:10]} {first}", one.id)
        for one, first in zip(found, firsts, strict=True)
    ]
    return [one for one in said if typed.lower() in one[0].lower()]
