"""A simulated Discord with the bot in it, and people who do what a page says."""

import asyncio
import re
import time
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, Final

import discord
import simcord
from simcord.backend import serializers
from simcord.results import InteractionResult

from bot.answering.answerer import Answerer
from bot.answering.composing import examples
from bot.discord_bot.amending import Amender
from bot.discord_bot.asking.app import App, Options
from bot.discord_bot.client import Receipts
from bot.moderating.workshop import Workshop
from bot.publishing.live import Live
from bot.records.records import Records

HOME: Final = 4_000_000_000_000_001
"""The simulated server, which is the story's home server."""

NAMES: Final = {"asker": "Ann", "moderator": "Mo"}
"""Who there is, and what they are called."""

PLACES: Final = ("general", "moderators", "direct")
"""Where there can be written; only moderators see their channel."""

_SECONDS: Final = 120.0  # that the bot may take for what somebody does
_LOOKS: Final = 40  # at changed files, until they stand still
_PAUSE: Final = 0.05

Json = dict[str, Any]


class World:
    """A server with two people and the bot, over a story that may be changed."""

    def __init__(
        self, env: simcord.Env, client: Receipts, live: Live[Answerer]
    ) -> None:
        self._env, self._client, self._live = env, client, live
        app, me = client.app, env.backend.bot_user
        self._me = f"<@{me.id}>"
        guild = env.create_guild("Receipts", id=HOME)
        powers = discord.Permissions(manage_messages=True)
        role = guild.create_role("Moderators", permissions=powers)
        self._people = {
            who: guild.add_member(
                env.create_user(name.lower(), global_name=name),
                roles=[role] if who == "moderator" else (),
            )
            for who, name in NAMES.items()
        }
        no = discord.PermissionOverwrite(view_channel=False)
        yes = discord.PermissionOverwrite(view_channel=True)
        own = guild.roles[me.name]
        self._channels = {
            "general": guild.create_text_channel("general"),
            "moderators": guild.create_text_channel(
                "moderators", overwrites={guild.default_role: no, role: yes, own: yes}
            ),
        }
        app.options = replace(
            app.options,
            moderator_roles=frozenset({role.id}),
            moderators_channel=self._channels["moderators"].id,
        )
        self._came: dict[int, float] = {}
        self._forms: dict[str, InteractionResult] = {}
        self._one = asyncio.Lock()

    def seen(self, who: str, place: str) -> list[Json]:
        """The messages that somebody sees in a place, oldest first, as Discord's API.

        Each has in `came` the time when it came, and in `private` whether others see
        it.
        """
        person, channel = self._people[who], self._channel(who, place)
        if place == "moderators" and who != "moderator":
            return []
        backend = self._env.backend
        found = backend.messages.get(channel.id, {})
        return [
            {
                **serializers.message_payload(backend, one, for_user=person.id),
                "came": self._came.setdefault(number, time.time()),
                "private": bool(one.flags & 64),
            }
            for number, one in sorted(found.items())
            if one.visible_to(person.id)
        ]

    def commands(self, who: str, place: str) -> Sequence[Json]:
        """The slash commands that somebody has in a place, as Discord's API."""
        channel, person = self._channel(who, place), self._people[who]
        return self._env.backend.visible_commands(
            user_id=person.id, channel_id=channel.id
        )

    def menus(self, who: str) -> list[str]:
        """What somebody has in the menu of a message in a channel."""
        tree, kind = self._client.tree, discord.AppCommandType.message
        found = tree.get_commands(type=kind)
        if who == "moderator":
            found += tree.get_commands(guild=discord.Object(HOME), type=kind)
        return [one.name for one in found]

    @property
    def examples(self) -> list[str]:
        """Questions to begin with."""
        story = self._client.app.answerer.story
        return [story.entries[one].question for one in examples(story)]

    @property
    def a_fact(self) -> str:
        """The id of a fact that one of these is answered with; empty without any."""
        story = self._client.app.answerer.story
        shown = (story.entries[one] for one in examples(story))
        told = (part for entry in shown for part in entry.sentences)
        return next((fact for part in told for fact in part.facts), "")

    def file(self, address: str) -> bytes | None:
        """What is in a file that the bot sent."""
        return self._env.backend.cdn.get(address)

    async def say(self, who: str, place: str, text: str, reply: int | None) -> None:
        """Somebody writes, in reply to a message or not; `@Receipts` is a mention."""
        text = re.sub(r"(?i)@receipts\b", self._me, text)
        person, channel = self._people[who], self._channel(who, place)
        async with self._acting():
            if place == "direct":
                await person.send_dm(text)
            else:
                to = self._message(channel, reply) if reply else None
                await person.send(channel, text, reply_to=to)

    async def slash(
        self, who: str, place: str, name: str, options: Mapping[str, object]
    ) -> Json | None:
        """Somebody uses a command; the form that it shows, if any."""
        actor, channel = self._actor(who, place), self._channel(who, place)
        async with self._acting():
            return self._formed(who, await actor.slash(channel, name, **options))

    async def menu(self, who: str, place: str, name: str, message: int) -> Json | None:
        """Somebody chooses what a message's menu has; the form that it shows."""
        person, channel = self._people[who], self._channels[place]
        found = self._message(channel, message)
        async with self._acting():
            return self._formed(who, await person.context_menu(channel, name, found))

    async def complete(
        self, who: str, place: str, name: str, option: str, text: str
    ) -> list[Json]:
        """What is offered while somebody types an option of a command."""
        actor, channel = self._actor(who, place), self._channel(who, place)
        async with self._one:
            return await actor.autocomplete(channel, name, option, text)

    async def press(
        self, who: str, place: str, message: int, custom_id: str, chosen: str
    ) -> Json | None:
        """Somebody presses a button, or chooses in a menu; the form that it shows."""
        actor, channel = self._actor(who, place), self._channel(who, place)
        found = self._message(channel, message)
        async with self._acting():
            if chosen:
                done = await actor.select(found, [chosen], custom_id=custom_id)
            else:
                done = await actor.click(found, custom_id=custom_id)
            return self._formed(who, done)

    async def send_form(self, who: str, values: Mapping[str, str]) -> Json | None:
        """Somebody sends the form that they were shown last; not what was sent."""
        form = self._forms.pop(who, None)
        if form is None:
            return None
        actor = self._people[who]
        if form._interaction.guild_id is None:  # noqa: SLF001 - nothing else tells  # pyright: ignore[reportPrivateUsage]
            actor = actor.user
        async with self._acting():
            return self._formed(who, await actor.submit_modal(form, dict(values)))

    def _formed(self, who: str, done: InteractionResult) -> Json | None:
        if done.modal is not None:
            self._forms[who] = done
        return done.modal

    def _channel(self, who: str, place: str) -> simcord.ChannelHandle:
        if place == "direct":
            return self._people[who].user.dm_channel
        return self._channels[place]

    def _actor(self, who: str, place: str) -> Any:  # noqa: ANN401 - SimCord names none
        person = self._people[who]
        return person.user if place == "direct" else person

    def _message(self, channel: simcord.ChannelHandle, number: int) -> Any:  # noqa: ANN401 - as above
        found = self._env.backend.get_message(channel.id, number)
        return simcord.ResponseMessage(self._env, found)

    @asynccontextmanager
    async def _acting(self) -> AsyncGenerator[None]:
        """One does something at a time; what they changed is served after it."""
        async with self._one:
            yield
            for _ in range(_LOOKS):
                await asyncio.to_thread(self._live.look)
                if not self._live.is_moving:
                    break
                await asyncio.sleep(_PAUSE)
            if self._live.current is not None:
                self._client.app.answerer = self._live.current
            await Amender(self._client, 0, timedelta()).amend()


def tell_guild_of_menus(client: Receipts, guild: int) -> None:
    """Send with a server's own message menu that it is one, as Discord does."""
    kind = discord.AppCommandType.message
    menus = client.tree.get_commands(guild=discord.Object(guild), type=kind)
    own = {one.name for one in menus}
    parsers = client._connection.parsers  # noqa: SLF001 - nothing else lets it in  # pyright: ignore[reportPrivateUsage]
    real = parsers["INTERACTION_CREATE"]

    def parse(data: Json) -> None:
        inner = data.get("data", {})
        if inner.get("type") == kind.value and inner["name"] in own:
            data = {**data, "data": {**inner, "guild_id": str(guild)}}
        real(data)

    parsers["INTERACTION_CREATE"] = parse


@asynccontextmanager
async def world(
    live: Live[Answerer],
    answerer: Answerer,
    records: Records,
    today: Callable[[], date],
    opens: Callable[[App, Records], Workshop],
) -> AsyncGenerator[World]:
    """A simulated Discord while the context is open; `answerer` is what `live` has."""
    options = Options(home_guilds=frozenset({HOME}))
    client = Receipts(answerer, today, records, options)
    client.app.workshop = opens(client.app, records)
    async with simcord.run(client, settle_timeout=_SECONDS, check_errors=False) as env:
        tell_guild_of_menus(client, HOME)
        yield World(env, client, live)
