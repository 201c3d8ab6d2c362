"""What the matcher knows of English beyond spelling: irregular forms, and filler."""

from functools import cache
from pathlib import Path
from typing import Final

_FORMS: Final = """
be: am is are was were been being
begin: began begun
break: broke broken
bring: brought
buy: bought
catch: caught
choose: chose chosen
come: came
do: did does done doing
draw: drew drawn
fall: fell fallen
feel: felt
find: found
get: got gotten
give: gave given
go: went gone goes
have: had has having
hear: heard
keep: kept
know: knew known
leave: left
lose: lost losing
make: made making
mean: meant
meet: met
pay: paid
put: putting
say: said says
see: saw seen
sell: sold
send: sent
shoot: shot shooting
show: shown
speak: spoke spoken
stand: stood
sue: sued suing sues
take: took taken taking
tell: told
think: thought
wear: wore worn
win: won winning
write: wrote written writing
lead: led leading
hide: hid hidden hiding
grow: grew grown
swear: swore sworn
withdraw: withdrew withdrawn
understand: understood
hold: held
build: built
drive: drove driven driving
fly: flew flown
fight: fought
forget: forgot forgotten
hurt: hurting
sing: sang sung
sit: sat
steal: stole stolen
teach: taught
throw: threw thrown
forgive: forgave forgiven
child: children kid kids kiddo kiddos
person: people ppl
picture: pic pics photo photos photograph photographs image images
you: u
are: r
why: y
please: pls plz
what: wat wht
about: abt
because: cuz bc
apology: apologies apologise apologize apologised apologized apologising apologizing
"""

_SHORT_VERBS_IN_E: Final = """
hire fire name pose like love hate move care face vote date rule file note line save
cite fake wipe bake joke race rate time type use wire dine vibe hype site base bite
""".split()

IRREGULAR: Final = {
    form: base
    for line in _FORMS.strip().splitlines()
    for base, _, forms in [line.partition(":")]
    for form in forms.split()
} | {
    form: verb
    for verb in _SHORT_VERBS_IN_E
    for form in (f"{verb}d", f"{verb[:-1]}ing", f"{verb}s")
}
"""A word → the word whose form, abbreviation or synonym in every context it is."""

FILLER: Final = frozenset(
    """
a an the this that these those of to in on at for with from by as and or but so if then
is are be do have can could would will shall should may might must it its im ive
i me my you your we our us pls please thanks thank thx ty cheers tia hi hello hey yo
omg lol lmao lmk ngl tbh imo btw idk bro guy bot umm hmm well ok okay just really
actually basically literally maybe perhaps sorry anyone anybody someone somebody know
wonder wondering ask asking tell explain question quick random honest honestly genuine
wanna gonna like want need help there here also even ever yes no
""".split()
)
"""Words that say little about what is asked: they count a fraction of others."""

_WORDS_FILE: Final = "common.txt"
_NAMES_FILE: Final = "names.txt"


@cache
def common_words() -> frozenset[str]:
    """The common words of English in dictionary form, lower case; no names."""
    return frozenset(_read(_WORDS_FILE).split())


@cache
def common_names() -> frozenset[str]:
    """Names that people ask about, one or more words each, lower case."""
    lines = _read(_NAMES_FILE).splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def _read(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")
