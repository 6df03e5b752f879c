"""Signing: the report is composed once more, frozen, hashed, made into its files, and kept."""

from dataclasses import dataclass
from datetime import date, datetime

from survey.acts import Act
from survey.problems import FIELDS_INVALID
from survey.reports import Replaced, Report, canonical, check_code, hash_of
from survey.vietnamese import clean
from sync_server.access.caller import Caller
from sync_server.audit import note
from sync_server.problems import Problem
from sync_server.reports.cells import title_of
from sync_server.reports.compose import compose_period
from sync_server.reports.formats import FORMATS
from sync_server.store.database import Database, Session
from sync_server.store.reports import (
    ReportFile,
    ReportHead,
    SignedReport,
    add_report,
    find_report,
    list_reports,
    mark_replaced,
    save_document_number,
)

LONGEST_NUMBER = 40


@dataclass(frozen=True)
class Prepared:
    """A report that is frozen and made into its files, but not kept yet. `replaces` is the id of an earlier one."""

    signed: SignedReport
    files: list[ReportFile]
    replaces: str | None
    title: str


def prepare_report(
    session: Session,
    caller: Caller,
    period: str,
    report_id: str,
    seen: int,
    reason: str,
    now: datetime,
    *,
    check_at: str = "",
) -> Prepared | SignedReport:
    """Freeze the report of a period and make its files. The same `report_id` again gives the report that it became.

    `seen` is the number of the latest report that the person had seen; if somebody signed since, nothing is signed. A
    period that has a report gets another one only with a `reason`: it replaces the earlier one, which stays readable.
    Nothing is written, so that nobody waits for the files: `keep_report` does. Raises `Problem` not-found or
    fields-invalid.
    """
    commune = caller.commune.code
    if done := find_report(session, commune, report_id):
        return done
    earlier = list_reports(session, commune)
    number = _next_number(earlier, seen)
    report = compose_period(session, caller.commune, period, now)
    if not report.letterhead.signer:
        raise Problem(FIELDS_INVALID, detail="Người ký: ghi họ và tên người sẽ ký báo cáo, rồi bấm “Ghi nháp”.")
    replaced = next((one for one in earlier if one.period == period and one.replaced_by is None), None)
    frozen = {
        "number": number,
        "signed_by": caller.member.name,
        "check_at": check_at,
        "previous_hash": earlier[0].hash if earlier else None,
        "replaces": _replaced(replaced, reason) if replaced else None,
    }
    content = canonical(report.model_copy(update=frozen))
    full_hash = hash_of(content)
    # What is handed out is made from the frozen bytes, so that no file can say more than what was hashed.
    whole = Report.model_validate_json(content)
    made = {ending: one.make(whole, full_hash) for ending, one in FORMATS.items()}
    files = [ReportFile(ending, file, hash_of(file)) for ending, file in made.items()]
    about = (report_id, number, period, full_hash, report.taken_at, caller.member.name)
    signed = SignedReport(*about, content=content)
    return Prepared(signed, files, replaced.id if replaced else None, title_of(report))


def keep_report(session: Session, caller: Caller, prepared: Prepared) -> SignedReport:
    """Keep a report that was prepared, unless somebody signed another meanwhile. Raises `Problem` fields-invalid."""
    commune, signed = caller.commune.code, prepared.signed
    if done := find_report(session, commune, signed.id):
        return done
    _next_number(list_reports(session, commune), signed.number - 1)
    add_report(session, commune, signed, prepared.files)
    act, at = Act.SIGNED_REPORT, signed.taken_at
    note(session, caller, at, act, subject_kind="report", subject=signed.id, title=prepared.title)
    if prepared.replaces:
        mark_replaced(session, commune, prepared.replaces, signed.id)
    return signed


def sign_report(
    database: Database,
    caller: Caller,
    period: str,
    report_id: str,
    seen: int,
    reason: str,
    now: datetime,
    *,
    check_at: str = "",
) -> SignedReport:
    """Prepare the report on one state of the data, then keep it. `check_at` is the page that its paper names for the
    check code. Raises as both do."""
    with database.read() as session:
        prepared = prepare_report(session, caller, period, report_id, seen, reason, now, check_at=check_at)
    if isinstance(prepared, SignedReport):
        return prepared
    with database.write() as session:
        return keep_report(session, caller, prepared)


def _next_number(earlier: list[ReportHead], seen: int) -> int:
    number = earlier[0].number + 1 if earlier else 1
    if seen != number - 1:
        raise Problem(FIELDS_INVALID, detail="Vừa có người ký một báo cáo khác. Anh/chị xem lại rồi hãy ký.")
    return number


def _replaced(old: ReportHead, reason: str) -> Replaced:
    if not clean(reason):
        raise Problem(FIELDS_INVALID, detail="Lý do: kỳ này đã có báo cáo được ký, ghi vì sao cần báo cáo thay thế.")
    return Replaced(code=check_code(old.hash), number=old.number, signed_at=old.taken_at, reason=reason)


def note_document_number(session: Session, commune: str, report: str, number: str, on: date | None) -> None:
    """Keep the number and the date that the clerk gave the signed paper. Raises `Problem` fields-invalid."""
    number = clean(number)
    if len(number) > LONGEST_NUMBER:
        raise Problem(FIELDS_INVALID, detail="Số văn bản dài quá: ghi như trên giấy, ví dụ 05/BC-UBND.")
    save_document_number(session, commune, report, number, on)
