"""The `receipts` command: what can be typed, what each command does, what it prints.

`main` runs one command; `arguments` is what can be typed, `commands` what each does.
`batch` takes questions as lines, from people and from programs. `console` is replies as
the terminal shows them, `explanation` why a question led where it led.
`self_asking` has a story ask itself, and shows how far it is; `more_ways` helps to
write ways of asking. `earlier` tells what still says what a story said before.
`backups` makes backups, and puts them back.
`trying` serves the page that looks like Discord.
"""

import signal
import sys
from typing import NoReturn


def entry_point() -> NoReturn:
    """Run the command with this process's arguments, and exit."""
    if "run" in sys.argv or len(sys.argv) == 1:
        # A container's first process is not stopped by a signal that has no handler.
        signal.signal(signal.SIGTERM, _stop)
    from bot.cli import main  # noqa: PLC0415 - it takes a while

    main.entry_point()


def _stop(_signal: int, _frame: object) -> NoReturn:
    sys.exit(0)
