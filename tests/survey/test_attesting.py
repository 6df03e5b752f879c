"""What stands after an item was attested, and which items a signature would pass over."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from survey.attesting import attest, open_items
from tests.builders import a_criteria_set, a_ratio, an_attestation, an_attested

Body = dict[str, Any]
BODIES = st.fixed_dictionaries(
    {"criterion": st.just("3"), "value": st.sampled_from([True, False])},
    optional={
        "evidence": st.sampled_from(["", "Biên bản", "Quyết định"]),
        "dated": st.sampled_from([None, "2026-11-20", "2026-11-21"]),
    },
)
STEPS = st.lists(st.tuples(BODIES, st.booleans(), st.booleans()), min_size=1, max_size=6)
SAID = {"value": None, "evidence": "", "dated": None}


def said(body: Body) -> tuple[Any, ...]:
    return tuple(body.get(name) or default for name, default in SAID.items())


@given(STEPS)
def test_only_an_official_confirms_and_only_what_stands(steps: list[tuple[Body, bool, bool]]) -> None:
    before: Body | None = None
    for place, (sent, is_official, has_seen) in enumerate(steps):
        by = "Hoa" if is_official else "Minh"
        kept = dict(before or {})
        after = attest(before, sent, by=by, at=str(place), is_official=is_official, has_seen=has_seen)
        assert before is None or before == kept, "what stood is not written into"
        if "confirmed_by" in after:
            assert after["confirmed_by"] == "Hoa"
            assert is_official or said(after) == said(kept), "a lead who changes something makes it unconfirmed"
        if is_official and after is not before and has_seen:
            assert after["confirmed_at"] == str(place)
        if is_official and not has_seen and before and said(sent)[0] == said(kept)[0]:
            assert said(after) == said(kept), "nothing that was not seen is replaced by the same value"
        if after.get("attested_by") == "Minh" and is_official and before:
            for name in ("value", "evidence", "dated"):
                assert not kept.get(name) or after.get(name) == kept[name], "no other evidence under the lead's name"
        before = after


def test_what_a_signature_would_pass_over() -> None:
    criteria = a_criteria_set(a_ratio("1"), an_attested("2"), an_attested("3", kind="count"))
    confirmed = {"confirmed_by": "Đặng Thị Hoa"}
    attested = {
        "a": {"2": an_attestation("2"), "3": an_attestation("3", 2, **confirmed)},
        "b": {"2": an_attestation("2", None), "3": an_attestation("3", None, not_applicable=True)},
    }
    found = open_items(criteria, ["b", "a", "c"], attested)
    assert found.not_attested == [("b", "2"), ("c", "2"), ("c", "3")]
    assert found.not_confirmed == [("b", "3"), ("a", "2")]
    assert open_items(criteria, [], attested).not_attested == []
