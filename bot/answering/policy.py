"""Every constant by which a ranked question becomes an outcome, and how it was found.

What the matcher gives are two probabilities: that the first entry answers the question,
and that the question is about the story at all. They are weighed apart. Figures are of
stories that were left out of the fit (`python -m tests.benchmarks.fit`), November 2026.
`python -m tests.benchmarks.policy` prints what less and more of each would change; its
table is in `docs/quality.md`.
"""

from typing import Final

FALSE_ANSWERS: Final = 0.05
"""The share of questions that nothing answers which may get an answer, if not set."""

UNASKED: Final = 0.4
"""The share of these that may get one where nobody asked the bot."""

VETOES: Final = frozenset(
    {
        "foreign names",
        "negation",
        "other figure",
        "other measure",
        "other order",
        "other part",
        "roles",
        "unexplained deed",
    }
)
"""Guards where the answer would mislead: what they fire on is offered, not answered.
They take 1.5 of 100 right answers, and half of the misleading ones."""

OF_OTHERS: Final = frozenset(
    {"other names", "foreign names", "foreign party", "other part"}
)
"""Guards that tell that a known unknown is about somebody, or something, else."""

ON_TOPIC: Final = 0.7
"""How likely a question must be about the story to be answered: takes one right answer
of 100, and half of the answers to what is not about it."""

CLOSEST: Final = 0.4
"""Confidence from which one entry is shown as the closest. Of 34 that covered questions
of the two frozen stories were shown, 25 were right."""

IF_CORRECTED: Final = 0.75
"""How sure it must be, of what is usual, where a wrong premise is set right: what makes
it wrong makes it unlike the entry, too."""

ITS_OWN: Final = 0.3
"""Confidence from which a part of a message counts as a question of its own. Twice as
much takes 0.4 right answers of 100, and 0.3 that are none."""

KNOWN_UNKNOWN: Final = 0.25
"""Confidence from which it is said what no source says, where no entry reaches it.
Twice as much takes a fifth of these notes on the bundled story."""

TAKEN_OFF: Final = 0.5
"""How sure it must be, of how sure an entry is, that a hidden entry is asked for: then
nothing else answers. Asked 1,205 ways of other entries, none was taken for hidden."""

ELSE: Final = 0.5
"""Share of a question's words, left unexplained by a known unknown, from which that is
about something else. Half as much takes a third of the notes of the bundled story; from
here on next to nothing changes."""

SHARED: Final = 0.6
"""Share of a known unknown's own words that a question must have: a note is about the
very person and thing that was asked about, or it is none. Half as much gives a fifth
more notes on the bundled story, and three times as many where an entry covers it."""

NO_DOUBT: Final = 0.75
"""Confidence from which a known unknown needs to share no words with the question. At
0.5, twice as many covered questions get a note; without it, a quarter fewer notes."""

FAR_SURER: Final = 0.4
"""How much surer than any entry it must be that no source says it, else. Twice as much
takes a third of the notes where ways are few."""

SPOKEN_OF: Final = 0.6
"""Share of a question's words that a fact must cover to be shown by itself. At 0.4
three times as many questions that nothing answers get facts, and some covered ones do
instead of their entry; at 0.8 next to none do."""

LEAST_OFFERED: Final = 0.01
"""Confidence from which an entry is one of three that are offered. At 0.02 one covered
question of 100 is not helped where ways are few, and off-topic ones get as much."""

HARDLY: Final = 0.2
"""Confidence below which facts that speak of the question are shown before any choice
of entries. At 0 half as many questions that nothing answers get facts."""

MORE_SAID: Final = 0.15
"""How much more of a question than the best entry a fact must cover, else. At 0 facts
take the place of the right entry for 0.5 covered questions of 100."""

MAX_OFFERED: Final = 3
"""Questions that are put to the asker in place of an answer, the closest among them.
For 95 of 100 covered questions of real stories the right entry is one of the first
three."""
