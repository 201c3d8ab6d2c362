"""The shelf: what can be made again, kept as a whole or not at all, and never trusted.

Its folder may be missing, refused, a file, or full of what others left there.
"""

import os
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.shelf import Shelf, code_of, key_of
from tests.conftest import ROOT

KEPT = 20
parts = st.lists(st.binary(max_size=8), max_size=6)
# Letters of any script, and every plane, but for halves of a pair: those are no text.
whole_texts = st.text(st.characters(exclude_categories=["Cs"]))


def files(folder: Path) -> list[str]:
    """The names of the files in a folder, in order."""
    return sorted(path.name for path in folder.iterdir())


@given(text=whole_texts)
@example(text="")
@example(text="line\nline\r\nline\rline\u2028\0")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_put_is_what_is_got(tmp_path: Path, text: str) -> None:
    """Any text comes back byte for byte, and a second one replaces it."""
    shelf = Shelf(tmp_path / "shelf")
    shelf.put("kind", "key", b"what was there before")
    shelf.put("kind", "key", text.encode())
    assert shelf.get("kind", "key") == text.encode()
    assert files(tmp_path / "shelf") == ["kind-key.json"]


def test_another_kind_or_key_is_another_place(tmp_path: Path) -> None:
    """What lies under one kind and key is found under no other."""
    shelf = Shelf(tmp_path)
    shelf.put("story", "1", b"one")
    shelf.put("matcher", "1", b"two")
    shelf.put("story", "2", b"three")
    assert shelf.get("story", "1") == b"one"
    assert shelf.get("matcher", "1") == b"two"
    assert shelf.get("story", "2") == b"three"
    assert shelf.get("matcher", "2") is None


def test_what_is_put_outlives_the_shelf(tmp_path: Path) -> None:
    """Another shelf over the same folder has it, too."""
    Shelf(tmp_path).put("kind", "key", b"kept")
    assert Shelf(tmp_path).get("kind", "key") == b"kept"


def test_without_a_folder_nothing_is_kept() -> None:
    """A shelf of None takes everything and has nothing."""
    shelf = Shelf(None)
    shelf.put("kind", "key", b"text")
    assert shelf.get("kind", "key") is None


def test_a_folder_is_made_when_it_is_needed(tmp_path: Path) -> None:
    """Looking makes no folder; keeping makes it, with those above it."""
    folder = tmp_path / "a" / "b"
    shelf = Shelf(folder)
    assert shelf.get("kind", "key") is None
    assert not folder.exists()
    shelf.put("kind", "key", b"text")
    assert shelf.get("kind", "key") == b"text"


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_its_owner_can_read_it(tmp_path: Path) -> None:
    """Nobody else may read the folder or a file in it."""
    folder = tmp_path / "shelf"
    Shelf(folder).put("kind", "key", b"text")
    for path in (folder, folder / "kind-key.json"):
        assert not stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)


def test_a_file_where_the_folder_should_be_is_an_empty_shelf(tmp_path: Path) -> None:
    """A shelf that cannot be made or read has nothing, and raises nothing."""
    file = tmp_path / "file"
    file.write_text("mine")
    for folder in (file, file / "below"):
        shelf = Shelf(folder)
        shelf.put("kind", "key", b"text")
        assert shelf.get("kind", "key") is None
    assert file.read_text() == "mine"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="who may do everything is refused nothing",
)
def test_a_folder_that_is_refused_is_an_empty_shelf(tmp_path: Path) -> None:
    """What may not be read is as if it were not there; what may not be kept is not."""
    shelf = Shelf(tmp_path)
    shelf.put("kind", "key", b"text")
    tmp_path.chmod(0)
    try:
        shelf.put("kind", "other", b"text")
        assert shelf.get("kind", "key") is None
    finally:
        tmp_path.chmod(0o700)
    assert files(tmp_path) == ["kind-key.json"]


def test_a_folder_in_the_place_of_a_file_is_nothing(tmp_path: Path) -> None:
    """What cannot be read or replaced is left alone, and raises nothing."""
    (tmp_path / "kind-key.json").mkdir()
    shelf = Shelf(tmp_path)
    shelf.put("kind", "key", b"text")
    assert shelf.get("kind", "key") is None
    assert (tmp_path / "kind-key.json").is_dir()


def fail(*_: object) -> None:
    """Fail as a full disk does."""
    raise OSError(28, "No space left on device")


def test_what_fails_half_way_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the last step fails the old text is there, whole."""
    shelf = Shelf(tmp_path)
    shelf.put("kind", "key", b"old")
    monkeypatch.setattr(Path, "replace", fail)
    shelf.put("kind", "key", b"new")
    assert shelf.get("kind", "key") == b"old"


def test_what_fails_half_way_leaves_no_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full is not filled further, by a file at each start."""
    shelf = Shelf(tmp_path)
    shelf.put("kind", "key", b"old")
    monkeypatch.setattr(Path, "replace", fail)
    shelf.put("kind", "key", b"new")
    assert files(tmp_path) == ["kind-key.json"]


def test_a_reader_never_sees_a_half(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until a text is written as a whole, the one before it is what is read."""
    shelf = Shelf(tmp_path)
    shelf.put("kind", "key", b"old" * 1000)
    seen: list[bytes | None] = []
    replace = Path.replace

    def looked_at(path: Path, target: Path) -> Path:
        seen.extend([shelf.get("kind", "key"), path.read_bytes()])
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", looked_at)
    shelf.put("kind", "key", b"new" * 1000)
    assert seen == [b"old" * 1000, b"new" * 1000]
    assert shelf.get("kind", "key") == b"new" * 1000


def test_old_files_go(tmp_path: Path) -> None:
    """Of a kind the last twenty stay; the oldest go first."""
    shelf = Shelf(tmp_path)
    for number in range(KEPT + 5):
        shelf.put("kind", str(number), b"text")
        # Files of one instant have no order.
        os.utime(tmp_path / f"kind-{number}.json", (number, number))
    assert set(files(tmp_path)) == {
        f"kind-{number}.json" for number in range(5, KEPT + 5)
    }


def test_what_is_put_again_is_new_again(tmp_path: Path) -> None:
    """A text that is replaced counts from then on, and is not the first to go."""
    shelf = Shelf(tmp_path)
    for number in range(KEPT):
        shelf.put("kind", str(number), b"text")
        os.utime(tmp_path / f"kind-{number}.json", (number, number))
    shelf.put("kind", "0", b"again")
    shelf.put("kind", "another", b"text")
    assert shelf.get("kind", "0") == b"again"
    assert shelf.get("kind", "1") is None


def test_tidying_touches_nothing_else(tmp_path: Path) -> None:
    """Other kinds, and what somebody else left in the folder, stay."""
    for number in range(KEPT):
        (tmp_path / f"other-{number}.json").write_text("{}")
        (tmp_path / f"note-{number}.txt").write_text("mine")
    shelf = Shelf(tmp_path)
    for number in range(KEPT + 3):
        shelf.put("kind", str(number), b"text")
    names = files(tmp_path)
    assert sum(name.startswith("other-") for name in names) == KEPT
    assert sum(name.startswith("note-") for name in names) == KEPT
    assert sum(name.startswith("kind-") for name in names) == KEPT


@given(parts)
def test_a_key_is_32_digits_and_always_the_same(drawn: list[bytes]) -> None:
    """The same parts give the same key, which can stand in a file's name."""
    key = key_of(drawn)
    assert key == key_of(iter(drawn))
    assert len(key) == 32
    assert set(key) <= set("0123456789abcdef")


@given(parts, parts)
@example([b"ab", b"c"], [b"a", b"bc"])
@example([b"a", b"b"], [b"b", b"a"])
@example([b""], [])
@example([b"", b"a"], [b"a", b""])
@example([b"1\0a"], [b"a"])
def test_other_parts_give_another_key(one: list[bytes], other: list[bytes]) -> None:
    """A key differs with the bytes, the order and the boundaries of its parts."""
    assert (key_of(one) == key_of(other)) is (one == other)


def test_the_hash_of_code_differs_with_each_file_of_it(tmp_path: Path) -> None:
    """Code and data both count; what Python compiles them to does not."""

    def of(name: str, **changed: str) -> bytes:
        folder = tmp_path / name
        folder.mkdir()
        for file, text in {"a_py": "a = 1\n", "b_py": "", "w_txt": "w"}.items():
            path = folder / file.replace("_", ".")
            path.write_text(changed.get(file, text))
        (folder / "__pycache__").mkdir()
        (folder / "__pycache__" / "a.pyc").write_text(name)
        return code_of(folder)

    same = of("one")
    assert same == of("two")
    others = [of("three", a_py="a = 2\n"), of("four", w_txt="v"), of("five", b_py="#")]
    assert len({same, *others}) == 4


@pytest.mark.parametrize("room", ["matching", "story"])
def test_the_rooms_that_keep_things_have_code(room: str) -> None:
    """The hash of a room that there is is not that of an empty folder."""
    assert code_of(ROOT / "bot" / room) != code_of(ROOT / "bot" / "nowhere")
