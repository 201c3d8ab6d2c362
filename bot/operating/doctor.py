"""What is wrong with a set-up, and the mend: one check after the other.

Nothing is changed, and nothing but the database is asked over the network; `portal`
does that. Every check is a function from what it needs to its `Check`s, and never
raises.
"""

import errno
import os
import re
import shutil
import socket
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Literal

from bot.answering.wording import beyond_measure
from bot.matching.weights import model
from bot.operating.exchanging import cut_short
from bot.operating.health import not_listened
from bot.operating.meaning_model import chosen, used
from bot.records.database import file_of
from bot.records.engines import LEAST
from bot.records.inspection import connections, inspect
from bot.records.values import RecordsError
from bot.setting_values import VARIABLES, Address
from bot.settings import ENV_FILE, RECORDS, Settings, kept, meet
from bot.story.model import Loaded

PORTAL: Final = "https://discord.com/developers/applications"

_COPY_TOKEN: Final = (
    f"Copy the token again (Bot, Reset Token, at {PORTAL}) and set DISCORD_TOKEN to it"
)
_TOKEN = re.compile(r"[\w-]{18,40}\.[\w-]{6}\.[\w-]{27,}", re.ASCII)

# What people paste in the token's place, all shown near it.
_MISTAKEN: Final = (
    (
        r"(?i:change.?me|x{3,}|<.*>|\.{3}|todo|none|null|(?:(?:your|my|the|bot|discord)"
        r"[-_ ]?)+token(?:[-_ ]?here)?|token)",
        "stands for a token, and is none",
    ),
    (r"\d{15,21}", "is the application's id, not its token"),
    (r"[0-9a-fA-F]{64}", "is the public key, not the token"),
    (r"[\w-]{32}", "is the client secret, not the bot's token"),
    (r"https?://.*", "is an address, not a token"),
    (r"(?i:bot\s+).*", "begins with “Bot”, which is not part of it"),
    (r"[\"'].*[\"']", "stands in quotation marks"),
    (r".*\s.*", "has a blank in it"),
    (r".*[^!-~].*", "has a character in it that no token has"),
)


_FREE: Final = 20_000_000  # bytes that the records' disk must have left: days of use


@dataclass(frozen=True, slots=True)
class Check:
    """What one check found. `mend` is a sentence without its full stop, None if ok."""

    name: str
    state: Literal["ok", "warning", "error"]
    says: str
    mend: str | None = None

    def __str__(self) -> str:
        """`state: name: what was found. The mend.`, on one line.

        >>> str(Check("token", "error", "it is not set", "Set it"))
        'error: token: it is not set. Set it.'
        >>> str(Check("token", "warning", "TOKN is none", "Did you mean TOKEN?"))
        'warning: token: TOKN is none. Did you mean TOKEN?'
        """
        stop = "" if (self.mend or "").endswith("?") else "."
        mend = f" {self.mend}{stop}" if self.mend else ""
        return f"{self.state}: {self.name}: {self.says}.{mend}"


def passes(checks: Sequence[Check]) -> bool:
    """Whether the bot can be run: no check found an error."""
    return all(check.state != "error" for check in checks)


def as_json(checks: Sequence[Check]) -> dict[str, object]:
    """The checks for a program: `ok`, and `checks` in their order."""
    return {"ok": passes(checks), "checks": [asdict(check) for check in checks]}


def settings_checks(settings: Settings, folder: Path) -> Iterator[Check]:
    """Whether all that is set could be read, and only its owner may read `.env`."""
    for problem in settings.problems:
        says, _, mend = problem.message.rpartition("; ")
        yield Check(
            "settings",
            problem.severity,
            f"{problem.variable}: {says}",
            mend[:1].upper() + mend[1:],
        )
    if beyond := beyond_measure(settings.false_answers):
        least, most = (100 * share for share in model().measured)
        mend = f"Set FALSE_ANSWERS to a number from {least:g} to {most:g}"
        yield Check("settings", "warning", beyond, mend)
    file = folder / ENV_FILE
    if os.name == "posix" and file.is_file() and file.stat().st_mode & 0o077:
        yield Check(
            "settings",
            "warning",
            "others on this machine may read .env, and with it the token",
            "Run: chmod 600 .env",
        )
    given = [name for name in VARIABLES if name.lower() in settings.model_fields_set]
    if not settings.errors():
        says = f"{', '.join(given)} can be read" if given else "nothing is set"
        yield Check("settings", "ok", says)


def token_check(settings: Settings) -> Check:
    """Whether there is a token, of a token's shape."""
    if settings.discord_token is None:
        return Check("token", "error", "DISCORD_TOKEN is not set", _COPY_TOKEN)
    token = settings.discord_token.get_secret_value()
    if _TOKEN.fullmatch(token):
        return Check("token", "ok", "it has the shape of a token")
    for shape, what in _MISTAKEN:
        if re.fullmatch(shape, token, re.ASCII | re.DOTALL):
            return Check("token", "error", f"what is set {what}", _COPY_TOKEN)
    # Discord promises no shape: what we do not know may still be right.
    return Check(
        "token",
        "warning",
        "it does not look like a token",
        f"{_COPY_TOKEN}, if in doubt",
    )


def story_check(found: Loaded | str) -> Check:
    """Whether the story is served; a text tells why there is none."""
    if isinstance(found, str):
        return Check("story", "error", found, "Set STORY to a story's folder")
    if found.story is None:
        errors = [one for one in found.problems if one.severity == "error"]
        keep = "keeps" if len(errors) == 1 else "keep"
        return Check(
            "story",
            "error",
            f"{_count(len(errors), 'error')} {keep} it from being served, the first is "
            f"{errors[0]}".rstrip("."),
            "Run: receipts check",
        )
    story = found.story
    says = (
        f"“{story.about.title}” is served at revision {story.revision}, with "
        f"{_count(len(story.entries), 'question')} and "
        f"{_count(len(story.facts), 'fact')}"
    )
    if found.problems:
        warnings = _count(len(found.problems), "warning")
        return Check("story", "warning", f"{says}; {warnings}", "Run: receipts check")
    return Check("story", "ok", says)


def moderators_check(
    settings: Settings, folder: Path | None, caution: str = ""
) -> Check:
    """Whether moderators can change the story from Discord, as far as is set here.

    `caution` is what may become of what they save, if anything.
    """
    homes, roles = settings.home_guilds, settings.moderator_roles
    if not homes and not roles:
        if settings.moderators_channel or settings.two_person_rule:
            idle = "TWO_PERSON_RULE"
            if settings.moderators_channel:
                idle = "MODERATORS_CHANNEL"
            says = f"{idle} changes nothing while HOME_GUILDS is not set"
            mend = "Set HOME_GUILDS and MODERATOR_ROLES, too"
            return Check("moderators", "warning", says, mend)
        says = "HOME_GUILDS is not set: the story is changed in its files only"
        return Check("moderators", "ok", says)
    if not homes or not roles:
        lacks = "MODERATOR_ROLES" if homes else "HOME_GUILDS"
        says = f"{lacks} is not set, so nobody may change the story from Discord"
        return Check("moderators", "warning", says, f"Set {lacks}")
    says, _, mend = caution.rpartition("; ")
    if why := folder and _refused(folder):
        says = f"{folder} cannot be written ({why}), so they cannot change it"
        mend = "Set STORY to a copy of the story that the bot may write"
    elif not caution and settings.moderators_channel is None:
        says = "MODERATORS_CHANNEL is not set, so they are told of nothing"
        mend = "Set MODERATORS_CHANNEL"
    if says:
        return Check("moderators", "warning", says, mend[:1].upper() + mend[1:])
    return Check("moderators", "ok", "they can change the story from Discord")


def places_checks(story: Path | None) -> Iterator[Check]:
    """What is wrong with where things are kept; nothing where nothing is."""
    data = kept(story) if story else RECORDS.parent
    if story and meet(story, data):
        apart = RECORDS.parent / "stories" / story.resolve().name
        yield Check(
            "places",
            "error",
            f"what the bot keeps in {data} meets the story in {story}, so that neither "
            "can be backed up or restored",
            f"Move the story's files to {apart}, and set STORY to it",
        )
    for name in ("history", "journal", "last-good"):
        if story and (story / name).is_dir():
            yield Check(
                "places",
                "warning",
                f"{story / name} is the bot's own, kept in the story's folder by an "
                "older version",
                f"Move it to {data / name}",
            )
    for folder in (story, data) if story else ():
        if cut_short(folder):
            yield Check(
                "places",
                "error",
                f"a restore into {folder} was killed half-way",
                "Restore again: receipts restore FILE.zip --replace",
            )
    there = next(one for one in (data, *data.absolute().parents) if one.is_dir())
    if (free := shutil.disk_usage(there).free) < _FREE:
        yield Check(
            "places",
            "error",
            f"the disk has {free / 1e6:.1f} MB left where records are kept",
            f"Make room in {there}",
        )
    try:
        with tempfile.TemporaryFile():
            pass
    except OSError:
        says = "no folder for temporary files can be written, which SQLite may need"
        mend = "Mount one (--tmpfs /tmp), or set TMPDIR to a folder the bot may write"
        yield Check("places", "warning", says, mend)


def cache_check(folder: Path | None) -> Check:
    """Whether the cache's folder can be written; without it the bot starts slower."""
    mend = "Set XDG_CACHE_HOME to a folder that the bot may write, for a faster start"
    if folder is None:
        return Check("cache", "warning", "there is no folder for it", mend)
    if why := _refused(folder, make=True):
        return Check("cache", "warning", f"{folder} cannot be written ({why})", mend)
    return Check("cache", "ok", f"{folder} can be written")


def _refused(folder: Path, *, make: bool = False) -> str | None:
    """Why a folder cannot be written, or made; None: it can."""
    try:
        if make:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            return None
    except (OSError, ValueError) as error:
        return error.strerror if isinstance(error, OSError) else str(error)


def meaning_check(settings: Settings) -> Check:
    """What finds what no letter shares; without any of it the bot answers less."""
    vectors, problem = chosen(settings)
    if problem:
        says, _, mend = str(problem).rpartition("; ")
        return Check("meaning", "warning", says, mend[:1].upper() + mend[1:])
    named = settings.meaning_model
    if isinstance(named, Path):
        return Check("meaning", "ok", f"the sentence model in {named} is used")
    is_set = f"MEANING_MODEL is {named or 'not set'}"
    return Check("meaning", "ok", f"{is_set}: {used(vectors)}")


_IN_A_FILE: Final = (
    "See that the bot may write there, or move it away and restore a backup"
)


async def database_check(settings: Settings) -> Check:
    """Whether the database can be reached and used, as it is or brought up to date."""
    if any(one.variable == "DATABASE_URL" for one in settings.errors()):
        says = "it was not looked at, as DATABASE_URL cannot be read"
        return Check("database", "error", says, "Mend DATABASE_URL first")
    url = settings.database_url
    where = url.get_secret_value() if url else RECORDS
    secret = settings.records_secret
    try:
        state = await inspect(where, secret.get_secret_value() if secret else None)
    except RecordsError as error:
        says, _, mend = str(error).removesuffix(".").partition("; ")
        return Check(
            "database",
            "error",
            says,
            mend[:1].upper() + mend[1:]
            or (_IN_A_FILE if file_of(where) else "See that DATABASE_URL is right"),
        )
    says = {
        "new": "it can be used, and will be set up at the first start",
        "older": "it can be used, and the next start will bring it up to date",
        "current": "it can be used, and is up to date",
    }[state]
    if secret:
        return Check("database", "ok", says)
    says += (
        "; without RECORDS_SECRET, whoever gets it or a backup can find out whose the "
        "hashes in it are"
    )
    if state != "new":  # it was begun so, and takes no secret now
        return Check("database", "ok", says)
    mend = "Set RECORDS_SECRET before the first start, as it cannot be changed later"
    return Check("database", "warning", says, mend)


async def connections_checks(settings: Settings) -> Sequence[Check]:
    """Whether the database allows as many connections as the bot may want."""
    url = settings.database_url
    try:
        found = await connections(url.get_secret_value()) if url else None
    except RecordsError:  # which the database's own check tells
        return ()
    if found is None or found[0] >= found[1]:
        return ()
    allowed, wanted = found
    return (
        Check(
            "database",
            "warning" if allowed >= LEAST else "error",
            f"the bot may have {_count(allowed, 'connection')} and wants {wanted}, "
            f"{LEAST} at least",
            "See that neither its role nor the database has a lower CONNECTION LIMIT, "
            "or end DATABASE_URL in ?connections= and what it may have",
        ),
    )


def health_check(address: Address | None) -> Check:
    """Whether the health address can be listened on, and who can read it."""
    if address is None:
        return Check("health", "ok", "HEALTH_ADDRESS is not set: nothing is served")
    shown = str(address)
    try:
        found = socket.getaddrinfo(*address, type=socket.SOCK_STREAM)
        family, kind, protocol, _, place = found[0]
        with socket.socket(family, kind, protocol) as listening:
            if os.name == "posix":  # as the bot does; elsewhere it means something else
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(place)
    except OSError as error:
        says, mend = not_listened(address, error)
        if error.errno == errno.EADDRINUSE:  # as the bot may run already
            mend = "Unless the bot runs already, set another HEALTH_ADDRESS"
            return Check("health", "warning", says, mend)
        return Check("health", "error", says, f"{mend[:1].upper()}{mend[1:]}")
    if not ip_address(str(place[0]).partition("%")[0]).is_loopback:
        return Check(
            "health",
            "warning",
            f"whoever reaches {shown} can read the figures",
            "Set HEALTH_ADDRESS to 127.0.0.1, or see that only you reach it",
        )
    return Check("health", "ok", f"{shown} can be listened on, from this machine only")


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
