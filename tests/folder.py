"""A copy of the invented story on disk that a test can spoil."""

import shutil
from pathlib import Path

from bot.answering.answerer import Answerer
from bot.publishing.gate import Gate
from bot.publishing.live import Live
from bot.story.files import Files
from bot.story.loading import load
from bot.story.model import Loaded, Problem
from tests.places import ROOT, TODAY


class Folder:
    """A copy of a story, by default the invented one, and what loading it says."""

    def __init__(self, path: Path, of: Path = ROOT / "bot" / "template") -> None:
        shutil.copytree(of, path)
        self.path = path

    def write(self, name: str, text: str | bytes) -> None:
        """Write a file, whole."""
        data = text.encode() if isinstance(text, str) else text
        (self.path / name).write_bytes(data)

    def read(self, name: str) -> str:
        """A file's text."""
        return (self.path / name).read_text(encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> int:
        """Replace a text that is there once, and give the line where it begins."""
        text = self.read(name)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        self.write(name, text.replace(old, new))
        return text[: text.index(old)].count("\n") + 1

    def live(self, keep: Path | None = None) -> Live[Answerer]:
        """The folder as it changes, not started; good revisions are kept in `keep`."""
        gate = Gate(
            lambda story, before: Answerer(story, before=before),
            lambda: TODAY,
            shown="story",
        )
        return Live(self.path, gate, lambda: TODAY, keep=keep, shown="story")

    def load(self) -> Loaded:
        """Load the folder, named `story`."""
        return load(Files.read(self.path), TODAY, "story")

    def errors(self) -> list[Problem]:
        """The errors in the folder, in order."""
        return [one for one in self.load().problems if one.severity == "error"]

    def error(self) -> Problem:
        """The one error in the folder."""
        errors = self.errors()
        assert len(errors) == 1, [str(error) for error in errors]
        return errors[0]
