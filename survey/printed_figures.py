"""Figures that were printed elsewhere with a percentage: computed again from their numbers, and a difference is said.

Percentages on paper are typed by hand and sometimes wrong: 32.468 of 32.641 was printed as "98,47 %" and is 99,47 %.
"""

import re
from dataclasses import dataclass
from fractions import Fraction

from survey.vietnamese import format_number, format_percent, parse_count

_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,3}))?\s*%?")


@dataclass(frozen=True)
class PrintedFigure:
    """What was printed: a name, the part of a whole, and the percentage with so many decimals."""

    what: str
    part: int
    whole: int
    printed: Fraction
    decimals: int

    @property
    def printed_words(self) -> str:
        return format_percent(self.printed / 100, self.decimals)

    @property
    def exact_words(self) -> str:
        """The percentage of the two numbers, with as many decimals as were printed."""
        return format_percent(Fraction(self.part, self.whole), self.decimals)

    @property
    def is_right(self) -> bool:
        """Whether what was printed is the exact percentage, rounded either way."""
        exact = Fraction(self.part, self.whole) * 100
        return abs(exact - self.printed) < Fraction(1, 10**self.decimals)

    @property
    def said(self) -> str:
        """The verdict in words."""
        if self.is_right:
            return "đúng"
        points = abs(Fraction(self.part, self.whole) * 100 - self.printed)
        scale = 10 ** max(self.decimals, 1)
        whole, rest = divmod(round(points * scale), scale)
        shown = f"{format_number(whole)},{rest:0{max(self.decimals, 1)}d}"
        return f"lệch {shown} điểm phần trăm"


def read_printed(text: str) -> list[PrintedFigure]:
    """Figures as they are typed, one a line: "Có chữ ký số; 32.468; 32.641; 98,47 %". Raises ValueError with a sentence
    that names the line."""
    found = []
    for line in text.splitlines():
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split(";")]
        numbers = [parse_count(part) for part in parts[1:3]]
        percent = _PERCENT.fullmatch(parts[3]) if len(parts) == 4 else None
        if percent is None or len(numbers) != 2 or numbers[0] is None or not numbers[1] or not parts[0]:
            how = "ghi tên; tử số; mẫu số; phần trăm đã in. Ví dụ: Có chữ ký số; 32.468; 32.641; 98,47 %"
            raise ValueError(f"“{line.strip()[:60]}”: {how}")
        whole, rest = percent[1], percent[2] or ""
        printed = Fraction(int(whole + rest), 10 ** len(rest))
        found.append(PrintedFigure(parts[0], numbers[0], numbers[1], printed, len(rest)))
    return found
