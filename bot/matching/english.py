"""What the matcher knows of English beyond spelling: irregular forms, and filler."""

from functools import cache
from pathlib import Path
from typing import Final


def _lines(name: str) -> list[str]:
    """The lines of a file beside this module, without its notes, which begin with #."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


_FORMS_FILE: Final = "forms.txt"
_SHORT_VERBS_IN_E: Final = """
hire fire name pose like love hate move care face vote date rule file note line save
cite fake wipe bake joke race rate time type use wire dine vibe hype site base bite
""".split()

IRREGULAR: Final = {
    form: base
    for line in _lines(_FORMS_FILE)
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
    return frozenset(word for line in _lines(_WORDS_FILE) for word in line.split())


@cache
def common_names() -> frozenset[str]:
    """Names that people ask about, one or more words each, lower case."""
    return frozenset(_lines(_NAMES_FILE))
