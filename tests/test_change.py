"""What a change would do, as people, pull requests and programs see it."""

import dataclasses
import json
from collections.abc import Callable

import pytest
from hypothesis import given

from bot.evaluation.leads import Led
from bot.publishing import change_report
from bot.publishing.change import Change, led_text
from bot.publishing.comparing import Broken, Comparison, Moved, Question
from bot.story.differences import differences
from bot.story.model import Place, Problem, Story
from tests.nasty import texts

QUIET = Comparison((), (), 1234, 0)
ERROR = Problem.error(Place("story/facts/bell.yaml", 3, 5), "'kind' is missing")


def edited(story: Story) -> Story:
    """The invented story with something of each kind changed."""
    facts = dict(story.facts)
    name, fact = next(iter(facts.items()))
    words = fact.statement.replace("4 March", "5 March")
    facts[name] = fact.model_copy(update={"statement": words, "volunteer": False})
    facts["bell-sold"] = fact.model_copy(update={"id": "bell-sold"})
    entries = dict(story.entries)
    entry = entries["what-happened"]
    entries["what-happened"] = entry.model_copy(
        update={
            "also_asked": (*entry.also_asked[1:], "what became of the bell"),
            "related": tuple(reversed(entry.related)),
        }
    )
    sources = dict(story.sources)
    sources.popitem()
    probes = (*story.probes, story.probes[0])
    return dataclasses.replace(
        story, facts=facts, entries=entries, sources=sources, probes=probes
    )


def moved(*, is_theft: bool = True, after: Led | None = None) -> Moved:
    """A question that leads elsewhere."""
    return Moved(
        Question("where is the bell", "own way", ("what-happened",)),
        Led("answer", ("what-happened",)),
        after or Led("answer", ("was-it-stolen",)),
        is_theft,
    )


def change(story: Story, comparison: Comparison | None) -> Change:
    """The edited story beside the one it was."""
    found = differences(story, edited(story))
    return Change("HEAD (revision 123)", "story (revision 456)", found, comparison)


@pytest.fixture
def whole(story: Story) -> Change:
    """A change that does something of everything."""
    asked = Question("is it sold?", "asked by people")
    found = Comparison(
        moved=(
            moved(),
            moved(is_theft=False, after=Led("did_you_mean", ("was-it-stolen", "x"))),
            Moved(
                asked,
                Led("not_covered"),
                Led("answer", ("was-it-stolen",)),
                is_theft=False,
            ),
        ),
        broken=(Broken(story.probes[0], Led("not_covered")),),
        asked=1234,
        left_out=0,
    )
    return change(story, found)


def test_people_read_counts_first_then_each_difference(
    whole: Change, golden: Callable[[str, str], None]
) -> None:
    """What `diff` prints is what we looked at and found good, in 80 columns."""
    shown = list(change_report.lines(whole))
    assert all(len(line) <= 80 for line in shown)
    golden("diff/change.txt", "\n".join(shown) + "\n")


def test_a_comment_is_a_verdict_a_table_and_a_block(
    whole: Change, golden: Callable[[str, str], None]
) -> None:
    """The Markdown begins with its mark, and is what we found good."""
    shown = change_report.markdown(whole)
    assert shown.startswith(f"{change_report.MARK}\n")
    golden("diff/change.md", shown)


def test_each_reason_to_refuse_is_one_sentence(whole: Change) -> None:
    """A theft and a broken `must` each say what would happen, in a sentence."""
    assert whole.refusals == (
        "“where is the bell” is a way of asking what-happened, and would be answered "
        "by was-it-stolen",
        "“what happened to the bell?” must lead to what-happened, and leads to not "
        "covered",
    )


def test_an_offer_that_is_stolen_is_said_to_be_offered(story: Story) -> None:
    """Where another entry would be offered, nothing says that it would answer."""
    offered = moved(after=Led("did_you_mean", ("was-it-stolen",)))
    found = dataclasses.replace(QUIET, moved=(offered,))
    (refusal,) = change(story, found).refusals
    assert refusal.endswith("and would be offered was-it-stolen first")
    closest = moved(after=Led("closest", ("was-it-stolen", "what-happened")))
    found = dataclasses.replace(QUIET, moved=(closest,))
    (refusal,) = change(story, found).refusals
    assert refusal.endswith("and would be shown was-it-stolen as the closest")


@pytest.mark.parametrize(
    ("led", "words"),
    [
        (Led("answer", ("a", "b")), "an answer from a and b"),
        (Led("closest", ("a", "b")), "the closest, a, b"),
        (Led("facts"), "facts that speak of it"),
        (Led("did_you_mean", ("a", "b")), "did you mean a, b"),
        (Led("not_covered"), "not covered"),
        (Led("help"), "help"),
    ],
)
def test_where_a_question_leads_is_said_in_words(led: Led, words: str) -> None:
    """Each outcome has words, with its entries, for who reads a change."""
    assert led_text(led) == words


def test_a_change_without_harm_is_not_refused(story: Story) -> None:
    """Questions that lead elsewhere, and warnings, are shown; they refuse nothing."""
    warning = dataclasses.replace(ERROR, severity="warning")
    found = dataclasses.replace(QUIET, moved=(moved(is_theft=False),))
    harmless = dataclasses.replace(change(story, found), problems=(warning,))
    assert harmless.refusals == ()
    assert "Nothing speaks against it." in change_report.markdown(harmless)


def test_files_that_cannot_be_served_are_refused() -> None:
    """An error in the files is the reason; no question was asked."""
    broken = Change("HEAD", "story", (), None, (ERROR,))
    assert broken.refusals == (str(ERROR),)
    shown = "\n".join(change_report.lines(broken))
    assert "No question was asked" in shown
    assert str(ERROR) in shown


def test_what_was_left_out_is_said(story: Story) -> None:
    """A look ahead says that it is one."""
    ahead = dataclasses.replace(QUIET, left_out=10)
    shown = " ".join(change_report.lines(change(story, ahead)))
    assert "10 were left out, and may lead elsewhere, too" in shown


def test_a_long_list_ends_with_how_much_more_there_is(story: Story) -> None:
    """Of very many questions the first are shown; a comment never grows too long."""
    many = dataclasses.replace(QUIET, moved=(moved(),) * 5_000)
    found = change(story, many)
    assert any("more: see --json" in line for line in change_report.lines(found))
    assert len(change_report.markdown(found)) <= change_report.MOST_CHARACTERS


def test_a_program_gets_everything(whole: Change) -> None:
    """The JSON has each record and field, each question, and each refusal."""
    found = json.loads(json.dumps(change_report.as_json(whole)))
    assert found["refused"] == list(whole.refusals)
    assert found["asked"] == 1234
    assert found["moved"][0]["theft"] is True
    assert found["moved"][0]["after"] == {
        "outcome": "answer",
        "entries": ["was-it-stolen"],
    }
    assert found["records"]["facts"]["added"] == ["bell-sold"]
    fields = found["records"]["facts"]["changed"][0]["fields"]
    assert fields[1] == {"name": "volunteer", "before": True, "after": False}
    assert found["must"][0]["expect"] == ["what-happened"]


@given(texts)
def test_nothing_in_a_story_escapes_the_block(text: str) -> None:
    """Whatever a question holds, the comment's block ends at its own fence."""
    own = Question(text, "own way", ("a",))
    one = Moved(own, Led("not_covered"), Led("answer", ("b",)), is_theft=True)
    found = Change("x", "y", (), Comparison((one,), (), 1, 0))
    shown = change_report.markdown(found).split("\n")
    (start,) = [at for at, line in enumerate(shown) if line.endswith("`diff")]
    fence = shown[start].removesuffix("diff")
    inside = shown[start + 1 : -2]
    assert shown[-2:] == [fence, ""]
    assert not any(fence in line for line in inside)
