"""The order of words: who does what to whom, what is asked, what is not so."""

import pytest

from bot.matching.grammar import Deed
from bot.matching.question import Asked
from bot.matching.reader import Reader

READER = Reader(
    {
        "balenciaga": "@house",
        "north six": "@six",
        "kim kardashian": "@kim",
        "kim": "@kim",
        "kanye": "@kanye",
    }
)


def read(text: str) -> Asked:
    """What a text asks."""
    return READER.understand(text)


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("Did Balenciaga sue North Six?", ("+sue", "@house", "@six")),
        ("why did balenciaga go to court with north six", ("+sue", "@house", "@six")),
        ("Balenciaga's lawsuit against North Six", ("+sue", "@house", "@six")),
        ("is it true that Kim fired Kanye", ("+fire", "@kim", "@kanye")),
        ("Kim told Kanye that Balenciaga hired her", ("+hire", "@house", "@kim")),
    ],
)
def test_a_deed_goes_from_the_name_before_to_the_name_after(
    text: str, deed: tuple[str, str, str]
) -> None:
    """Of a directed verb, the nearest name before acts, and the one after suffers."""
    assert Deed(*deed) in read(text).deeds


@pytest.mark.parametrize(
    "text",
    [
        "Was North Six sued by Balenciaga?",
        "north six got sued by balenciaga",
        "North Six was really sued by Balenciaga",
    ],
)
def test_by_turns_a_deed_round(text: str) -> None:
    """The passive tells the same deed as the active."""
    assert read(text).deeds == {Deed("+sue", "@house", "@six")}


@pytest.mark.xfail(
    strict=True, reason="'by' is looked for after each word of a phrase, not after it"
)
def test_by_turns_a_deed_of_several_words_round() -> None:
    """A phrase for a deed has one direction, too."""
    text = "Was North Six taken to court by Balenciaga?"
    assert read(text).deeds == {Deed("+sue", "@house", "@six")}


def test_a_pronoun_after_the_verb_is_the_name_before_the_one_who_acts() -> None:
    """In "Kanye says Kim sued him" it is Kanye who was sued."""
    assert read("Kanye says Kim sued him").deeds == {Deed("+sue", "@kim", "@kanye")}


@pytest.mark.parametrize(
    "text",
    [
        "Did Kim post about Balenciaga?",
        "Did Kim thank Kim?",
        "Kim and Balenciaga",
        "did they sue",
        "",
    ],
)
def test_no_deed_is_read_without_a_directed_verb_between_two_names(text: str) -> None:
    """One name, one person twice, or a verb without a direction tell no deed."""
    assert not read(text).deeds


def test_whom_a_question_asks_for_is_left_open() -> None:
    """Who did it to somebody, and whom somebody did it to, are deeds with a gap."""
    assert read("Who sued Kim?").deeds == {Deed("+sue", "", "@kim")}
    assert [deed.patient for deed in read("Who did Balenciaga sue?").deeds] == [""]


def test_a_deed_turned_round_twice_is_itself() -> None:
    """Reversing swaps who acts and who suffers, and nothing else."""
    deed = Deed("+sue", "@house", "@six")
    assert deed.reversed == Deed("+sue", "@six", "@house")
    assert deed.reversed.reversed == deed


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("did Kim post about Balenciaga", {("@kim", "@house")}),
        ("was Kim dressed by Balenciaga", {("@house", "@kim")}),
        (
            "Kim and Kanye at Balenciaga",
            {("@kim", "@kanye"), ("@kim", "@house"), ("@kanye", "@house")},
        ),
        ("what did Kim say, Kim?", set[tuple[str, str]]()),
        ("what did she say", set[tuple[str, str]]()),
    ],
)
def test_names_have_the_order_in_which_they_act(
    text: str, pairs: set[tuple[str, str]]
) -> None:
    """Every two different names, the first first; "by" between turns them round."""
    assert read(text).order == pairs


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("What did Kim say about Balenciaga?", "@kim"),
        ("the statement of Kim Kardashian", "@kim"),
        ("was Kim sued by Balenciaga", None),
        ("who was sued", None),
    ],
)
def test_the_subject_is_the_first_name(text: str, name: str | None) -> None:
    """A text without a name, or in the passive, does not tell its subject."""
    assert read(text).subject == name


@pytest.mark.parametrize(
    ("text", "things"),
    [
        ("which photographer was it", ["photographer"]),
        ("what colour was the dress", ["color"]),
        ("how many bears did the campaign have", ["bear"]),
        ("how much money did Kim get", ["money"]),
        ("what is the name of the photographer", ["name"]),
        ("what is Kim's reason", ["reason"]),
    ],
)
def test_the_focus_is_the_thing_that_is_asked_for(text: str, things: list[str]) -> None:
    """It follows which, what, whose, how many, and "what is the"."""
    assert [term.term for term in read(text).focus] == things


@pytest.mark.parametrize(
    "text",
    [
        "what did the photographer say",
        "what was she thinking",
        "how much did it cost",
        "many people say this",
        "which of the bears",
        "who is the photographer",
        "when",
        "what",
    ],
)
def test_there_is_no_focus_where_no_thing_is_named(text: str) -> None:
    """A verb after the question word, or "many" without "how", names none."""
    assert read(text).focus == ()


@pytest.mark.parametrize(
    "text",
    [
        "Why did she never apologise?",
        "why didn't Kim say sorry",
        "Kim didn't apologise",
        "nobody apologised",
        "why did she not apologise?",
        "why was no apology made",
        "No apology was made",
        "is it true that she didn't post it",
        "Kim said nothing?",
        "neither of them said sorry",
        "a statement without Balenciaga",
    ],
)
def test_a_negation_takes_something_not_to_be_so(text: str) -> None:
    """Not, never, nobody, nothing, without, and verbs that end in n't, deny."""
    assert read(text).negated


@pytest.mark.parametrize(
    "text",
    [
        "Didn't she apologise?",
        "so didn't she apologise?",
        "isn't she the ambassador",
        "did she apologise or not",
        "whether or not she did",
        "I'm not sure when she posted it",
        "not sure if Kim posted it",
        "I don't know when she posted",
        "i dont get it what did she say",
        "i never understood why she did it",
        "she apologised, right?",
        "she apologised, no?",
        "no, she apologised",
        "wow didn't Kim apologise",
        "Did she not apologise?",
        "she didn't apologise until Monday",
        "not gonna lie she apologised",
        "no offence, but did she apologise",
        "no idea when she posted it",
        "did she say sorry?",
        "",
    ],
)
def test_a_negation_that_only_asks_counts_for_none(text: str) -> None:
    """To begin with one, "or not", and the asker's own doubts deny nothing."""
    assert not read(text).negated


@pytest.mark.parametrize(
    "text",
    [
        "She apologised, didn't she?",
        "she said sorry didnt she",
        "it was Kim, wasn't it?",
        "Kim apologised, did she not?",
    ],
)
def test_a_tag_denies_nothing(text: str) -> None:
    """What ends in "…, didn't she?" asks whether it was so."""
    assert not read(text).negated
