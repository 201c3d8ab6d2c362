"""Questions as lines: typed, piped, or from a program that wants an object for each."""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

from pydantic import BaseModel, ConfigDict, ValidationError

from bot.answering.answerer import Answerer
from bot.answering.contract import reply_json
from bot.answering.outcome import Reply
from bot.memory import Memory

_MOST = 10_000
"""Conversations that are remembered; the one that was quiet longest is forgotten."""


def batch(lines: Iterator[bytes], answerer: Answerer, now: date) -> Iterator[str]:
    """A JSON object for each line, in order, whatever the lines hold.

    A line is plain text, or a JSON object with a `question`; `ambient: true` marks text
    that was not addressed to the bot. Lines of one `conversation` share its context.
    """
    # A batch takes no time: what was asked in it was asked just now.
    conversations = Memory[str, Reply](lambda: 0.0, 1.0, _MOST)
    for raw in lines:
        text = raw.removesuffix(b"\n").removesuffix(b"\r").decode(errors="replace")
        line = _line(text)
        key = line.conversation
        after = conversations.get(key) if key else None
        reply = answerer.reply(line.question, now, ambient=line.ambient, after=after)
        if key:
            conversations.put(key, reply)
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


def piped() -> Iterator[str]:
    """The lines of standard input that are not empty."""
    for raw in sys.stdin.buffer:
        question = raw.decode(errors="replace").strip()
        if question:
            yield question
