"""Questions → ranked entries."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.candidate import Target
from bot.matching.ranking import Matcher
from bot.matching.text import Phrases, Vocabulary, base, clean, words
from tests.nasty import texts

MATCHER = Matcher(
    [
        Target(
            "date",
            ("When did Kim publish her statement?", "date of the statement"),
            decoys=("When did Kanye publish his statement?",),
        ),
        Target(
            "channel", ("Where did Kim post the statement?", "which platform was it")
        ),
        Target(
            "suit",
            ("Who did Balenciaga sue?", "defendants of the lawsuit"),
            claims=(("why did North Six sue Balenciaga",),),
        ),
    ],
    {"kim kardashian": "@kim", "kim": "@kim", "kimmy k": "@kim", "insta": "~instagram"},
)


def best(question: str) -> str:
    """The id of the best candidate."""
    return MATCHER.rank(question).candidates[0].id


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("When did Kim publish her statement?", "date"),
        ("kimmy k statement date", "date"),
        ("on which platfrom was it", "channel"),
        ("WHO DID BALENCIAGA SUE", "suit"),
        ("who was sued by balenciaga??", "suit"),
        ("**when** did <@123> Kim publish it https://x.example", "date"),
    ],
)
def test_the_entry_that_is_asked_is_first(question: str, expected: str) -> None:
    """Nicknames, slips, case, markup and other word forms do not change the winner."""
    assert best(question) == expected


@given(st.sampled_from(["Who did Balenciaga sue?", "date of the statement"]), st.data())
def test_case_never_changes_the_winner(question: str, data: st.DataObject) -> None:
    """However a question is capitalised, the same entry wins with the same score."""
    typed = "".join(
        char.upper() if data.draw(st.booleans()) else char.lower() for char in question
    )
    assert MATCHER.rank(typed).candidates == MATCHER.rank(question).candidates


@given(texts)
def test_ranking_never_raises_and_confidence_is_a_probability(text: str) -> None:
    """Any text gets a ranking, best first, with confidences between 0 and 1."""
    found = MATCHER.rank(text).candidates
    assert all(0 <= one.confidence <= 1 for one in found)
    assert [one.score for one in found] == sorted(
        (one.score for one in found), reverse=True
    )


def test_a_wording_wins_its_own_entry_for_certain() -> None:
    """A stored wording leads to its own entry with more confidence than any other."""
    first, second = MATCHER.rank("date of the statement").candidates[:2]
    assert first.id == "date"
    assert first.parts.wording > 0.99
    assert first.confidence > second.confidence


def test_a_claim_is_recognised_as_a_wrong_premise() -> None:
    """A question that carries a known wrong claim says which."""
    assert MATCHER.rank("why did north six sue balenciaga?").candidates[0].premise == 0
    assert MATCHER.rank("who did balenciaga sue?").candidates[0].premise is None


def test_a_decoy_is_never_answered_by_the_entry_it_is_a_decoy_of() -> None:
    """A question that curators listed as `not_this` has no chance with that entry."""
    found = MATCHER.rank("When did Kanye publish his statement?").candidates
    assert [one.confidence for one in found if one.id == "date"] == [0.0]


def test_an_explanation_says_what_was_made_of_the_words() -> None:
    """What was recognised, repaired and not known is told."""
    found = MATCHER.rank("did kimmy k publish a statemnet on gucci")
    assert found.reading.named == {"kimmy k": "@kim"}
    assert found.reading.repaired == {"statemnet": "statement"}
    assert found.unknown == ("gucci",)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        (
            "did **Kіm** <@1234> apologise https://example.com/x ?",
            "did Kim apologise ?",
        ),
        ("ki\u200bm", "kim"),
        ("ｋｉｍ", "kim"),
        ("Кто выиграл", "Кто выиграл"),
        ("||spoiler|| `code`", "spoiler code"),
        ("\u2800\u2800", ""),
    ],
)
def test_cleaning_leaves_the_words(typed: str, read: str) -> None:
    """Markup, mentions, links, invisible and look-alike characters are gone."""
    assert clean(typed) == read


@given(texts)
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """A clean text has nothing left to clean, and is never long."""
    once = clean(text)
    assert len(once) <= 600
    assert words(clean(once)) == words(once)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("apologised", "apologizing"),
        ("stories", "story"),
        ("dropped", "dropping"),
        ("colours", "color"),
        ("lawsuits", "lawsuit"),
    ],
)
def test_forms_of_a_word_have_one_base(one: str, other: str) -> None:
    """Inflection and British spelling make no other word."""
    assert base(one) == base(other)


@pytest.mark.parametrize(
    ("one", "other"), [("news", "new"), ("thing", "th"), ("found", "founder")]
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    """Words that only begin alike keep bases of their own."""
    assert base(one) != base(other)


def test_phrases_are_taken_longest_first() -> None:
    """The longest phrase at a place wins, and the rest of the words stay."""
    phrases = Phrases({"north six": "@n6", "north": "@north"})
    assert phrases.apply(["to", "north", "six", "north"])[0] == ["to", "@n6", "@north"]


def test_repair_takes_the_nearest_known_word() -> None:
    """One slip is repaired, in long words two; short and known words stay."""
    vocabulary = Vocabulary(["balenciaga", "kanye", "fee", "fees"])
    assert vocabulary.repair("kayne") == "kanye"
    assert vocabulary.repair("balencaiag") == "balenciaga"
    assert vocabulary.repair("fee") is None
    assert vocabulary.repair("zebra") is None
