"""What the bot counts of itself, in Prometheus's words: no question, and no person."""

import logging
import math
import threading
import time
from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple, Protocol, get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from bot.answering.answerer import FALSE_ANSWERS, Answerer
from bot.answering.outcome import Link, Name, Reply
from bot.matching.vectors import INSTALLED, Installed, Vectors
from bot.shelf import Shelf
from bot.story.model import Story

BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
"""Seconds: autocomplete should take under 0.1, and Discord waits for 3."""

OUTCOMES: Final[tuple[Name, ...]] = get_args(Name)
LEVELS: Final = ("warning", "error", "critical")

_TIMES: Final = {
    "receipts_reply_seconds": "Time to find the answer to a question.",
    "receipts_suggest_seconds": "Time to find what autocomplete offers.",
    "receipts_loop_lag_seconds": "Time by which the event loop was late, each second.",
}
_GAUGES: Final = {
    "receipts_servers": "Servers that the bot is in.",
    "receipts_story_files_broken": (
        "Whether the story's files are broken, so that an older revision is served."
    ),
}
_LABELLED: Final = {
    "receipts_gateway_connected": (
        "Whether a shard is connected to Discord: 1 or 0.",
        ["shard"],
    ),
    "receipts_gateway_latency_seconds": (
        "Time that a shard's last heartbeat took.",
        ["shard"],
    ),
    "receipts_story_info": (
        "Always 1; the labels tell which story is served at which revision.",
        ["story", "revision"],
    ),
    "receipts_story_size": ("How many of each the story has.", ["what"]),
}

_log = logging.getLogger(__name__)


class Connection(Protocol):
    """The connection of a shard to Discord, now."""

    @property
    def shard(self) -> int:
        """Its number, from 0."""
        ...

    @property
    def connected(self) -> bool:
        """Whether messages arrive."""
        ...

    @property
    def latency(self) -> float | None:
        """Seconds that the last heartbeat took; None: not known."""
        ...


class Gateway(Protocol):
    """All connections to Discord, now."""

    @property
    def connected(self) -> bool:
        """Whether messages arrive from all of them."""
        ...

    @property
    def shards(self) -> Sequence[Connection]:
        """Each of them."""
        ...

    @property
    def servers(self) -> int:
        """How many servers the bot is in."""
        ...


class Served(NamedTuple):
    """The story that is served; `is_broken` where its files as they are now cannot be.

    Then it is the last good revision of them.
    """

    story: Story
    is_broken: bool = False


class Metrics:
    """Counts since the start."""

    def __init__(self) -> None:
        disable_created_metrics()  # a second series of each, which nobody reads
        registry = self._registry = CollectorRegistry()
        self._alone = threading.Lock()
        ProcessCollector(registry=registry)
        self._questions = Counter(
            "receipts_questions",
            "Messages and commands that were answered, by their outcome.",
            ["outcome"],
            registry=registry,
        )
        self._logged = Counter(
            "receipts_log_entries",
            "Entries in the log that tell of something wrong, by level.",
            ["level"],
            registry=registry,
        )
        self._reply, self._suggest, self._lag = (
            Histogram(name, says, buckets=BUCKETS, registry=registry)
            for name, says in _TIMES.items()
        )
        self._servers, self._broken = (
            Gauge(name, says, registry=registry) for name, says in _GAUGES.items()
        )
        self._connected, self._latency, self._story, self._size = (
            Gauge(name, says, labels, registry=registry)
            for name, (says, labels) in _LABELLED.items()
        )
        for outcome in OUTCOMES:  # from the start at 0, so that rates are right
            self._questions.labels(outcome)
        for level in LEVELS:
            self._logged.labels(level)

    def replied(self, reply: Reply, seconds: float) -> None:
        """Count a reply, and how long it took."""
        self._questions.labels(reply.name).inc()
        self._reply.observe(seconds)

    def suggested(self, seconds: float) -> None:
        """Count a look for suggestions, by how long it took."""
        self._suggest.observe(seconds)

    def logged(self, level: str) -> None:
        """Count an entry in the log, by its level in small letters."""
        if level in LEVELS:
            self._logged.labels(level).inc()

    def lagged(self, seconds: float) -> None:
        """Note by how much the event loop was late."""
        self._lag.observe(seconds)

    def text(self, gateway: Gateway | None, served: Served | None) -> bytes:
        """All of it, in Prometheus's text format; None: there is none yet."""
        with self._alone:  # two may ask at once
            if gateway:
                self._show_gateway(gateway)
            if served:
                self._show_story(served)
            return generate_latest(self._registry)

    def _show_gateway(self, gateway: Gateway) -> None:
        for one in gateway.shards:
            latency = math.nan if one.latency is None else one.latency
            self._connected.labels(one.shard).set(one.connected)
            self._latency.labels(one.shard).set(latency)
        self._servers.set(gateway.servers)

    def _show_story(self, served: Served) -> None:
        self._broken.set(served.is_broken)
        story = served.story
        self._story.clear()
        self._story.labels(story.about.title, story.revision).set(1)
        sizes = {"entries": story.entries, "facts": story.facts}
        for what, held in {**sizes, "sources": story.sources}.items():
            self._size.labels(what).set(len(held))


class MeasuredAnswerer(Answerer):
    """An answerer that counts in `metrics` what it is asked, and logs that it was.

    Where it is given metrics, it goes on counting in them.
    """

    def __init__(  # noqa: PLR0913 - as for an answerer, and one more
        self,
        story: Story,
        shelf: Shelf | None = None,
        false_answers: float = FALSE_ANSWERS,
        before: Answerer | None = None,
        vectors: Vectors | Installed | None = INSTALLED,
        *,
        metrics: Metrics | None = None,
    ) -> None:
        super().__init__(story, shelf, false_answers, before, vectors)
        self.metrics = metrics or Metrics()

    def uncounted(self) -> Answerer:
        """The same answers, not counted: for who only looks what they would be."""
        found = Answerer.__new__(Answerer)
        vars(found).update(vars(self))
        return found

    def reply(
        self,
        text: str,
        today: date,
        *,
        ambient: bool = False,
        after: Reply | None = None,
    ) -> Reply:
        """What `Answerer.reply` gives."""
        start = time.perf_counter()
        found = super().reply(text, today, ambient=ambient, after=after)
        seconds = time.perf_counter() - start
        self.metrics.replied(found, seconds)
        facts = {"outcome": found.name, "milliseconds": round(seconds * 1000, 1)}
        _log.info("a question was answered", extra=facts)
        return found

    def suggest(self, typed: str, limit: int = 25) -> tuple[Link, ...]:
        """What `Answerer.suggest` gives."""
        start = time.perf_counter()
        found = super().suggest(typed, limit)
        self.metrics.suggested(time.perf_counter() - start)
        return found
