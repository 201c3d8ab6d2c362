"""All checks of a set-up, in the order in which their mends are best made."""

import asyncio
from pathlib import Path

from bot.operating import doctor
from bot.operating.doctor import Check
from bot.operating.portal import API, portal_checks
from bot.settings import Settings, cache_folder
from bot.story.model import Loaded


def examine(
    settings: Settings, story: Loaded | str, *, online: bool, api: str = API
) -> list[Check]:
    """Examine a set-up, and with `online` its side in Discord too. Never raises.

    `story` is what loading found, or the reason why there is none.
    """
    return asyncio.run(_examine(settings, story, api if online else None))


async def _examine(
    settings: Settings, story: Loaded | str, api: str | None
) -> list[Check]:
    token = doctor.token_check(settings)
    checks = [
        *doctor.settings_checks(settings, Path()),
        token,
        doctor.story_check(story),
        doctor.cache_check(cache_folder()),
        await doctor.database_check(settings),
        doctor.health_check(settings.health_address),
    ]
    if api and settings.discord_token and token.state != "error":
        secret = settings.discord_token.get_secret_value()
        checks.extend([check async for check in portal_checks(secret, api)])
    elif api:
        says = "Discord was not asked: there is no token to ask it with"
        checks.append(Check("online", "warning", says, "Mend the token first"))
    return checks
