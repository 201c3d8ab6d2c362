"""What a change would do, before it is done: the texts, the checks, the answers."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.answering.answerer import Answerer
from bot.editing.editor import edit
from bot.editing.edits import EditError
from bot.evaluation.leads import Leads
from bot.moderating.wishes import Base, Conflict, Wish, conflicts
from bot.publishing.change import Change
from bot.publishing.comparing import AHEAD, compare
from bot.story.differences import differences
from bot.story.files import Files
from bot.story.loading import load
from bot.story.model import Story

Build = Callable[[Story, Answerer], Answerer]
"""Makes a revision, fast, from a story and the revision that is served."""


@dataclass(frozen=True, slots=True)
class Serving:
    """The revision that is served, and where questions lead in it, as far as known."""

    answerer: Answerer
    leads: Leads


@dataclass(frozen=True, slots=True)
class Preview:
    """What a wish would do to the story as it is now.

    `before` and `after` are the texts of the files that change. `change` is what that
    does, None where it cannot be made: `refused` says why, or what it rests on was
    changed in between (`conflicts`).
    """

    before: Mapping[str, str | None]
    after: Mapping[str, str | None]
    conflicts: tuple[Conflict, ...] = ()
    change: Change | None = None
    refused: str = ""

    @property
    def refusals(self) -> tuple[str, ...]:
        """Why it cannot be done, a sentence each; none where it can."""
        found = [self.refused] if self.refused else []
        found += [f"'{one.name}' was changed in between" for one in self.conflicts]
        return (*found, *(self.change.refusals if self.change else ()))

    def diff(self) -> str:
        """What changes in the files' texts, as people who know git read it."""
        return "\n".join(line for path in self.after for line in self._changes(path))

    def changes(self) -> str:
        """The same for all others: each file's name, then its lines, `…` between."""
        lines: list[str] = []
        for path in self.after:
            first, *rest = self._changes(path)[2:] or [""]
            named = [path] if first else []
            lines += [*named, *("…" if one.startswith("@@") else one for one in rest)]
        return "\n".join(lines)

    def _changes(self, path: str) -> list[str]:
        old = (self.before.get(path) or "").splitlines()
        new = (self.after[path] or "").splitlines()
        return list(difflib.unified_diff(old, new, path, path, "", "", 2, ""))


def preview(  # noqa: PLR0913 - each is told by name
    wish: Wish,
    base: Base,
    files: Files,
    *,
    serving: Serving,
    build: Build,
    today: date,
    asked: Sequence[str] = (),
    whole: bool = False,
) -> Preview:
    """What a wish would do to files; takes some seconds. Never raises.

    `base` is what it was made from. `asked` are questions of people that found no
    answer, which are asked, too. With `whole`, all questions are, which takes longer.
    """
    if changed := tuple(conflicts(files.texts, base)):
        return Preview({}, {}, conflicts=changed)
    try:
        texts = {**edit(files.texts, wish.edits), **wish.texts}
    except EditError as error:
        return Preview({}, {}, refused=str(error))
    was = files.texts
    after = {path: text for path, text in texts.items() if was.get(path) != text}
    before = {path: was.get(path) for path in after}
    if not after:
        return Preview({}, {}, refused="this changes nothing")
    then, now = load(files, today), load(files.changed(after), today)
    names = (then.story.revision if then.story else "", wish.message)
    if now.story is None:
        change = Change(*names, (), None, now.problems)
        return Preview(before, after, change=change)
    new = Leads(build(now.story, serving.answerer), today)
    found = compare(serving.leads, new, asked, most=None if whole else AHEAD)
    serving.leads.keep()
    differ = differences(then.story, now.story)
    change = Change(*names, differ, found, now.problems, then.story is None)
    return Preview(before, after, change=change)
