"""The bot's own sentences, in the languages there are catalogues of.

A catalogue is a text file beside this one: a line for each sentence, `key: text`.
English is whole; another language says in English what it lacks. Nothing
here knows Discord.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final

LANGUAGES: Final = ("en", "es", "de", "fr", "pt-BR")
"""The languages there are catalogues of, the usual one first."""

_FOLDER: Final = Path(__file__).parent


class Words:
    """The sentences of one language."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._own = catalogue(language)
        self._usual = catalogue(LANGUAGES[0])

    def say(self, key: str, /, **values: object) -> str:
        """The sentence of a key, with its names filled in.

        >>> words("en-GB").say("page", page=1, pages=2)
        'Page 1 of 2'
        """
        text = self._own.get(key) or self._usual[key]
        return text.format_map(values) if values else text

    def told(self, text: str, *, inner: bool = False) -> str:
        """What a room that knows no language says, in this one; else as it is.

        With `inner` it is a part of what is said.

        >>> words("es").told("unknown fact 'bell'; did you mean 'bells'?")
        "hecho 'bell' no existe; ¿querías decir 'bells'?"
        """
        for pattern, template, is_inner in told(self.language):
            if inner >= is_inner and (found := pattern.fullmatch(text)):
                values = {
                    name[-1]: self.told(value, inner=True) if name[0] == "i" else value
                    for name, value in found.groupdict().items()
                }
                return template.format_map({f"_{n}": one for n, one in values.items()})
        return text

    def name_of(self, field: str) -> str:
        """A field's name as people read it; as it is where it is none of ours."""
        return self._own.get(f"field.{field}") or field.replace("_", " ")

    def hint(self, collection: str, field: str) -> str:
        """What to type for a field, or for some together, of a collection's records."""
        own = f"hint.{collection}.{field}"
        return self.say(own if own in self._usual else f"field.{field}.hint")

    def within(self, text: str) -> str:
        """A text as it goes on in a sentence; German keeps the capitals of its nouns.

        >>> words("en").within("Fact by Ann"), words("de").within("Tatsache")
        ('fact by Ann', 'Tatsache')
        """
        return text if self.language == "de" else text[:1].lower() + text[1:]

    def listed(self, names: Sequence[str]) -> str:
        """Names as people list them.

        >>> words("en").listed(["Ann", "Bo", "Cy"]), words("es").listed(["Bo", "Inés"])
        ('Ann, Bo and Cy', 'Bo e Inés')
        """
        *most, last = names
        if not most:
            return last
        # In Spanish "y" is "e" before its own sound.
        is_like = re.match(r"h?[ií](?!e)", last, re.IGNORECASE)
        and_ = self.say("and.like" if is_like else "and")
        return f"{', '.join(most)} {and_} {last}"

    def date(self, written: str, *, short: bool = False) -> str:
        """A date of YYYY, YYYY-MM or YYYY-MM-DD as people write it.

        >>> words("es-ES").date("2022-11-27"), words("en").date("2022-11", short=True)
        ('27 de noviembre de 2022', 'Nov 2022')
        """
        year, *rest = written.split("-")
        return self._dated(year, *rest, short=short) if rest else year

    def _dated(self, year: str, month: str, day: str = "", *, short: bool) -> str:
        size = ".short" if short else ""
        name = self.say(f"months{size}").split()[int(month) - 1]
        if not day:
            return self.say(f"date.month{size}", month=name, year=year)
        return self.say(f"date.day{size}", day=day.lstrip("0"), month=name, year=year)

    def span(self, dates: Sequence[str]) -> str:
        """From the first of some dates to the last, in short; "" for none.

        >>> words("en").span(["2022-12-03", "2022-12-01"])
        '1–3 Dec 2022'
        >>> words("en").span(["2022-11-28", "2023-02"])
        '28 Nov 2022 – Feb 2023'
        >>> words("es").span(["2022-11-28", "2022-12-03"])
        '28 nov – 3 dic 2022'
        """
        if not dates:
            return ""
        first, last = min(dates), max(dates)
        if first[:7] == last[:7] and min(len(first), len(last)) == len("2022-11-27"):
            days = dict.fromkeys(one[8:].lstrip("0") for one in (first, last))
            return self._dated(last[:4], last[5:7], "–".join(days), short=True)
        ends = dict.fromkeys(self.date(one, short=True) for one in (first, last))
        if first[:4] == last[:4] and len(first) > len(first[:4]):
            ends = [one.removesuffix(f" {first[:4]}") for one in [*ends][:-1]] + [
                *ends
            ][-1:]
        return " – ".join(ends)


@cache
def words(locale: object) -> Words:
    """The words for a locale as Discord names it; English for what is not known."""
    asked = str(locale).partition("-")[0].lower()
    found = (one for one in LANGUAGES if one.partition("-")[0] == asked)
    return Words(next(found, LANGUAGES[0]))


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All sentences of a language's file, by key."""
    text = (_FOLDER / f"{language}.txt").read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z][\w.-]*): (.+)$", text, re.MULTILINE))


@cache
def told(language: str) -> Sequence[tuple[re.Pattern[str], str, bool]]:
    """What other rooms say in English, as patterns, and how it is said in a language.

    A line for each: `english => other`. `{0}` is any text, `{0!}` one that is said in
    the language, too; what begins with `!` is said as a part only. The first that fits
    counts.
    """
    path = _FOLDER / f"told.{language}.txt"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return [
        (_pattern(english), _template(other), bool(inner))
        for inner, english, other in re.findall(
            r"^(!?)([^#\n].*) => (.+)$", text, re.MULTILINE
        )
    ]


def _template(other: str) -> str:
    """A text to be filled in; braces around no number are braces."""
    return re.sub(
        r"\{(\d)\}|[{}]", lambda one: f"{{_{one[1]}}}" if one[1] else one[0] * 2, other
    )


def _pattern(english: str) -> re.Pattern[str]:
    """A pattern with a group for each text: `inner_0` where it is to be said, too."""
    parts = re.split(r"\{(\d)(!?)\}", english)
    found = [re.escape(parts[0])]
    for number, inner, after in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        name = f"{'inner' if inner else 'text'}_{number}"
        found.append(f"(?P<{name}>.*?){re.escape(after)}")
    return re.compile("".join(found), re.DOTALL)
