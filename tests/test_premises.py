"""A moderator's correction goes to whoever takes the same wrong thing for granted."""

import pytest

from bot.matching.guards import Profile
from bot.matching.premises import carries
from bot.matching.question import Asked
from bot.matching.reader import Reader

READER = Reader({"ada": "@ada", "ben": "@ben", "council": "@council"})


def read(text: str) -> Asked:
    """What a text asks or says."""
    return READER.understand(text)


def profile() -> Profile:
    """An entry about how Ada left the workshop."""
    return Profile(
        [read("Why did Ada leave the workshop?"), read("did Ada sell shares")],
        [read("The council said that Ada was retiring."), read("Ada sold shares.")],
        (),
    )


@pytest.mark.parametrize(
    ("asked", "claim"),
    [
        ("why did they sack Ada", "why was Ada fired"),
        ("was Ada fired from the workshop", "who fired Ada"),
        ("so Ada sold all her shares?", "why did Ada sell all her shares"),
        ("why did Ada sell everything, like all shares", "Ada sold all her shares"),
        ("did Ada leave in 2021", "Ada left the workshop in 2021"),
        ("Ada didn't leave in 2021", "Ada left the workshop in 2021"),
        ("why was she sacked", "why was Ada fired"),
        ("why did Ada not pay the bills", "why did Ada refuse to pay the bills"),
        ("why did Ada drag Ben before a judge", "why did Ada take Ben before a court"),
        ("did Ada tell Oprah", "what did Ada say in her interview with Oprah"),
    ],
)
def test_the_same_wrong_thing_of_the_same_people_is_carried(
    asked: str, claim: str
) -> None:
    """In other words, too, and where the name is a pronoun."""
    assert carries(read(asked), read(claim), profile())


@pytest.mark.parametrize(
    ("asked", "claim"),
    [
        ("why was Ben fired", "why was Ada fired"),
        ("why did Ben fire Ada", "why was Ada fired"),
        ("Ada wasn't fired, right?", "why was Ada fired"),
        ("why did Ada sell shares", "why did Ada sell all her shares"),
        ("did Ada leave in 2022", "Ada left the workshop in 2021"),
        ("why did Ada leave the workshop", "why was Ada fired"),
        ("where did Ada go", "why did Ada sail to Malta on a raft"),
        ("why was Ada crying", "why was Ada fired"),
        ("why did Ada sell", "why was Ada fired"),
        ("how many people did Ada help", "how many people did Ada hurt"),
        ("why did 23 guests sue", "why did 23 guests die"),
        ("why was Ada happily retiring", "why was Ada secretly retiring"),
    ],
)
def test_somebody_else_or_nothing_wrong_is_not_carried(asked: str, claim: str) -> None:
    """Another person, deed or date, the contrary, or none of what is wrong."""
    assert not carries(read(asked), read(claim), profile())
