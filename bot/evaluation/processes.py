"""Doing much of one kind on all cores, in processes that are copies of this one."""

import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any, Final, TypeVar

T = TypeVar("T")

_CHUNK: Final = 16  # texts that a process is handed at a time
_work: Callable[[str], Any] | None = None


def cores() -> int:
    """How many cores this process may use; 1 where it cannot be copied safely.

    A copy has none of the threads of what it was copied from, which the libraries of
    macOS do not bear; Windows has no copies.
    """
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else 1


def on_all_cores(
    work: Callable[[str], T], texts: Sequence[str], processes: int
) -> Iterator[T]:
    """What the work gives for each text, in order, done in so many processes.

    Only for a program that has no threads of its own. What a process does not bring
    back, as where the system ended it for want of memory, is done here.
    """
    global _work  # noqa: PLW0603 - what the copies find in them
    _work, done = work, 0
    pool = ProcessPoolExecutor(processes, get_context("fork"), _begin)
    try:
        with warnings.catch_warnings():  # here the copies are made
            # Of threads that numpy's library has, and that it begins anew in each.
            warnings.simplefilter("ignore", DeprecationWarning)
            found = pool.map(_do, texts, chunksize=_CHUNK)
        for one in found:
            yield one
            done += 1
    except BrokenExecutor:
        yield from map(work, texts[done:])
    finally:
        pool.shutdown(cancel_futures=True)
        _work = None


def _begin() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever made this one ends it


def _do(text: str) -> Any:  # noqa: ANN401 - what is to be done gives it
    if _work is None:
        raise RuntimeError("There is nothing to do.")
    return _work(text)
