"""Signing: the report is composed once more, frozen, hashed, made into its files, and kept, in one transaction."""

from datetime import date, datetime

from survey.problems import FIELDS_INVALID
from survey.reports import Replaced, Report, canonical, check_code, hash_of
from survey.vietnamese import clean
from sync_server.access.caller import Caller
from sync_server.problems import Problem
from sync_server.reports.compose import compose_period
from sync_server.reports.formats import FORMATS
from sync_server.store.database import Session
from sync_server.store.reports import (
    ReportFile,
    SignedReport,
    add_report,
    find_report,
    list_reports,
    mark_replaced,
    save_document_number,
)

LONGEST_NUMBER = 40


def sign_report(
    session: Session, caller: Caller, period: str, report_id: str, seen: int, reason: str, now: datetime
) -> SignedReport:
    """Freeze the report of a period. The same `report_id` again gives the report that it became: signed once.

    `seen` is the number of the latest report that the person had seen; if somebody signed since, nothing is signed. A
    period that has a report gets another one only with a `reason`: it replaces the earlier one, which stays readable.
    Raises `Problem` not-found or fields-invalid.
    """
    commune = caller.commune.code
    if done := find_report(session, commune, report_id):
        return done
    earlier = list_reports(session, commune)
    number = earlier[0].number + 1 if earlier else 1
    if seen != number - 1:
        raise Problem(FIELDS_INVALID, detail="Vừa có người ký một báo cáo khác. Anh/chị xem lại rồi hãy ký.")
    report = compose_period(session, caller.commune, period, now)
    if not report.letterhead.signer:
        raise Problem(FIELDS_INVALID, detail="Người ký: ghi họ và tên người sẽ ký báo cáo, rồi bấm “Ghi nháp”.")
    replaced = next((one for one in earlier if one.period == period and one.replaced_by is None), None)
    frozen = {
        "number": number,
        "signed_by": caller.member.name,
        "previous_hash": earlier[0].hash if earlier else None,
        "replaces": _replaced(replaced, reason) if replaced else None,
    }
    report = report.model_copy(update=frozen)
    signed = _keep(session, commune, report_id, period, report)
    if replaced:
        mark_replaced(session, commune, replaced.id, report_id)
    return signed


def _replaced(old: SignedReport, reason: str) -> Replaced:
    if not clean(reason):
        raise Problem(FIELDS_INVALID, detail="Lý do: kỳ này đã có báo cáo được ký, ghi vì sao cần báo cáo thay thế.")
    return Replaced(code=check_code(old.hash), number=old.number, signed_at=old.taken_at, reason=reason)


def _keep(session: Session, commune: str, report_id: str, period: str, report: Report) -> SignedReport:
    content = canonical(report)
    full_hash = hash_of(content)
    # What is handed out is made from the frozen bytes, so that no file can say more than what was hashed.
    frozen = Report.model_validate_json(content)
    files = []
    for ending, one in FORMATS.items():
        made = one.make(frozen, full_hash)
        files.append(ReportFile(ending, made, hash_of(made)))
    signed = SignedReport(
        id=report_id,
        number=report.number or 0,
        period=period,
        content=content,
        hash=full_hash,
        taken_at=report.taken_at,
        signed_by=report.signed_by or "",
    )
    add_report(session, commune, signed, files)
    return signed


def note_document_number(session: Session, commune: str, report: str, number: str, on: date | None) -> None:
    """Keep the number and the date that the clerk gave the signed paper. Raises `Problem` fields-invalid."""
    number = clean(number)
    if len(number) > LONGEST_NUMBER:
        raise Problem(FIELDS_INVALID, detail="Số văn bản dài quá: ghi như trên giấy, ví dụ 05/BC-UBND.")
    save_document_number(session, commune, report, number, on)
