"""Arrays as text: they come back as they were."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching import packing


@given(st.lists(st.floats(width=32, allow_nan=False)))
def test_packed_floats_come_back(numbers: list[float]) -> None:
    """To the last digit, and as text of one line."""
    text = packing.text(np.array(numbers, np.float32))
    assert packing.floats(text).tolist() == numbers
    assert text.isascii()
    assert len(text.split()) <= 1


@given(st.lists(st.integers(-(2**31), 2**31 - 1)))
def test_packed_integers_come_back(numbers: list[int]) -> None:
    """Every number that fits 32 bits."""
    text = packing.text(np.array(numbers, np.int32))
    assert packing.integers(text).tolist() == numbers


@pytest.mark.parametrize("text", ["x", "AAA=", "AAAAAAA=", "\u00e9"])
def test_what_is_no_array_is_refused(text: str) -> None:
    """Text that is not base 64, or not of whole numbers, is an error to be caught."""
    for read in (packing.floats, packing.integers):
        with pytest.raises(ValueError, match=r".+"):
            read(text)


@given(st.lists(st.lists(st.integers(0, 9), max_size=4)))
def test_groups_can_be_told_apart_again(groups: list[list[int]]) -> None:
    """Joined, with where each begins, groups are what they were, empty ones too."""
    starts = packing.starts(map(len, groups)).tolist()
    joined = packing.joined(groups).tolist()
    found = [joined[starts[at] : starts[at + 1]] for at in range(len(groups))]
    assert found == groups
    assert starts[-1] == len(joined)
