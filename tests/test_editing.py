"""Edits: one change of a story, and every other byte as it was."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.editing import editor
from bot.editing.editor import KEYS, STORY, edit, record_of, records_in
from bot.editing.edits import Add, Append, Drop, Edit, EditError, Remove, Replace, Set
from bot.editing.syntax_tree import tree
from bot.story.documents import Document, Fields, Items, Value, parse
from bot.story.files import FILES
from tests import odd_yaml
from tests.conftest import ROOT
from tests.odd_yaml import IDS, PREMISES, TEXTS, Tree, loaded
from tests.soak import law

TEMPLATE = "bot/template"
REAL = "knowledge/balenciaga-2022"


# ---------------------------------------------------------------------------
# Examples
# ---------------------------------------------------------------------------

BELL = "answers/bell.yaml"
TWO = """\
# Answers.

# About the bell
- id: first  # its first
  question: Where is the bell?
  # asked often
  also_asked:
    - bell where  # short
    - "where's the bell: do you know?"
  answer: >-
    It is gone. [gone] A second sentence goes on here, so that the text has two lines,
    as it is long.
  related: [second, third]

# About the tower
- id: second
  question: 'Where is it?'
  answer: Here. [here]
"""


def after(text: str, *edits: Edit, path: str = BELL) -> str:
    """The text of one file after some edits."""
    return edit({path: text}, edits).get(path, text)


def changed(old: str, new: str) -> list[str]:
    """The lines that went and came, with - and +."""
    compared = difflib.unified_diff(old.splitlines(), new.splitlines(), n=0)
    heads = ("---", "+++", "@@")
    return [f"{at[0]} {at[1:]}" for at in compared if not at.startswith(heads)]


@pytest.mark.parametrize(
    ("change", "lines_changed"),
    [
        (
            Set("answers", "first", "question", "What: now?"),
            ["-   question: Where is the bell?", '+   question: "What: now?"'],
        ),
        (
            Set("answers", "second", "question", "And now?"),
            ["-   question: 'Where is it?'", "+   question: 'And now?'"],
        ),
        (
            Append("answers", "first", "also_asked", "is it gone"),
            ["+     - is it gone"],
        ),
        (
            Append("answers", "first", "also_asked", "is it gone", 0),
            ["+     - is it gone"],
        ),
        (
            Append("answers", "first", "related", "fourth", 1),
            ["-   related: [second, third]", "+   related: [second, fourth, third]"],
        ),
        (
            Append("answers", "second", "related", "first"),
            ["+   related: [first]"],
        ),
        (
            Append("answers", "second", "also_asked", "is it gone"),
            ["+   also_asked:", "+     - is it gone"],
        ),
        (
            Drop("answers", "first", "also_asked", "bell where"),
            ["-     - bell where  # short"],
        ),
        (
            Drop("answers", "first", "related", "third"),
            ["-   related: [second, third]", "+   related: [second]"],
        ),
        (
            Set("answers", "first", "related", None),
            ["-   related: [second, third]"],
        ),
        (
            Set("answers", "second", "historical", "true"),
            ["+   historical: true"],
        ),
        (
            Set("answers", "first", "answer", "Gone. [gone]"),
            [
                "-     It is gone. [gone] A second sentence goes on here, so that the "
                "text has two lines,",
                "-     as it is long.",
                "+     Gone. [gone]",
            ],
        ),
        (
            Set(
                "answers",
                "second",
                "premises",
                [{"claims": ["x y"], "correction": "z"}],
            ),
            [
                "+   premises:",
                "+     - claims:",
                "+         - x y",
                "+       correction: z",
            ],
        ),
        (
            Remove("answers", "second"),
            [
                "- - id: second",
                "-   question: 'Where is it?'",
                "-   answer: Here. [here]",
            ],
        ),
    ],
)
def test_an_edit_is_made_in_the_style_around_it(
    change: Edit, lines_changed: list[str]
) -> None:
    """Only the lines that a person would touch are others, written as that person."""
    assert changed(TWO, after(TWO, change)) == lines_changed


def test_a_new_record_stands_apart_as_the_others_do() -> None:
    """A record goes below the last, after an empty line where the others have one."""
    record = {"answer": "Yes. [yes]", "id": "third", "question": "Is it?"}
    added = "\n- id: third\n  question: Is it?\n  answer: Yes. [yes]\n"
    assert after(TWO, Add("answers", record)) == TWO + added
    close = "- id: a\n  question: b\n- id: c\n  question: d"
    assert after(close, Add("answers", {"id": "e"})) == close + "\n- id: e"


def test_prose_is_folded_where_it_is_too_long() -> None:
    """A text that does not fit its line goes below `>-`, in lines of 88 columns."""
    new = after(TWO, Set("answers", "second", "answer", "word " * 40 + "[here]"))
    lines_new = new.split("\n")
    assert "  answer: >-" in lines_new
    assert max(map(len, lines_new)) <= 88
    assert lines_new[-2].startswith("    word")


def test_a_list_that_is_too_long_for_its_line_goes_on_in_the_next() -> None:
    """A list in brackets stays one."""
    text = f"- id: a\n  related: [{'b' * 30}, {'c' * 30}]\n"
    new = after(text, Append("answers", "a", "related", "d" * 30))
    assert new == f"{text[:-2]},\n    {'d' * 30}]\n"


def test_one_id_becomes_a_list_of_two() -> None:
    """`by: a` takes another speaker."""
    text = "- id: x\n  by: a  # who\n"
    new = after(text, Append("facts", "x", "by", "b"), path="facts/a.yaml")
    assert new == "- id: x\n  by: [a, b]  # who\n"


def test_equal_values_stay_as_they_are_written() -> None:
    """A record that is replaced by the same, in another form, is not touched."""
    same = {
        "id": "first",
        "also_asked": ["bell where", "where's the bell: do you know?"],
        "question": "Where is the bell?",
        "answer": "It is gone. [gone] A second sentence goes on here, so that the text "
        "has two lines, as it is long.",
        "related": ["second", "third"],
    }
    assert edit({BELL: TWO}, [Replace("answers", "first", same)]) == {}
    more = Replace("answers", "first", {**same, "related": ["second"]})
    assert changed(TWO, after(TWO, more)) == [
        "-   related: [second, third]",
        "+   related: [second]",
    ]


def test_premises_are_changed_item_by_item() -> None:
    """Of a list of mappings, only what differs is written."""
    text = """\
- id: a
  premises:
    # the first
    - claims:
        - one  # 1
        - two
      correction: 'No. [x]'
    - claims: [three]
      correction: >-
        No, not at all. [y]
"""
    premises = [
        {"claims": ["one", "two", "four"], "correction": "No. [x]"},
        {"claims": ["three"], "correction": "Not at all. [y]"},
    ]
    new = after(text, Set("answers", "a", "premises", premises))
    assert changed(text, new) == [
        "+         - four",
        "-         No, not at all. [y]",
        "+         Not at all. [y]",
    ]


@pytest.mark.parametrize(
    ("text", "change", "new"),
    [
        (
            "-\n  id: a\n",
            Append("answers", "a", "related", "b"),
            "-\n  id: a\n  related: [b]\n",
        ),
        (
            "-   id: a\n",
            Set("answers", "a", "answer", "b"),
            "-   id: a\n    answer: b\n",
        ),
        (
            "- {id: a}\n",
            Set("answers", "a", "answer", "b, c"),
            '- {id: a, answer: "b, c"}\n',
        ),
        (
            "- question: q\n  id: a\n",
            Set("answers", "a", "question", None),
            "- question: null\n  id: a\n",
        ),
        (
            "- historical: true\n  id: a\n",
            Set("answers", "a", "historical", None),
            "- id: a\n",
        ),
        (
            "- id: a\n  answer: |\n    b\n    c\n",
            Set("answers", "a", "answer", "d\ne"),
            "- id: a\n  answer: |-\n    d\n    e\n",
        ),
        (
            "- id: a\n  answer: >-  # n\n    b\n",
            Set("answers", "a", "answer", "c"),
            "- id: a\n  answer: >-  # n\n    c\n",
        ),
        (
            "- id: a\n  answer: b  # n",
            Set("answers", "a", "answer", "c"),
            "- id: a\n  answer: c  # n",
        ),
        (
            "- id: a\n  answer:  # n\n",
            Set("answers", "a", "answer", "c"),
            "- id: a\n  answer: c  # n\n",
        ),
        (
            "- id: a\n  related:\n  - b\n",
            Append("answers", "a", "related", "c"),
            "- id: a\n  related:\n  - b\n  - c\n",
        ),
        (
            "- id: a\n  related: [b, # n\n    c]\n",
            Drop("answers", "a", "related", "c"),
            "- id: a\n  related: [b] # n\n",
        ),
        (
            "- id: a\n  related:  # n\n    # m\n    - b\n    # o\n",
            Set("answers", "a", "related", "c\nd"),
            "- id: a\n  related: |-  # n\n    c\n    d\n  # m\n  # o\n",
        ),
        (
            "- id: a\n  related: [b]\n",
            Drop("answers", "a", "related", "b"),
            "- id: a\n",
        ),
        (
            "- id: a\r\n- id: b\r\n",
            Set("answers", "a", "answer", "c"),
            "- id: a\r\n  answer: c\r\n- id: b\r\n",
        ),
        (
            "\ufeff- id: a\n",
            Set("answers", "a", "answer", "é 😀"),
            "\ufeff- id: a\n  answer: é 😀\n",
        ),
        ("- id: a", Add("answers", {"id": "b"}), "- id: a\n- id: b"),
        (
            "- id: a\n  answer: |\n    b",
            Add("answers", {"id": "c"}),
            "- id: a\n  answer: |-\n    b\n- id: c",
        ),
        ("# top\n- id: a\n", Remove("answers", "a"), "# top\n[]\n"),
        ("# top\n[]\n", Add("answers", {"id": "a"}), "# top\n- id: a\n"),
        ("", Add("answers", {"id": "a"}), "- id: a\n"),
        ("# top", Add("answers", {"id": "a"}), "# top\n- id: a"),
        (
            "# top\n\n- id: a\n",
            Add("answers", {"id": "b"}),
            "# top\n\n- id: a\n\n- id: b\n",
        ),
        (
            "- id: a\n\n# b's\n- id: b\n\n- id: c\n",
            Remove("answers", "b"),
            "- id: a\n\n# b's\n- id: c\n",
        ),
        (
            "- id: a\n  # end of a\n# end\n",
            Add("answers", {"id": "b"}),
            "- id: a\n  # end of a\n- id: b\n# end\n",
        ),
    ],
)
def test_odd_files_keep_their_ways(text: str, change: Edit, new: str) -> None:
    """Line ends, marks, indents and empty places stay what they are."""
    assert after(text, change) == new


@pytest.mark.parametrize(
    "text",
    [
        "no",
        "null",
        "~",
        "",
        " x ",
        "a: b",
        "a # b",
        "- a",
        "[a]",
        "it's",
        'say "x"',
        "a\tb",
        "one\ntwo",
        "one\n\n  two",
        "2022-11-27",
        "\\",
        "@a",
        "*a",
        "'\"'",
        "é 😀",
        "a\u0085b",
    ],
)
def test_any_text_reads_back_as_it_was_given(text: str) -> None:
    """All text stays text, in a field, a list and brackets."""
    files = [
        ("- id: a\n  answer: b\n", Set("answers", "a", "answer", text)),
        (
            "- id: a\n  also_asked:\n    - b\n",
            Append("answers", "a", "also_asked", text),
        ),
        ("- id: a\n  also_asked: [b]\n", Append("answers", "a", "also_asked", text)),
    ]
    for old, change in files:
        value = loaded(after(old, change))
        assert (
            text in str(value) or text in repr(value) or repr(text)[1:-1] in str(value)
        )


def test_records_without_id_are_named_by_their_text() -> None:
    """An event, a phrase and a question go by what they say."""
    files = texts(TEMPLATE)
    new = edit(
        files,
        [
            Set("timeline", "The bell is back", "date", "2024-06-13"),
            Append("lexicon", "the tower", "ways", "campanile"),
            Remove("questions", "hello"),
            Set("story", STORY, "as_of", "2024-07-01"),
        ],
    )
    assert sorted(new) == [
        "lexicon.yaml",
        "questions.yaml",
        "story.yaml",
        "timeline.yaml",
    ]
    assert "  ways: [belfry, bell tower, campanile]\n" in new["lexicon.yaml"]
    assert new["questions.yaml"] == files["questions.yaml"].partition("- ask: hello")[0]


def test_an_event_is_put_among_those_of_its_time() -> None:
    """A timeline that is in order stays so."""
    event = {"date": "2024-05", "event": "Half way", "facts": ["bell-gone"]}
    new = edit(texts(TEMPLATE), [Add("timeline", event)])["timeline.yaml"]
    assert new.index("is missing") < new.index("Half way") < new.index("is back")


def test_a_new_file_is_made_with_its_schema() -> None:
    """A record for a file that is not there makes it, with its first lines."""
    new = edit(
        {}, [Add("answers", {"id": "a"}, "new-topic"), Add("lexicon", {"meaning": "b"})]
    )
    assert new["answers/new-topic.yaml"] == (
        "# yaml-language-server: $schema=../schema/answers.json\n"
        "# Questions, the other ways they are asked, and answers.\n"
        "- id: a\n"
    )
    assert new["lexicon.yaml"].startswith(
        "# yaml-language-server: $schema=schema/lexicon.json\n"
    )


def test_a_record_is_shown_as_it_stands() -> None:
    """Its path, and its own text with the comments in it."""
    path, text = record_of({BELL: TWO}, "answers", "first")
    assert path == BELL
    assert text.startswith("- id: first  # its first\n  question")
    assert text.endswith("\n  related: [second, third]")
    assert record_of({BELL: TWO}, "answers", "second")[1] in TWO


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Remove("answers", "frist"), "no entry 'frist'; did you mean 'first'?"),
        (Remove("answer", "first"), "no collection 'answer'; did you mean 'answers'?"),
        (Set("answers", "first", "anwser", "x"), "did you mean 'answer'?"),
        (Set("answers", "first", "id", "second"), "'second' already"),
        (Set("answers", "first", "answer", "a\u200bb"), "U+200B"),
        (Set("answers", "first", "answer", "a\ud800b"), "delete it"),
        (Append("answers", "first", "related", "third"), "is in 'related' already"),
        (Append("answers", "first", "answer", "x"), "'answer' is no list"),
        (Drop("answers", "first", "related", "thrid"), "did you mean 'third'?"),
        (Add("answers", {"id": "first"}), "'first' already"),
        (Add("answers", {"id": "x"}, "../x"), "no name for a file"),
        (Add("answers", {"id": "x", "claims": []}), "has no field 'claims'"),
        (Remove("story", STORY), "no story"),
    ],
)
def test_what_cannot_be_done_is_said(change: Edit, words: str) -> None:
    """An edit that does not fit is one sentence with the mend, and changes nothing."""
    files = {BELL: TWO}
    with pytest.raises(EditError, match=re.escape(words)):
        edit(files, [Set("answers", "second", "answer", "x"), change])
    assert files == {BELL: TWO}


def test_a_broken_file_is_mended_first() -> None:
    """A file with a mistake is not edited; another can be."""
    files = {BELL: TWO, "answers/a.yaml": "- id: x\n\tid: y\n", "facts/a.yaml": "x"}
    assert list(edit(files, [Set("answers", "first", "answer", "x")])) == [BELL]
    with pytest.raises(
        EditError, match=r"answers/a\.yaml, line 2: a tab cannot indent"
    ):
        edit(files, [Remove("answers", "x")])
    with pytest.raises(EditError, match=r"facts/a\.yaml holds something else"):
        edit(files, [Add("facts", {"id": "x"}, "a")])


@pytest.mark.parametrize("text", ["? id\n: a\n", "- ? id\n  : a\n"])
def test_a_file_in_a_very_odd_style_is_left_alone(text: str) -> None:
    """What cannot be changed in place is refused, with the file's name."""
    with pytest.raises(EditError, match=r"answers/bell\.yaml"):
        after(text, Set("answers", "a", "answer", "b"))


def test_edits_build_on_each_other() -> None:
    """Several edits of one record, one after the other, and back."""
    there = [
        Add("answers", {"id": "third"}),
        Append("answers", "third", "also_asked", "x"),
        Append("answers", "third", "also_asked", "y"),
        Set("answers", "third", "id", "fourth"),
    ]
    new = after(TWO, *there)
    assert new.endswith("\n- id: fourth\n  also_asked:\n    - x\n    - y\n")
    assert after(TWO, *there, Remove("answers", "fourth")) == TWO


# ---------------------------------------------------------------------------
# Laws
# ---------------------------------------------------------------------------


@cache
def texts(folder: str) -> Mapping[str, str]:
    """The fact files of a story's folder."""
    root = ROOT / folder
    return {
        path.relative_to(root).as_posix(): path.read_bytes().decode()
        for path in sorted(root.rglob("*.yaml"))
    }


@dataclass(frozen=True)
class Case:
    """A change of one file, its opposite, and the values there shall be then."""

    path: str
    text: str
    change: Edit
    back: Edit | None
    values: list[dict[str, Tree]]
    index: int
    field: str | None = None

    @property
    def new(self) -> str:
        """The text after the change."""
        return edit({self.path: self.text}, [self.change]).get(self.path, self.text)


def values_of(path: str, text: str) -> list[dict[str, Tree]]:
    """The records of a file."""
    value = loaded(text)
    found = [value] if path == "story.yaml" else value
    assert isinstance(found, list), text
    records: list[dict[str, Tree]] = []
    for one in found:
        assert isinstance(one, Fields)
        records.append({name: plain(value) for name, value in one.items()})
    return records


def plain(value: Value) -> Tree:
    """A value without its marks."""
    if isinstance(value, Items):
        return [plain(one) for one in value]
    if isinstance(value, Fields):
        return {name: plain(one) for name, one in value.items()}
    return value


def bare(value: Tree) -> Tree:
    """A value without the space around its texts."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):
        return {key: bare(one) for key, one in value.items()}
    return value if value is None else [bare(one) for one in value]


VALUES = st.one_of(
    TEXTS,
    st.lists(TEXTS, min_size=1, max_size=4, unique_by=str.strip),
    st.lists(IDS, min_size=1, max_size=9, unique=True),
    st.lists(PREMISES, min_size=1, max_size=2),
)


@dataclass(frozen=True)
class Spot:
    """A record that is to be changed, and the changes that it can be drawn."""

    path: str
    text: str
    records: list[dict[str, Tree]]
    index: int

    @property
    def collection(self) -> str:
        """The collection that the record is of."""
        return self.path.split("/")[0].removesuffix(".yaml")

    @property
    def record(self) -> dict[str, Tree]:
        """The record as it is."""
        return self.records[self.index]

    @property
    def key(self) -> str:
        """The field that names the record."""
        return "" if self.collection == STORY else KEYS.get(self.collection, "id")

    @property
    def name(self) -> str:
        """The record's name."""
        return str(self.record.get(self.key, STORY)).strip()

    @property
    def fields(self) -> list[str]:
        """The fields that a record of this kind may have, but for its name."""
        fields = FILES[self.collection].model_fields
        return [field for field in fields if field != self.key]

    def is_required(self, field: str) -> bool:
        """Whether a field must be there."""
        return FILES[self.collection].model_fields[field].is_required()

    def case(
        self, change: Edit, back: Edit | None, new: dict[str, Tree], field: str
    ) -> Case:
        """A change of the record, that becomes another."""
        after = list(self.records)
        after[self.index] = new
        return Case(self.path, self.text, change, back, after, self.index, field)

    def set(self, field: str, value: Tree) -> Case:
        """The case that a field is set, or taken away."""
        old = self.record.get(field)
        new = {**self.record, field: as_was(old, value)}
        if value is None and not self.is_required(field):
            del new[field]
        change = Set(self.collection, self.name, field, value)
        back = Set(self.collection, self.name, field, old)
        if old is None and self.is_required(field) != (field in self.record):
            return self.case(change, None, new, field)
        return self.case(change, back, new, field)

    def append(self, field: str, item: Tree, at: int) -> Case:
        """The case that a list gets an item."""
        items = items_of(self.record[field])
        change = Append(self.collection, self.name, field, item, at)
        back = Drop(self.collection, self.name, field, item)
        new: Tree = [*items[:at], item, *items[at:]]
        return self.case(
            change, back if items else None, {**self.record, field: new}, field
        )

    def drop(self, field: str, at: int) -> Case:
        """The case that a list loses an item."""
        items = items_of(self.record[field])
        rest: Tree = [*items[:at], *items[at + 1 :]]
        change = Drop(self.collection, self.name, field, items[at])
        back: Edit | None = Append(self.collection, self.name, field, items[at], at)
        if items.count(items[at]) > 1:
            back = None  # it would be there already
        new = {**self.record, field: rest or None}
        if not rest and not self.is_required(field):
            del new[field]
        return self.case(change, back, new, field)

    def replace(self, fields: dict[str, Tree]) -> Case:
        """The case that a record gets other fields."""
        new = {**fields, self.key: self.record[self.key]} if self.key else fields
        kept = {name: as_was(self.record.get(name), one) for name, one in new.items()}
        change = Replace(self.collection, self.name, new)
        return self.case(
            change, Replace(self.collection, self.name, self.record), kept, ""
        )

    def remove(self) -> Case:
        """The case that the record goes."""
        change = Remove(self.collection, self.name)
        stem = self.path.rpartition("/")[2].removesuffix(".yaml")
        back = Add(self.collection, self.record, stem, self.index)
        after = [*self.records[: self.index], *self.records[self.index + 1 :]]
        return Case(self.path, self.text, change, back, after, self.index)

    def add(self, fields: dict[str, Tree]) -> Case:
        """The case that a record is added before this one."""
        name = f"entry-{len(self.records)}-more"
        new = {**fields, self.key: name}
        stem = self.path.rpartition("/")[2].removesuffix(".yaml")
        change = Add(self.collection, new, stem, self.index)
        back = Remove(self.collection, name)
        after = [*self.records[: self.index], new, *self.records[self.index :]]
        return Case(self.path, self.text, change, back, after, self.index)


def items_of(value: Tree) -> list[Tree]:
    """A value that is a list."""
    assert isinstance(value, list)
    return value


def as_was(old: Tree, new: Tree) -> Tree:
    """The new value, or the old one where it means the same."""
    is_same = bare(old) in (bare(new), [bare(new)]) or [bare(old)] == bare(new)
    return old if is_same else new


@st.composite
def cases(draw: st.DrawFn, path: str, text: str) -> Case:
    """A random change of a file."""
    records = values_of(path, text)
    spot = Spot(path, text, records, draw(st.integers(0, len(records) - 1)))
    kinds = {
        "field": field_cases(spot),
        "item": item_cases(spot),
        "record": record_cases(spot),
    }
    return draw(kinds[draw(st.sampled_from(sorted(kinds)))])


@st.composite
def field_cases(draw: st.DrawFn, spot: Spot) -> Case:
    """A field is set, or taken away."""
    field = draw(st.sampled_from(spot.fields))
    old = spot.record.get(field)
    values = [VALUES, st.none()] + [TEXTS] * 3 * isinstance(old, str)
    return spot.set(field, draw(st.one_of(values)))


@st.composite
def item_cases(draw: st.DrawFn, spot: Spot) -> Case:
    """A list gets an item, or loses one."""
    lists = [f for f in spot.fields if isinstance(spot.record.get(f), list)]
    lists = [field for field in lists if spot.record[field]]
    if not lists:
        return draw(field_cases(spot))
    field = draw(st.sampled_from(lists))
    items = items_of(spot.record[field])
    at = draw(st.integers(0, len(items) - 1))
    if draw(st.booleans()):
        return spot.drop(field, items.index(items[at]))
    item = draw(TEXTS if isinstance(items[0], str) else PREMISES)
    assume(bare(item) not in items_of(bare(items)))
    return spot.append(field, item, at + draw(st.integers(0, 1)))


@st.composite
def record_cases(draw: st.DrawFn, spot: Spot) -> Case:
    """A record is added, goes, or gets other fields."""
    record, fields = spot.record, spot.fields
    names = st.lists(st.sampled_from(fields), max_size=3, unique=True)
    changed = {field: draw(VALUES) for field in draw(names)}
    gone = set(draw(names)) - set(changed)
    new = {f: one for f, one in record.items() if f not in gone} | changed
    if not spot.key or not draw(st.integers(0, 2)):
        return spot.replace(new if set(new) & set(record) else {**record, **new})
    return spot.add(new) if draw(st.booleans()) else spot.remove()


def hold(case: Case) -> None:
    """Check every law."""
    old, new = case.text, case.new
    assert values_of(case.path, new) == case.values
    assert new.startswith("\ufeff") == old.startswith("\ufeff")
    if "\r\n" in old:
        assert "\n" not in new.replace("\r\n", "")
    if case.back:
        again = edit({case.path: new}, [case.back]).get(case.path, new)
        assert bare(values_of(case.path, again)) == bare(values_of(case.path, old))
    check_lines(case, lines(old), lines(new))
    if isinstance(case.change, Add | Append) or is_text(case):
        notes = re.compile("# note [0-9]+")
        assert set(notes.findall(new)) >= set(notes.findall(old))


def is_text(case: Case) -> bool:
    """Whether a value that is no list becomes another, and none goes."""
    change = case.change
    if not isinstance(change, Set) or change.value is None:
        return False
    old = values_of(case.path, case.text)[case.index].get(change.field)
    return not isinstance(old, list)


def lines(text: str) -> list[str]:
    """A text's lines as they are compared."""
    return (
        text.removeprefix("\ufeff").replace("\r\n", "\n").removesuffix("\n").split("\n")
    )


def check_lines(case: Case, old: list[str], new: list[str]) -> None:
    """Lines outside of what was changed are as they were."""
    first, last = span(case)
    if isinstance(case.change, Add):
        assert is_within(old, new)
        return
    if isinstance(case.change, Remove):
        above = [line for line in old[:first] if line]
        below = [line for line in old[last:] if line]
        rest = [line for line in new if line]
        assert rest[: len(above)] == above or not case.values
        assert not below or rest[-len(below) :] == below
        return
    above = "\n".join(old[:first]).rstrip(
        "\n"
    )  # empty lines may go with the last field
    assert "\n".join(new).startswith(above)
    below = list(map(undashed, old[last:]))  # a next field may come up to the dash
    assert not below or list(map(undashed, new[-len(below) :])) == below


def undashed(line: str) -> str:
    """A line without the dash that it begins with."""
    return re.sub("^( *)- ", r"\1  ", line)


def is_within(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether the old lines are all there, in order."""
    rest = iter(new)
    return all(
        any(
            line in (one, one.replace("|", "|-", 1))
            or one == line.replace("|", "|-", 1)
            for one in rest
        )
        for line in old
    )


def span(case: Case) -> tuple[int, int]:
    """The lines that a change may touch: first, and after the last."""
    text = case.text.removeprefix("\ufeff").replace("\r\n", "\n")
    document = Document(case.path, text)
    parse(document)
    count = len(lines(case.text))
    root = document.root
    if isinstance(root, Fields):
        return keys_span(root, case.field, 0, count, "")
    assert isinstance(root, Items)
    starts = [start_of(lines(case.text), root, at) for at in range(len(root))]
    ends = [*starts[1:], count]
    first, last = starts[case.index], ends[case.index]
    record = root[case.index]
    if isinstance(record, Fields):
        return keys_span(record, case.field, first, last, lines(case.text)[first])
    return first, last


def start_of(rows: Sequence[str], root: Items, at: int) -> int:
    """The line of a record's dash: the last that is one, at or above its first mark."""
    row = root.spans[at].mark[0] - 1
    while not re.match(r" *-( |$)", rows[row]):
        row -= 1
    return row


def keys_span(
    record: Fields, field: str | None, first: int, last: int, row: str
) -> tuple[int, int]:
    """The lines of a field, within those of its record."""
    if field is None or field not in record or "{" in row:
        return first, last
    marks = sorted(span.mark for span in record.key_spans.values())
    own = record.key_spans[field].mark
    after = [mark for mark in marks if mark > own]
    return own[0] - 1, (after[0][0] - 1 if after else last)


@law(30)
@given(odd_yaml.files())
def test_a_text_is_put_together_from_its_pieces(odd: odd_yaml.Odd) -> None:
    """The tree of any file, written down again, is the file to the byte."""
    text = odd.text.removeprefix("\ufeff")
    text = text if text.endswith("\n") else f"{text}\n"
    document = Document("f.yaml", text)
    parse(document)
    assert str(tree(document)) == text


@law(30)
@given(st.data())
def test_edits_of_odd_files_touch_nothing_else(data: st.DataObject) -> None:
    """In any style there is, an edit makes its change, and every other line stays."""
    odd = data.draw(odd_yaml.files())
    hold(data.draw(cases("answers/x.yaml", odd.text)))


@law(30)
@given(st.data())
def test_edits_of_the_template_touch_nothing_else(data: st.DataObject) -> None:
    """In the invented story, an edit makes its change, and every other line stays."""
    path = data.draw(st.sampled_from(sorted(texts(TEMPLATE))))
    hold(data.draw(cases(path, texts(TEMPLATE)[path])))


@law(6)
@given(st.data())
def test_edits_of_the_real_story_touch_nothing_else(data: st.DataObject) -> None:
    """In the story we serve, an edit makes its change, and every other line stays."""
    path = data.draw(st.sampled_from(sorted(texts(REAL))))
    hold(data.draw(cases(path, texts(REAL)[path])))


@law(15)
@given(st.data())
def test_edits_at_once_are_edits_one_by_one(data: st.DataObject) -> None:
    """Two edits of an odd file give the same values together as one after the other."""
    path, text = "answers/x.yaml", data.draw(odd_yaml.files()).text
    first = data.draw(cases(path, text))
    assume(first.values)
    second = data.draw(cases(path, first.new))
    both = edit({path: text}, [first.change, second.change])
    assert values_of(path, both.get(path, text)) == second.values


def test_what_was_read_is_known_up_to_a_size(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Files as they were, many edits ago, take no room."""
    monkeypatch.setattr(editor, "_READ", 1000)
    for number in range(100):
        assert records_in(f"- id: a{number}\n" * 20)
    known = editor._known  # pyright: ignore[reportPrivateUsage]
    assert sum(map(len, known)) <= 1000
    assert "- id: a99\n" * 20 in known
