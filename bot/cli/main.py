"""The `receipts` command: everything the bot knows, without Discord."""

import gc
import io
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final, NoReturn

from bot.cli import commands, making, trying
from bot.cli.arguments import Options, parser
from bot.settings import ENV_FILE, Settings

# The settings that commands use; a bad value of another one is no matter of theirs.
# `run` uses all, and `doctor` tells what is wrong with any.
_ANSWERS: Final = {"STORY", "FALSE_ANSWERS", "MEANING_MODEL", "MEANING_MODEL_SHA256"}
_USED: Final = {
    "ask": _ANSWERS,
    "chat": _ANSWERS,
    "evaluate": _ANSWERS,
    "check": {"STORY"},
    "archive": {"STORY"},
    "rename": {"STORY"},
    "diff": _ANSWERS,
    "ways": _ANSWERS | {"DATABASE_URL"},
    "backup": {"STORY", "DATABASE_URL", "RECORDS_SECRET", ENV_FILE},
    "restore": {"STORY", "DATABASE_URL", "RECORDS_SECRET", ENV_FILE},
}


def entry_point() -> NoReturn:
    """Run the command with this process's arguments, and exit."""
    gc.disable()  # a short run has nothing worth looking for; long ones turn it on
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = main(sys.argv[1:], Settings.here(), commands.today())
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        # The reader went away (`receipts … | head`): nothing is left to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    sys.exit(code)


def main(arguments: Sequence[str], settings: Settings, now: date) -> int:
    """Run one command and give its exit code.

    0 done or answered, 1 the base has problems, 2 usage (for `run` whatever no
    restart mends), 3 not answered.
    """
    options = parser().parse_args(arguments, namespace=Options())
    if options.env_file is not None:
        settings = Settings.here(options.env_file)
    # Where .env cannot be read there may be a token in it: better stop and say so.
    broken = {problem.variable for problem in settings.errors()}
    file = ENV_FILE if options.env_file is None else str(options.env_file)
    hosts = settings.discord_token is not None or broken & {file, "DISCORD_TOKEN"}
    command = options.command or ("run" if hosts else "chat")
    used = broken if command == "run" else broken & _USED.get(command, set())
    if options.env_file is not None:
        used |= broken & {file}
    if used:
        for problem in settings.errors():
            if problem.variable in used:
                as_json = command == "run" and settings.log_format == "json"
                commands.fail(str(problem), as_json=as_json)
        code = commands.USAGE
    else:
        try:
            code = _COMMANDS[command](options, settings, now)
        except commands.Stopped as stopped:
            code = stopped.code
    if options.stay_down and code == commands.USAGE:
        _wait()
        return commands.OK
    return code


def _wait() -> None:
    """Do nothing until told to stop (SIGTERM, SIGINT)."""
    stopped = threading.Event()

    def stop(_number: int, _frame: object) -> None:
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    while not stopped.wait(1.0):  # Windows hears of a signal between two
        pass


def ways(options: Options, settings: Settings, now: date) -> int:
    """Show what no way of an entry touches, and add more of them."""
    from bot.cli import more_ways  # noqa: PLC0415 - starts faster

    return more_ways.ways(options, settings, now)


def backup(options: Options, settings: Settings, now: date) -> int:
    """Keep all of a story in one file."""
    from bot.cli import backups  # noqa: PLC0415 - starts faster

    return backups.back_up_all(options, settings, now)


def restore(options: Options, settings: Settings, now: date) -> int:
    """Put all of a backup where it belongs."""
    from bot.cli import backups  # noqa: PLC0415 - starts faster

    return backups.restore_all(options, settings, now)


_COMMANDS: Final[dict[str, Callable[[Options, Settings, date], int]]] = {
    "ask": commands.ask,
    "chat": commands.chat,
    "check": commands.check,
    "evaluate": commands.evaluate,
    "diff": commands.diff,
    "ways": ways,
    "run": commands.run,
    "demo": trying.demo,
    "doctor": commands.doctor,
    "new": making.new,
    "schema": making.schema,
    "archive": making.archive,
    "rename": making.rename,
    "backup": backup,
    "restore": restore,
}
