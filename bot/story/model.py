"""The fact base: what a story is made of.

Everything here is a frozen value. The models are the format of the fact files too:
their field names are the keys that moderators type, and the JSON Schemas that help
editors are generated from them. Text stays text until a field asks for more.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from bot.story.prose import Sentence, first_day, sentences

Kind = Literal["fact", "statement", "allegation", "denial", "reaction", "correction"]
Gives = Literal[
    "who",
    "what",
    "when",
    "where",
    "why",
    "how",
    "how many",
    "how much",
    "how long",
    "yes/no",
    "what was said",
]
EntityType = Literal[
    "person", "organisation", "group", "work", "place", "event", "vehicle", "law",
    "thing",
]  # fmt: skip

_EARLIEST_YEAR, _LATEST_YEAR = 1000, 2999
_NOT_SECURE = "an address starts with https://; try the page's with that, and where \
there is none, leave it empty (null)"


def _real_date(value: str) -> str:
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", value):
        if re.search(r"[^\W0-9]", value) and value.replace("-", "").isdecimal():
            raise ValueError("write a date in the digits 0-9, as YYYY-MM-DD")
        raise ValueError("write a date as YYYY, YYYY-MM or YYYY-MM-DD")
    try:
        year = first_day(value).year
    except ValueError:
        message = "there is no such date; look at the month and the day"
        raise ValueError(message) from None
    if not _EARLIEST_YEAR <= year <= _LATEST_YEAR:
        raise ValueError("there is no such date; look at the year")
    return value


def _safe_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        host = parts.hostname or ""
    except ValueError:
        raise ValueError("this is not a web address") from None
    if parts.scheme == "http":
        raise ValueError(_NOT_SECURE)
    if parts.scheme != "https":
        raise ValueError("an address starts with https://")
    if "." not in host or parts.username or re.search(r"[\s<>\"\\^`{|}]", value):
        raise ValueError("this is not a plain web address")
    if not host.isascii():
        raise ValueError("write the address's domain in ASCII (xn--…)")
    return value


def _listed(value: object) -> object:
    """One id may stand for a list of one."""
    return [value] if isinstance(value, str) else value


Id = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)
]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
PartialDate = Annotated[
    str,
    AfterValidator(_real_date),
    WithJsonSchema(
        {
            "type": ["string", "integer"],
            "pattern": r"^\d{4}(-\d{2}){0,2}$",
            "description": "YYYY, YYYY-MM or YYYY-MM-DD",
        }
    ),
]
Url = Annotated[
    str,
    StringConstraints(max_length=512),
    AfterValidator(_safe_url),
    WithJsonSchema({"type": "string", "pattern": "^https://"}),
]
Span = Annotated[
    str, StringConstraints(pattern=r"^[1-9][0-9]{0,3} (day|month|year)s?$")
]
Ids = tuple[Id, ...]
OneOrMore = Annotated[
    tuple[Id, ...],
    Field(min_length=1),
    BeforeValidator(_listed, json_schema_input_type=Id | tuple[Id, ...]),
]
Wordings = tuple[Annotated[Text, StringConstraints(max_length=300)], ...]


class Record(BaseModel):
    """What every record has in common: frozen, and no key that is not known."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Named(Record):
    """A record that others name by its id; `was` are ids that it had before."""

    id: Id
    was: Annotated[Ids, BeforeValidator(_listed, json_schema_input_type=Id | Ids)] = ()


class About(Record):
    """story.yaml: what the story is, what it covers, how far its sources go."""

    title: Text
    language: Text = "en"
    covers: Text
    leaves_out: tuple[Text, ...] = ()
    curators: Annotated[
        tuple[Text, ...], Field(description="who keeps the story, as people are told")
    ] = ()
    as_of: PartialDate
    stale_after: Span | None = Field(
        default=None,
        description="for example 24 months: older answers say they may be out of date",
    )
    topics: dict[Id, Text] = Field(
        default={}, description="a title for each file in answers/"
    )


class Source(Named):
    """One published page or document.

    `link` is false where the address is not the publisher's own: it is never shown.
    """

    publisher: Annotated[Text, StringConstraints(max_length=100)]
    title: Annotated[Text, StringConstraints(max_length=250)] | None
    url: Url | None
    published: PartialDate | None
    kind: Text
    language: Text = "en"
    reliability: Text
    link: bool = True


class Entity(Named):
    """Who or what the story is about, with the names people type for it."""

    name: Text
    type: EntityType
    description: Text
    facts: Ids = ()
    aliases: Wordings = ()


class Citation(Record):
    """A source, and the exact words it printed."""

    source: Id
    quote: Annotated[Text, StringConstraints(max_length=1_000)]


class Fact(Named):
    """One sentence of one kind, with who says it, since when, and its citations.

    `until` and `superseded_by` say that a later event changed it; `volunteer: false`
    keeps it out of every answer. `hidden` takes it off for a while, with a reason, and
    all that rests on it.
    """

    statement: Annotated[Text, StringConstraints(max_length=600)]
    kind: Kind
    by: Annotated[OneOrMore | None, Field(description="entity ids: who says it")] = None
    as_of: PartialDate
    until: PartialDate | None = None
    superseded_by: Id | None = None
    disputed_by: Annotated[
        Ids, BeforeValidator(_listed, json_schema_input_type=Id | Ids)
    ] = ()
    citations: Annotated[tuple[Citation, ...], Field(min_length=1)]
    volunteer: bool = True
    hidden: Annotated[
        Text | None, Field(description="why it is not shown, until it is mended")
    ] = None
    note: Text | None = None


class Premise(Record):
    """A wrong claim that people bring, and the sentence that sets it right."""

    claims: Annotated[Wordings, Field(min_length=1)]
    correction: Annotated[Text, StringConstraints(max_length=400)]

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The correction's sentences, each with the facts that back it."""
        return sentences(self.correction)


class Entry(Named):
    """A question, the other ways it is asked, and its answer.

    `facts` are those of the whole answer: a sentence without a marker rests on them.
    `not_this` are questions that look alike and are not answered here. `historical`
    marks an answer about how things stood at its date: it does not get old. `hidden`
    takes it off for a while, with a reason.
    """

    question: Annotated[Text, StringConstraints(max_length=200)]
    also_asked: Wordings = ()
    not_this: Wordings = ()
    gives: Annotated[
        tuple[Gives, ...],
        BeforeValidator(_listed, json_schema_input_type=Gives | tuple[Gives, ...]),
        Field(description="the kind of answer, where the question does not tell it"),
    ] = ()
    answer: Annotated[Text, StringConstraints(max_length=10_000)]
    facts: Annotated[
        Ids,
        BeforeValidator(_listed, json_schema_input_type=Id | Ids),
        Field(description="what each sentence rests on that names no facts itself"),
    ] = ()
    premises: tuple[Premise, ...] = ()
    related: Ids = ()
    historical: bool = False
    hidden: Annotated[
        Text | None, Field(description="why it is not shown, until it is mended")
    ] = None

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The answer's sentences in order, each with the facts that back it."""
        found = sentences(self.answer)
        if self.facts:
            found = tuple(replace(one, facts=one.facts or self.facts) for one in found)
        return found

    @property
    def cites(self) -> frozenset[str]:
        """The ids of all facts that the answer's sentences rest on."""
        return frozenset(fact for part in self.sentences for fact in part.facts)

    @property
    def ways(self) -> tuple[str, ...]:
        """Every way of asking, the question itself first."""
        return (self.question, *self.also_asked)


class Unknown(Named):
    """A question that no source answers, and what to say to it."""

    question: Annotated[Text, StringConstraints(max_length=200)]
    also_asked: Wordings = ()
    note: Annotated[Text, StringConstraints(max_length=600)]
    facts: Ids = ()

    @property
    def ways(self) -> tuple[str, ...]:
        """Every way of asking, the question itself first."""
        return (self.question, *self.also_asked)


class Event(Record):
    """A dated event of the timeline, resting on facts."""

    date: PartialDate
    event: Annotated[Text, StringConstraints(max_length=300)]
    facts: Annotated[Ids, Field(min_length=1)]


class Phrase(Record):
    """A meaning, and the ways of saying it that are special to this story."""

    meaning: Text
    ways: Annotated[Wordings, Field(min_length=1)]


class Probe(Record):
    """A regression question: each outcome or entry of `expect` is right.

    `must` gates a change; `measure` only counts in the figures.
    """

    ask: str
    expect: Annotated[tuple[Text, ...], BeforeValidator(_listed), Field(min_length=1)]
    kind: Text
    level: Literal["must", "measure"]


@dataclass(frozen=True, slots=True)
class Story:
    """One story, whole, at one revision.

    Mappings are by id, in the order of the files. `revision` is the first twelve hex
    digits of the SHA-256 of the files' names and bytes. `topics` maps the stem of each
    answers file to the ids of its entries, in the order of story.yaml, at least one.
    """

    about: About
    sources: Mapping[str, Source]
    entities: Mapping[str, Entity]
    facts: Mapping[str, Fact]
    entries: Mapping[str, Entry]
    unknowns: Mapping[str, Unknown]
    timeline: tuple[Event, ...]
    lexicon: tuple[Phrase, ...]
    probes: tuple[Probe, ...]
    topics: Mapping[str, Ids]
    revision: str

    def title_of(self, topic: str) -> str:
        """A topic's title; its name, as words, where it has none."""
        return self.about.topics.get(topic) or topic.replace("-", " ")

    def entry(self, name: str) -> Entry | None:
        """The entry that has an id, or had it before; None where there is none."""
        later = (one for one in self.entries.values() if name in one.was)
        return self.entries.get(name) or next(later, None)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A mistake in a story's files: where it stands, and the mend.

    `line` and `column` start at 1. `path` is as the story was named, with `/`. An
    error keeps the story from being served; a warning does not.
    """

    path: str
    line: int
    column: int
    severity: Literal["error", "warning"]
    message: str

    def __str__(self) -> str:
        """`path:line:column: severity: message`, on one line."""
        return f"{self.path}:{self.line}:{self.column}: {self.severity}: {self.message}"

    @classmethod
    def error(cls, place: "Place", message: str) -> Self:
        """An error at a place."""
        return cls(place.path, place.line, place.column, "error", message)

    @classmethod
    def warning(cls, place: "Place", message: str) -> Self:
        """A warning at a place."""
        return cls(place.path, place.line, place.column, "warning", message)


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file; `line` and `column` start at 1."""

    path: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Loaded:
    """What loading a folder gave: the story, and every problem in it, in order.

    `story` is None where the files cannot be served: there is an error. `quotes` is
    how many quotations were verified against archived texts, and how many there are.
    `hidden` are the facts and entries that are hidden, by id, with the reason: what
    could be read of them, where not all could.
    """

    story: Story | None
    problems: tuple[Problem, ...]
    quotes: tuple[int, int] = (0, 0)
    hidden: Mapping[str, str] = field(default_factory=dict[str, str])
