"""Settings: the environment, and a `.env` file beneath it → frozen values."""

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, SecretStr


class Settings(BaseModel):
    """What the operator has set. None means: not set.

    `false_answers` is the wanted share, 0-1, of questions that nothing answers which
    get an answer all the same. `database_url` is where the records are kept, a file in
    the current folder if not set; `records_secret` is what people's hashes are made
    with. `read_channels` says whether Discord's privileged intent for messages that do
    not name the bot is on. What is secret is never in a log, a message or a repr.
    """

    model_config = ConfigDict(frozen=True)

    discord_token: SecretStr | None = None
    story: Path | None = None
    false_answers: float = 0.05
    database_url: SecretStr | None = None
    records_secret: SecretStr | None = None
    read_channels: bool = False

    @classmethod
    def load(cls, environment: Mapping[str, str], folder: Path) -> Self:
        """Read the environment, and below it `.env` in a folder, if there is one.

        A variable that is empty counts as not set. Never raises: what cannot be read
        as a `.env` file is as if it were not there.
        """
        values = {**_env_file(folder / ".env"), **environment}
        return cls(
            discord_token=_secret(values, "DISCORD_TOKEN"),
            story=Path(story) if (story := values.get("STORY", "").strip()) else None,
            false_answers=_share(values.get("FALSE_ANSWERS", "")),
            database_url=_secret(values, "DATABASE_URL"),
            records_secret=_secret(values, "RECORDS_SECRET"),
            read_channels=_is_on(values.get("READ_CHANNELS", "")),
        )

    @classmethod
    def here(cls) -> Self:
        """The settings of this process, started in the current folder."""
        return cls.load(os.environ, Path())


def _secret(values: Mapping[str, str], name: str) -> SecretStr | None:
    text = values.get(name, "").strip()
    return SecretStr(text) if text else None


def _is_on(text: str) -> bool:
    return text.strip().lower() in {"1", "on", "true", "yes"}


def _share(text: str) -> float:
    """A percentage as a share from 0 to 1; the usual 5 % where it is none."""
    try:
        percent = float(text.strip().removesuffix("%"))
    except ValueError:
        percent = 5.0
    return min(max(percent if percent == percent else 5.0, 0.0), 100.0) / 100  # noqa: PLR0124 - not a number


def _env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    from dotenv import dotenv_values  # noqa: PLC0415 - most starts have no .env

    try:
        found = dotenv_values(path, interpolate=False)
    except (OSError, UnicodeDecodeError):
        return {}
    return {name: value for name, value in found.items() if value}


def cache_folder() -> Path | None:
    """The folder for what can be made again, by custom; None where there is no home."""
    named = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    with suppress(RuntimeError):
        return (Path(named) if named else Path.home() / ".cache") / "receipts"
    return None
