"""One file: YAML without its traps."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.story.documents import Document, parse, read


def parsed(text: str) -> Document:
    """A document with this text."""
    document = Document("f.yaml", text)
    parse(document)
    return document


def test_every_scalar_is_text() -> None:
    """`no`, numbers and dates stay the text that was typed."""
    root = parsed("a: no\nb: 2022-11-27\nc: 010\nd: 1e3\n").root
    assert root == {"a": "no", "b": "2022-11-27", "c": "010", "d": "1e3"}


def test_only_plain_null_is_nothing() -> None:
    """An unquoted null, ~ or empty value is None; quoted ones are text."""
    root = parsed("a: null\nb: ~\nc:\nd: 'null'\ne: \"~\"\n").root
    assert root == {"a": None, "b": None, "c": None, "d": "null", "e": "~"}


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("- a: 1\n  a: 2\n", 2, 3, "'a' stands twice"),
        ("- a: x\n\tb: y\n", 2, 1, "a tab cannot indent"),
        ('- a: "open\n  b: x\n  c: "d"\n', 1, 6, "never closed"),
        ("- a: 'open\n- b: x\n", 1, 6, "never closed"),
        ("- a: [x, y\n- b: z\n", 1, 6, "'[' list is never closed"),
        ("- a: x: y\n", 1, 7, "a second ': '"),
        ("- a: x\n b: y\n", 2, 2, "not indented like its neighbours"),
        ("- &x [1]\n- *x\n", 1, 3, "anchors such as '&x'"),
        ("- *x\n", 1, 3, "'*x' repeats another part"),
        ("- !!python/object:os.system x\n", 1, 3, "tags such as"),
        ("- a\n---\n- b\n", 2, 1, "a second document"),
        ("- [a]: b\n", 1, 3, "a field's name is plain text"),
        ("- a: be\x07ll\n", 1, 8, "U+0007"),
        ("- a: ri\u202eght\n", 1, 8, "U+202E"),
        ("", 1, 1, "empty"),
        ("# only a comment\n", 1, 1, "empty"),
        ("- a: @b\n", 1, 6, "put it in quotation marks"),
    ],
)
def test_a_slip_is_told_where_it_stands(
    text: str, line: int, column: int, words: str
) -> None:
    """Each slip is one problem at its line and column, in a moderator's words."""
    (problem,) = parsed(text).problems
    assert (problem.line, problem.column) == (line, column)
    assert words in problem.message


def test_a_quotation_over_several_lines_is_fine() -> None:
    """A quoted value may go on in the next line."""
    document = parsed('- a: "one\n    two"\n  b: x\n')
    assert document.root == [{"a": "one two", "b": "x"}]


@pytest.mark.parametrize(
    "text",
    ["[" * 900_000, "- " * 900_000, "{a: " * 400_000, "? " * 900_000, "&a " * 600_000],
)
def test_depth_is_refused_at_once(text: str) -> None:
    """A file made to be deep is one problem, in less than two seconds."""
    start = time.perf_counter()
    document = parsed(text)
    assert len(document.problems) == 1
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"- a: \xff\n", "not UTF-8"),
        (b"\x00\x01\x02\xff", "binary"),
        ("- a: b\n".encode("utf-16"), "UTF-16"),
    ],
)
def test_what_is_no_text_is_told(data: bytes, words: str) -> None:
    """Bytes that are no fact file are one problem that says what they are."""
    (problem,) = read("f.yaml", data).problems
    assert words in problem.message


def test_a_byte_order_mark_and_windows_lines_are_fine() -> None:
    """A file saved by a Windows editor reads like any other."""
    document = read("f.yaml", b"\xef\xbb\xbf- a: b\r\n  c: d\r\n")
    assert document.root == [{"a": "b", "c": "d"}]


@given(st.text(max_size=200))
def test_parsing_any_text_never_raises(text: str) -> None:
    """Any text gives a value or a problem."""
    document = parsed(text)
    assert document.root is not None or document.problems


@given(st.binary(max_size=200))
def test_reading_any_bytes_never_raises(data: bytes) -> None:
    """Any bytes give a value or a problem."""
    document = read("f.yaml", data)
    assert document.root is not None or document.problems
