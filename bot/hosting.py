"""The bot as it is hosted: with its log, its figures, and its health."""

import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date
from pathlib import Path

from bot.discord_bot import gateway
from bot.discord_bot.desk import Options
from bot.discord_bot.running import Hosting, run
from bot.operating.health import HealthAddressError, serving
from bot.operating.logs import logging_to
from bot.operating.metrics import MeasuredAnswerer
from bot.operating.redactor import Redactor
from bot.settings import RECORDS, Settings


def host(
    answerer: MeasuredAnswerer,
    settings: Settings,
    folder: Path | None,
    today: Callable[[], date],
) -> int:
    """Run the bot until it is told to stop; return the exit code.

    Records are kept under the name of the story's folder. 1 where it cannot start or
    go on: one sentence on stderr says why, and the mend.
    """
    metrics = answerer.metrics
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    with logging_to(
        sys.stderr,
        level=settings.log_level,
        as_json=settings.log_format == "json",
        redact=Redactor(settings.secrets),
        count=metrics.logged,
    ):
        try:
            return run(answerer, token, today, _hosting(settings, folder, answerer))
        except HealthAddressError as error:
            sys.stderr.write(f"{error}\n")
            return 1


def _hosting(
    settings: Settings, folder: Path | None, answerer: MeasuredAnswerer
) -> Hosting:
    address = settings.health_address
    story = folder.resolve().name if folder else "story"
    url, secret = settings.database_url, settings.records_secret
    return Hosting(
        records=url.get_secret_value() if url else RECORDS,
        secret=secret.get_secret_value() if secret else None,
        options=Options(
            story=story,
            reads_channels=settings.read_channels,
            home_guilds=settings.home_guilds,
            moderator_roles=settings.moderator_roles,
            moderators_channel=settings.moderators_channel,
            two_person_rule=settings.two_person_rule,
        ),
        beside=lambda client: (
            serving(address, answerer.metrics, lambda: gateway.state(client), answerer)
            if address
            else nullcontext()
        ),
    )
