"""Cards: what they say, that they fit, and that they do nothing but read."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.outcome import (
    Answer,
    DidYouMean,
    Help,
    Link,
    NotCovered,
    NumberedSource,
    Outcome,
    RelatedFact,
    Silent,
    UsedFact,
)
from bot.discord_bot.cards import cards, choices
from bot.discord_bot.limits import problems, width
from bot.discord_bot.safety import safe_url
from tests.nasty import alive, texts

HERALD: Final = NumberedSource(
    number=1,
    id="herald",
    publisher="Harbour Herald",
    title="Tower bell gone overnight",
    url="https://www.example.com/herald/bell_(tower)",
    published="2024-03-04",
    quotes=("someone has stolen our bell",),
)
COUNCIL: Final = replace(
    HERALD,
    number=2,
    id="council",
    publisher="Harbour Council",
    title="Statement on the tower bell",
    url="https://council.example.com/bell",
    published="2024-03",
)
ANSWER: Final = Answer(
    entry="was-it-stolen",
    asked="secret words of the asker",
    question="Was the bell stolen?",
    confidence=0.9,
    sentences=(
        "No source we have reports a theft that was confirmed. [1]",
        "Harbour Council said it had sent the bell for repair. [2]",
    ),
    premise=None,
    as_of="2024-03-05",
    kind=None,
    by=None,
    changes=(),
    disputes=(),
    stale=False,
    facts=(
        UsedFact("theft", "allegation", "Neighbours of the tower", "2024-03-04", None),
        UsedFact("repair", "statement", "Harbour Council", "2024-03-05", None),
    ),
    context=(),
    sources=(HERALD, COUNCIL),
    related=(
        Link("what-happened", "What happened to the bell?"),
        Link("when-returned", "When did the bell come back?"),
    ),
)
UNKNOWN: Final = NotCovered("secret words of the asker", None, (), ())

GOLDEN: Final[dict[str, Outcome]] = {
    "answer": replace(ANSWER, kind="statement", by="Harbour Council"),
    "premise": replace(
        ANSWER, premise="Ada Moreau denied that the bell had come to her. [1]"
    ),
    "changed": replace(
        ANSWER, changes=("The bell was hung in the tower again in June. [2]",)
    ),
    "disputed": replace(
        ANSWER,
        kind="allegation",
        by="Neighbours of the tower",
        disputes=("Ada Moreau denied that the bell had reached her. [1]",),
    ),
    "stale": replace(ANSWER, kind="fact", facts=(), stale=True),
    "source-without-title": replace(
        ANSWER, sources=(replace(HERALD, title=None), COUNCIL)
    ),
    "source-without-link": replace(
        ANSWER,
        sources=(
            replace(HERALD, url=None, published=None),
            replace(COUNCIL, url=None, title=None),
        ),
    ),
    "did-you-mean": DidYouMean("secret words of the asker", ANSWER.related),
    "not-covered-note": NotCovered(
        "secret words of the asker",
        "No source we have says what the repair of the bell cost.",
        (RelatedFact("repair", "Harbour Council had the bell repaired. [1]"),),
        (replace(COUNCIL, number=1),),
    ),
    "not-covered": UNKNOWN,
    "help": Help("secret words of the asker", "Ask me about the bell.", ANSWER.related),
}


def shown(outcomes: Sequence[Outcome]) -> str:
    """All text of the cards."""
    return "\n".join(f"{card.title}\n{card.description}" for card in cards(outcomes))


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str, golden: Callable[[str, str], None]) -> None:
    """Each kind of outcome has the card that is kept in tests/golden/cards."""
    payload = [card.to_dict() for card in cards([GOLDEN[name]])]
    golden(f"cards/{name}.json", json.dumps(payload, indent=2) + "\n")


def test_asked_is_never_shown() -> None:
    """No card holds the asker's own words."""
    assert "secret" not in shown(list(GOLDEN.values()))


def test_one_card_each() -> None:
    """Several outcomes give a card each, in order, and silence gives none."""
    found = cards([UNKNOWN, Silent("hm"), ANSWER, Silent("hm")])
    assert [card.title for card in found] == [
        cards([UNKNOWN])[0].title,
        ANSWER.question,
    ]


def test_silence() -> None:
    """Silence alone gives no card."""
    assert cards([Silent("hm")]) == []


def test_ten_cards() -> None:
    """Of more outcomes than a message holds, the first ten are shown."""
    assert len(cards([ANSWER] * 12)) == 10


def test_no_offer_is_not_covered() -> None:
    """A 'did you mean' with nothing to offer says that there is no answer."""
    assert cards([DidYouMean("x", ())]) == cards([UNKNOWN])


def test_whole_sentences_and_sources() -> None:
    """Where not all fits, whole sentences and sources are left out and counted."""
    sentences = tuple(f"Sentence {n} is {'long ' * 40}here. [1]" for n in range(9))
    many = tuple(replace(HERALD, number=n) for n in range(1, 41))
    found = cards([replace(ANSWER, sentences=sentences, sources=many)] * 3)
    assert len(found) == 3
    for card in found:
        body, _, rest = (card.description or "").partition("\n\n")
        *kept, last = body.split(" Sentence ")
        assert body.endswith("…")
        assert all(part.endswith("here. \\[1\\]") for part in kept)
        assert last.removesuffix(" …").endswith("here. \\[1\\]")
        listed = re.findall(r"^(\d+)\. \[", rest, re.MULTILINE)
        more = re.search(r"^and (\d+) more sources$", rest, re.MULTILINE)
        assert more is not None
        assert len(listed) + int(more[1]) == 40
        assert listed == [str(n) for n in range(1, len(listed) + 1)]


def test_small_cards_leave_room() -> None:
    """What a small card does not need, a large one may use."""
    large = replace(ANSWER, sentences=("A whole sentence. [1]",) * 150)
    alone, beside = cards([large]), cards([UNKNOWN, large])
    assert alone[0].description == beside[1].description


def test_one_long_sentence_is_cut_between_words() -> None:
    """A single sentence that is too long is cut between words, and says so."""
    found = cards([replace(ANSWER, sentences=("word " * 2000,), sources=())])
    assert problems(found) == []
    body = (found[0].description or "").partition("\n\n")[0]
    assert re.fullmatch(r"(word )+word…", body)


# Laws.

dates = st.sampled_from(["2022", "2022-11", "2022-11-27"])
links = st.lists(st.builds(Link, st.just("e"), texts), max_size=5).map(tuple)
kinds = st.sampled_from(["fact", "allegation", "statement"])
facts = st.builds(UsedFact, st.just("f"), kinds, st.none() | texts, dates, st.none())
urls = st.none() | texts | texts.map("https://example.com/{}".format)
sources = st.lists(
    st.builds(
        NumberedSource,
        number=st.integers(1, 99),
        id=st.just("s"),
        publisher=texts,
        title=st.none() | texts,
        url=urls,
        published=st.none() | dates,
        quotes=st.just(()),
    ),
    max_size=6,
).map(tuple)
sentences = st.lists(texts, max_size=5).map(tuple)
answers = st.builds(
    Answer,
    entry=st.just("e"),
    asked=texts,
    question=texts,
    confidence=st.just(0.9),
    sentences=sentences,
    premise=st.none() | texts,
    as_of=dates,
    kind=st.none() | kinds,
    by=st.none() | texts,
    changes=sentences,
    disputes=sentences,
    stale=st.booleans(),
    facts=st.lists(facts, max_size=3).map(tuple),
    context=st.just(()),
    sources=sources,
    related=links,
)
related = st.lists(st.builds(RelatedFact, st.just("f"), texts), max_size=3).map(tuple)
outcomes: st.SearchStrategy[list[Outcome]] = st.lists(
    answers
    | st.builds(DidYouMean, texts, links)
    | st.builds(NotCovered, texts, st.none() | texts, related, sources)
    | st.builds(Help, texts, texts, links)
    | st.builds(Silent, texts),
    max_size=4,
)


@given(outcomes)
def test_cards_always_fit(outcomes: list[Outcome]) -> None:
    """Whatever a story holds, and however much, Discord accepts the cards."""
    for several in (outcomes, outcomes * 3):
        found = cards(several)
        assert not found or problems(found) == []
        assert bool(found) == any(not isinstance(one, Silent) for one in several)


@given(outcomes)
def test_cards_only_read(outcomes: list[Outcome]) -> None:
    """Whatever a story holds, a card links only to its sources, and draws nothing."""
    meant = {
        safe[0]
        for one in outcomes
        if isinstance(one, Answer | NotCovered)
        for source in one.sources
        if (safe := safe_url(source.url))
    }
    for card in cards(outcomes):
        assert alive(card.title or "") == ([], [])
        addresses, drawn = alive(card.description or "")
        assert drawn == []
        assert set(addresses) <= meant


@given(links)
def test_choices_fit(links: tuple[Link, ...]) -> None:
    """Autocomplete choices keep Discord's limits, and none is empty or twice there."""
    found = choices(links * 10)
    assert len(found) <= 25
    assert all(1 <= width(one.name) <= 100 for one in found)
    assert all(1 <= width(one.value) <= 100 for one in found)
    assert len({one.value for one in found}) == len(found)


def test_long_choice() -> None:
    """A question too long for a choice is cut between words, its value without '…'."""
    one = choices([Link("e", "Did they " + "really " * 20 + "say so?")])[0]
    assert one.name.endswith("really…")
    assert one.value == one.name[:-1]
