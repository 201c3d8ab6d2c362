"""Questions as lines: typed, piped, or from a program that wants an object for each."""

import codecs
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.answering.answerer import Answerer
from bot.answering.contract import reply_json
from bot.answering.outcome import Turn
from bot.memory import Memory

_MOST = 10_000
"""Conversations that are remembered; the one that was quiet longest is forgotten."""


_WRONG: Final = """this object was asked as text, as all such are: an object has a \
'question', and maybe a 'conversation' (texts), and 'ambient' (true or false)"""


def batch(lines: Iterator[bytes], answerer: Answerer, now: date) -> Iterator[str]:
    """A JSON object for each line, in order, whatever the lines hold.

    A line is plain text, or a JSON object with a `question`; `ambient: true` marks text
    that was not addressed to the bot. Lines of one `conversation` share its context.
    Another object is asked as text, and the first such line told on standard error.
    """
    # A batch takes no time: what was asked in it was asked just now.
    is_told = False
    conversations = Memory[str, Turn](lambda: 0.0, 1.0, _MOST)
    for number, raw in enumerate(lines, 1):
        text = raw.removesuffix(b"\n").removesuffix(b"\r").decode(errors="replace")
        line, is_wrong = _line(text)
        if is_wrong and not is_told:
            is_told = True
            sys.stderr.write(f"line {number}: {_WRONG}\n")
        key = line.conversation
        after = conversations.get(key) if key else None
        reply = answerer.reply(line.question, now, ambient=line.ambient, after=after)
        if key:
            conversations.put(key, reply.turn)
        yield json.dumps(reply_json(reply, answerer.story))


class _Line(BaseModel):
    """A line of a batch that is more than plain text."""

    model_config = ConfigDict(strict=True)

    question: str
    conversation: str | None = None
    ambient: bool = False


def _line(text: str) -> tuple[_Line, bool]:
    """A line as it is to be asked; whether it is an object that cannot be."""
    if text.lstrip().startswith("{"):
        with suppress(ValidationError):
            return _Line.model_validate_json(text), False
        with suppress(ValueError, RecursionError):
            return _Line(question=text), isinstance(json.loads(text), dict)
    return _Line(question=text), False


def typed() -> Iterator[str]:
    """What is typed in the terminal, up to an empty line."""
    with suppress(ImportError):
        import readline  # noqa: F401, PLC0415  # pyright: ignore[reportUnusedImport] - line editing, where there is any
    while True:
        try:
            question = input("\n> ")
        except EOFError:
            sys.stdout.write("\n")
            return
        if not question.strip():
            return
        yield question


def lines_of(stream: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of a stream in UTF-8, where Windows wrote UTF-16, or a mark first."""
    lines = iter(stream)
    first = next(lines, b"")
    coding = next((name for mark, name in _MARKS if first.startswith(mark)), None)
    if coding is None and first[:4].count(0) == 2:
        # Without a mark: every second byte of what people type is empty.
        coding = {0: "utf-16-be", 1: "utf-16-le"}.get(first.index(0))
    if coding is None:
        yield from filter(None, [first])
        yield from lines
        return
    text = b"".join([first, *lines]).decode(coding, errors="replace")
    for line in text.removesuffix("\n").split("\n") if text else ():
        yield f"{line}\n".encode(errors="replace")


_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""What a stream begins with, and how it is read then."""


def piped() -> Iterator[str]:
    """The lines of standard input that are not empty."""
    for raw in lines_of(sys.stdin.buffer):
        question = raw.decode(errors="replace").strip()
        if question:
            yield question
