"""The commands and message menus: what they are called, and what they do.

Their names and descriptions come from the catalogues, in every language there is.
"""

import re
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, Final

import discord
from discord import app_commands

from bot.discord_bot.asking.app import COOLDOWN, App
from bot.discord_bot.asking.buttons import form_of
from bot.discord_bot.asking.interactions import Request
from bot.discord_bot.asking.message_text import words_in
from bot.discord_bot.asking.permissions import may_set
from bot.discord_bot.showing import browse_cards
from bot.discord_bot.showing.cards import Card, Reader
from bot.discord_bot.showing.custom_ids import CustomId
from bot.discord_bot.showing.escaping import clean, shorten
from bot.discord_bot.showing.limits import (
    MAX_CHOICE,
    MAX_CHOICES,
    MAX_QUESTION,
    choice_problems,
)
from bot.discord_bot.showing.sending import acknowledged
from bot.records.values import ChannelSettings, RecordsError
from bot.story.model import Story
from bot.words.catalogue import LANGUAGES, catalogue, words

_ENTRY: Final = "entry:"
"""Before the id of an entry that was chosen while typing; else a question is typed."""

_LOCALES: Final = {
    "es": (discord.Locale.spain_spanish, discord.Locale.latin_american_spanish),
    "de": (discord.Locale.german,),
    "fr": (discord.Locale.french,),
    "pt-BR": (discord.Locale.brazil_portuguese,),
}

Choice = app_commands.Choice[str]
Show = Callable[[Story, Reader, int], list[Card]]


class Translator(app_commands.Translator):
    """Gives Discord the names and descriptions of commands in each language."""

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        """The text of a key in a locale; None where there is no catalogue of it."""
        del context
        key = string.extras.get("key", "")
        for language in LANGUAGES[1:]:
            if locale in _LOCALES[language]:
                return catalogue(language).get(str(key))
        return None


def add_commands(tree: app_commands.CommandTree[discord.Client], app: App) -> None:
    """Give a tree the commands and menus of whoever asks."""
    _add_ask(tree, app)
    _add_browsing(tree, app)
    _add_who(tree, app)
    _add_channel(tree, app)
    _add_menus(tree, app)


def text(key: str) -> app_commands.locale_str:
    """A name or a description, which is translated by its key."""
    return app_commands.locale_str(words("en").say(key), key=key)


def about(**options: str) -> Callable[[Any], Any]:
    """Names and descriptions of a command's options, by the keys of their texts."""

    def decorate(command: Any) -> Any:  # noqa: ANN401 - as discord.py's own
        names = {one: text(key) for one, key in options.items()}
        said = {one: text(f"{key}.about") for one, key in options.items()}
        return app_commands.rename(**names)(app_commands.describe(**said)(command))

    return decorate


def choices(found: Iterable[tuple[str, str]]) -> list[Choice]:
    """Names and values as choices; without what Discord would refuse, or is twice."""
    kept: dict[str, Choice] = {}
    for name, value in found:
        short = shorten(clean(name), MAX_CHOICE)
        if short and not choice_problems([(short, value)]):
            kept.setdefault(short, Choice(name=short, value=value))
    return list(kept.values())[:MAX_CHOICES]


def _add_ask(tree: app_commands.CommandTree[discord.Client], app: App) -> None:
    @tree.command(name=text("command.ask"), description=text("command.ask.about"))
    @about(question="command.ask.question", private="command.ask.private")
    async def ask(
        interaction: discord.Interaction,
        question: app_commands.Range[str, 1, MAX_QUESTION],
        private: bool = False,  # noqa: FBT001, FBT002 - an option of a command
    ) -> None:
        async with acknowledged(interaction):
            await _ask(Request(app, interaction), question, private=private)

    @ask.autocomplete("question")
    async def suggest(interaction: discord.Interaction, typed: str) -> list[Choice]:
        links = await app.suggest(typed, MAX_CHOICES, interaction.user.id)
        return choices(
            [(one.question, f"{_ENTRY}{one.entry}") for one in links if one.question]
        )

    del suggest  # it has its use through the tree


async def _ask(request: Request, question: str, *, private: bool) -> None:
    if not await request.may_answer():
        return
    story = request.app.answerer.story
    entry = story.entry(question.removeprefix(_ENTRY))
    if entry and question.startswith(_ENTRY):
        question = entry.question
    await request.answer(request.asked(question), private=private)


def _add_browsing(tree: app_commands.CommandTree[discord.Client], app: App) -> None:
    """Add the commands without options, each of which shows cards to whoever asks."""

    def page(name: str) -> Show:
        return lambda story, reader, room: browse_cards.page(
            name, story, 0, reader, room
        )

    shows: dict[str, Show] = {
        "topics": browse_cards.topics,
        "timeline": page("timeline"),
        "sources": page("sources"),
        "latest": page("latest"),
        "about": browse_cards.about,
    }
    for name, show in shows.items():
        key = f"command.{name}"
        add = tree.command(name=text(key), description=text(f"{key}.about"))
        add(_browse(app, show))


def _browse(
    app: App, show: Show
) -> Callable[[discord.Interaction], Coroutine[None, None, None]]:
    async def browse(interaction: discord.Interaction) -> None:
        async with acknowledged(interaction):
            request = Request(app, interaction)
            if await request.may_click():
                reader, story = request.reader(), app.answerer.story
                await request.show(lambda room: show(story, reader, room))

    return browse


def _add_who(tree: app_commands.CommandTree[discord.Client], app: App) -> None:
    @tree.command(name=text("command.who"), description=text("command.who.about"))
    @about(name="command.who.name")
    async def who(
        interaction: discord.Interaction, name: app_commands.Range[str, 1, MAX_CHOICE]
    ) -> None:
        async with acknowledged(interaction):
            request = Request(app, interaction)
            story, reader = app.answerer.story, request.reader()
            entity = browse_cards.entity_of(story, name)
            if not await request.may_click():
                return
            if entity is None:
                await request.tell("who.unknown")
                return
            await request.show(
                lambda room: browse_cards.who(story, entity, reader, room)
            )

    @who.autocomplete("name")
    async def suggest(interaction: discord.Interaction, typed: str) -> list[Choice]:
        if app.pace.look(interaction.user.id):
            return []
        # Discord holds what is still being typed to no length.
        return choices(browse_cards.names(app.answerer.story, typed[:MAX_CHOICE]))

    del suggest


def _add_channel(tree: app_commands.CommandTree[discord.Client], app: App) -> None:
    @tree.command(
        name=text("command.channel"), description=text("command.channel.about")
    )
    @about(answers="command.channel.answers", seconds="command.channel.seconds")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def channel(
        interaction: discord.Interaction,
        answers: bool,  # noqa: FBT001 - an option of a command
        seconds: app_commands.Range[int, 10, 86400] = COOLDOWN,
    ) -> None:
        async with acknowledged(interaction):
            await _set_channel(Request(app, interaction), seconds, answers=answers)

    del channel


async def _set_channel(request: Request, seconds: int, *, answers: bool) -> None:
    interaction, guild = request.interaction, request.interaction.guild_id
    # Discord hides the command from others, but servers can change that.
    if guild is None or not may_set(interaction, request.app.options):
        await request.tell("channel.not-yours")
        return
    if answers and not request.app.options.reads_channels:
        await request.tell("channel.no-intent")
        return
    channel = interaction.channel
    place = request.channel
    if isinstance(channel, discord.Thread):
        place = channel.parent_id
    try:
        settings = ChannelSettings(answers, seconds)
        await request.app.set_channel(guild, place, settings)
    except RecordsError:
        await request.tell("records.missing")
        return
    await request.tell("channel.on" if answers else "channel.off", seconds=seconds)


def _add_menus(tree: app_commands.CommandTree[discord.Client], app: App) -> None:
    @tree.context_menu(name=text("menu.answer"))
    async def answer(
        interaction: discord.Interaction, message: discord.Message
    ) -> None:
        async with acknowledged(interaction):
            request = Request(app, interaction)
            before = message.reference
            # It goes on from what it replies to, not from what this person asked.
            refers = (before.message_id if before else None) or message.id
            text = words_in(message)
            if not await request.may_answer():
                return
            if re.search(r"\w", text) is None:
                await request.tell("no-words")
            else:
                await request.answer(request.asked(text, refers), private=True)

    @tree.context_menu(name=text("menu.report"))
    async def report(
        interaction: discord.Interaction, message: discord.Message
    ) -> None:
        async with acknowledged(interaction):
            request = Request(app, interaction)
            me = interaction.client.user
            if me is None or message.author.id != me.id:
                await request.tell("report.not-mine")
                return
            form = form_of(request, CustomId("report", number=message.id))
            await interaction.response.send_modal(form)

    del answer, report
