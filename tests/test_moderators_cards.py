"""Moderators' cards in each language, as they are kept."""

import re
from collections.abc import Callable

import pytest
import simcord

from bot.discord_bot.showing.limits import MAX_LABEL, width
from bot.words.catalogue import LANGUAGES, words
from tests.home import Home, answer, filled, speaks
from tests.scene import labels, text_of

LOCALES = {"en": "en-GB", "es": "es-ES", "de": "de", "fr": "fr", "pt-BR": "pt-BR"}
THIEF = "did anybody steal it i mean the bell"
NOTE = "Seen at the tower."


async def edited(
    home: Home, name: str, field: str, change: Callable[[str], str]
) -> simcord.ResponseMessage:
    """The preview of a field that was changed."""
    collection, _, record = name.partition("/")
    form = await home.use(f"{collection} edit", id=record, field=field)
    return answer(await home.send(form, **{field: change(filled(form)[field])}))


def as_kept(name: str, shown: simcord.ResponseMessage) -> str:
    """A card's text and buttons, without what is another each time."""
    text = re.sub(r"<t:\d+", "<t:0", text_of(shown))
    buttons = " ".join(f"[{label}]" for label in labels(shown))
    return f"== {name}\n{text}\n{buttons}\n"


@pytest.mark.parametrize("language", LANGUAGES)
async def test_golden(
    home: Home, language: str, golden: Callable[[str, str], None]
) -> None:
    """Each card says in a language what is kept, and its buttons fit."""
    speaks(home, LOCALES[language])
    say = words(language).say
    kept: list[str] = []

    def keep(name: str, shown: simcord.ResponseMessage) -> None:
        kept.append(as_kept(name, shown))
        assert all(width(label) <= MAX_LABEL for label in labels(shown))

    preview = await edited(
        home, "facts/bell-gone", "statement", lambda one: one.replace("was", "went")
    )
    keep("preview", preview)
    for name, way in (("theft", THIEF), ("known", "who stole the bell")):
        keep(
            name,
            await edited(
                home,
                "answers/what-happened",
                "also_asked",
                lambda one, way=way: f"{one}\n{way}",
            ),
        )
    keep("date", await edited(home, "facts/bell-gone", "as_of", lambda _: "2999"))
    form = await home.use("facts edit", id="bell-gone", field="note")
    saved = await edited(home, "facts/bell-gone", "note", lambda _: NOTE)
    await home.mo.click(saved, label=say("button.submit"))
    keep("saved", saved)
    keep("conflict", answer(await home.send(form, note="Seen elsewhere.")))
    hidden = {"what": "facts/bell-gone", "reason": "?"}
    keep("hidden", answer(await home.use("hide", **hidden)))
    for command in ("facts history", "audit"):
        keep(command, answer(await home.use(command)))
    golden(f"moderators/{language}.txt", "\n".join(kept))
