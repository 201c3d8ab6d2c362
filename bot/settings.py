"""Settings: the environment, and a `.env` file beneath it → frozen values."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, SecretStr

from bot.setting_values import (
    FILES,
    READERS,
    VARIABLES,
    Address,
    LogFormat,
    secret_of,
)

ENV_FILE: Final = ".env"
_NAMES: Final = (*VARIABLES, *FILES)

RECORDS: Final = Path("data", "records.sqlite3")
"""Where the records are kept where DATABASE_URL is not set."""

BACKED_UP: Final = RECORDS.with_name("last-backup")
"""The file that is written whenever a backup was made: when it was last."""


@dataclass(frozen=True, slots=True)
class SettingProblem:
    """What is wrong with a variable, and the mend; it tells no secret.

    An error keeps the bot from starting; a warning does not. `variable` is `.env`
    where the file is at fault, or its path where it was named.
    """

    variable: str
    severity: Literal["error", "warning"]
    message: str

    def __str__(self) -> str:
        """`VARIABLE: message`, on one line."""
        return f"{self.variable}: {self.message}"


class Settings(BaseModel):
    """What the operator has set. None means: not set.

    `false_answers` is the wanted share, 0-1, of questions that nothing answers which
    get an answer all the same. `meaning_model` is the folder of a sentence model, or
    NO_MODEL, and `meaning_model_sha256` what its file must hash to. `read_channels`
    says whether Discord's privileged intent for messages that do not name the bot is
    on. Who has one of `moderator_roles` in one of the `home_guilds` may change the
    story, and nobody else; with the `two_person_rule`, nobody may approve a change of
    their own. `moderators_channel` is where they are told things. What they did is
    deleted after `audit_days`. Where several processes answer for one bot, each has its
    `shard_ids`, of as many as `shard_count`.
    `discord_api`, `discord_gateway` and `discord_cdn` stand in for Discord's addresses.
    `problems` are what could not be read; there, the default holds. Secrets are never
    in a log, a message or a repr.
    """

    model_config = ConfigDict(frozen=True)

    discord_token: SecretStr | None = None
    story: Path | None = None
    false_answers: float = 0.05
    meaning_model: Path | Literal["none"] | None = None
    meaning_model_sha256: str | None = None
    database_url: SecretStr | None = None
    records_secret: SecretStr | None = None
    read_channels: bool = False
    home_guilds: frozenset[int] = frozenset()
    moderator_roles: frozenset[int] = frozenset()
    moderators_channel: int | None = None
    two_person_rule: bool = False
    audit_days: int | None = None
    log_level: str = "INFO"
    log_format: LogFormat = "text"
    health_address: Address | None = None
    shard_count: int | None = None
    shard_ids: tuple[int, ...] | None = None
    discord_api: str | None = None
    discord_gateway: str | None = None
    discord_cdn: str | None = None
    problems: tuple[SettingProblem, ...] = ()

    @classmethod
    def load(
        cls, environment: Mapping[str, str], folder: Path, file: Path | None = None
    ) -> Self:
        """Read the environment, and below it `.env` in a folder, if there is one.

        In its place, another file of that kind may be named, which must be there. A
        variable that is empty counts as not set; a secret may stand in a file that one
        of FILES names. Never raises: what cannot be read is among `problems`.
        """
        values, problems = _env_file(file or folder / ENV_FILE, is_named=bool(file))
        problems += _misspelt(environment)
        values.update(environment)
        found: dict[str, object] = {}
        for name in VARIABLES:
            try:
                if text := _text(values, name):
                    found[name.lower()] = READERS[name](text)
            except ValueError as error:
                problems.append(SettingProblem(name, "error", str(error)))
        problems += _shards_apart(found)
        return cls.model_validate({**found, "problems": tuple(problems)})

    @classmethod
    def here(cls, file: Path | None = None) -> Self:
        """The settings of this process, started in the current folder."""
        return cls.load(os.environ, Path(), file)

    @property
    def secrets(self) -> Iterator[str]:
        """What must never be shown: the token, the database's address, and so on."""
        for secret in (self.discord_token, self.database_url, self.records_secret):
            if secret is not None:
                yield secret.get_secret_value()

    def errors(self) -> list[SettingProblem]:
        """The problems that keep the bot from starting."""
        return [problem for problem in self.problems if problem.severity == "error"]


def _text(values: Mapping[str, str], name: str) -> str:
    """What a variable says, or the file that is named for it; empty: nothing."""
    text, file = values.get(name, "").strip(), f"{name}_FILE"
    path = values.get(file, "").strip() if file in FILES else ""
    if text and path:
        raise ValueError(f"it is set, and so is {file}; set one of them only")
    return secret_of(file, path) if path else text


def _shards_apart(found: Mapping[str, object]) -> Iterator[SettingProblem]:
    """What is wrong with shards that several processes are to answer."""
    one = Settings.model_validate(found)
    url = one.database_url.get_secret_value() if one.database_url else "sqlite"
    if (one.shard_count is None) != (one.shard_ids is None):
        name = "SHARD_COUNT" if one.shard_ids is None else "SHARD_IDS"
        why = "SHARD_COUNT and SHARD_IDS go together; set both, or neither"
        yield SettingProblem(name, "error", why)
    elif one.shard_count and one.shard_ids:
        last = one.shard_count - 1
        if one.shard_ids[-1] > last:
            why = f"of {one.shard_count} shards the last is {last}; give lower numbers"
            yield SettingProblem("SHARD_IDS", "error", why)
        if url.startswith("sqlite"):
            why = (
                "several processes need one database; set DATABASE_URL to one in "
                "PostgreSQL, or leave SHARD_COUNT and SHARD_IDS empty"
            )
            yield SettingProblem("SHARD_IDS", "error", why)


def _env_file(
    path: Path, *, is_named: bool
) -> tuple[dict[str, str], list[SettingProblem]]:
    """The values of a `.env` file, and what is wrong with it."""
    name = str(path) if is_named else ENV_FILE
    if path.is_dir():
        problem = "it is a folder, not a file; delete it, and write the file"
        return {}, [SettingProblem(name, "error", problem)]
    if not (is_named or path.is_file()):
        return {}, []
    from dotenv.parser import parse_stream  # noqa: PLC0415 - most starts have no .env

    values: dict[str, str] = {}
    problems: list[SettingProblem] = []
    try:
        with path.open(encoding="utf-8-sig") as stream:
            bindings = list(parse_stream(stream))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        mend = "save it as UTF-8" if reason == "it is not UTF-8" else "mend it"
        problem = f"the file cannot be read ({reason}); {mend}, or delete it"
        return {}, [SettingProblem(name, "error", problem)]
    for binding in bindings:
        if binding.error:
            # The line is not quoted: it may hold a secret.
            problem = f"line {binding.original.line} is not NAME=value; mend it"
            problems.append(SettingProblem(name, "error", problem))
        elif binding.key is not None:
            values[binding.key] = binding.value or ""
    problems.extend(_unknown(name, key) for key in values if key not in _NAMES)
    return values, problems


def _unknown(file: str, name: str) -> SettingProblem:
    from difflib import get_close_matches  # noqa: PLC0415 - seldom needed

    shown = name if re.fullmatch(r"\w{1,60}", name) else "a name"
    near = get_close_matches(name.upper(), _NAMES, n=1)
    mend = f"did you mean {near[0]}?" if near else "see .env.example for all there are"
    return SettingProblem(file, "warning", f"{shown} is no setting; {mend}")


def _misspelt(environment: Mapping[str, str]) -> Iterator[SettingProblem]:
    """What is all but a setting's name; all else there belongs to other programs."""
    for name in environment:
        bare = name.upper().replace("-", "_").replace("_", "")
        for right in _NAMES:
            plain = right.replace("_", "")
            if name != right and bare in {plain, f"{plain}S", plain.removesuffix("S")}:
                why = f"the environment's {name} is no setting; did you mean {right}?"
                yield SettingProblem(right, "warning", why)


def kept(story: Path) -> Path:
    """The folder in which the bot keeps what is its own of a story, by its name.

    It is beside the records, and never the story's own folder.
    """
    name = story.resolve().name
    found = RECORDS.parent / name
    return RECORDS.parent / f"{name}-kept" if meet(story, found) else found


def meet(story: Path, data: Path) -> bool:
    """Whether one of two folders lies in the other.

    >>> meet(Path("data/bell"), Path("data"))
    True
    """
    one, other = story.resolve(), data.resolve()
    return one.is_relative_to(other) or other.is_relative_to(one)


def cache_folder() -> Path | None:
    """The folder for what can be made again, by custom; None where there is no home."""
    named = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    with suppress(RuntimeError):
        return (Path(named) if named else Path.home() / ".cache") / "receipts"
    return None
