"""Questions → ranked entries."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.candidate import Target
from bot.matching.english import IRREGULAR, common_names, common_words
from bot.matching.ranking import Matcher, Prepared
from bot.matching.reader import Reader
from bot.matching.text import (
    Phrases,
    Vocabulary,
    base,
    clean,
    foreign_names,
    is_common,
    spoken,
    unusual,
    words,
)
from tests.nasty import texts

TARGETS = [
    Target(
        "date",
        ("When did Kim publish her statement?", "date of the statement"),
        decoys=("When did Kanye publish his statement?",),
    ),
    Target("channel", ("Where did Kim post the statement?", "which platform was it")),
    Target(
        "suit",
        ("Who did Balenciaga sue?", "defendants of the lawsuit"),
        claims=(("why did North Six sue Balenciaga",),),
    ),
]
NAMES = {
    "kim kardashian": "@kim",
    "kim": "@kim",
    "kimmy k": "@kim",
    "insta": "~instagram",
}
MATCHER = Matcher(TARGETS, NAMES)
PREPARED = Matcher(TARGETS, NAMES, MATCHER.prepare())


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
    """Any text gets a ranking, surest first, with confidences between 0 and 1."""
    found = MATCHER.rank(text).candidates
    assert all(0 <= one.confidence <= 1 for one in found)
    assert [one.confidence for one in found] == sorted(
        (one.confidence for one in found), reverse=True
    )


ASKED = st.lists(
    st.sampled_from(
        "when who where did kim kimmy k post date of the statement statemnet suit "
        "balenciaga sue sued by kanye gucci instagram insta platform publish ?".split()
    ),
    max_size=9,
).map(" ".join)


@given(ASKED | texts)
def test_a_matcher_from_what_was_prepared_ranks_the_same(text: str) -> None:
    """What was kept from another start gives the same candidates, whole."""
    assert PREPARED.rank(text) == MATCHER.rank(text)


def test_what_was_prepared_can_be_written_and_read() -> None:
    """It is text that comes back as it was, and prepares the same again."""
    kept = Prepared.model_validate_json(MATCHER.prepare().model_dump_json())
    assert kept == MATCHER.prepare() == PREPARED.prepare()


def test_what_was_prepared_for_another_base_is_refused() -> None:
    """Terms that are not of these wordings make no matcher."""
    with pytest.raises(ValueError, match="zip"):
        Matcher(TARGETS[1:], NAMES, MATCHER.prepare())


def test_what_is_known_of_a_target_is_taken_over_where_it_is_the_same() -> None:
    """A target that changed, or is read with other names, is worked out anew."""
    before = Matcher(TARGETS, NAMES)
    before.rank("Who did Balenciaga sue, and when did Kim publish her statement?")
    date, _, suit = TARGETS
    assert {date, suit} <= before.known().keys()
    changed = replace(suit, says=("It sued on 25 November 2022.",))
    after = Matcher([changed, date], NAMES, before=before)
    taken = after.known()
    assert taken == {date: before.known()[date]}
    assert not Matcher(TARGETS, {"kim": "@kim"}, before=before).known()
    whole = Matcher([changed, date], NAMES)
    for question in (*date.asks, *suit.asks):
        after.rank(question)
        whole.rank(question)
    assert after.known() == whole.known()


def test_a_base_without_targets_ranks_nothing() -> None:
    """An empty story leads nowhere."""
    assert Matcher([]).rank("who did balenciaga sue?").candidates == ()


def test_a_base_without_targets_can_be_kept() -> None:
    """An empty matcher can be made again from what it prepared."""
    assert Matcher([], {}, Matcher([]).prepare()).rank("who?").candidates == ()


def test_a_wording_wins_its_own_entry_for_certain() -> None:
    """A stored wording leads to its own entry with more confidence than any other."""
    first, second = MATCHER.rank("date of the statement").candidates[:2]
    assert first.id == "date"
    assert first.signals["wording"] > 0.99
    assert first.confidence > second.confidence


def test_a_claim_is_recognised_as_a_wrong_premise() -> None:
    """A question that carries a known wrong claim says which."""
    assert MATCHER.rank("why did north six sue balenciaga?").candidates[0].premise == 0
    assert MATCHER.rank("who did balenciaga sue?").candidates[0].premise is None


@pytest.mark.parametrize(
    ("question", "premise"),
    [
        ("did kim post it in 2021", 0),
        ("did kim post it in 2022", None),
        ("did kim post it", None),
    ],
)
def test_a_claim_counts_only_where_the_question_carries_what_is_wrong(
    question: str, premise: int | None
) -> None:
    """A question that is like a claim but for its wrong figure has no wrong premise."""
    asks, claim = (
        ("when did kim post it", "date of the post"),
        "did kim post it in 2021",
    )
    matcher = Matcher([Target("date", asks, claims=((claim,),))], NAMES)
    assert matcher.rank(question).candidates[0].premise == premise


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


def test_a_name_is_known_however_its_words_are_spaced() -> None:
    """Typed together, or one word as two, it is the same name, also with a slip."""
    names = {
        "ever given": "@ship",
        "evergreen": "@line",
        "crowdstrike": "@firm",
        "garde robe": "@campaign",
        "no one": "~nobody",
        "north six": "@first",
        "northsix": "@second",
        "key note": "@talk",
    }
    reader = Reader(names)
    reader.learn(["ship", "stick"])
    for asked, told in {
        "is the evergiven stuck": ("be", "the", "@ship", "stick"),
        "is the evergivn stuck": ("be", "the", "@ship", "stick"),
        "is evergreen stuck": ("be", "@line", "stick"),
        "what did crowd strike do": ("what", "do", "@firm", "do"),
        "the garderobe ship": ("the", "@campaign", "ship"),
    }.items():
        assert reader.read(asked).terms == told
    for asked in ("keynote", "noone", "ever", "crowd", "strike"):
        assert not reader.read(asked).named
    assert reader.read("north six").terms == ("@first",)
    assert reader.read("northsix").terms == ("@second",)


def test_repair_takes_the_nearest_known_word() -> None:
    """One slip is repaired, in long words two; short and known words stay."""
    vocabulary = Vocabulary(["balenciaga", "kanye", "fee", "fees"])
    assert vocabulary.repair("kayne") == "kanye"
    assert vocabulary.repair("balencaiag") == "balenciaga"
    assert vocabulary.repair("fee") is None
    assert vocabulary.repair("zebra") is None


def test_of_words_as_near_the_one_that_is_asked_most_is_meant() -> None:
    """A slip is repaired to the more frequent word, whatever the alphabet says."""
    known = ["bears", "beats"]
    assert Vocabulary(known, {"beats": 2, "bears": 1}).repair("beaks") == "beats"
    assert Vocabulary(known, {"beats": 1, "bears": 2}).repair("beaks") == "bears"


def test_a_dropped_g_is_no_slip() -> None:
    """A word such as "rockin" is "rocking", whatever else is as near."""
    assert Vocabulary(["rock", "robin"]).repair("rockin") == "rock"


@pytest.mark.parametrize("word", ["apology", "photograph", "favor", "organis", "2022"])
def test_common_words_are_known_in_base_form(word: str) -> None:
    """Base forms of the dictionary's words, British or American, are common."""
    assert is_common(word)


def test_the_notes_in_a_word_list_are_no_words() -> None:
    """A line that begins with # says something about a list, and is none of it."""
    assert all(word.isalnum() for word in common_words())
    assert not any(name.startswith("#") for name in common_names())
    assert not any("#" in form for form in IRREGULAR)


@pytest.mark.parametrize("word", ["balenciaga", "xqzt", "kardashian"])
def test_names_are_no_common_words(word: str) -> None:
    """What is no word of everyday English is not common."""
    assert not is_common(word)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("did Gucci sue them", ["gucci"]),
        ("what about pete davidson's view", ["pete", "davidson"]),
        ("did she sue them", []),
        ("", []),
    ],
)
def test_well_known_names_are_seen_without_capitals(
    text: str, named: list[str]
) -> None:
    """A name of one or more words is found where it stands, possessive or not."""
    said = spoken(text)
    assert [said[at] for at in sorted(foreign_names(text))] == named


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("did Zorblax sue them", ["zorblax"]),
        ("Zorblax sued them", []),
        ("did Somebody sue them", []),
        ("DID ZORBLAX SUE THEM", []),
        ("Did Zorblax Sue Them", []),
    ],
)
def test_a_capital_tells_a_name_where_most_words_have_none(
    text: str, found: list[str]
) -> None:
    """Not the first word, not a common one, and not where somebody shouts."""
    said = spoken(text)
    assert [said[at] for at in sorted(unusual(text))] == found


@given(texts)
def test_the_places_of_names_are_places_of_words(text: str) -> None:
    """Whatever is typed, names stand where words are."""
    places = foreign_names(text) | unusual(clean(text))
    assert all(
        0 <= at < max(len(spoken(text)), len(words(clean(text)))) for at in places
    )


@pytest.mark.parametrize("asked", ["did gucci sue", "did Zorblax sue", "who is gucci"])
def test_a_name_of_nothing_in_the_story_is_foreign(asked: str) -> None:
    """Known names and unusual capitals are told from the story's own."""
    assert MATCHER.rank(asked).reading.foreign <= {"gucci", "zorblax"}
    assert MATCHER.rank(asked).reading.foreign


def test_a_base_that_names_nobody_has_no_foreign_names() -> None:
    """Without names of its own it cannot tell who is foreign to it."""
    assert not Matcher(TARGETS).rank("did gucci sue").reading.foreign
