"""A reply as the JSON object that other programs rely on."""

from collections.abc import Sequence

from bot.answering.outcome import (
    Answer,
    Closest,
    Facts,
    NotCovered,
    NumberedSource,
    Reply,
    UsedFact,
    put_forward,
)
from bot.answering.wording import ENGLISH, answer_text, closest_text, premise_text
from bot.matching.candidate import Candidate
from bot.story.model import Story

Json = dict[str, "Json"] | list["Json"] | str | float | bool | None


def reply_json(reply: Reply, story: Story) -> Json:
    """The contract's object for one message; its fields never change their meaning.

    `closest` is that of the first question that has one; `related_facts` are those of
    the first that facts speak of, else of the first that is not covered, as `note` is.
    """
    answers = [one for one in reply.outcomes if isinstance(one, Answer)]
    closest = [one for one in reply.outcomes if isinstance(one, Closest)]
    missing = [one for one in reply.outcomes if isinstance(one, NotCovered)]
    shown = [one for one in reply.outcomes if isinstance(one, Facts)] or missing
    return {
        "question": reply.text,
        "outcome": reply.name,
        "answers": [_answer(answer) for answer in answers],
        "offered": [link.entry for link in put_forward(reply.outcomes)],
        "closest": _closest(closest[0]) if closest else None,
        "candidates": [_candidate(found, story) for found in reply.candidates],
        "related_facts": [fact.id for one in shown[:1] for fact in one.related],
        "note": missing[0].note if missing else None,
        "revision": reply.revision,
    }


def _answer(answer: Answer) -> Json:
    facts = (*answer.facts, *answer.context)
    return {
        "entry": answer.entry,
        "asked": answer.asked,
        "question": answer.question,
        "confidence": _rounded(answer.confidence),
        "text": answer_text(answer),
        "lead": answer.lead,
        "premise": premise_text(answer),
        "as_of": answer.as_of,
        "kind": answer.kind if len({fact.kind for fact in facts}) == 1 else None,
        "by": _by(answer.by) if len({fact.by for fact in facts}) == 1 else None,
        "facts": [_fact(fact) for fact in facts],
        "sources": _sources(answer.sources),
    }


def _closest(closest: Closest) -> Json:
    return {
        "entry": closest.entry.entry,
        "question": closest.entry.question,
        "text": closest_text(closest),
        "sources": _sources(closest.sources),
    }


def _fact(fact: UsedFact) -> Json:
    return {
        "id": fact.id,
        "kind": fact.kind,
        "by": _by(fact.by),
        "as_of": fact.as_of,
        "superseded_by": fact.superseded_by,
    }


def _sources(sources: Sequence[NumberedSource]) -> Json:
    return [
        {
            "number": source.number,
            "id": source.id,
            "publisher": source.publisher,
            "title": source.title,
            "url": source.url,
            "published": source.published,
            "quotes": list(source.quotes),
        }
        for source in sources
    ]


def _candidate(found: Candidate, story: Story) -> Json:
    return {
        "entry": found.id,
        "question": story.entries[found.id].question,
        "confidence": _rounded(found.confidence),
    }


def _by(names: Sequence[str]) -> str | None:
    return ENGLISH.listed(names) if names else None


def _rounded(confidence: float) -> float:
    return round(confidence, 4)
