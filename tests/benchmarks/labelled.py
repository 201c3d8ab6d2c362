"""Stories with labelled questions: what people ask, and what is right for it.

The bundled story's questions are in `questions/`; the folders of `tests/stories` hold
other stories, each with its own. Where the stories come from is told there.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from bot.answering.preparing import names_of, targets_of
from bot.matching.candidate import Target
from bot.story.files import Files
from bot.story.hiding import visible
from bot.story.loading import load
from bot.story.model import Story

HERE: Final = Path(__file__).parent
BUNDLED: Final = HERE.parent.parent / "knowledge" / "balenciaga-2022"
STORIES: Final = HERE.parent / "stories"
OUT: Final = 6
KINDS: Final = ("in_scope", "near_topic", "off_topic", "swaps", "unknown")
"""Covered; about the story, but nothing answers; about something else; with something
wrong in it; and known to be unknown."""


class Labelled(BaseModel):
    """One labelled question: what it asks, and the entries that are right for it.

    `forbidden` are entries whose answer would mislead, `acceptable` those whose answer
    sets the question right. `first` is what was asked before it in the same
    conversation, if anything.
    """

    model_config = ConfigDict(frozen=True)

    q: str
    first: str | None = None
    expect: tuple[str, ...] = ()
    expect_all: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    acceptable: tuple[str, ...] = ()

    @property
    def right(self) -> frozenset[str]:
        """The entries that may answer it."""
        return frozenset((*self.expect, *self.acceptable))


@dataclass(frozen=True, slots=True)
class Base:
    """A story as targets and names, with its labelled questions by kind."""

    name: str
    targets: tuple[Target, ...]
    names: dict[str, str]
    questions: dict[str, tuple[Labelled, ...]]


def folders() -> dict[str, Path]:
    """The folder of each story's questions, by the story's name; the bundled first."""
    others = sorted(one for one in STORIES.iterdir() if (one / "story").is_dir())
    return {"bundled": HERE / "questions"} | {one.name: one for one in others}


def story(name: str) -> Story:
    """A story by its name. Raises SystemExit where it has errors."""
    folder = BUNDLED if name == "bundled" else STORIES / name / "story"
    found = load(Files.read(folder), datetime.now(UTC).date()).story
    if found is None:
        raise SystemExit(f"{folder} has errors: run receipts check")
    return visible(found)


def base(name: str) -> Base:
    """A story by its name, with its questions."""
    made = story(name)
    own = list(regression(made))
    asked = {
        kind: (
            *questions(folders()[name], kind),
            *(question for of, question in own if of == kind),
        )
        for kind in KINDS
    }
    return Base(name, tuple(targets_of(made)), names_of(made), asked)


_OF_KIND: Final = {
    "covered": "in_scope",
    "near-topic": "near_topic",
    "unknown": "unknown",
    "off-topic": "off_topic",
    "swapped": "swaps",
    "premise": "swaps",
}


def regression(made: Story) -> Iterator[tuple[str, Labelled]]:
    """The questions of a story's own regression set, each with its kind here."""
    for one in made.probes:
        kind = _OF_KIND.get(one.kind or "")
        right = tuple(name for name in one.expect if name in made.entries)
        if kind == "in_scope" and right:
            yield kind, Labelled(q=one.ask, expect=right)
        elif kind:
            yield kind, Labelled(q=one.ask, acceptable=right)


def thinned(whole: Base, ways: int) -> Base:
    """The same story with at most so many ways of asking each entry, its first ones.

    What else is like it gets rarer as well: a third of it for `not_this` and claims.
    """
    few = max(1, ways // 3)
    targets = tuple(
        replace(
            one,
            asks=one.asks[:ways],
            decoys=one.decoys[:few],
            claims=tuple(claims[:few] for claims in one.claims[:few]),
        )
        for one in whole.targets
    )
    return replace(whole, name=f"{whole.name}, {ways} ways", targets=targets)


def without_some(whole: Base) -> Base:
    """The same story without some of its own texts, which are asked instead.

    Of what has many wordings, one in six is left out: a question that its entry
    answers, or that nothing does where it is a known unknown; and one `not_this` in
    three, to which its entry would be the wrong answer.
    """
    kept: list[Target] = []
    asked: dict[str, list[Labelled]] = {"in_scope": [], "near_topic": [], "swaps": []}
    for number, one in enumerate(whole.targets):
        is_dense = len(one.asks) > 2 * OUT
        ways = one.asks[number % OUT + 1 :: OUT] if is_dense else ()
        decoys = one.decoys[number % 3 :: 3] if len(one.decoys) > 3 else ()
        kind = "near_topic" if one.is_silent else "in_scope"
        right = () if one.is_silent else (one.id,)
        asked[kind] += [Labelled(q=way, expect=right) for way in ways]
        asked["swaps"] += [Labelled(q=text, forbidden=(one.id,)) for text in decoys]
        left = tuple(way for way in one.asks if way not in ways)
        others = tuple(text for text in one.decoys if text not in decoys)
        kept.append(replace(one, asks=left, decoys=others))
    name = f"{whole.name}, of itself"
    found = {kind: tuple(questions) for kind, questions in asked.items()}
    return replace(whole, name=name, targets=tuple(kept), questions=found)


def questions(folder: Path, kind: str) -> tuple[Labelled, ...]:
    """The labelled questions of a kind, in order; none where there is no such file."""
    file = folder / f"{kind}.jsonl"
    if not file.exists():
        return ()
    lines = file.read_text(encoding="utf-8").splitlines()
    return tuple(_labelled(json.loads(line)) for line in lines if line.strip())


def _labelled(line: dict[str, object]) -> Labelled:
    """A line as labelled: of two turns, the second is the question."""
    if "second" in line:
        first, second, right = (line[k] for k in ("first", "second", "second_expect"))
        line = {"q": second, "first": first, "expect": right}
    if isinstance(line.get("expect"), str):
        line = {**line, "expect": ()}
    return Labelled.model_validate(line)


def lines_of(name: str) -> Iterator[bytes]:
    """A story's questions, and its files, for a hash of them.

    The bundled story changes with the news: of that only the questions count.
    """
    files = []
    if name != "bundled":
        story_files = STORIES / name / "story"
        files = [*story_files.glob("*.yaml"), *story_files.glob("*/*.yaml")]
    asked = [*folders()[name].glob("*.jsonl")]
    for file in (*sorted(files), *sorted(asked)):
        yield file.name.encode()
        yield file.read_bytes()
