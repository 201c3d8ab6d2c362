"""More ways of asking: as they are typed, and what tells two answers apart."""

from dataclasses import replace
from typing import Final

from bot.answering.answerer import Answerer
from bot.editing.edits import Append
from bot.evaluation.leads import led_by
from bot.evaluation.self_test import SelfTest, pairs, self_test
from bot.moderating.new_ways import MOST, apart, nearest_ways, typed_lines
from bot.story.model import Story
from tests.benchmarks import labelled
from tests.conftest import TODAY

PAIR: Final = ("boycott-end", "players-boycott")
"""Two answers of a story by other hands that are taken for each other."""


def test_lines_as_people_type_them() -> None:
    """Bullets, empty lines and doubles are left out; there is an end to them."""
    text = "- who did it\n\n  Who did it?\n* was  it him\n-\n"
    assert typed_lines(text) == ("who did it", "was it him")
    assert len(typed_lines("\n".join(f"way {n}" for n in range(99)))) == MOST


def test_what_is_said_already_is_not_said_again(story: Story) -> None:
    """A question that is a way of an entry, or its *not this*, is not made one."""
    sides = {
        "what-happened": ["is the bell lost"],
        "was-it-stolen": ["where is the bell", "who took it"],
    }
    made = apart(story, sides)
    assert Append("answers", "what-happened", "not_this", "who took it") in made
    assert [one.item for one in made if isinstance(one, Append)] == [
        "who took it",
        "is the bell lost",
    ]


def test_not_this_mends_a_pair_and_no_other() -> None:
    """Two answers that are taken for each other are told apart; all else stays.

    No other pair is taken for each other more, or less, and no question of strangers
    gets an answer that it did not get before.
    """
    made = labelled.story("rubiales")
    answerer = Answerer(made)
    found = self_test(answerer, TODAY)
    assert taken(found)[frozenset(PAIR)] > 1
    edits = apart(made, nearest_ways(found, *PAIR, answerer, TODAY))
    assert {one.id for one in edits if isinstance(one, Append)} == set(PAIR)
    mended = Answerer(with_edits(made, edits))
    left = dict(taken(found))
    del left[frozenset(PAIR)]
    assert taken(self_test(mended, TODAY)) == left
    for one in labelled.questions(labelled.folders()["rubiales"], "in_scope"):
        was, now = (led_by(each.reply(one.q, TODAY)) for each in (answerer, mended))
        assert set(now.answers) <= set(was.answers), one.q


def taken(found: SelfTest) -> dict[frozenset[str], int]:
    """How often two answers were taken for each other."""
    return {frozenset((one.entry, one.other)): len(one.tried) for one in pairs(found)}


def with_edits(made: Story, edits: tuple[object, ...]) -> Story:
    """A story with more *not this*."""
    entries = dict(made.entries)
    for one in edits:
        assert isinstance(one, Append)
        entry = entries[one.id]
        more = (*entry.not_this, str(one.item))
        entries[one.id] = entry.model_copy(update={"not_this": more})
    return replace(made, entries=entries, revision="0" * 12)
