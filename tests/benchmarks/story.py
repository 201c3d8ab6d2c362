"""The bundled story against questions that its wordings were not written from.

    python -m tests.benchmarks.story

prints, for each kind of question, what became of them. The questions are in
`questions/`: covered ones with the entries that answer them, near-topic and off-topic
ones that nothing answers, swapped ones (roles, names, numbers, negation, premises) with
the entries whose answer sets them right, chatter, two questions in one message, and the
second question of a conversation.
"""

import json
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel

from bot.answering.answerer import Answerer
from bot.answering.outcome import Answer, Closest, Reply, put_forward
from bot.story.files import Files
from bot.story.loading import load

HERE = Path(__file__).parent
STORY = HERE.parent.parent / "knowledge" / "balenciaga-2022"
KINDS = "in_scope near_topic swaps off_topic ambient multi followup".split()


class Labelled(BaseModel):
    """One labelled question: what it asks, and the entries that are right for it.

    `first` is what was asked before it in the same conversation, if anything.
    """

    q: str
    first: str | None = None
    expect: tuple[str, ...] | str = ()
    expect_all: frozenset[str] = frozenset()
    acceptable: frozenset[str] = frozenset()


def questions(kind: str) -> list[Labelled]:
    """The labelled questions of a kind, in order."""
    text = (HERE / "questions" / f"{kind}.jsonl").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    return [Labelled.model_validate(_plain(line)) for line in lines]


def _plain(line: dict[str, object]) -> dict[str, object]:
    """A line in the fields of `Labelled`: of two turns, the second is the question."""
    if "second" not in line:
        return line
    first, second, right = (line[k] for k in ("first", "second", "second_expect"))
    return {"q": second, "first": first, "expect": right}


def verdicts(kind: str, question: Labelled, reply: Reply) -> Iterator[str]:
    """What became of one question, in words that are counted."""
    answers = [one for one in reply.outcomes if isinstance(one, Answer)]
    answered = {one.entry for one in answers}
    closest = {one.entry.entry for one in reply.outcomes if isinstance(one, Closest)}
    offered = {link.entry for link in put_forward(reply.outcomes)}
    first = [one.id for one in reply.candidates]
    if kind in {"in_scope", "followup"}:
        expected = set(question.expect)
        yield from ["first"] if expected & set(first[:1]) else []
        yield from ["in three"] if expected & set(first[:3]) else []
        yield from ["right"] if answered and answered <= expected else []
        yield from ["wrong"] if answered - expected else []
        yield from ["right or closest"] if expected & (answered | closest) else []
        yield from ["right or offered"] if expected & (answered | offered) else []
    elif kind == "multi":
        both = question.expect_all <= answered | offered
        yield from ["both answered or offered"] if both else []
    elif kind == "swaps":
        right = question.acceptable
        misled = [one for one in answers if not one.premise and one.entry not in right]
        yield from ["misled"] if misled else []
        yield from ["set right"] if any(one.premise for one in answers) else []
    else:
        yield reply.name


def main() -> None:
    """Ask all questions and print the figures of each kind."""
    today = datetime.now(UTC).date()
    story = load(Files.read(STORY), today).story
    if story is None:
        raise SystemExit("the story has errors: run receipts check")
    answerer = Answerer(story)
    seconds: list[float] = []
    for kind in KINDS:
        counts: Counter[str] = Counter()
        asked = questions(kind)
        for question in asked:
            start = time.perf_counter()
            ambient = kind == "ambient"
            before = answerer.reply(question.first, today) if question.first else None
            reply = answerer.reply(question.q, today, ambient=ambient, after=before)
            seconds.append(time.perf_counter() - start)
            counts.update(verdicts(kind, question, reply))
        shown = ", ".join(
            f"{name} {100 * count / len(asked):.1f} %" for name, count in counts.items()
        )
        print(f"{kind} ({len(asked)}): {shown}")
    seconds.sort()
    print(f"median {1000 * seconds[len(seconds) // 2]:.1f} ms a question")


if __name__ == "__main__":
    main()
