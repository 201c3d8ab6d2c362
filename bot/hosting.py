"""The bot as it is hosted: with its log, its figures, and its health."""

import sys
from collections.abc import Callable
from contextlib import nullcontext
from datetime import date

from bot.discord_bot import gateway
from bot.discord_bot.client import run
from bot.operating.health import HealthAddressError, serving
from bot.operating.logs import logging_to
from bot.operating.metrics import MeasuredAnswerer
from bot.operating.redactor import Redactor
from bot.settings import Settings


def host(
    answerer: MeasuredAnswerer, settings: Settings, today: Callable[[], date]
) -> int:
    """Run the bot until it is told to stop; return the exit code.

    1 where it cannot start or go on: one sentence on stderr says why, and the mend.
    """
    metrics = answerer.metrics
    token = settings.discord_token.get_secret_value() if settings.discord_token else ""
    address = settings.health_address
    with logging_to(
        sys.stderr,
        level=settings.log_level,
        as_json=settings.log_format == "json",
        redact=Redactor(settings.secrets),
        count=metrics.logged,
    ):
        try:
            return run(
                answerer,
                token,
                today,
                lambda client: (
                    serving(address, metrics, lambda: gateway.state(client), answerer)
                    if address
                    else nullcontext()
                ),
            )
        except HealthAddressError as error:
            sys.stderr.write(f"{error}\n")
            return 1
