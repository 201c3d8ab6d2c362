"""What a draft would do, and what became of it, as cards. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from bot.discord_bot.moderation.change_cards import MOST_CHANGED, Teller, subject_of
from bot.discord_bot.showing.cards import Button, Draft, Part, Rows, ago, more, prose
from bot.discord_bot.showing.custom_ids import CustomId, mark_of
from bot.discord_bot.showing.escaping import clean, escape, shorten
from bot.discord_bot.showing.limits import MAX_LABEL, width
from bot.discord_bot.showing.messages import Attached, Shown
from bot.editing.editor import records_in, records_of
from bot.editing.edits import Plain as Written
from bot.editing.typed_records import typed_values
from bot.moderating.preview import Preview
from bot.moderating.wishes import Conflict, Wish, astray, moving, wish_of
from bot.publishing.change_report import lines
from bot.records.values import Draft as Kept
from bot.story.differences import Plain
from bot.words.catalogue import Words

MOST_MOVED: Final = 5
"""Questions that lead elsewhere, of which a card says so in words."""

MOST_RESTING: Final = 3
"""Texts that a card has of what rests on a change, and of what to look at, too."""

MOST_REFUSALS: Final = 5
"""Reasons against a change that a card lists; the others are in its file."""

MOST_CONFLICTS: Final = 2
"""Records and files that were changed in between, of which a card tells how."""

_MAX_DIFF: Final = 1200  # characters of a diff on the card
_MAX_LINE: Final = 400
_MAX_NAME: Final = 60
_MAX_ASKED: Final = 45  # of a question on a button


def of_draft(verb: str, draft: Kept, what: str = "") -> CustomId:
    """The id of what is done with a draft as it is now."""
    mark = mark_of(draft.changed.isoformat())
    return CustomId(verb, mark=mark, number=draft.id, what=what)


def preview_shown(
    kept: Kept,
    found: Preview,
    words: Words,
    title: str = "",
    doubts: Sequence[str] = (),
) -> Shown:
    """What a draft would do, with what can be done about it now.

    What is too long for the card goes with it as a file. `title` says what happened
    before, if anything; `doubts` what is to be thought over.
    """
    if found.conflicts:
        return _conflict_shown(kept, found, words)
    teller = Teller(found.names, words)
    why = [_line(one) for one in teller.refusals(found.refusals, found.change)]
    listed, is_cut = _listed(found, teller, subject_of(wish_of(kept).message))
    parts = (
        Part((f"-# {state_line(kept, words)}",)),
        Part(
            tuple(why),
            heading=f"**{words.say('preview.refused')}**",
            left=more(words),
            most=MOST_REFUSALS,
        ),
        listed,
        Part(tuple(doubts), left=more(words)),
        *_caution(found, words),
        *_touched(found, teller),
        *_asked(found, teller),
        Part(_told(kept, found, words)),
    )
    files = [Attached.text("change.diff", found.diff())] if is_cut else []
    if found.change and (_is_long(found) or len(why) > MOST_REFUSALS):
        change = replace(found.change, after=teller.line(found.change.after))
        text = "\n".join(lines(change, words.told))
        files.append(Attached.text("questions.txt", text))
    title = title or _subject(kept, teller)
    return Shown.of(Draft(title, parts, _rows(kept, found, words)), *files)


def _listed(found: Preview, teller: Teller, name: str) -> tuple[Part, bool]:
    """What changes, and whether that is not all: in words, or as lines of a file.

    `name` is the record that it is about, as `kind/id`, if it is about one.
    """
    listed = teller.changed(found.change, name)
    if not listed.items:  # the story cannot be read with it, but its file may be
        listed = replace(listed, items=tuple(_fields(found, teller, name)))
    changes = found.changes()
    new = [one for one, text in found.before.items() if text is None]
    if listed.items and new:
        file = teller.words.say("preview.file", file=escape(", ".join(new)))
        listed = replace(listed, items=(*listed.items, file))
    if listed.items:
        return listed, len(listed.items) > MOST_CHANGED
    shown = (block(changes, _MAX_DIFF, "diff"),) if changes else ()
    return Part(shown), width(changes) > _MAX_DIFF


def _fields(found: Preview, teller: Teller, name: str) -> Iterator[str]:
    """What changes in a record's fields, as the files have them."""
    kind, _, own = name.partition("/")

    def of(files: Mapping[str, str | None]) -> dict[str, Plain]:
        texts = {path: text or "" for path, text in files.items()}
        record = records_of(texts, kind).get(own)
        return _plain(record.values) if record else {}

    return teller.between(of(found.before), of(found.after) or of(found.before))


def _subject(kept: Kept, teller: Teller) -> str:
    """What is changed, by its text in place of its id."""
    if name := subject_of(wish_of(kept).message):
        return shorten(escape(teller.record(name)), 200)
    told = escape(shorten(teller.line(wish_of(kept).message), 200))
    return told[:1].upper() + told[1:] or teller.words.say("preview.title")


def state_shown(
    kept: Kept, teller: Teller, *, by: str = "", title: str = "", rows: Rows = ()
) -> Shown:
    """A draft that nothing can be done about any more, or not here, and why.

    `rows` are what may be done all the same.
    """
    words, what = teller.words, _subject(kept, teller)
    is_told = kept.state == "applied" and wish_of(kept).corrects is not None
    parts = (
        prose((what,) if title else ()),
        Part((state_line(kept, words, by=by),)),
        Part((words.say("saved.corrects"),) if is_told else ()),
    )
    return Shown.of(Draft(title or what, parts, rows))


def state_line(kept: Kept, words: Words, *, by: str = "") -> str:
    """A draft's number, whose it is, and its state; and since when, where decided."""
    name = escape(shorten(kept.name or words.say("mod.somebody"), _MAX_NAME))
    when = ago(kept.changed)
    key = f"draft.{kept.state}.by" if by else f"draft.{kept.state}"
    by = escape(shorten(by, _MAX_NAME))
    return words.say(key, number=kept.id, name=name, by=by, when=when)


def errors_shown(kept: Kept, errors: Sequence[str], words: Words) -> Shown:
    """What is wrong with what was typed, and the way back to the form."""
    items = tuple(_line(words.told(one)) for one in errors)
    fix = Button(of_draft("again", kept), words.say("button.fix"))
    drop = Button(of_draft("withdraw", kept), words.say("button.withdraw"))
    parts = (
        Part(items, left=more(words)),
        Part((f"-# {state_line(kept, words)}",)),
    )
    card = Draft(words.say("form.errors"), parts, ((fix, drop),))
    return Shown.of(card)


def asking_shown(asked: int, of: int, words: Words) -> Shown:
    """How far the asking of all questions is."""
    text = words.say("preview.asking", asked=asked, of=of)
    return Shown.of(Draft(text, ()))


def block(text: str, most: int, language: str = "") -> str:
    """A text as it stands, in a block of code, of which nothing has an effect.

    At most `most` characters of it: whole lines, and how many more there are.
    """
    kept = re.sub(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]", " ", text)
    kept = kept.replace("```", "`\u200b`\u200b`").rstrip()
    shown: list[str] = []
    rows = kept.split("\n")
    for row in rows:
        most -= width(row) + 1
        if most < 0:
            break
        shown.append(row)
    if not shown:
        shown = [f"{rows[0][: max(most + width(rows[0]), 1)]}…"]
    if len(shown) < len(rows):
        shown.append(f"… (+{len(rows) - len(shown)})")
    return "\n".join([f"```{language}", *shown, "```"])


def _conflict_shown(kept: Kept, found: Preview, words: Words) -> Shown:
    """What somebody else made of it in between, and what is wanted now, in words.

    Both are told from where they began. Of a whole file both are files below the card.
    """
    say, wish = words.say, wish_of(kept)
    teller = Teller(found.names, words)
    fields = {key: one for key, one in wish.typed.items() if not key.startswith("_")}
    typed = _plain(typed_values(fields).values)
    theirs: list[str] = []
    mine: list[str] = []
    files: list[Attached] = []
    for one in found.conflicts[:MOST_CONFLICTS]:
        if one.name in wish.texts:
            sides = (("theirs.txt", one.now), ("yours.txt", wish.texts[one.name]))
            files += [Attached.text(name, text or "") for name, text in sides]
            continue
        then, now = (_values(text) for text in (one.then, one.now))
        theirs += teller.between(then, now) if now else [say("conflict.nothing")]
        mine += teller.between(then, then | typed)
    about = ", ".join(_line_of(one, wish, teller) for one in found.conflicts)
    parts = (
        prose((say("conflict.what", name=about),)),
        _side(say("conflict.theirs"), theirs, words),
        _side(say("conflict.mine"), mine or [escape(teller.line(wish.message))], words),
    )
    title = say("conflict.title")
    if kept.state == "proposed":  # its author's to decide, not whoever looks at it
        rows = ((Button(of_draft("refuse", kept), say("button.refuse")),),)
        return Shown.of(Draft(title, parts, rows), *files[:2])
    buttons = [Button(of_draft("mine", kept), say("button.mine"))]
    if wish.typed:
        buttons.append(Button(of_draft("again", kept, "seen"), say("button.again")))
    buttons.append(Button(of_draft("withdraw", kept), say("button.theirs")))
    return Shown.of(Draft(title, parts, (tuple(buttons),)), *files[:2])


def _line_of(one: Conflict, wish: Wish, teller: Teller) -> str:
    name = one.name if one.name in wish.texts else teller.record(one.name)
    return escape(name.rstrip("."))


def _values(text: str | None) -> dict[str, Plain]:
    """The fields of a record, as its text in the file has them; none without it."""
    found = records_in(text or "")
    return _plain(found[0]) if found else {}


def _plain(values: Mapping[str, Written]) -> dict[str, Plain]:
    """Values as the files and forms have them, as differences are told of."""

    def of(value: Written) -> Plain:
        if value is None or isinstance(value, str):
            return value
        return _plain(value) if isinstance(value, Mapping) else [of(it) for it in value]

    return {name: of(value) for name, value in values.items()}


def _side(heading: str, items: Sequence[str], words: Words) -> Part:
    heading = f"**{heading}**"
    return Part(tuple(items), heading=heading, left=more(words), most=MOST_CHANGED)


def _rows(kept: Kept, found: Preview, words: Words) -> Rows:
    say = words.say
    if kept.state == "proposed":
        return (
            (
                Button(of_draft("approve", kept), say("button.approve")),
                Button(of_draft("refuse", kept), say("button.refuse")),
            ),
        )
    if kept.state != "open":
        return ()
    buttons: list[Button] = []
    if not found.refusals:
        buttons.append(Button(of_draft("submit", kept), say("button.submit")))
        if found.told:
            buttons.append(Button(of_draft("correct", kept), say("button.correct")))
    buttons += _ways_out(kept, found, words)
    if wish_of(kept).typed:
        buttons.append(Button(of_draft("again", kept), say("button.again")))
    buttons.append(Button(of_draft("withdraw", kept), say("button.withdraw")))
    return tuple(tuple(buttons[at : at + 5]) for at in range(0, len(buttons), 5))


def _ways_out(kept: Kept, found: Preview, words: Words) -> Iterator[Button]:
    """What can be done about what is refused; what is most likely right comes first."""
    say, change = words.say, found.change

    def of(verb: str, entry: str) -> Button:
        question = clean(found.names.get(f"answers/{entry}", entry))
        question = shorten(question, _MAX_ASKED)
        label = shorten(say(f"button.{verb}", question=question), MAX_LABEL)
        return Button(of_draft(verb, kept), label, is_main=True)

    if found.taken:
        yield of("take", found.taken[0].id)
    compared = change.comparison if change else None
    if change is None or compared is None:
        return
    thefts = compared.thefts
    if move := next(
        filter(None, (moving(one, change.differences) for one in thefts)), None
    ):
        yield of("move", move[-1].id)
    if any(one.others for one in thefts) or any(map(astray, compared.broken)):
        yield Button(of_draft("notthis", kept), say("button.notthis"))
    if thefts:
        yield Button(of_draft("allow", kept), say("button.allow"))


def _asked(found: Preview, teller: Teller) -> tuple[Part, ...]:
    """How many questions were asked, and the first of those that lead elsewhere."""
    compared = found.change.comparison if found.change else None
    if compared is None:
        return ()
    moved = [one for one in compared.moved if not one.is_theft]
    if not moved and found.refusals:  # they say what does not lead where it should
        return ()
    key = "preview.asked.many" if moved else "preview.unmoved"
    if len(moved) == 1:
        key = "preview.asked.one"
    words = teller.words
    counts = words.say(key, asked=compared.asked, moved=len(moved))
    items = tuple(_line(teller.moved(one)) for one in moved)
    return (prose((counts,)), Part(items, left=more(words), most=MOST_MOVED))


def _told(kept: Kept, found: Preview, words: Words) -> tuple[str, ...]:
    """How many messages show what a change alters, and what they are to say of it."""
    corrects = wish_of(kept).corrects
    if not found.told or found.refusals:
        return ()
    if corrects is None or kept.state == "open":
        return (words.say("preview.told", count=found.told),)
    said = words.say("preview.corrects", count=found.told)
    return (f"{said} {shorten(escape(corrects.note), _MAX_LINE)}".strip(),)


def _caution(found: Preview, words: Words) -> tuple[Part, ...]:
    """What may become of the change once it is saved."""
    return (prose((_line(words.told(found.caution)),)),) if found.caution else ()


def _touched(found: Preview, teller: Teller) -> tuple[Part, ...]:
    """What rests on facts that change, and what there is to look at in it now."""
    if found.change is None:
        return ()
    words = teller.words
    told = tuple(_line(teller.problem(one)) for one in found.change.warned)
    rest = tuple(_line(teller.rests(one)) for one in found.change.resting)
    return tuple(
        Part(
            items, heading=f"**{words.say(key)}**", left=more(words), most=MOST_RESTING
        )
        for key, items in (("preview.warned", told), ("preview.rests", rest))
        if items
    )


def _is_long(found: Preview) -> bool:
    change = found.change
    if change is None:
        return False
    moved = change.comparison.moved if change.comparison else ()
    rest = max(len(change.warned), len(change.resting))
    return len(moved) > MOST_MOVED or rest > MOST_RESTING


def _line(text: str) -> str:
    return f"- {shorten(escape(text), _MAX_LINE)}"
