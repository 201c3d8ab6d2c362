"""Entries of an answers file as nobody would write them: any style, comments, spacing.

Each piece of text is known by what it holds, so that a test can say which must stay.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from hypothesis import assume
from hypothesis import strategies as st

from bot.story.documents import Document, Fields, Value, parse

Tree: TypeAlias = str | Sequence["Tree"] | Mapping[str, "Tree"] | None
Draw = st.DrawFn

_WORDS = st.lists(
    st.sampled_from("the bell of Harbour Street was gone again".split()),
    min_size=1,
    max_size=40,
).map(" ".join)
_NASTY = st.sampled_from(
    [
        "",
        "null",
        "~",
        "no",
        "1.0",
        "a: b",
        "a #b",
        "# a",
        "- a",
        "? a",
        ": a",
        "[a]",
        "{a",
        "a]",
        "a, b",
        "it's",
        'say "x"',
        'it\'s "x"',
        "@x",
        "*x",
        "&x",
        "!x",
        "%x",
        "a\\b",
        "a\tb",
        "\ta",
        " a",
        "a ",
        "a  b",
        "one\ntwo",
        "one\n\ntwo",
        "one\n  two",
        "one\n",
        "\none",
        "one\n\n",
        "é 😀 ’",
        "\u00a0",
        "a\u0085b",
        "---",
        "...",
        "<<",
        "=",
        "| x",
        "> x",
        "'x'",
        '"x"',
        "x" * 100,
        "a:",
        "`x",
        "x\r\ny",
        "2022-11-27",
        "a\n# b",
    ]
)
TEXTS = st.one_of(_WORDS, _NASTY, st.text("ab :#-'\"\n\\é,[]{}", max_size=12))
IDS = st.from_regex(r"[a-z]{1,6}(-[a-z0-9]{1,4}){0,2}", fullmatch=True)
PREMISES = st.fixed_dictionaries(
    {
        "claims": st.lists(TEXTS, min_size=1, max_size=3, unique_by=str.strip),
        "correction": TEXTS,
    }
)
FIELDS: dict[str, st.SearchStrategy[Tree]] = {
    "question": TEXTS,
    "also_asked": st.lists(TEXTS, max_size=4, unique_by=str.strip),
    "not_this": st.lists(TEXTS, max_size=3, unique_by=str.strip),
    "answer": TEXTS,
    "premises": st.lists(PREMISES, max_size=2),
    "related": st.lists(IDS, max_size=5, unique=True),
    "gives": st.none() | IDS,
}


@dataclass(frozen=True)
class Odd:
    """A file's text, and what it holds."""

    text: str
    records: list[dict[str, Tree]]


@st.composite
def records(draw: Draw) -> dict[str, Tree]:
    """An entry's fields, but for its id."""
    names = draw(st.lists(st.sampled_from(sorted(FIELDS)), unique=True))
    return {name: draw(FIELDS[name]) for name in names}


@st.composite
def files(draw: Draw) -> Odd:
    """A file of one to four entries."""
    pen = _Pen(draw)
    values: list[dict[str, Tree]] = []
    pieces: list[str] = []
    step = draw(st.sampled_from([2, 2, 4]))
    column = draw(st.sampled_from([0, 0, 0, 2]))
    for index in range(draw(st.integers(1, 4))):
        fields = draw(records())
        value = {"id": f"entry-{index}", **fields}
        if draw(st.booleans()):
            value = dict(sorted(value.items()))
        values.append(value)
        pieces.append(pen.record(value, column, step))
    top = draw(st.sampled_from(["", "# top\n", "# top\n\n", "\n", "---\n# top\n"]))
    text = top + "".join(pieces)
    assume(loaded(text) == values)  # a deep comment below a block is text of it
    if draw(st.booleans()):
        ended = text.removesuffix("\n")
        if loaded(ended) == values:
            text = ended
    if draw(st.integers(0, 3)) == 0:
        text = text.replace("\n", "\r\n")
    return Odd(draw(st.sampled_from(["", "", "\ufeff"])) + text, values)


def loaded(text: str) -> Value:
    """What a text reads as; None where it has problems."""
    document = Document("f.yaml", text.removeprefix("\ufeff").replace("\r\n", "\n"))
    parse(document)
    return None if document.problems else document.root


class _Pen:
    """Writes values in styles that are drawn."""

    def __init__(self, draw: Draw) -> None:
        self._draw = draw
        self._notes = 0

    def _any(self, *options: str) -> str:
        return self._draw(st.sampled_from(options))

    def _note(self) -> str:
        self._notes += 1
        return f"# note {self._notes}"

    def _beside(self) -> str:
        return f"  {self._note()}" if self._any("", "", "", "x") else ""

    def _above(self, column: int) -> str:
        kind = self._any("", "", "", "", "note", "blank", "deep", "blank deep")
        text = "\n" if "blank" in kind else ""
        if kind in {"", "blank"}:
            return text
        deep = 2 if "deep" in kind else 0
        return text + " " * (column + deep) + self._note() + "\n"

    def record(self, value: Mapping[str, Tree], column: int, step: int) -> str:
        """An item of the file with what is above it."""
        lines = self._any("", "\n", f"# section {self._notes}\n", "\n# section\n")
        style = self._any("beside", "beside", "beside", "below", "flow")
        head = " " * column + "-"
        if style == "flow":
            return f"{lines}{head} {json.dumps(value)}{self._beside()}\n"
        fields = self._fields(value, column + step)
        if style == "below":
            return f"{lines}{head}{self._beside()}\n{fields}"
        first = fields.lstrip("\n")
        if first.lstrip(" ").startswith("#"):
            return f"{lines}{head}\n{fields}"
        return f"{lines}{head}{first[column + 1 :]}"

    def _fields(self, value: Mapping[str, Tree], column: int) -> str:
        text = ""
        for name, part in value.items():
            above = self._above(column) if text else ""
            text += f"{above}{' ' * column}{name}:{self._value(part, column, 0)}"
        return text

    def _value(self, value: Tree, column: int, least: int) -> str:
        """A value with its line's end, after a name or (least: 1) a dash."""
        if isinstance(value, Mapping):
            inner = column + 2
            fields = self._fields(value, inner)
            return f" {fields[inner:]}" if least else f"{self._beside()}\n{fields}"
        if value is None or isinstance(value, str):
            return self._scalar(value, column)
        return self._list(value, column, least)

    def _list(self, value: Sequence[Tree], column: int, least: int) -> str:
        style = self._any("block", "block", "flow", "lines")
        if style == "block" and value:
            inner = column + self._draw(
                st.sampled_from([2, 2, 0, 4] if not least else [2])
            )
            text = f"{self._beside()}\n"
            for item in value:
                above = self._above(inner)
                text += f"{above}{' ' * inner}-{self._value(item, inner, 1)}"
            return text
        items = [json.dumps(item) for item in value]
        if style == "lines" and items:
            inner = " " * (column + 2)
            rows = [f"{inner}{item},{self._beside()}\n" for item in items]
            return f" [{self._beside()}\n{''.join(rows)}{inner}]{self._beside()}\n"
        return f" [{', '.join(items)}]{self._beside()}\n"

    def _scalar(self, text: str | None, column: int) -> str:
        if text is None:
            return self._any(" null", " ~", "") + self._beside() + "\n"
        beside, indent = self._beside(), " " * (column + 2)
        folded = "\n\n".join(
            f"\n{indent}".join(line.split(" ")) for line in text.split("\n")
        ).replace("\n\n", f"\n\n{indent}")
        literal = "".join(
            f"{indent}{line}\n" if line else "\n"
            for line in text.removesuffix("\n").split("\n")
        )
        ways = {
            "plain": f" {text}{beside}\n",
            "single": " '" + text.replace("'", "''") + f"'{beside}\n",
            "double": f" {json.dumps(text)}{beside}\n",
            "lines": f" {text.replace(' ', chr(10) + indent, 1)}{beside}\n",
            "below": f"\n{indent}{text}{beside}\n",
            "literal": f" |{beside}\n{literal}",
            "literal-": f" |-{beside}\n{literal}",
            "literal+": f" |+{beside}\n{literal}",
            "folded-": f" >-{beside}\n{indent}{folded}\n{self._any('', chr(10))}",
            "double-lines": f' "{text.replace(" ", chr(10) + indent, 1)}"{beside}\n',
        }
        way = ways[self._any(*ways)]
        inner = " " * column + "a:" + way + " " * column + "b: c\n"
        above = "".join(f"{' ' * at}x:\n" for at in range(0, column, 2))
        read = loaded(above + inner)
        for _ in range(0, column, 2):
            read = read.get("x") if isinstance(read, Fields) else None
        return way if read == {"a": text, "b": "c"} else ways["double"]
