"""Whom to tell that their question has an answer now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from bot.answering.answerer import Answerer
from bot.answering.outcome import Answer, Reply
from bot.lane import give_way
from bot.records.values import Question, Waiting


@dataclass(frozen=True, slots=True)
class News:
    """Who is to be told what: their question, as it was typed, has an answer now."""

    waiting: Waiting
    question: Question
    answers: tuple[Answer, ...]


def news(
    waiting: Iterable[Waiting],
    questions: Iterable[Question],
    answerer: Answerer,
    today: date,
) -> tuple[News, ...]:
    """Who is to be told, who waits longest first: each once for a question.

    Told are those whose question leads to an answer: it led to none when they began to
    wait. Who waits for a question that is not among those given is not told.
    """
    asked = {one.id: one for one in questions}
    found: dict[int, tuple[Answer, ...]] = {}
    told: dict[tuple[int, int], News] = {}
    for one in sorted(waiting, key=lambda one: (one.since, one.person, one.question)):
        question = asked.get(one.question)
        if question is None:
            continue
        if question.id not in found:
            give_way()
            found[question.id] = answers(answerer.reply(question.text, today))
        if given := found[question.id]:
            key = (one.question, one.person)
            told.setdefault(key, News(one, question, given))
    return tuple(told.values())


def answers(reply: Reply) -> tuple[Answer, ...]:
    """The answers that a message led to, one for each of its questions that has one.

    None where any part of it has no answer: who asked two things waits for both.
    """
    outcomes = reply.outcomes
    given = tuple(one for one in outcomes if isinstance(one, Answer))
    return given if len(given) == len(outcomes) else ()
