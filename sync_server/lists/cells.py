"""What a cell says where a text, a name, an address or a phone number is expected; what it cannot say is explained."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from survey.privacy import holds_long_number
from survey.vietnamese import clean, fold, format_date, parse_phone
from sync_server.lists.sheets import Cell, Day, NoResult, Wrong

FORMULA = "là công thức chưa có kết quả: mở tệp bằng Excel, lưu lại một lần rồi nhập"
_TITLE = re.compile(
    r"^(?:hộ\s+)?(?:gia\s+đình\s+)?(?:(?:ông\s*[/(,]\s*bà\)?|ô\.|b\.|bà)\s*[:.]?\s+|ông\s*:\s*|hộ\s*:\s*|chủ\s+hộ\s*:\s*)"
    r"|^hộ\s+(?:gia\s+đình\s+)?ông\s*:?\s+|^ông\s+(?=(?:nguyễn|trần|lê|phạm|hoàng|huỳnh|phan|vũ|võ|đặng|bùi|đỗ|hồ|ngô|dương|lý)\s)",
    re.IGNORECASE,
)
_IS_HEAD = re.compile(r"\s*(?:[-–,]\s*chủ\s+hộ|\(\s*(?:là\s+)?(?:chủ\s+hộ|ch)\s*\))\s*$", re.IGNORECASE)
_LONG_NUMBER = r"(?:\d[\s.\-]?){8,}\d"
_PAPER = (
    r"(?:số\s+)?(?:cccd|cmnd|cmt|căn\s+cước|định\s+danh|sđt|đt|điện\s+thoại|stk|tk|tài\s+khoản"
    r"|sổ\s+hộ\s+khẩu|shk|mã\s+số|số)"
)
_WITH_LONG_NUMBER = re.compile(
    rf"\s*\([^()]*{_LONG_NUMBER}[^()]*\)|[\s,;:/–-]*(?:{_PAPER}[\s.:]*)*{_LONG_NUMBER}", re.IGNORECASE
)
_DITTO = frozenset(
    ("nt", "-nt-", "- nt -", "″", "〃", '"', "''", "``", "”", "“", "như trên", "như tren", '- " -', '-"-', "//", "-//-")
)


@dataclass(frozen=True)
class Said:
    """The text of a cell, and what a person should know of how it was read (`remark`), or why it was not (`fault`)."""

    text: str = ""
    remark: str = ""
    fault: str = ""


def say(cell: Cell) -> Said:
    """What a cell says where a name or a village is expected: a day, an hour or an error is none."""
    match cell:
        case str():
            return Said(clean(cell))
        case None:
            return Said()
        case bool():
            return Said(fault=f"là {'ĐÚNG' if cell else 'SAI'}, không phải chữ")
        case Day():
            return Said(fault=f"là ngày {format_date(cell.day)}, không phải chữ")
        case time():
            return Said(fault=f"là giờ {cell:%H:%M}, không phải chữ")
        case Wrong():
            return Said(fault=f"báo lỗi {cell.shown}")
        case NoResult():
            return Said(fault=FORMULA)
    return Said(_number(cell))


def say_address(cell: Cell) -> Said:
    """The same where a part of an address is expected: a spreadsheet makes a day of the house 12/3, and 12/3 of it."""
    if isinstance(cell, Day):
        if cell.is_short:
            text = f"{cell.day.day}/{cell.day.month}"
            return Said(text, f"Excel đã đổi thành ngày; hiểu là “{text}”")
        return Said(fault=f"là ngày {format_date(cell.day)}, không phải địa chỉ")
    if isinstance(cell, time):
        text = f"{cell.hour}/{cell.minute}"
        return Said(fault=f"Excel đã đổi thành giờ {cell:%H:%M}; nếu là số nhà {text}, gõ lại kiểu chữ")
    return say(cell)


def is_ditto(text: str) -> bool:
    """Whether a cell says "as above"."""
    return clean(text).casefold() in _DITTO


def tidy_name(text: str) -> str:
    """A name without what stands around it in lists: "Hộ ông: Lê Văn A (chủ hộ)"."""
    return clean(_IS_HEAD.sub("", _TITLE.sub("", text, count=1)))


def without_long_numbers(text: str) -> str:
    """The text without numbers of papers, accounts and telephones and the words before them; it may end empty."""
    if not holds_long_number(text):
        return text
    left = clean(_WITH_LONG_NUMBER.sub("", text)).strip(" ,;:-–")
    return "" if holds_long_number(left) else left


def phone_of(cells: Iterable[Cell]) -> tuple[str | None, str]:
    """The first phone number of the cells, as it is stored, and, if there is none, what was written instead of one."""
    written = ""
    for cell in cells:
        said = say(cell)
        for part in re.split(r"[,;/\n]| - ", cell if isinstance(cell, str) else said.text):
            if found := _phone(clean(part)):
                return found, ""
        if said.fault or any(letter.isdigit() for letter in said.text):
            written = written or said.text or said.fault
    return None, written


def _phone(digits: str) -> str | None:
    """Excel drops the zero of a number that was typed as one."""
    return parse_phone(digits) or (parse_phone(f"0{digits}") if not digits.startswith("0") else None)


def _number(value: int | float) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


_TOTALS = re.compile(r"(tổng|cộng|toàn thôn có|tổng cộng)(?![a-zà-ỹ])", re.IGNORECASE)
_SIGNATURES = re.compile(
    r"(nguoi lap|lap bieu|lap ngay|ngay lap|truong (thon|ban|khu|xom|ap)|to truong|\(?ky[ ,(]|ky ten|ghi ro"
    r"|chu tich|pho chu tich"
    r"|can bo|tm\b|t m\b|kt\b|xac nhan|cong chuc|nguoi (kiem tra|duyet|tong hop)|thu truong|bi thu"
    r"|.*ngay .*thang .*nam)"
)


def is_total(texts: Iterable[str]) -> bool:
    """Whether a row is a sum: one of its first words says so, with its marks or, in capitals, without."""
    for text in texts:
        plain = clean(text)
        if _TOTALS.match(plain) or re.match(r"(tong cong|tong so|cong cong|cong:)", plain.casefold()):
            return True
    return False


def is_signature(texts: Iterable[str]) -> bool:
    """Whether a row begins what stands below a table: who drew it up, the day, room to sign."""
    return any(_SIGNATURES.match(fold(text)) for text in texts if clean(text))


def are_column_letters(texts: Iterable[str]) -> bool:
    """Whether a row numbers the columns of a form: A, B, C, 1, 2 or (1), (2)."""
    written = [text for text in texts if text]
    return len(written) > 1 and all(re.fullmatch(r"\(?(?:[A-Za-z]|\d{1,2})\)?(\s*=.*)?", text) for text in written)
