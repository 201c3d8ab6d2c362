"""The forms that tables have: text → records, each a cell or more for every field."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final, TypeGuard

from bot.importing.notes import Notes
from bot.story.prose import fold, squeeze

Record = tuple[int, dict[str, tuple[str, ...]]]
"""Where it stands, and its cells by the name of their field."""

NAMES: Final[Mapping[str, str]] = {
    "ways": """ways|ways of asking|also asked|other ways|alternative questions|
        alternatives|alternative|alternate questions|paraphrases|paraphrase|variants|
        variations|utterances|synonyms|similar questions|varianten|variantes""",
    "url": """url|address|source address|source url|source link|link|web address|page|
        href|webpage|website|enlace|lien|adresse|dirección""",
    "date": """date|published|publication date|updated|last updated|last reviewed|
        modified|as of|datum|stand|fecha|data|date published|datepublished""",
    "publisher": """publisher|source name|organisation|organization|agency|publication|
        author|publisher name|herausgeber|medio|editor|éditeur|editore|institution""",
    "source": "source|sources|reference|references|quelle|fuente|fonte|bron|källa",
    "topic": """topic|category|section|theme|subject|group|thema|kategorie|categoría|
        tema|catégorie|rubrique|categoria""",
    "question": """question|questions|q|query|question text|frage|fragen|pregunta|
        preguntas|domanda|pergunta|vraag|fråga|pytanie|вопрос|質問|问题|問題|질문|سؤال""",
    "answer": """answer|answers|a|response|responses|reply|answer text|antwort|
        respuesta|réponse|reponse|risposta|resposta|antwoord|svar|odpowiedź|ответ|回答|
        答案|답변|جواب|acceptedanswer""",
}
"""What the columns of each field are called, in a few languages."""

_FIELDS: Final = {
    fold(name): field for field, names in NAMES.items() for name in names.split("|")
}
_HEADER_ROWS: Final = 15
_SAMPLE: Final = 200_000
_LARGEST: Final = 40_000_000
_ASKS = re.compile(r"[?\uff1f\u061f]\s*$")
_ASKING: Final = 0.6


class TableError(Exception):
    """The table cannot be read; its text is a sentence with the mend."""


def field_of(name: str) -> str:
    """The field of a column's name; "" where it is none.

    >>> field_of("Question"), field_of("Alternative 2"), field_of("Source (URL)")
    ('question', 'ways', 'url')
    """
    bare = squeeze(re.sub(r"[_\d]+", " ", fold(name.replace("_", " "))))
    if bare in _FIELDS:
        return _FIELDS[bare]
    words = bare.split()
    if len(words) > 6:
        return ""
    return next(
        (
            field
            for field in ("ways", "url", "date", "publisher", "source", *NAMES)
            if any(_FIELDS.get(word) == field for word in words if len(word) > 1)
        ),
        "",
    )


def from_csv(text: str, notes: Notes, *, tabs: bool = False) -> Iterator[Record]:
    """The records of a text with separators: comma, semicolon, tab or bar."""
    csv.field_size_limit(_LARGEST)
    first = 1
    separators = "\t,;|" if tabs else ",;\t|"
    if found := re.match(r"sep=(.)\r?\n", text):
        separators, text, first = found[1], text[found.end() :], 2
    separator = max(separators, key=lambda one: _likeness(text, one))
    rows = list(enumerate(_parsed(text, separator), first))
    header, fields = _header(rows, notes)
    wide = 0
    for number, cells in rows[header:]:
        found_cells: dict[str, tuple[str, ...]] = {}
        for field, cell in zip(fields, cells, strict=False):
            if field and (cell.strip() or field not in found_cells):
                found_cells[field] = (*found_cells.get(field, ()), cell)
        if any(one.strip() for one in cells[len(fields) :]):
            wide += 1
            notes.add("the row has more cells than the table has columns", number)
        yield number, found_cells


def _likeness(text: str, separator: str) -> tuple[int, int]:
    """How much a text looks like a table with this separator."""
    sample = csv.reader(io.StringIO(text[:_SAMPLE], newline=""), delimiter=separator)
    rows = list(islice(sample, 60))
    known = max((len(set(_known(row))) for row in rows[:_HEADER_ROWS]), default=0)
    widths = Counter(len(row) for row in rows if any(row))
    width, count = max(widths.items(), key=lambda one: one[1], default=(0, 0))
    return known, count if width > 1 else 0


def _parsed(text: str, separator: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    found: list[list[str]] = []
    try:
        found.extend(reader)
    except csv.Error as error:
        if separator == "\t":  # quotation marks often mean nothing there
            yield from (line.split("\t") for line in text.splitlines())
            return
        where = f"row {len(found) + 1} (which begins after line {_lines(found)})"
        what = "has a quotation mark inside a cell; write it twice"
        if "end of data" in str(error):
            what = "opens a quotation mark that is never closed"
        raise TableError(f"{where} {what}") from None
    yield from found


def _lines(rows: Iterable[Sequence[str]]) -> int:
    return sum(1 + sum(cell.count("\n") for cell in row) for row in rows)


def _known(cells: Sequence[str]) -> list[str]:
    return [field for cell in cells if (field := field_of(cell))]


def _header(
    rows: Sequence[tuple[int, list[str]]], notes: Notes
) -> tuple[int, list[str]]:
    """How many rows come before the first record, and the field of each column."""
    for at, (_, cells) in enumerate(rows[:_HEADER_ROWS]):
        if {"question", "answer"} <= set(_known(cells)):
            fields = [field_of(cell) for cell in cells]
            left = [
                squeeze(cell)
                for cell, field in zip(cells, fields, strict=True)
                if cell.strip() and not field
            ]
            for name in left:
                notes.add(f"the column '{name[:60]}' was not taken in")
            return at + 1, _once(fields)
    cells = [one for _, one in rows if any(map(str.strip, one))]
    asking = [one for one in cells if _ASKS.search(one[0])]
    if cells and len(asking) >= _ASKING * len(cells) and len(cells[0]) > 1:
        notes.add(
            "no row names the columns; the first was taken for questions, the second "
            "for answers"
        )
        named = ["url" if _is_address(one) else "" for one in cells[-1][2:]]
        return 0, ["question", "answer", *named]
    shown = ", ".join(f"'{squeeze(one)[:30]}'" for one in (cells or [[]])[0][:6])
    raise TableError(
        "no column is called 'question' and none 'answer'; name them in the first row"
        + (f", which has {shown}" if shown else "")
    )


def _is_address(cell: str) -> bool:
    return re.match(r"https?://", cell.strip()) is not None


def _once(fields: Sequence[str]) -> list[str]:
    """The fields of columns; a second column of questions has other ways of asking."""
    seen: set[str] = set()
    found: list[str] = []
    for field in fields:
        found.append("ways" if field == "question" and field in seen else field)
        seen.add(field)
    return found


def from_json(text: str) -> Iterator[Record]:
    """The records of JSON: a list of objects, wherever it is, or one object a line."""
    try:
        root: object = json.loads(text)
    except RecursionError:
        raise TableError("this JSON is nested too deeply") from None
    except json.JSONDecodeError as error:
        root = _json_lines(text, error)
    if _is_object(root) and all(isinstance(one, str) for one in root.values()):
        root = [{"question": name, "answer": said} for name, said in root.items()]
    items = _listed(root)
    if not items:
        raise TableError("there is no list of objects with a question in it")
    for number, item in enumerate(items, 1):
        cells: dict[str, tuple[str, ...]] = {}
        for name, value in item.items():
            field = "question" if name == "name" else field_of(name)
            if field and (said := _said(value)):
                cells[field] = (*cells.get(field, ()), *said)
        yield number, cells


def _json_lines(text: str, error: json.JSONDecodeError) -> object:
    found: list[object] = []
    for line in filter(str.strip, text.splitlines()):
        try:
            found.append(json.loads(line))
        except (json.JSONDecodeError, RecursionError):
            raise TableError(
                f"line {error.lineno}, column {error.colno} is not JSON: {error.msg}"
            ) from None
    return found


def _listed(root: object) -> list[Mapping[str, object]]:
    """The first list of objects that have questions, outermost first."""
    waiting = [root]
    for one in waiting:
        if _is_list(one):
            found = [item for item in one if _is_object(item)]
            if any(field_of(name) == "question" for it in found for name in it) or any(
                it.get("@type") == "Question" for it in found
            ):
                return found
            waiting.extend(one)
        elif _is_object(one):
            waiting.extend(one.values())
    return []


def _said(value: object) -> tuple[str, ...]:
    """The texts of a value."""
    if isinstance(value, bool) or value is None:
        return ()
    if isinstance(value, str | int | float):
        return (str(value),)
    if _is_list(value):
        return tuple(text for one in value for text in _said(one))
    if _is_object(value):
        names = ("text", "name", "url", "value", "answer")
        return next((said for name in names if (said := _said(value.get(name)))), ())
    return ()


def _is_object(value: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(value, dict)


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


_HEADING = re.compile(r"(#{1,6})\s+(.+?)\s*#*\s*$")
_LINE = re.compile(r"[*_]*([^\W\d][\w ]{1,28}?)[*_]*\s*:[*_]*\s+(.+)")


def from_markdown(text: str, notes: Notes) -> tuple[str, Iterator[Record]]:
    """The title and the records of Markdown: a heading for each question.

    A heading that has others below it is a topic. `Source: …` and the like are fields
    where they stand on a line of their own.
    """
    parts: list[tuple[int, int, str, list[str]]] = []
    is_code = False
    for number, line in enumerate(text.splitlines(), 1):
        is_code ^= line.lstrip().startswith("```")
        found = None if is_code else _HEADING.match(line)
        if found:
            parts.append((number, len(found[1]), found[2], []))
        elif parts:
            parts[-1][3].append(line)
        elif line.strip() and not line.startswith("---"):
            notes.add("what stands before the first heading was not taken in", number)
    if not parts:
        raise TableError("there is no heading; write '## ' before each question")
    is_topic = [
        not _ASKS.search(title) and level < after[1]
        for (_, level, title, _), after in zip(parts, [*parts[1:], (0, 0)], strict=True)
    ]
    title = parts[0][2] if is_topic[0] and parts[0][1] == 1 else ""
    return title, _sections(parts, is_topic, notes)


def _sections(
    parts: Sequence[tuple[int, int, str, list[str]]],
    is_topic: Sequence[bool],
    notes: Notes,
) -> Iterator[Record]:
    topic = ""
    for (number, level, title, body), is_section in zip(parts, is_topic, strict=True):
        if is_section:
            topic = title if level > 1 else ""
            if any(map(str.strip, body)):
                notes.add("what stands below a topic was not taken in", number)
            continue
        cells: dict[str, tuple[str, ...]] = {"question": (title,), "topic": (topic,)}
        said: list[str] = []
        for line in body:
            found = _LINE.fullmatch(line.strip())
            field = field_of(found[1]) if found else ""
            if found and field and field not in {"question", "topic"}:
                cells[field] = (*cells.get(field, ()), found[2].strip("<>"))
            else:
                said.append(line)
        if answer := "\n".join(said).strip():
            cells["answer"] = (*cells.get("answer", ()), answer)
        yield number, cells
