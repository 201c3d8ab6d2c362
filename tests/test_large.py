"""A large story, and what the bot does with it where everybody waits: in the loop."""

import pytest

from bot.records.records import Records
from tests.home import Home
from tests.scene import shown, text_of
from tests.watchdog import LIMIT, watched

ENTRIES = 5000
PER_FILE = 50
FACT = """\
- id: crate-{0}-found
  statement: Crate {0} of the Quay Lane store was found open on 4 March 2024.
  kind: fact
  as_of: 2024-03-04
  citations:
    - source: harbour-herald-2024-03-04
      quote: the bell that had hung there for a century was gone
"""
ENTRY = """\
- id: crate-{0}
  question: What happened to crate {0} of the Quay Lane store?
  also_asked:
    - was crate {0} of the store open
    - who found crate {0} on Quay Lane
  answer: >-
    Crate {0} of the Quay Lane store was found open on 4 March 2024. [crate-{0}-found]
"""


TRIES = 3


def write(home: Home, mark: int) -> None:
    """Write the files of a story with many entries, each in a version of its own."""
    for first in range(0, ENTRIES, PER_FILE):
        numbers = range(first, min(first + PER_FILE, ENTRIES))
        for folder, text in (("facts", FACT), ("answers", ENTRY)):
            name = f"{folder}/crates-{first}.yaml"
            records = "".join(text.format(one) for one in numbers)
            home.folder.write(name, f"# {mark}\n{records}")


@pytest.fixture
async def large(home: Home) -> Home:
    """The home server of a story with many entries."""
    write(home, 0)
    await home.live()
    return home


async def test_nothing_of_a_large_story_holds_the_loop_up(
    large: Home, kept: Records
) -> None:
    """Typing, looking, editing, asking, the queue: each step is short, after any edit.

    What takes long does so each time, and not only as the machine is busy.
    """
    held_up: list[list[str]] = []
    while len(held_up) < TRIES and all(held_up):
        write(large, len(held_up))
        with watched(LIMIT) as found:
            await use(large, kept)
        held_up.append(found)
    assert not all(held_up), held_up


async def use(large: Home, kept: Records) -> None:
    """Do what moderators and askers do."""
    mo, channel = large.mo, large.channel
    form = await large.use("answers edit", id="crate-77")
    assert form.modal
    assert await mo.autocomplete(channel, "hide", "what", "crate 77")
    assert await mo.autocomplete(channel, "answers view", "id", "crate 77")
    assert "Crate 77" in shown(await large.use("facts search", words="crate 77"))
    assert "crate-77" in shown(await large.use("facts view", id="crate-77-found"))
    assert "Crate 77" in text_of(await large.ask("what happened to crate 77"))
    assert await large.ann.autocomplete(channel, "ask", "question", "crate 7")
    for number in range(60):
        text = f"was crate {number} painted blue by the {number} sailors"
        await kept.questions.note(large.app.options.story, text, large.app.now())
    assert "painted" in shown(await large.use("queue"))
