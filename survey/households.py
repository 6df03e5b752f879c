"""A household's own fields as a person types them: put in their one form, or refused with the reason."""

from typing import Any

from survey.card_code import read_code
from survey.ids import is_id
from survey.privacy import holds_long_number
from survey.problems import FieldProblem
from survey.vietnamese import parse_phone

LARGEST_LINE = 1_000_000


def check_fields(sent: dict[str, Any]) -> list[FieldProblem]:
    """What is wrong with the sent fields beyond their type. The phone and the card are put in their one form."""
    problems: list[FieldProblem] = []
    if sent.get("phone"):
        sent["phone"] = parse_phone(sent["phone"])
        if sent["phone"] is None:
            detail = "Số điện thoại không đúng: cần 10 chữ số, ví dụ 0912 345 678."
            problems.append(FieldProblem(pointer="/phone", detail=detail))
    if sent.get("card"):
        sent["card"] = read_code(sent["card"])
        if sent["card"] is None:
            detail = "Mã thẻ không đúng: anh/chị quét lại hoặc kiểm tra từng ký tự."
            problems.append(FieldProblem(pointer="/card", detail=detail))
    if not 0 <= (sent.get("number") or 0) <= LARGEST_LINE:
        problems.append(FieldProblem(pointer="/number", detail=f"Số thứ tự phải từ 0 đến {LARGEST_LINE}."))
    if "village" in sent and not is_id(sent["village"]):
        problems.append(FieldProblem(pointer="/village", detail="Thôn chuyển đến không đúng."))
    return problems + [_too_long(name) for name in ("head_name", "address") if holds_long_number(sent.get(name) or "")]


def _too_long(name: str) -> FieldProblem:
    return FieldProblem(
        pointer=f"/{name}",
        detail="Không ghi số giấy tờ, số tài khoản hay số điện thoại ở đây. Số điện thoại có ô riêng.",
    )
