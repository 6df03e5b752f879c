"""The doors that bring a village to its goal: enough of them, the nearest first, and by when."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from survey.coverage import Door, Missing
from survey.criteria import Result
from survey.nearest import LONGEST_DAYS, by_way, done_by, way_to_pass
from survey.times import vietnam_day
from tests.builders import NOW

doors = st.lists(
    st.builds(
        Door,
        household=st.uuids().map(str),
        answered_no=st.integers(0, 5),
        unknown=st.integers(0, 3),
        unvisited=st.just(False),
    ),
    unique_by=lambda door: door.household,
)


def a_lack(count: int, result: Result = Result.NOT_MET) -> Missing:
    return Missing("1", "Có tài khoản", count, "residents", result)


@given(doors, st.integers(1, 30))
def test_the_first_doors_are_enough_and_one_fewer_is_not(given_doors: list[Door], count: int) -> None:
    way = way_to_pass(a_lack(count), given_doors)
    gains = [door.answered_no for door in way.doors]
    assert sorted(gains, reverse=True) == gains
    if way.enough:
        assert sum(gains[: way.enough]) >= count > sum(gains[: way.enough - 1])
    else:
        assert sum(gains) < count


def test_where_nobody_was_asked_the_unvisited_doors_count() -> None:
    unvisited = [Door(str(place), 0, 0, unvisited=True) for place in range(3)]
    known = [Door("no", 2, 0, unvisited=False), Door("unclear", 0, 1, unvisited=False)]
    way = way_to_pass(a_lack(2, Result.NOT_ENOUGH_DATA), [*known, *unvisited])
    assert way.enough == 2
    assert [door.unvisited for door in way.doors] == [True, True, True, False]
    assert "no" not in [door.household for door in way.doors]
    assert way_to_pass(a_lack(4, Result.NOT_ENOUGH_DATA), [*known, *unvisited]).enough == 0


@given(doors, st.data())
def test_the_way_begins_where_the_member_stands_and_leaves_nobody_out(
    given_doors: list[Door], data: st.DataObject
) -> None:
    order = [door.household for door in given_doors]
    start = data.draw(st.sampled_from([*order, "elsewhere", None]))
    way = [door.household for door in by_way(given_doors[::-1], order, start)]
    here = order.index(start) if start in order else 0
    assert way == order[here:] + order[:here]


def test_the_day_follows_from_the_pace_of_the_last_weeks() -> None:
    fortnight = [NOW - timedelta(days=day) for day in range(14)]
    assert done_by(7, fortnight, NOW) == vietnam_day(NOW + timedelta(days=14))
    assert done_by(7, [NOW - timedelta(days=40)], NOW) is None
    assert done_by(7, [NOW + timedelta(days=1)], NOW) is None, "a clock that runs ahead is no pace"
    assert done_by(LONGEST_DAYS, [NOW], NOW) is None
