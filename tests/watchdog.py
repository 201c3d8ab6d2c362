"""Whether the bot holds the event loop up: nothing of it may run there for long.

What a step takes is the processor's time of the loop's thread, so that waiting for it
is no fault of the bot's; on a busy machine that, too, is now and then some times what
it is else. Collecting garbage is left out: a test's heap is its own.
"""

import asyncio
import gc
import time
from asyncio.events import Handle
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from tests.places import ROOT

LIMIT: Final = 0.05
"""Seconds that one step may take: Discord wants to hear of a command within three."""

EVER: Final = 5 * LIMIT
"""Seconds that no step takes, whatever the machine does beside."""

_HANDLERS: Final = ("discord.py: on_", "CommandTree-invoker")  # discord.py's tasks
_BOT: Final = str(ROOT / "bot")


@contextmanager
def watched(limit: float) -> Generator[list[str]]:
    """What the bot did for longer in the loop, until the context is left."""
    found: list[str] = []
    collecting = [0.0, 0.0]  # when it began, and all it took

    def collected(phase: str, _info: object) -> None:
        now = time.thread_time()
        if phase == "start":
            collecting[0] = now
        else:
            collecting[1] += now - collecting[0]

    real = Handle._run

    def run(self: Handle) -> None:
        before, start = collecting[1], time.thread_time()
        step: Any = getattr(self, "_callback", None)
        real(self)
        took = time.thread_time() - start - (collecting[1] - before)
        if took > limit:
            found.extend(f"{1000 * took:.0f} ms: {one!r}" for one in _bots(step))

    gc.callbacks.append(collected)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Handle, "_run", run)
        yield found
    gc.callbacks.remove(collected)


def _bots(step: Any) -> Iterator[object]:  # noqa: ANN401 - a callback of anything
    """The bot's task that a step is one of, also where SimCord has wrapped it."""
    inner = [cell.cell_contents for cell in getattr(step, "__closure__", None) or ()]
    for one in (step, *inner):
        task: Any = getattr(one, "__self__", None)
        if isinstance(task, asyncio.Task) and _is_bots(task):
            yield task


def _is_bots(task: Any) -> bool:  # noqa: ANN401 - a task of anything
    """Whether it is the bot's, and not a test's own."""
    code: Any = getattr(task.get_coro(), "cr_code", None)
    is_ours = code is not None and Path(code.co_filename).is_relative_to(_BOT)
    return is_ours or task.get_name().startswith(_HANDLERS)
