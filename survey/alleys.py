"""Alleys (ngõ, xóm, đường): which part of a household's address says where a team walks."""

import re

from survey.vietnamese import clean, collation_key, spelling

_HOUSE_NUMBER = re.compile(
    r"^(?:(?:số\s+nhà|nhà\s+số|số|nhà|sn)\b[\s.:]*)?\d+[a-z]?(?:\s*[/-]\s*\d+[a-z]?)*(?=[\s,.]|$)[\s.]*", re.IGNORECASE
)


def alley_of(address: str) -> str:
    """The alley of an address, without the house number: "Số 12, Ngõ Đình, thôn Đinh Xá" gives "Ngõ Đình".

    Empty where the address names none.
    """
    for part in clean(address).split(","):
        alley = _HOUSE_NUMBER.sub("", part.strip()).strip()
        if alley:
            return alley
    return ""


def alley_key(address: str) -> str:
    """A form that all spellings of one alley share; empty where the address names none."""
    return spelling(alley_of(address))


def alley_order(address: str) -> str:
    """A key that sorts addresses by alley, in Vietnamese order, then as they are written."""
    return f"{collation_key(alley_of(address))}\t{collation_key(address)}"
