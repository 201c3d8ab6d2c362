"""Custom ids: what was ever sent is read, and does what it did."""

import pytest

from bot.discord_bot.router import (
    FORMS,
    MODERATORS_FORMS,
    MODERATORS_PRESSES,
    PRESSES,
)
from bot.discord_bot.showing.custom_ids import MODERATORS, CustomId
from tests.places import ROOT

SENT = ROOT / "tests" / "golden" / "custom_ids.txt"
"""Every kind of id that was ever sent; lines are added, and none is ever changed."""

LINES = SENT.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("line", LINES)
def test_what_was_sent_leads_where_it_led(line: str) -> None:
    """An id that was sent is read whole, and pressed or sent off does what it did."""
    how, text, _, leads = line.split()
    found = CustomId.read(text)
    assert found is not None
    assert found.id == text
    assert len(text) <= 100
    acts = {
        "press": {**PRESSES, **MODERATORS_PRESSES},
        "form": {**FORMS, **MODERATORS_FORMS},
    }[how]
    act = acts[found.verb]
    assert f"{act.__module__.rpartition('.')[2]}.{act.__name__}" == leads


def test_the_list_is_whole() -> None:
    """Every verb that can be pressed, or whose form can be sent, has a line."""
    listed = {(how, text.split(":")[1]) for how, text, *_ in map(str.split, LINES)}
    presses = {("press", verb) for verb in {**PRESSES, **MODERATORS_PRESSES}}
    forms = {("form", verb) for verb in {**FORMS, **MODERATORS_FORMS}}
    assert listed == presses | forms
    assert set(MODERATORS_PRESSES) | set(MODERATORS_FORMS) == MODERATORS


@pytest.mark.parametrize(
    "text",
    [
        *("", "r1:", "r1", "x", "r1:full:../x::0:0", "r1:full:x:0123abcd:0"),
        *("m1:full:::0:0", "r1:submit:::0:0", "r2:full:::0:0", "r1:full:::0:0\n"),
    ],
)
def test_other_ids(text: str) -> None:
    """What is no id of ours, or of another version, is none."""
    assert CustomId.read(text) is None


def test_ids_are_short_enough() -> None:
    """With the longest parts that go together an id has at most 100 characters."""
    longest = [
        CustomId("helpful", "x" * 64, "0123abcd", 0, 9),
        CustomId("related", "x" * 64, "", 2**63 - 1, 9),
        CustomId("pick", "x" * 64, "", 2**63 - 1, 9),
        CustomId("follow", "x" * 64, "", 2**63 - 1, 1),
        CustomId("delete", "", "", 2**63 - 1, 9),
        CustomId("edit", "x" * 64, "0123abcd", what="f-superseded_by"),
    ]
    for one in longest:
        assert len(one.id) <= 100
        assert CustomId.read(one.id) == one
