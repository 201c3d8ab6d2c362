"""Fit the weights of the matcher's model, and tell how good they are.

    python -m tests.benchmarks.fit [--dry | --price | --ways | --sentences FOLDER]

reads the stories and their labelled questions (`labelled.py`), measures every candidate
of every question, fits, and writes `bot/matching/weights.json`. The same data give the
same file. Printed is what each story gets from weights that were fitted on the others,
with the half width of the 95 % interval of each kind of figure. `--price` prints what
each group of features is worth, and `--ways` what ways of asking are, as tables. With
`--sentences`, only the models for a sentence model are fitted, with the one in that
folder, and the others stay as they are; without it, those for one stay.

Some stories are frozen (`FROZEN`): nothing is fitted on them, no constant is chosen by
them, and what is printed for them last is what a new story can expect.
"""

import argparse
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from math import sqrt
from pathlib import Path
from typing import Final

from bot.matching import weights as models
from bot.matching.vectors import Vectors, word_vectors
from bot.operating.meaning_model import Unusable, read
from tests.benchmarks.fitting import (
    Fitted,
    Names,
    Row,
    above,
    fit,
    names_for,
    rounded,
    rows_of,
    short,
)
from tests.benchmarks.judging import (
    PARTS,
    Judged,
    cut_for,
    judged,
    offer_for,
    part_of,
    told,
)
from tests.benchmarks.labelled import (
    base,
    folders,
    lines_of,
    thinned,
    without_some,
)
from tests.benchmarks.pairs import pairs_of
from tests.benchmarks.sameness import fit_same, show_same

FILE: Final = Path(models.__file__).with_name(models.FILE)
REAL: Final = ("crowdstrike", "evergiven", "rubiales", "unity")
"""Stories of real events, and the ways of asking them of people who had followed those:
the cuts are measured on these. Invented stories were asked by people who knew nothing
of them but the answers, and avoided their words: they are harder, and fitted on."""

FROZEN: Final = ("breach", "singer")
INVENTED: Final = 0.4
"""What a question about an invented story counts, beside one about a real one."""

DENSE: Final = 0.5
"""What one about the bundled story counts, of which there are many more."""

OWN: Final = 0.15
"""What a row counts that the dense story made of itself, beside a labelled one."""

THINNED: Final = (6, 15)
"""Ways of asking that the dense story is thinned to, beside the whole of it."""

BOTHERED: Final = 0.1
"""What share of off-topic questions may be offered something."""

BOTHERED_DENSE: Final = 0.05
"""The same of a story of many ways: it can tell better."""

RATES: Final = (0.01, 0.02, 0.03, 0.05, 0.08, 0.12, 0.2)
USUAL: Final = RATES.index(0.05)
GROUPS: Final = (
    *("wordings", "coverage", "meaning", "guards", "lead", "question", "density"),
)


def main() -> None:
    """Measure, fit, print, and write the weights."""
    parser = argparse.ArgumentParser(description="Fit the matcher's model.")
    parser.add_argument("--dry", action="store_true", help="write nothing")
    parser.add_argument(
        "--price", action="store_true", help="of each group of features"
    )
    parser.add_argument(
        "--ways", action="store_true", help="what more of them are worth"
    )
    parser.add_argument("--sentences", type=Path, help="a sentence model's folder")
    options = parser.parse_args()
    if options.price:
        return price()
    if options.ways:
        return of_ways()
    variants: dict[str, models.Variant] = {}
    figures: dict[str, dict[str, float]] = {}
    for kind, vectors in kinds(options.sentences).items():
        rows = list(measured(fitted_on(), vectors))
        used = names_for("", vectors=vectors is not None)
        out, dense = left_out(rows, used)
        print(f"{kind}")
        variants[kind] = variant(fit(rows, used), out, dense)
        figures |= report(kind, variants[kind], out, dense, vectors)
    parts: dict[str, models.Variant | models.Linear] = {**variants}
    if "words" in parts:
        pairs = [pair for name in fitted_on() for pair in pairs_of(name)]
        show_same(pairs)
        parts["same"] = rounded(fit_same(pairs))
    if not options.dry:
        write(parts, figures)
    return None


def kinds(sentences: Path | None) -> dict[str, Vectors | None]:
    """The vectors of each variant that is fitted."""
    if sentences is None:
        return {"words": None, "vectors": word_vectors()}
    found = read(sentences, None, word_vectors())
    if isinstance(found, Unusable):
        raise SystemExit(f"{found.says}; {found.mend}")
    return {"sentences": found}


def variant(
    whole: Fitted, out: Sequence[Judged], dense: Sequence[Judged]
) -> models.Variant:
    """What is written of one kind of evidence; cuts are those of what was left out."""
    real = of_real(out)
    return models.Variant(
        ranker=rounded(whole.ranker),
        verifier=rounded(whole.verifier),
        about=rounded(whole.about),
        cuts=tuple(
            models.Cut(rate, above(cut_for(rate, real)), above(cut_for(rate, dense)))
            for rate in RATES
        ),
        few=short(ways_of(REAL)),
        many=short(ways_of(["bundled"])),
        offer=models.Cut(
            BOTHERED,
            above(offer_for(real, BOTHERED)),
            above(offer_for(dense, BOTHERED_DENSE)),
        ),
    )


def report(
    kind: str,
    made: models.Variant,
    out: Sequence[Judged],
    dense: Sequence[Judged],
    vectors: Vectors | None,
) -> dict[str, dict[str, float]]:
    """Print what was reached on questions that were left out; the figures to keep."""
    frozen = [
        row
        for name in FROZEN
        if name in folders()
        for row in rows_of(base(name), 1.0, vectors)
    ]
    fitted = Fitted(made.ranker, made.verifier, made.about)
    cut = made.cuts[USUAL]
    groups = {
        **{name: [j for j in out if j.first.row.story == name] for name in fitted_on()},
        "real": of_real(out),
        "invented": [one for one in out if one.first.row.story not in REAL],
        "frozen": judged(frozen, fitted),
    }
    del groups["bundled"]
    for name, found in groups.items():
        show(name, found, cut.few, made.offer.few)
    show("dense", dense, cut.many, made.offer.many)
    for one in made.cuts:
        show(f"real at {one.share}", of_real(out), one.few, made.offer.few)
        show(f"dense at {one.share}", dense, one.many, made.offer.many)
    kept = {name: groups[name] for name in ("real", "invented", "frozen")}
    figures = {
        f"{kind}, {name}": told(found, cut.few, made.offer.few)
        for name, found in kept.items()
    }
    figures[f"{kind}, dense"] = told(dense, cut.many, made.offer.many)
    return {
        name: {what: round(value, 1) for what, value in found.items()}
        for name, found in figures.items()
    }


def write(
    parts: Mapping[str, models.Variant | models.Linear],
    figures: dict[str, dict[str, float]],
) -> None:
    """Write the model; its date is the day on which it last became another."""
    before = json.loads(FILE.read_text(encoding="utf-8"))
    today = datetime.now(UTC).date().isoformat()
    kept = {k: v for k, v in before["made"].items() if k.split(",")[0] not in parts}
    of = "sentences data" if "sentences" in parts else "data"
    made = {**kept, of: data_hash(fitted_on()), "date": kept["date"], **figures}
    dumped = {name: json.loads(one.model_dump_json()) for name, one in parts.items()}
    new = {**before, **dumped, "made": made}
    if new != before:
        new["made"] = {**made, "date": today}
    models.Model.model_validate(new)
    FILE.write_text(json.dumps(new, indent=1) + "\n", encoding="utf-8")


def price() -> None:
    """What the figures of left-out questions are without each group of features."""
    rows = list(measured(fitted_on(), word_vectors()))
    print("| without | " + " | ".join(SHOWN) + " |")
    print("| --- " * (len(SHOWN) + 1) + "|")
    for group in ("", *GROUPS):
        out, dense = left_out(rows, names_for(group, vectors=True))
        for label, found in (("few ways", of_real(out)), ("many ways", dense)):
            offer = offer_for(of_real(out), BOTHERED)
            cut = cut_for(RATES[USUAL], found)
            figures = told(found, cut, offer)
            cells = " | ".join(f"{figures[name]:.1f}" for name in SHOWN)
            print(f"| {group or 'nothing'}, {label} | {cells} |", flush=True)


def of_ways() -> None:
    """What left-out questions get where fewer ways of asking are known."""
    rows = list(measured(fitted_on(), word_vectors()))
    used = names_for("", vectors=True)
    print("| ways of asking an entry | " + " | ".join(SHOWN) + " |")
    print("| --- " * (len(SHOWN) + 1) + "|")
    for label, names, ways in (
        *((f"{ways}, real stories", REAL, ways) for ways in (1, 2, 4, 99)),
        *((f"{ways}, bundled", ("bundled",), ways) for ways in (4, 8, 16, 99)),
    ):
        found: list[Judged] = []
        for name in names:
            thin = rows_of(thinned(base(name), ways), 1.0, word_vectors())
            for part in range(PARTS):
                kept = [
                    row
                    for row in rows
                    if story_of(row) != name
                    or (name == "bundled" and part_of(row.question) != part)
                ]
                asked = [row for row in thin if part_of(row.question) == part]
                found += judged(asked, fit(kept, used))
        # One cut for all: what was measured on stories of few, or of many, ways.
        made = models.model().vectors
        known = min(ways, made.many if len(names) == 1 else made.few)
        cut = made.cut(RATES[USUAL], known)
        figures = told(found, cut, made.offer_from(known))
        cells = " | ".join(f"{figures[name]:.1f}" for name in SHOWN)
        print(f"| {label} | {cells} |", flush=True)


SHOWN: Final = (
    "first",
    "in three",
    "right",
    "wrong",
    "helped",
    "silence",
    "near-topic answered",
    "off-topic answered",
    "off-topic offered",
    "misleading",
)


def fitted_on() -> list[str]:
    """The stories that are fitted on: all but the frozen ones."""
    return [name for name in folders() if name not in FROZEN]


def left_out(rows: Sequence[Row], used: Names) -> tuple[list[Judged], list[Judged]]:
    """What models make of questions that they were not fitted on.

    First those of sparse stories, each by a model of all other stories; then those of
    the dense one, each quarter by a model of all but that quarter.
    """
    out: list[Judged] = []
    dense: list[Judged] = []
    for name in fitted_on():
        own = [row for row in rows if row.story == name]
        others = [row for row in rows if story_of(row) != name]
        if name != "bundled":
            out += judged(own, fit(others, used))
            continue
        for part in range(PARTS):
            kept = [row for row in rows if story_of(row) == name]
            kept = [row for row in kept if part_of(row.question) != part]
            asked = [row for row in own if part_of(row.question) == part]
            dense += judged(asked, fit([*others, *kept], used))
    return out, dense


def of_real(found: Iterable[Judged]) -> list[Judged]:
    """What is about real stories."""
    return [one for one in found if one.first.row.story in REAL]


def story_of(row: Row) -> str:
    """The story of a row, thinned or not."""
    return row.story.split(",")[0]


def ways_of(names: Iterable[str]) -> float:
    """The mean number of ways of asking an entry, over some stories."""
    counts = [
        len(one.asks)
        for name in names
        for one in base(name).targets
        if not one.is_silent
    ]
    return sum(counts) / len(counts)


def show(label: str, found: Sequence[Judged], cut: float, offer: float) -> None:
    """Print figures in a line; behind the label, how far chance may move a share."""
    covered = sum(one.first.row.kind == "in_scope" for one in found)
    margin = 98 / sqrt(covered) if covered else 0.0
    figures = ", ".join(
        f"{name} {value:.1f}" for name, value in told(found, cut, offer).items()
    )
    print(f"{label:15} ±{margin:.0f} from {cut:.3f}: {figures}", flush=True)


def data_hash(names: Iterable[str]) -> str:
    """A hash of the questions of stories, and of those stories but the bundled one."""
    parts = (part for name in names for part in lines_of(name))
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def measured(names: Iterable[str], vectors: Vectors | None) -> Iterable[Row]:
    """The questions of all stories; the dense one also with few ways of asking."""
    for name in names:
        story = base(name)
        if name != "bundled":
            yield from rows_of(story, 1.0 if name in REAL else INVENTED, vectors)
            continue
        yield from rows_of(story, DENSE, vectors)
        for ways in THINNED:
            yield from rows_of(thinned(story, ways), DENSE / 2, vectors)
        yield from rows_of(without_some(story), OWN * DENSE, vectors)


if __name__ == "__main__":
    main()
