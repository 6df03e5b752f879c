"""What the kept one of two entries shows, and that undoing it takes nothing away."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.joining import joined, parted

Body = dict[str, Any]


def visited(outcome: str, day: int, survey_round: str = "r2") -> Body:
    status = {"completed": "active", "absent": "active"}.get(outcome, outcome)
    current = {"id": f"{outcome} {day}", "outcome": outcome, "round": survey_round}
    return {"status": status, "current": current, "visited_at": f"2026-11-{day:02}T01:00:00Z", "visited_by": "Lan"}


@pytest.mark.parametrize(
    ("kept", "other", "shows_other"),
    [
        ({}, visited("completed", 1), True),
        (visited("completed", 2), {}, False),
        (visited("completed", 1), visited("completed", 2), True),
        (visited("completed", 2), visited("completed", 1), False),
        (visited("completed", 1), visited("refused", 2), False),
        (visited("vacant", 2), visited("completed", 1), True),
        (visited("completed", 1, "r1"), visited("moved", 2), True),
        (visited("completed", 1, "r1"), visited("absent", 2), False),
        (visited("absent", 2), visited("completed", 1, "r1"), True),
        (visited("refused", 1), visited("vacant", 2), True),
    ],
)
def test_which_answers_show(kept: Body, other: Body, shows_other: bool) -> None:
    shown, source = joined(kept, other), other if shows_other else kept
    assert shown.get("current") == source.get("current")
    assert shown.get("status") == source.get("status")
    assert shown.get("visited_at") == source.get("visited_at")


_bodies = st.builds(
    lambda own, visit: own | visit,
    st.fixed_dictionaries(
        {"head_name": st.sampled_from(["Tuấn", "Tuân"]), "status": st.just("active")},
        optional={
            "phone": st.sampled_from(["+84912345678", "+84987654321"]),
            "address": st.sampled_from(["Ngõ Đình", "Xóm Chợ"]),
            "card": st.sampled_from(["K7", "K8"]),
            "ask_again": st.just({"by": "Minh"}),
            "listed_people": st.just([{"name": "Lan"}]),
        },
    ),
    st.one_of(
        st.just({}),
        st.builds(
            visited,
            st.sampled_from(["completed", "absent", "refused", "moved"]),
            st.integers(1, 20),
            st.sampled_from(["r1", "r2"]),
        ),
    ),
)


@given(_bodies, _bodies)
def test_undone_at_once_it_is_as_before(kept: Body, other: Body) -> None:
    after = joined(kept, other)
    assert parted(after, kept, after) == kept
    assert after["head_name"] == kept["head_name"]
    assert {**after, **{key: kept[key] for key in ("phone", "address") if key in kept}} == after, "only what is empty"


@given(_bodies, _bodies, _bodies)
def test_what_came_since_stays(kept: Body, other: Body, later: Body) -> None:
    after = joined(kept, other)
    now = after | {key: value for key, value in later.items() if key in {"head_name", "phone", "current", "visited_at"}}
    undone = parted(now, kept, after)
    for key, value in now.items():
        if value != after.get(key):
            assert undone[key] == value
