"""What a text denies, and whether another affirms just that."""

import pytest

from bot.matching import polarity
from bot.matching.polarity import (
    Denial,
    affirms,
    agrees,
    clauses,
    denials,
    is_contrary,
    is_of,
    said_of,
)
from bot.matching.question import Asked, told_parts
from bot.matching.reader import Reader

READER = Reader(
    {
        "ada": "@ada",
        "ben": "@ben",
        "council": "@council",
        "the mill": "@mill",
        "bell": "@bell",
    }
)


def read(text: str) -> Asked:
    """What a text asks or says."""
    return READER.understand(text)


def denial_of(text: str) -> Denial:
    """The one thing that a text denies."""
    (found,) = denials(read(text).terms)
    return found


def is_affirmed(asked: str, told: str) -> bool:
    """Whether a sentence says that just that was so which a question denies."""
    denial = denial_of(asked)
    known = read(asked).everything | read(told).everything
    parts = [
        clause for part in told_parts(told) for clause in clauses(read(part).terms)
    ]
    return any(affirms(clause, denial, known) for clause in parts)


def is_denied(asked: str, told: str) -> bool:
    """Whether a sentence denies what a question denies."""
    denial = denial_of(asked)
    return any(agrees(clause, denial) for clause in clauses(read(told).terms))


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("why did Ada never repair the bell", ("repair",)),
        ("Ada didn't repair it, did she?", ("repair",)),
        ("no repair was made, right?", ("repair", "make")),
        ("nobody repaired it", ("repair",)),
    ],
)
def test_what_is_denied_stands_after_the_denying_word(
    text: str, denied: tuple[str, ...]
) -> None:
    """A tag at the end is no part of it."""
    assert said_of(denial_of(text)) == denied


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Ada never repaired the bell", "Ada repaired the bell in May 2024."),
        ("why did Ada not apologise", "Ada said sorry on Monday."),
        ("the bell was not repaired", "Ada repaired the bell."),
        ("Ada didn't sue Ben, right?", "Ada sued Ben and alleged that he lied."),
        ("Ada never left the mill", "No reason was given when Ada left the mill."),
        ("Ada was not found guilty", "Ada was found guilty and fined, without prison."),
        ("Ben was never sued by Ada", "Ada sued Ben."),
        ("the council never apologised", "The council, with Ben, apologised twice."),
    ],
)
def test_a_sentence_affirms_what_a_question_denies(asked: str, told: str) -> None:
    """It has all that is denied, of the same people in the same parts."""
    assert is_affirmed(asked, told)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Ada never repaired the bell", "Ada did not repair the bell."),
        ("Ada never repaired the bell", "Ada denied that she had repaired the bell."),
        ("Ada never repaired the bell", "Ada would repair the bell in June."),
        ("Ada never repaired the bell", "Ben repaired the bell."),
        ("Ada never repaired the bell", "Ben said that Ada plans to repair the bell."),
        ("Ada never repaired the bell", "Ada repaired the clock."),
        ("Ada never sued Ben", "Ben sued Ada."),
        ("Ada never owned the mill", "The mill was owned by Ben and used by Ada."),
        ("Ada never apologised", "Ada said that the council apologised."),
        ("the fee did not apply", "The fee applied to nobody."),
        ("Ada didn't repair the bell at first", "Ada repaired the bell."),
        ("Ada didn't repair all of the bell", "Ada repaired the bell."),
        ("Ada was not allowed to repair the bell", "Ada was allowed to repair it."),
        ("Ada couldn't repair the bell", "Ada repaired the bell."),
        ("she never repaired it", "Ada repaired it."),
        ("Ada never said why she left", "Ada said that she left."),
        ("it never went to trial, right?", "It was settled weeks before the trial."),
    ],
)
def test_what_is_not_just_that_affirms_nothing(asked: str, told: str) -> None:
    """A denial, a plan, somebody else, another thing, or a limited denial."""
    assert not is_affirmed(asked, told)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (
            "the bell wasn't stolen, right?",
            "No source says that it was stolen.",
        ),
        ("Ada never stole the bell", "Ada denied that she stole the bell."),
        ("no reason was given?", "The council gave no reason."),
        ("the bell was not deleted", "The makers said that deleting it was a joke."),
    ],
)
def test_a_sentence_denies_what_a_question_denies(asked: str, told: str) -> None:
    """By a denying word before it, or by calling it false."""
    assert is_denied(asked, told)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Ada never repaired the bell", "Ada repaired the bell."),
        ("Ada never sued Ben", "The judge dismissed the suit."),
        ("Ada never repaired the bell", "The bell rang, which Ben did not hear."),
    ],
)
def test_what_denies_something_else_denies_nothing_of_it(asked: str, told: str) -> None:
    """To dismiss a suit does not deny that there was one."""
    assert not is_denied(asked, told)


@pytest.mark.parametrize("text", ["no not ", "why not ", "who did not "])
def test_what_a_text_of_denials_means_is_read_once(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not anew for each sentence that it is compared with: 600 characters hold many."""
    asked = read((text * 200)[:600])
    told = read("Ada did repair the bell, and who did it, why and when, is not said.")
    (*_, clause) = clauses(told.terms)
    denied = denials(asked.terms)
    assert len(denied) > 20
    monkeypatch.setattr(polarity, "_substance", None)
    for denial in denied:
        affirms(clause, denial, told.everything)
        agrees(clause, denial)


def test_a_wrong_claim_is_denied_by_its_contrary_only() -> None:
    """What denies less than the claim says may be wrong for all that."""
    claim = read("why did Ada sell the bell").terms
    assert is_contrary(denial_of("Ada never sold the bell"), claim)
    longer = read("why did Ada sell the bell for gold").terms
    assert not is_contrary(denial_of("Ada never sold the bell"), longer)


def test_a_question_that_was_asked_may_be_what_is_denied() -> None:
    """It has every word of it, and the same people in the same parts."""
    assert is_of(denial_of("Ada never sued Ben"), read("Did Ada sue Ben?").terms)
    assert not is_of(denial_of("Ada never sued Ben"), read("Did Ben sue Ada?").terms)
