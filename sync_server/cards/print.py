"""Printing a village's cards: which ones, in which format, and that they were printed. Reprinting issues nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from survey.cards import SERIALS_WRONG, read_serials
from survey.problem_shapes import FieldProblem
from survey.problems import CARDS_NOT_FOUND, FIELDS_INVALID
from survey.records import Commune, Village
from survey.villages import full_name
from sync_server.cards.formats import FORMATS
from sync_server.cards.issue import list_for_print, note_deed
from sync_server.cards.order import OnPage, PrintedCard, Sheet, count_pages
from sync_server.problems import Problem
from sync_server.store.cards import Card
from sync_server.store.database import Session
from sync_server.store.stream import list_states


@dataclass(frozen=True)
class PrintOrder:
    """What to print: a format of `FORMATS`, the serial numbers ("1-40,57"; all of them if empty), whether backs are
    wanted and whether each card names its household's address (never a name), what the printer does wrong, and whether
    only the outlines of one sheet are wanted. Serial numbers and addresses mean nothing to outlines and to the notice.
    """

    format: str = "a4-2x5"
    serials: str = ""
    backs: bool = False
    houses: bool = False
    offset_x_mm: float = 0.0
    offset_y_mm: float = 0.0
    scale: float = 1.0
    outline: bool = False


@dataclass(frozen=True)
class PrintJob:
    """Cards that are ready to be drawn, with the sheet that they go on. Outlines and the notice have no cards."""

    cards: Sequence[PrintedCard]
    sheet: Sheet
    outline: bool = False

    @property
    def pages(self) -> int:
        """How many pages the file has."""
        return count_pages(len(self.cards), self.sheet) if self.cards else 1

    def draw(self, out: BinaryIO, on_page: OnPage | None = None, page: int | None = None) -> None:
        """Write the PDF, or only one page of it. Needs no database; takes about a second for 500 cards.

        Raises `Problem` fields-invalid for a page that is not there.
        """
        from sync_server.cards.sheet import (
            draw_notice,
            draw_outlines,
            draw_sheets,
        )  # imported late: only who draws pays

        if page is not None and not 1 <= page <= self.pages:
            raise _wrong("/page", f"Tệp in có {self.pages} trang.")
        if self.outline:
            draw_outlines(out, self.sheet)
        elif self.sheet.format.face == "notice":
            draw_notice(out, self.sheet)
        else:
            draw_sheets(out, self.cards, self.sheet, on_page, page)


def prepare_print(
    session: Session,
    commune: Commune,
    village: Village,
    order: PrintOrder,
    public_url: str,
    by: str,
    now: datetime,
) -> PrintJob:
    """Collect the cards of the order and keep, for each, that it was printed. Raises as `prepare_preview`."""
    job, cards = _collect(session, commune, village, order, public_url)
    note_deed(session, commune.code, cards, "printed", by, now)
    return job


def prepare_preview(
    session: Session, commune: Commune, village: Village, order: PrintOrder, public_url: str
) -> PrintJob:
    """The same, only to be looked at: nothing is kept.

    Raises `Problem` fields-invalid for an order that cannot be carried out, also for a letter that the typeface lacks,
    and cards-not-found where the village has no such cards.
    """
    return _collect(session, commune, village, order, public_url)[0]


def _collect(
    session: Session, commune: Commune, village: Village, order: PrintOrder, public_url: str
) -> tuple[PrintJob, Sequence[Card]]:
    sheet = _sheet(commune, village, order, public_url)
    if order.outline or sheet.format.face == "notice":
        _must_have_letters(sheet, [])
        return PrintJob([], sheet, order.outline), []
    cards = list_for_print(session, commune.code, village.id, _serials(order.serials))
    if not cards:
        raise Problem(CARDS_NOT_FOUND)
    homes = [one.household for one in cards if one.household] if order.houses else []
    states = list_states(session, commune.code, village.id, "household", homes)
    addresses = {home: str(state.to_body().get("address") or "") for home, state in states.items()}
    _must_have_letters(sheet, addresses.values())
    printed = [PrintedCard(one.serial or 0, one.code, addresses.get(one.household or "", "")) for one in cards]
    return PrintJob(printed, sheet), cards


def _serials(text: str) -> set[int] | None:
    try:
        return read_serials(text)
    except ValueError as error:
        raise _wrong("/serials", SERIALS_WRONG) from error


def _must_have_letters(sheet: Sheet, addresses: Iterable[str]) -> None:
    from sync_server.cards.lettering import LetterMissing, checked  # imported late: only who prints pays for it

    for pointer, where, texts in (
        ("/village", "tên thôn, tên xã", [sheet.place]),
        ("/house", "số nhà, ngõ của một hộ", addresses),
    ):
        try:
            for text in texts:
                checked(text)
        except LetterMissing as missing:
            raise _wrong(pointer, f"Chữ “{missing.letter}” trong {where} chưa có trong phông chữ để in.") from missing


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
