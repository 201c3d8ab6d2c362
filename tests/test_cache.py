"""The cache of clean stories: faster, never stale, never trusted."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.shelf import Shelf
from bot.story.cache import load_cached
from bot.story.files import Files
from bot.story.model import Loaded
from tests.conftest import TODAY
from tests.folder import Folder


class Cached:
    """A story's folder, and a cache beside it."""

    def __init__(self, path: Path) -> None:
        self.folder = Folder(path / "story")
        self.cache = path / "cache"
        self.shelf = Shelf(self.cache)

    def load(self) -> Loaded:
        """Load through the cache."""
        return load_cached(Files.read(self.folder.path), TODAY, "story", self.shelf)

    def files(self) -> list[Path]:
        """The cached stories."""
        return sorted(self.cache.glob("*"))


@pytest.fixture
def cached(tmp_path: Path) -> Cached:
    """A clean story that was loaded once."""
    found = Cached(tmp_path)
    found.load()
    return found


def test_the_cached_story_is_the_story(cached: Cached) -> None:
    """What comes from the cache equals what comes from the files."""
    assert len(cached.files()) == 1
    assert cached.load() == cached.folder.load()


def test_the_cache_is_used(cached: Cached) -> None:
    """The second load reads the cache: what is changed in it is what comes out."""
    (file,) = cached.files()
    file.write_text(
        file.read_text().replace("The bell of Harbour", "The gong of Harbour")
    )
    story = cached.load().story
    assert story
    assert story.about.title == "The gong of Harbour Street"


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("facts/bell.yaml", "kind: reaction", "kind: reactoin"),
        (
            "facts/bell.yaml",
            "  as_of: 2024-03-05\n  disputed",
            "  as_of: 2024-03-06\n  disputed",
        ),
        ("story.yaml", "# What the story is.", "# What it is."),
    ],
)
def test_a_changed_byte_is_never_missed(
    cached: Cached, name: str, old: str, new: str
) -> None:
    """After any change of a fact file, its new state comes out."""
    cached.folder.edit(name, old, new)
    assert cached.load() == cached.folder.load()


def test_a_new_archived_text_is_never_missed(cached: Cached) -> None:
    """A text that is archived later is checked against."""
    (cached.folder.path / "archive").mkdir()
    cached.folder.write("archive/council-2024-03-05.txt", "something else entirely")
    assert cached.load().story is None


def test_an_earlier_day_is_checked_anew(cached: Cached) -> None:
    """A date that was past when the cache was made may be in the future before."""
    earlier = TODAY - timedelta(days=3000)
    found = load_cached(Files.read(cached.folder.path), earlier, "story", cached.shelf)
    assert found.story is None


@pytest.mark.parametrize("spoiled", [b"", b"{", b"\x00\xff", b"[]", b'{"checked": 1}'])
def test_a_spoiled_cache_is_as_if_there_were_none(
    cached: Cached, spoiled: bytes
) -> None:
    """A cache of any bytes changes nothing."""
    (file,) = cached.files()
    file.write_bytes(spoiled)
    assert cached.load() == cached.folder.load()


def test_a_cache_that_cannot_be_written_is_no_error(cached: Cached) -> None:
    """A file where the cache folder should be stops nothing."""
    path = cached.folder.path.parent / "file"
    path.write_text("")
    found = load_cached(
        Files.read(cached.folder.path), TODAY, "story", Shelf(path / "cache")
    )
    assert found == cached.folder.load()
    assert (
        load_cached(Files.read(cached.folder.path), TODAY, "story", Shelf(None))
        == found
    )


def test_warnings_are_told_at_every_load(tmp_path: Path) -> None:
    """A story with warnings, and what is hidden in it, comes out of the cache whole."""
    found = Cached(tmp_path)
    found.folder.write("facts/more.yml", "[]")
    found.folder.edit(
        "facts/bell.yaml", "- id: bell-gone", "- id: bell-gone\n  hidden: x"
    )
    assert found.load() == found.load() == found.folder.load()
    assert len(found.load().problems) == 2
    assert found.load().hidden == {"bell-gone": "x"}
    assert len(found.files()) == 1


def test_a_story_with_an_error_is_not_kept(tmp_path: Path) -> None:
    """What cannot be served is looked at anew each time."""
    found = Cached(tmp_path)
    found.folder.write("timeline.yaml", "")
    assert found.load().story is None
    assert found.files() == []


def test_old_cached_stories_are_deleted(cached: Cached) -> None:
    """The cache holds the last twenty states, not all."""
    for number in range(25):
        name = "timeline.yaml"
        cached.folder.write(name, cached.folder.read(name) + f"# {number}\n")
        cached.load()
    assert len(cached.files()) == 20
