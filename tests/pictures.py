"""Pictures of the bot's cards, drawn from what it really sends: a simulated Discord.

`python -m tests.pictures FOLDER` draws every kind of card at 360 and 800 pixels; more
words after it draw only what these begin. `python -m tests.pictures --heights` prints
how high the cards of all answers are at 360. Both need Chromium.
"""

import asyncio
import sys
import tempfile
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any, Final

import discord
import simcord

from bot.answering.answerer import Answerer
from bot.answering.outcome import Outcome
from bot.discord_bot.asking.answer_again import again
from bot.discord_bot.asking.app import Options
from bot.discord_bot.client import Receipts
from bot.discord_bot.showing.answer_cards import cards
from bot.discord_bot.showing.cards import Reader
from bot.discord_bot.showing.messages import ROOM, layout
from bot.records.records import Records
from bot.settings import cache_folder
from bot.shelf import Shelf
from bot.story.files import Files
from bot.story.loading import load
from bot.words.catalogue import words
from tests.chromium import Browser, browser
from tests.drawing import Drawing
from tests.home import HOME, Home, answer, filled
from tests.places import ROOT
from tests.scene import Scene

WIDTHS: Final = (360, 800)
NOW: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)

MENTIONS: Final = {
    "answer": "what happened to the lawsuit against north six?",
    "statement": "what did kim say about balenciaga?",
    "premise": "why did balenciaga win the lawsuit against north six?",
    "closest": "what about the photographer?",
    "facts": "did nicole kidman delete her instagram post from the campaign?",
    "did-you-mean": "who shot the gift shop campaign?",
    "not-covered": "how much was kim paid by balenciaga?",
    "off-topic": "who painted the mona lisa?",
    "help": "hello",
    "several": "when did kim post her statement? and who shot the gift shop campaign?",
}
REAL: Final = ROOT / "knowledge" / "balenciaga-2022"
WANTED: Final = (
    ("were the producers hauled up by the label", 14),
    ("which podcast explains it best", 6),
    ("will there be a netflix series about it", 3),
    ("who is the ceo's lawyer", 2),
)
THIEF: Final = "how did the lawsuit against north six finish"
BUSY: Final = ((9, 4), (14, 8), (7, 4), (22, 13), (31, 20), (18, 12), (26, 19))
"""Questions, and those of them that were answered, on each of the last days."""

SPANISH: Final = (
    *("answer", "premise", "closest", "facts", "did-you-mean", "not-covered", "help"),
)
COMMANDS: Final = ("topics", "timeline", "sources", "latest", "about")


async def heights(
    client: Receipts, outcomes: Mapping[str, Outcome], width: int = 360
) -> dict[str, float]:
    """How high the card of each is, in pixels."""
    posted: dict[str, str] = {}
    measured: dict[str, float] = {}
    async with _drawn_by(client) as (env, page):
        scene = Scene(env)
        reader = Reader(words("en"), asker=scene.ann.id, missing=("1",))
        for batch in _batches(list(outcomes), 48):
            channel = scene.guild.create_text_channel(f"batch-{batch[0]}")
            where = env.bot.get_channel(channel.id)
            assert isinstance(where, discord.TextChannel)
            for name in batch:
                view = layout(cards([outcomes[name]], reader, ROOM)).view
                assert isinstance(view, discord.ui.LayoutView)
                posted[str((await where.send(view=view)).id)] = name
            async with env.preview(channel, viewers=[scene.ann]) as open_:
                last = channel.history()[-1]
                measured |= await Drawing(page, open_).heights(last, width)
    return {name: measured[number] for number, name in posted.items()}


def _batches(names: Sequence[str], most: int) -> Iterator[Sequence[str]]:
    return (names[at : at + most] for at in range(0, len(names), most))


def answers(answerer: Answerer) -> dict[str, Outcome]:
    """What is shown of each entry and each known gap, by its id."""
    story, today = answerer.story, NOW.date()
    found = {name: again(answerer, name, "", today) for name in story.entries}
    shown: dict[str, Outcome] = {
        name: one.answer for name, one in found.items() if one is not None
    }
    for name, unknown in story.unknowns.items():
        shown[name] = answerer.reply(unknown.question, today).outcomes[0]
    return shown


@asynccontextmanager
async def _drawn_by(client: Receipts) -> AsyncGenerator[tuple[simcord.Env, Browser]]:
    """A simulated Discord with the bot in it, and a browser to draw it."""
    with tempfile.TemporaryDirectory() as kept:
        async with (
            browser("about:blank", Path(kept), ready="true") as page,
            simcord.run(client, settle_timeout=100) as env,
        ):
            env.backend.bot_user.name = "Receipts"
            yield env, page


def print_heights(kind: str, found: Mapping[str, float]) -> None:
    """Print the median, how many are higher than a phone, and how high each is."""
    ordered = sorted(found.items(), key=lambda one: one[1], reverse=True)
    print(f"{kind}: {len(ordered)}; median: {median(found.values()):.0f} px")  # noqa: T201
    for limit in (640, 1000):
        over = sum(height > limit for _, height in ordered)
        print(f"higher than {limit} px: {over}")  # noqa: T201
    for name, height in ordered:
        print(f"{height:7.0f} px  {name}")  # noqa: T201


def bundled() -> Answerer:
    """What answers over the bundled story."""
    story = load(Files.read(REAL), NOW.date()).story
    assert story is not None
    return Answerer(story, Shelf(cache_folder()))


async def draw(folder: Path, only: tuple[str, ...] = ()) -> None:
    """Draw every kind of card into a folder, a file each and width.

    `only` are beginnings of names: with some, no other is drawn.
    """
    answerer = bundled()
    wanted = Wanted(folder, only)
    with tempfile.TemporaryDirectory() as temporary:
        async with Records.open(Path(temporary) / "records.sqlite3") as records:
            for locale in ("en-US", "es-ES"):
                bot = Receipts(answerer, NOW.date, records, clock=_Hours())
                async with _drawn_by(bot) as (env, page):
                    await _draw_all(Scene(env, locale), page, wanted)
    with tempfile.TemporaryDirectory() as temporary:
        await _draw_moderators(answerer, Path(temporary), wanted)


class _Hours:
    """A clock on which every look is an hour later: nobody ever asks too much."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 3600
        return self.seconds


async def _draw_all(scene: Scene, page: Browser, wanted: "Wanted") -> None:
    is_english = scene.locale == "en-US"
    targets: dict[str, Any] = {}
    for name, question in MENTIONS.items():
        if is_english or name in SPANISH:
            await scene.mention(question)
            targets[name if is_english else f"{name}-es"] = scene.sent[-1]
    if is_english:
        targets |= await _clicked(scene, targets)
    await _shoot(scene, NOW, targets, page, wanted)


@dataclass(frozen=True)
class Wanted:
    """Where pictures go, and which."""

    folder: Path
    only: tuple[str, ...]

    def __contains__(self, name: str) -> bool:
        return not self.only or name.startswith(self.only)


async def _shoot(
    scene: Scene, now: datetime, targets: Mapping[str, Any], page: Browser, to: Wanted
) -> None:
    """Draw messages as somebody who saw them sees them."""
    viewers = [scene.mo if isinstance(scene, Home) else scene.ann]
    preview = scene.env.preview(scene.channel, viewers=viewers, presentation_time=now)
    async with preview as open_:
        drawing = Drawing(page, open_)
        for name, target in targets.items():
            for width in WIDTHS if name in to else ():
                picture = await drawing.picture(target, width)
                (to.folder / f"{name}-{width}.png").write_bytes(picture)


async def _clicked(scene: Scene, shown: dict[str, Any]) -> dict[str, Any]:
    """What clicks and commands show."""
    targets: dict[str, Any] = {}
    answer = shown["answer"]
    clicked = await scene.ann.click(answer, label="Sources")
    targets["quotes"] = clicked.response
    form = await scene.ann.click(answer, label="👎")
    wrong = await scene.ann.submit_modal(form, {"words": "it is out of date"})
    targets["wrong"] = wrong.response
    asked = await scene.ann.slash(
        scene.channel, "ask", question=MENTIONS["statement"], private=True
    )
    targets["private"] = asked.response
    for name in COMMANDS:
        targets[name] = (await scene.ann.slash(scene.channel, name)).response
    who = await scene.ann.slash(scene.channel, "who", name="demna")
    targets["who"] = who.response
    wish = await scene.ann.click(
        shown["not-covered"], label="Tell me when it's answered"
    )
    targets["tell"] = wish.response
    return targets


async def _draw_moderators(answerer: Answerer, place: Path, wanted: Wanted) -> None:
    """Draw what moderators see, over a copy of the story."""
    options = Options(home_guilds=frozenset({HOME}))
    async with Records.open(place / "records.sqlite3") as records:
        bot = Receipts(answerer, NOW.date, records, options, clock=_Hours())
        async with _drawn_by(bot) as (env, page):
            home = Home(env, place, records, REAL)
            targets = await _moderated(home)
            await _shoot(home, datetime.now(UTC), targets, page, wanted)


async def _moderated(home: Home) -> dict[str, Any]:
    """What commands show of facts and answers, the queue, figures and the past."""
    await _a_week(home, datetime.now(UTC))
    targets: dict[str, Any] = {}
    for name, command, options in (
        ("m-record", "facts view", {"id": "lawsuit-dropped"}),
        ("m-search", "answers search", {"words": "lawsuit"}),
        ("m-queue", "queue", {}),
        ("m-stats", "stats", {"days": 7}),
    ):
        targets[name] = answer(await home.use(command, **options))
    queue = answer(await home.use("queue"))
    menu = "m1:item:questions:::0"
    targets["m-want"] = answer(await home.mo.select(queue, ["1"], custom_id=menu))
    targets |= await _changes(home)
    for name, command in (("m-history", "facts history"), ("m-audit", "audit")):
        targets[name] = answer(await home.use(command))
    return targets


async def _changes(home: Home) -> dict[str, Any]:
    """Changes: seen, made, refused, wrong, in each other's way; and what is hidden."""
    targets: dict[str, Any] = {}

    async def edit(name: str, field: str, old: str, new: str) -> Any:  # noqa: ANN401
        collection, _, record = name.partition("/")
        form = await home.use(f"{collection} edit", id=record, field=field)
        text = filled(form)[field].replace(old, new)
        return answer(await home.mo.submit_modal(form, {field: text}))

    fact = ("facts/lawsuit-dropped", "statement", "a week after", "one week after")
    targets["m-preview"] = await edit(*fact)
    way = home.app.answerer.story.entries["who-sued"].also_asked[0]
    targets["m-thief"] = await edit(
        "answers/who-sued", "also_asked", way, f"{way}\n{THIEF}"
    )
    targets["m-errors"] = await edit("facts/lawsuit-dropped", "citations", ": ", " ")
    targets["m-broken"] = await edit(
        "facts/lawsuit-dropped", "as_of", "2022-12-02", "2 December 2022"
    )
    form = await home.use("facts edit", id="lawsuit-dropped", field="note")
    saved = await edit("facts/lawsuit-dropped", "note", "", "The day is New York's.")
    targets["m-saved"] = answer(
        await home.mo.click(saved, label=words("en").say("button.submit"))
    )
    targets["m-conflict"] = answer(
        await home.mo.submit_modal(form, {"note": "Bloomberg had it first."})
    )
    hide = {"what": "facts/wapo-prediction", "reason": "is the date right?"}
    targets["m-hidden"] = answer(await home.use("hide", **hide))
    return targets


async def _a_week(home: Home, now: datetime) -> None:
    """What people asked in a week, with and without an answer."""
    records, entries = home.records, list(home.app.answerer.story.entries)
    for text, times in WANTED:
        for _ in range(times):
            await records.questions.note("story", text, now - timedelta(hours=times))
    for ago, (asked, answered) in enumerate(reversed(BUSY)):
        day = home.app.now().date() - timedelta(days=ago)
        for at in range(asked):
            what = "answer" if at < answered else "not_covered"
            what = "did_you_mean" if at % 5 == 4 else what
            about = entries[at % 4] if what == "answer" else ""
            await records.days.count("story", day, "asked")
            await records.days.count("story", day, what, about)


if __name__ == "__main__":
    if sys.argv[1:2] in ([], ["--help"]):
        sys.exit(__doc__)
    if sys.argv[1] == "--heights":
        told = bundled()
        found = asyncio.run(heights(Receipts(told, NOW.date), answers(told)))
        for kind, of in (
            ("answers", told.story.entries),
            ("known gaps", told.story.unknowns),
        ):
            print_heights(kind, {name: found[name] for name in of})
    else:
        chosen = Path(sys.argv[1])
        chosen.mkdir(parents=True, exist_ok=True)
        asyncio.run(draw(chosen, tuple(sys.argv[2:])))
