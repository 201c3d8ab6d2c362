"""The `receipts` command: everything the bot knows, without Discord."""

import argparse
import gc
import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, NoReturn

from pydantic import BaseModel, ConfigDict, ValidationError

from bot import console
from bot.answering.answerer import Answerer
from bot.answering.contract import reply_json
from bot.answering.conversation import Conversations
from bot.answering.outcome import Reply
from bot.settings import Settings, cache_folder
from bot.shelf import Shelf
from bot.story.compiled import load_cached
from bot.story.model import Loaded, Story

OK: Final = 0
PROBLEMS: Final = 1
USAGE: Final = 2
NOT_ANSWERED: Final = 3

RECORDS: Final = Path("data", "records.sqlite3")
"""Where the records are kept where DATABASE_URL is not set."""


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
    command = options.command or ("run" if settings.discord_token else "chat")
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
    for name, words in (
        ("new", "start a new story in a folder"),
        ("schema", "write the schemas that editors use into a story's folder"),
    ):
        command = commands.add_parser(name, help=words)
        command.add_argument("folder", type=Path, metavar="DIR")
    return parser


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


def batch(lines: Iterator[bytes], answerer: Answerer, now: date) -> Iterator[str]:
    """A JSON object for each line, in order, whatever the lines hold.

    A line is plain text, or a JSON object with a `question`; `ambient: true` marks text
    that was not addressed to the bot, lines of one `conversation` share its context.
    """
    conversations = Conversations()
    for raw in lines:
        text = raw.removesuffix(b"\n").removesuffix(b"\r").decode(errors="replace")
        line = _line(text)
        key = line.conversation
        # A batch takes no time: what was asked in it was asked just now.
        after = conversations.last(key, 0.0) if key else None
        reply = answerer.reply(line.question, now, ambient=line.ambient, after=after)
        if key:
            conversations.keep(key, reply, 0.0)
        yield json.dumps(reply_json(reply, answerer.story))


class _Line(BaseModel):
    """A line of a batch that is more than plain text."""

    model_config = ConfigDict(strict=True)

    question: str
    conversation: str | None = None
    ambient: bool = False


def _line(text: str) -> _Line:
    if text.lstrip().startswith("{"):
        with suppress(ValidationError):
            return _Line.model_validate_json(text)
    return _Line(question=text)


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
    for question in _typed() if is_typed else _piped():
        reply = answerer.reply(question, now, after=reply)
        print(f"\n{console.reply_text(reply, bold=_is_bold())}")
        if options.explain:
            print(f"\n{console.explanation_text(reply)}")
    return OK


def _typed() -> Iterator[str]:
    with suppress(ImportError):
        import readline  # noqa: F401, PLC0415  # pyright: ignore[reportUnusedImport] - line editing, where there is any
    while True:
        try:
            question = input("\n> ")
        except EOFError:
            print()
            return
        if not question.strip():
            return
        yield question


def _piped() -> Iterator[str]:
    for raw in sys.stdin.buffer:
        question = raw.decode(errors="replace").strip()
        if question:
            yield question


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
    from bot.discord_bot import running  # noqa: PLC0415 - only here is Discord

    folder = _folder(options, settings)
    answerer = _answerer(story, settings)
    url, secret = settings.database_url, settings.records_secret
    hosting = running.Hosting(
        url.get_secret_value() if url else RECORDS,
        secret.get_secret_value() if secret else None,
        running.Options(
            story=folder.resolve().name if folder else "story",
            reads_channels=settings.read_channels,
        ),
    )
    _settle()
    token = settings.discord_token.get_secret_value()
    return running.run(answerer, token, today, hosting)


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
    """The story's folder: as named, else STORY, else the one in knowledge/."""
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
            _fail(f"there are several stories ({names}); name one with --story DIR")
            return None
    _fail("there is no story in knowledge/; name one with --story DIR")
    return None


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
