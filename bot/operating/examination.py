"""All checks of a set-up, in the order in which their mends are best made."""

import asyncio
from pathlib import Path

from bot.operating import doctor, portal
from bot.operating.doctor import Check
from bot.settings import Settings, cache_folder
from bot.story.model import Loaded


def examine(
    settings: Settings,
    story: Loaded | str,
    folder: Path | None = None,
    *,
    online: bool,
    caution: str = "",
) -> list[Check]:
    """Examine a set-up, and with `online` its side in Discord too. Never raises.

    `story` is what loading its folder found, or the reason why there is none; `caution`
    what may become of what is saved there, if anything.
    """
    return asyncio.run(_examine(settings, story, folder, caution, online=online))


async def _examine(
    settings: Settings,
    story: Loaded | str,
    folder: Path | None,
    caution: str,
    *,
    online: bool,
) -> list[Check]:
    token = doctor.token_check(settings)
    checks = [
        *doctor.settings_checks(settings, Path()),
        token,
        doctor.story_check(story),
        doctor.moderators_check(settings, folder, caution),
        *doctor.places_checks(folder),
        doctor.cache_check(cache_folder()),
        doctor.meaning_check(settings),
        await doctor.database_check(settings),
        *await doctor.connections_checks(settings),
        doctor.health_check(settings.health_address),
    ]
    if online and settings.discord_token and token.state != "error":
        found = portal.portal_checks(settings, settings.discord_api or portal.API)
        checks.extend([check async for check in found])
    elif online:
        says = "Discord was not asked: there is no token to ask it with"
        checks.append(Check("online", "warning", says, "Mend the token first"))
    return checks
