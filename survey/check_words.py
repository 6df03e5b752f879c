"""What the checks say: each asks for what was behind it, and accuses nobody. Thresholds are not named."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from survey.checks.at_the_door import Asked
from survey.checks.visits import Check, Flag
from survey.times import vietnam_time

_WHY = {
    "head_young": "chủ hộ còn nhỏ tuổi",
    "nobody_adult": "không có ai từ 18 tuổi",
    "spouses_apart": "vợ chồng cách nhau nhiều tuổi",
    "parent_young": "cha mẹ và con cách nhau ít tuổi",
    "year_moved": "năm sinh khác hẳn lần trước",
}


def flag_words(flag: Flag) -> str:
    """One or two sentences about what was found: they ask."""
    return _WORDS[flag.check](flag.evidence)


def asked_words(asked: Asked, who: str) -> str:
    """The question at saving; `who` is the person it is about, in words ("Vợ, sinh năm 1990")."""
    numbers = asked.numbers
    if asked.kind == "short":
        minutes = _minutes(numbers["seconds"])
        done = f"Phiếu của nhà {numbers['people']} người ghi xong trong {minutes}"
        return f"{done}. Nếu còn câu chưa kịp hỏi, anh/chị hỏi nốt giúp."
    if asked.kind == "vneid_back":
        return f"{who}: lần trước VNeID mức {numbers['before']}, lần này mức {numbers['now']}. Lần trước ghi nhầm à?"
    if asked.kind == "level2_no_phone":
        return f"{who}: VNeID mức 2 mà không dùng điện thoại thông minh. Có thể đúng; anh/chị xem lại giúp."
    if asked.kind == "nobody_adult":
        return "Trong nhà không có ai từ 18 tuổi. Anh/chị xem lại năm sinh giúp."
    return f"{who}: {_WHY[asked.kind]}. Anh/chị xem lại năm sinh giúp."


def _pace(it: Mapping[str, Any]) -> str:
    at = vietnam_time(datetime.fromisoformat(it["at"]))
    part = "Sáng" if at.hour < 12 else "Chiều" if at.hour < 18 else "Tối"
    when = f"{part} {at:%d/%m}"
    many = f"{it['count']} phiếu ghi trong {_minutes(it['seconds'])}"
    return f"{when} có {many}. Anh/chị ghi lại từ giấy, hay gặp nhiều hộ cùng một chỗ?"


def _short(it: Mapping[str, Any]) -> str:
    one = f"phiếu của nhà {it['people']} người ghi xong trong {_minutes(it['seconds'])}"
    many = f"{it['count']} phiếu ghi nhanh, có {one}" if it["count"] > 1 else f"{one[:1].upper()}{one[1:]}"
    return f"{many}. Nếu còn câu chưa kịp hỏi, anh/chị mở lại phiếu này."


def _same_family(it: Mapping[str, Any]) -> str:
    return (
        f"{_houses(it['count'])} có {it['people']} người cùng giới tính và năm sinh. Một nhà ghi hai lần, chọn nhầm "
        "hộ, hay chỉ trùng nhau?"
    )


def _houses(count: int) -> str:
    return "Hai hộ" if count == 2 else f"{count} hộ"


def _not_met(it: Mapping[str, Any]) -> str:
    many = f"trong {_minutes(it['seconds'])}" if "seconds" in it else f"trong {it['of']} lần đến"
    return f"{it['count']} hộ không gặp được {many}. Anh/chị ghé lại giờ khác giúp; các hộ này vẫn còn trong danh sách."


def _impossible(it: Mapping[str, Any]) -> str:
    why = ", ".join(_WHY[one] for one in it["why"])
    return f"Phiếu này ghi {why}. Gõ nhầm năm sinh hay đúng vậy? Nhờ anh/chị xem lại."


def _minutes(seconds: float) -> str:
    """ "25 giây", "9 phút"."""
    return f"{round(seconds)} giây" if seconds < 90 else f"{round(seconds / 60)} phút"


_WORDS = {
    Check.PACE: _pace,
    Check.SHORT: _short,
    Check.ALIKE: lambda it: (
        f"{it['count']} hộ có người và câu trả lời gần như hộ ngay trước. Chọn nhầm hộ, ghi lại một nhà, hay chỉ trùng "
        "nhau?"
    ),
    Check.SAME_FAMILY: _same_family,
    Check.FEW_NO: lambda it: (
        f"{it['count']} phiếu này có {it['no']} câu “không”; nơi khác, cùng độ tuổi, thường khoảng {it['usual']}. "
        "Nhờ hỏi lại vài hộ cho chắc số liệu."
    ),
    Check.UNKNOWNS: lambda it: (
        f"Có {it['count']} câu “không rõ” trong {it['of']} câu. Khi ghé lại, anh/chị hỏi giúp những câu ấy."
    ),
    Check.ROUND_YEARS: lambda _it: (
        "Nhiều năm sinh tròn 0 hoặc 5. Nếu hộ chỉ nhớ áng chừng, anh/chị xem giúp giấy tờ khi ghé lại."
    ),
    Check.NOT_MET: _not_met,
    Check.NO_CHANGE: lambda it: (
        f"{it['count']}/{it['of']} phiếu giữ nguyên như lần trước. Đã hỏi lại từng câu? Nếu đúng, chọn “Đã hỏi "
        "lại, không đổi”."
    ),
    Check.VNEID_BACK: lambda it: (
        f"{it['count']} hộ có người mà mức VNeID thấp hơn lần trước. Lần trước ghi nhầm, lần này ghi nhầm, hay đúng là "
        "đổi?"
    ),
    Check.IMPOSSIBLE: _impossible,
}
