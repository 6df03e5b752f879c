"""Signed reports: their bytes are added once and never changed; what is written later stands beside them."""

from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from sync_server.store.report_rows import PublicPageRow, ReportFileRow, ReportingPeriodRow, ReportRow
from sync_server.store.rows import table_of
from sync_server.store.statements import Session

_REPORT, _FILE, _PUBLIC = table_of(ReportRow), table_of(ReportFileRow), table_of(PublicPageRow)
_PERIOD = table_of(ReportingPeriodRow)
_HEAD = [column for column in _REPORT.columns if column.name != "content"]


@dataclass(frozen=True)
class ReportHead:
    """What is known of a signed report without reading it. `number` counts the commune's reports from 1, `hash` is that
    of its bytes in hex; `document_number` and `document_date` are what the clerk gave the paper."""

    id: str
    number: int
    period: str
    hash: str
    taken_at: datetime
    signed_by: str
    replaced_by: str | None = None
    document_number: str | None = None
    document_date: date | None = None


@dataclass(frozen=True)
class SignedReport(ReportHead):
    """A report as it was signed; `content` are its canonical bytes."""

    content: bytes = field(kw_only=True)


@dataclass(frozen=True)
class ReportFile:
    """A file that was made at the signing, with the hash of its bytes in hex."""

    ending: str
    content: bytes
    hash: str


@dataclass(frozen=True)
class PublicPage:
    """That everybody may see a commune's signed figures: since when, by whose word, and whether it also announces which
    villages pass."""

    opened_at: datetime
    opened_by: str
    announces_results: bool


def add_report(session: Session, commune: str, signed: SignedReport, files: list[ReportFile]) -> None:
    """Keep a signed report and its files. Raises IntegrityError if another one has its number."""
    row = {
        "id": signed.id,
        "number": signed.number,
        "period_id": signed.period,
        "content": signed.content,
        "hash": signed.hash,
        "taken_at": signed.taken_at,
        "signed_by": signed.signed_by,
    }
    session.execute(_REPORT.insert().values(commune=commune, **row))
    for file in files:
        kept = {"ending": file.ending, "content": file.content, "hash": file.hash}
        session.execute(_FILE.insert().values(commune=commune, report_id=signed.id, **kept))


def list_reports(session: Session, commune: str) -> list[ReportHead]:
    """The commune's signed reports, the latest first."""
    query = select(*_HEAD).where(_REPORT.c.commune == commune).order_by(_REPORT.c.number.desc())
    return [_read_head(row) for row in session.execute(query)]


def list_standing(session: Session, commune: str, before: date | None = None) -> list[ReportHead]:
    """The reports that nothing has replaced, by the last day of their period, the earliest first; with `before` only
    those of periods that ended earlier than that day."""
    own = (_PERIOD.c.commune == _REPORT.c.commune) & (_PERIOD.c.id == _REPORT.c.period_id)
    query = select(*_HEAD).join(_PERIOD, own).where(_REPORT.c.commune == commune, _REPORT.c.replaced_by.is_(None))
    if before is not None:
        query = query.where(_PERIOD.c.ends_on < before)
    return [_read_head(row) for row in session.execute(query.order_by(_PERIOD.c.ends_on, _REPORT.c.number))]


def find_report(session: Session, commune: str, identity: str) -> SignedReport | None:
    row = session.execute(select(_REPORT).where(*_this(commune, identity))).first()
    return _read(row) if row else None


def list_by_code(session: Session, beginning: str) -> list[tuple[str, SignedReport]]:
    """The reports of any commune whose hash begins so, each with its commune's code."""
    query = select(_REPORT).where(_REPORT.c.hash.startswith(beginning, autoescape=True))
    return [(row.commune, _read(row)) for row in session.execute(query)]


def find_file(session: Session, commune: str, report: str, ending: str) -> ReportFile | None:
    """The file of this ending as it was made at the signing."""
    own = (_FILE.c.commune == commune) & (_FILE.c.report_id == report) & (_FILE.c.ending == ending)
    row = session.execute(select(_FILE).where(own)).first()
    return ReportFile(row.ending, row.content, row.hash) if row else None


def mark_replaced(session: Session, commune: str, identity: str, by: str) -> None:
    """Another report replaces this one."""
    session.execute(_REPORT.update().where(*_this(commune, identity)).values(replaced_by=by))


def save_document_number(session: Session, commune: str, identity: str, number: str, on: date | None) -> None:
    """Keep the number and the date that the clerk gave the paper."""
    given = {"document_number": number or None, "document_date": on}
    session.execute(_REPORT.update().where(*_this(commune, identity)).values(**given))


def find_public_page(session: Session, commune: str) -> PublicPage | None:
    """Since when everybody may see the commune's signed figures, and how; None if nobody may."""
    row = session.execute(select(_PUBLIC).where(_PUBLIC.c.commune == commune)).first()
    return PublicPage(row.opened_at, row.opened_by, row.announces_results) if row else None


def save_public_page(session: Session, commune: str, page: PublicPage | None) -> None:
    """Open the commune's public page, or close it with None."""
    session.execute(_PUBLIC.delete().where(_PUBLIC.c.commune == commune))
    if page is not None:
        session.execute(_PUBLIC.insert().values(commune=commune, **asdict(page)))


def _this(commune: str, identity: str) -> tuple[Any, Any]:
    return _REPORT.c.commune == commune, _REPORT.c.id == identity


def _read_head(row: Any) -> ReportHead:
    return ReportHead(**_fields(row))


def _read(row: Any) -> SignedReport:
    return SignedReport(**_fields(row), content=row.content)


def _fields(row: Any) -> dict[str, Any]:
    return {
        "id": row.id,
        "number": row.number,
        "period": row.period_id,
        "hash": row.hash,
        "taken_at": row.taken_at,
        "signed_by": row.signed_by,
        "replaced_by": row.replaced_by,
        "document_number": row.document_number,
        "document_date": row.document_date,
    }
