"""What is asked for when sheets are drawn: which cards, in which format, for which village."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from sync_server.cards.formats import SheetFormat

OnPage = Callable[[int, int], None]
MOST_OFFSET, LEAST_SCALE, MOST_SCALE = 10.0, 0.9, 1.1


@dataclass(frozen=True)
class PrintedCard:
    """A household's card: its serial number, its code without hyphens and, only where wished, its house's address.

    Never a name: the card hangs on a door.
    """

    serial: int
    code: str
    house: str = ""


@dataclass(frozen=True)
class MemberCard:
    """A sign-in card that is handed to one person: who, as what, the one-time code and the last day it works.

    `office` is for those who work with the pages at a PC instead of the app on a phone (officials).
    """

    name: str
    role: str
    code: str
    expires: date
    office: bool = False


@dataclass(frozen=True)
class Sheet:
    """How a village's sheets are printed.

    `village` and `commune` come with their kind ("thôn Đinh Xá", "xã Nguyệt Đức"), `contact` is whom to ask, as it is
    to be read ("chị Hoa, 0912 345 678"). The offsets (right and down) and the scale undo what a printer does wrong; a
    scale of 1.02 draws everything 2 % larger, from the middle of the page. Raises `ValueError` where backs are wished
    of a format without, or an offset or a scale is beyond what a printer can be wrong by.
    """

    format: SheetFormat
    public_url: str
    village: str
    commune: str
    backs: bool = False
    offset_x_mm: float = 0.0
    offset_y_mm: float = 0.0
    scale: float = 1.0
    contact: str = ""

    def __post_init__(self) -> None:
        if self.backs and not self.format.has_backs:
            raise ValueError(f"{self.format.name} has no backs")
        if max(abs(self.offset_x_mm), abs(self.offset_y_mm)) > MOST_OFFSET:
            raise ValueError(f"offset over {MOST_OFFSET:g} mm: {self.offset_x_mm:g}, {self.offset_y_mm:g}")
        if not LEAST_SCALE <= self.scale <= MOST_SCALE:
            raise ValueError(f"scale not from {LEAST_SCALE} to {MOST_SCALE}: {self.scale:g}")

    @property
    def place(self) -> str:
        """Village and commune on one line."""
        return ", ".join(one for one in (self.village, self.commune) if one)


def count_pages(cards: int, sheet: Sheet) -> int:
    """How many pages so many cards fill, backs counted."""
    return -(-cards // sheet.format.places) * (2 if sheet.backs else 1)
