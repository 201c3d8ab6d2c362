"""Settings: bad values are told with the mend, and no secret is."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.main import main
from bot.setting_values import VARIABLES, Address
from bot.settings import Settings
from tests.conftest import ROOT, TODAY

HIDDEN = "postgresql://receipts:hunter2@host/receipts"
STORY = str(ROOT / "bot" / "template")


def load(folder: Path, **environment: str) -> Settings:
    """The settings of an environment."""
    return Settings.load(environment, folder)


@pytest.mark.parametrize(
    ("numbers", "url", "told"),
    [
        ("0-1,3", "postgresql://host/name", None),
        ("3-4", "postgresql://host/name", "the last is 3"),
        ("2-1", "postgresql://host/name", "no shards"),
        ("a", "postgresql://host/name", "no shards"),
        ("0", "sqlite:///records.sqlite3", "one database"),
        ("0", "", "one database"),
    ],
)
def test_several_processes_have_shards_of_their_own(
    tmp_path: Path, numbers: str, url: str, told: str | None
) -> None:
    """Shards are numbers below their count, over a database that all can reach."""
    found = load(tmp_path, SHARD_COUNT="4", SHARD_IDS=numbers, DATABASE_URL=url)
    if told is None:
        assert found.shard_ids == (0, 1, 3)
        assert found.problems == ()
    else:
        assert any(told in str(one) for one in found.errors())


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("FALSE_ANSWERS", "many", "'many' is no percentage; give a number"),
        ("FALSE_ANSWERS", "101", "no percentage"),
        ("FALSE_ANSWERS", "nan", "no percentage"),
        ("STORY", "a\0b", "control character"),
        ("STORY", "~nobody-of-this-name/story", "no home folder"),
        ("MEANING_MODEL", "a\x1bb", "control character"),
        ("MEANING_MODEL_SHA256", "sha256:0f", "sha256sum model.onnx"),
        ("DATABASE_URL", "mysql://hunter2@host/x", "not the address of a database"),
        ("DATABASE_URL", "records.sqlite3", "sqlite:///records.sqlite3"),
        ("LOG_LEVEL", "loud", "give one of DEBUG, INFO, WARNING, ERROR"),
        ("LOG_FORMAT", "xml", "give text or json"),
        ("READ_CHANNELS", "maybe", "neither on nor off"),
        ("HOME_GUILDS", "123456789012345678, my server", "no id of Discord's"),
        ("MODERATOR_ROLES", "@mods", "Copy ID"),
        ("MODERATORS_CHANNEL", "#mods", "Developer Mode"),
        ("TWO_PERSON_RULE", "two", "neither on nor off"),
        ("AUDIT_DAYS", "ever", "no number of days; give one such as 730"),
        ("AUDIT_DAYS", "123456", "no number of days"),
        ("HEALTH_ADDRESS", "8080", "give host:port"),
        ("SHARD_COUNT", "none", "no number of shards"),
        ("SHARD_COUNT", "4", "set both, or neither"),
        ("SHARD_IDS", "0-1", "set both, or neither"),
        ("DISCORD_API", "discord.com/api/v10", "https://proxy.example"),
        ("DISCORD_API", "http://proxy.example/api/v10", "on this machine"),
        ("DISCORD_API", "http://127.0.0.1.example", "http://127.0.0.1:8080"),
        ("DISCORD_API", "https://me:hunter2@proxy.example", "no address"),
        ("DISCORD_GATEWAY", "https://proxy.example", "wss://proxy.example"),
        ("DISCORD_GATEWAY", "ws://proxy.example", "on this machine"),
        ("DISCORD_CDN", "https://proxy.example/?a=b", "no address"),
        *(
            ("DATABASE_URL", f"postgresql://me:{password}@host/name", "%40 for @")
            for password in ("hunter2@x", "x/hunter2", "hunter2#x", "x?hunter2", "[h")
        ),
        ("DATABASE_URL", "postgresql://host:54x/name", "no"),
        ("DATABASE_URL", "sqlite://records.sqlite3", "sqlite:///records"),
        ("HEALTH_ADDRESS", "::1:8080", "[::1]:8080"),
        ("HEALTH_ADDRESS", "localhost:0", "give host:port"),
        ("HEALTH_ADDRESS", "localhost:70000", "give host:port"),
        ("HEALTH_ADDRESS", "http://localhost:80", "give host:port"),
    ],
)
def test_a_bad_value_is_told_with_its_name_and_the_mend(
    tmp_path: Path,
    name: str,
    value: str,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """`run` does not start: one plain line names the variable, and the code is 2."""
    found = load(tmp_path, **{"DISCORD_TOKEN": "token", name: value})
    assert main(["run", "--story", STORY], found, TODAY) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith(f"receipts: {name}: ")
    assert told in said
    assert "hunter2" not in said


def test_good_values_are_read(tmp_path: Path) -> None:
    """Each variable has its field, in the form that the bot uses."""
    found = load(
        tmp_path,
        FALSE_ANSWERS="2.5 %",
        MEANING_MODEL="models/small",
        MEANING_MODEL_SHA256="0F" * 32,
        READ_CHANNELS="On",
        HOME_GUILDS="123456789012345678, 223456789012345678",
        MODERATOR_ROLES="323456789012345678",
        MODERATORS_CHANNEL="423456789012345678",
        LOG_LEVEL="debug",
        LOG_FORMAT="JSON",
        HEALTH_ADDRESS="[::1]:8080",
        DISCORD_API="http://127.0.0.1:80/api/v10/",
        DISCORD_GATEWAY="ws://[::1]:80",
        DISCORD_CDN="https://cdn.proxy.example",
        DATABASE_URL="sqlite:////var/lib/receipts/records.sqlite3",
    )
    assert found.problems == ()
    assert found.false_answers == 0.025
    assert found.meaning_model == Path("models/small")
    assert found.meaning_model_sha256 == "0f" * 32
    assert found.read_channels is True
    assert found.home_guilds == {123456789012345678, 223456789012345678}
    assert found.moderator_roles == {323456789012345678}
    assert found.moderators_channel == 423456789012345678
    assert (found.log_level, found.log_format) == ("DEBUG", "json")
    assert found.health_address == Address("::1", 8080)
    assert found.discord_api == "http://127.0.0.1:80/api/v10"
    assert found.discord_gateway == "ws://[::1]:80"
    assert found.discord_cdn == "https://cdn.proxy.example"


@given(st.dictionaries(st.sampled_from(VARIABLES), st.text()))
def test_any_value_is_read_or_told(environment: dict[str, str]) -> None:
    """No value raises; one that is not taken has its problem, on one printable line."""
    found = Settings.load(environment, Path("/nowhere"))
    for problem in found.problems:
        assert problem.variable in environment
        assert str(problem).isprintable()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"DISCORD_TOEKN=hunter2\n", "DISCORD_TOEKN is no setting; did you mean DISC"),
        (b"STORY=x\n'hunter2 = 3\n", "line 2 is not NAME=value"),
        (b"STORY=\xff\n", "it is not UTF-8); save it as UTF-8"),
        ("STORY=x\n".encode("utf-16"), "it is not UTF-8); save it as UTF-8"),
    ],
)
def test_what_is_wrong_in_the_file_is_told(
    tmp_path: Path, text: bytes, told: str
) -> None:
    """A slip in `.env` is told without what it holds."""
    (tmp_path / ".env").write_bytes(text)
    (problem,) = load(tmp_path).problems
    assert problem.variable == ".env"
    assert told in problem.message
    assert "hunter2" not in str(problem)


def test_a_file_from_windows_is_read(tmp_path: Path) -> None:
    """A byte order mark and carriage returns are no part of any value."""
    (tmp_path / ".env").write_bytes(b"\xef\xbb\xbfSTORY=x\r\nLOG_LEVEL=INFO\r\n")
    found = load(tmp_path)
    assert found.problems == ()
    assert found.story == Path("x")


def test_a_command_minds_only_what_it_uses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Another program's DATABASE_URL does not keep `ask` from answering."""
    found = load(tmp_path, DATABASE_URL="mysql://x/y", FALSE_ANSWERS="5")
    ask = ["ask", "--story", STORY, "when did the bell come back?"]
    assert main(ask, found, TODAY) == 0
    assert capsys.readouterr().err == ""
    assert main(ask, load(tmp_path, FALSE_ANSWERS="x"), TODAY) == 2


def test_a_broken_file_does_not_start_a_chat(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bare `receipts` with an unreadable `.env` says so: a token may be in it."""
    (tmp_path / ".env").write_bytes(b"\xff")
    assert main([], load(tmp_path), TODAY) == 2
    assert re.match(r"receipts: \.env: .*save it.*\n$", capsys.readouterr().err)


def test_a_tilde_is_the_home_folder() -> None:
    """A path that no shell has read is read as a shell would."""
    found = Settings.load({"STORY": "~/story"}, Path())
    assert found.story == Path.home() / "story"
    assert found.problems == ()


@pytest.mark.parametrize("name", ["DISCORD_TOKEN", "DATABASE_URL", "RECORDS_SECRET"])
def test_a_secret_may_stand_in_a_file(tmp_path: Path, name: str) -> None:
    """It is what the file says, whatever stands around it; nothing is told of it."""
    file = tmp_path / "secret"
    file.write_text(f"\ufeff{HIDDEN}\n", encoding="utf-8")
    found = load(tmp_path, **{f"{name}_FILE": str(file)})
    assert found.problems == ()
    assert list(found.secrets) == [HIDDEN]
    both = load(tmp_path, **{f"{name}_FILE": str(file), name: HIDDEN})
    assert [one.variable for one in both.errors()] == [name]
    assert f"{name}_FILE; set one" in str(both.errors()[0])
    assert HIDDEN not in str(both.errors())


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "No such file"), (b"", "is empty"), (b"\xff\xfe\x00", "not UTF-8")],
)
def test_a_file_without_a_secret_keeps_the_bot_from_starting(
    tmp_path: Path,
    content: bytes | None,
    told: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It is told with the mend, and no chat is begun in the bot's place."""
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)
    settings = load(tmp_path, DISCORD_TOKEN_FILE=str(file))
    assert main([], settings, TODAY) == 2
    said = capsys.readouterr().err
    assert told in said
    assert "set DISCORD_TOKEN in its place" in said


def test_the_names_of_secrets_files_are_known(tmp_path: Path) -> None:
    """They may stand in `.env`, and one that is misspelt is told."""
    (tmp_path / "token").write_text("a")
    (tmp_path / ".env").write_text(f"DISCORD_TOKEN_FILE={tmp_path / 'token'}\n")
    assert load(tmp_path).problems == ()
    (problem,) = load(tmp_path, DISCORD_TOKENFILE="x").problems
    assert "did you mean DISCORD_TOKEN_FILE?" in str(problem)
