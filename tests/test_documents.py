"""One file: YAML without its traps."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.story.documents import Document, parse, read
from bot.story.yaml_mistakes import MENDS
from bot.words.catalogue import words


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
    ("text", "line", "column", "said"),
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
        ("- a: 'twas\n- b\n", 1, 6, "in double quotation marks"),
        ("- a: 'twas the bell's\n- b\n", 1, 21, "in double quotation marks"),
        ('- a: "one" two\n', 1, 12, "in single quotation marks"),
        ("- a: “one: two”\n", 1, 10, "in plain quotation marks"),
        ("- a:\n    - b\n    – c\n    - d\n", 3, 5, "'–' is not the hyphen"),
        ("- a: b\n• a: c\n", 2, 1, "'•' is not the hyphen"),
        ("- a:\n    - b\n    -c\n    - d\n", 3, 5, "a '-' needs a space"),
        ("- a：b\n  c: d\n", 1, 1, "'：' is not the colon"),
        ("- a: b\n\u00a0 c: d\n", 2, 3, "U+00A0, not a plain one"),
        ("- a: b #1 c\n    d\n  e: f\n", 2, 5, "' #' above begins a comment"),
        ("- id: a\n  b: c\n  id: d\n  b: c\n", 3, 3, "begins with '- id:'"),
        ("- id: a\n  b: c\nid: d\n  b: c\n", 3, 1, "begins with '- id:'"),
        ("# c\n  id: a\n  b: c\n- id: d\n", 2, 3, "begins with '- id:'"),
        ("- a: b\n   c: d\n", 2, 4, "not indented like its neighbours"),
        ("- a\n<<<<<<< HEAD\n- b\n", 2, 1, "two versions are in this file"),
        ("- a: >-\n    b\n    =======\n", 3, 5, "two versions are in this file"),
    ],
)
def test_a_slip_is_told_where_it_stands(
    text: str, line: int, column: int, said: str
) -> None:
    """Each slip is one problem at its line and column, in a moderator's words."""
    (problem,) = parsed(text).problems
    assert (problem.line, problem.column) == (line, column)
    assert said in problem.message
    assert words("es").told(problem.message) != problem.message


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        ("- is it the #1 port\n", 1, 13, "'#1 port' is taken for a comment"),
        ("- a: was it # 2\n", 1, 13, "'# 2' is taken for a comment"),
        ("- #1 port\n- b\n", 1, 3, "'#1 port' is taken for a comment"),
        ("- a: x\n  b: long\n    text #me\n", 3, 10, "'#me' is taken for a comment"),
        ("- a:\n    - b\n      - c\n", 3, 7, "goes on from the one above"),
    ],
)
def test_what_says_less_than_it_seems_is_warned_of(
    text: str, line: int, column: int, said: str
) -> None:
    """Text that YAML drops, or joins, without a word is told at its place."""
    document = parsed(text)
    assert document.root is not None
    (warning,) = document.warnings
    assert (warning.line, warning.column) == (line, column)
    assert said in warning.message


@pytest.mark.parametrize(
    "text",
    [
        "- a # why this is here\n",
        "- a: b  # since 2022\n",
        "- 'is it the #1 port'\n",
        "- a: >-\n    the #1 port\n    - and more\n",
        "# one\n#two\n- a: no-#1\n",
        "- a: long\n    text\n  b: c\n",
    ],
)
def test_comments_and_quoted_text_are_no_matter(text: str) -> None:
    """A comment that is one, and text whose `#` stays, are no warning."""
    document = parsed(text)
    assert (document.problems, document.warnings) == ([], [])


def test_every_slip_has_its_spanish() -> None:
    """What is said of a file that cannot be read is said in Spanish, too."""
    for mend in MENDS.values():
        assert words("es").told(mend) != mend


def test_a_file_of_open_quotes_takes_one_pass() -> None:
    """Lines that each open a quotation are looked at once, however many there are."""
    start = time.perf_counter()
    assert parsed('- "a"\n' * 80_000 + "x: [\n").problems
    assert time.perf_counter() - start < 10


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
    ("data", "said"),
    [
        (b"- a: \xff\n", "not UTF-8"),
        (b"\x00\x01\x02\xff", "binary"),
        ("- a: b\n".encode("utf-16"), "UTF-16"),
    ],
)
def test_what_is_no_text_is_told(data: bytes, said: str) -> None:
    """Bytes that are no fact file are one problem that says what they are."""
    (problem,) = read("f.yaml", data).problems
    assert said in problem.message


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
