"""What moderators are shown of a record: who uses it."""

import pytest

from bot.discord_bot.moderation.record_cards import find, search_shown, users
from bot.discord_bot.showing.cards import Menu
from bot.discord_bot.showing.custom_ids import CustomId
from bot.discord_bot.showing.limits import width
from bot.words.catalogue import words

FILES = {
    "facts/bell.yaml": """
- id: theft
  statement: The bell was stolen.
  citations: [{source: herald, quote: a theft}]
- id: return
  statement: The bell came back.
  superseded_by: theft
  disputed_by: [denial]
- id: denial
  statement: Nobody took the theft of the bell for one.
  note: see [theft]
""",
    "answers/bell.yaml": """
- id: theft
  question: Was there a theft?
  also_asked: [theft, "what of the theft, or the return?"]
  answer: It was stolen. [theft, denial] It is back. [return]
- id: return
  question: Is it back?
  related: [theft]
  answer: It is. [return]
  premises:
    - claims: [theft]
      correction: It came back. [denial]
""",
    "entities.yaml": "- {id: ada, name: Ada, facts: [theft]}\n",
    "unknowns.yaml": "- {id: who, ask: [theft], facts: [return], note: theft}\n",
}


def test_users_of_a_fact() -> None:
    """A fact is used by what cites it or names it, not by what has its id as a word."""
    assert users(FILES, "facts", "theft") == [
        "answers/theft",
        "facts/return",
        "entities/ada",
    ]
    assert users(FILES, "facts", "return") == [
        "answers/theft",
        "answers/return",
        "unknowns/who",
    ]
    assert users(FILES, "facts", "denial") == [
        "answers/theft",
        "answers/return",
        "facts/return",
    ]


def test_users_of_an_answer_and_of_a_source() -> None:
    """An answer is used by what it is related to, a source by what cites it."""
    assert users(FILES, "answers", "theft") == ["answers/return"]
    assert users(FILES, "sources", "herald") == ["facts/theft"]


SCRIPTS = {
    "facts/all.yaml": """
- {id: kolokol, statement: Колокол украден из башни.}
- {id: shizhang, statement: 市長は鐘を見た。}
- {id: qsh, statement: قصة الجرس}
- {id: strasse, statement: Die Straße ist gesperrt.}
- {id: party, statement: The bell rings 🔔 again.}
"""
}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Колокол", ["kolokol"]),
        ("КОЛОКОЛ башни", ["kolokol"]),
        ("市長", ["shizhang"]),
        ("قصة", ["qsh"]),
        ("strasse", ["strasse"]),
        ("STRASSE", ["strasse"]),
        ("straße", ["strasse"]),
        ("kolokol", ["kolokol"]),
        ("🔔", ["party"]),
        ("🎈", []),
        ("zzz", []),
        ("часы", []),
    ],
)
def test_a_search_finds_what_has_the_words(asked: str, found: list[str]) -> None:
    """In any script, and of signs only, a search finds what has them, and no more."""
    assert [name for name, _ in find(SCRIPTS, "facts", asked)] == found


def test_no_words_find_all() -> None:
    """Where nothing is typed, everything is there to choose from."""
    assert len(find(SCRIPTS, "facts", " ")) == 5


@pytest.mark.parametrize(
    "asked", ["Колокол башни " * 9, "市" * 99, "où-est: the, bell"], ids=range(3)
)
def test_a_page_of_a_search_is_turned_in_any_script(asked: str) -> None:
    """The button that turns the page knows what was searched, whatever its script."""
    files = {"facts/x.yaml": "\n".join(f"- {{id: x-{one}}}" for one in range(20))}
    found = find(files, "facts", "")
    card = search_shown("facts", asked, 0, found, words("en"))
    rows = [row for row in card.cards[0].rows if not isinstance(row, Menu)]
    (turn,) = [one.custom_id for row in rows for one in row]
    assert turn.subject
    assert CustomId.read(turn.id) == turn
    assert width(turn.id) <= 100
