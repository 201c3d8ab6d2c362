"""The figures: what is counted as it happens, and what is made of them in deploy/."""

import asyncio
import json
import math
import re
import shutil
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import connect

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot import __version__
from bot.answering.answerer import Answerer
from bot.cli.main import main
from bot.discord_bot.asking.app import Options
from bot.discord_bot.asking.rate_limits import LIMITS, Pace
from bot.discord_bot.client import Receipts
from bot.discord_bot.gateway import state
from bot.operating.metrics import Metrics
from bot.records.records import Records
from bot.records.values import Action, RecordsError
from bot.settings import BACKED_UP, Settings
from tests.conftest import ROOT, TODAY
from tests.wire import Fault, discord, until

DEPLOY = ROOT / "deploy"
QUESTION = "What happened to the Harbour Street bell?"

needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool (Prometheus) is not installed"
)


def figures(metrics: Metrics, client: Receipts | None = None) -> dict[str, float]:
    """Each figure by its name and labels, as in `name{label="value"}`."""
    text = metrics.text(state(client) if client else None, None).decode()
    return {
        sample.name + str(sorted(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_what_happens_with_discord_is_counted(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Acknowledgements, requests by status and the sessions of a shard."""
    metrics = Metrics()
    client = Receipts(answerer, lambda: TODAY, counts=metrics)
    async with discord(monkeypatch) as there, client:
        task = asyncio.create_task(client.start("a-token"))
        await until(there.connected.is_set)
        token = await there.slash(QUESTION)
        await there.ask(QUESTION)
        await until(lambda: token in there.answered and there.posted)
        there.faults.append(Fault("/channels", 403))
        await there.ask(QUESTION, 101)
        name = "receipts_discord_requests_total['403']"
        await until(lambda: figures(metrics).get(name))
        await there.open[0].close(code=4000)
        await until(lambda: there.resumed)
        name = "receipts_gateway_sessions_total['0', 'resumed']"
        await until(lambda: figures(metrics).get(name))
        found = figures(metrics, client)
        await client.close()
        await task
    assert found["receipts_acknowledge_seconds_count['interaction']"] == 1
    assert found["receipts_acknowledge_seconds_bucket['10.0', 'interaction']"] == 1
    assert found["receipts_acknowledge_seconds_count['message']"] == 1
    assert found["receipts_gateway_sessions_total['0', 'new']"] == 1
    assert found["receipts_discord_requests_total['200']"] > 2
    assert not [name for name in found if "101" in name]


async def test_the_records_are_measured(tmp_path: Path) -> None:
    """Each transaction by its time, and those that fail; open questions by number."""
    metrics = Metrics()
    async with Records.open(tmp_path / "records.sqlite3") as records:
        records.tell(metrics.kept)
        for text in ("who rang?", "who rings?"):
            await records.questions.note("story", text, records_time(), sent=False)
        assert await records.questions.size("story") == 2
        assert await records.questions.size("story", 1) == 1
        assert await records.questions.size("other") == 0
        before = figures(metrics)
        with pytest.raises(RecordsError):
            await records.questions.get(2**80)
    after = figures(metrics)
    assert before["receipts_records_seconds_count[]"] == 5
    assert before["receipts_records_errors_total[]"] == 0
    assert after["receipts_records_errors_total[]"] == 1


async def test_a_message_that_is_not_ours_is_not_written_of(tmp_path: Path) -> None:
    """That any message anywhere was deleted waits for no lock: nothing is written."""
    metrics, file = Metrics(), tmp_path / "records.sqlite3"
    async with Records.open(file) as records:
        records.tell(metrics.kept)
        with closing(connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            assert not await records.shown.forget(1)
    assert figures(metrics)["receipts_records_errors_total[]"] == 0


def records_time() -> datetime:
    """A time."""
    return datetime(2026, 11, 23, tzinfo=UTC)


async def test_nothing_is_deleted_by_a_clock_that_is_wrong(
    answerer: Answerer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A clock 400 days ahead of Discord's would delete everything: it is an error."""
    metrics, file = Metrics(), tmp_path / "records.sqlite3"
    async with discord(monkeypatch) as there, Records.open(file) as records:
        now = datetime.now(UTC)
        await records.questions.note("story", "who rang?", now, sent=False)
        client = Receipts(answerer, lambda: TODAY, records, counts=metrics)
        async with client:
            monkeypatch.setattr(client.app, "now", lambda: now + timedelta(days=400))
            task = asyncio.create_task(client.start("a-token"))
            await until(there.connected.is_set)
            await client._keep_house()  # pyright: ignore[reportPrivateUsage]
            await client.close()
            await task
        assert await records.questions.size("story") == 1
    assert "this machine's clock is 400 days off" in caplog.text
    purge = figures(metrics)["receipts_last_purge_timestamp_seconds[]"]
    assert math.isnan(purge)


def test_limits_that_are_reached_are_counted() -> None:
    """By whose limit it was, each time."""
    metrics, pace = Metrics(), Pace(lambda: 0.0)
    pace.counts = metrics
    for _ in range(LIMITS["person"][0] + 2):
        pace.take(1, 2, None)
    assert figures(metrics)["receipts_limited_total['person']"] == 2


async def test_a_purge_and_a_backup_are_dated(
    answerer: Answerer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When each was last; nothing can be known of a backup that left no mark."""
    metrics, stamp = Metrics(), tmp_path / BACKED_UP
    metrics.backed_up(stamp)
    purge, backup = (
        f"receipts_last_{what}_timestamp_seconds[]" for what in ("purge", "backup")
    )
    found = figures(metrics)
    assert math.isnan(found[purge])
    assert math.isnan(found[backup])
    monkeypatch.chdir(tmp_path)
    BACKED_UP.parent.mkdir()
    story = ["--story", str(ROOT / "bot" / "template")]
    command = [*story, "backup", "--without-records", str(tmp_path)]
    assert await asyncio.to_thread(main, command, Settings(), TODAY) == 0
    async with Records.open(tmp_path / "records.sqlite3") as records:
        client = Receipts(answerer, lambda: TODAY, records, counts=metrics)
        await client._keep_house()  # pyright: ignore[reportPrivateUsage]
    found = figures(metrics)
    assert found[backup] == stamp.stat().st_mtime
    assert 0 <= found[purge] - found[backup] < 60


async def test_the_audit_trail_goes_after_the_days_that_are_set(
    answerer: Answerer, tmp_path: Path
) -> None:
    """AUDIT_DAYS reaches the daily purge."""
    async with Records.open(tmp_path / "records.sqlite3") as records:
        now = datetime.now(UTC)
        for days in (3, 1):
            did = Action(now - timedelta(days=days), 1, "ann", 1, "edit", "x", {})
            await records.actions.note(did)
        client = Receipts(answerer, lambda: TODAY, records, Options(audit_days=2))
        await client._keep_house()  # pyright: ignore[reportPrivateUsage]
        (left,) = await records.actions.of_guild(1)
        assert left.at == now - timedelta(days=1)


def test_the_version_is_told_and_nothing_twice() -> None:
    """A line names the version; no counter has a second series of when it began."""
    text = Metrics().text(None, None).decode()
    assert 'receipts_build_info{python="3.' in text
    assert f'version="{__version__}"}} 1.0' in text
    assert "_created" not in text


def expressions() -> list[str]:
    """Every expression of the alert rules and the dashboard."""
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text("utf-8"))
    board = json.loads((DEPLOY / "dashboard.json").read_text("utf-8"))
    found = [rule["expr"] for group in rules["groups"] for rule in group["rules"]]
    found += [one["expr"] for panel in board["panels"] for one in panel["targets"]]
    return found + [one["query"]["query"] for one in board["templating"]["list"][1:]]


def test_each_figure_that_is_watched_is_there() -> None:
    """Rules and dashboard name nothing that is not served, and leave nothing out."""
    families = text_string_to_metric_families(Metrics().text(None, None).decode())
    served = set[str]()
    for family in families:
        suffix = {"counter": "_total", "histogram": "_bucket"}.get(family.type, "")
        served.add(family.name + suffix)
    used = set(re.findall(r"\b(?:receipts|process)_\w+", " ".join(expressions())))
    ours = {name for name in served if name.startswith("receipts_")}
    assert used <= served
    assert ours <= used


def promtool(*arguments: str, given: bytes = b"") -> str:
    """What promtool says, if anything is wrong."""
    command = ["promtool", *arguments]
    done = subprocess.run(command, input=given, capture_output=True, check=False)
    return (done.stdout + done.stderr).decode() if done.returncode else ""


@needs_promtool
def test_prometheus_takes_the_rules_and_the_figures() -> None:
    """`promtool` checks the rules, and has nothing to say of the figures."""
    assert promtool("check", "rules", str(DEPLOY / "alerts.yaml")) == ""
    assert promtool("check", "metrics", given=Metrics().text(None, None)) == ""


@needs_promtool
def test_prometheus_takes_the_dashboard(tmp_path: Path) -> None:
    """Each expression of the dashboard is one, with its variables filled in."""
    rules = [
        {"record": f"a:b{number}", "expr": re.sub(r"\$__rate_interval", "5m", one)}
        for number, one in enumerate(expressions())
        if not one.startswith("label_values")
    ]
    file = tmp_path / "rules.json"
    file.write_text(json.dumps({"groups": [{"name": "x", "rules": rules}]}))
    assert promtool("check", "rules", str(file)) == ""
