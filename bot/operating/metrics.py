"""What the bot counts of itself, in Prometheus's words: no question, and no person."""

import logging
import math
import platform
import threading
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
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

from bot import __version__
from bot.answering.answerer import FALSE_ANSWERS, Answerer
from bot.answering.outcome import Link, Name, Reply, Turn
from bot.matching.vectors import INSTALLED, Installed, Vectors
from bot.shelf import Shelf
from bot.story.model import Story

BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 10.0)
"""Seconds: autocomplete should take under 0.1, and Discord waits for 3."""

OUTCOMES: Final[tuple[Name, ...]] = get_args(Name)
LEVELS: Final = ("warning", "error", "critical")

_Rows = dict[str, tuple[str, tuple[str, ...]]]
"""What each figure is, and its labels."""

_COUNTERS: Final[_Rows] = {
    "receipts_questions": (
        "Messages and commands that were answered, by their outcome.",
        ("outcome",),
    ),
    "receipts_log_entries": (
        "Entries in the log that tell of something wrong, by level.",
        ("level",),
    ),
    "receipts_limited": (
        "Times that somebody had to wait, or got no answer, by whose limit it was.",
        ("whose",),
    ),
    "receipts_discord_requests": (
        "Requests to Discord, by its answer's HTTP status; 0: there was none.",
        ("status",),
    ),
    "receipts_gateway_sessions": (
        "Connections of a shard to Discord: with a new session, or resumed.",
        ("shard", "how"),
    ),
    "receipts_records_errors": ("Transactions in the records that failed.", ()),
}
_TIMES: Final[_Rows] = {
    "receipts_reply_seconds": ("Time to find the answer to a question.", ()),
    "receipts_suggest_seconds": ("Time to find what autocomplete offers.", ()),
    "receipts_acknowledge_seconds": (
        "Time from what happened in Discord until Discord had taken our answer to it.",
        ("kind",),
    ),
    "receipts_records_seconds": ("Time that a transaction in the records took.", ()),
    "receipts_loop_lag_seconds": (
        "Time by which the event loop was late, each second.",
        (),
    ),
}
_GAUGES: Final[_Rows] = {
    "receipts_servers": ("Servers that the bot is in.", ()),
    "receipts_story_files_broken": (
        "Whether the story's files are broken, so that an older revision is served.",
        (),
    ),
    "receipts_gateway_connected": (
        "Whether a shard is connected to Discord: 1 or 0.",
        ("shard",),
    ),
    "receipts_gateway_latency_seconds": (
        "Time that a shard's last heartbeat took.",
        ("shard",),
    ),
    "receipts_story_info": (
        "Always 1; the labels tell which story is served at which revision.",
        ("story", "revision"),
    ),
    "receipts_story_size": ("How many of each the story has.", ("what",)),
    "receipts_waiting": (
        "How much waits: questions for a thread (answers), moderators' work (aside), "
        "questions for the moderators (open; 10,000 are as many as are counted).",
        ("what",),
    ),
    "receipts_last_purge_timestamp_seconds": (
        "When what was too old was last deleted, by this process.",
        (),
    ),
    "receipts_last_backup_timestamp_seconds": (
        "When the last backup was made; none where it is not known.",
        (),
    ),
    "receipts_build_info": (
        "Always 1; the labels tell which version runs, on which Python.",
        ("version", "python"),
    ),
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
    """Counts since the start. Any thread may count, and ask."""

    def __init__(self) -> None:
        disable_created_metrics()  # a second series of each, which nobody reads
        self._registry = CollectorRegistry()
        self._alone = threading.Lock()
        self._backup: Path | None = None
        ProcessCollector(registry=self._registry)
        registry = self._registry
        self._counters = {
            name: Counter(name, says, labels, registry=registry)
            for name, (says, labels) in _COUNTERS.items()
        }
        self._times = {
            name: Histogram(name, says, labels, buckets=BUCKETS, registry=registry)
            for name, (says, labels) in _TIMES.items()
        }
        self._gauges = {
            name: Gauge(name, says, labels, registry=registry)
            for name, (says, labels) in _GAUGES.items()
        }
        for outcome in OUTCOMES:  # from the start at 0, so that rates are right
            self._counters["receipts_questions"].labels(outcome)
        for level in LEVELS:
            self._counters["receipts_log_entries"].labels(level)
        for kind in ("interaction", "message"):
            self._times["receipts_acknowledge_seconds"].labels(kind)
        build = self._gauges["receipts_build_info"]
        build.labels(__version__, platform.python_version()).set(1)
        for when in ("purge", "backup"):
            self._gauges[f"receipts_last_{when}_timestamp_seconds"].set(math.nan)

    def replied(self, reply: Reply, seconds: float) -> None:
        """Count a reply, and how long it took."""
        self._counters["receipts_questions"].labels(reply.name).inc()
        self._times["receipts_reply_seconds"].observe(seconds)

    def suggested(self, seconds: float) -> None:
        """Count a look for suggestions, by how long it took."""
        self._times["receipts_suggest_seconds"].observe(seconds)

    def logged(self, level: str) -> None:
        """Count an entry in the log, by its level in small letters."""
        if level in LEVELS:
            self._counters["receipts_log_entries"].labels(level).inc()

    def lagged(self, seconds: float) -> None:
        """Note by how much the event loop was late."""
        self._times["receipts_loop_lag_seconds"].observe(seconds)

    def acknowledged(self, kind: str, seconds: float) -> None:
        """Note how long after it happened something in Discord was acknowledged."""
        self._times["receipts_acknowledge_seconds"].labels(kind).observe(seconds)

    def requested(self, status: int) -> None:
        """Count a request to Discord, by the status of its answer."""
        self._counters["receipts_discord_requests"].labels(status).inc()

    def limited(self, whose: str) -> None:
        """Count that a limit was reached."""
        self._counters["receipts_limited"].labels(whose).inc()

    def connected(self, shard: int, *, resumed: bool) -> None:
        """Count that a shard began a session, or went on with one."""
        how = "resumed" if resumed else "new"
        self._counters["receipts_gateway_sessions"].labels(shard, how).inc()

    def kept(self, seconds: float, error: Exception | None) -> None:
        """Count a transaction in the records: how long it took, and why it failed."""
        self._times["receipts_records_seconds"].observe(seconds)
        if error:
            self._counters["receipts_records_errors"].inc()

    def waits(self, what: str, count: int) -> None:
        """Note how much waits."""
        self._gauges["receipts_waiting"].labels(what).set(count)

    def purged(self) -> None:
        """Note that what was too old was deleted now."""
        self._gauges["receipts_last_purge_timestamp_seconds"].set_to_current_time()

    def backed_up(self, stamp: Path) -> None:
        """Tell from now on when a backup was made last: then a file was written."""
        self._backup = stamp

    def text(self, gateway: Gateway | None, served: Served | None) -> bytes:
        """All of it, in Prometheus's text format; None: there is none yet."""
        with self._alone:  # two may ask at once
            if gateway:
                self._show_gateway(gateway)
            if served:
                self._show_story(served)
            if self._backup and self._backup.exists():
                at = self._backup.stat().st_mtime
                self._gauges["receipts_last_backup_timestamp_seconds"].set(at)
            return generate_latest(self._registry)

    def _show_gateway(self, gateway: Gateway) -> None:
        for one in gateway.shards:
            latency = math.nan if one.latency is None else one.latency
            connected = self._gauges["receipts_gateway_connected"]
            connected.labels(one.shard).set(one.connected)
            seconds = self._gauges["receipts_gateway_latency_seconds"]
            seconds.labels(one.shard).set(latency)
        self._gauges["receipts_servers"].set(gateway.servers)

    def _show_story(self, served: Served) -> None:
        self._gauges["receipts_story_files_broken"].set(served.is_broken)
        story, info = served.story, self._gauges["receipts_story_info"]
        info.clear()
        info.labels(story.about.title, story.revision).set(1)
        sizes = {"entries": story.entries, "facts": story.facts}
        for what, held in {**sizes, "sources": story.sources}.items():
            self._gauges["receipts_story_size"].labels(what).set(len(held))


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
        after: Turn | None = None,
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
