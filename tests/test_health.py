"""The health address, over a real loopback socket; and what it tells of the gateway."""

import asyncio
import json
import re
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.answering.answerer import Answerer
from bot.discord_bot.client import Receipts
from bot.discord_bot.gateway import Connection, State, state
from bot.operating.health import MOST, HealthAddressError, serving
from bot.operating.metrics import MeasuredAnswerer, Metrics, Served
from bot.operating.pulse import HANGS, Pulse
from bot.setting_values import Address
from bot.story.model import Story
from tests.conftest import TODAY
from tests.wire import LOOPBACK, discord

QUESTION = "what happened to the bell?"


def gateway(*, connected: bool = True, latency: float | None = 0.25) -> State:
    """A connection of which we say how it is, beside one that is well."""
    return State((Connection(0, True, 0.5), Connection(1, connected, latency)), 3)  # noqa: FBT003 - well


@contextmanager
def address(
    story: Story | None,
    gateway: State | None,
    metrics: Metrics | None = None,
    *,
    is_broken: bool = False,
    records: str = "",
) -> Generator[str]:
    """A health address that is served, as a URL; `records` says why they fail."""
    pulse = Pulse(metrics or Metrics())
    pulse.gateway = gateway
    pulse.served = Served(story, is_broken) if story else None
    vars(pulse)["_records"] = records
    with serving(Address(LOOPBACK, 0), pulse) as port:
        yield f"http://{LOOPBACK}:{port}"


async def get(url: str, method: str = "GET", **headers: str) -> tuple[int, str, str]:
    """The status, the type and the text of an answer."""
    async with aiohttp.request(method, url, headers=headers) as response:
        return response.status, response.content_type, await response.text()


def figures(text: str) -> dict[tuple[str, ...], float]:
    """Each figure by its name and the values of its labels, read as Prometheus does."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_it_is_healthy_where_it_is_connected(answerer: Answerer) -> None:
    """Connected and serving a story: 200, with the story's revision."""
    with address(answerer.story, gateway()) as url:
        status, kind, text = await get(f"{url}/healthz")
    assert (status, kind) == (200, "application/json")
    assert '"status": "ok"' in text
    assert '"files": "ok"' in text
    assert answerer.story.revision in text


async def test_broken_files_are_told(story: Story) -> None:
    """Where an older revision is served, that is no reason to restart, yet it shows."""
    with address(story, gateway(), is_broken=True) as url:
        status, _, text = await get(f"{url}/healthz")
        _, _, told = await get(f"{url}/metrics")
    assert status == 200
    assert '"files": "broken"' in text
    assert figures(told)["receipts_story_files_broken",] == 1


async def test_it_is_not_healthy_where_it_is_not_connected(answerer: Answerer) -> None:
    """Not connected: 503, whatever else is well; figures are served all the same."""
    with address(answerer.story, gateway(connected=False, latency=None)) as url:
        status, _, text = await get(f"{url}/healthz")
        _, _, told = await get(f"{url}/metrics")
    assert status == 503
    assert '"gateway": "disconnected"' in text
    assert figures(told)["receipts_gateway_connected", "0"] == 1
    assert figures(told)["receipts_gateway_connected", "1"] == 0


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("HEAD", "/healthz", 200),
        ("POST", "/healthz", 501),
        ("GET", "/", 404),
        ("GET", "/../.env", 404),
    ],
)
async def test_nothing_else_is_served(
    answerer: Answerer, method: str, path: str, status: int
) -> None:
    """Only reading, and only the four addresses."""
    with address(answerer.story, gateway()) as url:
        assert (await get(f"{url}{path}", method))[0] == status


async def test_the_figures_tell_what_was_asked_but_not_its_words(
    answerer: Answerer,
) -> None:
    """Questions by outcome, times, the gateway, the story and the log: no text."""
    measured = MeasuredAnswerer(answerer.story)
    metrics = measured.metrics
    for text in (QUESTION, QUESTION, "hello", "zebras in space?"):
        measured.reply(text, TODAY)
    measured.suggest("bell")
    metrics.logged("error")
    metrics.logged("info")
    with address(measured.story, gateway(), metrics) as url:
        status, kind, text = await get(f"{url}/metrics")
    assert (status, kind) == (200, "text/plain")
    found = figures(text)
    story = answerer.story
    assert found["receipts_questions_total", "answer"] == 2
    assert found["receipts_questions_total", "help"] == 1
    assert found["receipts_questions_total", "silent"] == 0
    assert found["receipts_questions_total", "closest"] == 0
    assert found["receipts_questions_total", "facts"] == 0
    assert found["receipts_reply_seconds_count",] == 4
    assert found["receipts_reply_seconds_bucket", "3.0"] == 4
    assert found["receipts_suggest_seconds_count",] == 1
    assert found["receipts_gateway_connected", "1"] == 1
    assert found["receipts_gateway_latency_seconds", "1"] == 0.25
    assert found["receipts_servers",] == 3
    assert found["receipts_story_info", story.revision, story.about.title] == 1
    assert found["receipts_story_size", "entries"] == len(story.entries)
    assert found["receipts_log_entries_total", "error"] == 1
    assert "zebras" not in text


@pytest.mark.parametrize("host", ["2001:db8::1", "monitor.invalid"])
def test_an_address_of_another_machine_is_told(host: str) -> None:
    """It is told as it was set, and what to set in its place."""
    place = Address(host, 8080)
    said = re.escape(str(place)) + ".*; set an address of this machine's own"
    with (
        pytest.raises(HealthAddressError, match=said),
        serving(place, Pulse(Metrics())),
    ):
        pass


def test_an_address_in_use_is_told_in_a_sentence() -> None:
    """Where something listens already, the sentence names the address and the mend."""
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        place = Address(LOOPBACK, taken.getsockname()[1])
        with (
            pytest.raises(
                HealthAddressError, match=rf"HEALTH_ADDRESS.*{place.port}.*;"
            ),
            serving(place, Pulse(Metrics())),
        ):
            pass


async def test_the_address_is_free_again_afterwards(answerer: Answerer) -> None:
    """When the context ends, nothing listens any more."""
    with address(answerer.story, gateway()) as url:
        pass
    with pytest.raises(aiohttp.ClientConnectorError):
        await get(f"{url}/healthz")


async def test_before_the_story_is_built_it_lives_and_is_not_ready() -> None:
    """Nothing is known yet: that is no reason for a restart, and each lack is named."""
    with address(None, None, records="not opened yet") as url:
        assert (await get(f"{url}/livez"))[0] == 200
        status, _, text = await get(f"{url}/readyz")
        assert (await get(f"{url}/healthz"))[0] == 503
        assert (await get(f"{url}/metrics"))[0] == 200
    assert status == 503
    assert json.loads(text) == {
        "status": "unavailable",
        "loop": "ok",
        "gateway": "not connected yet",
        "story": "it is being built",
        "records": "not opened yet",
    }


@pytest.mark.parametrize(
    ("connected", "records", "told"),
    [
        (True, "", {"status": "ok", "gateway": "ok", "records": "ok"}),
        (False, "", {"status": "unavailable", "gateway": "not connected: shard 1"}),
        (True, "It is gone.", {"status": "unavailable", "records": "It is gone."}),
    ],
)
async def test_it_is_ready_where_nothing_is_lacking(
    story: Story, records: str, told: dict[str, str], *, connected: bool
) -> None:
    """The gateway, the story and the records are each told, and either makes it 503."""
    with address(story, gateway(connected=connected), records=records) as url:
        status, _, text = await get(f"{url}/readyz")
        assert (await get(f"{url}/livez"))[0] == 200
    assert status == (200 if told["status"] == "ok" else 503)
    assert json.loads(text).items() >= told.items()


async def test_a_loop_that_hangs_does_not_live(story: Story) -> None:
    """Once no beat came for long, it is to be restarted; systemd is told no more."""
    now = 0.0
    pulse = Pulse(Metrics(), lambda: now)
    with serving(Address(LOOPBACK, 0), pulse) as port:
        url = f"http://{LOOPBACK}:{port}/livez"
        async with pulse.beating(lambda: (gateway(), Served(story)), well):
            await until(lambda: pulse.gateway is not None)
            now = HANGS
            assert (await get(url))[0] == 200
            now = HANGS + 1
            status, _, text = await get(url)
        assert (await get(url))[0] == 200  # stopped, and no longer expected to tick
    assert status == 503
    assert "no beat for 21 seconds" in text


async def well() -> str:
    """Records that can be read."""
    return ""


@pytest.mark.parametrize("kind", ["/", "@"])
async def test_systemd_is_told_that_it_runs(
    story: Story, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """READY once the loop runs, WATCHDOG while it does, STOPPING at the end."""
    name = f"{tmp_path}/notify"
    monkeypatch.setenv("NOTIFY_SOCKET", name if kind == "/" else f"@{name}")
    monkeypatch.setenv("WATCHDOG_USEC", "3000")
    monkeypatch.setattr("bot.operating.pulse.BEAT", 0.01)
    told: list[str] = []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(name if kind == "/" else f"\0{name}")
        systemd.setblocking(False)  # noqa: FBT003 - as it is called
        loop = asyncio.get_running_loop()
        pulse = Pulse(Metrics())
        async with pulse.beating(lambda: (gateway(), Served(story)), well):
            told += [str(await loop.sock_recv(systemd, 99), "ascii") for _ in range(3)]
        while told[-1] == "WATCHDOG=1":
            told.append(str(await loop.sock_recv(systemd, 99), "ascii"))
    assert told[0] == "READY=1"
    assert told[-1] == "STOPPING=1"
    assert set(told[1:-1]) == {"WATCHDOG=1"}


async def test_records_that_do_not_answer_are_told(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database that hangs is named, and does not keep the loop from beating."""
    monkeypatch.setattr("bot.operating.pulse.LOOK", 0.05)

    async def hang() -> str:
        await asyncio.Event().wait()
        return ""

    pulse = Pulse(Metrics())
    async with pulse.beating(lambda: (gateway(), Served(story)), hang):
        await until(lambda: "no answer" in pulse.lacks()["records"])
        assert pulse.gateway


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8080", 200),
        ("[::1]:8080", 200),
        ("localhost", 200),
        ("evil.example:8080", 403),
        ("192.0.2.1", 403),
    ],
)
async def test_a_web_page_cannot_read_it(story: Story, host: str, status: int) -> None:
    """On loopback, only whoever asks for this machine is answered."""
    with address(story, gateway()) as url:
        assert (await get(f"{url}/metrics", Host=host))[0] == status


async def test_idle_connections_keep_nobody_out(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many connections that ask nothing few are kept, and those not for long."""
    monkeypatch.setattr("bot.operating.health._Handler.timeout", 0.2)
    with address(story, gateway()) as url, ExitStack() as stack:
        place = (LOOPBACK, int(url.rpartition(":")[2]))
        for _ in range(2 * MOST):
            stack.enter_context(socket.create_connection(place))
        threads = threading.active_count()
        await asyncio.sleep(0.4)
        assert (await get(f"{url}/livez"))[0] == 200
    assert threads <= MOST + 10


async def until(is_so: Callable[[], bool]) -> None:
    """Wait until something is so, for ten seconds at most."""
    async with asyncio.timeout(10):
        while not is_so():  # noqa: ASYNC110 - nothing tells us
            await asyncio.sleep(0.02)


async def test_the_gateway_is_connected_only_while_it_is(
    answerer: Answerer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not before it is ready, nor after Discord hung up, nor after the end."""
    client = Receipts(answerer, lambda: TODAY)
    assert state(client) == ((Connection(0),), 0)
    async with discord(monkeypatch) as there, client:
        task = asyncio.create_task(client.start("a-token"))
        await until(lambda: state(client).connected)
        assert state(client).servers == 0
        there.takes_calls = False
        await there.open[0].close(code=1001)
        await until(lambda: not state(client).connected)
        assert state(client).shards[0].latency is None
        await client.close()
        await task
    assert not state(client).connected
