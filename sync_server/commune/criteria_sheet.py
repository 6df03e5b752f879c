"""A criteria set as a workbook that an official fills in: written from a set that is there, and read back."""

import re
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from survey.criteria import CriteriaSet, Criterion
from survey.problem_shapes import FieldProblem
from survey.problems import CRITERIA_SHEET_UNREADABLE
from survey.questions import CATALOGUE
from survey.vietnamese import clean, fold, format_date, parse_date
from sync_server.lists.cells import say
from sync_server.lists.files import read_sheets
from sync_server.lists.sheets import Cell, Day
from sync_server.problems import Problem

KINDS = {"ratio": "tỷ lệ", "boolean": "có/không", "count": "số lượng"}
SOURCES = {"survey": "khảo sát", "attested": "thôn xác nhận", "system": "hệ thống"}
POPULATIONS = {"residents": "người", "households": "hộ", "businesses": "hộ kinh doanh"}
COMPARATORS = {">=": "từ", "=": "bằng"}
YES_NO = {True: "có", False: "không"}
ABOUT = {
    "title": "Tên bộ tiêu chí",
    "issuer": "Cơ quan ban hành",
    "document": "Số văn bản",
    "document_date": "Ngày văn bản",
    "scope": "Phạm vi",
    "min_share": "Phải khảo sát ít nhất (% số hộ)",
    "most_hidden": "Chưa biết nhiều nhất (%, để trống: không giới hạn)",
    "complete": "Đủ mọi mục của văn bản",
    "n": "Số mục phải đạt (để trống: mọi mục)",
}
HEADINGS = {
    "no": "Mục",
    "title": "Nội dung",
    "kind": "Loại",
    "source": "Tính từ",
    "question": "Câu hỏi",
    "level": "Mức từ",
    "of": "Tính trên",
    "age_min": "Tuổi từ",
    "age_max": "Tuổi đến",
    "age_max_male": "Nam đến",
    "age_max_female": "Nữ đến",
    "denominator_name": "Tên mẫu số",
    "comparator": "So",
    "threshold": "Ngưỡng",
    "not_applicable_allowed": "Có thể không áp dụng",
    "note": "Ghi chú",
}
HELP = (
    f"Loại: {', '.join(KINDS.values())}. Tính từ: {', '.join(SOURCES.values())}.",
    f"So: {', '.join(COMPARATORS.values())}. Tính trên: {', '.join(POPULATIONS.values())}.",
    f"Đủ mục, có thể không áp dụng: {', '.join(YES_NO.values())}.",
    "Câu hỏi: " + "; ".join(one.asks for one in CATALOGUE.values()),
)
_NUMBERS = ("level", "age_min", "age_max", "age_max_male", "age_max_female")


def write_sheet(criteria_set: CriteriaSet) -> bytes:
    """The set as a workbook: what it is above, one line an item below, and what may be written there at the end."""
    from openpyxl import Workbook  # imported late: only who wants a sheet pays for it

    book = Workbook()
    page = book.worksheets[0]
    page.title = "Bộ tiêu chí"
    known = criteria_set.model_dump() | {"n": criteria_set.pass_rule.n}
    for name, words in ABOUT.items():
        page.append([words, _written(name, known[name])])
    page.append([])
    page.append(list(HEADINGS.values()))
    for item in criteria_set.criteria:
        fields = _fields_of(item)
        page.append([_written(name, fields.get(name)) for name in HEADINGS])
    page.append([])
    for line in HELP:
        page.append([f"({line})"])
    for cells in page.iter_rows():
        for cell in cells:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # no formula, whatever it begins with
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def read_sheet(file: Path, code: str) -> CriteriaSet:
    """The set that a workbook of this form holds, under the code.

    Raises `Problem` list-unreadable, or criteria-sheet-unreadable with every cell at fault.
    """
    rows = [row for sheet in read_sheets(file) if not sheet.is_hidden for row in sheet.rows]
    about: dict[str, Any] = {}
    columns: dict[int, str] = {}
    criteria: list[Criterion] = []
    errors: list[FieldProblem] = []
    for row in rows:
        texts = [_said(cell) for cell in row.cells]
        if not columns:
            columns = _columns(texts)
            name = next((key for key, words in ABOUT.items() if fold(words) == fold(texts[0])), None)
            if name and len(texts) > 1:
                about[name] = row.cells[1]
        elif texts[0].startswith("("):
            continue
        elif any(texts):
            try:
                criteria.append(_criterion({name: texts[at] for at, name in columns.items() if at < len(texts)}))
            except (ValidationError, ValueError) as error:
                errors.append(FieldProblem(pointer=f"/rows/{row.number}", detail=f"Dòng {row.number}: {_why(error)}."))
    if not criteria and not errors:
        errors.append(
            FieldProblem(pointer="/rows", detail=f"Không thấy dòng tiêu đề “{', '.join(HEADINGS.values())}”.")
        )
    try:
        if not errors:
            return CriteriaSet.model_validate(_about(about) | {"code": code, "criteria": criteria})
    except (ValidationError, ValueError) as error:
        errors.append(FieldProblem(pointer="/about", detail=f"Phần đầu bảng: {_why(error)}."))
    raise Problem(CRITERIA_SHEET_UNREADABLE, errors=errors, detail=" ".join(one.detail for one in errors[:10]))


def _fields_of(item: Criterion) -> dict[str, Any]:
    fields = item.model_dump(exclude={"measure"})
    if item.measure:
        fields |= item.measure.population.model_dump() | {"level": item.measure.level}
        fields["question"] = CATALOGUE[item.measure.question].asks
    return fields


_WORDS: Mapping[str, Mapping[Any, str]] = {
    "kind": KINDS,
    "source": SOURCES,
    "of": POPULATIONS,
    "comparator": COMPARATORS,
    "not_applicable_allowed": YES_NO,
    "complete": YES_NO,
}


def _written(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in _WORDS:
        return _WORDS[name][value]
    if name == "document_date":
        return format_date(value)
    return str(value).replace(".", ",") if name in ("threshold", "min_share", "most_hidden") else value


def _said(cell: Cell) -> str:
    return format_date(cell.day) if isinstance(cell, Day) else say(cell).text


def _columns(texts: list[str]) -> dict[int, str]:
    """The columns, if this row is the header: the item's number and its words must be among them."""
    known = {fold(words): name for name, words in HEADINGS.items()}
    found = {at: known[fold(text)] for at, text in enumerate(texts) if fold(text) in known}
    return found if {"no", "title", "kind"} <= set(found.values()) else {}


def _criterion(texts: dict[str, str]) -> Criterion:
    """Raises `ValueError`, in words, where a cell holds something else than it may."""
    fields: dict[str, Any] = {name: text for name, text in texts.items() if text and name in Criterion.model_fields}
    for name in ("kind", "source", "comparator", "not_applicable_allowed"):
        if texts.get(name):
            fields[name] = _value_of(name, texts[name])
    if "threshold" in fields:
        fields["threshold"] = _decimal(fields["threshold"])
    if texts.get("question"):
        asked = next((one.key for one in CATALOGUE.values() if fold(one.asks) == fold(texts["question"])), None)
        if asked is None:
            raise ValueError(f"không có câu hỏi “{texts['question'][:60]}”")
        numbers = {name: _whole(name, texts[name]) for name in _NUMBERS if texts.get(name)}
        level = numbers.pop("level", None)
        population = {"of": _value_of("of", texts.get("of", "")), **numbers}
        fields["measure"] = {"question": asked, "population": population, "level": level}
    return Criterion.model_validate(fields)


def _about(cells: dict[str, Cell]) -> dict[str, Any]:
    fields: dict[str, Any] = {name: _said(cell) for name, cell in cells.items() if _said(cell)}
    fields.setdefault("issuer", "")
    fields.setdefault("document", "")
    for name in ("min_share", "most_hidden"):
        if name in fields:
            fields[name] = _decimal(fields[name])
    if "complete" in fields:
        fields["complete"] = _value_of("complete", fields["complete"])
    if "document_date" in fields:
        fields["document_date"] = parse_date(fields["document_date"])
    number = fields.pop("n", None)
    return fields | {"pass_rule": {"kind": "n_of_m", "n": int(_whole("n", number))} if number else {"kind": "all"}}


def _value_of(name: str, text: str) -> Any:
    """The value that these words stand for. Raises `ValueError` with those that there are."""
    found = next((value for value, words in _WORDS[name].items() if fold(words) == fold(text)), None)
    if found is None:
        raise ValueError(
            f"cột “{HEADINGS.get(name, name)}” ghi “{text[:40]}”; ghi một trong: {', '.join(_WORDS[name].values())}"
        )
    return found


def _whole(name: str, text: str) -> int:
    if not re.fullmatch(r"\d{1,4}", clean(text)):
        raise ValueError(f"cột “{HEADINGS.get(name, name)}” phải là số nguyên, không phải “{text[:20]}”")
    return int(clean(text))


def _decimal(text: str) -> str:
    return clean(text).removesuffix("%").strip().replace(",", ".")


def _why(error: ValidationError | ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    said = []
    for one in error.errors():
        place = next((str(part) for part in reversed(one["loc"]) if isinstance(part, str)), "")
        words = HEADINGS.get(place) or ABOUT.get(place)
        cause = str(one.get("ctx", {}).get("error", "")) or "thiếu hoặc không đúng"
        said.append(f"cột “{words}” {cause}" if words else cause)
    return "; ".join(dict.fromkeys(said))
