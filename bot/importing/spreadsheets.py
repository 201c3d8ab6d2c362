"""A table of questions and answers: bytes → rows, or what keeps it from being read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final

from bot.importing.layouts import (
    Record,
    TableError,
    from_csv,
    from_json,
    from_markdown,
)
from bot.importing.notes import Notes
from bot.story.documents import UNWANTED
from bot.story.prose import fold, squeeze

MAX_BYTES: Final = 30_000_000
"""The largest table that is read."""

MAX_CELL: Final = 20_000
"""Characters of a cell; an answer that is shown has less than a tenth."""

_BINARY: Final = (
    (b"PK\x03\x04", "an Excel or LibreOffice workbook; save it as CSV (UTF-8)"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook; save it as CSV (UTF-8)"),
    (b"%PDF", "a PDF; copy its questions and answers into a table"),
)
_UTF_16: Final = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_HYPERLINK = re.compile(
    r'=\s*HYPERLINK\(\s*"([^"]*)"\s*(?:[,;]\s*"([^"]*)"\s*)?\)', re.IGNORECASE
)
_FORMULA = re.compile(r"=\s*(?:[A-Za-z][\w.]*\(|\$?[A-Z]{1,3}\$?\d+\b|[\"'+-])")
_ERROR = re.compile(r"#(?:REF!|N/A|VALUE!|NAME\?|DIV/0!|NULL!|NUM!|#+)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MOJIBAKE = re.compile("[\u00c3\u00c2][\u0080-\u00bf\u0152-\u2122]|\u00e2\u20ac")


@dataclass(frozen=True, slots=True)
class Row:
    """A question and its answer, as the table has them; "" where a cell is empty.

    `number` is where it stands: the row as a spreadsheet counts, the item of a JSON
    list, the line of a heading.
    """

    number: int
    question: str
    answer: str
    ways: tuple[str, ...] = ()
    url: str = ""
    publisher: str = ""
    date: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a table that can be used, and what is to be told of the rest."""

    title: str
    rows: Sequence[Row]
    notes: Notes


def read_table(name: str, data: bytes) -> Table:
    """Read a table of questions and answers; `name` is its file's.

    Raises:
        TableError: it cannot be read; the sentence says why, and the mend.
    """
    notes = Notes()
    text = _text(data, notes)
    ending = PurePath(name).suffix.lower()
    if ending in {".md", ".markdown"}:
        notes.unit, title, records = "line", *from_markdown(text, notes)
    elif ending in {".json", ".jsonl"}:
        notes.unit, title, records = "item", "", from_json(text)
    else:
        title, records = "", from_csv(text, notes, tabs=ending in {".tsv", ".tab"})
    rows = list(_rows(records, notes))
    if not rows:
        raise TableError(f"'{name}' has no question with an answer")
    return Table(title or PurePath(name).stem, rows, notes)


def _text(data: bytes, notes: Notes) -> str:
    if len(data) > MAX_BYTES:
        raise TableError(f"this is larger than {MAX_BYTES / 1e6:.0f} MB; split it")
    for start, what in _BINARY:
        if data.startswith(start):
            raise TableError(f"this is {what}")
    if encoding := _UTF_16.get(data[:2]):
        return data[2:].decode(encoding, errors="replace")
    if b"\0" in data[:2000]:
        is_little = data[1:2000:2].count(0) >= data[0:2000:2].count(0)
        return data.decode("utf-16-le" if is_little else "utf-16-be", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        tried = data.decode("utf-8", errors="replace")
        bad = tried.count("\ufffd")
        is_mixed = sum(not char.isascii() for char in tried) > 2 * bad
        line = data.count(b"\n", 0, error.start) + 1
        try:
            text = None if is_mixed else data.decode("cp1252")
        except UnicodeDecodeError:
            text = None
        if text is None:
            raise TableError(
                f"line {line} has a byte that is not UTF-8 (0x{data[error.start]:02x});"
                " save the table as CSV (UTF-8)"
            ) from None
        notes.add(
            f"it is not UTF-8, and was read as Windows-1252 from line {line} on; look "
            "whether its accents are right"
        )
        return text


def _rows(records: Iterator[Record], notes: Notes) -> Iterator[Row]:
    """The rows that have a question and an answer; of the others is noted why not."""
    seen: dict[tuple[str, str], int] = {}
    asked: dict[str, int] = {}
    for number, cells in records:
        read = _Cells(number, cells, notes)
        question, answer = squeeze(read.text("question")), read.text("answer")
        if not any(map(str.strip, (part for cell in cells.values() for part in cell))):
            notes.add("the row is empty", number)
        elif why := read.why or _why_not(question, answer):
            notes.add(f"not taken in: {why}", number)
        elif (fold(question), fold(answer)) in seen:
            notes.add("left out, as another row says just the same", number)
        elif fold(question) in asked:
            notes.add(
                "not taken in: another row asks the same and answers otherwise; "
                "keep one",
                number,
            )
        else:
            seen[fold(question), fold(answer)] = asked[fold(question)] = number
            yield _row(number, question, answer, read)


def _why_not(question: str, answer: str) -> str:
    if not fold(question):
        return (
            "there is no question; where its cell is merged with the one above, write "
            "it in each row"
        )
    if not fold(answer):
        return "there is no answer"
    long = max(len(question), len(answer))
    if long > MAX_CELL:
        return f"a cell has more than {MAX_CELL:,} characters; split it"
    return ""


def _row(number: int, question: str, answer: str, read: "_Cells") -> Row:
    address, publisher = read.text("url"), squeeze(read.text("publisher"))
    for cell in read.cells.get("source", ()):
        found = _ADDRESS.search(read.clean("url", cell))
        address = address or (found[0] if found else "")
        named = squeeze(_ADDRESS.sub("", read.clean("publisher", cell))).strip(" ,;:-")
        publisher = publisher or named
    ways = (
        squeeze(one)
        for cell in read.cells.get("ways", ())
        for one in re.split(r"[\n|;]", read.clean("ways", cell))
    )
    unique = {fold(one): one for one in ways if one and fold(one) != fold(question)}
    return Row(
        number,
        question,
        answer,
        tuple(unique.values()),
        url=address.strip(),
        publisher=publisher,
        date=squeeze(read.text("date")),
        topic=squeeze(read.text("topic")),
    )


class _Cells:
    """The cells of a row, cleaned; `why` says what keeps the row from being read."""

    def __init__(
        self, number: int, cells: dict[str, tuple[str, ...]], notes: Notes
    ) -> None:
        self._number, self.cells, self._notes = number, cells, notes
        self.why = ""
        for field in ("question", "answer"):
            for cell in cells.get(field, ()):
                bare = cell.strip()
                if _FORMULA.match(bare) and not _HYPERLINK.fullmatch(bare):
                    self.why = f"the {field} is a formula; save what it shows"
                elif _ERROR.fullmatch(bare):
                    self.why = f"the {field} is a spreadsheet's error ({bare})"

    def text(self, field: str) -> str:
        """A field's text; "" where there is none."""
        return "\n".join(
            found
            for cell in self.cells.get(field, ())
            if (found := self.clean(field, cell))
        )

    def clean(self, field: str, cell: str) -> str:
        """A cell's text, without what a spreadsheet or a wrong encoding put there."""
        cell = re.sub(r"\r\n?|\x0b|\x0c|\u2028|\u2029|\x85", "\n", cell)
        cell = re.sub("[\ud800-\udfff]", "\ufffd", cell.replace("\u00a0", " "))
        if link := _HYPERLINK.fullmatch(cell.strip()):
            cell = link[1] if field == "url" else link[2] or link[1]
        if _ERROR.fullmatch(cell.strip()) or (
            field not in {"question", "answer"} and _FORMULA.match(cell.strip())
        ):
            self._notes.add(f"the {field} holds no text, but a formula", self._number)
            return ""
        if _MOJIBAKE.search(cell):
            cell = self._mended(cell)
        if UNWANTED.search(cell):
            self._notes.add("invisible characters were deleted", self._number)
            cell = UNWANTED.sub("", cell)
        if "\ufffd" in cell:
            kind = "a character was lost before (�); look it up"
            self._notes.add(kind, self._number)
        return cell.strip()

    def _mended(self, cell: str) -> str:
        """A text that was UTF-8 read as Windows-1252, as it was."""
        try:
            found = cell.encode("cp1252").decode("utf-8")
        except UnicodeError:
            self._notes.add("a character looks broken, as in â€™", self._number)
            return cell
        self._notes.add("broken characters were mended, as â€™ is ’", self._number)
        return found
