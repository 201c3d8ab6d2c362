"""Lines that cards have in common: what kind of answer it is, and a source."""

from bot.answering.outcome import Answer, NumberedSource
from bot.discord_bot.safety import label, safe_url
from bot.discord_bot.wording import Words


def kind_line(answer: Answer, words: Words) -> str:
    """What kind of answer this is, and whose words; "" where its facts differ."""
    if answer.kind is None:
        return ""
    one, several = words.say(f"kind.{answer.kind}"), words.say(f"kind.{answer.kind}s")
    is_spoken = any(fact.by for fact in answer.facts)
    line = words.say("kind.several", kinds=several) if is_spoken else one
    if answer.by:
        line = words.say("kind.by", kind=one, people=answer.by)
    denying = dict.fromkeys(
        fact.by for fact in answer.context if fact.kind == "denial" and fact.by
    )
    if answer.kind == "allegation" and denying:
        line = words.say(
            "kind.denied", kind=line, people=", ".join(filter(None, denying))
        )
    return line


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
