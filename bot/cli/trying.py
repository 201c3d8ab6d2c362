"""`receipts demo`: the bot on a page that looks like Discord."""

import sys
import webbrowser
from datetime import date
from functools import partial
from typing import Final

from bot.cli.arguments import Options
from bot.cli.commands import (
    OK,
    PROBLEMS,
    USAGE,
    fail,
    found_folder,
    shown_folder,
    today,
)
from bot.settings import Settings

_NEEDS: Final = {"simcord": "SimCord", "aiohttp": "aiohttp"}


def demo(options: Options, settings: Settings, _now: date) -> int:
    """Serve the page until interrupted, over a copy of the story."""
    from bot.demonstration import demonstrate  # noqa: PLC0415 - only here is Discord

    folder = found_folder(options, settings)
    tell = partial(_tell, options)
    try:
        problems = demonstrate(folder, shown_folder(folder), today, options.port, tell)
    except ModuleNotFoundError as error:
        if error.name not in _NEEDS:
            raise
        fail(f"The page needs {_NEEDS[error.name]}, which is not installed: make demo")
        return USAGE
    except OSError as error:
        fail(f"The page cannot be served at port {options.port}: {error.strerror}")
        return USAGE
    except KeyboardInterrupt:
        return OK
    for problem in problems:
        fail(str(problem))
    return PROBLEMS if problems else OK


def _tell(options: Options, address: str) -> None:
    """Say where the page is, and open it where there is a browser."""
    sys.stdout.write(f"Receipts, as in Discord: {address} (Ctrl+C ends it)\n")
    sys.stdout.flush()
    if not options.no_browser:
        webbrowser.open(address)
