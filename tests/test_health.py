"""The health address, over a real loopback socket; and what it tells of the gateway."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.answering.answerer import Answerer
from bot.discord_bot.client import Receipts
from bot.discord_bot.gateway import Connection, State, state
from bot.operating.health import HealthAddressError, serving
from bot.operating.metrics import MeasuredAnswerer, Metrics, Served
from bot.settings import Address
from bot.story.model import Story
from tests.conftest import TODAY
from tests.wire import LOOPBACK, discord

QUESTION = "what happened to the bell?"


def gateway(*, connected: bool = True, latency: float | None = 0.25) -> State:
    """A connection of which we say how it is, beside one that is well."""
    return State((Connection(0, True, 0.5), Connection(1, connected, latency)), 3)  # noqa: FBT003 - well


@asynccontextmanager
async def address(
    answerer: Answerer, gateway: State, metrics: Metrics | None = None
) -> AsyncGenerator[str]:
    """A health address that is served, as a URL."""
    free, served = Address(LOOPBACK, 0), lambda: Served(answerer.story)
    async with serving(free, metrics or Metrics(), lambda: gateway, served) as port:
        yield f"http://{LOOPBACK}:{port}"


async def get(url: str, method: str = "GET") -> tuple[int, str, str]:
    """The status, the type and the text of an answer."""
    async with aiohttp.request(method, url) as response:
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
    async with address(answerer, gateway()) as url:
        status, kind, text = await get(f"{url}/healthz")
    assert (status, kind) == (200, "application/json")
    assert '"status": "ok"' in text
    assert '"files": "ok"' in text
    assert answerer.story.revision in text


async def test_broken_files_are_told(story: Story) -> None:
    """Where an older revision is served, that is no reason to restart, yet it shows."""
    free, served = Address(LOOPBACK, 0), Served(story, is_broken=True)
    async with serving(free, Metrics(), gateway, lambda: served) as port:
        status, _, text = await get(f"http://{LOOPBACK}:{port}/healthz")
        _, _, told = await get(f"http://{LOOPBACK}:{port}/metrics")
    assert status == 200
    assert '"files": "broken"' in text
    assert figures(told)["receipts_story_files_broken",] == 1


async def test_it_is_not_healthy_where_it_is_not_connected(answerer: Answerer) -> None:
    """Not connected: 503, whatever else is well; figures are served all the same."""
    async with address(answerer, gateway(connected=False, latency=None)) as url:
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
        ("POST", "/healthz", 405),
        ("GET", "/", 404),
        ("GET", "/../.env", 404),
    ],
)
async def test_nothing_else_is_served(
    answerer: Answerer, method: str, path: str, status: int
) -> None:
    """Only reading, and only the two addresses."""
    async with address(answerer, gateway()) as url:
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
    async with address(measured, gateway(), metrics) as url:
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
    assert found["receipts_reply_seconds_bucket", "2.5"] == 4
    assert found["receipts_suggest_seconds_count",] == 1
    assert found["receipts_gateway_connected", "1"] == 1
    assert found["receipts_gateway_latency_seconds", "1"] == 0.25
    assert found["receipts_servers",] == 3
    assert found["receipts_story_info", story.revision, story.about.title] == 1
    assert found["receipts_story_size", "entries"] == len(story.entries)
    assert found["receipts_log_entries_total", "error"] == 1
    assert "zebras" not in text


async def test_an_address_in_use_is_told_in_a_sentence(story: Story) -> None:
    """Where something listens already, the sentence names the address and the mend."""
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        place = Address(LOOPBACK, taken.getsockname()[1])
        with pytest.raises(
            HealthAddressError, match=rf"HEALTH_ADDRESS.*{place.port}.*;"
        ):
            async with serving(place, Metrics(), gateway, lambda: Served(story)):
                pass


async def test_the_address_is_free_again_afterwards(answerer: Answerer) -> None:
    """When the context ends, nothing listens any more."""
    async with address(answerer, gateway()) as url:
        pass
    with pytest.raises(aiohttp.ClientConnectorError):
        await get(f"{url}/healthz")


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
