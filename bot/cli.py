"""The `receipts` command: everything the bot knows, without Discord."""

import argparse
import gc
import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, NoReturn

from bot import console
from bot.answering.answerer import Answerer
from bot.answering.contract import reply_json
from bot.answering.outcome import Reply
from bot.lines import batch, piped, typed
from bot.settings import ENV_FILE, Settings, cache_folder
from bot.shelf import Shelf
from bot.story.compiled import load_cached
from bot.story.model import Loaded, Story

OK: Final = 0
PROBLEMS: Final = 1
USAGE: Final = 2
NOT_ANSWERED: Final = 3

# The settings that commands use; a bad value of another one is no matter of theirs.
# `run` uses all, and `doctor` tells what is wrong with any.
_ANSWERS: Final = {"STORY", "FALSE_ANSWERS"}
_USED: Final = {
    "ask": _ANSWERS,
    "chat": _ANSWERS,
    "evaluate": _ANSWERS,
    "check": {"STORY"},
}


def entry_point() -> NoReturn:
    """Run the command with this process's arguments, and exit."""
    gc.disable()  # a short run has nothing worth looking for; long ones turn it on
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = main(sys.argv[1:], Settings.here(), today())
        sys.stdout.flush()
    except KeyboardInterrupt:
        code = 130
    except BrokenPipeError:
        # The reader went away (`receipts … | head`): nothing is left to say to it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    sys.exit(code)


def today() -> date:
    """Today, in UTC: the only clock there is."""
    return datetime.now(UTC).date()


def main(arguments: Sequence[str], settings: Settings, now: date) -> int:
    """Run one command and give its exit code.

    0 done or answered, 1 the base has problems, 2 usage, 3 not answered.
    """
    options = _parser().parse_args(arguments, namespace=_Options())
    # Where .env cannot be read there may be a token in it: better stop and say so.
    broken = {problem.variable for problem in settings.errors()}
    hosts = settings.discord_token is not None or ENV_FILE in broken
    command = options.command or ("run" if hosts else "chat")
    used = broken if command == "run" else broken & _USED.get(command, set())
    if used:
        for problem in settings.errors():
            if problem.variable in used:
                _fail(str(problem))
        return USAGE
    return _COMMANDS[command](options, settings, now)


class _Options(argparse.Namespace):
    """What was typed: the options of all commands, with their defaults."""

    command: str | None = None
    story: Path | None = None
    folder: Path | None = None
    question: Sequence[str] = ()
    json: bool = False
    batch: bool = False
    explain: bool = False
    all: bool = False
    picture: Path | None = None
    online: bool = False


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="receipts",
        description="Answers about a news story, each sentence with its sources. "
        "Without a command: the Discord bot where DISCORD_TOKEN is set, else a chat.",
    )
    story = argparse.ArgumentParser(add_help=False)
    story.add_argument(
        "--story",
        type=Path,
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="the story's folder (default: STORY, else the one in knowledge/)",
    )
    parser.add_argument(
        "--story", type=Path, metavar="DIR", help=argparse.SUPPRESS, default=None
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    ask = commands.add_parser("ask", parents=[story], help="ask one question, or many")
    ask.add_argument("question", nargs="*", help="the question")
    ask.add_argument("--json", action="store_true", help="print one JSON object")
    ask.add_argument(
        "--batch",
        action="store_true",
        help="a question a line from standard input, a JSON object a line",
    )
    ask.add_argument("--explain", action="store_true", help="say why, too")
    chat = commands.add_parser("chat", parents=[story], help="ask in the terminal")
    chat.add_argument("--explain", action="store_true", help="say why, too")
    for name, words in (
        ("check", "check a story's files"),
        ("evaluate", "tell how good the bot is, by a story's regression questions"),
    ):
        command = commands.add_parser(name, parents=[story], help=words)
        command.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    _evaluate_options(commands.choices["evaluate"])
    commands.add_parser("run", parents=[story], help="run the Discord bot")
    commands.add_parser("doctor", parents=[story], help="say what keeps the bot down")
    _doctor_options(commands.choices["doctor"])
    for name, words in (
        ("new", "start a new story in a folder"),
        ("schema", "write the schemas that editors use into a story's folder"),
    ):
        command = commands.add_parser(name, help=words)
        command.add_argument("folder", type=Path, metavar="DIR")
    return parser


def _doctor_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--online", action="store_true", help="ask Discord, too")
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _evaluate_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.add_argument("--all", action="store_true", help="show all misses")
    command.add_argument(
        "--picture",
        type=_svg,
        metavar="FILE.svg",
        help="draw how far the confidence can be trusted, too",
    )


def _svg(typed: str) -> Path:
    # A slip of the fingers must not write over a fact file.
    if not typed.lower().endswith(".svg"):
        raise argparse.ArgumentTypeError(f"'{typed}' does not end in .svg")
    return Path(typed)


def _ask(options: _Options, settings: Settings, now: date) -> int:
    question = " ".join(options.question)
    if not question.strip() and not options.batch:
        return _fail('ask needs a question: receipts ask "did kim sue balenciaga?"')
    if question and options.batch:
        return _fail("--batch reads its questions from standard input")
    story = _served(options, settings, now)
    if story is None:
        return PROBLEMS
    answerer = _answerer(story, settings)
    if options.batch:
        _settle()
        for line in batch(sys.stdin.buffer, answerer, now):
            sys.stdout.write(line + "\n")
        return OK
    reply = answerer.reply(question, now)
    if options.json:
        print(json.dumps(reply_json(reply, story)))
    else:
        print(console.reply_text(reply, bold=_is_bold()))
    if options.explain:
        # JSON keeps standard output for itself.
        stream = sys.stderr if options.json else sys.stdout
        print(f"\n{console.explanation_text(reply)}", file=stream)
    return OK if reply.name == "answer" else NOT_ANSWERED


def _chat(options: _Options, settings: Settings, now: date) -> int:
    story = _served(options, settings, now)
    if story is None:
        return PROBLEMS
    answerer = _answerer(story, settings)
    _settle()
    is_typed = sys.stdin.isatty()
    if is_typed:
        print(f"{story.about.title}\nAsk a question; an empty line ends the chat.")
    reply: Reply | None = None
    for question in typed() if is_typed else piped():
        reply = answerer.reply(question, now, after=reply)
        print(f"\n{console.reply_text(reply, bold=_is_bold())}")
        if options.explain:
            print(f"\n{console.explanation_text(reply)}")
    return OK


def _check(options: _Options, settings: Settings, now: date) -> int:
    folder = _folder(options, settings)
    if folder is None:
        return USAGE
    loaded = _load(folder, now)
    for problem in loaded.problems:
        print(problem)
    if loaded.story is None:
        errors = sum(problem.severity == "error" for problem in loaded.problems)
        print(f"{errors} error{'s' if errors != 1 else ''}: this story is not served")
        return PROBLEMS
    print(console.summary_text(loaded, loaded.story))
    return OK


def _evaluate(options: _Options, settings: Settings, now: date) -> int:
    from bot.evaluation import figures, picture, report  # noqa: PLC0415 - starts faster

    story = _served(options, settings, now)
    if story is None:
        return PROBLEMS
    found = figures.evaluate(_answerer(story, settings), now)
    if options.picture:
        try:
            options.picture.write_text(picture.draw(found), encoding="utf-8")
        except OSError as error:
            reason = f"'{options.picture}' cannot be written ({error.strerror})"
            return _fail(reason)
    if options.json:
        print(json.dumps(report.as_json(found)))
    else:
        for line in report.lines(found, everything=options.all):
            print(console.safe(line))
    return OK if found.passes else PROBLEMS


def _run(options: _Options, settings: Settings, now: date) -> int:
    if settings.discord_token is None:
        print(
            "There is no DISCORD_TOKEN: set it in the environment or in .env, as "
            "README.md tells under “Host it”.",
            file=sys.stderr,
        )
        return PROBLEMS
    story = _served(options, settings, now)
    if story is None:
        return PROBLEMS
    from bot.hosting import host  # noqa: PLC0415 - only here is Discord
    from bot.operating.metrics import MeasuredAnswerer  # noqa: PLC0415

    answerer = MeasuredAnswerer(story, Shelf(cache_folder()), settings.false_answers)
    _settle()
    return host(answerer, settings, _folder(options, settings), today)


def _doctor(options: _Options, settings: Settings, now: date) -> int:
    from bot.operating import doctor  # noqa: PLC0415 - starts faster
    from bot.operating.examination import examine  # noqa: PLC0415

    folder = _found(options, settings)
    story = folder if isinstance(folder, str) else _load(folder, now)
    checks = examine(settings, story, online=options.online)
    if options.json:
        print(json.dumps(doctor.as_json(checks)))
    else:
        for check in checks:
            print(console.safe(str(check)).replace("\n", " "))
    return OK if doctor.passes(checks) else PROBLEMS


def _new(options: _Options, _settings: Settings, _now: date) -> int:
    from importlib import resources  # noqa: PLC0415 - starts faster

    from bot.story import schemas  # noqa: PLC0415 - starts faster

    folder = options.folder or Path()
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            return _fail(f"'{folder}' is there already and not empty; name another")
        with resources.as_file(resources.files("bot") / "template") as template:
            for file in sorted(template.rglob("*.yaml")):
                copy = folder / file.relative_to(template)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(file.read_bytes())
        schemas.write(folder)
    except OSError as error:
        return _fail(f"'{folder}' cannot be written ({error.strerror})", PROBLEMS)
    print(
        f"A new story is in {folder}: an invented example of everything.\n"
        f"Edit its files, then run: receipts check {folder}"
    )
    return OK


def _schema(options: _Options, _settings: Settings, _now: date) -> int:
    from bot.story import schemas  # noqa: PLC0415 - starts faster

    folder = options.folder or Path()
    try:
        schemas.write(folder)
    except OSError as error:
        return _fail(f"'{folder}' cannot be written ({error.strerror})", PROBLEMS)
    print(f"The schemas are in {folder / schemas.FOLDER}.")
    return OK


_COMMANDS: Final[dict[str, Callable[[_Options, Settings, date], int]]] = {
    "ask": _ask,
    "chat": _chat,
    "check": _check,
    "evaluate": _evaluate,
    "run": _run,
    "doctor": _doctor,
    "new": _new,
    "schema": _schema,
}


def _settle() -> None:
    """What is loaded stays; from here on, garbage is collected."""
    gc.freeze()
    gc.enable()


def _served(options: _Options, settings: Settings, now: date) -> Story | None:
    """The story to serve; None, with its problems printed, where there is none."""
    folder = _folder(options, settings)
    if folder is None:
        return None
    loaded = _load(folder, now)
    if loaded.story is None:
        for problem in loaded.problems:
            print(problem, file=sys.stderr)
        print("This story is not served until its errors are mended.", file=sys.stderr)
    return loaded.story


def _answerer(story: Story, settings: Settings) -> Answerer:
    return Answerer(story, Shelf(cache_folder()), settings.false_answers)


def _folder(options: _Options, settings: Settings) -> Path | None:
    """The story's folder; None, with the reason printed, where there is none."""
    found = _found(options, settings)
    if isinstance(found, str):
        _fail(found)
        return None
    return found


def _found(options: _Options, settings: Settings) -> Path | str:
    """The story's folder: as named, else STORY, else the one in knowledge/.

    A text says why there is none.
    """
    named = options.folder or options.story or settings.story
    if named:
        return named
    beside = Path(__file__).parent.parent / "knowledge"
    for shelf in (Path("knowledge"), beside):
        found = sorted(path.parent for path in shelf.glob("*/story.yaml"))
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(path.name for path in found)
            return f"there are several stories ({names}); name one with --story DIR"
    return "there is no story in knowledge/; name one with --story DIR"


def _load(folder: Path, now: date) -> Loaded:
    try:
        shown = os.path.relpath(folder)
    except ValueError:  # another drive, on Windows
        shown = str(folder)
    return load_cached(folder, now, Path(shown).as_posix(), Shelf(cache_folder()))


def _fail(message: str, code: int = USAGE) -> int:
    print(f"receipts: {message}", file=sys.stderr)
    return code


def _is_bold() -> bool:
    return (
        sys.stdout.isatty()
        and "NO_COLOR" not in os.environ
        and os.environ.get("TERM") not in {None, "dumb"}
    )
