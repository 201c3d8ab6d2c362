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

_OPEN_QUOTE = re.compile(r"^(?P<indent>\s*(?:- )*(?:[\w-]+:\s+)?)(?P<mark>[\"'])")
_NEXT_KEY = re.compile(r"^\s*(?:- |[\w-]+:(?:\s|$))")

Mark = tuple[int, int]
"""A line and a column, both from 1."""


@dataclass(slots=True)
class Span:
    """Where something begins and ends in a text; a block may end further down."""

    start: int
    end: int
    mark: Mark = (1, 1)


class Items(list["Value"]):
    """A YAML list, and where each item stands."""

    def __init__(self) -> None:
        super().__init__()
        self.spans: list[Span] = []


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

    def place(self, mark: Mark) -> Place:
        """A mark as a place in this file."""
        return Place(self.path, *mark)

    def find(self, needle: str, mark: Mark) -> Mark:
        """Where some text stands at or after a mark; the mark where it is not found.

        Meant for the words inside a long value, whose mark is its first character.
        A needle that was wrapped over lines is found by its first words.
        """
        lines = self.text.splitlines()
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
        document.problems = [_syntax(document, error)]
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


def _unwanted(document: Document) -> list[Problem]:
    """Control and invisible characters, and tabs that indent: before any parsing."""
    problems: list[Problem] = []
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
            self._put(_scalar(event), span)
        elif isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            self._refuse_extras(event, mark)
            if len(self._open) >= _MAX_DEPTH:
                raise self._stopped(
                    mark, "this is nested too deeply; a fact file is flat"
                )
            is_list = isinstance(event, yaml.SequenceStartEvent)
            value = Items() if is_list else Fields()
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
    is_plain = event.implicit[0] and event.style not in {"'", '"', "|", ">"}
    return (
        None if is_plain and event.value in {"", "~", "null", "Null"} else event.value
    )


def _syntax(document: Document, error: yaml.YAMLError) -> Problem:
    """What YAML's parser says, where the mistake is, in a moderator's words."""
    unclosed = _unclosed_quote(document.text)
    if unclosed:
        place = document.place(unclosed)
        return Problem.error(place, "this quotation mark is never closed; close it")
    if not isinstance(error, yaml.MarkedYAMLError):
        return Problem.error(Place(document.path), "this cannot be read as YAML")
    is_flow = "flow" in (error.context or "")
    at = (is_flow and error.context_mark) or error.problem_mark or error.context_mark
    mark = (at.line + 1, at.column + 1) if at else (1, 1)
    place = document.place(mark)
    said = f"{error.context or ''} {error.problem or ''}"
    for words, mend in _MENDS.items():
        if words in said:
            return Problem.error(place, mend)
    return Problem.error(place, f"this cannot be read as YAML ({error.problem})")


_MENDS: Final = {
    "mapping values are not allowed": (
        "a second ': ' on this line; put the text in quotation marks"
    ),
    "did not find expected key": (
        "this line is not indented like its neighbours; line it up"
    ),
    "did not find expected '-' indicator": (
        "this line is not indented like its neighbours; line it up with the list"
    ),
    "could not find expected ':'": "a field's name needs a ':' and a space after it",
    "did not find expected ',' or ']'": "a '[' list is never closed; close it with ']'",
    "did not find expected ',' or '}'": "a '{' is never closed; close it with '}'",
    "cannot start any token": (
        "a value cannot start with this character; put it in quotation marks"
    ),
    "found undefined tag": "a value that starts with '!' needs quotation marks",
    "alphabetic or numeric character": (
        "a value that starts with '*' or '&' needs quotation marks"
    ),
    "unexpected end of stream": "something that was opened here is never closed",
    "unknown escape character": (
        "a '\\' inside double quotation marks; use single ones"
    ),
    "found undefined alias": "a value that starts with '*' needs quotation marks",
}


def _unclosed_quote(text: str) -> Mark | None:
    """The opening quotation mark whose line ends open before a line that is a key."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        found = _OPEN_QUOTE.match(line)
        if not found:
            continue
        mark, rest = found["mark"], line[found.end() :]
        rest = rest.replace("''", "") if mark == "'" else re.sub(r"\\.", "", rest)
        following = next(
            (after for after in lines[number + 1 :] if after.strip()), None
        )
        is_cut_off = following is None or _NEXT_KEY.match(following)
        if mark not in rest and is_cut_off:
            return number + 1, found.start("mark") + 1
    return None
