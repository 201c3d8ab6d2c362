"""What can be typed after `receipts`: commands, and their options with defaults."""

import argparse
from collections.abc import Sequence
from pathlib import Path


class Options(argparse.Namespace):
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


def parser() -> argparse.ArgumentParser:
    """The parser of the command line; it fills in `Options`."""
    found = argparse.ArgumentParser(
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
    found.add_argument(
        "--story", type=Path, metavar="DIR", help=argparse.SUPPRESS, default=None
    )
    commands = found.add_subparsers(dest="command", metavar="COMMAND")
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
    return found


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
