"""What a person may ask about their data, and by when the commune must have answered and done it.

Luật 91/2025/QH15 Điều 4 and Nghị định 356/2025/NĐ-CP: an answer within 2 working days; withdrawing, restricting and
objecting are done within 15 days, seeing and correcting within 10, deleting within 20 (the figures for seeing,
correcting and deleting are quoted at second hand: see docs/decisions/0018-registers.md). One extension of 15 days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

ANSWER_WORKING_DAYS = 2
EXTENSION_DAYS = 15
INCIDENT_HOURS = 72
_FIXED_HOLIDAYS = {(1, 1), (4, 30), (5, 1), (9, 2)}
"""Holidays that fall on the same day every year. Tết and Giỗ Tổ move with the moon and are left out: a deadline is then
some days too early, never too late."""


class RequestKind(StrEnum):
    SEE = "see"
    CORRECT = "correct"
    DELETE = "delete"
    WITHDRAW = "withdraw"
    RESTRICT = "restrict"
    OBJECT = "object"
    COMPLAIN = "complain"


DAYS_TO_DO = {
    RequestKind.SEE: 10,
    RequestKind.CORRECT: 10,
    RequestKind.DELETE: 20,
    RequestKind.WITHDRAW: 15,
    RequestKind.RESTRICT: 15,
    RequestKind.OBJECT: 15,
    RequestKind.COMPLAIN: 15,
}
REQUEST_WORDS = {
    RequestKind.SEE: "xem dữ liệu",
    RequestKind.CORRECT: "sửa dữ liệu",
    RequestKind.DELETE: "xóa dữ liệu",
    RequestKind.WITHDRAW: "rút lại đồng ý",
    RequestKind.RESTRICT: "hạn chế dùng dữ liệu",
    RequestKind.OBJECT: "phản đối việc dùng dữ liệu",
    RequestKind.COMPLAIN: "khiếu nại",
}


@dataclass(frozen=True)
class Deadlines:
    """The last day to answer, and the last day to have done it."""

    answer_by: date
    do_by: date


def deadlines_of(kind: RequestKind, received_on: date, *, is_extended: bool = False) -> Deadlines:
    """By when a request that came on this day is to be answered and done. The day itself does not count."""
    days = DAYS_TO_DO[kind] + (EXTENSION_DAYS if is_extended else 0)
    return Deadlines(add_working_days(received_on, ANSWER_WORKING_DAYS), received_on + timedelta(days=days))


def add_working_days(day: date, count: int, holidays: Iterable[date] = ()) -> date:
    """The day that is so many working days later: Saturdays, Sundays and holidays do not count."""
    free = set(holidays)
    while count:
        day += timedelta(days=1)
        if is_working_day(day) and day not in free:
            count -= 1
    return day


def is_working_day(day: date) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in _FIXED_HOLIDAYS
