"""The rows of a table → a story's files, and what a person must still decide."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from bot.editing.editor import opening
from bot.editing.edits import Plain
from bot.editing.typed_records import new_id
from bot.editing.yaml_style import lines
from bot.importing.answers import Answer, answer_of
from bot.importing.cells import line
from bot.importing.dates import Dates
from bot.importing.notes import Notes
from bot.importing.spreadsheets import Row, Table
from bot.story.files import FILES, FOLDERS, path_of
from bot.story.model import PartialDate, Url
from bot.story.prose import fold, latest

MAX_QUESTION: Final = 200
MAX_WAY: Final = 300
_FEW_WAYS: Final = 4
_A_FILE: Final = 200
"""Records of a file: people scroll through it, and it must not be too large."""

_MOST_TOPICS: Final = 60
_URL: Final = TypeAdapter[str](Url)
_DATE: Final = TypeAdapter[str](PartialDate)

Values = dict[str, Plain]


@dataclass(frozen=True, slots=True)
class Known:
    """What is true of every row that does not say otherwise; "" for nothing."""

    url: str = ""
    publisher: str = ""
    date: str = ""
    quoted: bool = True


@dataclass(frozen=True, slots=True)
class Made:
    """A story's files, by path; how many answers it has, and what is to be decided."""

    files: Mapping[str, str]
    answers: int
    notes: Notes
    todo: Notes


def empty() -> dict[str, str]:
    """The files of a story in which nothing is said yet, each with how it goes on."""
    about: Values = {
        "title": "My story",
        "covers": "Ask me about … (say here, in a sentence, what your story covers).",
        "as_of": "2000",
        "topics": {},
    }
    found = _about(about)
    for kind, model in FILES.items():
        topic = "first" if model in FOLDERS else ""
        found.setdefault(path_of(kind, topic), f"{opening(kind)}[]\n")
    return found


def story_of(table: Table, known: Known, today: date) -> Made:
    """Write a story of a table's rows."""
    desk = _Desk(table, known, today)
    for row in table.rows:
        desk.take(row)
    return desk.made()


@dataclass
class _Desk:
    """A story as far as it is written."""

    table: Table
    known: Known
    today: date
    todo: Notes = field(init=False)

    def __post_init__(self) -> None:
        self.notes, self.todo = self.table.notes, Notes(self.table.notes.unit)
        rows = self.table.rows
        self._dates = Dates([row.date for row in rows], self.today)
        topics = {fold(row.topic) for row in rows}
        self._has_topics = len(topics) <= _MOST_TOPICS
        self._sources: dict[tuple[str, str], Values] = {}
        self._entities: dict[str, Values] = {}
        self._topics: dict[str, tuple[str, list[Values], list[Values]]] = {}
        self._ids: dict[str, set[str]] = {kind: set() for kind in FILES}
        self._asked: dict[str, int] = {}
        for row in rows:  # a question is its own before it is another's way
            self._asked.setdefault(fold(line(row.question).text), row.number)

    def take(self, row: Row) -> None:
        """Take in a row: an entry, the facts it rests on, and their source."""
        asked, ways = self._ways(row)
        if self._asked.setdefault(fold(asked), row.number) != row.number:
            self.notes.add("not taken in: another row asks the same", row.number)
            return
        if not fold(asked):
            return
        found = answer_of(row.answer)
        for change in found.changes:
            self.notes.add(change, row.number)
        if found.rest:
            self.todo.add(
                "the answer is longer than a card: what is too long for it is in facts "
                "that no answer shows; make a second answer of them",
                row.number,
            )
        if not found.shown:
            self.notes.add("not taken in: there is no answer", row.number)
            return
        name = self._id("answers", asked)
        facts = list(self._facts(row, name, found))
        entry: Values = {"id": name, "question": asked}
        if ways:
            entry["also_asked"] = ways
        shown = [str(one["id"]) for one in facts[: len(found.facts)]]
        entry |= {"answer": " ".join(found.shown), "facts": shown}
        _, entries, told = self._topic(row)
        entries.append(entry)
        told += facts

    def _ways(self, row: Row) -> tuple[str, list[str]]:
        """The question, and its other ways; "" where a person must write one."""
        asked = line(row.question).text
        said = [line(one).text for one in row.ways]
        if len(asked) > MAX_QUESTION:
            said.insert(0, asked)
            ask = [one for one in re.split(r"(?<=[.!?])\s+", asked) if "?" in one]
            asked = next((one for one in ask[::-1] if len(one) <= MAX_QUESTION), "")
            kind = "the question is long: its last question stands for it"
            if not asked or self._asked.setdefault(fold(asked), row.number) != (
                row.number
            ):
                kind = f"not taken in: the question is longer than {MAX_QUESTION}"
                asked = ""
            self.notes.add(kind, row.number)
        ways: list[str] = []
        for one in said:
            if len(one) > MAX_WAY:
                self.notes.add("a way of asking is too long, and left out", row.number)
            elif fold(one) == fold(asked) or not fold(one):
                continue
            elif self._asked.setdefault(fold(one), row.number) != row.number:
                kind = "a way of asking is another row's, too, and left out here"
                self.notes.add(kind, row.number)
            elif one not in ways:
                ways.append(one)
        return asked, ways

    def _facts(self, row: Row, name: str, found: Answer) -> Iterator[Values]:
        """The facts of an answer: as many as it takes to say it."""
        date_, source, speaker = self._said(row)
        for number, one in enumerate((*found.facts, *found.rest), 1):
            made: Values = {
                "id": self._id("facts", name if number == 1 else f"{name} {number}"),
                "statement": one.text,
                "kind": "statement" if speaker else "fact",
            }
            if speaker:
                made["by"] = speaker
            made["as_of"] = date_
            if source and self.known.quoted:
                made["citations"] = [
                    {"source": source, "quote": quote} for quote in one.quotes
                ]
            elif source:
                made["note"] = f"Its source is {source}; add the words it printed."
            yield made
        if source and not self.known.quoted:
            kind = "add the citation: the exact words of the source, at most 25"
            self.todo.add(kind, row.number)

    def _said(self, row: Row) -> tuple[str, str, str]:
        """When it was said, the id of its source, and of who says it; "" for none."""
        told = self._dates.read(row.date) or ""
        if row.date and not told:
            self.notes.add(f"the date cannot be read{self._dates.why}", row.number)
        told = told or self.known.date
        when = told or self.today.isoformat()
        if not told:
            kind = "there is no date: it is said to be as of today; look it up"
            self.todo.add(kind, row.number)
        url, publisher = self._address(row), row.publisher or self.known.publisher
        if not publisher and url:
            publisher = (urlsplit(url).hostname or "").removeprefix("www.")
            kind = "no publisher is named: the address's domain stands for it"
            self.todo.add(kind, row.number)
        if not publisher:
            kind = (
                "there is no source, and check refuses that: write its address or "
                "publisher into the table, or give --url or --publisher"
            )
            self.todo.add(kind, row.number)
            return when, "", ""
        return when, self._source(url, publisher[:100], told), self._by(publisher[:100])

    def _address(self, row: Row) -> str:
        given = row.url or self.known.url
        if given.startswith("www."):
            given = f"https://{given}"
        try:
            return _URL.validate_python(given) if given else ""
        except ValidationError as error:
            why = error.errors()[0]["msg"].removeprefix("Value error, ")
            self.notes.add(f"the address was left out, as {why}", row.number)
            return ""

    def _source(self, url: str, publisher: str, when: str) -> str:
        """The source of an address; it has a date where all its rows have the same."""
        key = url, fold(publisher)
        known = self._sources.get(key)
        if known and known["published"] != (when or None):
            known["published"] = None
        if known is None:
            tail = urlsplit(url).path.rstrip("/").rpartition("/")[2].partition(".")[0]
            name = self._id("sources", f"{publisher} {tail or when}")
            self._sources[key] = {
                "id": name,
                "publisher": publisher,
                "title": None,
                "url": url or None,
                "published": when or None,
                "kind": "page",
                "reliability": "Not weighed yet.",
            }
        return str(self._sources[key]["id"])

    def _by(self, publisher: str) -> str:
        if fold(publisher) not in self._entities:
            self._entities[fold(publisher)] = {
                "id": self._id("entities", publisher),
                "name": publisher,
                "type": "organisation",
                "description": f"{publisher} publishes answers that are told here.",
            }
        return str(self._entities[fold(publisher)]["id"])

    def _topic(self, row: Row) -> tuple[str, list[Values], list[Values]]:
        title = row.topic if self._has_topics and row.topic else self.table.title
        if fold(title) not in self._topics:
            slug = self._id("topics", title)
            self._topics[fold(title)] = slug, [], []
            self._titles[slug] = title
        return self._topics[fold(title)]

    _titles: dict[str, str] = field(default_factory=dict[str, str], init=False)

    def _id(self, kind: str, text: str) -> str:
        taken = self._ids.setdefault(kind, set())
        found = new_id(text, taken)
        taken.add(found)
        return found

    def made(self) -> Made:
        """The story's files."""
        answers = [one for _, some, _ in self._topics.values() for one in some]
        title = re.sub(r"[_-]+", " ", self.table.title).strip() or "Questions"
        dates = [
            str(one["as_of"]) for _, _, some in self._topics.values() for one in some
        ]
        about: Values = {
            "title": title[:1].upper() + title[1:],
            "covers": f"Ask me about {title}.",
            "as_of": latest(dates) or self.today.isoformat(),
        }
        files: dict[str, str] = {}
        topics: Values = {}
        for slug, entries, facts in self._topics.values():
            for number, path in enumerate(_parts(slug, entries, files, "answers"), 1):
                name = self._titles[slug]
                topics[path] = name if number == 1 else f"{name} ({number})"
            list(_parts(slug, facts, files, "facts"))
        files |= _about({**about, "topics": topics})
        for kind, some in (
            ("sources", list(self._sources.values())),
            ("entities", list(self._entities.values())),
        ):
            files[path_of(kind)] = _written(kind, some)
        self._decide(answers)
        return Made(files, len(answers), self.notes, self.todo)

    def _decide(self, answers: Sequence[Values]) -> None:
        """What is to be decided of the whole."""
        if self.known.quoted and answers and self._sources:
            self.todo.add(
                "the first words of each answer were taken for what its source "
                "printed; where they are others, write the source's, or begin again "
                "with --own-words"
            )
        for count, what in (
            (len(self._sources), "sources: say how far each is to be trusted"),
            (
                len(self._entities),
                "speakers (publishers): add the names that people type",
            ),
        ):
            if count:
                self.todo.add(f"{count:,} {what}")
        few = sum(_ways(one) < _FEW_WAYS for one in answers)
        if few:
            self.todo.add(
                f"{few:,} of {len(answers):,} answers are asked in fewer than "
                f"{_FEW_WAYS} ways, and found by few people: see receipts evaluate, "
                "then receipts ways ENTRY"
            )
        self.todo.add("story.yaml: write the title, and what the story covers")


def _ways(answer: Values) -> int:
    """How many ways of asking an answer has, its question among them."""
    others = answer.get("also_asked")
    return 1 + (len(others) if isinstance(others, list) else 0)


def _parts(
    slug: str, records: Sequence[Values], files: dict[str, str], kind: str
) -> Iterator[str]:
    """Write records into as many files as they need; the stem of each."""
    for number, at in enumerate(range(0, len(records), _A_FILE), 1):
        stem = slug if number == 1 else f"{slug}-part-{number}"
        files[path_of(kind, stem)] = _written(kind, records[at : at + _A_FILE])
        yield stem


def _written(kind: str, records: Sequence[Values]) -> str:
    body = [text for record in records for text in lines(record, None, 0)]
    return opening(kind) + "\n".join([*(body or ["[]"]), ""])


def _about(values: Mapping[str, Plain]) -> dict[str, str]:
    body = [
        text
        for name, value in values.items()
        if value
        for text in lines(value, name, 0)
    ]
    return {path_of("story"): opening("story") + "\n".join([*body, ""])}
