"""Wrong premises: set right by a fact or by a moderator, or not answered at all."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.answerer import Answerer
from bot.answering.outcome import Answer, DidYouMean, Outcome
from bot.answering.wording import premise_text, say
from tests.conftest import TODAY
from tests.folder import Folder

FACTS, ANSWERS = "facts/bell.yaml", "answers/bell.yaml"
HIRED = "Harbour Council said that it had hired Ada Moreau to repair the bell."
WHO_HIRED = f"""\
- id: who-hired
  question: Who did Harbour Council hire to repair the bell?
  also_asked:
    - whom did the council hire for the repair
  answer: >-
    {HIRED} [council-repair]
"""
GLAD = "eighbours of the tower welcomed the sound of the bell in June 2024."
CLAIM = """\
  gives: when
  premises:
    - claims:
        - since when does the bell ring again, 12 July 2024
      correction: >-
        The bell came back in June, not in July. [bell-returned]
"""
Edit = Callable[[Folder], object]


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Edit], Answerer]:
    """Answers from the invented story once it was edited."""

    def answer_from(edit: Edit) -> Answerer:
        folder = Folder(tmp_path_factory.mktemp("edited") / "story")
        edit(folder)
        story = folder.load().story
        assert story is not None, folder.errors()
        return Answerer(story)

    return answer_from


@pytest.fixture(scope="module")
def hired(edited: Callable[[Edit], Answerer]) -> Answerer:
    """Answers from the story in which the council hired the founder."""

    def edit(folder: Folder) -> None:
        old = "Harbour Council said that it had sent the bell away for repair."
        folder.edit(FACTS, old, HIRED)
        folder.write(ANSWERS, folder.read(ANSWERS) + WHO_HIRED)

    return edited(edit)


def ask(answerer: Answerer, text: str) -> Outcome:
    """What a question leads to."""
    return answerer.reply(text, TODAY).outcomes[0]


def premise(answerer: Answerer, text: str, entry: str) -> str | None:
    """What sets a question's premise right in an entry's answer; None for nothing."""
    outcome = ask(answerer, text)
    assert isinstance(outcome, Answer), outcome
    assert outcome.entry == entry
    return premise_text(outcome)


@pytest.mark.parametrize(
    "text",
    [
        "When did the bell come back, on 13 June 2024?",
        "since when does the bell ring again, 12 July 2024?",
        "when was the bell hung again, 12 june 2023",
    ],
)
def test_a_wrong_date_is_set_right_by_a_fact(answerer: Answerer, text: str) -> None:
    """The fact with the right date comes first, with its source."""
    said = premise(answerer, text, "when-returned")
    fact = answerer.story.facts["bell-returned"].statement
    assert said == f"{say('opening.other-date')} {fact} [1]"


@pytest.mark.parametrize(
    "text",
    [
        "When did the bell come back, on 12 June 2024?",
        "When did the bell come back, in June?",
        "When did the bell come back, in 2024?",
        "When did the bell come back?",
    ],
)
def test_a_right_date_is_not_set_right(answerer: Answerer, text: str) -> None:
    """What agrees with the facts, or says less, is answered as it is."""
    assert premise(answerer, text, "when-returned") is None


def test_a_wrong_number_is_set_right_by_a_fact(
    edited: Callable[[Edit], Answerer],
) -> None:
    """The fact with the right number comes first; the right one is left alone."""
    answerer = edited(lambda one: one.edit(FACTS, f"N{GLAD}", f"300 n{GLAD}"))
    text = "Did {} neighbours welcome the bell when it came back?"
    wrong = premise(answerer, text.format(500), "when-returned")
    assert wrong == f"{say('opening.other-number')} 300 n{GLAD} [1]"
    assert premise(answerer, text.format(300), "when-returned") is None


@pytest.mark.parametrize(
    "text",
    [
        "Did Ada Moreau hire Harbour Council to repair the bell?",
        "was the council hired by Moreau for the repair",
    ],
)
def test_reversed_roles_are_set_right_by_a_fact(hired: Answerer, text: str) -> None:
    """The fact says who did it to whom, in the active or the passive."""
    said = f"{say('opening.other-way-round')} {HIRED} [1]"
    assert premise(hired, text, "who-hired") == said


@pytest.mark.parametrize(
    "text",
    [
        "did Harbour Council hire Ada Moreau to repair the bell?",
        "was Moreau hired by the council for the repair",
    ],
)
def test_roles_as_they_were_are_not_set_right(hired: Answerer, text: str) -> None:
    """The passive of what is so is so, too."""
    assert premise(hired, text, "who-hired") is None


def test_a_role_that_is_asked_for_is_not_reversed(hired: Answerer) -> None:
    """Whom Moreau hired is not answered with who hired her, as if that were it."""
    outcome = ask(hired, "Who did Moreau hire for the repair?")
    assert not isinstance(outcome, Answer) or outcome.premise


@pytest.mark.parametrize(
    ("text", "entry", "at"),
    [
        ("the bell was never hung again, right?", "when-returned", 0),
        ("the bell wasn't hung again", "when-returned", 0),
    ],
)
def test_a_negation_is_set_right_by_the_sentence_that_affirms_it(
    answerer: Answerer, text: str, entry: str, at: int
) -> None:
    """What is taken not to be so is met with the sentence that says that it was."""
    said = premise(answerer, text, entry)
    sentence = answerer.story.entries[entry].sentences[at].text
    assert said is not None
    assert said.startswith(f"{say('opening.otherwise')} {sentence}")


@pytest.mark.parametrize(
    "text",
    [
        "the bell was hung again, right?",
        "didn't they hang the bell again?",
        "the bell came back, didn't it",
        "so the bell did come back, or not?",
        "Was the bell not stolen?",
        "the theft was never confirmed, was it",
        "no theft was confirmed, correct?",
        "not gonna lie, when did the bell come back",
        "the bell isn't hung again yet",
        "the bell was not hung again until 12 June 2024, right?",
        "the bell was not stolen, right?",
    ],
)
def test_what_is_so_is_never_contradicted(answerer: Answerer, text: str) -> None:
    """A tag, a negative question, a true denial or a limited one sets nothing right."""
    outcome = ask(answerer, text)
    assert not (isinstance(outcome, Answer) and outcome.premise), outcome


@pytest.mark.parametrize("name", ["Gucci", "Prada", "Kanye West", "Kim Kardashian"])
@pytest.mark.parametrize(
    "text",
    [
        "When did the {} bell come back?",
        "did the bell of {} come back",
        "was the bell stolen by {}?",
        "what did {} say in March?",
        "what happened to the bell of {}",
    ],
)
def test_a_foreign_name_is_never_answered(
    answerer: Answerer, text: str, name: str
) -> None:
    """Who is nobody in the story did nothing in it, capital letters or not."""
    for typed in (text.format(name), text.format(name.lower())):
        assert not isinstance(ask(answerer, typed), Answer), typed


def test_a_moderators_correction_wins_over_a_fact(
    answerer: Answerer, edited: Callable[[Edit], Answerer]
) -> None:
    """Where a claim was foreseen, its own sentence is said."""
    text = "since when does the bell ring again, 12 July 2024"
    fact = premise(answerer, text, "when-returned")
    assert fact is not None
    assert fact.startswith(say("opening.other-date"))
    told = edited(lambda folder: folder.edit(ANSWERS, "  gives: when\n", CLAIM))
    right = "The bell came back in June, not in July. [1]"
    assert premise(told, text, "when-returned") == right
    denied = text.replace("ring", "not ring")
    assert premise(told, denied, "when-returned") == right


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("What happened to the two bells?", "what-happened"),
        ("since when does the bell not ring again", "when-returned"),
        ("What happened to the Harbour Street bell in 2019?", "what-happened"),
    ],
)
def test_what_nothing_sets_right_is_offered_and_not_answered(
    answerer: Answerer, text: str, entry: str
) -> None:
    """Without a fact that says what is right, the bot asks what was meant."""
    outcome = ask(answerer, text)
    assert isinstance(outcome, DidYouMean)
    assert entry in [link.entry for link in outcome.offered]


@given(
    st.sampled_from(["When did the bell come back, {}?", "was the bell stolen {}"]),
    st.integers(1, 28),
    st.sampled_from(["April", "August", "October"]),
    st.integers(1950, 2023),
)
def test_no_wrong_date_is_answered_as_if_it_were_right(
    answerer: Answerer, text: str, day: int, month: str, year: int
) -> None:
    """Whatever day is asked of, an answer says first that it is another."""
    outcome = ask(answerer, text.format(f"on {day} {month} {year}"))
    assert not isinstance(outcome, Answer) or outcome.premise
