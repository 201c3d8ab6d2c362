"""The one gate: what is asked, and what need not be asked again."""

from collections import Counter
from pathlib import Path

import pytest

from bot.answering.answerer import Answerer
from bot.publishing.gate import Gate, Judgement
from bot.story.files import Files
from bot.story.model import Story
from tests.conftest import TODAY
from tests.folder import Folder

ANSWERS = "answers/bell.yaml"
QUESTION = "what happened to the bell?"


class Judged:
    """A gate, what is served, and how often something was built and asked."""

    def __init__(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.built: list[bool] = []
        self.asked: list[str] = []
        self.gate = Gate(self.build, lambda: TODAY, shown="story")
        self.files = Files.read(Folder(path / "story").path)
        self.served = self.gate.settle(self.gate.trust(self.files))
        real = Answerer.reply

        def reply(one: Answerer, text: str, *rest: object, **more: object) -> object:
            self.asked.append(text)
            return real(one, text, *rest, **more)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

        monkeypatch.setattr(Answerer, "reply", reply)

    def build(self, story: Story, before: Answerer | None) -> Answerer:
        """Build, and note whether it was fast."""
        self.built.append(before is not None)
        return Answerer(story, before=before)

    def change(self, path: str, old: str, new: str) -> Judgement[Answerer]:
        """Judge the files with a text replaced that stands there once."""
        text = self.files.texts[path]
        assert text.count(old) == 1
        files = self.files.changed({path: text.replace(old, new)})
        return self.gate.judge(files, self.served)


@pytest.fixture
def judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Judged:
    """The invented story, served."""
    return Judged(tmp_path, monkeypatch)


def test_each_question_is_asked_once_of_each_side(judged: Judged) -> None:
    """What a look ahead asked is not asked again for all, nor when it goes live."""
    way = "    - where is the bell\n"
    more = f"{way}    - and where did they put the bell then\n"
    found = judged.change(ANSWERS, way, more)
    assert found.problems == ()
    assert found.change.comparison
    asked = len(judged.asked)
    assert set(Counter(judged.asked).values()) == {1, 2}  # the new one of both sides
    again = judged.change(ANSWERS, way, more)
    assert len(judged.asked) == asked
    assert again.answerer is found.answerer


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("sources.yaml", "publisher: Harbour Herald", "publisher: The Herald"),
        ("timeline.yaml", "date: 2024-06-12", "date: 2024-06-11"),
        ("facts/bell.yaml", "quote: people came out to listen", "quote: came out"),
    ],
)
def test_what_leads_nowhere_moves_no_question(
    judged: Judged, path: str, old: str, new: str
) -> None:
    """Where only what is shown changed, no question is asked again."""
    text = judged.files.texts[path]
    files = judged.files.changed({path: text.replace(old, new, 1)})
    assert files != judged.files
    found = judged.gate.judge(files, judged.served)
    assert found.answerer is not judged.served.answerer
    assert found.change.comparison
    assert found.change.comparison.asked
    assert judged.asked == []


def test_a_new_regression_question_is_asked(judged: Judged) -> None:
    """Of what leads nowhere, only what is new is asked; a wrong one is refused."""
    found = judged.change(
        "questions.yaml", f"- ask: {QUESTION}", "- ask: hi there, what's up"
    )
    assert set(judged.asked) == {"hi there, what's up"}
    (problem,) = found.problems
    assert "must lead to" in problem.message


def test_nothing_is_refused_for_having_been_built_fast(judged: Judged) -> None:
    """What a fast build refuses is built in full, and judged by that."""
    judged.built.clear()
    found = judged.change("questions.yaml", f"- ask: {QUESTION}", "- ask: hi!")
    assert found.problems
    assert judged.built in ([True, False], [True])
