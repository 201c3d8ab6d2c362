"""What no way of asking touches yet, and what a further way would do."""

from dataclasses import replace

import pytest

from bot.answering.answerer import Answerer
from bot.evaluation.cues import Cues, Trial, cues, trial
from bot.story.model import Story
from tests.conftest import TODAY


def cues_of(made: Story, entry: str, **changes: object) -> Cues:
    """The cues of an entry, with other fields."""
    one = made.entries[entry].model_copy(update=changes)
    made = replace(made, entries={**made.entries, entry: one})
    return cues(one, made, Answerer(made))


def kinds_of(found: Cues) -> dict[str, str]:
    """The kinds that nobody asks, each with what would answer it."""
    return {one.kind: one.of for one in found.kinds}


def tried(made: Story, entry: str, line: str) -> Trial:
    """What the bot would do with a line."""
    return trial(Answerer(made), made.entries[entry], line, TODAY)


def test_a_date_without_a_when(story: Story) -> None:
    """A date that no way asks for is a cue; one way with *when* ends it."""
    found = cues_of(story, "what-happened")
    assert kinds_of(found)["when"] == "4 March 2024"
    asked = ("when did the bell go missing",)
    assert "when" not in kinds_of(cues_of(story, "what-happened", also_asked=asked))


@pytest.mark.parametrize(
    ("answer", "kind", "of"),
    [
        ("It cost $2,200 a year. [bell-gone]", "how much", "$2,200"),
        ("It cost 3 million euros. [bell-gone]", "how much", "3 million euros"),
        ("There were 47 bells in it. [bell-gone]", "how many", "47"),
        ("It took two weeks. [bell-gone]", "how long", "two weeks"),
        ("Ada Moreau heard of it. [bell-gone]", "who", "Ada Moreau"),
    ],
)
def test_what_an_answer_gives_and_nobody_asks(
    story: Story, answer: str, kind: str, of: str
) -> None:
    """A sum, a number, a time or a name has its own question."""
    found = kinds_of(cues_of(story, "what-happened", answer=answer, not_this=()))
    assert found[kind] == of


def test_a_year_is_no_number(story: Story) -> None:
    """A date is not asked for with *how many*."""
    answer = "In March 2024 it was gone; in 2022 it rang. [bell-gone]"
    assert "how many" not in kinds_of(cues_of(story, "what-happened", answer=answer))


def test_words_and_names_that_no_way_has(story: Story) -> None:
    """They are told as they are written; a form of a word that a way has is not."""
    found = cues_of(story, "was-it-stolen")
    assert "confirmed" in found.words
    assert not {"bell", "stolen", "theft"} & {one.lower() for one in found.words}
    assert "Harbour Council" in found.names


def test_a_word_of_two_parts_is_told_once(story: Story) -> None:
    """What a hyphen joins is one word, though it is two terms."""
    answer = "The clock-keeper Jean-François heard of it. [bell-gone]"
    found = cues_of(story, "what-happened", answer=answer).words
    assert found.count("Jean-François") == 1


def test_an_active_without_its_passive(story: Story) -> None:
    """Where every way has it from one side, the other is a cue."""
    ways = {
        "question": "Did Harbour Council sue Ada Moreau?",
        "also_asked": ("why did Harbour Council sue Ada Moreau",),
    }
    assert "turned" in kinds_of(cues_of(story, "was-it-stolen", **ways))
    both = {**ways, "also_asked": ("was Ada Moreau sued by Harbour Council",)}
    assert "turned" not in kinds_of(cues_of(story, "was-it-stolen", **both))


def test_what_a_line_would_do(story: Story) -> None:
    """Known, answered, nearer to another, or nowhere yet: each is told apart."""
    known = tried(story, "what-happened", "Was the bell stolen")
    assert known.does == "known"
    assert known.other
    assert known.other.entry == "was-it-stolen"
    assert tried(story, "what-happened", "where's the bell?").does == "answers"
    other = tried(story, "what-happened", "was the bell taken by a thief")
    assert other.does == "other"
    assert other.other
    assert other.other.entry == "was-it-stolen"
    assert other.near in story.entries["was-it-stolen"].ways
    assert tried(story, "what-happened", "quux the flarn").does == "nothing"


def test_what_the_answer_does_not_say(story: Story) -> None:
    """Words and kinds that are in neither answer nor facts are asked about."""
    found = tried(story, "what-happened", "which lorry took the bell away")
    assert "lorry" in found.unsaid
    assert not tried(story, "what-happened", "where is the bell now").unsaid
