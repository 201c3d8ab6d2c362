"""What a story's files said before: in their last version, or at the last check."""

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import cache_folder, kept
from bot.shelf import Shelf
from bot.story.cache import remember, remembered
from bot.story.files import Files
from bot.story.model import Problem, Story
from bot.story.resting import stale

if TYPE_CHECKING:
    from bot.answering.answerer import Answerer
    from bot.history.history import History
    from bot.publishing.gate import Gate


def still_old(
    folder: Path, files: Files, story: Story, gate: "Gate[Answerer]"
) -> list[Problem]:
    """A warning for each text that still says what a fact it rests on said before.

    What was before is the last version that differs, where there is one; else what the
    folder held when it was last checked and nothing was left to mend.
    """
    from bot.history.history import HistoryError  # noqa: PLC0415

    shelf, before = Shelf(cache_folder()), None
    with suppress(HistoryError):  # `diff` tells what is the matter with it
        history = _history(folder)
        if last := history.log(1):
            was = history.files(last[0].id)
            if was.of_kind("facts") != files.of_kind("facts"):
                before = gate.load(was).story
    before = before or remembered(folder, shelf)
    found = list(stale(before, story, files, gate.shown)) if before else []
    if not found:
        remember(folder, files, gate.shown, shelf)
    return found


def caution(folder: Path) -> str:
    """What may become of what is saved in a story's folder; "" where nothing may."""
    from bot.history.git import missing_for  # noqa: PLC0415
    from bot.history.history import HistoryError  # noqa: PLC0415

    try:
        return _history(folder).caution() or missing_for(folder)
    except HistoryError as error:
        return str(error)


def _history(folder: Path) -> "History":
    from bot.history.history import history_of  # noqa: PLC0415 - starts faster

    return history_of(folder, kept(folder))
