"""Cards: what they say, that they fit, and that they do nothing but read."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.answering.outcome import (
    Answer,
    Closest,
    DidYouMean,
    Facts,
    Help,
    Link,
    NotCovered,
    NumberedSource,
    Opening,
    Outcome,
    RelatedFact,
    Silent,
    UsedFact,
)
from bot.discord_bot.showing.answer_cards import cards
from bot.discord_bot.showing.cards import (
    Button,
    Card,
    Draft,
    Menu,
    Part,
    Reader,
    fit,
    more,
)
from bot.discord_bot.showing.custom_ids import DELETE, answer_mark
from bot.discord_bot.showing.escaping import safe_url
from bot.discord_bot.showing.limits import MAX_CARDS, problems
from bot.discord_bot.showing.messages import PLAIN_ROOM, ROOM, layout, plain
from bot.story.hiding import NOTE
from bot.words.catalogue import LANGUAGES, words
from tests.nasty import alive, texts

HERALD: Final = NumberedSource(
    number=1,
    id="herald",
    publisher="Harbour Herald",
    title="Tower bell gone overnight",
    url="https://www.example.com/herald/bell_(tower)",
    published="2024-03-04",
    quotes=("someone has stolen our bell",),
)
COUNCIL: Final = replace(
    HERALD,
    number=2,
    id="council",
    publisher="Harbour Council",
    title="Statement on the tower bell",
    url="https://council.example.com/bell",
    published="2024-03",
)
ANSWER: Final = Answer(
    entry="was-it-stolen",
    asked="secret words of the asker",
    question="Was the bell stolen?",
    confidence=0.9,
    sentences=(
        "No source we have reports a theft that was confirmed. [1]",
        "Harbour Council said it had sent the bell for repair. [2]",
    ),
    premise=None,
    as_of="2024-03-05",
    kind=None,
    by=(),
    changes=(),
    disputes=(),
    stale=False,
    facts=(
        UsedFact(
            "theft", "allegation", ("Neighbours of the tower",), "2024-03-04", None
        ),
        UsedFact("repair", "statement", ("Harbour Council",), "2024-03-05", None),
    ),
    context=(),
    sources=(HERALD, COUNCIL),
    related=(
        Link("what-happened", "What happened to the bell?"),
        Link("when-returned", "When did the bell come back?"),
    ),
)
CLOSEST: Final = Closest(
    asked="secret words of the asker",
    entry=Link("was-it-stolen", "Was the bell stolen?"),
    lead="Harbour Council said it had sent the bell for repair. [1]",
    others=ANSWER.related,
    as_of="2024-03-05",
    kind="statement",
    by=("Harbour Council",),
    changes=(),
    disputes=(),
    stale=False,
    facts=ANSWER.facts[1:],
    context=(),
    sources=(replace(COUNCIL, number=1),),
)
FACTS: Final = Facts(
    "secret words of the asker",
    (
        RelatedFact("repair", "Harbour Council had the bell repaired. [1]"),
        RelatedFact(
            *("gone", "The bell was gone on 4 March 2024. [2]"),
            changes=("The bell was hung again in June. [2]",),
            disputes=("Ada Moreau denied that it was hers. [1]",),
        ),
    ),
    (replace(COUNCIL, number=1), replace(HERALD, number=2)),
)
UNKNOWN: Final = NotCovered("secret words of the asker", None, (), ())
OFF_TOPIC: Final = replace(
    UNKNOWN,
    covers="Ask me about the bell.",
    examples=ANSWER.related,
    topics=(("bell", "The bell"), ("repair", "The repair")),
)

GOLDEN: Final[dict[str, Outcome]] = {
    "answer": replace(
        ANSWER, kind="statement", by=("Harbour Council",), facts=ANSWER.facts[1:]
    ),
    "premise": replace(
        ANSWER, premise="Ada Moreau denied that the bell had come to her. [1]"
    ),
    "premise-opening": replace(
        ANSWER, premise="The bell was gone on 4 March. [1]", opening="other-date"
    ),
    "moved": replace(ANSWER, moved=True),
    "changed": replace(
        ANSWER, changes=("The bell was hung in the tower again in June. [2]",)
    ),
    "disputed": replace(
        ANSWER,
        kind="allegation",
        by=("Neighbours of the tower",),
        facts=ANSWER.facts[:1],
        disputes=("Ada Moreau denied that the bell had reached her. [1]",),
    ),
    "stale": replace(ANSWER, kind="fact", facts=(), stale=True),
    "source-without-title": replace(
        ANSWER, sources=(replace(HERALD, title=None), COUNCIL)
    ),
    "source-without-link": replace(
        ANSWER,
        sources=(
            replace(HERALD, url=None, published=None),
            replace(COUNCIL, url=None, title=None),
        ),
    ),
    "closest": CLOSEST,
    "closest-disputed": replace(
        CLOSEST,
        others=(),
        changes=("The bell was hung in the tower again in June. [2]",),
        disputes=("Ada Moreau denied that the bell had reached her. [2]",),
        sources=(*CLOSEST.sources, replace(HERALD, number=2)),
        stale=True,
    ),
    "facts": FACTS,
    "did-you-mean": DidYouMean("secret words of the asker", ANSWER.related),
    "not-covered-note": NotCovered(
        "secret words of the asker",
        "No source we have says what the repair of the bell cost.",
        (RelatedFact("repair", "Harbour Council had the bell repaired. [1]"),),
        (replace(COUNCIL, number=1),),
    ),
    "not-covered": UNKNOWN,
    "off-topic": OFF_TOPIC,
    "help": Help(
        "secret words of the asker",
        "Ask me about the bell.",
        ANSWER.related,
        OFF_TOPIC.topics,
    ),
    "taken-off": replace(UNKNOWN, note=NOTE),
}


READER: Final = Reader(words("en"), asker=123456789012345678)
ALONE: Final = Reader(words("es"), is_private=True, asker=123456789012345678)
ROOMS: Final = [ROOM, PLAIN_ROOM]


def shown(outcomes: Sequence[Outcome], reader: Reader = READER) -> str:
    """All text of the cards."""
    return "\n".join(
        text for card in cards(outcomes, reader, ROOM) for text in card.texts
    )


def title(card: Card) -> str:
    """A card's title."""
    return card.texts[0].partition("\n")[0].removeprefix("### ")


def buttons(card: Card) -> list[Button]:
    """A card's buttons, in order."""
    return [one for row in card.rows if isinstance(row, tuple) for one in row]


def payload(found: Sequence[Card]) -> list[dict[str, object]]:
    """What Discord is sent of cards."""
    view = layout(found).view
    assert view is not None
    return view.to_components()


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str, golden: Callable[[str, str], None]) -> None:
    """Each kind of outcome has the card that is kept in tests/golden/cards."""
    found = payload(cards([GOLDEN[name]], READER, ROOM))
    golden(f"cards/{name}.json", json.dumps(found, indent=2) + "\n")


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_text(name: str, golden: Callable[[str, str], None]) -> None:
    """Each kind of outcome has the plain text that is kept in tests/golden/texts."""
    sending = plain(cards([GOLDEN[name]], READER, PLAIN_ROOM))
    golden(f"texts/{name}.txt", f"{sending.content}\n")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_private_card(golden: Callable[[str, str], None], language: str) -> None:
    """A private card, in each language, can be posted and not deleted."""
    reader = replace(ALONE, words=words(language))
    found = payload(cards([ANSWER], reader, ROOM))
    golden(f"cards/private-{language}.json", json.dumps(found, indent=2) + "\n")


def test_asked_is_never_shown() -> None:
    """No card holds the asker's own words."""
    for one in GOLDEN.values():
        assert "secret" not in json.dumps(payload(cards([one], READER, ROOM)))


def test_one_card_each() -> None:
    """Several outcomes give a card each, in order, and silence gives none."""
    found = cards([UNKNOWN, Silent("hm"), ANSWER, Silent("hm")], READER, ROOM)
    unknown = title(cards([UNKNOWN], READER, ROOM)[0])
    first = READER.words.say("of-several.first", said=unknown)
    assert [title(card) for card in found] == [first, ANSWER.question]


def test_of_several_questions_it_is_said_which_has_no_answer() -> None:
    """Answers name their questions; what is none says whether it is the first."""
    say = READER.words.say
    both = cards([CLOSEST, DidYouMean("x", (Link("a", "Was it?"),))], READER, ROOM)
    other = say("of-several.other", said=say("did-you-mean"))
    assert [title(card) for card in both[1:]] == [other]


def test_silence() -> None:
    """Silence alone gives no card."""
    assert cards([Silent("hm")], READER, ROOM) == []


def test_many_cards() -> None:
    """Of more outcomes than a message holds, the first ones are shown."""
    assert len(cards([ANSWER] * 12, READER, ROOM)) == MAX_CARDS


def test_no_offer_is_not_covered() -> None:
    """A 'did you mean' with nothing to offer says that there is no answer."""
    assert cards([DidYouMean("x", ())], READER, ROOM) == cards([UNKNOWN], READER, ROOM)


def test_the_closest_is_named_as_such() -> None:
    """The closest question never stands alone, as the question of an answer does."""
    for reader in (READER, ALONE):
        (card,) = cards([CLOSEST], reader, ROOM)
        assert title(card) == f"{reader.words.say('closest')} Was the bell stolen?"
        assert {one.custom_id.verb for one in buttons(card)} == {"pick", "none"}


def test_what_may_have_been_meant_is_one_tap_away() -> None:
    """A button has each question's words; the nearest is the loudest, none is last."""
    long = Link("long", "Was the bell " + "very " * 20 + "heavy?")
    offer = DidYouMean("x", (*ANSWER.related, long, long))
    for one, first in ((CLOSEST, "closest.yes"), (offer, "")):
        (card,) = cards([one], READER, ROOM)
        found = buttons(card)
        words_ = [one.label for one in found]
        assert words_[0] == (
            READER.words.say(first) if first else ANSWER.related[0].question
        )
        assert words_[-1] == READER.words.say("none-of-these")
        assert len(words_) == 4
        assert all(len(one) <= 80 for one in words_)
        assert [one.is_main for one in found] == [True, False, False, False]
        entries = [one.custom_id.subject for one in found[:-1]]
        assert len(set(entries)) == 3
        assert not any(one.question in card.texts[0] for one in offer.offered)


def test_each_outcome_has_its_colour() -> None:
    """Answered, set right, asked back, not known and taken off differ in colour."""
    hidden = replace(UNKNOWN, note=NOTE)
    every = [GOLDEN["answer"], GOLDEN["premise"], CLOSEST, UNKNOWN, hidden]
    tones = [cards([one], READER, ROOM)[0].tone for one in every]
    assert tones == ["answer", "not-so", "which", "unknown", "hidden"]
    colours = [payload(cards([one], READER, ROOM))[0]["accent_color"] for one in every]
    assert len(set(colours)) == len(every)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_menu_is_called_as_a_button_beside_it(language: str) -> None:
    """The menu that deletes is not taken for what shows the rest of an answer."""
    long = replace(ANSWER, sentences=("A long sentence. [1] " * 9,) * 4, related=())
    reader = Reader(words(language), asker=1)
    (card,) = cards([long], reader, ROOM)
    *_, menu = card.rows
    assert isinstance(menu, Menu)
    assert [value for value, _ in menu.choices] == [DELETE]
    assert reader.words.say("button.full") in [one.label for one in buttons(card)]
    assert menu.label not in [one.label for one in buttons(card)]


def test_the_loudest_button() -> None:
    """It is the rest of an answer where there is more, else its sources; one only."""
    long = replace(ANSWER, sentences=("A long sentence. [1] " * 9,) * 4)
    for one, loudest in ((long, "full"), (ANSWER, "quotes")):
        (card,) = cards([one], READER, ROOM)
        main = [one.custom_id.verb for one in buttons(card) if one.is_main]
        assert main == [loudest]


def test_what_is_deleted_is_in_a_menu() -> None:
    """Only the menu of the last card deletes, and only where others see the message."""
    found = cards([UNKNOWN, ANSWER], READER, ROOM)
    menus = [[row for row in card.rows if isinstance(row, Menu)] for card in found]
    assert [len(one) for one in menus] == [0, 1]
    assert menus[1][0].choices[-1] == (DELETE, READER.words.say("button.delete"))
    assert menus[1][0].custom_id.number == READER.asker
    (alone,) = cards([ANSWER], ALONE, ROOM)
    assert DELETE not in str(alone.rows)


def test_facts_leave_a_question_open() -> None:
    """Under facts the question can be sent on, and waited for, as without them."""
    asked = replace(READER, missing=("7",))
    (with_facts,), (without,) = (cards([one], asked, ROOM) for one in (FACTS, UNKNOWN))
    assert with_facts.rows == without.rows
    labels = [one.label for one in buttons(with_facts)]
    assert labels == ["Tell me when it's answered", "Send to the moderators"]


def test_what_is_off_topic_is_not_sent_on() -> None:
    """It is said, in each language, what can be asked, with topics to tap."""
    for reader in (READER, ALONE):
        (card,) = cards([OFF_TOPIC], replace(reader, missing=("7",)), ROOM)
        assert title(card) == reader.words.say("off-topic")
        assert {one.custom_id.verb for one in buttons(card)} == {"topic"}
        assert [one.label for one in buttons(card)] == [
            *("The bell", "The repair"),
            reader.words.say("button.topics"),
        ]


def test_what_was_taken_off_is_not_sent_on() -> None:
    """It is said, in each language, that it is off; whoever asked can be told."""
    hidden = replace(UNKNOWN, note=NOTE)
    for reader in (READER, ALONE):
        (card,) = cards([hidden], replace(reader, missing=("7",)), ROOM)
        assert title(card) == reader.words.say("off-for-now")
        assert [one.custom_id.verb for one in buttons(card)] == ["tell"]


def test_an_answer_fits_a_phone() -> None:
    """After the first sentence of a long answer there are 300 characters, and More."""
    sentences = tuple(f"Sentence {n} is {'long ' * 15}here. [1]" for n in range(9))
    long = replace(ANSWER, sentences=sentences)
    card = cards([long], READER, ROOM)[0]
    _, first, rest, *_ = re.split(r"\n+", card.texts[0])
    assert first.startswith("Sentence 0 ")
    assert 200 < len(rest) <= 310  # with the backslashes that escape the numbers
    assert rest.endswith("here. \\[1\\]")
    assert "More" in [one.label for one in buttons(card)]
    full = cards([long], replace(READER, full=True), ROOM)[0]
    assert full.texts[0].count("Sentence") == 9
    assert "More" not in [one.label for one in buttons(full)]


def test_two_numbers_a_sentence() -> None:
    """A sentence has two numbers of sources at most; the list behind has them all."""
    one = replace(
        ANSWER, sentences=("It rang. [1][2][3][4]",), disputes=("No. [1][2][3]",)
    )
    for full in (False, True):
        text = shown([one], replace(READER, full=full))
        assert text.count("\\[1\\]\\[2\\]") == 2
        assert "\\[3\\]" not in text


def test_a_premise_is_set_right_once() -> None:
    """It begins with "Not so", and what says the same again is left for More."""
    one = replace(ANSWER, premise="It was sent for repair. [2]", repeated=(1,))
    for reader, words_ in ((READER, "**Not so:** "), (ALONE, "**No es así:** ")):
        text = shown([one], reader)
        assert f"\n{words_}It was sent for repair." in text
        assert ANSWER.sentences[0][:30] in text
        assert "said it had sent the bell" not in text
    assert "More" in [button.label for button in buttons(cards([one], READER, ROOM)[0])]
    assert "said it had sent" in shown([one], replace(READER, full=True))


@pytest.mark.parametrize("full", [False, True])
def test_nothing_stands_twice(full: bool) -> None:  # noqa: FBT001 - a case
    """What sets a premise right is not said again; nothing is left for More then."""
    one = replace(
        ANSWER,
        premise="Nobody died. [1] It was sent off. [2][3]",
        sentences=("Nobody died. [1]", "It rang again. [2]"),
        changes=(),
        disputes=("Ada denied the second. [1]",),
        repeated=(0,),
        beside=(1,),
    )
    (card,) = cards([one], replace(READER, full=full), ROOM)
    text = "\n".join(card.texts)
    assert text.count("Nobody died") == 1
    assert text.index("Nobody died") < text.index("It rang again")
    assert "Ada denied" in text
    assert "More" not in [button.label for button in buttons(card)]


def test_what_is_beside_a_sentence_goes_with_it() -> None:
    """Who disputes a sentence that is not shown yet is behind More, with it."""
    sentences = ("Short. [1]", f"A {'long ' * 70}one. [2]")
    disputes = ("Ada denied the first. [1]", "Inés denied the second. [2]")
    one = replace(ANSWER, sentences=sentences, disputes=disputes, beside=(0, 1))
    assert "Ada denied" in shown([one])
    assert "Inés denied" not in shown([one])
    assert "Inés denied" in shown([one], replace(READER, full=True))


def test_many_who_dispute_are_counted() -> None:
    """The first who disputes the first sentence is whole; more than fit are counted."""
    disputes = tuple(f"{name} {'said ' * 40}no. [1]" for name in ("Ada", "Bo", "Cy"))
    text = shown([replace(ANSWER, disputes=disputes, beside=(0, 0, 0))])
    assert "Ada said" in text
    assert "Cy said" not in text
    assert "more of these, under “More”" in text


def test_what_is_left_out_of_a_list_has_a_line_of_its_own() -> None:
    """After bullets it is one, else Discord would show it in the last of them."""
    left = more(READER.words)
    for items, last in ((("- a", "- b", "- c"), "- and 2 more"), (("a", "b"), "and 1")):
        (card,) = fit([Draft("A list", (Part(items, left=left, most=1),))], ROOM)
        assert card.texts[0].split("\n")[-1].startswith(last)


def test_what_has_changed_is_never_left_out() -> None:
    """However long an answer is, what happened since is shown."""
    sentences = tuple(f"Sentence {n} is {'long ' * 30}here. [1]" for n in range(9))
    changes = ("The bell was hung in the tower again in June. [2]",)
    text = shown([replace(ANSWER, sentences=sentences, changes=changes)])
    assert "Since then: The bell was hung in the tower again in June." in text


def test_sources_are_one_line() -> None:
    """Two publishers are named, others counted, and from when to when it is."""
    many = tuple(
        replace(HERALD, number=n, publisher=f"Paper {n // 2}, carried by AFP")
        for n in range(2, 13)
    )
    last = replace(HERALD, publisher="Paper 1", published="2024-06-12")
    text = shown([replace(ANSWER, sources=(*many, last))])
    assert text.endswith("\n-# Paper 1, Paper 2 +4 · 4 Mar – 12 Jun 2024")
    assert "https" not in text


def test_where_no_list_is_behind_sources_are_linked() -> None:
    """Under facts, and the closest, each source has its number and its link."""
    for one in (FACTS, CLOSEST):
        line = shown([one]).rpartition("\n-# ")[2]
        assert "\\[1\\] [Harbour Council](https://council.example.com/bell)" in line


def test_who_denies_an_allegation() -> None:
    """The kind of an allegation says who denies it."""
    denial = UsedFact("no", "denial", ("Ada Moreau",), "2024-03-06", None)
    one = replace(ANSWER, kind="allegation", facts=ANSWER.facts[:1], context=(denial,))
    assert "Allegation by Neighbours of the tower, denied by Ada Moreau ·" in shown(
        [one]
    )
    assert "lo niega Ada Moreau" in shown([one], ALONE)


def test_whose_words_an_answer_is() -> None:
    """Every kind of fact is said, and whose the first is, and an allegation; or all."""
    two = replace(ANSWER.facts[1], by=("Ada Moreau", "Inés Ruiz"))
    three = replace(two, by=("Harbour Council",))
    fact = replace(two, kind="fact", by=())
    opinion = replace(two, kind="reaction")
    mixed = replace(ANSWER, facts=(fact, ANSWER.facts[0], two, three, opinion))
    said = "-# Reported fact · allegation by Neighbours of the tower · 2 statements"
    assert f"{said} · one opinion · as of 5 Mar 2024" in shown([mixed])
    assert "· 2 declaraciones · una opinión · a fecha de" in shown([mixed], ALONE)
    full = shown([mixed], replace(READER, full=True))
    assert "statements by several people · opinion by Ada Moreau and Inés Ruiz" in full
    several = replace(ANSWER, facts=(two, three))
    assert "Statements by several people · as of" in shown([several])


@pytest.mark.parametrize("opening", get_args(Opening))
def test_what_is_said_before_a_correction(opening: Opening) -> None:
    """What sets a premise right is introduced in the language of its reader."""
    one = replace(ANSWER, premise="The bell was gone. [1]", opening=opening)
    for reader in (READER, ALONE):
        said = reader.words.say(f"opening.{opening}")
        not_so = f"**{reader.words.say('not-so')}** "
        said = not_so if opening == "otherwise" else f"{not_so}{said} "
        assert f"{said}The bell was gone." in shown([one], reader)
    assert answer_mark(one) != answer_mark(replace(one, opening=None))


def test_small_cards_leave_room() -> None:
    """What a small card does not need, a large one may use."""
    full = replace(READER, full=True)
    large = replace(ANSWER, sentences=("A whole sentence. [1]",) * 80)
    alone, beside = cards([large], full, ROOM), cards([UNKNOWN, large], full, ROOM)
    assert alone[0].texts == beside[1].texts


def test_one_long_sentence_is_cut_between_words() -> None:
    """A single sentence that is too long is cut between words, and says so."""
    long = replace(ANSWER, sentences=("word " * 2000,), sources=())
    body = shown([long]).split("\n")[1]
    assert re.fullmatch(r"(word )+word…", body)


# Laws.

dates = st.sampled_from(["2022", "2022-11", "2022-11-27"])
links = st.lists(st.builds(Link, st.just("e"), texts), max_size=5).map(tuple)
names = st.lists(texts, max_size=3).map(tuple)
kinds = st.sampled_from(["fact", "allegation", "statement", "denial"])
facts = st.builds(UsedFact, st.just("f"), kinds, names, dates, st.none())
urls = st.none() | texts | texts.map("https://example.com/{}".format)
sources = st.lists(
    st.builds(
        NumberedSource,
        number=st.integers(1, 99),
        id=st.just("s"),
        publisher=texts,
        title=st.none() | texts,
        url=urls,
        published=st.none() | dates,
        quotes=st.lists(texts, max_size=3).map(tuple),
    ),
    max_size=6,
).map(tuple)
sentences = st.lists(texts, max_size=5).map(tuple)
answers = st.builds(
    Answer,
    entry=st.just("e"),
    asked=texts,
    question=texts,
    confidence=st.just(0.9),
    sentences=sentences,
    premise=st.none() | texts,
    as_of=dates,
    kind=st.none() | kinds,
    by=names,
    changes=sentences,
    disputes=sentences,
    stale=st.booleans(),
    facts=st.lists(facts, max_size=3).map(tuple),
    context=st.lists(facts, max_size=3).map(tuple),
    sources=sources,
    related=links,
    opening=st.sampled_from([None, "otherwise"]),
    moved=st.booleans(),
    repeated=st.lists(st.integers(0, 4), max_size=3).map(tuple),
    beside=st.lists(st.integers(0, 4), max_size=3).map(tuple),
)
closest = st.builds(
    Closest,
    asked=texts,
    entry=st.builds(Link, st.sampled_from("abc"), texts),
    lead=texts,
    others=links,
    as_of=dates,
    kind=st.none() | kinds,
    by=names,
    changes=sentences,
    disputes=sentences,
    stale=st.booleans(),
    facts=st.lists(facts, max_size=3).map(tuple),
    context=st.lists(facts, max_size=3).map(tuple),
    sources=sources,
)
related = st.lists(
    st.builds(RelatedFact, st.just("f"), texts, sentences, sentences), max_size=3
).map(tuple)
topics = st.dictionaries(st.sampled_from(["a", "b-c", "Ü"]), texts).map(
    lambda found: tuple(found.items())
)
outcomes: st.SearchStrategy[list[Outcome]] = st.lists(
    answers
    | closest
    | st.builds(Facts, texts, related, sources)
    | st.builds(DidYouMean, texts, links)
    | st.builds(NotCovered, texts, st.none() | texts, related, sources)
    | st.builds(
        NotCovered, texts, st.none(), related, sources, st.none() | texts, links, topics
    )
    | st.builds(Help, texts, texts, links, topics)
    | st.builds(Silent, texts),
    max_size=4,
)


readers = st.builds(
    Reader,
    words=st.sampled_from(["en", "es"]).map(words),
    is_private=st.booleans(),
    asker=st.sampled_from([0, 2**63]),
    votes=st.booleans(),
    full=st.booleans(),
)


@settings(max_examples=50, deadline=None)
@given(outcomes, readers)
def test_cards_always_fit(outcomes: list[Outcome], reader: Reader) -> None:
    """Whatever a story holds, and however much, Discord accepts the cards."""
    for several in (outcomes, outcomes * 3):
        found = cards(several, reader, ROOM)
        assert bool(found) == any(not isinstance(one, Silent) for one in several)
        if found:
            assert problems(None, payload(found)) == []
            sending = plain(cards(several, reader, PLAIN_ROOM))
            below = sending.view.to_components() if sending.view else []
            assert problems(sending.content, below) == []


@settings(max_examples=50, deadline=None)
@given(outcomes, readers)
def test_cards_only_read(outcomes: list[Outcome], reader: Reader) -> None:
    """Whatever a story holds, a card links only to its sources, and draws nothing."""
    meant = {
        safe[0]
        for one in outcomes
        if isinstance(one, Answer | Closest | Facts | NotCovered)
        for source in one.sources
        if (safe := safe_url(source.url))
    }
    for room in ROOMS:
        for card in cards(outcomes, reader, room):
            for text in card.texts:
                own = re.sub(r"\n-# ", "\n", text.removeprefix("### "), count=2)
                own = own.replace(f"**{reader.words.say('not-so')}**", "", 1)
                addresses, drawn = alive(own)
                assert drawn == []
                assert set(addresses) <= meant
