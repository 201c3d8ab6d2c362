"""What the records know of corrections: what waits, what was done, what is gone."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.records.corrections import PRIVATE
from bot.records.records import Records
from bot.records.values import (
    CORRECTED,
    KEPT_ANSWERS,
    Altered,
    Answered,
    Begun,
    Message,
    Shown,
)

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DAY = timedelta(days=1)
ANN = 123456789012345678


@pytest.fixture
async def records(address: str) -> AsyncIterator[Records]:
    """Open records with nothing in them, in each database."""
    async with Records.open(address) as opened:
        yield opened


async def show(  # noqa: PLR0913 - each is told by name
    records: Records,
    message: int,
    entry: str = "why",
    facts: tuple[str, ...] = (),
    at: datetime = NOW,
    *,
    guild: int | None = 1,
    place: int = 0,
) -> Shown:
    """A message that shows an entry."""
    where = Message(guild, 2, message)
    one = Shown(where, Answered("bell", entry, "1"), facts, at, place)
    await records.shown.note(one, ANN if guild is None else None)
    return one


async def begin(
    records: Records, altered: Altered, draft: int = 1, at: datetime = NOW
) -> int:
    """A correction is begun; its id."""
    begun = Begun("bell", draft, "edit why", f"note {draft}", "0", altered)
    assert await records.corrections.begin(begun, at)
    return (await records.corrections.latest("bell"))[0].id


async def test_what_showed_an_entry_or_a_fact_is_due(records: Records) -> None:
    """Due are messages that show what is altered, the latest first; and no others."""
    await show(records, 1)
    await show(records, 2, "when", ("rang", "gone"))
    await show(records, 3, "when", ("rang",))
    await show(records, 4, at=NOW - CORRECTED - DAY)
    await show(records, 5, "who")
    altered = Altered(("why",), ("gone",))
    assert await records.corrections.count("bell", altered, NOW) == 2
    number = await begin(records, altered)
    due = await records.corrections.due([number])
    assert [one.message.id for one in due] == [2, 1]
    assert due[0].entries == {"when"}
    assert await records.corrections.count("tower", altered, NOW) == 0


async def test_what_is_done_is_no_longer_due(records: Records) -> None:
    """A message is corrected once, and known by what it shows then."""
    one = await show(records, 1, facts=("old",))
    await show(records, 2, facts=("old",))
    number = await begin(records, Altered(facts=("old",)))
    for at in (2, 1):
        (due,) = await records.corrections.due([number], 1)
        assert due.message.id == at
        new = Shown(due.message, Answered("bell", "why", "2"), ("new",), NOW)
        await records.corrections.done(due, [new])
    assert await records.corrections.due([number]) == ()
    (shown,) = await records.shown.by(one.message.id)
    assert shown.facts == ("new",)
    assert shown.answer.revision == "2"
    assert shown.at == one.at
    assert await records.corrections.count("bell", Altered(facts=("old",)), NOW) == 0
    (done,) = await records.corrections.finish("bell", NOW)
    assert (done.messages, done.states, done.gone) == (2, {"done": 2}, 0)
    assert await records.corrections.finish("bell", NOW) == ()


async def test_two_corrections_of_a_message_are_both_told(records: Records) -> None:
    """What waits for two is due once; what was corrected before is told, too."""
    await show(records, 1, facts=("a",))
    first = await begin(records, Altered(("why",)))
    (due,) = await records.corrections.due([first])
    await records.corrections.done(due, [])
    both = [
        await begin(records, Altered(facts=("a",)), 2),
        await begin(records, Altered(("why",)), 3),
    ]
    (due,) = await records.corrections.due(both)
    assert due.corrections == set(both)
    assert [note for _, note in due.corrected["why"]] == ["note 1", "note 2", "note 3"]
    (due,) = await records.corrections.due(both[:1])
    assert [note for _, note in due.corrected["why"]] == ["note 1", "note 2"]


async def test_a_draft_s_correction_begins_once(records: Records) -> None:
    """Whoever says it again, as after a restart, begins no second one."""
    await show(records, 1)
    await begin(records, Altered(("why",)))
    begun = Begun("bell", 1, "again", "", "0", Altered(("why",)))
    assert not await records.corrections.begin(begun, NOW)
    assert len(await records.corrections.latest("bell")) == 1


async def test_what_is_deleted_meanwhile_is_gone(records: Records) -> None:
    """A deleted message, and what a person has deleted of theirs, is due no more."""
    await show(records, 1)
    await show(records, 2)
    await show(records, 3, guild=None)
    number = await begin(records, Altered(("why",)))
    await records.shown.forget(1)
    await records.delete_person(ANN)
    assert [one.message.id for one in await records.corrections.due([number])] == [2]
    (found,) = await records.corrections.latest("bell")
    assert (found.messages, found.gone) == (3, 2)


async def test_what_could_not_be_done_can_be_tried_again(records: Records) -> None:
    """What was stopped, refused or archived waits again where a moderator wants it."""
    for message in (1, 2, 3):
        await show(records, message)
    number = await begin(records, Altered(("why",)))
    for state in ("refused", "archived"):
        (due, *_) = await records.corrections.due([number])
        await records.corrections.leave(due, state)
    stopped = await records.corrections.turn(number, NOW, stop=True)
    assert stopped
    assert stopped.states == {"refused": 1, "archived": 1, "stopped": 1}
    assert stopped.finished == NOW
    again = await records.corrections.turn(number, NOW, stop=False)
    assert again
    assert again.states == {"waiting": 3}
    assert again.finished is None
    assert [one.id for one in await records.corrections.open("bell")] == [number]


async def test_private_answers_are_counted_not_kept(records: Records) -> None:
    """How often an altered entry was shown to one person alone is known, no more."""
    await show(records, 1, facts=("a",))
    for entry, at in (("why", NOW), ("who", NOW), ("why", NOW - CORRECTED - DAY)):
        await records.days.count("bell", at.date(), PRIVATE, entry)
    await begin(records, Altered(facts=("a",)))
    assert (await records.corrections.latest("bell"))[0].private == 1


async def test_corrections_go_with_what_they_correct(records: Records) -> None:
    """A correction is kept no longer than the answers."""
    await show(records, 1)
    await begin(records, Altered(("why",)))
    await records.keep_house(NOW + KEPT_ANSWERS + DAY)
    assert await records.corrections.latest("bell") == ()
