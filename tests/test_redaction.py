"""What is kept of people's words."""

import re
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.records.redaction import MAX_READ, clean, fold, redact
from bot.story.files import Files
from bot.story.loading import load
from tests.conftest import ROOT, TODAY
from tests.nasty import texts

LONG = 10 * MAX_READ
words = st.text(st.characters(categories=["L", "Po", "Zs"]), max_size=12)
people_write = st.sampled_from(["", " ", "(", "call ", "hi,", "\n", "tel:"])
ids = st.integers(10**16, 2**63 - 1)


@st.composite
def phones(draw: st.DrawFn) -> str:
    """A phone number as people type them, in digits of some script.

    Without 1 and 2: what may be years and dates stays.
    """
    digits = draw(st.text("03456789", min_size=7, max_size=15))
    signs = st.sampled_from(["", "", "", " ", "-", ".", "/", " (", ") ", "\u2011"])
    zero = ord(draw(st.sampled_from("0\uff10\u0660")))
    start = draw(st.sampled_from(["", "+", "+(", "("]))
    return start + "".join(chr(zero + int(digit)) + draw(signs) for digit in digits)


def digits(text: str) -> str:
    """The digits of a text."""
    return re.sub(r"\D", "", text)


@given(texts | st.text())
def test_twice_is_as_once(text: str) -> None:
    """Redacting what is redacted changes nothing; nor does cleaning what is clean."""
    assert redact(redact(text, LONG), LONG) == redact(text, LONG)
    assert clean(clean(text, LONG), LONG) == clean(text, LONG)


@pytest.mark.parametrize(
    "piece", ["1", "a", "a.", "1-", "@", "<@", "<", "2022 ", "\ufdfa"]
)
def test_huge_texts_are_cut_at_once(piece: str) -> None:
    """A text of any length is read in a moment, as no message can be that long."""
    text = piece * 1_000_000
    started = process_time()
    assert len(redact(text, 500)) <= 500
    assert process_time() - started < 0.5


@given(texts | st.text(), st.integers(1, 50))
def test_every_database_keeps_it(text: str, limit: int) -> None:
    """What is left is short enough, on one line, with no NUL and no half character."""
    for left in (redact(text, limit), clean(text, limit)):
        assert len(left) <= limit
        assert len(left.splitlines()) <= 1
        assert "\0" not in left
        assert left.encode().decode() == left


@given(words, people_write, phones(), words)
def test_phone_numbers_go(before: str, sign: str, phone: str, after: str) -> None:
    """No number that could be a phone's is left, however it is written."""
    assert digits(redact(f"{before} {sign}{phone} {after}", LONG)) == ""


@given(words, ids, st.sampled_from(["@", "@!", "@&", "#", ":x:", "a:x:", "/ask:"]))
def test_ids_go(before: str, number: int, kind: str) -> None:
    """No mention, channel, role, command or emoji is left, and no bare id."""
    for written in (f"<{kind}{number}>", str(number)):
        assert digits(redact(f"{before} {written} ?", LONG)) == ""


@given(
    words,
    st.from_regex(r"[a-z0-9.+_-]{1,20}@[a-z0-9-]{1,20}\.[a-z]{2,6}", fullmatch=True),
    st.sampled_from(["", ",", ")", "?", " now"]),
)
def test_addresses_go(before: str, address: str, after: str) -> None:
    """No e-mail address is left, nor a part of one."""
    left = redact(f"{before} {address}{after}", LONG)
    assert "@" not in left.replace(clean(before, LONG), "")
    assert address.split("@")[1] not in left


@given(
    words,
    st.sampled_from(["https://", "http://", "www.", "discord.gg/", "ftp://"]),
    st.from_regex(r"[a-z0-9]{4,20}\.[a-z]{2,6}(/[a-z0-9=?&-]{0,20})?", fullmatch=True),
)
def test_links_go(before: str, start: str, address: str) -> None:
    """No link is left, with or without its scheme."""
    assert address not in redact(f"{before} {start}{address}", LONG)


def kept() -> list[str]:
    """All questions that the bundled story knows."""
    loaded = load(Files.read(ROOT / "knowledge" / "balenciaga-2022"), TODAY).story
    assert loaded is not None
    return [way for entry in loaded.entries.values() for way in entry.ways]


@pytest.mark.parametrize(
    "question",
    [
        "what happened on 27 november 2022?",
        "between 2021 and 2022, or 2021-2022, or 2021/22?",
        "on 2022-11-27, 27.11.2022 or 11/27/2022?",
        "in 2021, 2022, 2023?",
        "did they sue for $25,000,000 or 25 million?",
        "is 1,250,000.50 right?",
        "who owns it: U.S. or Kering S.A.? e.g. François-Henri Pinault",
        "Balenciaga v. North Six, Inc. – was it dropped?",
        "sued.what happened? dropped.in 2023.it was",
        "meet @ 5",
    ],
)
def test_news_stay(question: str) -> None:
    """Years, dates, sums, names and abbreviations stay as they were typed."""
    assert redact(question, LONG) == question


def test_every_question_of_the_story_stays() -> None:
    """Nothing is redacted from any wording that the bundled story has."""
    questions = kept()
    assert len(questions) > 100
    assert [redact(one, LONG) for one in questions] == [
        clean(one, LONG) for one in questions
    ]


@given(texts | st.text())
def test_case_spaces_and_punctuation_make_no_other_question(text: str) -> None:
    """Two ways of typing the same words fold to the same."""
    left = redact(text, LONG)
    assert fold(f"  {left}?! ") == fold(left) == fold(fold(left))
