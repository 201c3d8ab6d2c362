"""Whom a pronoun can mean: what a story tells of who is he, she, they or it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final, Literal

from bot.matching.reader import Reader
from bot.story.model import Entity, Story
from bot.story.prose import fold, sentences

Sort = Literal["he", "she", "they", "it"]


def _sorted(words: Mapping[Sort, str]) -> dict[str, Sort]:
    """Each of some words → its sort."""
    return {word: sort for sort, some in words.items() for word in some.split()}


_PRONOUNS: Final[Mapping[Sort, str]] = {
    "he": "he him his hes",
    "she": "she her hers shes",
    "they": "they them their theirs theyre",
    "it": "it its that thats this those these",
}
SORTS: Final = _sorted(_PRONOUNS)
"""Each pronoun as people type it, folded → its sort."""

THINGS: Final = frozenset({"work", "place", "event", "vehicle", "law", "thing"})
"""The types of entities that are "it", and never "they"."""

_TYPES: Final[Mapping[Sort, Sequence[AbstractSet[str]]]] = {
    "he": ({"person"},),
    "she": ({"person"},),
    "they": ({"group"}, {"organisation"}, {"person"}),
    "it": (THINGS, {"organisation"}),
}
"""The types of entities that a sort can mean; of several the first is the likelier."""

_TITLED: Final[Mapping[Sort, str]] = {
    "he": """mr sir lord king prince duke count man guy boy businessman sportsman
        spokesman congressman father dad son brother uncle husband boyfriend widower""",
    "she": """mrs ms miss madam lady dame queen princess duchess countess woman girl
        actress businesswoman sportswoman spokeswoman chairwoman congresswoman mother
        mum mom daughter sister aunt wife girlfriend widow""",
}
_TITLES: Final = _sorted(_TITLED)
_ENDS_TITLE: Final = re.compile(r"\b(?:of|for|to|in|at|with|by|from|who|which|that)\b")
_GENDERED: Final = re.compile(r"\b(?:he|him|his|she|her)\b", re.IGNORECASE)

_PLAINLY: Final = 2
"""How many times as often a story must call somebody the one as the other; once is
not enough, as a pronoun near a name may mean somebody else."""


class People:
    """What sort of pronoun each entity of a story takes, as far as its texts tell."""

    def __init__(self, story: Story, reader: Reader) -> None:
        self._entities = story.entities
        self._sorts = dict(_sorts(story, reader))

    def sort(self, name: str) -> Sort | None:
        """Whether the story calls a person he or she; None where it does not tell."""
        return self._sorts.get(name)

    def fitting(self, sort: Sort, names: Iterable[str]) -> list[str]:
        """Those of some entities that a pronoun is likeliest to mean, in their order.

        Who may be either fits both. Names that the story does not have are passed over.
        """
        types = _TYPES[sort]
        ranks = {
            name: rank
            for name in names
            if (entity := self._entities.get(name)) and self._fits(sort, entity)
            for rank, type_ in enumerate(types)
            if entity.type in type_
        }
        likeliest = min(ranks.values(), default=0)
        return [name for name, rank in ranks.items() if rank == likeliest]

    def _fits(self, sort: Sort, entity: Entity) -> bool:
        other = {"he": "she", "she": "he"}.get(sort)
        return any(entity.type in one for one in _TYPES[sort]) and (
            other is None or self.sort(entity.id) != other
        )


def _sorts(story: Story, reader: Reader) -> Iterator[tuple[str, Sort]]:
    """Persons whom titles, or the pronouns near their names, call one thing plainly."""
    votes: Counter[tuple[str, Sort]] = Counter(_votes(story, reader))
    for entity in story.entities.values():
        if entity.type == "person":
            he, she = votes[entity.id, "he"], votes[entity.id, "she"]
            sort: Sort = "he" if he > she else "she"
            if max(he, she) > max(1, _PLAINLY * min(he, she)):
                yield entity.id, sort


def _votes(story: Story, reader: Reader) -> Iterator[tuple[str, Sort]]:
    persons = {one.id for one in story.entities.values() if one.type == "person"}
    for entity in story.entities.values():
        role = _ENDS_TITLE.split(fold(entity.description), maxsplit=1)[0]
        # A title of their own tells more than one in a nickname ("king").
        for text in (role, role, fold(entity.name), *map(fold, entity.aliases)):
            for word in dict.fromkeys(text.split()):
                if sort := _TITLES.get(word):
                    yield entity.id, sort
    for passage in _passages(story):
        yield from _called(passage, persons, reader)


def _called(
    passage: Iterable[str], persons: AbstractSet[str], reader: Reader
) -> Iterator[tuple[str, Sort]]:
    """Persons, each with a pronoun that can mean nobody else in a passage."""
    before: set[str] = set()
    for text in passage:
        names: set[str] = set()
        for term in reader.terms(text):
            name, sort = term.removeprefix("@"), SORTS.get(term)
            if name in persons and name != term:
                names.add(name)
            elif sort in {"he", "she"} and len(names or before) == 1:
                for one in names or before:
                    yield one, sort
        before = names or before


def _passages(story: Story) -> Iterator[list[str]]:
    """The texts of a story that say he or she, each as its sentences."""
    texts = [
        *(entry.answer for entry in story.entries.values()),
        *(fact.statement for fact in story.facts.values()),
        *(entity.description for entity in story.entities.values()),
    ]
    for text in texts:
        if _GENDERED.search(text):
            yield [sentence.text for sentence in sentences(text)]
