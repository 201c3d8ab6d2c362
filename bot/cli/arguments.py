"""What can be typed after `receipts`: commands, and their options with defaults."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bot import __version__

_HOSTED: Final = {
    "run": "run the Discord bot",
    "doctor": "say what keeps the bot down",
    "backup": "keep the story, its past and the records in one file",
    "restore": "put all of a backup back where it belongs",
}
_MADE: Final = {
    "new": "start a new story in a folder",
    "schema": "write the schemas that editors use into a story's folder",
    "archive": "keep the text of a saved page, to check quotations against",
    "rename": "give a record another id, everywhere it is used",
}
_ASK: Final = "ask one question, or many"
_DEMO: Final = "try the bot on a page that looks like Discord, over a copy of the story"
_DIFF: Final = "tell what the story's files would change, and refuse what must not be"
_WAYS: Final = "show what no way of asking an answer touches yet, and add more"


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
    online: bool = False
    stay_down: bool = False
    port: int = 8765
    no_browser: bool = False
    revision: str = "HEAD"
    against: Path | None = None
    markdown: bool = False
    questions: Path | None = None
    env_file: Path | None = None
    file: Path | None = None
    keep: int | None = None
    rehearse: bool = False
    without_records: bool = False
    without_story: bool = False
    any_size: bool = False
    replace: bool = False
    empty: bool = False
    table: Path | None = None
    url: str = ""
    publisher: str = ""
    date: str = ""
    own_words: bool = False
    entry: str = ""
    add: Sequence[str] = ()
    anyway: bool = False
    not_this: str | None = None
    source: str = ""
    old: str = ""
    new: str = ""


def parser() -> argparse.ArgumentParser:
    """The parser of the command line; it fills in `Options`."""
    found = argparse.ArgumentParser(
        prog="receipts",
        description="Answers about a news story, each sentence with its sources. "
        "Without a command: the Discord bot where DISCORD_TOKEN is set, else a chat.",
    )
    found.add_argument("--version", action="version", version=f"receipts {__version__}")
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
    story.add_argument(
        "--env-file",
        type=Path,
        metavar="FILE",
        default=argparse.SUPPRESS,
        help="the settings' file in place of .env, such as a service's",
    )
    commands = found.add_subparsers(dest="command", metavar="COMMAND")
    _ask_options(commands.add_parser("ask", parents=[story], help=_ASK))
    chat = commands.add_parser("chat", parents=[story], help="ask in the terminal")
    chat.add_argument("--explain", action="store_true", help="say why, too")
    for name, words in (
        ("check", "check a story's files"),
        ("evaluate", "tell how good the bot is, by a story's regression questions"),
    ):
        command = commands.add_parser(name, parents=[story], help=words)
        command.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    _evaluate_options(commands.choices["evaluate"])
    _ways_options(commands.add_parser("ways", parents=[story], help=_WAYS))
    _diff_options(commands.add_parser("diff", parents=[story], help=_DIFF))
    for name, words in _HOSTED.items():
        commands.add_parser(name, parents=[story], help=words)
    _demo_options(commands.add_parser("demo", parents=[story], help=_DEMO))
    _run_options(commands.choices["run"])
    _doctor_options(commands.choices["doctor"])
    _backup_options(commands.choices["backup"])
    _restore_options(commands.choices["restore"])
    for name, words in _MADE.items():
        has_story = [story] if name in {"archive", "rename"} else []
        _OPTIONS[name](commands.add_parser(name, parents=has_story, help=words))
    return found


def _ask_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("question", nargs="*", help="the question")
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.add_argument(
        "--batch",
        action="store_true",
        help="a question a line from standard input, a JSON object a line",
    )
    command.add_argument("--explain", action="store_true", help="say why, too")


def _folder_option(command: argparse.ArgumentParser) -> None:
    command.add_argument("folder", type=Path, metavar="DIR")


def _archive_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("source", metavar="SOURCE", help="the source's id")
    words = "the page as it was saved: HTML, PDF or text"
    command.add_argument("file", type=Path, metavar="FILE", help=words)
    words = "also where there is a text of this source already"
    command.add_argument("--replace", action="store_true", help=words)


def _new_options(command: argparse.ArgumentParser) -> None:
    _folder_option(command)
    what = command.add_mutually_exclusive_group()
    what.add_argument(
        "--empty", action="store_true", help="without the invented example"
    )
    what.add_argument(
        "--from",
        type=Path,
        dest="table",
        metavar="FILE",
        help="of a table of questions and answers: CSV, TSV, JSON or Markdown",
    )
    for name, words in (
        ("url", "the address of the page where the table's answers stand"),
        ("publisher", "who published them, where the table does not say"),
        ("date", "when, where the table does not say: YYYY-MM-DD"),
    ):
        command.add_argument(f"--{name}", default="", help=words)
    command.add_argument(
        "--own-words",
        action="store_true",
        help="the answers are not their sources' words: quote nothing",
    )


def _demo_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--port", type=int, default=8765, help="where the page is; 0: a free one"
    )
    command.add_argument(
        "--no-browser", action="store_true", help="only print where the page is"
    )


def _file_option(command: argparse.ArgumentParser) -> None:
    words = "the backup; to make one, a folder for it will do"
    command.add_argument("file", type=Path, metavar="FILE.zip", help=words)


def _restore_options(command: argparse.ArgumentParser) -> None:
    _file_option(command)
    words = "also over what is there, which is backed up first, beside FILE.zip"
    command.add_argument("--replace", action="store_true", help=words)
    words = "leave the story's folder as it is"
    command.add_argument("--without-story", action="store_true", help=words)
    _size_option(command)


def _backup_options(command: argparse.ArgumentParser) -> None:
    _file_option(command)
    command.add_argument(
        "--keep",
        type=_number,
        metavar="N",
        help="FILE.zip is a folder: delete all but the N newest backups there",
    )
    words = "also where there are no records; those that are there are left out"
    command.add_argument("--without-records", action="store_true", help=words)
    words = (
        "restore it beside itself, compare, and delete that again; a FILE.zip that is "
        "there already is only tried"
    )
    command.add_argument("--rehearse", action="store_true", help=words)
    _size_option(command)


def _size_option(command: argparse.ArgumentParser) -> None:
    words = "read a backup of any size: one of your own, as others could fill the disk"
    command.add_argument("--any-size", action="store_true", help=words)


def _number(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of backups")
    return int(text)


def _run_options(command: argparse.ArgumentParser) -> None:
    words = (
        "wait to be stopped where no restart helps: for Docker, which would restart it"
    )
    command.add_argument("--stay-down", action="store_true", help=words)


def _doctor_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--online", action="store_true", help="ask Discord, too")
    command.add_argument("--json", action="store_true", help="print one JSON object")


def _evaluate_options(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print one JSON object")
    command.add_argument("--all", action="store_true", help="show all misses")


def _ways_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "entry",
        nargs="?",
        default="",
        metavar="ENTRY",
        help="the answer's id; without it, all are listed, the weakest first",
    )
    command.add_argument(
        "--add",
        action="append",
        default=[],
        metavar="LINE",
        help="a way of asking, as often as need be; else they are typed, or lines of "
        "standard input",
    )
    command.add_argument(
        "--anyway",
        action="store_true",
        help="take lines, too, of which the answer says nothing and the story next to "
        "nothing; what the story's questions forbid is refused all the same",
    )
    command.add_argument(
        "--not-this",
        nargs="?",
        const="both",
        choices=("both", "line"),
        help="where another answer is nearer, tell the two apart by not_this: a line "
        "is not that answer, and (both, the default) its nearest way is not this one",
    )


def _diff_options(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "revision",
        nargs="?",
        default="HEAD",
        metavar="REV",
        help="what to compare with: a git revision or a version (default: HEAD)",
    )
    command.add_argument(
        "--against", type=Path, metavar="DIR", help="compare with this folder instead"
    )
    command.add_argument(
        "--questions", type=Path, metavar="FILE", help="ask these too, one a line"
    )
    form = command.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object")
    form.add_argument(
        "--markdown", action="store_true", help="print a comment for a pull request"
    )


def _rename_options(command: argparse.ArgumentParser) -> None:
    words = "its id; where two kinds of records have it, with its kind: facts/ID"
    command.add_argument("old", metavar="OLD", help=words)
    command.add_argument("new", metavar="NEW", help="its new id")


_OPTIONS: Final = {
    "new": _new_options,
    "schema": _folder_option,
    "archive": _archive_options,
    "rename": _rename_options,
}
