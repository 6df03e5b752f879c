"""What personal data may be held and shown (Law 91/2025/QH15): minimise, mask, refuse."""

import re

ADULT_NAME_AGE = 16
CONSENT_WORDING = "2026-12"
CONSENT_WORDING_OF_REPEAT = "2026-12-repeat"
_LONG_DIGITS = re.compile(r"(?:\d[\s.\-]?){9,}")
_DATE = re.compile(r"\b(?:0?[1-9]|[12]\d|3[01])[.-](?:0?[1-9]|1[0-2])[.-](?:19|20)\d\d\b")


def is_child_as_head(relation: str, birth_year: int, year: int) -> bool:
    """Whether a child would stand there as the head of a household, whose name is kept: no name of a child is."""
    return relation == "head" and year - birth_year < ADULT_NAME_AGE


def mask_phone(number: str) -> str:
    """ "0912345678" as "09•• ••• •78": enough to recognise one's own number, not to call it."""
    digits = "0" + number.removeprefix("+84").removeprefix("0")
    return f"{digits[:2]}•• ••• •{digits[-2:]}"


def holds_long_number(text: str) -> bool:
    """Whether free text holds nine or more digits in a row: an identity, bank or phone number does not belong there.

    A date does not count as one, even with other digits beside it: "Họp 20.11.2026 15 hộ".
    """
    return bool(_LONG_DIGITS.search(text)) and bool(_LONG_DIGITS.search(_DATE.sub("/", text)))
