"""The doctor: set-ups that are broken in each way, and what is said of them."""

import asyncio
import json
import os
import re
import shutil
import socket
import sqlite3
import subprocess
import tempfile
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import FunctionType

import pytest
from aiohttp import web
from pydantic import SecretStr
from sqlalchemy import text

from bot.cli.main import main
from bot.history import git, repository
from bot.matching.weights import model
from bot.operating import discord_api
from bot.operating.doctor import (
    Check,
    cache_check,
    connections_checks,
    database_check,
    health_check,
    moderators_check,
    places_checks,
    settings_checks,
    story_check,
    token_check,
)
from bot.operating.portal import NEEDED, portal_checks, shards_check
from bot.records.database import Database
from bot.records.records import Records
from bot.records.values import RecordsError
from bot.setting_values import Address
from bot.settings import Settings
from bot.story.files import Files
from bot.story.loading import load
from bot.story.model import Loaded, Problem
from tests import postgres
from tests.conftest import ROOT, TODAY
from tests.folder import Folder

STORY = str(ROOT / "bot" / "template")
TOKEN = "MTE4NDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"  # noqa: S105
ENOUGH = str(sum(NEEDED.values()))
KEY = "0123456789abcdef0123456789abcdef"


def doctor(settings: Settings, *arguments: str) -> int:
    """Run `receipts doctor` over the invented story."""
    return main(["doctor", "--story", STORY, *arguments], settings, TODAY)


def sound(folder: Path) -> Settings:
    """Settings with which nothing is wrong."""
    return Settings(
        discord_token=SecretStr(TOKEN),
        database_url=SecretStr(f"sqlite:///{folder}/records.sqlite3"),
        records_secret=SecretStr("a-secret-of-the-records"),
    )


def is_told(check: Check, state: str, *parts: str) -> bool:
    """Whether a check is of a state, has its mend, and says all that it should."""
    line = str(check)
    assert "\n" not in line
    assert line.endswith((".", "?"))
    assert not line.endswith("?.")
    assert (check.mend is None) == (state == "ok"), line
    return check.state == state and all(part in line for part in parts)


class TestCommand:
    """`receipts doctor`."""

    def test_a_sound_set_up_passes(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """A line for each check, each ok, and exit code 0; nothing is created."""
        monkeypatch.chdir(tmp_path)
        assert doctor(sound(tmp_path)) == 0
        lines = capsys.readouterr().out.splitlines()
        names = "settings token story moderators cache meaning database health".split()
        assert [line.split(": ")[:2] for line in lines] == [
            ["ok", name] for name in names
        ]
        assert list(tmp_path.iterdir()) == []

    def test_an_error_fails(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """One error gives exit code 1, and its line has the mend."""
        assert doctor(Settings.load({"LOG_LEVEL": "loud"}, tmp_path)) == 1
        said = capsys.readouterr().out
        assert "error: settings: LOG_LEVEL: 'loud' is no level. Give one of" in said
        assert "error: token: DISCORD_TOKEN is not set. Copy the token" in said

    def test_json_has_the_same_checks(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """--json prints one object, with the same exit code."""
        assert doctor(sound(tmp_path).model_copy(update={"discord_token": None})) == 1
        lines = capsys.readouterr().out.splitlines()
        settings = sound(tmp_path).model_copy(update={"discord_token": None})
        assert doctor(settings, "--json") == 1
        found = json.loads(capsys.readouterr().out)
        assert found["ok"] is False
        assert [
            f"{one['state']}: {one['name']}: {one['says']}."
            + (f" {one['mend']}." if one["mend"] else "")
            for one in found["checks"]
        ] == lines

    def test_without_a_story_it_says_so(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A folder that is no story is an error of its own, not a traceback."""
        nowhere = str(tmp_path / "nowhere")
        assert main(["doctor", "--story", nowhere], sound(tmp_path), TODAY) == 1
        assert "\nerror: story: " in capsys.readouterr().out


class TestSettingsAndToken:
    """What is set."""

    def test_a_file_that_others_may_read_is_warned_of(self, tmp_path: Path) -> None:
        """`.env` is for its owner only."""
        file = tmp_path / ".env"
        file.write_text(f"DISCORD_TOKEN={TOKEN}\n")
        file.chmod(0o644)
        settings = Settings.load({}, tmp_path)
        warned, _ = settings_checks(settings, tmp_path)
        assert is_told(warned, "warning", "chmod 600 .env")
        file.chmod(0o600)
        (only,) = settings_checks(settings, tmp_path)
        assert is_told(only, "ok", "DISCORD_TOKEN can be read")

    def test_a_share_of_false_answers_that_cannot_be_had_is_warned_of(
        self, tmp_path: Path
    ) -> None:
        """Less than was ever measured cannot be promised; what can be is told."""
        least, most = model().measured
        for percent in (0, 50 * least, 100):
            settings = Settings.load({"FALSE_ANSWERS": f"{percent:g}"}, tmp_path)
            warned, _ = settings_checks(settings, tmp_path)
            mend = f"from {100 * least:g} to {100 * most:g}."
            assert is_told(warned, "warning", f"FALSE_ANSWERS={percent:g}:", mend)
        settings = Settings.load({"FALSE_ANSWERS": f"{100 * least:g}"}, tmp_path)
        (only,) = settings_checks(settings, tmp_path)
        assert is_told(only, "ok")

    @pytest.mark.parametrize(
        ("token", "state", "told"),
        [
            (TOKEN, "ok", ""),
            ("123456789012345678", "error", "application's id"),
            ("0f" * 32, "error", "public key"),
            ("a" * 32, "error", "client secret"),
            (f"Bot {TOKEN}", "error", "begins with “Bot”"),
            (f'"{TOKEN}"', "error", "quotation marks"),
            (f"{TOKEN[:20]}\n{TOKEN[20:]}", "error", "blank"),
            (f"{TOKEN}é", "error", "character"),
            ("https://discord.com/api/webhooks/1/x", "error", "address"),
            ("something.else", "warning", "does not look like a token"),
        ],
    )
    def test_what_is_not_a_token_is_told_by_what_it_is(
        self, token: str, state: str, told: str
    ) -> None:
        """What people paste in its place is named, and never shown."""
        check = token_check(Settings(discord_token=SecretStr(token)))
        assert is_told(check, state, told)
        assert token not in str(check)


class TestStoryAndCache:
    """What is read from the disk."""

    def test_a_story_with_an_error_is_an_error(self, tmp_path: Path) -> None:
        """The first problem is shown, and how to see all."""
        folder = Folder(tmp_path / "story")
        folder.edit("facts/bell.yaml", "kind: reaction", "kind: reactoin")
        check = story_check(load(Files.read(folder.path), TODAY))
        assert is_told(check, "error", "'reactoin' is not a kind", "receipts check")

    def test_a_cache_that_cannot_be_written_is_a_warning(self, tmp_path: Path) -> None:
        """A file in the folder's place, or no home at all: the bot is only slower."""
        (tmp_path / "file").touch()
        assert is_told(cache_check(tmp_path / "file"), "warning", "XDG_CACHE_HOME")
        assert is_told(cache_check(tmp_path / "file" / "x"), "warning", "cannot be")
        assert is_told(cache_check(None), "warning", "XDG_CACHE_HOME")
        assert is_told(cache_check(tmp_path / "new"), "ok")


class TestDatabase:
    """The records."""

    async def test_a_new_database_is_not_created_by_looking(self, address: str) -> None:
        """Where nothing is yet, it is said that it will be set up, and nothing is."""
        secret = SecretStr("a-secret-of-the-records")
        settings = Settings(database_url=SecretStr(address), records_secret=secret)
        assert is_told(await database_check(settings), "ok", "set up at the first")
        assert is_told(await database_check(settings), "ok", "set up at the first")

    async def test_a_key_that_lies_beside_the_hashes_is_told(
        self, address: str
    ) -> None:
        """Without a secret: a warning while one can be set, and said ever after."""
        settings = Settings(database_url=SecretStr(address))
        told = await database_check(settings)
        assert is_told(told, "warning", "whose the hashes", "Set RECORDS_SECRET before")
        async with Records.open(address):
            pass
        assert is_told(await database_check(settings), "ok", "whose the hashes")

    async def test_a_database_in_use_is_up_to_date(self, address: str) -> None:
        """A database that the bot has opened is ok, even while it is open."""
        settings = Settings(database_url=SecretStr(address))
        async with Records.open(address):
            assert is_told(await database_check(settings), "ok", "up to date")

    async def test_a_newer_database_is_an_error(self, address: str) -> None:
        """What a newer version wrote is not touched: the mend is to update."""
        async with Records.open(address):
            pass
        async with Database.open(address) as database:
            change = "UPDATE records_version SET version_num = '9999'"
            await database.write(lambda on: on.exec_driver_sql(change))
        settings = Settings(database_url=SecretStr(address))
        assert is_told(await database_check(settings), "error", "9999", "Update it")

    @pytest.mark.parametrize(
        ("begun", "now", "state"),
        [
            (None, None, "ok"),
            (KEY, KEY, "ok"),
            (KEY, None, "error"),
            (None, KEY, "error"),
            (KEY, KEY[::-1], "error"),
            (None, "short", "error"),
        ],
    )
    async def test_the_secret_must_be_the_one_it_was_begun_with(
        self, address: str, begun: str | None, now: str | None, state: str
    ) -> None:
        """Another secret, or none, or one where there was none: it is told here."""
        async with Records.open(address, begun):
            pass
        check = await database_check(
            Settings(
                database_url=SecretStr(address),
                records_secret=SecretStr(now) if now else None,
            )
        )
        assert is_told(check, state, "secret" if state == "error" else "")
        assert KEY not in str(check)

    async def test_a_file_that_is_no_database_is_an_error(self, tmp_path: Path) -> None:
        """The file is named, and stays as it is."""
        file = tmp_path / "records.sqlite3"
        file.write_text("a letter, of more than a hundred characters. " * 30)
        check = await database_check(sound(tmp_path))
        assert is_told(check, "error", str(file), "not a database")
        assert file.read_text().startswith("a letter")

    async def test_a_database_that_another_holds_is_an_error(
        self, tmp_path: Path
    ) -> None:
        """A lock that is not let go is told as such."""
        file = tmp_path / "records.sqlite3"
        with sqlite3.connect(file) as held:
            held.execute("PRAGMA locking_mode = EXCLUSIVE")
            held.execute("CREATE TABLE x (y)")
            held.commit()
            held.execute("BEGIN EXCLUSIVE")
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr("bot.records.database._PAUSES", ())
                patch.setattr("bot.records.engines._PRAGMAS", ("busy_timeout = 10",))
                check = await database_check(sound(tmp_path))
        held.close()
        assert is_told(check, "error", "busy", "Try again later")

    async def test_another_program_s_tables_are_an_error(self, address: str) -> None:
        """The bot would not start over them: it is told, and nothing is touched."""
        async with Database.as_it_is(address) as database:
            make = "CREATE TABLE questions (id int)"
            await database.write(lambda on: on.exec_driver_sql(make).close())
        check = await database_check(Settings(database_url=SecretStr(address)))
        assert is_told(check, "error", "'questions' of another program", "Give the bot")
        with pytest.raises(RecordsError, match="a database of its own"):
            async with Records.open(address):
                pass

    async def test_a_database_that_lacks_letters_is_an_error(
        self, postgres_server: str, postgres_address: str
    ) -> None:
        """What people type would be lost there: it is told before."""
        assert postgres_address
        postgres.create(postgres_server, "latin", "ENCODING 'LATIN1' LOCALE 'C'")
        address = postgres.address(postgres_server, "latin")
        check = await database_check(Settings(database_url=SecretStr(address)))
        assert is_told(check, "error", "as LATIN1", "ENCODING 'UTF8'")
        with pytest.raises(RecordsError, match="LATIN1"):
            async with Records.open(address):
                pass

    async def test_no_place_for_the_file_is_an_error(self, tmp_path: Path) -> None:
        """A file where a folder should be is named."""
        (tmp_path / "file").touch()
        check = await database_check(sound(tmp_path / "file" / "x"))
        assert is_told(check, "error", "is no folder")

    async def test_a_server_that_is_away_is_an_error(self, tmp_path: Path) -> None:
        """PostgreSQL that nobody answers for; the password is not shown."""
        address = f"postgresql://me:hunter2@/records?host={tmp_path}"
        settings = Settings(database_url=SecretStr(address))
        check = await database_check(settings)
        assert is_told(check, "error", "PostgreSQL")
        assert "hunter2" not in str(check)


class TestHealthAddress:
    """Where health is served."""

    def test_who_may_change_the_story_is_told(self, tmp_path: Path) -> None:
        """Half a setting is warned of, and a story that cannot be written."""
        ids = frozenset({123456789012345678})
        none = moderators_check(Settings(), tmp_path)
        half = moderators_check(Settings(home_guilds=ids), tmp_path)
        both = Settings(home_guilds=ids, moderator_roles=ids)
        gone = moderators_check(both, tmp_path / "gone")
        whole = both.model_copy(update={"moderators_channel": 1})
        assert is_told(none, "ok", "in its files only")
        assert is_told(half, "warning", "MODERATOR_ROLES", "nobody")
        assert is_told(gone, "warning", "cannot be written")
        assert is_told(moderators_check(both, tmp_path), "warning", "told of nothing")
        assert is_told(moderators_check(whole, tmp_path), "ok")

    def test_an_address_is_told_by_who_can_reach_it(self) -> None:
        """Taken or open to others: a warning; loopback or none: ok."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
            taken.listen()
            check = health_check(Address("127.0.0.1", port))
            assert is_told(check, "warning", "cannot be listened on", "runs already")
        assert is_told(health_check(Address("127.0.0.1", port)), "ok")
        assert is_told(health_check(Address("0.0.0.0", port)), "warning", "whoever")  # noqa: S104
        other = health_check(Address("2001:db8::1", 8080))
        assert is_told(other, "error", "[2001:db8::1]:8080 cannot", "Set an address")
        assert is_told(health_check(None), "ok", "nothing is served")


class TestPlaces:
    """Where the story is, what the bot keeps, and temporary files."""

    def test_a_story_around_what_the_bot_keeps_is_an_error(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """`STORY=.` is told; what its mend names is right, as is `data/story`."""
        (tmp_path / "story").mkdir()
        monkeypatch.chdir(tmp_path / "story")
        for place, is_wrong in (
            ("data/story", False),
            ("data/stories/story", False),
            (".", True),
        ):
            shutil.copytree(STORY, place, dirs_exist_ok=True)
            arguments = ["doctor", "--story", place]
            assert main(arguments, sound(tmp_path), TODAY) == int(is_wrong)
            said = capsys.readouterr().out
            assert ("error: places: " in said) == is_wrong
            assert ("files to data/stories/story, and set" in said) == is_wrong

    def test_what_others_left_in_the_story_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A restore that was killed is an error; what an older version kept, a warning.

        Both say where, and what to do.
        """
        monkeypatch.chdir(tmp_path)
        story = Path("data", "bell")
        (story / "history").mkdir(parents=True)
        (story / ".restoring-abc").mkdir()
        older, killed = places_checks(story)
        assert is_told(older, "warning", "data/bell/history is the bot's own")
        assert older.mend == "Move it to data/bell-kept/history"
        assert is_told(killed, "error", "a restore into data/bell was killed half-way")
        assert killed.mend
        assert "receipts restore FILE.zip --replace" in killed.mend

    def test_a_disk_that_is_full_is_an_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is told before records cannot be written."""
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr("bot.operating.doctor._FREE", 10**18)
        (check,) = places_checks(None)
        assert is_told(check, "error", "MB left where records are kept")
        assert check.mend == f"Make room in {tmp_path}"

    def test_a_file_or_a_shelf_in_a_story_s_place_is_told(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """It is told what to name in its place, by all commands."""
        folder = Folder(tmp_path / "bell").path
        command = ["doctor", "--story", str(folder / "story.yaml")]
        assert main(command, sound(tmp_path), TODAY) == 1
        assert "story.yaml is a file; name the folder" in capsys.readouterr().out
        command[-1] = str(tmp_path)
        assert main(command, sound(tmp_path), TODAY) == 1
        assert "no story, but holds some (bell); name one" in capsys.readouterr().out

    def test_no_folder_for_temporary_files_is_warned_of(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """SQLite may need one, so the mend is told before."""
        assert list(places_checks(None)) == []
        monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
        (warned,) = places_checks(None)
        assert is_told(warned, "warning", "temporary files", "TMPDIR")


Handler = Callable[[web.Request], web.Response]
Answers = Mapping[str, object]

APPLICATION = {"id": "42", "name": "Receipts", "flags": 0}
WELL: Answers = {
    "/applications/@me": APPLICATION,
    "/gateway/bot": {"session_start_limit": {"remaining": 990}},
    "/applications/42/commands": [{"name": "ask"}],
    "/users/@me/guilds": [{"id": "7", "name": "Harbour", "permissions": ENOUGH}],
}


@asynccontextmanager
async def api(answers: Answers) -> AsyncGenerator[str]:
    """Discord's HTTP API on loopback: a value is the body, a function gives all."""

    async def answer(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bot {TOKEN}"
        assert request.headers["User-Agent"].startswith("DiscordBot (")
        found = answers[request.path]
        if isinstance(found, FunctionType):
            handler: Handler = found
            return handler(request)
        return web.json_response(found)

    app = web.Application()
    app.add_routes([web.get("/{_:.*}", answer)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def set_to(**more: object) -> Settings:
    """Settings with a token, and more."""
    return Settings.model_validate({"discord_token": SecretStr(TOKEN), **more})


async def asked(answers: Answers, **more: object) -> list[Check]:
    """The checks, where Discord answers so and more is set than a token."""
    async with api({**WELL, **answers}) as url:
        return [check async for check in portal_checks(set_to(**more), url)]


def status(code: int, **headers: str) -> Handler:
    """An answer without words."""
    return lambda _request: web.Response(status=code, headers=headers)


def rules(
    whose: int, allow: int = 0, deny: int = 0, role: int = 0
) -> dict[str, object]:
    """A channel's permissions for a role or a member; without `role`'s Attach Files."""
    given = [{"id": str(whose), "allow": str(allow), "deny": str(deny)}]
    if role:
        given.insert(0, {"id": str(role), "allow": "0", "deny": str(1 << 15)})
    return {"permission_overwrites": given}


def server(*, is_admin: bool) -> dict[str, object]:
    """A home server: the bot has role 20, and moderators 21."""
    everybody = {"id": "7", "permissions": str(1 << 10 | 1 << 11 | 1 << 15)}
    bot = {"id": "20", "permissions": "8" if is_admin else "0"}
    return {
        "id": "7",
        "name": "Harbour",
        "roles": [everybody, bot, {"id": "21", "permissions": "0"}],
    }


class TestDiscord:
    """What Discord says, over HTTP."""

    async def test_a_sound_application_passes(self) -> None:
        """Token, starts, intents, commands and permissions are each ok."""
        found = await asked({})
        assert all(is_told(check, "ok") for check in found)
        names = ["token", "gateway", "intents", "commands", "shards", "servers"]
        assert [check.name for check in found] == names

    @pytest.mark.parametrize(
        ("code", "told"),
        [(401, "Reset it"), (403, "disabled"), (500, "error 500"), (302, "error 302")],
    )
    async def test_a_refusal_is_told_with_its_mend(self, code: int, told: str) -> None:
        """One error, after which nothing more is asked."""
        (check,) = await asked({"/applications/@me": status(code)})
        assert is_told(check, "error", told)
        assert TOKEN not in str(check)

    async def test_being_asked_too_often_is_waited_out(self) -> None:
        """A short wait is waited, once; a long one is told."""
        busy = status(429, **{"Retry-After": "0.01"})

        def idle(_request: web.Request) -> web.Response:
            return web.json_response(APPLICATION)

        answers = iter([busy, idle])

        def first_busy(request: web.Request) -> web.Response:
            return next(answers)(request)

        assert len(await asked({"/applications/@me": first_busy})) == 6
        busy = status(429, **{"Retry-After": "900"})
        (check,) = await asked({"/applications/@me": busy})
        assert is_told(check, "error", "too often", "some minutes")

    @pytest.mark.parametrize(
        ("servers", "recommended", "count", "told"),
        [
            (3, 1, None, "takes"),
            (5000, 5, None, "takes"),
            (2000, 1, None, "Start the bot again"),
            (5000, 5, 6, "has"),
            (5000, 5, 4, "Set SHARD_COUNT to 5"),
            (8000, 4, 4, "Set SHARD_COUNT to more"),
        ],
    )
    def test_shards_for_the_servers(
        self, servers: int, recommended: int, count: int | None, told: str
    ) -> None:
        """It says what Discord recommends, and warns before there are too few."""
        found = shards_check(servers, recommended, count)
        state = "ok" if told in {"takes", "has"} else "warning"
        assert is_told(found, state, f"recommends {recommended} shards", told)

    async def test_no_way_to_discord_is_told(self) -> None:
        """Where nothing answers, the mend is to look at the network."""
        async with api({}) as url:
            pass
        (check,) = [one async for one in portal_checks(set_to(), url)]
        assert is_told(check, "error", "cannot be reached", "network")

    async def test_silence_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A Discord that takes the call and says nothing is given up."""
        monkeypatch.setattr(discord_api, "TIMEOUT_SECONDS", 0.1)
        with socket.socket() as quiet:
            quiet.bind(("127.0.0.1", 0))
            quiet.listen()
            url = f"http://127.0.0.1:{quiet.getsockname()[1]}"
            (check,) = [one async for one in portal_checks(set_to(), url)]
        assert is_told(check, "error", "cannot be reached")

    @pytest.mark.parametrize(
        ("path", "body", "state", "told"),
        [
            (
                "/applications/@me",
                {**APPLICATION, "flags": 1 << 13 | 1 << 15},
                "warning",
                "Presence and Server Members",
            ),
            (
                "/applications/@me",
                {**APPLICATION, "flags": 1 << 19},
                "ok",
                "is on, and",
            ),
            (
                "/applications/@me",
                {**APPLICATION, "interactions_endpoint_url": "https://x.example"},
                "error",
                "Interactions Endpoint URL",
            ),
            ("/applications/@me", {"id": None}, "error", "Update the bot"),
            (
                "/gateway/bot",
                {"session_start_limit": {"remaining": 3}},
                "warning",
                "only 3 more",
            ),
            ("/applications/42/commands", [], "warning", "/ask is not registered"),
            ("/users/@me/guilds", [], "warning", "client_id=42"),
            (
                "/users/@me/guilds",
                [{"id": "7", "name": "Harbour", "permissions": str(1 << 10 | 1 << 11)}],
                "error",
                "in Harbour the bot lacks Read Message History, Send",
            ),
            (
                "/users/@me/guilds",
                [{"id": "7", "name": "Harbour", "permissions": "8"}],
                "warning",
                "administrator",
            ),
        ],
    )
    async def test_each_slip_is_told(
        self, path: str, body: object, state: str, told: str
    ) -> None:
        """What is wrong in the portal or in a server has its line and its mend."""
        found = await asked({path: body})
        assert [check for check in found if told in str(check)]
        for check in found:
            assert is_told(check, check.state)
            assert told not in str(check) or check.state == state

    @pytest.mark.parametrize(
        ("flags", "state"), [(0, "error"), (1 << 18, "ok"), (1 << 19, "ok")]
    )
    async def test_reading_channels_needs_its_intent(
        self, flags: int, state: str
    ) -> None:
        """With READ_CHANNELS on, Message Content must be: Discord refuses else."""
        application = {**APPLICATION, "flags": flags}
        answers = {"/applications/@me": application}
        checks = await asked(answers, read_channels=True)
        (found,) = [one for one in checks if one.name == "intents"]
        assert is_told(found, state, "Message Content")

    async def test_all_servers_are_looked_at(self) -> None:
        """More than one page of them, too; those that lack nothing share a line."""
        servers = [
            {"id": str(number), "name": f"S{number}", "permissions": ENOUGH}
            for number in range(1, 451)
        ]
        servers[449]["permissions"] = "0"

        def page(request: web.Request) -> web.Response:
            after = int(request.query["after"])
            rest = [one for one in servers if int(one["id"]) > after]
            return web.json_response(rest[: int(request.query["limit"])])

        found = [one for one in await asked({"/users/@me/guilds": page}) if one]
        about = [str(check) for check in found if check.name == "servers"]
        assert "in S450 the bot lacks" in about[0]
        assert "in 449 of 450" in about[1]
        assert len(about) == 2

    async def test_no_name_in_discord_commands_a_terminal(
        self,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """`doctor --online` prints a line a check, whatever servers are called."""
        name = "\x1b[31m\u202eok: all\nis: well\x9b"
        guild = {"id": "7", "name": name, "permissions": "0"}
        answers = {**WELL, "/users/@me/guilds": [guild]}
        async with api(answers) as url:
            settings = sound(tmp_path).model_copy(update={"discord_api": url})
            assert await asyncio.to_thread(doctor, settings, "--online") == 1
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 14
        assert all(line.isprintable() for line in lines)

    @pytest.mark.parametrize(
        ("answers", "more", "state", "told"),
        [
            ({}, {}, "ok", "in Harbour"),
            ({}, {"home_guilds": {7, 8}}, "error", "names 8, and the bot is in no"),
            ({"/guilds/7": 403}, {}, "error", "names 7, and the bot is in no"),
            ({}, {"moderator_roles": {21, 99}}, "error", "names 99, which is no role"),
            ({}, {"moderator_roles": {7}}, "error", "names 7, which is no role"),
            (
                {"/guilds/8": {"id": "8", "name": "Quay", "roles": []}},
                {"home_guilds": {7, 8}},
                "warning",
                "no role of Quay is in MODERATOR_ROLES",
            ),
            ({"/channels/31": 404}, {}, "error", "names 31, and there is no such"),
            ({"/channels/31": 403}, {}, "error", "the bot may not see"),
            ({"guild_id": "9"}, {}, "warning", "in no home server"),
            ({"type": 4}, {}, "error", "no channel that messages are sent to"),
            (rules(7, deny=1 << 11), {}, "error", "lacks Send Messages. Grant"),
            (rules(20, deny=1 << 15), {}, "error", "(#desk) the bot lacks Attach"),
            (rules(42, allow=1 << 15, role=20), {}, "ok", "in Harbour"),
            (rules(21, deny=1 << 11), {}, "ok", "in Harbour"),
            ({**rules(7, deny=1 << 11), "admin": True}, {}, "ok", "in Harbour"),
            ({"type": 11, "parent_id": "32"}, {}, "error", "lacks Send Messages in"),
        ],
    )
    async def test_what_is_set_for_moderators_is_looked_for(
        self,
        answers: dict[str, object],
        more: dict[str, object],
        state: str,
        told: str,
    ) -> None:
        """Servers, roles and the channel are there, and the bot may write in it."""
        desk = {"type": 0, "name": "desk", "guild_id": "7", **answers}
        there = {
            "/guilds/8": 404,
            "/guilds/7": server(is_admin="admin" in answers),
            "/guilds/7/members/42": {"roles": ["20"]},
            "/users/@me": {"id": "42"},
            "/channels/31": desk,
            "/channels/32": {"type": 0},
            **answers,
        }
        answered = {
            path: status(one) if isinstance(one, int) else one
            for path, one in there.items()
        }
        homes = {"home_guilds": {7}, "moderator_roles": {21}}
        found = await asked(answered, **{**homes, "moderators_channel": 31, **more})
        (check,) = [check for check in found if check.name == "moderators"]
        assert is_told(check, state, told)
        if "no such server" in told:
            assert "scope=bot+applications.commands" in str(check)

    def test_without_a_token_discord_is_not_asked(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """`--online` without a token says what to mend first."""
        assert doctor(Settings(), "--online") == 1
        assert "warning: online: Discord was not asked" in capsys.readouterr().out


class TestToldRightly:
    """Set-ups that look sound and are not."""

    @pytest.mark.parametrize(
        "name", ["MODERATOR_ROLE", "HOME_GUILD", "DISCORDTOKEN", "discord_token"]
    )
    def test_a_name_misspelt_in_the_environment(
        self, name: str, tmp_path: Path
    ) -> None:
        """A near miss is named with what was meant; other programs' names are not."""
        settings = Settings.load({name: "1", "PATH": "/bin", "TOKENS": "2"}, tmp_path)
        first, *others = settings_checks(settings, tmp_path)
        assert is_told(first, "warning", f"environment's {name} is no", "Did you mean")
        assert [check.state for check in others] == ["ok"]

    async def test_no_other_database_stands_in_for_one_that_cannot_be_read(
        self, tmp_path: Path
    ) -> None:
        """Of the file that would be used by default nothing is said."""
        given = {"DATABASE_URL": "postgresql://me:p@ss@127.0.0.1/x"}
        check = await database_check(Settings.load(given, tmp_path))
        assert is_told(check, "error", "not looked at", "DATABASE_URL")

    def test_an_env_file_that_is_a_folder(self, tmp_path: Path) -> None:
        """Docker makes a folder where a mounted file is not there: it is an error."""
        (tmp_path / ".env").mkdir()
        [only] = settings_checks(Settings.load({}, tmp_path), tmp_path)
        assert is_told(only, "error", ".env: it is a folder")

    @pytest.mark.parametrize(
        "token", ["changeme", "your-token-here", "<token>", "xxx", "YOUR_BOT_TOKEN"]
    )
    def test_a_placeholder_is_no_token(self, token: str) -> None:
        """What examples write in the token's place is an error, not a doubt."""
        check = token_check(Settings(discord_token=SecretStr(token)))
        assert is_told(check, "error", "stands for a token")

    def test_the_first_error_is_told(self) -> None:
        """Of a broken story the first error is told, though a warning comes before."""
        found = Loaded(
            None,
            (
                Problem("a.yaml", 1, 1, "warning", "not checked"),
                Problem("b.yaml", 1, 1, "error", "it is broken"),
            ),
        )
        assert is_told(story_check(found), "error", "1 error keeps", "it is broken")

    @pytest.mark.parametrize(
        "given", [{"moderators_channel": 10**17}, {"two_person_rule": True}]
    )
    def test_moderation_without_a_home(self, given: dict[str, object]) -> None:
        """A setting for moderators that has no effect is a warning, not an ok."""
        check = moderators_check(Settings.model_validate(given), None)
        assert is_told(check, "warning", "while HOME_GUILDS is not set")

    @pytest.mark.parametrize(
        ("program", "told"),
        [
            ("git", "no commit yet"),
            ("", "git is not installed"),
            ("refuses", "belongs to another user"),
        ],
    )
    def test_a_work_tree_that_git_does_not_write(
        self,
        program: str,
        told: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        """Where a change would become no commit, doctor says not that all is well."""
        place = tmp_path / "work" / "story"
        shutil.copytree(STORY, place)
        init = ["git", "init", "--quiet", place.parent]
        subprocess.run(init, check=True, env={"PATH": os.environ["PATH"]})
        other = tmp_path / "refuses"
        other.write_text("#!/bin/sh\necho detected dubious ownership >&2\nexit 128\n")
        other.chmod(0o755)
        found = {"git": shutil.which("git"), "refuses": str(other)}.get(program)
        monkeypatch.setattr(git, "program", lambda: found)
        monkeypatch.setattr(repository, "program", lambda: found)
        given = {"home_guilds": {7}, "moderator_roles": {21}, "moderators_channel": 31}
        settings = sound(tmp_path).model_copy(update=given)
        assert main(["doctor", "--story", str(place)], settings, TODAY) == 0
        said = capsys.readouterr().out
        assert re.search(f"^warning: moderators: .*{told}.*\\.$", said, re.MULTILINE)
        assert "they can change the story" not in said

    @pytest.mark.parametrize("what", ["without rights", "read-only"])
    async def test_a_role_that_may_not_write(
        self, what: str, postgres_address: str
    ) -> None:
        """A role that may not create tables, or nothing at all, is an error at once."""
        async with Database.as_it_is(postgres_address) as database:
            for command in _ROLE[what]:
                await database.write(lambda on, run=command: on.execute(text(run)))
        try:
            other = postgres_address.replace("receipts@", "limited@")
            settings = Settings(database_url=SecretStr(other))
            check = await database_check(settings)
        finally:
            async with Database.as_it_is(postgres_address) as database:
                await database.write(lambda on: on.execute(text("DROP ROLE limited")))
        said = {"without rights": "schema", "read-only": "read-only transaction"}
        assert is_told(check, "error", said[what], "GRANT USAGE, CREATE")

    @pytest.mark.parametrize(
        ("limit", "asked", "state"),
        [(1, "", "error"), (3, "", "warning"), (3, "connections=3", None)],
    )
    async def test_a_role_that_may_have_few_connections(
        self, limit: int, asked: str, state: str | None, postgres_address: str
    ) -> None:
        """Fewer than the bot may want is told before it waits for one that lacks."""
        role = f"CREATE ROLE few LOGIN CONNECTION LIMIT {limit}"
        async with Database.as_it_is(postgres_address) as database:
            await database.write(lambda on: on.execute(text(role)))
        try:
            joined = "&" if "?" in postgres_address else "?"
            other = postgres_address.replace("receipts@", "few@") + joined + asked
            settings = Settings(database_url=SecretStr(other))
            checks = await connections_checks(settings)
        finally:
            async with Database.as_it_is(postgres_address) as database:
                await database.write(lambda on: on.execute(text("DROP ROLE few")))
        assert [one.state for one in checks] == ([state] if state else [])
        for one in checks:
            assert is_told(one, str(state), f"may have {limit}", "CONNECTION LIMIT")


_ROLE = {
    "without rights": ["CREATE ROLE limited LOGIN"],
    "read-only": [
        "CREATE ROLE limited LOGIN SUPERUSER",
        "ALTER ROLE limited SET default_transaction_read_only = on",
    ],
}
