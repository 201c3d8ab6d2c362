"""Safety: texts and addresses do in Discord only what they should; limits are known."""

import re
import time
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord_bot.showing.escaping import escape, safe_url, shorten
from bot.discord_bot.showing.limits import (
    choice_problems,
    form_problems,
    problems,
    width,
)
from tests.nasty import alive, texts


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://example.com", ("https://example.com", "example.com")),
        (
            "https://WWW.Example.com/a b_(c)<d>?q=%20(x)#y)",
            (
                "https://www.example.com/a%20b_%28c%29%3Cd%3E?q=%20%28x%29#y%29",
                "example.com",
            ),
        ),
        ("https://example.com/é", ("https://example.com/%C3%A9", "example.com")),
        ("http://example.com", None),
        ("javascript:alert(1)", None),
        ("https://user:pw@example.com", None),
        ("https://good.example@evil.example/", None),
        ("https://exаmple.com", None),
        ("https://example.com:port/", None),
        ("https://[::1]/", None),
        ("https://localhost/", None),
        ("https://exam)ple.com/", None),
        ("https://example.com/" + "a" * 1000, None),
        ("https://example.com/\ud800", None),
        ("", None),
        (None, None),
    ],
)
def test_safe_url(url: str | None, expected: tuple[str, str] | None) -> None:
    """Only plain https addresses become links, and their real domain is shown."""
    assert safe_url(url) == expected


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain words, 10:30, a-b (c) $5 & more!", None),
        ("**b** _i_ ~~s~~ `c` ||x||", r"\*\*b\*\* \_i\_ \~\~s\~\~ \`c\` \|\|x\|\|"),
        ("# head", r"\# head"),
        ("-# small", r"\-# small"),
        ("> quote", r"\> quote"),
        ("- item", r"\- item"),
        ("2022. That year", r"2022\. That year"),
        ("1\n2", "1 2"),
        ("a](https://evil.example) [b", "a\\](https:\u200b//evil.example) \\[b"),
        ("<t:1:R> </ask:1> <#1>", "\\<\u200bt\\:1:R> \\<\u200b/ask:1> \\<\u200b#1>"),
        ("<@1> <@&2> <a:b:3>", "\\<\u200b@1> \\<\u200b@&2> \\<\u200ba\\:b:3>"),
        ("@everyone and @HERE", "@\u200beveryone and @\u200bHERE"),
        ("mailto:a@b x:y@ z:w", "mailto:\u200ba@b x:\u200by@ z:w"),
        (":smile: ::+1::", r"\:smile: :\:+1::"),
        ("discord.gg/abc", "discord.gg\u200b/abc"),
        ("a\u202eb\u200bc\x00d", "abcd"),
        ("back\\slash", r"back\\slash"),
    ],
)
def test_escape(text: str, escaped: str | None) -> None:
    """What Discord would draw, link or format reads as it was written."""
    assert escape(text) == (text if escaped is None else escaped)


@pytest.mark.parametrize("piece", [":a", "<a:b:1", "<t:1:"])
def test_escaping_a_long_word_takes_no_long_time(piece: str) -> None:
    """Of a file that is one word, each character is read a few times, not all again."""
    start = time.process_time()
    escape(piece * 50_000)
    assert time.process_time() - start < 1  # it took up to 20


def button(**parts: object) -> dict[str, object]:
    """A button's payload."""
    return {"type": 2, "label": "x", "custom_id": "x", **parts}


def menu(*values: str, **parts: object) -> dict[str, object]:
    """A menu's payload."""
    options = [{"label": "x", "value": value} for value in values]
    return {"type": 3, "custom_id": "m", "options": options, **parts}


def row(*inner: dict[str, object]) -> dict[str, object]:
    """A row's payload."""
    return {"type": 1, "components": list(inner)}


def text(content: str) -> dict[str, object]:
    """A text's payload."""
    return {"type": 10, "content": content}


@pytest.mark.parametrize(
    ("content", "components", "problem"),
    [
        (None, [], "nothing in it"),
        (" ", [], "nothing in it"),
        ("x" * 2001, [], "2001 characters; 2000"),
        ("🔔" * 1001, [], "2002 characters"),
        ("\ud800", [], "half a character"),
        ("x", [row(button())] * 6, "6 rows"),
        ("x", [row()], "0 components in a row"),
        ("x", [row(*[button()] * 6)], "6 components in a row"),
        ("x", [row(button(), button())], "twice"),
        ("x", [row(button(label="x" * 81))], "81 characters of label"),
        ("x", [row(button(label=""))], "without a label"),
        ("x", [row(button(custom_id="x" * 101))], "101 characters of custom_id"),
        ("x", [row(button(custom_id=""))], "without a custom id"),
        ("x", [row(menu())], "0 choices"),
        ("x", [row(menu(*map(str, range(26))))], "26 choices"),
        ("x", [row(menu("a", "a"))], "a choice that is there twice"),
        ("x", [row(menu("a" * 101))], "101 characters of choice's value"),
        ("x", [row(menu("a", placeholder="x" * 151))], "151 characters of placeholder"),
        ("x", [text("y")], "content beside components"),
        (None, [text("x" * 2001)] * 2, "4002 characters in all"),
        (None, [text(" ")], "a text with nothing in it"),
        (None, [text("\ud800")], "half a character"),
        (None, [text("x")] * 41, "41 components"),
        (None, [{"type": 17, "components": [text("x")] * 40}], "41 components"),
    ],
)
def test_problems(
    content: str | None, components: list[dict[str, object]], problem: str
) -> None:
    """The validator names what Discord would refuse of a message."""
    assert any(problem in found for found in problems(content, components))


def test_no_problems() -> None:
    """The validator accepts what Discord accepts, up to the limits."""
    assert problems("x" * 2000, [row(button()), row(menu("a"))]) == []
    assert problems(None, [text("x" * 4000), row(button())]) == []


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ({"title": "x" * 46, "custom_id": "x"}, "46 characters of title"),
        ({"title": "x", "custom_id": ""}, "nothing in a custom_id"),
        ({"title": "x", "custom_id": "x", "components": []}, "0 fields"),
        (
            {"components": [{"type": 18, "label": "x" * 46}]},
            "46 characters of label",
        ),
    ],
)
def test_form_problems(form: dict[str, object], problem: str) -> None:
    """The validator names what Discord would refuse of a form."""
    assert any(problem in found for found in form_problems(form))


def test_choice_problems() -> None:
    """The validator names what Discord would refuse of autocomplete's choices."""
    assert choice_problems([("x" * 100, "y")] * 25) == []
    assert choice_problems([("x" * 101, "y")]) != []
    assert choice_problems([("x", "")]) != []
    assert choice_problems([("x", "y")] * 26) != []


@given(texts)
def test_escape_only_reads(text: str) -> None:
    """Escaped text draws nothing, holds no link, and is one line."""
    escaped = escape(text)
    assert alive(escaped) == ([], [])
    assert "\n" not in escaped


@given(texts, st.integers(1, 300))
def test_shorten_keeps_the_limit(text: str, limit: int) -> None:
    """Shortened text fits, stays safe, and is unchanged where it fitted before."""
    escaped = escape(text)
    short = shorten(escaped, limit)
    assert width(short) <= limit
    assert alive(short) == ([], [])
    assert (short == escaped) == (width(escaped) <= limit)


def test_shorten_leaves_no_comma() -> None:
    """A list that is cut ends in its last word."""
    assert shorten("Lawsuits, courts, and judges", 20) == "Lawsuits, courts…"


@pytest.mark.parametrize(
    ("limit", "short"), [(2, "…"), (3, r"\*…"), (4, r"\*…"), (5, r"\*\*…")]
)
def test_shorten_keeps_escapes_whole(limit: int, short: str) -> None:
    """A cut never leaves half an escape behind."""
    assert shorten(escape("***"), limit) == short


@given(texts)
def test_safe_url_is_plain(text: str) -> None:
    """An address that becomes a link is https, and its domain is the one shown."""
    for url in (text, f"https://example.com/{text}", f"https://{text}.example.com/"):
        if safe := safe_url(url):
            parts = urlsplit(safe[0])
            assert (parts.scheme, parts.username) == ("https", None)
            assert (parts.hostname or "").removeprefix("www.") == safe[1]
            assert re.fullmatch(r"[!-~]+", safe[0])
            assert not re.search(r"[()<>\[\]\\|*]", safe[0])
