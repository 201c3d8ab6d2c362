"""What moderators are told: how it goes, as text, and who waits for an answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.answering.answerer import Answerer
from bot.moderating.answered import News, answers, news
from bot.moderating.unanswered import Want, wants
from bot.moderating.usage import Counts, Stats, lines, most_asked, stats
from bot.records.values import Question, Tally, Waiting
from bot.story.model import Story
from bot.words.catalogue import words
from tests.conftest import TODAY

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SPAN = (date(2026, 11, 21), date(2026, 11, 23))


@dataclass(frozen=True)
class Day:
    """A row of daily counts."""

    day: date
    what: str
    count: int


def question(text: str, id_: int = 1, asked: int = 1) -> Question:
    """A question that found no answer."""
    return Question(id_, "story", text, asked, 0, NOW, NOW)


def figures(
    story: Story,
    *rows: Day,
    answered: Mapping[str, int] | None = None,
    wanted: Iterable[Want] = (),
) -> Stats:
    """The figures of three days."""
    tallies = {"a": Tally(3, 1), "b": Tally(0, 2)}
    return stats(SPAN, rows, tallies, most_asked(story, answered or {}), list(wanted))


def test_days_are_counted_each_and_together(story: Story) -> None:
    """Every day of the span is there; other days and other kinds are left out."""
    found = figures(
        story,
        Day(SPAN[0], "asked", 4),
        Day(SPAN[0], "answer", 3),
        Day(SPAN[1], "help", 5),
        Day(SPAN[1], "did_you_mean", 1),
        Day(SPAN[1], "closest", 4),
        Day(SPAN[1], "not_covered", 3),
        Day(SPAN[1], "facts", 2),
        Day(SPAN[1] + timedelta(days=9), "asked", 100),
    )
    assert found.days == (
        (SPAN[0], Counts(4, 3, 0, 0)),
        (SPAN[0] + timedelta(days=1), Counts()),
        (SPAN[1], Counts(0, 0, 5, 5)),
    )
    assert found.total == Counts(4, 3, 5, 5)
    assert (found.helpful, found.wrong) == (3, 3)


def test_what_is_asked_most_is_named(story: Story) -> None:
    """An entry is named by its question, one that is gone by its id; most first."""
    entry = next(iter(story.entries.values()))
    found = figures(story, answered={"gone": 2, entry.id: 3})
    assert found.most_asked == ((entry.question, 3), ("gone", 2))


def test_figures_are_told_in_lines(story: Story, answerer: Answerer) -> None:
    """Totals, shares, votes, what is asked and wanted, and each day that had any."""
    wanted = wants([question("how do vaccines work", 1, 1200)], answerer, TODAY)
    found = figures(
        story,
        Day(SPAN[0], "asked", 1000),
        Day(SPAN[0], "answer", 500),
        Day(SPAN[0], "did_you_mean", 250),
        Day(SPAN[0], "not_covered", 250),
        answered={"gone": 500},
        wanted=wanted,
    )
    assert lines(found, words("en")) == [
        "21 November 2026 to 23 November 2026",
        "Questions: 1,000",
        "Answered: 500 (50 %)",
        "Offered others: 250 (25 %)",
        "Not covered: 250 (25 %)",
        "Votes so far: 3 helpful, 3 wrong",
        "Most asked:",
        "500 times: gone",
        "Most wanted:",
        "1,200 times: how do vaccines work",
        "By day:",
        "2026-11-21: 1,000 asked, 500 answered, 250 offered others, 250 not covered",
    ]


def test_nothing_is_told_of_nothing(story: Story) -> None:
    """Without a count there are no shares, no lists and no days; backwards is wrong."""
    assert lines(figures(story), words("en"))[1:] == [
        "Questions: 0",
        "Answered: 0",
        "Offered others: 0",
        "Not covered: 0",
        "Votes so far: 3 helpful, 3 wrong",
    ]
    with pytest.raises(ValueError, match="before"):
        stats((SPAN[1], SPAN[0]), (), {}, (), ())


def told(answerer: Answerer, *waiting: Waiting) -> tuple[News, ...]:
    """Who is told of two entries there are, and of one that is still missing."""
    first, *_, last = answerer.story.entries.values()
    ways = [first.question, last.question, "who is the pope?"]
    asked = [question(text, id_) for id_, text in enumerate(ways, start=1)]
    return news(waiting, asked, answerer, TODAY)


def waits(question_: int, person: int, hours: int = 0) -> Waiting:
    """A person who waits for a question's answer since so many hours."""
    return Waiting(question_, person, None, None, NOW - timedelta(hours=hours))


def test_who_waits_for_what_is_answered_is_told(answerer: Answerer) -> None:
    """Told are those whose question has an answer; of one that is gone, nobody."""
    (one,) = told(answerer, waits(1, 7), waits(3, 9), waits(4, 9))
    assert (one.waiting, one.question.id) == (waits(1, 7), 1)
    assert [a.entry for a in one.answers] == [next(iter(answerer.story.entries))]


def test_each_is_told_once_longest_waiting_first(answerer: Answerer) -> None:
    """One who waits twice for a question is told once; nobody is told of nothing."""
    found = told(answerer, waits(1, 7, 1), waits(2, 8, 3), waits(1, 7, 2), waits(1, 9))
    assert [one.waiting.person for one in found] == [8, 7, 9]
    assert not told(answerer)


def test_who_asked_two_things_waits_for_both(answerer: Answerer) -> None:
    """A message has an answer when each of its questions has one."""
    known = next(iter(answerer.story.entries.values())).question
    assert answers(answerer.reply(known, TODAY))
    assert not answers(answerer.reply(f"{known} And who is the pope?", TODAY))
