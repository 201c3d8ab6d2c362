"""Work beside other work: in threads, first come, first served; or as a task."""

import asyncio
import threading
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar, copy_context
from typing import Final, ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")

_QUIET: Final = 0.02  # seconds: what was worked out is sent in them
_LOOK: Final = 0.005  # seconds between two looks whether it is quiet


class Lane:
    """Does what it is given in few threads, in the order in which it came.

    What is done in one lane is never held up by what waits in another. The threads are
    there only while there is work, and stopping the bot waits for none of them: a disk
    may hang, and a full build takes its time. What is done in a lane `behind` another
    can give way to what is done there.
    """

    def __init__(self, threads: int = 1, *, behind: "Lane | None" = None) -> None:
        self._most, self._running = threads, 0
        self._behind, self._last = behind, 0.0
        self._jobs = deque[Callable[[], None]]()
        self._lock = threading.Lock()

    @property
    def waiting(self) -> int:
        """How much there is that nobody has begun."""
        return len(self._jobs)

    async def do(
        self, work: Callable[_P, _T], *args: _P.args, **named: _P.kwargs
    ) -> _T:
        """What some work gives, or raises; it is not begun once nobody waits for it."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[_T] = loop.create_future()
        context = copy_context()
        context.run(_behind.set, self._behind)

        def give(found: _T) -> None:
            if not done.done():
                done.set_result(found)

        def fail(error: Exception) -> None:
            if not done.done():
                done.set_exception(error)

        def act() -> None:
            if done.cancelled():
                return
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                try:
                    found = context.run(work, *args, **named)
                except Exception as error:  # noqa: BLE001 - raised where it is awaited
                    loop.call_soon_threadsafe(fail, error)
                else:
                    loop.call_soon_threadsafe(give, found)

        with self._lock:
            self._jobs.append(act)
            is_new = self._running < self._most
            self._running += is_new
        if is_new:
            threading.Thread(target=self._drain, daemon=True).start()
        return await done

    def _drain(self) -> None:
        while True:
            with self._lock:
                if not self._jobs:
                    self._running -= 1
                    self._last = time.perf_counter()
                    return
                act = self._jobs.popleft()
            act()

    @property
    def is_quiet(self) -> bool:
        """Whether nothing has been done in it for a moment."""
        return not self._running and time.perf_counter() > self._last + _QUIET


_behind: ContextVar[Lane | None] = ContextVar("_behind", default=None)


def give_way(most: float = 1.0) -> None:
    """Let what somebody waits for go first, at most so many seconds.

    For work of many short steps, to call before each: all threads share one processor's
    time in Python. Returns at once where the work is in no lane behind another.
    """
    lane = _behind.get()
    until = time.perf_counter() + most
    while lane and not lane.is_quiet and time.perf_counter() < until:
        time.sleep(_LOOK)


@asynccontextmanager
async def beside(work: Coroutine[object, object, None]) -> AsyncGenerator[None]:
    """Have something go on in the loop while the context is open."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
