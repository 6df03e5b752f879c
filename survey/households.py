"""A household's own fields as a person types them: put in their one form, or refused with the reason."""

from typing import Any

from pydantic import ValidationError

from survey.card_code import read_code
from survey.free_text import free_texts
from survey.ids import is_id
from survey.privacy import holds_long_number
from survey.problems import FieldProblem
from survey.records import Household
from survey.vietnamese import parse_phone

LARGEST_LINE = 1_000_000
NOT_YOUR_VILLAGE = FieldProblem(
    pointer="/village",
    detail="Chỉ chuyển được hộ đến thôn mà anh/chị phụ trách. Nếu là thôn khác, nhờ cán bộ xã chuyển.",
)
Fields = dict[str, Any]
SERVER_FIELDS = frozenset({"current", "visited_at", "visited_by", "visit", "ask_again"})
"""What only visits and answers of the lead change; a change that holds it is not believed."""


def own_fields(body: Fields) -> Fields:
    """The household's own fields, without what its visits made."""
    return {key: value for key, value in body.items() if key not in SERVER_FIELDS}


def read_fields(given: Fields) -> tuple[Fields, list[FieldProblem]]:
    """The typed fields in wire form; or what is wrong with them, field by field. Empty texts of options are None."""
    if "head_name" in given and not str(given["head_name"] or "").strip():
        return {}, [FieldProblem(pointer="/head_name", detail="Anh/chị ghi họ tên chủ hộ.")]
    options = {key: given[key] or None for key in ("phone", "card", "assigned_to") if key in given}
    try:
        household = Household.model_validate({"head_name": "?"} | given | options)
    except ValidationError as error:
        pointers = dict.fromkeys(f"/{one['loc'][0]}" for one in error.errors())
        return {}, [
            FieldProblem(pointer=pointer, detail="Nội dung này dài quá hoặc không đúng dạng.") for pointer in pointers
        ]
    fields = {key: value for key, value in household.model_dump(mode="json").items() if key in given}
    return fields, check_fields(fields)


def check_fields(sent: Fields) -> list[FieldProblem]:
    """What is wrong with the sent fields beyond their type. The phone and the card are put in their one form."""
    problems: list[FieldProblem] = []
    if sent.get("phone"):
        sent["phone"] = parse_phone(sent["phone"])
        if sent["phone"] is None:
            problems.append(
                FieldProblem(pointer="/phone", detail="Số điện thoại không đúng: cần 10 chữ số, ví dụ 0912 345 678.")
            )
    if sent.get("card"):
        sent["card"] = read_code(sent["card"])
        if sent["card"] is None:
            problems.append(
                FieldProblem(pointer="/card", detail="Mã thẻ không đúng: anh/chị quét lại hoặc kiểm tra từng ký tự.")
            )
    if not 0 <= (sent.get("number") or 0) <= LARGEST_LINE:
        problems.append(FieldProblem(pointer="/number", detail=f"Số thứ tự phải từ 0 đến {LARGEST_LINE}."))
    if is_id(sent.get("village")):
        sent["village"] = sent["village"].lower()
    elif "village" in sent:
        problems.append(FieldProblem(pointer="/village", detail="Thôn chuyển đến không đúng."))
    texts = [name for name in Household.model_fields if name in free_texts(Household) and name in sent]
    return problems + [_too_long(name) for name in texts if holds_long_number(sent[name] or "")]


def _too_long(name: str) -> FieldProblem:
    return FieldProblem(
        pointer=f"/{name}",
        detail="Không ghi số giấy tờ, số tài khoản hay số điện thoại ở đây. Số điện thoại có ô riêng.",
    )
