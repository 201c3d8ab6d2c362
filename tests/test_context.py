"""What a message takes up from the conversation before it, and what it leaves alone.

The story is the invented one with a rowing club added: a woman, a man, somebody of whom
it does not tell, a boat, and a strike.
"""

import dataclasses
from collections.abc import Iterator

import pytest
from hypothesis import given

from bot.answering.answerer import Answerer
from bot.answering.context import Context
from bot.answering.message import message_of, replaced
from bot.answering.outcome import Answer, DidYouMean, Reply, Topic
from bot.answering.pronouns import People, Sort
from bot.story.model import Citation, Entity, EntityType, Entry, Fact, Story
from tests.conftest import TODAY
from tests.nasty import texts

ENTITIES = [
    ("mara-quist", "person", "Mara Quist", "Coach until May.", ["quist"]),
    ("bo-lindt", "person", "Bo Lindt", "Rower who became coach.", ["lindt"]),
    ("robin-sand", "person", "Robin Sand", "Umpire of the race.", ["sand"]),
    ("the-duke", "person", "Duke of Quay", "The duke who owns the quay.", ["duke"]),
    ("rowers", "organisation", "Harbour Rowers", "A rowing club.", ["the club"]),
    ("heron", "work", "The Heron", "The boat of the club.", ["the boat", "heron"]),
]
ENTRIES = [
    (
        "quist-left",
        "Why did Mara Quist leave the club?",
        ["reason quist quit"],
        "Mara Quist left on 2 May 2024 because she had asked for a new boat in vain. "
        "[quist] She said so in a letter. [quist]",
    ),
    (
        "new-coach",
        "Who replaced Mara Quist as coach?",
        ["who took over from quist", "new coach of the club"],
        "Bo Lindt became coach on 9 May 2024. [lindt]",
    ),
    (
        "lindt-apology",
        "Did Bo Lindt apologise?",
        ["did lindt say sorry", "apology of the new coach"],
        "Bo Lindt said on 10 May 2024 that he was sorry for the noise. [lindt] He sent "
        "flowers to Mara Quist. [lindt]",
    ),
    (
        "sand-fined",
        "Was Robin Sand fined?",
        ["did sand have to pay a fine"],
        "Robin Sand was fined 50 euros on 3 May 2024. [sand]",
    ),
    (
        "heron-sank",
        "What happened to the Heron?",
        ["why did the boat sink", "when did the heron sink"],
        "The Heron sank on 1 May 2024. [heron]",
    ),
    (
        "heron-price",
        "How much did the Heron cost?",
        ["price of the boat"],
        "The Heron cost 9,000 euros in 2019. [heron]",
    ),
    (
        "strike",
        "What was the strike of the club about?",
        ["why was there a strike at the club"],
        "The Harbour Rowers struck in May 2024 for a new boat. [heron]",
    ),
    (
        "strike-end",
        "How did the strike of the club end?",
        ["when was the strike over", "end of the strike"],
        "The strike of the Harbour Rowers ended on 20 May 2024. [heron]",
    ),
]


def rowing(story: Story) -> Story:
    """The invented story with the rowing club."""
    cited = next(iter(story.facts.values())).citations[0]
    facts = {
        name: Fact(
            id=name,
            statement=f"It is told of {name} in this invented fact.",
            kind="fact",
            as_of="2024-05-01",
            citations=(Citation(source=cited.source, quote=cited.quote),),
        )
        for name in ("quist", "lindt", "sand", "heron")
    }
    entities = {
        name: Entity.model_validate(
            {
                "id": name,
                "type": kind,
                "name": called,
                "description": told,
                "aliases": ways,
            }
        )
        for name, kind, called, told, ways in ENTITIES
    }
    entries = {
        name: Entry(id=name, question=asked, also_asked=tuple(ways), answer=answer)
        for name, asked, ways, answer in ENTRIES
    }
    return dataclasses.replace(
        story,
        facts={**story.facts, **facts},
        entities={**story.entities, **entities},
        entries={**story.entries, **entries},
        topics={**story.topics, "rowing": tuple(entries)},
        revision="rowing",
    )


@pytest.fixture(scope="module")
def club(story: Story) -> Answerer:
    """Answers from the story with the rowing club."""
    return Answerer(rowing(story))


def talk(club: Answerer, *asked: str) -> list[Reply]:
    """The replies of one conversation, in order."""
    found: list[Reply] = []
    for text in asked:
        found.append(club.reply(text, TODAY, after=found[-1] if found else None))
    return found


def shown(reply: Reply) -> list[str]:
    """The entries that a reply answers from, or offers."""

    def each() -> Iterator[str]:
        for one in reply.outcomes:
            match one:
                case Answer():
                    yield one.entry
                case DidYouMean():
                    yield from (link.entry for link in one.offered)
                case _:
                    pass

    return list(each())


def answered(reply: Reply) -> list[str]:
    """The entries that a reply answers from."""
    return [one.entry for one in reply.outcomes if isinstance(one, Answer)]


def reading(reply: Reply) -> str:
    """A message as it was read."""
    return reply.explanation.reading.text


QUIST = "Why did Mara Quist leave the club?"
LINDT = "Did Bo Lindt apologise?"
SAND = "Was Robin Sand fined?"
HERON = "What happened to the Heron?"
STRIKE = "What was the strike of the club about?"


def test_a_story_tells_who_is_he_and_who_is_she(club: Answerer) -> None:
    """Its pronouns near a name and titles tell; where they do not, nothing does."""
    people = People(club.story, club.matcher.reader)
    found = {name: people.sort(name) for name, kind, *_ in ENTITIES if kind == "person"}
    assert found == {
        "mara-quist": "she",
        "bo-lindt": "he",
        "robin-sand": None,
        "the-duke": "he",
    }


@pytest.mark.parametrize(
    ("sort", "fit"),
    [
        ("he", ["bo-lindt", "robin-sand"]),
        ("she", ["mara-quist", "robin-sand"]),
        ("they", ["rowers"]),
        ("it", ["heron"]),
    ],
)
def test_a_pronoun_means_who_fits(club: Answerer, sort: Sort, fit: list[str]) -> None:
    """A man is no she, a club no he, a person no it; who may be either fits both."""
    people = People(club.story, club.matcher.reader)
    names = ["mara-quist", "bo-lindt", "robin-sand", "rowers", "heron", "gone"]
    assert people.fitting(sort, names) == fit


@pytest.mark.parametrize("kind", ["place", "event", "vehicle", "law", "thing"])
def test_it_means_what_is_no_person_or_group(story: Story, kind: EntityType) -> None:
    """Of places, events, vehicles, laws and things one says "it", and never "they"."""
    told = rowing(story)
    heron = told.entities["heron"].model_copy(update={"type": kind})
    told = dataclasses.replace(told, entities={**told.entities, "heron": heron})
    club = Answerer(dataclasses.replace(told, revision=kind))
    people = People(club.story, club.matcher.reader)
    assert people.fitting("it", ["rowers", "heron"]) == ["heron"]
    assert people.fitting("they", ["heron"]) == []
    first, second = talk(club, HERON, "how much did it cost?")
    assert (answered(first), answered(second)) == (["heron-sank"], ["heron-price"])


@pytest.mark.parametrize(
    ("first", "second", "read"),
    [
        (QUIST, "when did she go?", "when did Mara Quist go"),
        (LINDT, "where is he now?", "where is Bo Lindt now"),
        (SAND, "where does he live", "where does Robin Sand live"),
        (SAND, "where does she live", "where does Robin Sand live"),
        (HERON, "how much did it cost?", "how much did The Heron cost"),
        ("who replaced mara quist", "did he say sorry?", "did Bo Lindt say sorry"),
        (LINDT, "where are his flowers", "where are Bo Lindt’s flowers"),
    ],
)
def test_a_name_stands_for_its_pronoun(
    club: Answerer, first: str, second: str, read: str
) -> None:
    """The person or thing that was asked about, or answered about, last is meant."""
    assert read in [
        one.text
        for one in Context(club.story, club.matcher).readings(
            second, club.matcher.rank(second), talk(club, first)[-1].topic
        )
    ]


def test_he_is_not_the_woman_who_was_asked_about(club: Answerer) -> None:
    """A pronoun that fits nobody takes up nobody: her entry does not answer for him."""
    _, reply = talk(club, QUIST, "why did he leave?")
    assert "quist-left" not in answered(reply)


@pytest.mark.parametrize("second", ["did he say sorry?", "and did he apologise"])
def test_he_is_not_whoever_else_fits_the_question(club: Answerer, second: str) -> None:
    """Where it is told who is meant, another's entry is no answer."""
    _, reply = talk(club, SAND, second)
    assert answered(reply) == []


@pytest.mark.parametrize(
    ("text", "sorts"),
    [
        ("did lindt lose his boat", ()),
        ("did the man lose his boat", ()),
        ("did he lose his boat", ("he",)),
        ("did the boats go that way", ()),
        ("did that hurt", ("it",)),
        ("is it theirs", ("it", "they")),
    ],
)
def test_a_pronoun_may_mean_who_is_in_the_message(
    club: Answerer, text: str, sorts: tuple[str, ...]
) -> None:
    """Only what means nobody in the message itself is left to the conversation."""
    people = People(club.story, club.matcher.reader)
    found = message_of(text, club.matcher.rank(text), people.fitting)
    assert found.sorts == sorts


def test_what_owns_something_goes_on_owning_it() -> None:
    """A name in place of "his" is an owner, too; marks and other words stay."""
    assert replaced("is he in his boat?", "he", "Bo") == "is Bo in Bo’s boat?"
    assert replaced("go that way, it is!", "it", "X") == "go that way, X is!"


@pytest.mark.parametrize(
    ("first", "second", "entry"),
    [
        (QUIST, "who took over from her?", "new-coach"),
        (SAND, "and lindt, did he say sorry?", "lindt-apology"),
        (HERON, "and the price?", "heron-price"),
        (STRIKE, "how did it end?", "strike-end"),
        (STRIKE, "and how did that end", "strike-end"),
        (STRIKE, "when was it over", "strike-end"),
    ],
)
def test_the_next_question_is_answered(
    club: Answerer, first: str, second: str, entry: str
) -> None:
    """A question that leaves out whom or what it is about is answered."""
    _, reply = talk(club, first, second)
    assert answered(reply) == [entry]


@pytest.mark.parametrize("second", ["and lindt?", "what about bo lindt", "lindt too?"])
def test_a_new_name_keeps_the_question(club: Answerer, second: str) -> None:
    """The words of the question before are asked of whom is named now."""
    _, reply = talk(club, "Did Mara Quist apologise?", second)
    assert answered(reply) == ["lindt-apology"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (QUIST, "and lindt?"),
        (SAND, "and mara quist?"),
        (SAND, "what about lindt?"),
        (LINDT, "and Taylor Swift?"),
        (LINDT, "and jessica?"),
        (LINDT, "and sand?"),
        (LINDT, "and mara quist?"),
    ],
)
def test_another_person_s_act_is_no_answer(
    club: Answerer, first: str, second: str
) -> None:
    """Of whom the story does not tell it, nothing is answered: not the first one's."""
    _, reply = talk(club, first, second)
    assert answered(reply) == []


def test_the_other_one_is_whom_the_answer_speaks_of(club: Answerer) -> None:
    """Meant by "the other one" is somebody of the same sort as who was asked about."""
    first = talk(club, "who replaced mara quist")[-1]
    second = "and the other one?"
    texts = Context(club.story, club.matcher).readings(
        second, club.matcher.rank(second), first.topic
    )
    assert texts[0].text == "who replaced Bo Lindt"


@pytest.mark.parametrize(
    ("second", "read"),
    [
        ("and when?", "when did Mara Quist leave the club"),
        ("why though", "why did Mara Quist leave the club"),
        ("where was that?", "where did Mara Quist leave the club"),
        ("who was it", "who did Mara Quist leave the club"),
        ("what for?", "why did Mara Quist leave the club"),
    ],
)
def test_a_question_word_keeps_the_matter(
    club: Answerer, second: str, read: str
) -> None:
    """Another kind of answer is asked for, of what was asked before."""
    first = talk(club, "did Mara Quist leave the club")[-1]
    found = Context(club.story, club.matcher).readings(
        second, club.matcher.rank(second), first.topic
    )
    assert next(" ".join(one.text.split()) for one in found) == read


@pytest.mark.parametrize(
    ("second", "read"),
    [
        ("who spoke there?", "who spoke at the strike"),
        ("is there more?", "is there more"),
    ],
)
def test_there_is_at_what_was_asked_about(
    club: Answerer, second: str, read: str
) -> None:
    """A question of what was done "there" is about the matter, not about a place."""
    topic = talk(club, STRIKE)[-1].topic
    found = Context(club.story, club.matcher).readings(
        second, club.matcher.rank(second), topic
    )
    assert all(one.text.startswith(read) for one in found)


@pytest.mark.parametrize("second", ["did they say sorry?", "when do they say it?"])
def test_they_are_those_who_were_asked_about(club: Answerer, second: str) -> None:
    """What speaks of nobody whom "they" can mean is no answer."""
    _, reply = talk(club, STRIKE, second)
    assert "lindt-apology" not in answered(reply)


def test_a_part_about_something_else_is_no_context(club: Answerer) -> None:
    """After an aside in a message, what goes on goes on from the aside."""
    aside = "My uncle forecasts rain from swallows. Is that a thing? Why?"
    _, reply = talk(club, QUIST, aside)
    assert answered(reply) == []


def test_an_answer_is_not_given_again_for_its_own_words(club: Answerer) -> None:
    """What was borrowed from a question does not lead back to its entry."""
    _, reply = talk(club, HERON, "and what colour was the paint?")
    assert "heron-sank" not in answered(reply)


@pytest.mark.parametrize("first", [QUIST, LINDT, SAND, HERON, STRIKE])
@pytest.mark.parametrize("second", [QUIST, LINDT, SAND, HERON, STRIKE])
def test_a_full_question_is_read_alone(club: Answerer, first: str, second: str) -> None:
    """Nothing is taken up by what names its own thing: it is ranked once."""
    topic = talk(club, first)[-1].topic
    found = Context(club.story, club.matcher).readings(
        second, club.matcher.rank(second), topic
    )
    assert found == []


@given(texts, texts)
def test_at_most_two_other_readings(club: Answerer, first: str, second: str) -> None:
    """A follow-up costs at most three rankings, whatever was said."""
    context = Context(club.story, club.matcher)
    topic = club.reply(first, TODAY).topic
    alone = club.matcher.rank(second)
    assert len(context.readings(second, alone, topic)) <= 2
    assert context.readings(second, alone, None) == []


@pytest.mark.parametrize(
    "aside", ["thanks!", "ok", "lol nice", "who is the president of france?", "hm?"]
)
def test_a_topic_outlasts_an_aside(club: Answerer, aside: str) -> None:
    """Thanks, chatter and what has no answer end no topic."""
    first, between, last = talk(club, QUIST, aside, "who took over from her?")
    assert between.topic == first.topic
    assert answered(last) == ["new-coach"]


@pytest.mark.parametrize(
    ("asked", "entry"),
    [
        ((QUIST, "who took over from her?", "did he apologise?"), "lindt-apology"),
        ((HERON, "how much did it cost", "and when did it sink?"), "heron-sank"),
        ((STRIKE, "how did it end?", "when was that?"), "strike-end"),
        ((SAND, "and lindt?", "did he say sorry?"), "lindt-apology"),
    ],
)
def test_a_conversation_may_be_deep(
    club: Answerer, asked: tuple[str, ...], entry: str
) -> None:
    """A third question takes up the second, in which the first one stands."""
    assert answered(talk(club, *asked)[-1]) == [entry]


def test_he_may_be_whom_was_talked_of_before_a_thing(club: Answerer) -> None:
    """Where no person is talked about any more, it is the last who was."""
    for before in ([STRIKE], [STRIKE, HERON]):
        last = talk(club, LINDT, *before, "was he fined?")[-1]
        assert reading(last) == "was Bo Lindt fined"
    last = talk(club, LINDT, QUIST, STRIKE, "was he fined?")[-1]
    assert "Bo Lindt" not in reading(last)


def test_a_message_may_name_its_own_topic(club: Answerer) -> None:
    """Whom a message names before its questions, those are about."""
    first, reply = talk(
        club, LINDT, "About Mara Quist! When did she leave and who took over from her?"
    )
    assert "lindt-apology" not in shown(reply)
    assert reply.topic.names[0] == "mara-quist" != first.topic.names[0]


@pytest.mark.parametrize(
    "second", ["when did she go?", "and lindt?", "why?", "and it?"]
)
def test_what_a_revision_no_longer_has_does_no_harm(
    club: Answerer, second: str
) -> None:
    """A topic of names and an entry that are gone is as good as none."""
    gone = Topic("did Pia leave?", ("pia",), "pia-left", is_told=True)
    last = dataclasses.replace(talk(club, QUIST)[-1], topic=gone)
    reply = club.reply(second, TODAY, after=last)
    assert reply.outcomes == club.reply(second, TODAY).outcomes
