"""Who does what to whom, for any verb, as the order of words tells it."""

import pytest

from bot.matching.grammar import Term
from bot.matching.reader import Reader
from bot.matching.roles import (
    acts,
    asked_acts,
    asked_deed,
    asker_acts,
    phrases,
)

READER = Reader({"ada": "@ada", "ben": "@ben", "the mill": "@mill"})


def terms(text: str) -> tuple[Term, ...]:
    """The terms of a text."""
    return READER.understand(text).terms


def parts(text: str, verb: str) -> tuple[set[str], set[str]]:
    """Who acts and who is acted upon in a sentence, by a verb of it."""
    (found,) = [act for act in acts(terms(text)) if act.verb.term == verb]
    return set(found.agents), set(found.patients)


@pytest.mark.parametrize(
    ("text", "agents", "patients"),
    [
        ("Ada painted the mill.", {"@ada"}, {"@mill"}),
        ("The mill was painted by Ada.", {"@ada"}, {"@mill"}),
        ("The mill was painted.", set[str](), {"@mill"}),
        ("Ben said that Ada painted the mill.", {"@ada"}, {"@mill"}),
    ],
)
def test_a_sentence_tells_who_acts_and_who_is_acted_upon(
    text: str, agents: set[str], patients: set[str]
) -> None:
    """In the active, in the passive, and in what somebody says."""
    assert parts(text, "paint") == (agents, patients)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("did Ada paint the mill", [("paint", {"@ada"}, {"@mill"})]),
        ("was the mill painted by Ada", [("paint", {"@ada"}, {"@mill"})]),
        ("who painted Ada", [("paint", set[str](), {"@ada"})]),
        ("did Ada and Ben ever apologise", [("apology", {"@ada", "@ben"}, set[str]())]),
        ("Ada, the painter of the mill", []),
        ("what did they paint", []),
    ],
)
def test_a_question_tells_who_acts_only_where_it_is_plain(
    text: str, found: list[tuple[str, set[str], set[str]]]
) -> None:
    """After "did", before "by", after "who" and its verb; else nothing is told."""
    said = [
        (act.verb.term, set(act.agents), set(act.patients))
        for act in asked_acts(terms(text))
    ]
    assert said == found


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("who painted the mill", "paint"),
        ("did they paint the mill", "paint"),
        ("what did Ada paint", "paint"),
        ("the paint of the mill", None),
        ("who is Ada", None),
    ],
)
def test_the_deed_that_is_asked_follows_who_or_whoever_acts(
    text: str, deed: str | None
) -> None:
    """Where no word is plainly the verb there is none."""
    found = asked_deed(terms(text))
    assert (found.term if found else None) == deed


@pytest.mark.parametrize(
    ("text", "heads", "is_askers"),
    [
        ("who painted my bike", ["bike"], [True]),
        ("did the landlord apologise", ["landlord"], [False]),
        ("who painted the mill", [], []),
        ("who painted it", [], []),
    ],
)
def test_a_phrase_acts_or_is_acted_upon(
    text: str, heads: list[str], is_askers: list[bool]
) -> None:
    """It follows the verb, or stands between "did" and the verb; a name is none."""
    found = phrases(terms(text))
    assert [one.words[-1].term for one in found] == heads
    assert [one.is_askers for one in found] == is_askers


def test_the_asker_acts_in_how_do_i() -> None:
    """But not in "can I ask" or "do we know"."""
    assert asker_acts(terms("how do I paint a mill"))
    assert not asker_acts(terms("can I ask who painted the mill"))
    assert not asker_acts(terms("do we know who painted the mill"))
