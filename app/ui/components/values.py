"""Names and values of fields in words, as a person reads them."""

from collections.abc import Mapping
from typing import Any

from app.ui.components.answers import ANSWER_WORDS, RELATION_WORDS
from app.ui.components.visit_state import OUTCOMES
from app.ui.texts import Texts, later
from survey.privacy import mask_phone
from survey.questions import CATALOGUE
from survey.roles import Role
from survey.vietnamese import format_phone

FIELD_WORDS = {
    "head_name": later("Họ tên chủ hộ"),
    "address": later("Địa chỉ"),
    "phone": later("Điện thoại"),
    "number": later("Số thứ tự"),
    "status": later("Tình trạng hộ"),
    "village": later("Thôn"),
    "assigned_to": later("Người phụ trách"),
    "card": later("Thẻ hộ"),
    "birth_year": later("Năm sinh"),
    "sex": later("Nam hay nữ?"),
    "relation": later("Quan hệ với chủ hộ"),
    "outcome": later("Kết quả khảo sát"),
    "resident": later("Người này có sống trong nhà không?"),
}
ROLE_WORDS = {Role.MEMBER: later("Tổ viên"), Role.LEAD: later("Tổ trưởng"), Role.OFFICIAL: later("Cán bộ xã")}
_STATUS_WORDS = {
    "active": later("Đang ở"),
    "moved": later("Đã chuyển đi"),
    "vacant": later("Nhà bỏ trống"),
    "refused": later("Từ chối"),
}


def field_name(t: Texts, key: str) -> str:
    """The question, the field, or the criterion that a key stands for."""
    if key in CATALOGUE:
        return t(CATALOGUE[key].asks)
    return t(FIELD_WORDS[key]) if key in FIELD_WORDS else t("Tiêu chí {no}", no=key)


def field_value(t: Texts, key: str, value: Any, names: Mapping[str, str], *, sees_phones: bool) -> str:
    """One value in words, an empty one too; `names` are those of the team by their id. A telephone number is masked
    unless `sees_phones`, which is for the village's own team."""
    if value is None:
        return t("Không") if key == "resident" else t("(để trống)")
    words: dict[Any, str] = {}
    match key:
        case "outcome":
            words = {outcome.value: text for outcome, text in OUTCOMES.items()}
        case "relation":
            words = dict(RELATION_WORDS)
        case "status":
            words = _STATUS_WORDS
        case "sex":
            words = {"m": "Nam", "f": "Nữ"}
        case "phone":
            return format_phone(str(value)) if sees_phones else mask_phone(str(value))
        case "assigned_to":
            return names.get(str(value)) or t("Người đã rời tổ")
        case "birth_year":
            return str(value)
    if isinstance(value, bool):
        return t("Có") if value else t("Không")
    known = words or (ANSWER_WORDS if key in CATALOGUE else {})
    return t(known[value]) if value in known else str(value)
