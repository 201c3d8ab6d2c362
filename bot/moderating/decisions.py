"""What becomes of a moderator's draft, and who decides it."""

from dataclasses import dataclass

from bot.history.history import Version
from bot.moderating.preview import Preview
from bot.records.values import Draft


@dataclass(frozen=True, slots=True)
class Moderator:
    """Who changes something: a person who may, which the caller has checked."""

    id: int
    name: str
    guild: int


@dataclass(frozen=True, slots=True)
class Saved:
    """A change was made, and is kept as a version. The files' watcher takes it live."""

    draft: Draft
    version: Version


@dataclass(frozen=True, slots=True)
class Refused:
    """A change was not made; the preview says why. Its draft is still open."""

    draft: Draft
    preview: Preview


@dataclass(frozen=True, slots=True)
class Waits:
    """A change waits for a second moderator, as the rule is here."""

    draft: Draft
    preview: Preview


@dataclass(frozen=True, slots=True)
class Gone:
    """A draft is no longer what was shown: `draft` as it is now, None where it is not.

    `own` is true where it is as shown, but nobody may approve their own change.
    """

    draft: Draft | None
    own: bool = False


Result = Saved | Refused | Waits | Gone
