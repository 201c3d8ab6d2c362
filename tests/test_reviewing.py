"""What becomes of a draft, as moderators see it."""

from bot.discord_bot.moderation.previewing import preview_shown
from bot.discord_bot.wording import words
from bot.moderating.wishes import Wish
from bot.moderating.workshop import Moderator, Saved
from bot.story.editing import Append
from tests.home import Home

NEW_WAY = Append(
    "answers", "was-it-stolen", "also_asked", "has somebody nicked the big old bell"
)


async def test_a_preview_is_accepted_by_discord(home: Home) -> None:
    """A draft's card shows what changes, and what can be done about it."""
    mo = Moderator(home.mo.id, "mo", home.guild.id)
    draft = await home.workshop.begin(mo, "edit", Wish("change it", (NEW_WAY,)))
    found = await home.workshop.look(draft)
    shown = preview_shown(draft, found, words("en"))
    text = "\n".join(text for card in shown.cards for text in card.texts)
    assert "+    - has somebody nicked" in text
    assert "questions asked" in text
    done = await home.workshop.submit(draft, mo)
    assert isinstance(done, Saved)
