"""Whether any question is led elsewhere that a change was thought not to reach.

    python -m tests.benchmarks.moves [--edits 20] [--most 1500] [--full] [STORY …]

makes so many changes of each story, as moderators make them: a way of asking more, or
less; a sentence more; an answer taken off, or new; another name. Then all questions are
asked before and after each, at most so many, drawn by lot. Printed is how many of them
a judgement of the change would have asked, how many moved, and how many of these it
would not have asked. With `--full`, what answers is built in full after each change;
else fast, as a preview builds it.
"""

import argparse
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from typing import Final

from bot.answering.answerer import Answerer
from bot.evaluation.leads import Leads, Stood
from bot.publishing.comparing import questions_of
from bot.publishing.reach import Reach
from bot.story.hiding import marked
from bot.story.model import Entry, Story
from tests.benchmarks.labelled import folders, questions, story

TAILS: Final = ("exactly", "in the end", "according to the papers", "for real", "then")
NAMES: Final = ("the boss", "that lot", "the big one", "the other side")

Edit = Callable[[Story, Random, list[str]], Story]


def _with(found: Story, entry: Entry) -> Story:
    entries = {**found.entries, entry.id: entry}
    return replace(found, entries=entries, revision="changed")


def _more(found: Story, chance: Random, asked: list[str]) -> Story:
    entry = chance.choice(list(found.entries.values()))
    words = chance.choice([*asked, *entry.ways]).split()
    kept = sorted(chance.sample(range(len(words)), max(1, len(words) - 2)))
    way = " ".join([*(words[at] for at in kept), chance.choice(TAILS)])
    ways = (*entry.also_asked, way)
    return _with(found, entry.model_copy(update={"also_asked": ways}))


def _fewer(found: Story, chance: Random, _asked: list[str]) -> Story:
    entry = chance.choice([one for one in found.entries.values() if one.also_asked])
    ways = entry.also_asked[:-1]
    return _with(found, entry.model_copy(update={"also_asked": ways}))


def _longer(found: Story, chance: Random, _asked: list[str]) -> Story:
    one, other = chance.sample(list(found.entries.values()), 2)
    answer = f"{one.answer} {other.answer}"
    return _with(found, one.model_copy(update={"answer": answer}))


def _off(found: Story, chance: Random, _asked: list[str]) -> Story:
    return marked(found, {chance.choice(list(found.entries)): "being checked"})


def _new(found: Story, chance: Random, asked: list[str]) -> Story:
    one = chance.choice(list(found.entries.values()))
    changes = {"id": "new", "question": chance.choice(asked), "also_asked": ()}
    return _with(found, one.model_copy(update=changes))


def _named(found: Story, chance: Random, _asked: list[str]) -> Story:
    entity = chance.choice(list(found.entities.values()))
    names = (*entity.aliases, chance.choice(NAMES))
    entities = {
        **found.entities,
        entity.id: entity.model_copy(update={"aliases": names}),
    }
    return replace(found, entities=entities, revision="changed")


EDITS: Final[tuple[Edit, ...]] = (
    _more,
    _fewer,
    _more,
    _longer,
    _more,
    _off,
    _new,
    _named,
)


def tried(
    name: str, edits: int, most: int, today: date, *, full: bool
) -> tuple[int, int, int, int]:
    """Questions, those that would be asked, those that moved, and those of them not."""
    chance, made = Random(name), story(name)
    labelled = [one.q for one in questions(folders()[name], "in_scope")]
    served = Answerer(made)
    before = Leads(served, today)
    counts = [0, 0, 0, 0]
    for number in range(edits):
        changed = EDITS[number % len(EDITS)](made, chance, labelled)
        after = Leads(Answerer(changed, before=None if full else served), today)
        wanted = questions_of(made, changed, labelled)
        if len(wanted) > most:
            wanted = chance.sample(wanted, most)
        reach = Reach(made, changed, [one.text for one in wanted])
        for one in wanted:
            was, now = before.of(one.text), after.of(one.text)
            known: Mapping[str, Stood] = before.known
            is_asked = reach.has(one.text, one.belongs, known[one.text])
            is_moved = not now.is_as(was)
            counts[0] += 1
            counts[1] += is_asked
            counts[2] += is_moved
            counts[3] += is_moved and not is_asked
            if is_moved and not is_asked:
                firm = known[one.text].margin
                like = reach.likeness(one.text)
                told = f"margin {firm:.2f}, likeness {like:.2f}"
                print(f"  missed: {one.text!r} ({told}): {was} → {now}")
    return counts[0], counts[1], counts[2], counts[3]


def main() -> None:
    """Change the stories, and print what moved."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("stories", nargs="*", default=list(folders()))
    parser.add_argument("--edits", type=int, default=20)
    parser.add_argument("--most", type=int, default=1500)
    parser.add_argument("--full", action="store_true")
    options = parser.parse_args()
    today = datetime.now(UTC).date()
    for name in options.stories:
        asked, reached, moved, missed = tried(
            name, options.edits, options.most, today, full=options.full
        )
        print(
            f"{name}: {asked:,} questions after {options.edits} changes, "
            f"{reached / asked:.0%} asked, {moved} moved, {missed} of them unasked",
            flush=True,
        )


if __name__ == "__main__":
    main()
