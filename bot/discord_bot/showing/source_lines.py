"""Lines that cards have in common: what kind of answer it is, and a source."""

from collections.abc import Sequence

from bot.answering.outcome import NumberedSource, Told
from bot.discord_bot.showing.escaping import label, safe_url
from bot.story.model import Kind
from bot.words.catalogue import Words


def kind_line(told: Told, words: Words) -> str:
    """What kinds of facts it rests on, and whose words those are.

    In the order in which it rests on them; "" where it rests on none.
    """
    speakers: dict[Kind, dict[tuple[str, ...], None]] = {}
    for fact in told.facts:
        speakers.setdefault(fact.kind, {})[fact.by] = None
    if not speakers and told.kind:
        speakers = {told.kind: {told.by: None}}
    denying = dict.fromkeys(
        name for fact in told.context if fact.kind == "denial" for name in fact.by
    )
    lines: list[str] = []
    for kind, by in speakers.items():
        line = _kind(kind, list(by), words)
        if kind == "allegation" and denying:
            people = words.listed(list(denying))
            line = words.say("kind.denied", kind=line, people=people)
        lines.append(line if not lines else line[:1].lower() + line[1:])
    return "; ".join(lines)


def _kind(kind: Kind, by: Sequence[tuple[str, ...]], words: Words) -> str:
    """A kind, and who said it: each way in which that is so, once."""
    named = [names for names in by if names]
    if not named:
        return words.say(f"kind.{kind}")
    if len(named) > 1:
        return words.say("kind.several", kinds=words.say(f"kind.{kind}s"))
    people = words.listed(named[0])
    return words.say("kind.by", kind=words.say(f"kind.{kind}"), people=people)


def source_line(source: NumberedSource, words: Words) -> str:
    """`[1] [Title](url) - Publisher, date (domain)`, without what is not known.

    It is no item of a list: Discord would number those anew where one is left out.
    """
    date = words.date(source.published) if source.published else ""
    origin = ", ".join(filter(None, (label(source.publisher), date)))
    said = list(filter(None, (label(source.title or ""), origin)))
    if address := safe_url(source.url):
        url, domain = address
        said[:1] = [f"[{said[0] if said else domain}]({url})"]
        said[-1] = f"{said[-1]} ({domain})"
    return f"\\[{source.number}\\] {' - '.join(said)}"
