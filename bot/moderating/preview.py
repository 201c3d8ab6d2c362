"""What a change would do, before it is done: the texts, the checks, the answers."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol

from bot.answering.answerer import Answerer
from bot.editing.editor import Texts, edit, records_of
from bot.editing.edits import Drop, EditError
from bot.moderating.wishes import Base, Conflict, Wish, asked_before, conflicts, taking
from bot.publishing.change import Change
from bot.publishing.comparing import AHEAD, Told
from bot.publishing.gate import Judgement
from bot.story.files import Files

MAIN: Final[Mapping[str, str]] = {
    "facts": "statement",
    "answers": "question",
    "sources": "title",
    "entities": "name",
    "unknowns": "question",
}
"""The field that stands for a record, for people."""


class Judge(Protocol):
    """Judges files beside what is served, as `Gate.judge` does."""

    def __call__(
        self,
        files: Files,
        others: Iterable[str] = (),
        *,
        most: int | None = None,
        tell: Told | None = None,
    ) -> Judgement[Answerer]:
        """What it would do to serve these files, and what forbids it."""
        ...


@dataclass(frozen=True, slots=True)
class Preview:
    """What a wish would do to the story as it is now.

    `before` and `after` are the texts of the files that change. `change` is what that
    does, None where it cannot be made: `refused` says why, or what it rests on was
    changed in between (`conflicts`). `names` are the texts that stand for records, by
    `kind/id`: an entry's question, a fact's sentence. `taken` takes wordings that it
    adds from where they are already. `told` is how many messages show what it alters,
    `caution` what may become of it once it is saved.
    """

    before: Mapping[str, str | None]
    after: Mapping[str, str | None]
    conflicts: tuple[Conflict, ...] = ()
    change: Change | None = None
    refused: str = ""
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    taken: tuple[Drop, ...] = ()
    told: int = 0
    caution: str = ""

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
    judge: Judge,
    asked: Sequence[str] = (),
    whole: bool = False,
    tell: Told | None = None,
) -> Preview:
    """What a wish would do to files; takes some seconds. Never raises.

    `base` is what it was made from; `judge` judges the files with it. `asked` are
    questions of people that found no answer, which are asked, too. With `whole`, all
    questions are, which takes longer; `tell` is told how far it is.
    """
    was = files.texts
    if changed := tuple(conflicts(was, base)):
        return Preview({}, {}, conflicts=changed, names=names_of(was))
    try:
        texts = dict(wish.texts)
        texts |= edit(_there({**was, **texts}), wish.made)
    except EditError as error:
        return Preview({}, {}, refused=str(error))
    after = {path: text for path, text in texts.items() if was.get(path) != text}
    before = {path: was.get(path) for path in after}
    if not after:
        return Preview({}, {}, refused="this changes nothing")
    most = None if whole else AHEAD
    found = judge(files.changed(after), asked, most=most, tell=tell)
    problems = tuple(asked_before(one, was) for one in found.change.problems)
    change = replace(found.change, after=wish.message, problems=problems)
    now = _there({**was, **after})
    return Preview(
        before,
        after,
        change=change,
        names=names_of(was) | names_of(now),
        taken=taking(was, now) if change.problems else (),
    )


def names_of(texts: Texts) -> dict[str, str]:
    """The texts that stand for the records of a story's files, by `kind/id`."""
    return {
        f"{kind}/{name}": str(text)
        for kind, field in MAIN.items()
        for name, record in records_of(texts, kind).items()
        if (text := record.values.get(field))
    }


def _there(texts: Mapping[str, str | None]) -> dict[str, str]:
    return {path: text for path, text in texts.items() if text is not None}
