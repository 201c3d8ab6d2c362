"""More ways of asking, as cards: the weakest answers, cues, and typed lines. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bot.answering.outcome import Link
from bot.discord_bot.moderation.review_cards import of_draft, state_line
from bot.discord_bot.showing.cards import Button, Draft, Menu, Part, Rows, more, prose
from bot.discord_bot.showing.custom_ids import CustomId
from bot.discord_bot.showing.escaping import clean, escape, shorten
from bot.discord_bot.showing.limits import MAX_CHOICE, MAX_CHOICES
from bot.discord_bot.showing.messages import Shown
from bot.evaluation.cues import Cues, Unasked
from bot.evaluation.expected import expected, rule
from bot.evaluation.self_test import WORTH, Pair, SelfTest, Weak
from bot.evaluation.trials import Trial
from bot.moderating.new_ways import told as told_of
from bot.records.values import Draft as Kept
from bot.records.values import Question
from bot.story.model import Story
from bot.words.catalogue import Words

MOST_WEAK: Final = 5
"""Weak answers, and pairs, on a card."""

_MOST_ASKED: Final = 8
_MAX_LINE: Final = 200


def weak_shown(
    found: SelfTest,
    told: Sequence[tuple[Weak, Cues]],
    pairs: Sequence[Pair],
    story: Story,
    words: Words,
) -> Shown:
    """The weakest answers with what they lack, pairs, and what readers can expect."""
    say = words.say
    title = say("weak.weakest")
    if not found.tried:
        return Shown.of(Draft(title, (prose((say("weak.nothing"),)),)))
    share = expected(found)
    names = ("right", "offered", "silence", "wrong", "answered")
    shares = tuple(
        f"- {say(f'weak.{name}', share=f'{100 * getattr(share, name):.0f}')}"
        for name in names
    )
    off = say("weak.off", off=f"{rule().off['right']:.0f}", count=len(found.tried))
    weakest = tuple(
        "\n".join(_weak(number, one, missing, story, words))
        for number, (one, missing) in enumerate(told, start=1)
    )
    taken = tuple(f"- {_pair(one, story)}" for one in pairs)
    parts = (
        Part(weakest, left=more(words)),
        Part(taken, heading=f"**{say('weak.pairs')}**", left=more(words)),
        Part((*shares, f"-# {off}"), heading=f"**{say('weak.expected')}**"),
    )
    rows: list[tuple[Button, ...] | Menu] = []
    if told:
        entries = tuple(
            (one.entry, _choice(story.entries[one.entry].question)) for one, _ in told
        )[:MAX_CHOICES]
        rows.append(Menu(CustomId("cues"), say("weak.pick"), entries))
    if pairs:
        choices = tuple(
            (f"{one.entry} {one.other}", _choice(_pair(one, story))) for one in pairs
        )
        rows.append(Menu(CustomId("pair"), say("weak.apart"), choices[:MAX_CHOICES]))
    return Shown.of(Draft(title, parts, tuple(rows)))


def _weak(
    number: int, one: Weak, missing: Cues, story: Story, words: Words
) -> Iterator[str]:
    say = words.say
    question = escape(shorten(story.entries[one.entry].question, _MAX_LINE))
    yield f"{number}. **{question}**"
    counts = Counter(tried.verdict for tried in one.tried)
    became = ", ".join(
        say(f"tried.{name}", count=counts[name]) for name in WORTH if counts[name]
    )
    yield f"-# {say('weak.ways', ways=one.ways)} {became}".rstrip()
    yield from cue_lines(missing, words)


def _pair(one: Pair, story: Story) -> str:
    """Two questions that are taken for each other."""
    names = [
        story.entries[name].question if name in story.entries else name
        for name in (one.entry, one.other)
    ]
    return escape(shorten(" / ".join(names), _MAX_LINE))


def cue_lines(found: Cues, words: Words) -> Iterator[str]:
    """What no way touches, a line for each sort."""
    say = words.say
    if found.kinds:
        kinds = "; ".join(_kind(one, words) for one in found.kinds)
        yield say("cues.kinds", kinds=escape(shorten(kinds, _MAX_LINE)))
    for key, texts in (("cues.names", found.names), ("cues.words", found.words)):
        if texts:
            yield say(key, words=escape(shorten(", ".join(texts), _MAX_LINE)))


def _kind(one: Unasked, words: Words) -> str:
    name = words.say(f"cues.{one.kind.replace(' ', '-')}")
    return f"{name} ({one.of})"


def cues_shown(
    entry: Link, found: Cues, asked: Sequence[Question], words: Words, said: str = ""
) -> Shown:
    """What no way of an entry touches, and what people asked near it, in vain."""
    say = words.say
    lines = tuple(f"- {line}" for line in cue_lines(found, words))
    near = tuple(f"- {escape(shorten(one.text, _MAX_LINE))}" for one in asked)
    parts = (
        Part((said,) if said else ()),
        Part(lines or (say("cues.none"),)),
        Part(
            near,
            heading=f"**{say('cues.asked')}**",
            left=more(words),
            most=_MOST_ASKED,
        ),
        Part((f"-# {say('cues.how')}",)),
    )
    buttons = [Button(CustomId("write", entry.entry), say("button.write"))]
    if asked:
        buttons.append(close_button(entry.entry, len(asked), words))
    title = say("cues.title", question=escape(shorten(entry.question, _MAX_LINE)))
    return Shown.of(Draft(title, parts, (tuple(buttons),)))


def close_button(entry: str, count: int, words: Words) -> Button:
    """What adds all questions that are close to an entry."""
    return Button(CustomId("close", entry), words.say("button.close", count=count))


def more_button(entry: str, words: Words) -> Button:
    """What shows what no way of an entry touches yet."""
    return Button(CustomId("cues", entry), words.say("button.cues"))


def lines_shown(
    kept: Kept, entry: Link, trials: Sequence[Trial], words: Words, said: str = ""
) -> Shown:
    """What the bot would do now with each line, and what can be done about them."""
    say = words.say
    items = tuple("\n".join(_trial(one, words)) for one in trials)
    parts = (
        Part((said,) if said else ()),
        Part(items, left=more(words)),
        Part((f"-# {state_line(kept, words)}",)),
    )
    buttons = (
        Button(of_draft("preview", kept), say("button.preview")),
        Button(of_draft("again", kept), say("button.again")),
        Button(of_draft("withdraw", kept), say("button.withdraw")),
    )
    rows: Rows = (buttons,)
    others = tuple(
        (f"{at}{only}", _choice(say(key, line=one.line, other=one.other.question)))
        for key, only in (("lines.both", ""), ("lines.not-this", " line"))
        for at, one in enumerate(trials)
        if one.does in {"other", "wrong"} and one.other
    )
    if others:
        menu = Menu(of_draft("apart", kept), say("lines.apart"), others[:MAX_CHOICES])
        rows = (buttons, menu)
    title = say("lines.title", question=escape(shorten(entry.question, _MAX_LINE)))
    return Shown.of(Draft(title, parts, rows))


def _trial(one: Trial, words: Words) -> Iterator[str]:
    def shown(text: str) -> str:
        return escape(shorten(text, _MAX_LINE))

    yield f"- {shown(one.line)}"
    yield from (f"-# {said}" for said in told_of(one, words.say, shown))


def doubts(trials: Iterable[Trial], words: Words) -> tuple[str, ...]:
    """The lines that have nothing to do with the answer, and that this is so."""
    said = words.say("lines.strange")
    strange = (one.line for one in trials if one.is_strange)
    return tuple(f"- {escape(shorten(one, _MAX_LINE))}\n-# {said}" for one in strange)


def _choice(text: str) -> str:
    return shorten(clean(text), MAX_CHOICE) or "-"
