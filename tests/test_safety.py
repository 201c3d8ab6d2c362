"""Safety: texts and addresses do in Discord only what they should; limits are known."""

import re
from urllib.parse import urlsplit

import discord
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.discord_bot.limits import problems, width
from bot.discord_bot.safety import escape, safe_url, shorten
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
        (":smile: ::+1::", r"\:smile: :\:+1::"),
        ("discord.gg/abc", "discord.gg\u200b/abc"),
        ("a\u202eb\u200bc\x00d", "abcd"),
        ("back\\slash", r"back\\slash"),
    ],
)
def test_escape(text: str, escaped: str | None) -> None:
    """What Discord would draw, link or format reads as it was written."""
    assert escape(text) == (text if escaped is None else escaped)


@pytest.mark.parametrize(
    ("embeds", "problem"),
    [
        ([], "0 embeds"),
        ([discord.Embed(title="x")] * 11, "11 embeds"),
        ([discord.Embed()], "nothing in it"),
        ([discord.Embed(title=" ")], "nothing in it"),
        ([discord.Embed(title="x" * 257)], "257 characters of title"),
        ([discord.Embed(title="🔔" * 129)], "258 characters of title"),
        ([discord.Embed(description="x" * 4097)], "4097 characters of description"),
        ([discord.Embed().set_footer(text="x" * 2049)], "2049 characters of footer"),
        ([discord.Embed().set_author(name="x" * 257)], "257 characters of author"),
        ([discord.Embed().add_field(name="n", value="x" * 1025)], "field's value"),
        ([discord.Embed().add_field(name="", value="x")], "nothing in a field's name"),
        ([discord.Embed(description="x" * 3001)] * 2, "6002 characters in all"),
        ([discord.Embed(title="\ud800")], "half a character"),
    ],
)
def test_problems(embeds: list[discord.Embed], problem: str) -> None:
    """The validator names what Discord would refuse."""
    assert any(problem in found for found in problems(embeds))


def test_too_many_fields() -> None:
    """The validator counts fields."""
    card = discord.Embed(title="x")
    for _ in range(26):
        card.add_field(name="n", value="v")
    assert problems([card]) == ["embed 1: 26 fields; 25 are accepted"]


def test_no_problems() -> None:
    """The validator accepts what Discord accepts, up to the limits."""
    assert problems([discord.Embed(title="x" * 256, description="y" * 4096)]) == []


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
