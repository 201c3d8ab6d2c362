"""What can be looked through without a question: topics, timeline, names, sources.

Pure functions, story → cards. A long list has pages; what a page shows is worked out
anew when it is turned, so it is always today's.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from bot.answering.outcome import Answer, Link, NumberedSource
from bot.discord_bot.showing.cards import (
    Button,
    Card,
    Draft,
    Menu,
    Part,
    Reader,
    fit,
    more,
    options,
    prose,
    source_line,
    turns,
)
from bot.discord_bot.showing.custom_ids import CustomId
from bot.discord_bot.showing.escaping import clean, escape, shorten
from bot.discord_bot.showing.limits import MAX_CHOICE, MAX_CHOICES
from bot.story.model import Entity, Event, Source, Story
from bot.story.prose import fold
from bot.words.catalogue import Words

EVENTS: Final = 8
"""Events on a page."""

SOURCES: Final = 8
"""Sources on a page."""

LATEST: Final = 5
"""Events that count as the latest."""

Page = Callable[[Story, Reader, int], Draft]


def page(name: str, story: Story, number: int, reader: Reader, room: int) -> list[Card]:
    """A page of a list, from 0; the last where there are fewer, the first if below.

    `name` is one of PAGES.
    """
    return fit([PAGES[name](story, reader, number)], room)


def topics(story: Story, reader: Reader, room: int) -> list[Card]:
    """The topics to choose from."""
    choices = tuple(
        (topic, words)
        for topic in list(story.topics)[:MAX_CHOICES]
        if (words := _choice(story.title_of(topic)))
    )
    items = tuple(f"- {escape(words)}" for _, words in choices)
    menu = Menu(CustomId("topic"), reader.words.say("topics.pick"), choices)
    rows = (menu,) if choices else ()  # all topics may be hidden, or have no words
    parts = prose((story.about.covers,)), Part(items)
    return fit([Draft(reader.words.say("topics.title"), parts, rows)], room)


def topic(story: Story, name: str, reader: Reader, room: int) -> list[Card]:
    """The questions of a topic to choose from; all topics where it is gone."""
    if name not in story.topics:
        return topics(story, reader, room)
    links = [Link(one, story.entries[one].question) for one in story.topics[name]]
    chosen = options(links[:MAX_CHOICES])
    items = tuple(f"- {escape(words)}" for _, words in chosen)
    menu = Menu(CustomId("related"), reader.words.say("pick"), chosen)
    title = escape(story.title_of(name)) or reader.words.say("topics.title")
    return fit([Draft(title, (Part(items),), (menu,) if chosen else ())], room)


def who(story: Story, entity: Entity, reader: Reader, room: int) -> list[Card]:
    """Who or what a name is, and the questions that rest on the same facts."""
    about = set(entity.facts)
    links = [
        Link(entry.id, entry.question)
        for entry in story.entries.values()
        if about & entry.cites
    ]
    parts = (prose((entity.description,)),)
    chosen = options(links[:5])
    menu = Menu(CustomId("related"), reader.words.say("related"), chosen)
    title = escape(entity.name) or reader.words.say("who.title")
    return fit([Draft(title, parts, (menu,) if chosen else ())], room)


def names(story: Story, typed: str) -> list[tuple[str, str]]:
    """Entities whose names begin as typed, then those that hold it: name and id."""
    wanted = fold(typed)
    found: dict[str, int] = {}
    for entity in story.entities.values():
        ways = [fold(way) for way in (entity.name, *entity.aliases)]
        if any(way.startswith(wanted) for way in ways):
            found[entity.id] = 0
        elif any(wanted in way for way in ways):
            found[entity.id] = 1
    best = sorted(found, key=lambda name: found[name])[:MAX_CHOICES]
    return [(text, one) for one in best if (text := _choice(story.entities[one].name))]


def entity_of(story: Story, typed: str) -> Entity | None:
    """The entity of an id or a name; None where there is none."""
    if found := story.entities.get(typed):
        return found
    wanted = fold(typed)
    for entity in story.entities.values():
        if typed in entity.was or wanted in {
            fold(way) for way in (entity.name, *entity.aliases)
        }:
            return entity
    return None


def about(story: Story, reader: Reader, room: int) -> list[Card]:
    """What the story covers, how answers come about, and what is kept of people."""
    say = reader.words.say
    state = say(
        "about.state",
        entries=len(story.entries),
        facts=len(story.facts),
        sources=len(story.sources),
        date=reader.words.date(story.about.as_of),
        revision=story.revision,
    )
    left_out = tuple(f"- {escape(text)}" for text in story.about.leaves_out)
    curators = escape(", ".join(story.about.curators))
    parts = (
        prose((story.about.covers,)),
        Part(left_out, heading=f"**{say('about.leaves-out')}**"),
        Part((say("about.how.text"),), heading=f"**{say('about.how')}**"),
        Part((say("about.curators", names=curators),) if curators else ()),
        Part((state,)),
        Part((say("about.privacy.text"),), heading=f"**{say('about.privacy')}**"),
    )
    forget = Button(CustomId("forget"), say("button.forget"))
    rows = ((forget,),) if reader.votes else ()
    return fit(
        [Draft(escape(story.about.title) or say("about.title"), parts, rows)], room
    )


def quotes(answer: Answer, reader: Reader, room: int) -> list[Card]:
    """The sources of an answer, each with the exact words that it printed."""
    say = reader.words.say
    items = tuple(
        "\n".join(
            [
                source_line(source, reader.words),
                *(say("quote", words=escape(words)) for words in source.quotes),
            ]
        )
        for source in answer.sources
    )
    left = more(reader.words, "more-sources")
    listed = Part(items or (say("no-quotes"),), joiner="\n\n", left=left)
    title = escape(answer.question) or say("untitled")
    return fit([Draft(title, (listed,))], room)


def _timeline(story: Story, reader: Reader, number: int) -> Draft:
    events = sorted(story.timeline, key=lambda one: one.date)
    items = [_event(one, reader) for one in events]
    return _paged("timeline", items, EVENTS, number, reader)


def _latest(story: Story, reader: Reader, _number: int) -> Draft:
    events = sorted(story.timeline, key=lambda one: one.date, reverse=True)[:LATEST]
    facts = {fact for event in events for fact in event.facts}
    links = [
        Link(entry.id, entry.question)
        for entry in story.entries.values()
        if facts & entry.cites
    ]
    say = reader.words.say
    menu = Menu(CustomId("related"), say("related"), options(links[:5]))
    items = tuple(_event(one, reader) for one in events)
    as_of = say("as-of", date=reader.words.date(story.about.as_of))
    rows = (menu,) if menu.choices else ()
    return Draft(say("latest.title"), (Part(items), Part((as_of,))), rows)


def _sources(story: Story, reader: Reader, number: int) -> Draft:
    latest = sorted(
        story.sources.values(), key=lambda one: one.published or "", reverse=True
    )
    items = [
        source_line(_numbered(place, one), reader.words)
        for place, one in enumerate(latest, 1)
    ]
    draft = _paged("sources", items, SOURCES, number, reader)
    jumps = tuple(
        (str(at), f"{at + 1}: {_span(latest[at * SOURCES :][:SOURCES], reader.words)}")
        for at in range(min(-(-len(latest) // SOURCES), MAX_CHOICES))
    )
    if len(jumps) < 2:
        return draft
    menu = Menu(CustomId("jump", "sources"), reader.words.say("jump"), jumps)
    return replace(draft, rows=(*draft.rows, menu))


def _span(found: Sequence[Source], words: Words) -> str:
    """From when to when sources are, and who published the first."""
    span = words.span([one.published for one in found if one.published])
    return shorten(clean(", ".join(filter(None, (span, found[0].publisher)))), 90)


def _paged(
    name: str, items: Sequence[str], size: int, number: int, reader: Reader
) -> Draft:
    pages = max(1, -(-len(items) // size))
    number = max(0, min(number, pages - 1))
    say = reader.words.say
    shown = tuple(items[number * size : (number + 1) * size])
    state = say("page", page=number + 1, pages=pages)
    earlier, later = (
        CustomId("page", name, number=to) if 0 <= to < pages else None
        for to in (number - 1, number + 1)
    )
    title = say(f"{name}.title")
    parts = (Part(shown), *((Part((state,)),) if pages > 1 else ()))
    return Draft(title, parts, turns(reader.words, earlier, later))


def _event(event: Event, reader: Reader) -> str:
    return f"- **{reader.words.date(event.date)}** {escape(event.event)}"


def _numbered(number: int, source: Source) -> NumberedSource:
    return NumberedSource(
        number=number,
        id=source.id,
        publisher=source.publisher,
        title=source.title,
        url=source.url if source.link else None,
        published=source.published,
        quotes=(),
    )


def _choice(text: str) -> str:
    return shorten(clean(text), MAX_CHOICE)


PAGES: Final[dict[str, Page]] = {
    "timeline": _timeline,
    "latest": _latest,
    "sources": _sources,
}
"""The lists there are, by name."""


def sure(words: Words, *, stays: bool) -> Card:
    """Whether a person really wants all that is kept of them deleted.

    `stays`: what they did as a moderator does.
    """
    yes = Button(CustomId("forgotten"), words.say("button.forget-yes"))
    more = (words.say("forget.stays"),) if stays else ()
    return Card((words.say("forget.ask"), *more), ((yes,),))
