"""What is wanted most: questions without an answer, put together by what they mean."""

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.answering.outcome import Reply
from bot.matching.likeness import Likeness
from bot.matching.ranking import Matcher
from bot.moderating import unanswered
from bot.moderating.unanswered import MAX_WORDS, Unanswered, Want, nearest, wants
from bot.records.values import Question
from bot.story.model import Story
from tests.conftest import TODAY
from tests.nasty import texts

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def question(
    text: str, asked: int = 1, sent: int = 0, *, id_: int = 0, days: int = 0
) -> Question:
    """A question that found no answer, asked last so many days ago."""
    at = NOW - timedelta(days=days)
    return Question(id_ or abs(hash(text)), "story", text, asked, sent, at, at)


def found(answerer: Answerer, *given_: Question) -> tuple[Want, ...]:
    """What is wanted, all of it."""
    return wants(given_, answerer, TODAY, limit=None)


def together(answerer: Answerer, *asked: str) -> bool:
    """Whether questions are all taken for the same."""
    return len(found(answerer, *map(question, asked))) == 1


@pytest.mark.parametrize(
    "asked",
    [
        ("how much does the harbour bridge cost", "what's the harbour bridge's price"),
        ("Has Kourtney resigned from it?", "did kourtney resign from it"),
        ("how do vaccines work", "How does a vaccine work?"),
        ("who did the makeup for the shoot", "which person did makeup for the shoot?"),
        ("did the pope criticise the mayor", "was the mayor criticised by the pope"),
        ("could you tell me when it was founded", "when was it founded?"),
        ("did they lose 100k followers", "did they lose 100,000 followers"),
    ],
)
def test_the_same_question_in_other_words_is_one_want(
    answerer: Answerer, asked: Sequence[str]
) -> None:
    """Synonyms, spelling, order and politeness make no other question of it."""
    assert together(answerer, *asked)


@pytest.mark.parametrize(
    "asked",
    [
        ("what did Kourtney say about it?", "what did Khloé say about it?"),
        ("did kanye tell kim to leave", "did kim tell kanye to leave"),
        ("who sued the painter", "who did the painter sue"),
        ("which people unfollowed Anna", "who did Anna unfollow"),
        ("did the stylist warn the painter", "did the painter warn the stylist"),
        (
            "was the photographer sued by the stylist",
            "did the photographer sue the stylist",
        ),
        ("was the bridge built in 2019", "was the bridge built in 2021"),
        ("did they lose 100 followers", "did they lose 1000 followers"),
        ("why did she mention the children", "why did she not mention the children"),
        ("when did they leave Twitter", "why did they leave Twitter"),
        ("how old is the mayor", "how old are the mayor's sisters"),
        ("how many likes did it get", "how many comments did it get"),
        ("did she resign", "will she resign"),
        ("can children wear it", "should children wear it"),
        ("what did Adele say about Drake", "what did Drake say about Adele"),
        ("who left before the trial", "who left after the trial"),
        ("who was the first to leave", "who was the last to leave"),
        ("how do vaccines work", "how do engines work"),
        ("金是谁", "金在哪里"),
        ("🔥", "💀"),
    ],
)
def test_questions_that_differ_in_one_thing_stay_apart(
    answerer: Answerer, asked: Sequence[str]
) -> None:
    """Who, whom, names, numbers, negation, what is asked for: each parts two wants."""
    assert not together(answerer, *asked)


def test_a_want_counts_all_of_its_wordings(answerer: Answerer) -> None:
    """Sums, first and last are over all wordings; the best was asked most."""
    (want,) = found(
        answerer,
        question("how do vaccines work", 2, 1, days=9),
        question("How does a vaccine work?", 3, days=2),
        question("how vaccines work", 1, 1, days=5),
    )
    assert (want.asked, want.sent, want.wanted) == (6, 2, 8)
    assert (want.first, want.last) == (NOW - timedelta(9), NOW - timedelta(2))
    assert [one.asked for one in want.wordings] == [3, 2, 1] or want.wanted == 8
    assert want.best == want.wordings[0]
    assert want.best.asked + want.best.sent == 3


def test_of_wordings_asked_as_often_the_clearest_is_best(answerer: Answerer) -> None:
    """A sentence with its mark is shown before words in a row."""
    clear = question("How does a vaccine work?")
    (want,) = found(answerer, question("vaccine how work"), clear)
    assert want.best == clear


def test_what_is_wanted_most_comes_first(answerer: Answerer) -> None:
    """By how often it was asked and sent; then sent; then the latest."""
    rare = question("how do engines work", 1)
    sent = question("where is the pope", 2, 2)
    asked = question("who owns the moon", 4)
    late = question("why is the sky blue", 1, days=-1)
    order = [one.best for one in found(answerer, rare, asked, sent, late)]
    assert order == [sent, asked, late, rare]


def test_the_nearest_entry_is_named(answerer: Answerer) -> None:
    """An entry's own question is near it; nonsense is near nothing."""
    entry = next(iter(answerer.story.entries.values()))
    near = nearest(entry.question, answerer, TODAY)
    assert near is not None
    assert (near.entry.entry, near.entry.question) == (entry.id, entry.question)
    assert 0 < near.confidence <= 1
    assert nearest("qwxz", answerer, TODAY) is None


def test_only_so_many_are_looked_at(answerer: Answerer) -> None:
    """A limit gives the first of what there is without one."""
    given_ = [question(f"who is {name}") for name in ("Drake", "Adele", "Rihanna")]
    assert wants(given_, answerer, TODAY, limit=2) == found(answerer, *given_)[:2]
    assert wants([], answerer, TODAY) == ()


WORDS = "kim drake sue who did the not 2022 2023 photographer pay when why 金".split()
asked_lists = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
    | texts.map(lambda text: text[:300]),
    max_size=8,
    unique=True,
)


@settings(deadline=None)
@given(asked_lists, st.randoms(use_true_random=False))
def test_the_order_of_questions_says_nothing(
    answerer: Answerer, asked: list[str], chance: Random
) -> None:
    """Whatever people typed, each question is in one want, the same in any order."""
    given_ = [question(text, id_=at + 1) for at, text in enumerate(asked)]
    there = found(answerer, *given_)
    assert sorted(one.id for want in there for one in want.wordings) == [
        one.id for one in given_
    ]
    chance.shuffle(given_)
    assert found(answerer, *given_) == there


def test_long_questions_of_the_same_few_words_hold_nothing_up(
    answerer: Answerer,
) -> None:
    """Who is compared with whom is bounded, whatever people type."""
    given_ = [
        question(
            f"{at:010b}".replace("0", "kim ").replace("1", "bag ") * 10, id_=at + 1
        )
        for at in range(200)
    ]
    start = time.process_time()
    wants(given_, answerer, TODAY, limit=1)
    assert time.process_time() - start < 4


def test_long_questions_are_compared_with_nothing(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two that differ in their last word are two wants, and no work; so are spaces."""
    read: list[str] = []

    class Counting(Likeness):
        def __init__(self, texts: Sequence[str], matcher: Matcher) -> None:
            read.extend(texts)
            super().__init__(texts, matcher)

    monkeypatch.setattr(unanswered, "Likeness", Counting)
    long = " ".join(["cat dog hat"] * (MAX_WORDS // 3))
    asked = [f"{long} moon", f"{long} sun", "how do vaccines work"]
    assert len(found(answerer, *map(question, asked))) == 3
    assert read == ["how do vaccines work"]


class CountingAnswerer(Answerer):
    """An answerer that keeps what it was asked."""

    asked: list[str]

    def reply(  # type: ignore[override]
        self, text: str, today: date
    ) -> Reply:
        """Reply, as ever."""
        self.asked.append(text)
        return super().reply(text, today)


def test_only_what_is_shown_is_asked_and_once(story: Story) -> None:
    """Of many questions those that come first are asked; again, and nothing is.

    What the revision answers by now is left out, and what comes after moves up.
    """
    answerer = CountingAnswerer(story)
    answerer.asked = []
    known = next(iter(story.entries.values())).question
    given_ = [question(known, 9, id_=1000)]
    given_ += [question(f"who is {at} q{at}z", id_=at + 1) for at in range(300)]
    queue = Unanswered()
    first = queue.wants(given_, answerer, TODAY, 5)
    assert len(first) == 5
    assert known not in [want.best.text for want in first]
    assert queue.want_of(1000, given_, answerer, TODAY) is None
    wordings = sum(len(want.wordings) for want in first)
    assert 1 < len(answerer.asked) <= wordings + 1
    before = len(answerer.asked)
    assert queue.wants(given_, answerer, TODAY, 5) == first
    number = first[2].best.id
    assert queue.want_of(number, given_, answerer, TODAY) == first[2]
    assert len(answerer.asked) == before


def test_a_thousand_questions_take_two_seconds(answerer: Answerer) -> None:
    """A full queue is put together while a moderator waits."""
    who = "kim kourtney drake adele demna rihanna pope mayor anna ben".split()
    what = "say wear buy sing post leave pay sue hire thank".split()
    where = "paris twitter court rome tv london school church gym bed".split()
    given_ = [
        question(f"did {name} {verb} it in {place}")
        for name in who
        for verb in what
        for place in where
    ]
    start = time.process_time()
    wants(given_, answerer, TODAY)
    assert time.process_time() - start < 4  # twice as long, for slow machines
