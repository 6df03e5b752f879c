"""Records for tests: valid, complete and plain; a test names only what it is about. All people are made up."""

from datetime import UTC, date, datetime
from importlib.resources import files
from itertools import count
from typing import Any

from survey.criteria import CriteriaSet, Criterion, PassRule
from survey.indicators import Measure, Population
from survey.records import (
    Attestation,
    Commune,
    Consent,
    Household,
    Outcome,
    Resident,
    ResponseBody,
    SurveyRound,
    TeamMember,
    Village,
)
from survey.roles import Role

NOW = datetime(2026, 11, 22, 3, 4, 5, tzinfo=UTC)
YEAR = 2026
HEADS = ("Nguyễn Văn Đức", "Trần Thị Hòa", "Lê Quang Thủy", "Phạm Thị Ánh", "Đỗ Văn Ước", "Bùi Thị Nguyệt")
_numbers = count(1)


def an_id(number: int | None = None) -> str:
    """A valid id: the same for the same number, a new one without a number."""
    return f"01935000-0000-7000-8000-{next(_numbers) + 2**40 if number is None else number:012x}"


def a_commune(**changes: Any) -> Commune:
    return Commune(**({"code": "09052", "name": "Nguyệt Đức", "kind": "xã"} | changes))


def a_village(name: str = "Đinh Xá", **changes: Any) -> Village:
    return Village(**({"id": an_id(), "name": name, "kind": "thôn"} | changes))


def a_round(**changes: Any) -> SurveyRound:
    usual = {"id": an_id(1), "title": "Đợt 1 năm 2026", "criteria_set": "nguyet-duc-demo", "reference_year": YEAR}
    return SurveyRound(**(usual | {"starts_on": date(YEAR, 11, 1)} | changes))


def lan_member(**changes: Any) -> TeamMember:
    return TeamMember(**({"id": an_id(), "name": "Vũ Thị Lan", "role": Role.MEMBER} | changes))


def minh_lead(**changes: Any) -> TeamMember:
    return TeamMember(**({"id": an_id(), "name": "Hoàng Văn Minh", "role": Role.LEAD} | changes))


def hoa_official(**changes: Any) -> TeamMember:
    return TeamMember(**({"id": an_id(), "name": "Đặng Thị Hoa", "role": Role.OFFICIAL} | changes))


def a_resident(**changes: Any) -> Resident:
    """A grown man who is the head and answered nothing yet."""
    usual = {"id": an_id(), "relation": "head", "birth_year": 1980, "sex": "m", "name": None, "answers": {}}
    return Resident(**(usual | changes))


def a_consent(**changes: Any) -> Consent:
    return Consent(**({"given": True, "wording": "2026-11", "method": "spoken", "at": NOW} | changes))


def a_response(**changes: Any) -> ResponseBody:
    """A finished visit; one that got no answers carries neither answers nor residents."""
    outcome = Outcome(changes.get("outcome", Outcome.COMPLETED))
    usual: dict[str, Any] = {
        "household": an_id(2), "round": an_id(1), "outcome": outcome, "started_at": NOW, "ended_at": NOW,
        "consent": a_consent(given=outcome is Outcome.COMPLETED),
    }  # fmt: skip
    if outcome is Outcome.COMPLETED:
        usual |= {"answers": {"has_fixed_internet": "yes"}, "residents": [a_resident()]}
    return ResponseBody(**(usual | changes))


def a_household(head_name: str = HEADS[0], response: ResponseBody | None = None, **changes: Any) -> Household:
    """A household, visited if a response is given."""
    current = response.model_dump(mode="json") if response else None
    return Household(**({"head_name": head_name, "address": "Ngõ 3", "current": current} | changes))


def an_attestation(criterion: str, value: bool | int | None = True, **changes: Any) -> Attestation:
    usual = {"criterion": criterion, "value": value, "evidence": "Biên bản ngày 20/11/2026", "attested_at": NOW}
    return Attestation(**(usual | changes))


ADULTS_WITH_SMARTPHONE = Measure(question="has_smartphone", population=Population(of="residents", age_min=18))
HOUSES_WITH_INTERNET = Measure(question="has_fixed_internet", population=Population(of="households"))
SHOPS_WITHOUT_CASH = Measure(question="accepts_cashless", population=Population(of="businesses"))


def a_ratio(no: str = "1", threshold: str | None = "70", **changes: Any) -> Criterion:
    usual = {"no": no, "title": f"Tiêu chí {no}", "kind": "ratio", "source": "survey", "threshold": threshold}
    return Criterion(**(usual | {"measure": HOUSES_WITH_INTERNET, "denominator_name": "hộ gia đình"} | changes))


def an_attested(no: str = "2", kind: str = "boolean", threshold: str | None = None, **changes: Any) -> Criterion:
    usual = {"no": no, "title": f"Tiêu chí {no}", "kind": kind, "source": "attested", "threshold": threshold}
    return Criterion(**(usual | changes))


def a_criteria_set(*criteria: Criterion, n: int | None = None, **changes: Any) -> CriteriaSet:
    """A complete set of the given criteria: all must be met, or `n` of them."""
    usual: dict[str, Any] = {"code": "thu", "title": "Bộ tiêu chí thử", "issuer": "UBND xã", "document": "Thử 1/2026"}
    rule = PassRule(kind="n_of_m", n=n) if n else PassRule()
    return CriteriaSet(**(usual | {"criteria": list(criteria), "pass_rule": rule} | changes))


def demo_set() -> CriteriaSet:
    """The demo's criteria set, as it is shipped."""
    text = (files("survey") / "criteria_sets" / "nguyet-duc-demo.json").read_text(encoding="utf-8")
    return CriteriaSet.model_validate_json(text)
