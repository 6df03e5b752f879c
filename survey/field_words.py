"""Fields, answers, outcomes and roles in Vietnamese words: one home for what the app and the office's pages show.

The app translates each through its catalogue; `EVERY` is what has to be in it.
"""

from collections.abc import Mapping
from typing import Any

from survey.criteria import Result
from survey.questions import CATALOGUE, UNKNOWN
from survey.records import Departure, HouseholdStatus, Outcome
from survey.roles import Role
from survey.vietnamese import format_phone

FIELD_WORDS = {
    "head_name": "Họ tên chủ hộ",
    "address": "Địa chỉ",
    "phone": "Điện thoại",
    "number": "Số thứ tự",
    "status": "Tình trạng hộ",
    "village": "Thôn",
    "assigned_to": "Người phụ trách",
    "card": "Thẻ hộ",
    "birth_year": "Năm sinh",
    "sex": "Nam hay nữ?",
    "relation": "Quan hệ với chủ hộ",
    "outcome": "Kết quả khảo sát",
    "resident": "Người này có sống trong nhà không?",
}
ANSWER_WORDS: dict[str | int, str] = {
    "yes": "Có",
    "no": "Không",
    UNKNOWN: "Không rõ",
    0: "Chưa",
    1: "Mức 1",
    2: "Mức 2",
    "good": "Tốt",
    "weak": "Yếu",
    "none": "Không có",
}
RELATION_WORDS = {
    "head": "Chủ hộ",
    "spouse": "Vợ hoặc chồng",
    "child": "Con",
    "parent": "Cha hoặc mẹ",
    "other": "Người khác",
}
RELATION_WORDS_BY_SEX = {
    ("spouse", "f"): "Vợ",
    ("spouse", "m"): "Chồng",
    ("child", "m"): "Con trai",
    ("child", "f"): "Con gái",
    ("parent", "m"): "Bố",
    ("parent", "f"): "Mẹ",
}
SHORT_QUESTIONS = {
    "has_smartphone": "Điện thoại",
    "has_payment_account": "Tài khoản",
    "vneid_level": "VNeID",
    "uses_online_services": "Dịch vụ công",
    "has_digital_signature": "Chữ ký số",
    "has_ehealth_record": "Sổ sức khỏe",
    "has_fixed_internet": "Internet",
    "has_digital_address": "Địa chỉ số",
    "in_village_group": "Nhóm Zalo thôn",
    "has_fluent_user": "Người dùng thạo",
    "signal": "Sóng",
    "runs_business": "Buôn bán",
    "accepts_cashless": "Nhận chuyển khoản",
}
"""The questions in the line about somebody who has answered."""
SEX_WORDS = {"m": "Nam", "f": "Nữ"}
DEPARTURE_WORDS = {
    Departure.MOVED_AWAY: "Đã chuyển đi",
    Departure.DIED: "Đã mất",
    Departure.MISTAKE: "Lần trước ghi nhầm",
}
SPLIT_OFF_WORDS = "Đã tách hộ"
OUTCOME_WORDS = {
    Outcome.COMPLETED: "Đã khảo sát",
    Outcome.REFUSED: "Từ chối",
    Outcome.ABSENT: "Vắng nhà",
    Outcome.VACANT: "Nhà bỏ trống",
    Outcome.MOVED: "Đã chuyển đi",
}
STATUS_WORDS = {
    HouseholdStatus.ACTIVE: "Đang ở",
    HouseholdStatus.MOVED: "Đã chuyển đi",
    HouseholdStatus.VACANT: "Nhà bỏ trống",
    HouseholdStatus.REFUSED: "Từ chối",
}
ROLE_WORDS = {Role.MEMBER: "Tổ viên", Role.LEAD: "Tổ trưởng", Role.OFFICIAL: "Cán bộ xã", Role.PROVINCE: "Cán bộ tỉnh"}
RESULT_WORDS = {
    Result.MET: "Đạt",
    Result.NOT_MET: "Chưa đạt",
    Result.NOT_ENOUGH_DATA: "Chưa đủ dữ liệu",
    Result.NOT_APPLICABLE: "Không áp dụng",
}
_OTHER = (SPLIT_OFF_WORDS, "(để trống)", "Người đã rời tổ", "Thôn khác")
_MAPS: tuple[Mapping[Any, str], ...] = (
    FIELD_WORDS,
    ANSWER_WORDS,
    RELATION_WORDS,
    RELATION_WORDS_BY_SEX,
    SHORT_QUESTIONS,
    SEX_WORDS,
    DEPARTURE_WORDS,
    OUTCOME_WORDS,
    STATUS_WORDS,
    ROLE_WORDS,
    RESULT_WORDS,
)
EVERY = frozenset(_OTHER).union(*(words.values() for words in _MAPS))


def relation_words(relation: str | None, sex: str | None) -> str:
    """What a person is to the head of the household: "Vợ", "Con trai"; "Con" where the sex is not known."""
    known = relation if relation in RELATION_WORDS else "other"
    return RELATION_WORDS_BY_SEX.get((known or "", sex or ""), RELATION_WORDS[known or "other"])


def departure_words(reason: Departure, split_to: str | None) -> str:
    """Why somebody is not in the household any more."""
    return SPLIT_OFF_WORDS if split_to else DEPARTURE_WORDS[reason]


def value_words(key: str, value: Any, names: Mapping[str, str]) -> str:
    """One value of a field in words, an empty one too; `names` are those of people and villages by their id."""
    if value is None:
        return "Không" if key == "resident" else "(để trống)"
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if key in {"assigned_to", "village"}:
        return names.get(str(value), "Người đã rời tổ" if key == "assigned_to" else "Thôn khác")
    if key == "phone":
        return format_phone(str(value))
    maps: dict[str, Mapping[Any, str]] = {
        "outcome": OUTCOME_WORDS,
        "relation": RELATION_WORDS,
        "status": STATUS_WORDS,
        "sex": SEX_WORDS,
    }
    words = maps.get(key, ANSWER_WORDS if key in CATALOGUE else {})
    return words.get(value, str(value))
