"""What moderators are shown of a record: who uses it."""

from bot.discord_bot.moderation.record_cards import users

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
