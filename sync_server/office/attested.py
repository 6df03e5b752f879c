"""Thôn xác nhận: the yes/no and count items of all villages on one page, and the commune's word that they are right."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from survey.attesting import open_items
from survey.criteria import Criterion
from survey.ids import Id
from survey.problem_shapes import ProblemDetails, describe
from survey.problems import EDITS_DIFFER, NOT_FOUND
from survey.records import Attestation, Village
from survey.wire import VerdictReply
from sync_server.access.caller import Caller
from sync_server.http.deps import DatabaseDep, NowDep, SessionDep, WritersDep
from sync_server.office.pages import draw, see_other
from sync_server.office.visitor import AttestingVisitor, ConfirmingVisitor, FormDep
from sync_server.office.writing import Draft, record
from sync_server.problems import Problem
from sync_server.store.attestations import KeptAttestation, list_attestations
from sync_server.store.communes import find_criteria_set
from sync_server.store.database import Session
from sync_server.store.villages import list_villages

router = APIRouter(prefix="/attested")
_CHANGED = "Vừa có người ghi lại mục này. Anh/chị xem điều đang ghi rồi duyệt nếu đúng."


@dataclass(frozen=True)
class Item:
    """One village's item as the page shows it; `draft` and `subject` are None where nobody attested it."""

    criterion: Criterion
    said: Attestation | None
    draft: Draft | None
    subject: str

    @property
    def waits(self) -> bool:
        return self.said is not None and not self.said.confirmed_by and self.is_answered

    @property
    def is_answered(self) -> bool:
        return self.said is not None and (self.said.value is not None or self.said.not_applicable)


@router.get("")
def attested_page(request: Request, caller: AttestingVisitor, session: SessionDep, now: NowDep) -> Response:
    """Every item of the caller's villages: whether it is attested, by whom and on what evidence, and confirmed."""
    return _draw(request, caller, session, now)


@router.post("/{village}/confirm")
def confirm(
    request: Request,
    caller: ConfirmingVisitor,
    database: DatabaseDep,
    writers: WritersDep,
    now: NowDep,
    form: FormDep,
    village: Id,
) -> Response:
    """Confirm what the page showed of a village: one item (`only`), or all that wait. What somebody has changed since
    the page was drawn is not confirmed, and this is said."""
    caller.check_works_in(village)
    with database.read() as session:
        kept = {one.criterion: one for one in list_attestations(session, caller.commune.code, [village])}
    only, problem, changed = form.get("only", ""), None, describe(EDITS_DIFFER).model_copy(update={"detail": _CHANGED})
    for no in [only] if only else [name.removeprefix("seen_") for name in form if name.startswith("seen_")]:
        present = kept.get(no)
        draft = Draft.of({"change": form.get(f"change_{no}", ""), "seen": form.get(f"seen_{no}", "")})
        if present is None:
            raise Problem(NOT_FOUND)
        if present.seq != draft.seen:
            # Confirmed by this person is the same form once more; whatever else stands there was not on the page.
            problem = problem if present.body.get("confirmed_by") == caller.member.name else changed
            continue
        verdict = _confirm(writers, caller, now, draft, present)
        problem = verdict.problem or (changed if verdict.verdict == "merged" else problem)
    if problem is None:
        return see_other(f"/villages/{village}#c{only}" if only and "back" in form else f"/attested#v{village}")
    with database.read() as session:
        return _draw(request, caller, session, now, problem=problem, problem_at=village)


def _confirm(
    writers: WritersDep, caller: Caller, now: datetime, draft: Draft, present: KeptAttestation
) -> VerdictReply:
    names = ("criterion", "value", "not_applicable", "evidence", "dated")
    body = {name: present.body[name] for name in names if name in present.body}
    about = {"kind": "attestation", "subject": present.id, "village": present.village}
    return record(writers, caller, now, draft, body=body, **about)


def _draw(
    request: Request,
    caller: Caller,
    session: Session,
    now: datetime,
    *,
    problem: ProblemDetails | None = None,
    problem_at: str = "",
) -> Response:
    commune = caller.commune.code
    villages = list_villages(session, commune, caller.villages)
    criteria = find_criteria_set(session, commune)
    kept = {(one.village, one.criterion): one for one in list_attestations(session, commune, caller.villages)}
    rows = [(one, _items(one, criteria.criteria, kept, now)) for one in villages]
    attested: dict[str, dict[str, Attestation]] = {}
    for (village, no), one in kept.items():
        attested.setdefault(village, {})[no] = Attestation.model_validate(one.body)
    values: dict[str, Any] = {
        "rows": rows,
        "open": open_items(criteria, [one.id for one in villages], attested),
        "problem": problem,
        "problem_at": problem_at,
    }
    return draw(request, "attested.html", caller, **values)


def _items(
    village: Village, criteria: list[Criterion], kept: dict[tuple[str, str], KeptAttestation], now: datetime
) -> list[Item]:
    items = []
    for criterion in criteria:
        if criterion.source != "attested":
            continue
        present = kept.get((village.id, criterion.no))
        said = Attestation.model_validate(present.body) if present else None
        draft = Draft.new(now, present.seq) if present else None
        items.append(Item(criterion, said, draft, present.id if present else ""))
    return items
