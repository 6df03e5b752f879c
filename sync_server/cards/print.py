"""Printing a village's cards: which ones, in which format, and that they were printed. Reprinting issues nothing."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from survey.problem_shapes import FieldProblem
from survey.problems import CARDS_NOT_FOUND, FIELDS_INVALID
from survey.records import Commune, Village
from survey.villages import full_name
from sync_server.cards.formats import FORMATS
from sync_server.cards.issue import list_for_print, note_deed
from sync_server.cards.sheet import OnPage, PrintedCard, Sheet, draw_sheets
from sync_server.problems import Problem
from sync_server.store.database import Session
from sync_server.store.stream import list_states

MOST_SERIAL = 1_000_000


@dataclass(frozen=True)
class PrintOrder:
    """What to print: a format of `FORMATS`, the serial numbers ("1-40,57"; all of them if empty), whether backs are
    wanted and whether each card names its household's address (never a name), and what the printer does wrong."""

    format: str = "a4-2x5"
    serials: str = ""
    backs: bool = False
    houses: bool = False
    offset_x_mm: float = 0.0
    offset_y_mm: float = 0.0
    scale: float = 1.0


@dataclass(frozen=True)
class PrintJob:
    """Cards that are ready to be drawn, with the sheet that they go on."""

    cards: Sequence[PrintedCard]
    sheet: Sheet

    def draw(self, out: BinaryIO, on_page: OnPage | None = None) -> None:
        """Write the PDF. Needs no database; takes about a second for 500 cards."""
        draw_sheets(out, self.cards, self.sheet, on_page)


def prepare_print(
    session: Session,
    commune: Commune,
    village: Village,
    order: PrintOrder,
    public_url: str,
    by: str,
    now: datetime,
) -> PrintJob:
    """Collect the cards of the order and keep, for each, that it was printed. Raises `Problem` fields-invalid for an
    order that cannot be carried out, cards-not-found where the village has no such cards."""
    sheet = _sheet(commune, village, order, public_url)
    cards = list_for_print(session, commune.code, village.id, read_serials(order.serials))
    if not cards:
        raise Problem(CARDS_NOT_FOUND)
    homes = [one.household for one in cards if one.household] if order.houses else []
    states = list_states(session, commune.code, village.id, "household", homes)
    addresses = {home: str(state.to_body().get("address") or "") for home, state in states.items()}
    note_deed(session, commune.code, cards, "printed", by, now)
    printed = [PrintedCard(one.serial or 0, one.code, addresses.get(one.household or "", "")) for one in cards]
    return PrintJob(printed, sheet)


def read_serials(text: str) -> set[int] | None:
    """The numbers in "1-40,57"; None for an empty text. Raises `Problem` fields-invalid for anything else."""
    if not text.strip():
        return None
    found: set[int] = set()
    for part in text.replace("–", "-").split(","):
        matched = re.fullmatch(r"\s*(\d{1,7})\s*(?:-\s*(\d{1,7})\s*)?", part)
        first, last = (int(matched[1]), int(matched[2] or matched[1])) if matched else (1, 0)
        if not 0 < first <= last <= MOST_SERIAL:
            raise _wrong("/serials", "Ghi số thẻ như 1-40 hoặc 3,7,12.")
        found.update(range(first, last + 1))
    return found


def _sheet(commune: Commune, village: Village, order: PrintOrder, public_url: str) -> Sheet:
    if order.format not in FORMATS:
        raise _wrong("/format", f"Có các mẫu giấy: {', '.join(FORMATS)}.")
    try:
        return Sheet(
            FORMATS[order.format],
            public_url,
            full_name(village),
            f"{commune.kind} {commune.name}",
            order.backs,
            order.offset_x_mm,
            order.offset_y_mm,
            order.scale,
        )
    except ValueError as error:
        detail = "Mẫu giấy này không có mặt sau, hoặc độ lệch, tỷ lệ của máy in quá lớn."
        raise _wrong("/format", detail) from error


def _wrong(pointer: str, detail: str) -> Problem:
    return Problem(FIELDS_INVALID, errors=[FieldProblem(pointer=pointer, detail=detail)])
