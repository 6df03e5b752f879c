"""Thôn: why it does not pass, the doors that would bring what is missing, and the items that people attest."""

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.alleys import alley_of
from survey.coverage import Door, doors_to_knock, shortfall
from survey.criteria import Criterion
from survey.ids import Id
from survey.problems import FIELDS_INVALID, NOT_FOUND, VILLAGE_UNKNOWN
from survey.records import Attestation, Errand, Household
from survey.roles import Action
from survey.vietnamese import collation_key, name_sort_key, parse_count, parse_date
from survey.villages import full_name
from sync_server.access.caller import Caller
from sync_server.coverage import read_coverage
from sync_server.http.deps import DatabaseDep, NowDep, SessionDep, WritersDep
from sync_server.office.pages import draw, problem_page, see_other
from sync_server.office.visitor import AttestingVisitor, CoverageVisitor, ErrandVisitor, FormDep
from sync_server.office.writing import Draft, record
from sync_server.problems import Problem
from sync_server.store.attestations import list_attestations
from sync_server.store.communes import find_criteria_set, list_rounds
from sync_server.store.database import Session
from sync_server.store.stream import list_kind, list_states

router = APIRouter(prefix="/villages/{village}")


@router.get("")
def village_page(request: Request, caller: CoverageVisitor, session: SessionDep, now: NowDep, village: Id) -> Response:
    """The village's report; each line of what is missing opens its households."""
    return draw(request, "village.html", caller, **_read(session, caller, now, village))


@router.get("/doors/{no}")
def doors(
    request: Request, caller: CoverageVisitor, session: SessionDep, now: NowDep, village: Id, no: str
) -> Response:
    """The households where a visit can bring a criterion further, by alley, to be printed."""
    read = _read(session, caller, now, village)
    criterion = _criterion(session, caller, no)
    if criterion.measure is None:
        raise Problem(NOT_FOUND)
    year = list_rounds(session, caller.commune.code)[0].reference_year
    states = list_kind(session, caller.commune.code, "household", [village])
    homes = {state.subject: Household.model_validate(state.to_body()) for state in states}
    found = doors_to_knock(homes.items(), criterion.measure, year)
    by_alley: dict[str, list[tuple[Door, Household]]] = {}
    for door in sorted(found, key=lambda one: _way(homes[one.household])):
        home = homes[door.household]
        by_alley.setdefault(alley_of(home.address) or "Không ghi ngõ", []).append((door, home))
    shown: dict[str, Any] = {
        "criterion": criterion,
        "by_alley": by_alley,
        "doors": found,
        "may_give": caller.may(Action.GIVE_ERRAND),
    }
    return draw(request, "doors.html", caller, **shown, **read)


@router.post("/doors/{no}")
def give_errand(
    request: Request,
    caller: ErrandVisitor,
    writers: WritersDep,
    now: NowDep,
    form: FormDep,
    village: Id,
    no: str,
) -> Response:
    """Put the doors of this criterion on top of the list on the team's phones, or with `end` no longer."""
    caller.check_works_in(village)
    body = {"criterion": None if "end" in form else no}
    verdict = record(writers, caller, now, Draft.of(form), kind="errand", subject=village, village=village, body=body)
    if verdict.problem is not None:
        return problem_page(request, verdict.problem)
    return see_other(f"/villages/{village}/doors/{no}")


@router.post("/attest/{no}")
def attest(
    request: Request,
    caller: AttestingVisitor,
    database: DatabaseDep,
    writers: WritersDep,
    now: NowDep,
    form: FormDep,
    village: Id,
    no: str,
) -> Response:
    """State a yes/no or count item with its evidence. Who loses a race is told what stands now."""
    with database.read() as session:
        caller.check_works_in(village)
        criterion = _criterion(session, caller, no)
    said = form.get("value", "")
    value: bool | int | None = parse_count(said)
    if criterion.kind == "boolean":
        value = {"yes": True, "no": False}.get(said)
    body: dict[str, Any] = {"criterion": no, "not_applicable": said == "not_applicable"}
    body["evidence"] = form.get("evidence", "").strip()
    if value is not None:
        body["value"] = value
    dated = read_evidence_day(form.get("dated", ""))
    body["dated"] = dated.isoformat() if dated else None
    verdict = record(
        writers,
        caller,
        now,
        Draft.of(form),
        kind="attestation",
        subject=form.get("subject", ""),
        village=village,
        body=body,
    )
    if verdict.problem is None:
        return see_other(f"/villages/{village}#c{no}")
    with database.read() as session:
        read = _read(session, caller, now, village)
    return draw(request, "village.html", caller, **read | {"problem": verdict.problem, "problem_at": no})


def read_evidence_day(text: str) -> date | None:
    """The day of an evidence as it was typed, None for none. Raises `Problem` fields-invalid."""
    found = parse_date(text) if text.strip() else None
    if found is None and text.strip():
        raise Problem(FIELDS_INVALID, detail="Ngày của minh chứng: ghi ngày/tháng/năm, ví dụ 20/11/2026.")
    return found


def _read(session: Session, caller: Caller, now: NowDep, village: str) -> dict[str, Any]:
    """What the pages of a village show. Raises `Problem` village-unknown or not-allowed."""
    caller.check_works_in(village)
    coverage = read_coverage(session, caller.commune, [village], now)
    if not coverage.villages:
        raise Problem(VILLAGE_UNKNOWN)
    [report] = coverage.villages
    criteria = {one.no: one for one in find_criteria_set(session, caller.commune.code).criteria}
    attested = {one.criterion: one for one in list_attestations(session, caller.commune.code, [village])}
    drafts = {}
    for no, one in criteria.items():
        if one.source == "attested":
            kept = attested.get(no)
            draft = Draft.new(now, kept.seq if kept else 0)
            drafts[no] = (draft, kept.id if kept else Draft.new(now, 0).change)
    errand = list_states(session, caller.commune.code, village, "errand", [village]).get(village)
    return {
        "errand": Errand.model_validate(errand.to_body()) if errand and errand.body else None,
        "errand_draft": Draft.new(now, errand.seq if errand else 0),
        "report": report,
        "village": report.village,
        "title": full_name(report.village),
        "missing": shortfall(report),
        "criteria": criteria,
        "attested": {no: Attestation.model_validate(one.body) for no, one in attested.items()},
        "drafts": drafts,
        "confirming": {no: Draft.new(now, one.seq) for no, one in attested.items()},
        "problem": None,
        "problem_at": "",
    }


def _criterion(session: Session, caller: Caller, no: str) -> Criterion:
    found = next((one for one in find_criteria_set(session, caller.commune.code).criteria if one.no == no), None)
    if found is None:
        raise Problem(NOT_FOUND)
    return found


def _way(home: Household) -> tuple[str, int, str]:
    return collation_key(home.address), home.number or 0, name_sort_key(home.head_name)
