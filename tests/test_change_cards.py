"""How a change is said: word by word, and safe to show."""

import pytest
from hypothesis import given

from bot.discord_bot.moderation.change_cards import Teller, word_diff
from bot.publishing.change import Change
from bot.story.differences import Changed, Differences, Field
from bot.words.catalogue import words
from tests import nasty

LONG = " ".join(f"word{at}" for at in range(80))


def test_a_long_text_is_shown_around_what_changes() -> None:
    """What stays the same is left out, but for a few words beside the change."""
    said = word_diff(f"{LONG} a week {LONG}", f"{LONG} one week {LONG}")
    assert "~~a~~ **one** week" in said
    assert said.startswith("… word74")
    assert len(said) < 200


def test_texts_that_share_little_stand_whole() -> None:
    """Word by word, what has nothing in common could not be read."""
    said = word_diff("one two three four", "five six four seven eight")
    assert said == "~~one two three four~~ **five six four seven eight**"


@given(nasty.texts, nasty.texts)
def test_what_was_typed_has_no_effect(before: str, after: str) -> None:
    """Markdown in a text is shown as it is; a diff never fails."""
    said = word_diff(before, after)
    assert "@everyone" not in said
    assert "://" not in said


def test_a_long_sentence_is_not_cut_before_it_is_compared() -> None:
    """Only what changes in a field is shown as changed, however long it is."""
    field = Field("statement", f"{LONG} ends here", f"{LONG} ended here")
    found = Differences("facts", changed=(Changed("bell-gone", (field,)),))
    told = Teller({}, words("en")).changed(Change("", "", (found,), None))
    assert "~~ends~~ **ended** here" in "".join(told.items)


def test_ids_are_shown_as_what_they_stand_for() -> None:
    """Facts and questions are named by their texts, in lists as in an answer."""
    names = {"answers/bell": "Was it stolen?", "facts/gone": "The bell was gone."}
    related = Field("related", [], ["bell"])
    cites = Field("answer", "It went.", "It went. [gone]")
    found = Differences("answers", changed=(Changed("other", (related, cites)),))
    told = Teller(names, words("en")).changed(Change("", "", (found,), None))
    assert "**Was it stolen?**" in "".join(told.items)
    assert "**The bell was gone.**" in "".join(told.items)


def test_only_ids_are_taken_for_ids() -> None:
    """A word of a person's own message stays, though it is some answer's id."""
    teller = Teller({"answers/bell": "Was it stolen?"}, words("en"))
    assert teller.line("Say when the bell rang") == "Say when the bell rang"
    for own in ("answers: change {}", "undo answers: tell {} and more apart"):
        assert teller.line(own.format("bell")) == own.format("“Was it stolen?”")


@pytest.mark.parametrize(
    ("action", "message", "said"),
    [
        ("edit", "facts: change bell-gone", "Fact: The bell is gone."),
        ("propose", "facts: change bell-gone", "Fact: The bell is gone."),
        ("propose", "facts: retire bell-gone", "facts: retire “The bell is gone.”"),
        ("retire", "facts: retire bell-gone", "Fact: The bell is gone."),
        ("hide", "hide bell-gone: hide it", "“The bell is gone.”: hide it"),
        ("undo", "undo hide bell-gone: no", "hide “The bell is gone.”: no"),
        ("edit", "bell-gone, by hand", "bell-gone, by hand"),
        ("settle", "reports 3", "report 3"),
    ],
)
def test_what_was_done_is_said_once(action: str, message: str, said: str) -> None:
    """Beside what a moderator did stands what it was done to, and no verb again."""
    teller = Teller({"facts/bell-gone": "The bell is gone."}, words("en"))
    assert teller.done(action, message) == said
