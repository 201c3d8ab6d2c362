"""What is remembered for some seconds."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from bot.memory import Memory
from tests.scene import Clock


def test_memory_forgets() -> None:
    """Memory keeps so many values for so long, and forgets what it is told to."""
    clock = Clock()
    memory = Memory[int, str](clock, 10, most=2)
    for number in range(3):
        memory.put(number, "x")
    assert [memory.get(number) for number in range(3)] == [None, "x", "x"]
    memory.forget(lambda key, _: key == 1)
    assert memory.get(1) is None
    clock.seconds += 11
    assert memory.get(2) is None


def test_the_quietest_is_forgotten() -> None:
    """Past the limit goes what was put longest ago, not what was put first."""
    memory = Memory[int, str](Clock(), 10, most=2)
    for key in (1, 2, 1, 3):
        memory.put(key, "kept")
    assert [memory.get(key) for key in (1, 2, 3)] == ["kept", None, "kept"]


def test_a_time_of_its_own() -> None:
    """A value may be kept for longer than the others, or not as long."""
    clock = Clock()
    memory = Memory[int, str](clock, 10)
    memory.put(1, "long", 100)
    memory.put(2, "short", 1)
    clock.seconds += 50
    assert (memory.get(1), memory.get(2)) == ("long", None)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["put", "get", "pop"]),
            st.sampled_from("abc"),
            st.floats(0, 10),
        )
    )
)
def test_it_is_a_dictionary_with_a_clock(
    steps: Sequence[tuple[str, str, float]],
) -> None:
    """Whatever is kept, asked and forgotten in whatever order, nothing is mixed."""
    clock, known = Clock(), dict[str, float]()
    memory = Memory[str, str](clock, 10)
    for what, key, passed in steps:
        clock.seconds += passed
        is_fresh = key in known and clock.seconds < known[key]
        if what == "put":
            memory.put(key, key)
            known[key] = clock.seconds + 10
        elif what == "pop":
            assert memory.pop(key) == (key if is_fresh else None)
            known.pop(key, None)
        else:
            assert memory.get(key) == (key if is_fresh else None)
