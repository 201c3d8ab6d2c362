"""Lists and forms: whatever a story or a person writes, Discord accepts them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.outcome import Answer
from bot.discord_bot.showing import browse_cards
from bot.discord_bot.showing.cards import Card, Reader
from bot.discord_bot.showing.limits import choice_problems, form_problems, problems
from bot.discord_bot.showing.messages import (
    PLAIN_ROOM,
    ROOM,
    layout,
    plain,
)
from bot.discord_bot.showing.modals import field, form
from bot.story.model import Entity, Event, Story
from bot.words.catalogue import LANGUAGES, words
from tests.nasty import alive, texts
from tests.test_cards import ANSWER, answers

filled = texts.filter(lambda text: bool(text.strip()))
READERS: Final = [Reader(words(language), is_private=True) for language in LANGUAGES]


def fits(make: Callable[[int], Sequence[Card]]) -> list[Card]:
    """The cards, if Discord accepts them as components and as plain text."""
    found = list(make(ROOM))
    view = layout(found).view
    assert view is not None
    assert problems(None, view.to_components()) == []
    sending = plain(make(PLAIN_ROOM))
    below = sending.view.to_components() if sending.view else []
    assert problems(sending.content, below) == []
    return found


def changed(story: Story, name: str, text: str) -> Story:
    """The invented story with a text in place of all that a list shows."""
    entities = {
        one.id: Entity.model_construct(
            id=one.id,
            name=text,
            type=one.type,
            description=text,
            facts=one.facts,
            aliases=(text,),
        )
        for one in story.entities.values()
    }
    about = story.about.model_copy(
        update={"title": text, "covers": text, "leaves_out": (text,) * 5}
    )
    about = about.model_copy(update={"topics": {name: text}})
    event = Event.model_construct(date="2024-03-04", event=text, facts=("bell-gone",))
    sources = {
        one.id: one.model_copy(update={"publisher": text, "title": text})
        for one in story.sources.values()
    }
    entries = {
        one.id: one.model_copy(update={"question": text})
        for one in story.entries.values()
    }
    return replace(
        story,
        entities=entities,
        about=about,
        timeline=(event,) * 9,
        sources=sources,
        entries=entries,
    )


@settings(max_examples=40, deadline=None)
@given(filled, st.sampled_from(READERS), st.integers(-2, 9))
def test_lists_always_fit(story: Story, text: str, reader: Reader, number: int) -> None:
    """Whatever a story holds, every list and page fits, and only reads."""
    nasty = changed(story, "bell", text)
    shown = [
        *fits(lambda room: browse_cards.topics(nasty, reader, room)),
        *fits(lambda room: browse_cards.topic(nasty, "bell", reader, room)),
        *fits(lambda room: browse_cards.about(nasty, reader, room)),
    ]
    for entity in nasty.entities.values():
        shown += fits(
            lambda room, one=entity: browse_cards.who(nasty, one, reader, room)
        )
    for name in browse_cards.PAGES:
        shown += fits(
            lambda room, one=name: browse_cards.page(one, nasty, number, reader, room)
        )
    known = {one.url for one in nasty.sources.values()}
    for card in shown:
        for said in card.texts:
            # A bold "4. März" at the start of a line begins no list.
            bare = said.removeprefix("### ").replace("**", "\u200b")
            addresses, drawn = alive(bare)
            assert drawn == []
            assert set(addresses) <= known


@given(texts, st.integers(1, 4000))
@settings(deadline=None)
def test_forms_always_fit(text: str, most: int) -> None:
    """A form that is filled with what a person wrote is one that Discord accepts."""
    found = form("r1:send:::1:0", "Send", field("Question", "Hint", text, most))
    assert form_problems(found.to_dict()) == []


@given(texts)
@settings(max_examples=40, deadline=None)
def test_names_always_fit(story: Story, text: str) -> None:
    """Suggestions of names are choices that Discord accepts."""
    nasty = changed(story, "bell", text or "x")
    assert choice_problems(browse_cards.names(nasty, "")) == []
    assert choice_problems(browse_cards.names(nasty, text)) == []


@pytest.mark.parametrize("number", [-1, 0, 1, 99])
def test_a_page_that_is_not_there(story: Story, number: int) -> None:
    """A page before the first or after the last is the nearest there is."""
    cards = browse_cards.page("timeline", story, number, READERS[0], ROOM)
    assert "The bell is missing" in cards[0].texts[0]


@settings(max_examples=40, deadline=None)
@given(answers, st.sampled_from(READERS))
def test_quotations_always_fit(answer: Answer, reader: Reader) -> None:
    """Whatever sources printed, their words fit a card, and only read."""
    for card in fits(lambda room: browse_cards.quotes(answer, reader, room)):
        assert alive(card.texts[0].removeprefix("### "))[1] == []


def test_many_quotations_are_counted() -> None:
    """Of more sources than fit, the first are shown whole, and the others counted."""
    many = tuple(
        replace(ANSWER.sources[0], number=number, quotes=("word " * 24,))
        for number in range(1, 60)
    )
    cards = fits(
        lambda room: browse_cards.quotes(
            replace(ANSWER, sources=many), READERS[0], room
        )
    )
    text = cards[0].texts[0]
    shown = text.count("Harbour Herald")
    assert 5 < shown < 59
    assert text.endswith(f"and {59 - shown} more sources")


LISTS: Final[dict[str, Callable[[Story, Reader, int], list[Card]]]] = {
    "topics": browse_cards.topics,
    "topic": lambda story, reader, room: browse_cards.topic(
        story, "bell", reader, room
    ),
    "who": lambda story, reader, room: browse_cards.who(
        story, story.entities["ada-moreau"], reader, room
    ),
    "about": browse_cards.about,
    "quotes": lambda _, reader, room: browse_cards.quotes(ANSWER, reader, room),
    "sure": lambda _story, reader, _room: [browse_cards.sure(reader.words, stays=True)],
    "timeline": lambda story, reader, room: browse_cards.page(
        "timeline", story, 0, reader, room
    ),
    "latest": lambda story, reader, room: browse_cards.page(
        "latest", story, 0, reader, room
    ),
    "sources": lambda story, reader, room: browse_cards.page(
        "sources", story, 0, reader, room
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_golden(story: Story, name: str, golden: Callable[[str, str], None]) -> None:
    """Each list has the card that is kept in tests/golden/lists."""
    view = layout(LISTS[name](story, READERS[0], ROOM)).view
    assert view is not None
    golden(f"lists/{name}.json", json.dumps(view.to_components(), indent=2) + "\n")
