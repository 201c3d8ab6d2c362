"""The generated base that speed is measured on: the same every time, shaped as said."""

from tests.benchmarks.generated import Base, base, queries


def words(made: Base) -> list[str]:
    """All the words of a base's wordings, in order."""
    texts = (text for entry in made.stored for text in entry.wordings)
    return [word for text in texts for word in text.lower().rstrip("?").split()]


def test_a_seed_gives_one_base() -> None:
    """The same seed gives the same base and questions, another seed others."""
    assert base(600) == base(600)
    assert queries(base(600), 50) == queries(base(600), 50)
    assert base(600) != base(600, seed=2)
    assert queries(base(600), 50) != queries(base(600), 50, seed=2)


def test_a_base_has_the_size_that_is_asked_for() -> None:
    """Every wording counts as one stored question."""
    for size in (1, 499, 500):
        assert sum(len(entry.wordings) for entry in base(size).stored) == size


def test_a_larger_base_begins_with_the_smaller() -> None:
    """Sizes differ in nothing but how much there is."""
    small, large = base(600).stored, base(1200).stored
    assert large[: len(small) - 1] == small[:-1]


def test_the_vocabulary_grows_ever_more_slowly() -> None:
    """Ten times the base has more words, but far from ten times as many."""
    few, many = len(set(words(base(600)))), len(set(words(base(6000))))
    assert 2 * few < many < 7 * few


def test_some_questions_have_no_answer() -> None:
    """Most questions are answered by a stored entry, and some by none."""
    made = base(2000)
    asked = queries(made, 200)
    stored = {entry.id for entry in made.stored}
    answers = [query.answer for query in asked]
    assert 10 < answers.count(None) < 60
    assert {answer for answer in answers if answer is not None} <= stored
