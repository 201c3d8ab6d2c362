"""What a text denies and what it affirms, clause by clause.

No parser: a denial is a word that denies and what stands after it in its clause. Where
something may only be so (planned, alleged, refused), nothing is affirmed.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from bot.matching.grammar import DIRECTED, QUESTION_WORDS, Term, forms

_REMEMBERED: Final = 64  # questions: one is put beside several candidates
DENYING: Final = forms(
    "not never nobody none nothing nowhere without neither nor cannot didnt doesnt dont"
    " isnt arent wasnt werent hasnt havent hadnt wont wouldnt couldnt shouldnt cant"
    " aint mustnt no"
)
"""Words that deny, alone."""

# "Didn't she …?" asks the same as "Did she …?"; so does "… or not?".
_BEFORE_TAGS: Final = forms("or if whether")
_NOT_SURE: Final = forms(
    "sure know idea clear understand get remember want doubt wonder offence offense"
    " worry problem hate clue joke way matter"
)
_SUBJECTS: Final = forms("i you he she it we they there that this")
_ASKERS: Final = forms("i im ive my we")
_AUXILIARIES: Final = forms("do be have will would can could should")
_BE: Final = forms("isnt arent wasnt werent aint")
_OPENS: Final = forms("a an the her his their its someone somebody anyone anybody")
_UNTIL: Final = forms("until till til")
_REPORTED: Final = forms("true that say know think hear read claim")

_BREAKS: Final = forms("but because although though whereas so")
_BREAKS_IN_TOLD: Final = _BREAKS | forms("when while which who where")
"""In a question those tell of which time or thing something is denied."""

_HOLDING_BACK: Final = forms(
    "deny refuse reject dismiss drop stop lack end fail uphold acquit clear"
    " unclear false joke rumour withdraw avoid spare instead except delay"
    " decline abandon disagree dispute contradict unlikely hardly barely rarely"
    " reverse overturn revoke lift expire differ unconfirmed"
)
"""Words with which a sentence does not say that something was so."""

CONTRARY: Final = forms("deny refuse lack false wrong joke acquit unclear rumour spare")
"""Of these, words with which a sentence says that something was not so."""

_MAY_BE: Final = forms(
    "would will could may might can must shall should plan planned intend threaten"
    " allege accuse suspect claim demand want ask expect try attempt allow propose"
    " if whether hope fear consider seek urge rumour believe suppose estimate"
    " suggest possible probable likely promise warn call"
)
"""Words with which a sentence says that something may be so, or was to be."""

_SHORT_OF: Final = forms("before without instead until avoid rather than")
"""Words before what did not come to pass, or had not yet."""

_DOUBTS: Final = _HOLDING_BACK | _MAY_BE | DENYING

_BOUNDED: Final = forms(
    "anymore first initially immediately right away once only all every"
    " everyone each enough alone really fully completely entirely exactly same"
    " another more other else most just even either longer last until time"
    " allow able let will would can could should must may might wont wouldnt cant"
    " cannot couldnt shouldnt gonna mustnt"
)
"""Words with which a denial is one of a time, a share or a possibility only."""

_BEING: Final = forms("be get was were been isnt arent wasnt werent")
_PARTING: Final = forms("that by and who which of over against")
_SAYING: Final = DIRECTED | {"+say", "+announce", "+claim", "+reveal", "+report"}
_NEAR: Final = 3
_ACTING: Final = forms("he she it they")
_HE: Final = forms("he she they it him her them")


class Denial(NamedTuple):
    """What a text denies: the denying word, and the terms of its clause around it.

    `given` and `denied` are those that carry meaning, before and after it. `is_bounded`
    where it denies a time, a share or a possibility only.
    """

    before: tuple[Term, ...]
    word: Term
    after: tuple[Term, ...]
    given: tuple[Term, ...]
    denied: tuple[Term, ...]
    is_bounded: bool


class Clause(NamedTuple):
    """A stretch of what is told: its words and what they mean; what holds them back.

    `denied` are the words that are denied, `doubts` those because of which the clause
    affirms nothing but themselves.
    """

    terms: tuple[Term, ...]
    said: frozenset[str]
    names: frozenset[str]
    denied: frozenset[str]
    doubts: tuple[Term, ...]
    has_pronoun: bool


@lru_cache(maxsize=_REMEMBERED)
def denials(terms: tuple[Term, ...]) -> tuple[Denial, ...]:
    """What a text takes not to be so: "why did she never …", "nobody …".

    A denial that only asks ("Didn't she …?", "… or not?"), one about the asker ("I'm
    not sure") and one up to a time ("not until May") are none.
    """
    return tuple(_denials(terms)) if any(one.term in DENYING for one in terms) else ()


def _denials(terms: Sequence[Term]) -> Iterator[Denial]:
    for at, one in enumerate(terms):
        if one.term in DENYING and not _only_asks(terms, at):
            before, after = _around(terms, at)
            is_bounded = any(other.term in _BOUNDED for other in (*before, one, *after))
            given, denied = _substance(before), _substance(after)
            yield Denial(before, one, after, given, denied, is_bounded)


def clauses(terms: Sequence[Term]) -> Iterator[Clause]:
    """The clauses of a sentence that is told, in order.

    Where more follows after an "and", what stands before it is a clause, too.
    """
    start = 0
    rest = terms[1:] if _answers_no(terms) else terms
    stops = [at for at, one in enumerate(rest) if at and one.term in _BREAKS_IN_TOLD]
    for stop in (*stops, len(rest)):
        part = rest[start:stop]
        start = stop
        cuts = [at for at, one in enumerate(part) if at > 1 and one.term == "and"]
        yield from (_clause(part[:cut]) for cut in (*cuts, len(part)))


def _clause(part: Sequence[Term]) -> Clause:
    at = next((to for to, one in enumerate(part) if one.term in DENYING), None)
    return Clause(
        terms=tuple(part),
        said=_meant(part),
        names=frozenset(one.term for one in part if one.is_name),
        denied=frozenset() if at is None else _meant(part[at + 1 :]),
        doubts=tuple(_doubts(part)),
        has_pronoun=any(one.term in _ACTING for one in part),
    )


def affirms(clause: Clause, denial: Denial, known: frozenset[str]) -> bool:
    """Whether a clause says that just that was so which is denied.

    It has every word of what is denied, the name that acts (or a pronoun for one of the
    names that are `known`), and nothing that holds it back. What stands before the
    denying word may be known otherwise.
    """
    after = denial.denied
    is_told = after and not denial.is_bounded and _is_told(denial, clause, known)
    if not (is_told and _of_whom(denial, clause, known)):
        return False
    meant = _meant(after)
    if _is_put_off(meant, clause.terms):
        return False
    return _acts_alike(denial, after[0], clause.terms) and all(
        one.term not in DENYING
        and (one.term in meant or not meant.isdisjoint(one.meanings))
        for one in clause.doubts
    )


def _is_put_off(meant: Container[str], terms: Sequence[Term]) -> bool:
    """Whether what is meant is named only as what did not come to pass, or not yet.

    So it is in "settled before the trial", or "a fine instead of prison".
    """
    return any(
        (one.term in meant or any(name in meant for name in one.meanings))
        and any(before.term in _SHORT_OF for before in terms[max(at - 3, 0) : at])
        for at, one in enumerate(terms)
    )


def _is_told(denial: Denial, clause: Clause, known: frozenset[str]) -> bool:
    """Whether a clause has all words that are denied, and the rest is known."""
    before = (one for one in denial.given if not _asks(one))
    return all(_in(one, clause.said) for one in denial.denied) and all(
        _in(one, clause.said | known) for one in before
    )


def _of_whom(denial: Denial, clause: Clause, known: frozenset[str]) -> bool:
    """Whether a clause is about those whom the denial names."""
    names = {one.term for one in denial.before if one.is_name}
    missing = names - clause.names
    if missing and not (clause.has_pronoun and missing <= known):
        return False
    if not names and any(one.term in _HE for one in denial.before):
        return False
    return all(one.term in clause.names for one in denial.after if one.is_name)


def agrees(clause: Clause, denial: Denial) -> bool:
    """Whether a clause denies some of what is denied, too."""
    after = denial.denied or denial.given
    if not after:
        return False
    shared = [_in(one, clause.denied) for one in after]
    if shared[0] or sum(shared) / len(shared) > _MOSTLY:
        return True
    meant = _meant(after)
    holding = [one for one in clause.doubts if one.term in CONTRARY]
    return any(
        one.term not in meant and meant.isdisjoint(one.meanings) for one in holding
    ) and any(_in(one, clause.said) for one in after)


def is_contrary(denial: Denial, claim: Sequence[Term]) -> bool:
    """Whether a claim says what is denied, and no more."""
    denied = _meant((*denial.before, *denial.after))
    more = [one for one in _substance(claim) if not _asks(one)]
    more += [one for one in claim if one.is_name]
    return is_of(denial, claim) and all(_in(one, denied) for one in more)


def said_of(denial: Denial) -> tuple[str, ...]:
    """The words of substance that are denied, in order."""
    return tuple(one.term for one in denial.denied)


def speaks_of(terms: Sequence[Term], denial: Denial) -> bool:
    """Whether a text has the first word of what is denied."""
    after = denial.denied or denial.given
    return bool(after) and _in(after[0], _meant(terms))


def is_of(denial: Denial, asked: Sequence[Term]) -> bool:
    """Whether a question that was asked has every word and name of what is denied."""
    said = _meant(asked)
    parts = (*denial.before, *denial.after)
    after = denial.denied
    return (
        not denial.is_bounded
        and bool(after)
        and _acts_alike(denial, after[0], asked)
        and all(_in(one, said) for one in _substance(parts) if not _asks(one))
        and all(one.term in said for one in parts if one.is_name)
    )


def _doubts(terms: Sequence[Term]) -> Iterator[Term]:
    for one, after in zip(terms, (*terms[1:], None), strict=True):
        is_month = one.term == "may" and after is not None and after.term.isdigit()
        if one.term in _DOUBTS and not is_month:
            yield one


def _answers_no(terms: Sequence[Term]) -> bool:
    """Whether a sentence begins with "No," and then says how it was."""
    if len(terms) < 2 or terms[0].term != "no":
        return False
    return terms[1].is_name or terms[1].term in _OPENS | _SUBJECTS


def _only_asks(terms: Sequence[Term], at: int) -> bool:
    """Whether a denying word denies nothing that the question is about."""
    one = terms[at]
    before = terms[at - 1].term if at else ""
    after = terms[at + 1].term if at + 1 < len(terms) else ""
    if one.term == "no" and (not after or at == 0 or terms[at + 1].light):
        # "no", "…, no?", "no, she did", "no idea"; but "why was no fee paid".
        return not (at == 0 and after) or after in _NOT_SURE or terms[at + 1].light
    if one.light and one.term != "no":
        return True
    if before in _BEFORE_TAGS or after in _NOT_SURE or before in _ASKERS:
        return True
    if any(later.term in _UNTIL for later in terms[at + 1 :]):
        return True
    return _is_inverted(terms, at) or _is_tag(terms, at)


def _is_tag(terms: Sequence[Term], at: int) -> bool:
    """Whether it is the "didn't they", or "did they not", at the end of a text."""
    if terms[at].term == "not" and at == len(terms) - 1 and at > 1:
        return terms[at - 1].term in _SUBJECTS and terms[at - 2].term in _AUXILIARIES
    rest = terms[at + 1 :]
    return (
        terms[at].term.endswith("nt")
        and at > 0
        and bool(rest)
        and rest[0].term in _SUBJECTS
        and all(one.light for one in rest[1:])
    )


def _is_inverted(terms: Sequence[Term], at: int) -> bool:
    """Whether it begins a question: "didn't she …", "did she not …"."""
    head = [one for one in terms[:at] if not one.light]
    if any(one.term in QUESTION_WORDS or one.term == "how" for one in terms[:at]):
        return False
    one = terms[at].term
    after = terms[at + 1] if at + 1 < len(terms) else None
    opens = after is not None and (
        after.is_name or after.term in _SUBJECTS or after.term in _OPENS
    )
    said = {other.term for other in terms[:at]}
    if not _REPORTED.isdisjoint(said):
        return False  # "is it true that she did not …"
    if one.endswith("nt"):
        if one in _BE:
            return not head or (after is not None and after.term in _SUBJECTS)
        return not head or (opens and not head[-1].is_name)
    return one == "not" and 0 < at <= _SHORT and terms[0].term in _AUXILIARIES


def _around(
    terms: Sequence[Term], at: int
) -> tuple[tuple[Term, ...], tuple[Term, ...]]:
    """The terms of a denying word's clause, before and after it."""
    breaks = [to for to, one in enumerate(terms) if one.term in _BREAKS]
    start = max((to + 1 for to in breaks if to < at), default=0)
    stop = min((to for to in breaks if to > at), default=len(terms))
    before, after = tuple(terms[start:at]), _without_tag(terms[at + 1 : stop])
    return before, after


def _without_tag(terms: Sequence[Term]) -> tuple[Term, ...]:
    """Terms without "did they", "was it" or "right" at their end."""
    kept = list(terms)
    while kept and kept[-1].term in _AGREED:
        kept.pop()
    pairs = list(pairwise(kept))
    if pairs and pairs[-1][1].term in _SUBJECTS and pairs[-1][0].term in _AUXILIARIES:
        kept = kept[:-2]
    return tuple(kept)


_AGREED: Final = forms("right correct no yes huh eh yeah true lol tho though")
_SHORT: Final = 4
_MOSTLY: Final = 0.5


def _substance(terms: Iterable[Term]) -> tuple[Term, ...]:
    """Terms that carry meaning; what only embeds a question asks for more."""
    return tuple(
        one
        for one in terms
        if not one.is_name
        and one.term not in DENYING
        and (not one.light or one.term in QUESTION_WORDS)
        and one.term not in _AGREED
    )


def _asks(one: Term) -> bool:
    return one.term in QUESTION_WORDS


def _meant(terms: Iterable[Term]) -> frozenset[str]:
    return frozenset(word for one in terms for word in (one.term, *one.meanings))


def _acts_alike(denial: Denial, verb: Term, terms: Sequence[Term]) -> bool:
    """Whether the name before the denying word has the same part in what is told."""
    acting = [one.term for one in denial.before if one.is_name]
    at = next((to for to, one in enumerate(terms) if _in(one, _meant((verb,)))), None)
    if not acting or at is None:
        return True
    name = acting[-1]
    is_turned = _is_passive((*denial.before, denial.word), denial.after) != _is_passive(
        terms[:at], ()
    )
    before = [one for one in terms[:at] if one.is_name]
    after = [one.term for one in terms[at + 1 :] if one.is_name]
    if is_turned:
        return not after or after[0] == name
    if not before or before[-1].term == name:
        return bool(before) or name not in after
    # "Kim, of this house, spoke", but not "Kim said that this house spoke".
    own = [one.term for one in terms].index(name) if before[0].term == name else at
    between = terms[own + 1 : at]
    return bool(between) and not any(
        one.term in _PARTING or not _SAYING.isdisjoint(one.meanings) for one in between
    )


def _is_passive(before: Sequence[Term], after: Sequence[Term]) -> bool:
    near = (*before[:1], *before[-_NEAR:], *after[:1])
    return any(one.term in _BEING for one in near)


def _in(one: Term, said: frozenset[str]) -> bool:
    return one.term in said or not said.isdisjoint(one.meanings)
