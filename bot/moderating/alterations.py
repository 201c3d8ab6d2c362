"""What a change alters of what people were told before. Pure.

Whether that is a correction, or a comma, only a moderator can say.
"""

from typing import Final

from bot.moderating.wishes import Wish, subject_of
from bot.publishing.change import Change
from bot.records.values import Altered, Begun, Draft

_SAID: Final = {
    "answers": {"question", "answer", "premises", "hidden"},
    "facts": {
        *("statement", "kind", "by", "as_of", "until", "superseded_by"),
        *("disputed_by", "citations", "hidden"),
    },
}
"""By collection, the fields that people are told of."""


def altered(change: Change | None) -> Altered:
    """The entries and facts that people were told otherwise, before a change."""
    found: dict[str, tuple[str, ...]] = {"answers": (), "facts": ()}
    for one in change.differences if change else ():
        if one.kind in found:
            told = (
                record.id
                for record in one.changed
                if not _SAID[one.kind].isdisjoint(field.name for field in record.fields)
            )
            found[one.kind] = (*told, *one.retired)
    return Altered(found["answers"], found["facts"])


def begun_by(draft: Draft, wish: Wish, before: str) -> Begun | None:
    """The correction that a draft's wish asks for; None where it asks for none.

    `before` is the revision that was served before the change, if that is known.
    """
    corrects = wish.corrects
    if corrects is None or not corrects.altered:
        return None
    title, note = wish.message, corrects.note
    return Begun(draft.story, draft.id, title, note, before, corrects.altered)


def altered_by(wish: Wish) -> Altered:
    """The entries and facts that a wish's edits are about, whatever they do to them."""
    subjects = list(dict.fromkeys(map(subject_of, wish.edits)))
    return Altered(
        tuple(name for kind, name in subjects if kind == "answers"),
        tuple(name for kind, name in subjects if kind == "facts"),
    )
