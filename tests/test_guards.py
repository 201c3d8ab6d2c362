"""Reading a question, and what speaks against a candidate."""

import pytest

from bot.matching.candidate import Target
from bot.matching.lexicon import Lexicon, lexicon
from bot.matching.question import segments, wants
from bot.matching.ranking import Matcher
from bot.matching.text import words

MATCHER = Matcher(
    [
        Target(
            "sued",
            asks=("Who did Balenciaga sue?", "balenciaga lawsuit defendants"),
            told=("Balenciaga sued North Six on 25 November 2022.", "Kering owns it."),
        ),
        Target(
            "said",
            asks=("What did Kim say about Balenciaga?", "kim statement balenciaga"),
            told=("Kim said that the images had shaken her.",),
        ),
    ],
    {
        "balenciaga": "@balenciaga",
        "kim": "@kim",
        "north six": "@north-six",
        "kering": "@kering",
        "kanye": "@kanye",
    },
)


def fired(question: str, target: str) -> dict[str, tuple[str, ...]]:
    """The guards that speak against a target, with the words that set them off."""
    found = {one.id: one.fired for one in MATCHER.rank(question).candidates}
    return {name: guard.words for name, guard in found[target].items()}


@pytest.mark.parametrize(
    ("question", "target", "guard", "said"),
    [
        ("What did Kanye say about Balenciaga?", "said", "other names", ("@kanye",)),
        ("Who did Kering sue?", "sued", "side names", ("@kering",)),
        ("who did balenciaga sue over gucci", "sued", "unexplained part", ("gucci",)),
        ("When did Kim say it about Balenciaga?", "said", "other kind", ("when",)),
        ("How old is Kim?", "said", "other measure", ("how old",)),
        ("Will Balenciaga sue?", "sued", "modality", ()),
        (
            "Did North Six sue Balenciaga?",
            "sued",
            "roles",
            ("@north-six +sue @balenciaga",),
        ),
        (
            "Was Balenciaga sued by North Six?",
            "sued",
            "roles",
            ("@north-six +sue @balenciaga",),
        ),
    ],
)
def test_a_guard_says_what_speaks_against_a_candidate(
    question: str, target: str, guard: str, said: tuple[str, ...]
) -> None:
    """Each guard fires on its own kind of difference, and names the words."""
    assert fired(question, target).get(guard) == said


@pytest.mark.parametrize("target", ["sued", "said"])
def test_no_guard_fires_on_a_wording_of_its_own(target: str) -> None:
    """What an entry is asked by has nothing to speak against it."""
    own = {"sued": "Who did Balenciaga sue?", "said": "kim statement balenciaga"}
    assert fired(own[target], target) == {}


def test_a_candidate_tells_its_confidence_without_a_guard() -> None:
    """Without a guard that fired it is higher; without one that did not, the same."""
    found = MATCHER.rank("What did Kanye say about Balenciaga?").candidates
    said = next(one for one in found if one.id == "said")
    assert said.confidence < said.without("other names") <= 1
    assert said.without("no such guard") == said.confidence


def test_what_a_curator_refused_stays_refused_without_any_guard() -> None:
    """A question that an entry must not answer has confidence 0, guards or not."""
    asks, decoy = ("What did Kim say?",), "What did Kim say to Kanye?"
    matcher = Matcher([Target("said", asks, decoys=(decoy,))], {"kanye": "@kanye"})
    (said,) = matcher.rank(decoy).candidates
    assert "other names" in said.fired
    assert said.without("other names") == said.confidence == 0


def test_roles_may_be_told_in_the_passive() -> None:
    """Who is sued by whom is who sues whom."""
    assert "roles" not in fired("Was North Six sued by Balenciaga?", "sued")


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("how old is nicole kidman", {"how old"}),
        ("how much did it cost", {"how much"}),
        ("when did she say it and why", {"when", "why"}),
        ("what did kim say", {"what", "what was said"}),
        ("so did kim say sorry", {"yes/no"}),
        ("balenciaga lawsuit", set[str]()),
    ],
)
def test_the_kind_of_answer_is_read_off_the_question(
    question: str, kinds: set[str]
) -> None:
    """Question words tell what kind of answer is wanted; none claims nothing."""
    assert wants(question) == kinds


def test_the_question_is_found_in_chatter() -> None:
    """The parts of a message that ask are read alone, too."""
    text = "Hi all. I was away for a week! Did she say sorry?"
    assert segments(text) == [text, "Did she say sorry?"]


def test_phrases_of_the_lexicon_give_their_words_a_meaning() -> None:
    """A phrase means what its line says, and light words are marked."""
    found = Lexicon("[meanings]\nsue: sue, take to court\n[light]\nplease, by the way")
    meanings, light = found.read(words("please do they take to court"))
    assert meanings[3:] == [("+sue",)] * 3
    assert light == [True, False, False, False, False, False]


def test_no_light_word_of_the_lexicon_has_a_meaning() -> None:
    """A word cannot both mean something and mean nothing."""
    found = lexicon()
    assert not found.light & set(found.meanings)
    assert len(found.meanings) > 2000
