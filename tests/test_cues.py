"""What no way of asking touches yet, and what a further way would do."""

from dataclasses import replace

import pytest

from bot.answering.answerer import Answerer
from bot.evaluation.cues import Cues, cues
from bot.story.model import Story


def cues_of(made: Story, entry: str, **changes: object) -> Cues:
    """The cues of an entry, with other fields."""
    one = made.entries[entry].model_copy(update=changes)
    made = replace(made, entries={**made.entries, entry: one})
    return cues(one, made, Answerer(made))


def kinds_of(found: Cues) -> dict[str, str]:
    """The kinds that nobody asks, each with what would answer it."""
    return {one.kind: one.of for one in found.kinds}


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
        ("There were 47 bells in it. [bell-gone]", "how many", "47 bells"),
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


@pytest.mark.parametrize(
    "text",
    [
        "In March 2024 it was gone; in 2022 it rang.",
        "The tower ran Windows 3.1 on its clocks.",
        "They rang 911 on all lines.",
        "File 291 crashes it.",
    ],
)
def test_no_quantity_is_no_how_many(story: Story, text: str) -> None:
    """A year, a version, an emergency call and a name are not asked with *how many*."""
    answer = f"{text} [bell-gone]"
    assert "how many" not in kinds_of(cues_of(story, "what-happened", answer=answer))


def test_filler_is_no_cue(story: Story) -> None:
    """Of the answer's own sentences, what says nothing by itself is left out."""
    answer = (
        "The Lynx put them on its own page, and a furnace made the day. [bell-gone]"
    )
    found = cues_of(story, "what-happened", answer=answer).words
    assert found == ("Lynx", "furnace")


def test_words_and_names_that_no_way_has(story: Story) -> None:
    """They are told as they are written; a form of a word that a way has is not."""
    answer = "Thieves had not stolen it, Harbour Council said. [bell-gone]"
    found = cues_of(story, "was-it-stolen", answer=f"The furnace is cold. {answer}")
    assert "furnace" in found.words
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
    assert "passive" in kinds_of(cues_of(story, "was-it-stolen", **ways))
    turned = "was Ada Moreau sued by Harbour Council"
    both = kinds_of(
        cues_of(story, "was-it-stolen", **{**ways, "also_asked": (turned,)})
    )
    assert not {"passive", "active"} & both.keys()
    alone = {"question": turned, "also_asked": ()}
    assert "active" in kinds_of(cues_of(story, "was-it-stolen", **alone))


def test_part_of_a_name_names_somebody(story: Story) -> None:
    """Who is asked for by a first name is named, though that is no name of theirs."""
    answer = "Ada Moreau heard of it. [bell-gone]"
    asked: dict[str, object] = {"answer": answer, "premises": (), "also_asked": ()}
    assert "Ada Moreau" in cues_of(story, "was-it-stolen", **asked).names
    asked["also_asked"] = ("what did ada hear",)
    assert "Ada Moreau" not in cues_of(story, "was-it-stolen", **asked).names
