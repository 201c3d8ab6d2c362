"""One fact file: bytes → text → values that know where they stand.

YAML without its traps: every scalar is text (`no` stays `no`), except an unquoted
`null`, `~` or nothing at all, which is None. Anchors, tags, second documents, duplicate
keys, tabs, control and invisible characters, and files that are too large or too deep
are problems, never exceptions, and never cost more than reading the file once.
"""

import re
from dataclasses import dataclass, field
from typing import Final

import yaml

from bot.story.model import Place, Problem
from bot.story.yaml_mistakes import (
    Mark,
    Mistake,
    conflict,
    cuts,
    goes_on,
    new_record,
    unreadable,
)

_LOADER: Final[type[yaml.CBaseLoader] | type[yaml.BaseLoader]] = getattr(
    yaml, "CBaseLoader", yaml.BaseLoader
)
"""What reads YAML's events: libyaml where it is there."""

_MAX_DEPTH: Final = 12
_MAX_PROBLEMS: Final = 20

UNWANTED: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u2028\u2029\ufeff\ufffe\uffff"
    "\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)
"""Control and invisible characters: no fact file has one."""


@dataclass(slots=True)
class Span:
    """Where something begins and ends in a text; a block may end further down."""

    start: int
    end: int
    mark: Mark = (1, 1)


class Items(list["Value"]):
    """A YAML list, and where each item stands; `[one, another]` is in brackets."""

    def __init__(self, *, in_brackets: bool = False) -> None:
        super().__init__()
        self.spans: list[Span] = []
        self.in_brackets = in_brackets


class Fields(dict[str, "Value"]):
    """A YAML mapping, and where each key and each value stands."""

    def __init__(self) -> None:
        super().__init__()
        self.key_spans: dict[str, Span] = {}
        self.spans: dict[str, Span] = {}


Value = str | None | Items | Fields


@dataclass(slots=True)
class Document:
    """A fact file as read: its text, its value, and what is wrong with it.

    `root` is None where the file could not be read as YAML; then `problems` holds at
    least one error. Otherwise problems are about parts (a key that stands twice).
    """

    path: str
    text: str = ""
    root: Value = None
    span: Span = field(default_factory=lambda: Span(0, 0))
    problems: list[Problem] = field(default_factory=list[Problem])
    warnings: list[Problem] = field(default_factory=list[Problem])
    _lines: list[str] = field(default_factory=list[str])

    def place(self, mark: Mark) -> Place:
        """A mark as a place in this file."""
        return Place(self.path, *mark)

    @property
    def ids(self) -> list[str]:
        """The ids of the records in it, as far as they have any."""
        records = self.root if isinstance(self.root, Items) else ()
        ids = (one.get("id") for one in records if isinstance(one, Fields))
        return [one for one in ids if isinstance(one, str)]

    def find(self, needle: str, mark: Mark) -> Mark:
        """Where some text stands at or after a mark; the mark where it is not found.

        Meant for the words inside a long value, whose mark is its first character.
        A needle that was wrapped over lines is found by its first words.
        """
        self._lines = lines = self._lines or self.text.splitlines()
        for words in (needle, needle.split("\n", maxsplit=1)[0], *_prefixes(needle)):
            for number in range(mark[0] - 1, min(mark[0] + 60, len(lines))):
                start = mark[1] - 1 if number == mark[0] - 1 else 0
                if words and (at := lines[number].find(words, start)) >= 0:
                    return number + 1, at + 1
        return mark


def _prefixes(needle: str) -> list[str]:
    words = needle.split()
    return [" ".join(words[:count]) for count in (6, 4, 3, 2) if count < len(words)]


def read(path: str, data: bytes) -> Document:
    """Read one fact file from its bytes; `path` is how problems name it. Never raises.

    What the bytes are is told, where they are no text.
    """
    document = Document(path)
    try:
        document.text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        document.problems.append(_not_text(path, data, error.start))
        return document
    document.text = document.text.replace("\r\n", "\n")
    parse(document)
    return document


def _not_text(path: str, data: bytes, at: int) -> Problem:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        mend = "this file is saved as UTF-16; save it as UTF-8"
        return Problem.error(Place(path), mend)
    if b"\x00" in data[:4096]:
        mend = "this is a binary file, not text; restore the fact file"
        return Problem.error(Place(path), mend)
    before = data[:at]
    place = Place(path, before.count(b"\n") + 1, at - before.rfind(b"\n"))
    mend = f"byte 0x{data[at]:02x} is not UTF-8 text; save the file as UTF-8"
    return Problem.error(place, mend)


def parse(document: Document) -> None:
    """Parse a document's text into its root, adding what is wrong. Never raises."""
    document.problems.extend(_unwanted(document))
    if document.problems:
        return
    try:
        root = _Builder(document).build()
    except _StoppedError as stopped:
        document.problems = [stopped.problem]
    except yaml.YAMLError as error:
        document.problems = [_error(document, unreadable(document.text, error))]
    else:
        if root is None or root == "":
            document.problems.append(
                Problem.error(
                    Place(document.path),
                    "this file is empty; write its records, or [] for none",
                )
            )
        else:
            document.root = root


def _error(document: Document, mistake: Mistake) -> Problem:
    mark, message = mistake
    return Problem.error(document.place(mark), message)


def _unwanted(document: Document) -> list[Problem]:
    """What is seen before any parsing: conflicts, invisible characters, tabs."""
    problems: list[Problem] = []
    if found := conflict(document.text):
        return [_error(document, found)]
    if UNWANTED.search(document.text) or "\t" in document.text:
        for number, line in enumerate(document.text.split("\n"), 1):
            if found := UNWANTED.search(line):
                at = found.start() + 1
                what = f"U+{ord(found.group()):04X}"
                message = f"control or invisible character {what}; delete it"
            elif re.match(r" *\t", line):
                at = line.index("\t") + 1
                message = "a tab cannot indent YAML; use two spaces for each level"
            else:
                continue
            place = Place(document.path, number, at)
            problems.append(Problem.error(place, message))
            if len(problems) == _MAX_PROBLEMS:
                break
    return problems


class _StoppedError(Exception):
    """The file breaks a rule that makes the rest of it unreadable."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _Builder:
    """Values from YAML's events, one pass, without recursion."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._open: list[tuple[Items | Fields, Span, str | None]] = []
        self._root: Value = None
        self._documents = 0
        self._cuts = cuts(document.text)

    def build(self) -> Value:
        for event in yaml.parse(self._document.text, Loader=_LOADER):
            self._take(event)
        return self._root

    def _take(self, event: yaml.Event) -> None:
        start, end, span = event.start_mark, event.end_mark, Span(0, 0)
        if start and end:
            span = Span(start.index, end.index, (start.line + 1, start.column + 1))
        mark = span.mark
        if isinstance(event, yaml.ScalarEvent):
            self._refuse_extras(event, mark)
            if _is_plain(event):
                self._warn(span)
            self._put(_scalar(event), span)
        elif isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            self._refuse_extras(event, mark)
            if len(self._open) >= _MAX_DEPTH:
                raise self._stopped(
                    mark, "this is nested too deeply; a fact file is flat"
                )
            is_list = isinstance(event, yaml.SequenceStartEvent)
            is_flow = bool(event.flow_style)
            value = Items(in_brackets=is_flow) if is_list else Fields()
            self._put(value, span)
            self._open.append((value, span, None))
        elif isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            self._open.pop()[1].end = span.end
        elif isinstance(event, yaml.AliasEvent):
            raise self._stopped(
                mark, f"'*{event.anchor}' repeats another part; write it out"
            )
        elif isinstance(event, yaml.DocumentStartEvent):
            self._documents += 1
            if self._documents > 1:
                raise self._stopped(
                    mark, "a second document starts here ('---'); delete it"
                )

    def _warn(self, span: Span) -> None:
        """What an unquoted text may have been meant to say."""
        text = self._document.text
        if cut := self._cuts.get(span.end):
            raw = text[span.start : text.index("#", span.end)]
            message = (
                f"'{cut[:60]}' is taken for a comment; put the text in quotation marks"
            )
            self._told(raw, len(raw), span.mark, message)
        if self._open and isinstance(self._open[-1][0], Items):
            raw = text[span.start : span.end]
            at = goes_on(raw)
            if at is not None:
                message = (
                    "this line goes on from the one above; line its '-' up with the "
                    "others of the list"
                )
                self._told(raw, at, span.mark, message)

    def _told(self, raw: str, at: int, mark: Mark, message: str) -> None:
        """Warn at a place in a text that begins at a mark."""
        lines = raw[:at].split("\n")
        column = len(lines[-1]) + (mark[1] if len(lines) == 1 else 1)
        place = self._document.place((mark[0] + len(lines) - 1, column))
        self._document.warnings.append(Problem.warning(place, message))

    def _refuse_extras(
        self,
        event: yaml.ScalarEvent | yaml.SequenceStartEvent | yaml.MappingStartEvent,
        mark: Mark,
    ) -> None:
        if event.anchor is not None:
            name = f"&{event.anchor}"
            raise self._stopped(
                mark, f"anchors such as '{name}' are not used; write it out"
            )
        if event.tag not in {None, "!"}:
            raise self._stopped(
                mark, f"tags such as '{event.tag}' are not used; delete it"
            )

    def _put(self, value: Value, span: Span) -> None:
        if not self._open:
            self._root = value
            self._document.span = span
            return
        parent, own, key = self._open[-1]
        if isinstance(parent, Items):
            parent.append(value)
            parent.spans.append(span)
        elif key is None:
            self._open[-1] = (parent, own, self._key(parent, value, span))
        else:
            parent[key] = value
            parent.spans[key] = span
            self._open[-1] = (parent, own, None)

    def _key(self, parent: Fields, value: Value, span: Span) -> str:
        if not isinstance(value, str):
            message = "a field's name is plain text; is a '- ' missing here?"
            raise self._stopped(span.mark, message)
        if value in parent:
            is_listed = len(self._open) > 1 and isinstance(self._open[-2][0], Items)
            if is_listed and len(parent) > 1 and value == next(iter(parent)):
                raise self._stopped(span.mark, new_record(value))
            first = parent.key_spans[value].mark[0]
            problem = Problem.error(
                self._document.place(span.mark),
                f"'{value}' stands twice in this record (first in line {first}); "
                "keep one",
            )
            self._document.problems.append(problem)
        else:
            parent.key_spans[value] = span
        return value

    def _stopped(self, mark: Mark, message: str) -> _StoppedError:
        return _StoppedError(Problem.error(self._document.place(mark), message))


def _scalar(event: yaml.ScalarEvent) -> str | None:
    """A scalar's text; None where nothing or an unquoted null was written."""
    is_null = event.value in {"", "~", "null", "Null"}
    return None if is_null and _is_plain(event) else event.value


def _is_plain(event: yaml.ScalarEvent) -> bool:
    return event.implicit[0] and event.style not in {"'", '"', "|", ">"}
