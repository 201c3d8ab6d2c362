"""Reading a question, and what speaks against a candidate."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.policy import FALSE_ANSWERS, IF_CORRECTED
from bot.matching.candidate import Target
from bot.matching.features import CANDIDATE, LEADING
from bot.matching.guards import GUARDS, Compared, Profile, guards_of
from bot.matching.lexicon import Lexicon, lexicon
from bot.matching.question import own_part, segments, wants
from bot.matching.ranking import Matcher
from bot.matching.reader import question_of
from bot.matching.text import words
from bot.matching.weights import Variant, model

TARGETS = [
    Target(
        "sued",
        asks=(
            "Who did Balenciaga sue?",
            "balenciaga lawsuit defendants",
            "did Balenciaga sue North Six",
            "who did Balenciaga sue first",
        ),
        says=(
            "Balenciaga sued North Six for $25 million on 25 November 2022.",
            "Kering owns it.",
        ),
    ),
    Target(
        "said",
        asks=(
            "What did Kim say about Balenciaga?",
            "kim statement balenciaga",
            "how did Kim respond to Balenciaga",
        ),
        says=("Kim said that the images had shaken her.",),
    ),
]
MATCHER = Matcher(
    TARGETS,
    {
        "balenciaga": "@balenciaga",
        "kim": "@kim",
        "north six": "@north-six",
        "kering": "@kering",
        "kanye": "@kanye",
    },
)

SUED_THEM = "@north-six +sue @balenciaga"
FIRES: list[tuple[str, str, str, list[str]]] = [
    ("other names", "What did Kanye say about Balenciaga?", "said", ["@kanye"]),
    ("other names", "did Kim and Kanye sue", "sued", ["@kanye", "@kim"]),
    ("foreign names", "who did balenciaga sue over gucci", "sued", ["gucci"]),
    ("foreign names", "what did kim say about Prada", "said", ["prada"]),
    ("unexplained part", "Who did Balenciaga sue on the runway?", "sued", ["runway"]),
    ("unexplained focus", "which lawyer did Balenciaga sue", "sued", ["lawyer"]),
    ("other kind", "When did Kim say it about Balenciaga?", "said", ["when"]),
    ("other measure", "How old is Kim?", "said", ["how old"]),
    ("other figure", "did balenciaga sue in 2021", "sued", ["2021"]),
    ("other figure", "who was sued for 30 million", "sued", ["30,000,000"]),
    ("modality", "Will Balenciaga sue?", "sued", []),
    ("modality", "could anyone have sued Balenciaga", "sued", []),
    ("no name for it", "what's the name of the picture", "said", ["pictur"]),
    ("asks for more", "who else did Balenciaga sue", "sued", ["else"]),
    ("kind not held", "where did Kim say it", "said", ["where"]),
    ("kind not held", "how long did Kim say it", "said", ["how long"]),
    ("over by now", "is Balenciaga still suing North Six", "sued", ["still"]),
    ("contrary", "who did Balenciaga sue last", "sued", ["last"]),
    ("negation", "Why did Kim never say it about Balenciaga?", "said", []),
    ("negation", "Balenciaga never sued North Six", "sued", ["sue"]),
    ("other part", "did Kering sue North Six", "sued", ["@kering", "sue"]),
    ("other part", "was Balenciaga sued by North Six", "sued", ["@north-six", "sue"]),
    ("foreign party", "who sued my landlord", "sued", ["landlord"]),
    ("foreign party", "did the landlord sue", "sued", ["landlord"]),
    ("foreign party", "who can sue this server", "sued", ["server"]),
    ("foreign party", "was there a lawsuit about my parcel", "sued", ["parcel"]),
    ("asker's own", "my bag is torn, can i sue for that?", "sued", []),
    ("unexplained deed", "who bakes for Balenciaga", "sued", ["bake"]),
    ("unexplained deed", "was Balenciaga promoted", "sued", ["promot"]),
    (
        "unexplained deed",
        "did Balenciaga borrow from North Six",
        "sued",
        ["borrow"],
    ),
    ("roles", "Did North Six sue Balenciaga?", "sued", [SUED_THEM]),
    ("roles", "Was Balenciaga sued by North Six?", "sued", [SUED_THEM]),
    (
        "other order",
        "What did Balenciaga say about Kim?",
        "said",
        ["@balenciaga before @kim"],
    ),
    ("other subject", "What did Balenciaga say of Kim?", "said", ["@balenciaga"]),
    ("about you", "what did you say", "said", ["you"]),
    ("too little", "lawsuit?", "sued", []),
]
KEEPS_SILENT: list[tuple[str, str, str]] = [
    ("other names", "What did Kim say about Balenciaga?", "said"),
    ("other names", "did Balenciaga sue North Six of Kering", "sued"),
    ("foreign names", "who did balenciaga sue over the runway", "sued"),
    ("unexplained part", "defendants of the balenciaga lawsuit?", "sued"),
    ("unexplained focus", "which defendants did Balenciaga sue", "sued"),
    ("unexplained focus", "what did Balenciaga sue for", "sued"),
    ("other kind", "Who was sued by Balenciaga?", "sued"),
    ("other measure", "what did Kim say of the old images", "said"),
    ("other figure", "who did Balenciaga sue in November 2022", "sued"),
    ("other figure", "who did Balenciaga sue for 25 million", "sued"),
    ("modality", "Did Balenciaga sue?", "sued"),
    ("modality", "could anyone tell me who Balenciaga sued", "sued"),
    ("no name for it", "names of the defendants?", "sued"),
    ("asks for more", "who did Balenciaga sue", "sued"),
    ("kind not held", "when did Balenciaga sue", "sued"),
    ("kind not held", "how much did they sue for", "sued"),
    ("kind not held", "why did it laugh when Kim said that", "said"),
    ("over by now", "did Balenciaga sue North Six", "sued"),
    ("contrary", "who did Balenciaga sue first", "sued"),
    ("negation", "Didn't Kim say something about Balenciaga?", "said"),
    ("other part", "did Balenciaga sue North Six", "sued"),
    ("other part", "was North Six sued by Balenciaga", "sued"),
    ("other part", "what did Kim say about Balenciaga", "said"),
    ("foreign party", "what did the lawsuit say", "sued"),
    ("asker's own", "can i ask who Balenciaga sued", "sued"),
    ("asker's own", "what do we know about the lawsuit", "sued"),
    ("unexplained deed", "who did Balenciaga take to court", "sued"),
    ("unexplained deed", "was Balenciaga suing", "sued"),
    ("unexplained deed", "is it true that Balenciaga sued", "sued"),
    ("unexplained deed", "who did Balenciaga seu", "sued"),
    ("roles", "Did Balenciaga sue North Six?", "sued"),
    ("roles", "Was North Six sued by Balenciaga?", "sued"),
    ("roles", "Did Kim sue Balenciaga?", "sued"),
    ("other order", "What did Kim say about Balenciaga?", "said"),
    ("other order", "What was said of Kim?", "said"),
    ("other subject", "what did Kim say to Balenciaga", "said"),
    ("other subject", "what did Balenciaga say", "said"),
    ("about you", "what do you think Kim said", "said"),
    ("about you", "did she tell you what she said", "said"),
    ("too little", "balenciaga lawsuit", "sued"),
]


def fired(question: str, target: str) -> dict[str, tuple[str, ...]]:
    """The guards that speak against a target, with the words that set them off."""
    found = {one.id: one.fired for one in MATCHER.rank(question).candidates}
    return {name: guard.words for name, guard in found[target].items()}


@pytest.mark.parametrize(("guard", "question", "target", "said"), FIRES)
def test_a_guard_says_what_speaks_against_a_candidate(
    guard: str, question: str, target: str, said: list[str]
) -> None:
    """Each guard fires on its own kind of difference, and names the words."""
    assert fired(question, target).get(guard) == tuple(said)


@pytest.mark.parametrize(("guard", "question", "target"), KEEPS_SILENT)
def test_a_guard_keeps_silent_where_nothing_differs(
    guard: str, question: str, target: str
) -> None:
    """What only looks like a difference sets no guard off."""
    assert guard not in fired(question, target)


SAID = sorted({word for _, text, _, _ in FIRES for word in text.split()})


@given(st.lists(st.sampled_from(SAID), max_size=8), st.sampled_from(["sued", "said"]))
def test_a_guard_that_is_left_out_has_nothing_to_say(said: list[str], of: str) -> None:
    """Whatever is asked, a guard that its words do not call for would not fire."""
    reading = MATCHER.reader.read(" ".join(said))
    asked = question_of(reading)
    (target,) = (one for one in TARGETS if one.id == of)
    read = MATCHER.reader.understand
    asks, told = map(read, target.asks), map(read, target.says)
    profile = Profile(list(asks), list(told), (), (), target.says)
    like, family = read(target.asks[0]), MATCHER.reader.family
    compared = Compared(asked, reading.foreign, profile, like, family)
    firing = {name for name, guard in GUARDS.items() if guard(compared).strength}
    assert firing <= {name for name, _ in guards_of(asked)}


def test_every_guard_has_its_cases() -> None:
    """No guard goes without a question that it stops and one that it lets through."""
    assert {case[0] for case in FIRES} == set(GUARDS)
    assert {case[0] for case in KEEPS_SILENT} == set(GUARDS)


def test_a_name_told_in_passing_is_not_what_an_entry_is_about() -> None:
    """Who owns the house that sued is not known to have sued."""
    assert fired("Who did Kering sue?", "sued")


@pytest.mark.parametrize("target", ["sued", "said"])
def test_no_guard_fires_on_a_wording_of_its_own(target: str) -> None:
    """What an entry is asked by has nothing to speak against it."""
    own = {"sued": "Who did Balenciaga sue?", "said": "kim statement balenciaga"}
    assert fired(own[target], target) == {}


@pytest.mark.parametrize("variant", [model().words, model().vectors])
def test_every_weighed_signal_speaks_for_its_side(variant: Variant) -> None:
    """No guard raises the confidence; no likeness, and no lead, lowers it.

    Of a target with many ways of asking, likeness says less.
    """
    weights = variant.verifier.weights
    assert all(weights[name] <= 0 for name in GUARDS)
    likenesses = [name for name in CANDIDATE if name not in GUARDS]
    leads = [name for name in LEADING if name != "many ways"]
    speaks_for = [weights.get(name, 0.0) for name in (*likenesses, *leads)]
    assert all(weight >= 0 for weight in speaks_for)
    assert any(weight > 0 for weight in speaks_for)


def test_what_is_to_be_set_right_does_not_make_it_unlikely() -> None:
    """Where a fact can set a clash right, the entry stays first, and sure enough."""
    turned = MATCHER.rank("Did North Six sue Balenciaga?").candidates[0]
    assert turned.id == "sued"
    assert "roles" in turned.fired
    assert turned.confidence >= IF_CORRECTED * MATCHER.model.cut(FALSE_ANSWERS, 3)


def test_a_candidate_tells_its_confidence_without_a_guard() -> None:
    """Without a guard that fired it is higher; without one that did not, the same."""
    found = MATCHER.rank("What did Kanye say about Balenciaga?").candidates
    said = next(one for one in found if one.id == "said")
    assert said.confidence < said.without("other names") <= 1
    assert said.without("no such guard") == said.confidence


@pytest.mark.parametrize("question", ["Who did North Six sue?", "Who sued Balenciaga?"])
def test_who_does_it_matters_where_the_other_is_asked_for(question: str) -> None:
    """One name on the wrong side of the verb is a reversed role, too."""
    assert fired(question, "sued")


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


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("not gonna lie, who did Kim sue", "who did Kim sue"),
        ("no offence but why did Kim sue", "why did Kim sue"),
        ("two sides to every story, but did Kim sue?", "but did Kim sue?"),
        ("my 3 friends say Kim never sued", "Kim never sued"),
        ("I've 2 kids and no time. Who sued?", "Who sued?"),
        ("it's like 2 hours that i wait, so who sued", "so who sued"),
        ("I can't believe I missed it, when did she sue?", "when did she sue?"),
        ("When did she sue, on 3 May?", "When did she sue, on 3 May?"),
        ("I heard Kim sued in 2021, who won", "Kim sued in 2021, who won"),
        ("my phone was stolen", "my phone was stolen"),
    ],
)
def test_the_own_part_is_what_is_not_about_the_asker(text: str, own: str) -> None:
    """Frames are left out, and what is about the asker and nobody of the story."""
    assert own_part(text, lambda clause: "Kim" in clause).strip() == own


def test_a_clash_in_the_chatter_is_none() -> None:
    """Numbers, denials and what may be count in the question's own part."""
    chatter = "not gonna lie, I can't keep up and I've read 3 threads. "
    names = fired(f"{chatter}Who did Balenciaga sue?", "sued")
    assert {"negation", "modality", "other figure"}.isdisjoint(names)


def test_phrases_of_the_lexicon_give_their_words_a_meaning() -> None:
    """A phrase means what its line says, and light words are marked."""
    found = Lexicon("[meanings]\nsue: sue, take to court\n[light]\nplease, by the way")
    terms = found.terms(words("please, has he gone to take to court"))
    assert [one.meanings for one in terms[5:]] == [("+sue",)] * 3
    assert [one.light for one in terms[:5:3]] == [True, False]


@pytest.mark.parametrize(
    "word",
    "charge strike deal fine bill board key case run right suit ground sink drop"
    " race spring bank".split(),
)
def test_a_word_of_several_senses_means_nothing_alone(word: str) -> None:
    """Only a phrase of the lexicon tells which sense of such a word is meant."""
    assert not lexicon().meanings_of(words(word))


@pytest.mark.parametrize(
    ("one", "other", "meaning"),
    [
        ("was she sacked", "did they fire her", "+fire"),
        ("is there a blaze", "what set it on fire", "+blaze"),
        ("was he indicted", "is he charged with it", "+charge"),
        ("are they on strike", "why the walkout", "+strike"),
        ("did the ship run aground", "when did the boat sink", "+shipwreck"),
        ("has the site an outage", "why is the server down", "+outage"),
        ("was it peer reviewed", "what do the reviewers say", "+peer-review"),
        ("did she go bust", "are they insolvent", "+bankrupt"),
    ],
)
def test_the_lexicon_knows_news_of_every_kind(
    one: str, other: str, meaning: str
) -> None:
    """Two ways of asking for the same share its meaning."""
    for text in (one, other):
        meanings = lexicon().meanings_of(words(text))
        assert meaning in meanings, text


def test_no_light_word_of_the_lexicon_has_a_meaning() -> None:
    """A word cannot both mean something and mean nothing."""
    found = lexicon()
    assert not found.light & set(found.meanings)
    assert len(found.meanings) > 2000
