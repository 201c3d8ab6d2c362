"""One setting's text → its value."""

import math
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final, Literal, NamedTuple

from pydantic import SecretStr

NO_MODEL: Final = "none"
"""MEANING_MODEL where nothing is to be found by meaning."""

LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")

_ADDRESS = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\s:/\[\]]+)):([0-9]{1,5})")
_URL = re.compile(r"(\w+)://([\w.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?(?:/[\w./~-]*)?")
_HOST = r"(?:[\w.%~-]*|\[[0-9A-Fa-f:.%]+\])(?::[0-9]{1,5})?"
_DATABASE = re.compile(
    r"sqlite(?:\+\w+)?:///\S+|postgres(?:ql)?(?:\+\w+)?://(?:[^\s/?#\[\]@]*@)?"
    rf"{_HOST}(?:,{_HOST})*(?:/[^\s@#?]*)?(?:\?\S*)?"
)
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_SNOWFLAKE = re.compile(r"[0-9]{15,20}")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MAX_PORT: Final = 65535

LogFormat = Literal["text", "json"]


class Address(NamedTuple):
    """Where to listen: a host's name or IP address, and a TCP port."""

    host: str
    port: int

    def __str__(self) -> str:
        """As it is set.

        >>> str(Address("::1", 8080))
        '[::1]:8080'
        """
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


def _path(text: str) -> Path:
    if _CONTROL.search(text):
        raise ValueError("there is a control character in the path; type it again")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ValueError(
            "there is no home folder for the '~' in the path; write it out"
        ) from None


def _model(text: str) -> Path | str:
    return NO_MODEL if text.lower() == NO_MODEL else _path(text)


def _sha256(text: str) -> str:
    if not _SHA256.fullmatch(text):
        raise ValueError(
            f"{text[:80]!r} is no SHA-256; give the 64 digits that `sha256sum "
            "model.onnx` prints"
        )
    return text.lower()


def _share(text: str) -> float:
    """A percentage as a share from 0 to 1."""
    percent = math.nan
    with suppress(ValueError):
        percent = float(text.removesuffix("%"))
    if not 0 <= percent <= 100:
        raise ValueError(
            f"{text[:40]!r} is no percentage; give a number from 0 to 100, such as 5"
        )
    return percent / 100


def _database(text: str) -> SecretStr:
    if not _DATABASE.fullmatch(text):
        if "@" in text.partition("://")[2] and text.startswith("postgres"):
            raise ValueError(
                "it cannot be told where the password ends; write in it %40 for @, %2F "
                "for /, %3A for :, %23 for #, %3F for ? and %25 for %"
            )
        raise ValueError(
            "this is not the address of a database; give one such as "
            "sqlite:///records.sqlite3 or postgresql://user:password@host/name, or "
            "leave it empty"
        )
    return SecretStr(text)


def _switch(text: str) -> bool:
    if text.lower() not in _SWITCH:
        raise ValueError(f"{text[:40]!r} is neither on nor off; give one of them")
    return _SWITCH[text.lower()]


_SWITCH: Final = {
    **dict.fromkeys(("on", "1", "true", "yes"), True),
    **dict.fromkeys(("off", "0", "false", "no"), False),
}


def _id(text: str) -> int:
    if not _SNOWFLAKE.fullmatch(text):
        raise ValueError(
            f"{text[:40]!r} is no id of Discord's; turn on Developer Mode in Discord, "
            "then right-click and Copy ID"
        )
    return int(text)


def _ids(text: str) -> frozenset[int]:
    return frozenset(map(_id, filter(None, re.split(r"[\s,;]+", text))))


def _level(text: str) -> str:
    if text.upper() not in LOG_LEVELS:
        raise ValueError(
            f"{text[:40]!r} is no level; give one of {', '.join(LOG_LEVELS)}"
        )
    return text.upper()


def _format(text: str) -> str:
    if text.lower() not in {"text", "json"}:
        raise ValueError(f"{text[:40]!r} is no format; give text or json")
    return text.lower()


def _address(text: str) -> Address:
    found = _ADDRESS.fullmatch(text)
    if not found and re.fullmatch(r"[0-9A-Fa-f:.]+:[0-9A-Fa-f:.]+:[0-9]+", text):
        raise ValueError(
            f"{text[:80]!r} is no address; put IPv6 into brackets, such as [::1]:8080"
        )
    if not found or not 0 < int(found[3]) <= _MAX_PORT:
        raise ValueError(
            f"{text[:80]!r} is no address; give host:port, such as 127.0.0.1:8080"
        )
    return Address(found[1] or found[2], int(found[3]))


def _url(text: str, scheme: str) -> str:
    """An address that is encrypted, or on this machine."""
    found = _URL.fullmatch(text)
    host = found[2].lower() if found else ""
    is_here = host in {"localhost", "[::1]"} or re.fullmatch(r"127(?:\.\d+){3}", host)
    if not found or found[1] not in {f"{scheme}s", scheme if is_here else ""}:
        raise ValueError(
            f"this is no address; give one such as {scheme}s://proxy.example, or on "
            f"this machine one such as {scheme}://127.0.0.1:8080"
        )
    return text.rstrip("/")


def _count(text: str, what: str, such: int) -> int:
    if not re.fullmatch(r"[1-9][0-9]{0,4}", text):
        raise ValueError(
            f"{text[:40]!r} is no number of {what}; give one such as {such}"
        )
    return int(text)


def _numbers(text: str) -> tuple[int, ...]:
    """Shards, such as `0-2, 5`, in order."""
    found = set[int]()
    for part in filter(None, re.split(r"[\s,;]+", text)):
        ends = re.fullmatch(r"([0-9]{1,6})(?:-([0-9]{1,6}))?", part)
        first, last = (int(ends[1]), int(ends[2] or ends[1])) if ends else (1, 0)
        if first > last:
            raise ValueError(f"{text[:40]!r} are no shards; give numbers such as 0-1")
        found |= {*range(first, last + 1)}
    return tuple(sorted(found))


READERS: Final[Mapping[str, Callable[[str], object]]] = {
    "DISCORD_TOKEN": SecretStr,
    "STORY": _path,
    "FALSE_ANSWERS": _share,
    "MEANING_MODEL": _model,
    "MEANING_MODEL_SHA256": _sha256,
    "DATABASE_URL": _database,
    "RECORDS_SECRET": SecretStr,
    "READ_CHANNELS": _switch,
    "HOME_GUILDS": _ids,
    "MODERATOR_ROLES": _ids,
    "MODERATORS_CHANNEL": _id,
    "TWO_PERSON_RULE": _switch,
    "AUDIT_DAYS": partial(_count, what="days", such=730),
    "LOG_LEVEL": _level,
    "LOG_FORMAT": _format,
    "HEALTH_ADDRESS": _address,
    "SHARD_COUNT": partial(_count, what="shards", such=4),
    "SHARD_IDS": _numbers,
    "DISCORD_API": partial(_url, scheme="http"),
    "DISCORD_GATEWAY": partial(_url, scheme="ws"),
    "DISCORD_CDN": partial(_url, scheme="http"),
}
"""What reads each variable's text.

ValueError says what is wrong and the mend, and never quotes a secret.
"""

VARIABLES: Final = tuple(READERS)
"""Every variable there is; each is a field of `Settings`, in small letters."""

FILES: Final = {
    f"{name}_FILE": name for name in ("DISCORD_TOKEN", "DATABASE_URL", "RECORDS_SECRET")
}
"""The variables that name a file with a secret in it, in place of the secret's own."""


def secret_of(file: str, path: str) -> str:
    """What stands in the file of a variable, without blanks around it.

    ValueError says what is wrong and the mend, as that of a reader does.
    """
    mend = f"mend that, or set {FILES[file]} in its place"
    try:
        text = _path(path).read_text(encoding="utf-8-sig").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ValueError(
            f"the file that {file} names cannot be read ({reason}); {mend}"
        ) from None
    if not text:
        raise ValueError(f"the file that {file} names is empty; {mend}")
    return text
