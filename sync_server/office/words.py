"""What only the pages say: the names of typed fields, and letters."""

from math import floor

from survey.coverage import CriterionCoverage
from survey.figure_words import change_words
from survey.public_coverage import PublicCriterion, PublicFigure
from survey.vietnamese import format_percent

TYPED = {
    "head_name": "Chủ hộ",
    "address": "Địa chỉ",
    "phone": "Số điện thoại",
    "name": "Họ và tên",
    "names": "Họ và tên",
    "value": "Số lượng",
    "evidence": "Minh chứng",
}
"""The fields of forms that a person types, and how a page calls them."""


def public_rate(line: PublicFigure | PublicCriterion) -> str:
    """ "94,4 %" of a figure that everybody may read."""
    return format_percent(line.rate) if line.rate is not None else ""


def change_since(line: CriterionCoverage, earlier: list[CriterionCoverage] | None) -> str:
    """How a figure changed since the report that these lines are of: "+1,4 điểm"."""
    return change_words(line, next((one for one in earlier or [] if one.no == line.no), None))


def lowest_whole(line: CriterionCoverage) -> int:
    """The whole percentage that the rate would not fall below if all that is hidden were a no."""
    return floor((line.lowest or 0) * 100)


def capital(text: str) -> str:
    """With a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]
