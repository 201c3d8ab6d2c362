"""The questions that gate a change: which of them a revision does not get right."""

from datetime import date
from pathlib import Path
from typing import Final

from bot.answering.answerer import Answerer
from bot.evaluation.results import Result, answers, verdict_of
from bot.story.documents import Fields, Items, read
from bot.story.files import Files
from bot.story.model import Place, Problem

_FILE: Final = "questions.yaml"


def prove(
    answerer: Answerer, today: date, folder: Path, shown: str
) -> tuple[Problem, ...]:
    """Ask every `must` question; a problem for each that is not right, in order.

    A problem stands where the question does in the folder's questions.yaml; `shown`
    names the folder.
    """
    missed = [
        result
        for probe in answerer.story.probes
        if probe.level == "must"
        # Nobody asked: an answerer that counts what it is asked must not.
        for reply in [Answerer.reply(answerer, probe.ask, today)]
        if (result := Result(probe, reply, verdict_of(probe, reply))).gates
    ]
    if not missed:
        return ()
    path = f"{shown}/{_FILE}"
    lines = _lines(folder, path)
    return tuple(
        Problem.error(Place(path, lines.get(one.probe.ask, 1)), _message(one))
        for one in missed
    )


def _message(missed: Result) -> str:
    wanted = " or ".join(missed.probe.expect)
    found = " and ".join(answers(missed.reply)) or missed.reply.name
    return (
        f"'{missed.probe.ask}' must lead to {wanted}, and leads to {found}; "
        "mend what was changed, or this question"
    )


def _lines(folder: Path, path: str) -> dict[str, int]:
    """The line of each question, by its words."""
    root = read(path, Files.read(folder).content.get(_FILE, b"")).root
    records = root if isinstance(root, Items) else Items()
    return {
        ask: mark[0]
        for record, mark in zip(records, records.marks, strict=True)
        if isinstance(record, Fields) and isinstance(ask := record.get("ask"), str)
    }
