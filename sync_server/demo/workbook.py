"""The demo's household list as a commune would hand it over: an Excel file with the quirks that such files have.

Usage: python -m sync_server.demo.workbook [FILE]   (writes assets/demo/nguyet-duc-ho-gia-dinh.xlsx)
"""

import sys
import unicodedata
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from sync_server.demo.households import ListedHousehold, list_households
from sync_server.demo.plan import VILLAGES

FILE = Path(__file__).parents[2] / "assets" / "demo" / "nguyet-duc-ho-gia-dinh.xlsx"
TITLES = (
    "UBND XÃ NGUYỆT ĐỨC",
    "DANH SÁCH HỘ GIA ĐÌNH",
    "Dữ liệu dùng thử: mọi tên người, ngõ xóm và số điện thoại đều do máy đặt ra, không phải người thật.",
)
HEADER = ("STT", "Họ và tên chủ hộ", "Thôn", "Xóm/Ngõ", "Điện thoại")
_WRITTEN_AT = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def write_workbook(file: Path = FILE) -> None:
    """Write the list; the same bytes every time."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Danh sách hộ"
    _write_head(sheet)
    random = Random("thói quen gõ")  # noqa: S311 made-up data, not a secret
    for plan in VILLAGES:
        lines = list_households(plan)
        for line in lines:
            sheet.append(_as_typed(line, random))
        sheet.append(("", f"Cộng thôn {plan.name}", "", "", f"{len(lines)} hộ"))
    sheet.append(("", "Tổng cộng toàn xã", "", "", f"{sum(plan.households for plan in VILLAGES)} hộ"))
    written = BytesIO()
    book.save(written)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_without_clock(written.getvalue()))


def _write_head(sheet: Worksheet) -> None:
    for title in TITLES:
        sheet.append((title,))
        sheet.merge_cells(start_row=sheet.max_row, start_column=1, end_row=sheet.max_row, end_column=len(HEADER))
        sheet.cell(sheet.max_row, 1).font = Font(bold=title is not TITLES[-1], italic=title is TITLES[-1])
        sheet.cell(sheet.max_row, 1).alignment = Alignment(horizontal="center", wrap_text=True)
    sheet.append(("",))
    sheet.append(HEADER)
    for place in range(1, len(HEADER) + 1):
        sheet.cell(sheet.max_row, place).font = Font(bold=True)
    sheet.row_dimensions[3].height = 32
    sheet.freeze_panes = f"A{sheet.max_row + 1}"
    for letter, width in zip("ABCDE", (7, 28, 18, 20, 20), strict=True):
        sheet.column_dimensions[letter].width = width


def _as_typed(line: ListedHousehold, random: Random) -> tuple[int | str, ...]:
    """One line the way several people typed it over the years."""
    head, village = line.head_name, line.village
    habit = random.random()
    if habit < 0.06:
        head = unicodedata.normalize("NFD", head)  # copied from a Mac
    elif habit < 0.10:
        head = head.replace(" ", "\u00a0", 1)  # copied from a web page
    elif habit < 0.14:
        head = f" {head}  "
    elif habit < 0.16:
        head = head.replace("Đ", "\u00d0")  # an old keyboard's look-alike
    if random.random() < 0.05:
        village = unicodedata.normalize("NFD", village)
    elif random.random() < 0.05:
        village = village.replace("Hòa", "Hoà") + "\u00a0"
    return line.number, head, village, line.alley, _as_typed_phone(line.phone, random)


def _as_typed_phone(phone: str, random: Random) -> int | str:
    if not phone:
        return "không có" if random.random() < 0.05 else ""
    spellings: tuple[int | str, ...] = (
        phone,
        phone,
        f"{phone[:4]} {phone[4:7]} {phone[7:]}",
        f"{phone[:4]}.{phone[4:7]}.{phone[7:]}",
        f"+84 {phone[1:4]} {phone[4:7]} {phone[7:]}",
        f"{phone[:4]}\u00a0{phone[4:]}",
        int(phone),  # the cell became a number, and the zero went
    )
    return random.choice(spellings)


def _without_clock(content: bytes) -> bytes:
    """The same workbook without the time at which it was written, so that it changes only when the list does."""
    written = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(written, "w", ZIP_DEFLATED) as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            part = source.read(name)
            if name == "docProps/core.xml":
                part = _CORE.encode()
            target.writestr(ZipInfo(name, (2026, 11, 1, 8, 0, 0)), part, ZIP_DEFLATED)
    return written.getvalue()


_STAMP = _WRITTEN_AT.strftime("%Y-%m-%dT%H:%M:%SZ")
_CORE = f"""<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" \
xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">\
<dc:title>{TITLES[1]} (dùng thử)</dc:title><dc:description>{TITLES[2]}</dc:description><dc:creator>Từng Nhà\
</dc:creator><dcterms:created xsi:type="dcterms:W3CDTF">{_STAMP}</dcterms:created>\
<dcterms:modified xsi:type="dcterms:W3CDTF">{_STAMP}</dcterms:modified></cp:coreProperties>"""


if __name__ == "__main__":
    write_workbook(Path(sys.argv[1]) if len(sys.argv) > 1 else FILE)
