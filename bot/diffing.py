"""A story's folder beside what it was: in git, in its history, or in another folder."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.answering.answerer import Answerer
from bot.evaluation.leads import Leads
from bot.history.history import history_of
from bot.matching.vectors import INSTALLED, Installed, Vectors
from bot.publishing.change import Change
from bot.publishing.comparing import compare
from bot.shelf import Shelf
from bot.story.cache import load_cached
from bot.story.differences import differences
from bot.story.files import Files
from bot.story.model import Loaded, Story


@dataclass(frozen=True, slots=True)
class State:
    """A story's files, as they are or were; `name` is what people call that state."""

    name: str
    loaded: Loaded | None

    def __str__(self) -> str:
        """Its name, and its revision, or what is the matter with it."""
        if self.loaded is None:
            return f"{self.name} (no story)"
        if self.loaded.story is None:
            return f"{self.name} (cannot be served)"
        return f"{self.name} (revision {self.loaded.story.revision})"


@dataclass(frozen=True, slots=True)
class Differ:
    """Says what a change would do. What answers is set as for an `Answerer`.

    What takes long is taken from the shelf, or put there.
    """

    shelf: Shelf
    false_answers: float
    today: date
    vectors: Vectors | Installed | None = INSTALLED

    def state(self, files: Files, name: str) -> State:
        """The story of some files; there may be none."""
        loaded = None
        if files.content:
            loaded = load_cached(files, self.today, name, self.shelf)
        return State(name, loaded)

    def earlier(self, folder: Path, version: str, keep: Path) -> State:
        """A story at a version of its history, or a git revision.

        `keep` is where it is kept outside of git. HistoryError where there is none.
        """
        return self.state(history_of(folder, keep).files(version), version)

    def change(self, before: State, after: State, others: Sequence[str] = ()) -> Change:
        """What it would do to publish the one after the other; takes its time.

        `others` are questions to be asked, too.
        """
        was = before.loaded.story if before.loaded else None
        now = after.loaded.story if after.loaded else None
        is_same = was is not None and now is not None and was.revision == now.revision
        problems = after.loaded.problems if after.loaded else ()
        names = str(before), str(after)
        if now is None:
            return Change(*names, (), None, problems)
        new = self._answerer(now)
        leads = Leads(new, self.today, self.shelf)
        led = None
        if was and not is_same:  # the same files lead to the same
            old = self._answerer(was)
            led = Leads(old, self.today, self.shelf)
        found = compare(led, leads, others)
        for one in (led, leads):
            if one:
                one.keep()
        # What a story that cannot be served held is not known.
        is_known = was is not None or before.loaded is None
        differing = differences(was, now) if is_known else ()
        return Change(*names, differing, found, problems, new=was is None)

    def _answerer(self, story: Story) -> Answerer:
        sure = self.false_answers
        return Answerer(story, self.shelf, sure, vectors=self.vectors)
