"""The list of households as a file: what is on the screen, for a purpose that is written down before the first byte."""

import csv
from codecs import BOM_UTF8
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from io import BytesIO, StringIO

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from survey.acts import Act
from survey.privacy import mask_phone
from survey.problems import FIELDS_INVALID
from survey.times import vietnam_time
from survey.vietnamese import clean, format_phone
from survey.villages import full_name
from sync_server.audit import note
from sync_server.http.deps import DatabaseDep, NowDep
from sync_server.office.households import Shown, find_shown
from sync_server.office.listing import STATES, Chosen, Home
from sync_server.office.visitor import FormDep, ListFileVisitor
from sync_server.problems import Problem
from sync_server.reports.cells import neutral

router = APIRouter(prefix="/households")
_HEADINGS = ("Thôn", "Số", "Chủ hộ", "Địa chỉ", "Điện thoại", "Tình trạng", "Lần đến cuối", "Người đến", "Có thẻ")
_WIDTHS = (20, 7, 28, 36, 16, 20, 18, 24, 8)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PIECE = 500
Cell = str | int | datetime | None


@router.post("/file")
def household_file(
    request: Request, caller: ListFileVisitor, database: DatabaseDep, now: NowDep, form: FormDep
) -> Response:
    """The households that the page showed, with its filters. Phone numbers are masked unless they are asked for."""
    purpose = clean(form.get("purpose", ""))
    if len(purpose) < 5:
        detail = "Để làm gì: ghi vài chữ, ví dụ “tổ đi phát giấy mời họp thôn”. Nhật ký giữ lại điều này."
        raise Problem(FIELDS_INVALID, detail=detail)
    usual = Chosen()
    chosen = Chosen(
        **{one.name: form.get(one.name, getattr(usual, one.name)) for one in fields(Chosen) if one.name != "page"}
    )
    with_phones, as_csv = "phones" in form, form.get("format") == "csv"
    with database.read() as session:
        shown = find_shown(request, session, caller, chosen)
    homes = shown.found.homes
    columns = [one for one in _HEADINGS if one != "Điện thoại"] + (["Điện thoại đầy đủ"] if with_phones else [])
    with database.write() as session:
        note(
            session,
            caller,
            now,
            Act.EXPORTED,
            subject_kind="households",
            village=chosen.village or None,
            purpose=purpose,
            format="CSV" if as_csv else "Excel",
            households=len(homes),
            columns=columns,
            filter=_filter_words(shown, chosen),
        )
    name = f"ho-{caller.commune.code}-{vietnam_time(now):%Y%m%d-%H%M}"
    rows = (_row(one, with_phones=with_phones) for one in homes)
    headers = {"Cache-Control": "no-store"}
    if as_csv:
        headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
        return StreamingResponse(_csv(rows), media_type="text/csv; charset=utf-8", headers=headers)
    headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return Response(
        _workbook(rows, f"Lấy ra {vietnam_time(now):%H:%M %d/%m/%Y}: {purpose}"), media_type=_XLSX, headers=headers
    )


def _filter_words(shown: Shown, chosen: Chosen) -> str:
    """The filters in words; what was typed into the search is a person's data and is not told."""
    parts = [STATES[chosen.state].lower()]
    if shown.criterion:
        parts.append(f"mục {shown.criterion.no}")
    if chosen.alley:
        parts.append("một ngõ")
    if chosen.found:
        parts.append("theo chữ tìm")
    return ", ".join(parts)


def _row(home: Home, *, with_phones: bool) -> list[Cell]:
    line, phone = home.line, home.line.phone or ""
    return [
        full_name(home.village),
        line.number,
        line.head_name,
        line.address,
        (format_phone(phone) if with_phones else mask_phone(phone)) if phone else "",
        STATES[home.state] + (", có khác biệt" if home.differs else ""),
        vietnam_time(line.visited_at).replace(tzinfo=None) if line.visited_at else None,
        line.visited_by or "",
        "có" if line.card else "",
    ]


def _workbook(rows: Iterator[list[Cell]], note_text: str) -> bytes:
    """A workbook with one sheet; phone numbers are texts and keep their first zero."""
    from xlsxwriter import Workbook  # imported late: only who wants a workbook pays for it

    made = BytesIO()
    plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with Workbook(made, plain) as book:
        sheet = book.add_worksheet("Hộ")
        head = book.add_format({"bold": True, "border": 1, "text_wrap": True})
        at, text = book.add_format({"num_format": "dd/mm/yyyy hh:mm"}), book.add_format({"num_format": "@"})
        sheet.write_string(0, 0, note_text)
        for column, (heading, width) in enumerate(zip(_HEADINGS, _WIDTHS, strict=True)):
            sheet.write_string(2, column, heading, head)
            sheet.set_column(column, column, width)
        last = 2
        for last, row in enumerate(rows, 3):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(last, column, cell, at)
                elif isinstance(cell, int):
                    sheet.write_number(last, column, cell)
                elif cell:
                    sheet.write_string(last, column, cell, text)
        sheet.autofilter(2, 0, last, len(_HEADINGS) - 1)
        sheet.freeze_panes(3, 3)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2)
    return made.getvalue()


def _csv(rows: Iterator[list[Cell]]) -> Iterator[bytes]:
    """The same as text, piece by piece: a long list begins to arrive at once, and the browser shows how much has."""
    yield BOM_UTF8
    made = StringIO()
    writer = csv.writer(made, delimiter=";", quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow(_HEADINGS)
    for number, row in enumerate(rows, 1):
        writer.writerow([_plain(cell) for cell in row])
        if number % _PIECE == 0:
            yield made.getvalue().encode()
            made.seek(0)
            made.truncate()
    yield made.getvalue().encode()


def _plain(cell: Cell) -> str | int:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, str):
        return neutral(" ".join(cell.split()))
    return "" if cell is None else cell
