"""What each command does, and its exit code.

Each is given what was typed, the settings and today's date.
"""

import gc
import json
import os
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bot.answering.answerer import Answerer
from bot.answering.contract import reply_json
from bot.answering.outcome import Reply
from bot.answering.wording import beyond_measure
from bot.cli import console
from bot.cli.arguments import Options
from bot.cli.batch import batch, lines_of, piped, typed
from bot.cli.earlier import caution, still_old
from bot.cli.explanation import explanation_text
from bot.matching.vectors import Vectors
from bot.operating.meaning_model import chosen
from bot.settings import Settings, cache_folder, kept
from bot.shelf import Shelf
from bot.story.cache import load_cached
from bot.story.files import Files
from bot.story.model import Loaded, Story

if TYPE_CHECKING:
    from bot.publishing.gate import Gate

OK: Final = 0
PROBLEMS: Final = 1
USAGE: Final = 2
NOT_ANSWERED: Final = 3


class Stopped(Exception):  # noqa: N818 - no error: why is printed already
    """A command cannot be done; `code` is its exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def today() -> date:
    """Today, in UTC: the only clock there is."""
    return datetime.now(UTC).date()


def ask(options: Options, settings: Settings, now: date) -> int:
    """Answer one question, or one a line."""
    question = " ".join(options.question)
    if not question.strip() and not options.batch:
        return fail('ask needs a question: receipts ask "did kim sue balenciaga?"')
    if question and options.batch:
        return fail("--batch reads its questions from standard input")
    story = _served(options, settings, now)
    answerer = _answerer(story, settings)
    if options.batch:
        settle()
        for line in batch(lines_of(sys.stdin.buffer), answerer, now):
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
        print(f"\n{explanation_text(reply)}", file=stream)
    return OK if reply.name == "answer" else NOT_ANSWERED


def chat(options: Options, settings: Settings, now: date) -> int:
    """Ask and answer in the terminal, until the questions end."""
    story = _served(options, settings, now)
    answerer = _answerer(story, settings)
    settle()
    is_typed = sys.stdin.isatty()
    if is_typed:
        print(f"{story.about.title}\nAsk a question; an empty line ends the chat.")
    reply: Reply | None = None
    for question in typed() if is_typed else piped():
        reply = answerer.reply(question, now, after=reply)
        print(f"\n{console.reply_text(reply, bold=_is_bold())}")
        if options.explain:
            print(f"\n{explanation_text(reply)}")
    return OK


def check(options: Options, settings: Settings, now: date) -> int:
    """Print every problem of a story."""
    folder = found_folder(options, settings)
    files, gate = Files.read(folder), gate_of(folder, settings, now)
    found = gate.judge(files, None)
    old = still_old(folder, files, found.story, gate) if found.story else []
    problems = sorted({*found.loaded.problems, *found.problems, *old})
    for problem in problems:
        print(problem)
    for line in console.by_kind(problems):
        print(console.safe(line))
    if found.problems or found.story is None:
        errors = len(found.problems)
        print(f"{errors} error{'s' if errors != 1 else ''}: this story is not served")
        return PROBLEMS
    print(console.summary_text(found.loaded, found.story))
    if found.answerer:
        from bot.cli.self_asking import told  # noqa: PLC0415 - starts faster

        print(console.safe(told(found.answerer, now, shown_folder(folder))))
    if beyond := beyond_measure(settings.false_answers):
        print(f"{beyond}.")
    return OK


def evaluate(options: Options, settings: Settings, now: date) -> int:
    """Ask a story's regression questions, and its own; print the figures."""
    from bot.cli.self_asking import ask_itself  # noqa: PLC0415 - starts faster
    from bot.evaluation import report, results, self_report  # noqa: PLC0415

    answerer = _answerer(_served(options, settings, now), settings)
    found = results.evaluate(answerer, now)
    itself = ask_itself(answerer, now)
    if options.json:
        own = self_report.as_json(itself, answerer)
        print(json.dumps({**report.as_json(found), "self_test": own}))
    else:
        told = self_report.lines(itself, answerer, everything=options.all)
        for line in (*told, "", *report.lines(found, everything=options.all)):
            print(console.safe(line))
    return OK if found.passes else PROBLEMS


def diff(options: Options, settings: Settings, now: date) -> int:
    """Print what the story's files would do if they were published as they are."""
    from bot.history.history import HistoryError, history_of  # noqa: PLC0415
    from bot.publishing import change_report  # noqa: PLC0415

    folder = found_folder(options, settings)
    files, gate = Files.read(folder), gate_of(folder, settings, now)
    try:
        if options.against:
            was, name = Files.read(options.against), shown_folder(options.against)
        else:
            keep = kept(folder)
            name = options.revision
            was = history_of(folder, keep).files(name)
        others = _lines(options.questions)
    except HistoryError as error:
        return fail(f"{error}; or compare with a folder: --against DIR")
    except OSError as error:
        return fail(f"'{error.filename}' cannot be read or written ({error.strerror})")
    for there, named in ((files, folder), (was, options.against)):
        if not there.content and named:
            return fail(f"there is no story in '{named}'; name another folder")
    settle()
    if sys.stderr.isatty():
        print("Asking all that is known; this takes a minute or so.", file=sys.stderr)
    before = gate.trust(was) if was.content else None
    found = gate.judge(files, before, others)
    named = before.named(name) if before else f"{name} (no story)"
    change = replace(
        found.change, before=named, after=found.named(shown_folder(folder))
    )
    if options.json:
        shown = json.dumps(change_report.as_json(change))
    elif options.markdown:
        shown = change_report.markdown(change).removesuffix("\n")
    else:
        shown = "\n".join(change_report.lines(change))
    print(console.safe(shown))
    return PROBLEMS if found.problems else OK


def run(options: Options, settings: Settings, _now: date) -> int:
    """Run the Discord bot, until it is told to stop."""
    folder = _found(options, settings)
    if settings.discord_token is None:
        folder = (
            "there is no DISCORD_TOKEN; set it in the environment or in .env, as "
            "README.md tells under “Host it”"
        )
    if isinstance(folder, str):
        return fail(folder, as_json=settings.log_format == "json")
    from bot.hosting import host  # noqa: PLC0415 - only here is Discord

    return host(folder, shown_folder(folder), settings, today)


def doctor(options: Options, settings: Settings, now: date) -> int:
    """Print what keeps the bot from running, and the mend."""
    from bot.operating import doctor  # noqa: PLC0415 - starts faster
    from bot.operating.examination import examine  # noqa: PLC0415

    folder = _found(options, settings)
    story = folder if isinstance(folder, str) else _load(folder, now)
    place = None if isinstance(folder, str) else folder
    warned = caution(place) if place else ""
    checks = examine(settings, story, place, online=options.online, caution=warned)
    if options.json:
        print(json.dumps(doctor.as_json(checks)))
    else:
        for check in checks:
            print(console.safe(str(check)).replace("\n", " "))
    return OK if doctor.passes(checks) else PROBLEMS


def _lines(file: Path | None) -> list[str]:
    """The lines of a file that hold something. Raises OSError."""
    text = file.read_text(encoding="utf-8-sig", errors="replace") if file else ""
    return [line for line in text.split("\n") if line.strip()]


def settle() -> None:
    """What is loaded stays; from here on, garbage is collected."""
    gc.freeze()
    gc.enable()


def _served(options: Options, settings: Settings, now: date) -> Story:
    """The story to serve. Raises Stopped, with its problems printed."""
    loaded = _load(found_folder(options, settings), now)
    if loaded.story is None:
        for problem in loaded.problems:
            print(problem, file=sys.stderr)
        print("This story is not served until its errors are mended.", file=sys.stderr)
        raise Stopped(PROBLEMS)
    return loaded.story


def gate_of(folder: Path, settings: Settings, now: date) -> "Gate[Answerer]":
    """What judges a story's files; all is built in full."""
    from bot.evaluation.processes import cores  # noqa: PLC0415 - starts faster
    from bot.publishing.gate import Gate  # noqa: PLC0415

    sure, shelf = settings.false_answers, Shelf(cache_folder())
    vectors = _vectors(settings)
    return Gate(
        lambda story, _: Answerer(story, shelf, sure, vectors=vectors),
        lambda: now,
        shelf,
        shown_folder(folder),
        cores(),
    )


def _answerer(story: Story, settings: Settings) -> Answerer:
    sure, shelf = settings.false_answers, Shelf(cache_folder())
    return Answerer(story, shelf, sure, vectors=_vectors(settings))


def _vectors(settings: Settings) -> Vectors | None:
    """What meaning is found by; what keeps a model from being used is printed."""
    vectors, problem = chosen(settings)
    if problem:
        fail(str(problem))
    return vectors


def found_folder(options: Options, settings: Settings) -> Path:
    """The story's folder. Raises Stopped, with the reason printed."""
    found = _found(options, settings)
    if isinstance(found, str):
        raise Stopped(fail(found))
    return found


def _found(options: Options, settings: Settings) -> Path | str:
    """The story's folder: as named, else STORY, else the one in knowledge/.

    A text says why there is none.
    """
    named = options.folder or options.story or settings.story
    if named:
        return _named(named)
    beside = Path(__file__).parents[2] / "knowledge"
    for shelf in (Path("knowledge"), beside):
        found = sorted(path.parent for path in shelf.glob("*/story.yaml"))
        if len(found) == 1:
            return found[0]
        if found:
            names = ", ".join(path.name for path in found)
            return f"there are several stories ({names}); name one with --story DIR"
    return "there is no story in knowledge/; name one with --story DIR"


def _named(folder: Path) -> Path | str:
    """A folder that was named; why it can be no story, where it plainly is none."""
    if folder.is_file():
        return f"{folder} is a file; name the folder that it is in"
    within = sorted(path.parent.name for path in folder.glob("*/story.yaml"))
    if within and not (folder / "story.yaml").exists():
        return f"{folder} is no story, but holds some ({', '.join(within)}); name one"
    return folder


def _load(folder: Path, now: date) -> Loaded:
    return load_cached(
        Files.read(folder), now, shown_folder(folder), Shelf(cache_folder())
    )


def shown_folder(folder: Path) -> str:
    """A folder as it is named in what is printed: from where one stands."""
    try:
        return Path(os.path.relpath(folder)).as_posix()
    except ValueError:  # another drive, on Windows
        return folder.as_posix()


def fail(message: str, code: int = USAGE, *, as_json: bool = False) -> int:
    """Say on stderr why a command cannot be done; give its exit code.

    `as_json`: as the log of `run` is told to be.
    """
    said = f"receipts: {message}\n"
    if as_json:
        from bot.operating.logs import last_words  # noqa: PLC0415 - starts faster

        said = last_words(message, as_json=True)
    sys.stderr.write(said)
    return code


def _is_bold() -> bool:
    return (
        sys.stdout.isatty()
        and "NO_COLOR" not in os.environ
        and os.environ.get("TERM") not in {None, "dumb"}
    )
