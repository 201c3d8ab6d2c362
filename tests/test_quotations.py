"""Quotations against archived texts."""

from pathlib import Path

import pytest

from tests.folder import Folder

FACTS = "facts/bell.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """A copy of the invented story."""
    return Folder(tmp_path / "story")


def test_a_quotation_that_is_printed_is_verified(folder: Folder) -> None:
    """White space, quotation marks and case do not matter."""
    (folder.path / "archive").mkdir()
    folder.write(
        "archive/council-2024-03-05.txt",
        "Harbour: ‘The  bell HAS been\ntaken down for repair’, we say.",
    )
    loaded = folder.load()
    assert loaded.problems == ()
    assert loaded.quotes == (1, 8)


def test_an_ellipsis_stands_for_words(folder: Folder) -> None:
    """The parts of a quotation around an ellipsis stand in the text, in order."""
    (folder.path / "archive").mkdir()
    folder.write(
        "archive/council-2024-03-05.txt",
        "The  bell has\nbeen taken down, and packed with care, for repair.",
    )
    folder.edit(
        FACTS, "has been taken down for repair", "has been taken down … for repair"
    )
    loaded = folder.load()
    assert loaded.problems == ()
    assert loaded.quotes == (1, 8)


def test_a_quotation_that_is_not_printed_is_an_error(folder: Folder) -> None:
    """The error stands at the quotation and shows the nearest passage."""
    (folder.path / "archive").mkdir()
    folder.write(
        "archive/council-2024-03-05.txt",
        "We are glad. The bell has been brought down for cleaning. More soon.",
    )
    error = folder.error()
    line = folder.read(FACTS).split("\n")[error.line - 1]
    assert "The bell has been taken down for repair" in line
    assert "nearest: 'The bell has been brought down for cleaning." in error.message
