"""A later visit that keeps all that is known is not merged field by field: what shows is the same."""

import json
from unittest import mock

from hypothesis import given
from hypothesis import strategies as st

from survey.merge import merge_visits
from tests.builders import an_id
from tests.survey.strategies import ANSWERS, PEOPLE, completed_visits, residents


@st.composite
def later_visits(draw, before):
    """A visit to the same household that answers some questions anew, and may forget or add something."""
    later = json.loads(json.dumps(before))
    for one in [later, *later["residents"]]:
        one["answers"] |= draw(st.dictionaries(st.sampled_from([*one["answers"], "signal"]), ANSWERS, max_size=2))
        for key in draw(st.lists(st.sampled_from(sorted(one["answers"]) or ["signal"]), max_size=1)):
            one["answers"].pop(key, None)
    if draw(st.booleans()):
        later["residents"] = draw(st.permutations(later["residents"]))[: draw(st.integers(3, 5))]
    if draw(st.booleans()):
        later["residents"] += draw(residents(PEOPLE[0]).map(lambda one: [one | {"id": an_id(900)}]))
    return later | draw(st.sampled_from([{}, {}, {"note": "x"}, {"left": []}]))


@given(completed_visits.flatmap(lambda before: st.tuples(st.just(before), later_visits(before))))
def test_a_visit_that_keeps_all_that_is_known_shows_as_the_whole_merge_would_show_it(visits):
    before, later = visits
    with mock.patch("survey.merge._adds_to", return_value=False):
        whole = merge_visits(before, before, later)
    assert merge_visits(before, before, later) == whole


@given(completed_visits)
def test_what_nearly_every_visit_does_takes_the_short_way(before):
    with mock.patch("survey.merge._merge_flat", side_effect=AssertionError):
        again = json.loads(json.dumps(before)) | {"note": "again"}
        assert merge_visits(before, before, again).body is again
