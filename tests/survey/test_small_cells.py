"""Small counts: what is hidden of a ratio, and what readers work out, by trying every table they may think of."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations_with_replacement, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.criteria import Result
from survey.small_cells import SMALLEST, Cell, PublishedCriterion, audit, hide_small
from tests.pace import LONG

Table = Sequence[tuple[int, int]]


def reached(yes: int, n: int) -> bool:
    return 100 * yes >= 80 * n


def everybody(yes: int, n: int) -> bool:
    return yes == n


def hide(table: Table, threshold=reached) -> PublishedCriterion:
    return hide_small([a_cell(place, yes, n, threshold) for place, (yes, n) in enumerate(table)], threshold)


def a_cell(place: int, yes: int, n: int, threshold=reached) -> Cell:
    met = Result.MET if n and threshold(yes, n) else Result.NOT_MET
    return Cell(f"thôn {place}", yes, n, met if n else Result.NOT_APPLICABLE)


def counts(published: PublishedCriterion) -> list[int | None]:
    return [cell.yes for cell in published.cells]


def is_small(yes: int, n: int) -> bool:
    return 0 < yes < 5 or 0 < n - yes < 5


def tables(most: int, villages: int = 20) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Tables of few or many villages of any size, where few, or nearly all, say yes more often than by chance."""

    def count(n: int) -> st.SearchStrategy[tuple[int, int]]:
        near = st.integers(0, min(n, 6))
        return st.tuples(st.one_of(near, near.map(lambda no: n - no), st.integers(0, n)), st.just(n))

    sizes = st.one_of(st.integers(0, 12), st.integers(0, most))
    return st.lists(sizes.flatmap(count), min_size=1, max_size=villages)


@given(tables(900))
def test_what_is_shown_is_exact_and_not_small(table):
    published = hide(table)
    assert [cell.n for cell in published.cells] == [n for _, n in table]
    assert published.n == sum(n for _, n in table)
    assert published.yes in (None, sum(yes for yes, _ in table))
    for cell, (yes, n) in zip(published.cells, table, strict=True):
        assert cell.yes in (None, yes)
        assert cell.yes is None or not is_small(yes, n)
        assert n or cell.yes == 0
    if published.yes is None:
        assert [n for (_, n), cell in zip(table, published.cells, strict=True) if cell.yes is not None and n] == []


@given(tables(900))
def test_a_hidden_count_is_one_of_many_possible(table):
    published = hide(table)
    possible = audit(published)
    assert list(possible) == [cell.village for cell in published.cells if cell.yes is None]
    for place, (yes, n) in enumerate(table):
        found = possible.get(f"thôn {place}")
        if found is not None:
            assert yes in found
            assert len(found) >= min(6, n + 1)


@given(tables(900))
def test_what_all_hidden_villages_have_together_is_not_small(table):
    published = hide(table)
    hidden = [(yes, n) for (yes, n), cell in zip(table, published.cells, strict=True) if cell.yes is None]
    if hidden and published.yes is not None:
        assert not is_small(sum(yes for yes, _ in hidden), sum(n for _, n in hidden))


@given(tables(200))
def test_nothing_is_hidden_without_a_small_count(table):
    if any(is_small(yes, n) for yes, n in table):
        return
    assert counts(hide(table)) == [yes for yes, _ in table]


@given(tables(200))
def test_hiding_looks_at_no_threshold_and_takes_no_as_it_takes_yes(table):
    hidden = [yes is None for yes in counts(hide(table))]
    assert [yes is None for yes in counts(hide(table, everybody))] == hidden
    assert [yes is None for yes in counts(hide([(n - yes, n) for yes, n in table]))] == hidden


@given(tables(60, villages=6), st.sampled_from([reached, everybody]))
def test_the_result_of_a_hidden_village_tells_nothing(table, threshold):
    published = hide(table, threshold)
    for cell in published.cells:
        if cell.yes is None and cell.result is not None:
            told = [yes for yes in audit(published)[cell.village] if threshold(yes, cell.n) == (cell.result == "met")]
            assert len(told) == len(audit(published)[cell.village])


def all_counts(sizes: Iterable[int]) -> Iterable[tuple[int, ...]]:
    return product(*(range(n + 1) for n in sizes))


def what_readers_think(sizes: tuple[int, ...], threshold) -> dict[PublishedCriterion, list[tuple[int, ...]]]:
    """Every table of villages of these sizes, by what is published of it."""
    found = defaultdict(list)
    for answers in all_counts(sizes):
        found[hide(list(zip(answers, sizes, strict=True)), threshold)].append(answers)
    return found


def fits(published: PublishedCriterion, threshold) -> list[tuple[int, ...]]:
    """Every table with the figures, the sum and the results that are shown."""
    tried = product(*(range(cell.n + 1) if cell.yes is None else [cell.yes] for cell in published.cells))
    return [
        answers
        for answers in tried
        if published.yes in (None, sum(answers))
        and all(
            cell.result in (None, a_cell(0, yes, cell.n, threshold).result)
            for cell, yes in zip(published.cells, answers, strict=True)
        )
    ]


def try_all(sizes: tuple[int, ...], threshold) -> None:
    """A reader of the figures alone finds six counts possible, as `audit` says; one who knows the method, four."""
    for published, same in what_readers_think(sizes, threshold).items():
        believed = fits(published, threshold)
        possible = audit(published)
        for place, cell in enumerate(published.cells):
            if cell.yes is not None:
                continue
            values = {answers[place] for answers in believed}
            assert values == set(possible[cell.village]), published
            assert len(values) >= min(6, cell.n + 1), published
            assert len({answers[place] for answers in same}) >= min(4, cell.n + 1), published


@pytest.mark.parametrize("threshold", [reached, everybody])
@pytest.mark.parametrize(
    "sizes", [(1,), (9,), (5, 5), (6, 8), (0, 8, 11), (3, 4, 8), (6, 7, 8), (8, 9, 10), (6, 12, 9)]
)
def test_every_table_of_a_few_small_villages(sizes, threshold):
    try_all(sizes, threshold)


@pytest.mark.skipif(not LONG, reason="make long: a minute")
@pytest.mark.slow
@pytest.mark.parametrize(("villages", "most"), [(1, 30), (2, 20), (3, 11), (4, 8)])
def test_every_table_of_small_villages(villages, most):
    for sizes in combinations_with_replacement(range(most + 1), villages):
        try_all(sizes, reached)


@pytest.mark.skipif(not LONG, reason="make long: a minute")
@pytest.mark.slow
@pytest.mark.parametrize("sizes", [(12, 12, 12), (12, 9, 20), (6, 30, 12), (10, 20, 25), (4, 6, 7, 8), (8, 9, 10, 8)])
def test_every_table_of_larger_villages(sizes):
    try_all(sizes, everybody)


def test_an_ordinary_commune_hides_nothing():
    table = [(310, 402), (188, 240), (95, 131), (420, 505), (77, 90)]
    published = hide(table)
    assert counts(published) == [yes for yes, _ in table]
    assert (published.yes, published.n) == (1090, 1368)
    assert [cell.result for cell in published.cells] == ["not_met", "not_met", "not_met", "met", "met"]


def test_nobody_and_everybody_are_shown_unless_the_village_is_small():
    assert counts(hide([(0, 40), (40, 40), (20, 40), (0, 0)])) == [0, 40, 20, 0]
    assert counts(hide([(0, 4), (3, 3), (6, 12), (20, 40), (50, 100)])) == [None, None, None, 20, 50]


def test_one_hidden_village_is_never_alone():
    assert counts(hide([(3, 40), (20, 60), (30, 80)])) == [None, None, 30]


@pytest.mark.parametrize("few", [1, 2, 4])
def test_two_hidden_villages_with_few_yes_between_them_take_a_third(few):
    published = hide([(few, 40), (0, 30), (20, 50), (30, 80)])
    assert counts(published) == [None, None, None, 30]
    assert [yes is None for yes in counts(hide([(40 - few, 40), (30, 30), (20, 50), (30, 80)]))] == [True] * 3 + [False]


def test_if_nothing_is_left_to_hide_the_sum_is_hidden():
    published = hide([(3, 40), (0, 60), (0, 0)])
    assert counts(published) == [None, None, 0]
    assert (published.yes, published.n) == (None, 100)
    assert [cell.result for cell in published.cells] == [None, None, "not_applicable"]
    assert hide([(3, 4)]).yes is None
    assert (hide([]).yes, hide([]).n) == (0, 0)


def test_small_villages_do_not_hide_a_whole_commune():
    """Their interval cannot be wider than their people are many."""
    published = hide([(1, 2), (2, 3), (8, 14), (30, 60)])
    assert (counts(published), published.yes) == ([None, None, None, 30], 41)


def test_who_knows_that_the_smallest_is_added_learns_no_count():
    """Of 6 and 100 people 10 say yes: the larger is hidden for its own sake, so these would be 6 and 4."""
    assert counts(hide([(6, 6), (4, 100), (20, 50), (30, 60)])) == [None, None, None, 30]


def test_a_result_does_not_tell_what_its_count_does_not():
    """Nobody says no, or nine do: to see that it is met would tell that it is nobody."""
    published = hide([(40, 40), (47, 50), (30, 60), (90, 90)], everybody)
    assert counts(published) == [None, None, None, 90]
    assert [cell.result for cell in published.cells] == [None, None, None, "met"]


def test_a_result_that_a_reader_knows_anyway_stays():
    published = hide([(98, 100), (50, 60), (60, 200)], lambda yes, n: 2 * yes >= n)
    assert audit(published) == {"thôn 0": range(88, 101), "thôn 1": range(48, 61)}
    assert [(cell.yes, cell.result) for cell in published.cells[:2]] == [(None, "met"), (None, "met")]


def test_the_smallest_count_shown_can_be_chosen():
    cells = [a_cell(0, 7, 40), a_cell(1, 20, 50), a_cell(2, 30, 90)]
    assert SMALLEST == 5
    assert counts(hide_small(cells, reached)) == [7, 20, 30]
    assert counts(hide_small(cells, reached, smallest=10)) == [None, None, 30]
