"""Visits and households for Hypothesis: small worlds in which the same people and answers meet often."""

from typing import Any

from hypothesis import strategies as st

from survey.merge import Body
from survey.records import Household
from tests.builders import NOW, a_household, an_id

ANSWERS = st.sampled_from(["yes", "no", "unknown", None])
PEOPLE = [an_id(number) for number in range(100, 105)]
_NAMES = st.sampled_from([None, "Trần Thị Hòa", "Đỗ Văn Ước"])


def _answers(*keys: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(st.sampled_from(keys), ANSWERS)


def residents(who: str) -> st.SearchStrategy[Body]:
    """One of the five people as somebody wrote them down: every field may differ from what another visit wrote.

    The decade of birth tells them apart, so none is a twin of another.
    """
    decade = 1960 + 10 * PEOPLE.index(who)
    return st.fixed_dictionaries(
        {
            "id": st.just(who),
            "relation": st.sampled_from(["head", "spouse", "child"]),
            "birth_year": st.integers(decade, decade + 2),
            "sex": st.sampled_from("mf"),
            "name": _NAMES,
            "answers": _answers("has_smartphone", "has_payment_account"),
        }
    )


def _lists(people: list[str]) -> st.SearchStrategy[list[Body]]:
    return st.lists(st.sampled_from(people), unique=True).flatmap(
        lambda chosen: st.tuples(*(residents(who) for who in chosen)).map(list)
    )


def visits_with(people: st.SearchStrategy[list[Body]]) -> st.SearchStrategy[Body]:
    """Completed visits that met these people."""
    return st.fixed_dictionaries(
        {
            "household": st.just(an_id(2)),
            "outcome": st.just("completed"),
            "answers": _answers("has_fixed_internet", "has_digital_address", "runs_business", "accepts_cashless"),
            "residents": people,
        }
    )


completed_visits = visits_with(_lists(PEOPLE))
closed_doors: st.SearchStrategy[Body] = st.sampled_from(["refused", "absent", "vacant", "moved"]).map(
    lambda outcome: {"household": an_id(2), "outcome": outcome, "answers": {}, "residents": []}
)
any_visits = st.one_of(completed_visits, completed_visits, closed_doors)


def told(visit: Body | None) -> dict[tuple[str, ...], Any]:
    """Everything that a visit knows, by path; who lives there is a thing known."""
    known: dict[tuple[str, ...], Any] = {
        ("answers", key): value for key, value in (visit or {"answers": {}})["answers"].items()
    }
    for resident in (visit or {"residents": []})["residents"]:
        who = resident["id"]
        known["residents", who] = True
        known |= {("residents", who, key): resident.get(key) for key in ("relation", "birth_year", "sex", "name")}
        known |= {("residents", who, "answers", key): value for key, value in resident["answers"].items()}
    return {path: value for path, value in known.items() if value not in (None, "unknown")}


@st.composite
def households(draw: st.DrawFn) -> Household:
    """A household of a village's list: visited or not, of any status."""
    visit = draw(st.one_of(st.none(), any_visits))
    status = draw(st.sampled_from(["active", "active", "active", "refused", "moved", "vacant"]))
    current = visit and visit | {"round": an_id(1), "started_at": NOW.isoformat(), "ended_at": NOW.isoformat()}
    return a_household(status=status).model_copy(update={"current": current})
