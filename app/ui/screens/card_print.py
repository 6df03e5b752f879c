"""What a lead chooses before printing: the format, which cards, what is on them; and the page as it will be printed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import flet as ft

from app.store.printer import PrinterOffsets
from app.sync.client import SheetPage
from app.ui.components.choices import one_of, tick
from app.ui.components.frame import notice, paragraph, secondary_button
from app.ui.components.typed_field import Typed, typed_field
from app.ui.texts import Texts, later

CARDS, LABELS, NOTICE = "a4-2x5", "a4-3x8", "a4-1"
FORMATS = (
    (CARDS, later("Thẻ, 10 thẻ một tờ A4")),
    (LABELS, later("Nhãn dán, 24 nhãn một tờ A4")),
    (NOTICE, later("Tờ dán ở nhà văn hóa, một tờ A4")),
)
FILES = {CARDS: "the-ho.pdf", LABELS: "nhan-the-ho.pdf", NOTICE: "to-nha-van-hoa.pdf"}


@dataclass(frozen=True)
class PrintWish:
    """What is to be printed, as it stands on the screen."""

    format: str = CARDS
    serials: str = ""
    houses: bool = False

    @property
    def has_cards(self) -> bool:
        """Whether household cards are on the sheet; the notice is of no household."""
        return self.format != NOTICE

    @property
    def has_backs(self) -> bool:
        """Whether each sheet is followed by its back, with what a family is told."""
        return self.format == CARDS

    def order(self, printer: PrinterOffsets, *, outline: bool = False) -> dict[str, str | int]:
        """The query parameters of the server's sheets."""
        order: dict[str, str | int] = {"format": self.format, **printer.correction()}
        if outline:
            return order | {"outline": 1}
        if self.has_cards:
            order |= {"serials": self.serials, "house": int(self.houses), "back": int(self.has_backs)}
        return order


def wish_controls(t: Texts, wish: PrintWish, serials: Typed, set_wish: Callable[[PrintWish], None]) -> list[ft.Control]:
    """The choices; those that mean nothing to the chosen format are not shown, and keep what they hold."""
    body: list[ft.Control] = [
        one_of(
            {value: t(words) for value, words in FORMATS},
            wish.format,
            lambda value: set_wish(replace(wish, format=value)),
        )
    ]
    if not wish.has_cards:
        words = t("Tờ này không dùng thẻ nào: mã trên tờ mở trang của tổ. Trên tờ ghi thẻ hộ là gì và hỏi ai.")
        return [*body, paragraph(words)]
    return [
        *body,
        typed_field(
            t("Số thẻ cần in (để trống: tất cả)"),
            serials,
            lambda text: set_wish(replace(wish, serials=text)),
        ),
        tick(
            t("In số nhà, ngõ lên thẻ (không in tên)"),
            wish.houses,
            lambda chosen: set_wish(replace(wish, houses=chosen)),
        ),
    ]


def preview_controls(
    t: Texts, shown: SheetPage, turn_to: Callable[[int], Callable[[Any], Any]], *, busy: bool
) -> list[ft.Control]:
    """The page as it will be printed, and the way to the next and the former one."""
    where = t("Trang {page} trên {pages}", page=shown.page, pages=shown.pages)
    body: list[ft.Control] = [
        paragraph(where, bold=True),
        ft.Container(
            ft.Image(
                src=shown.picture,
                fit=ft.BoxFit.CONTAIN,
                semantics_label=t("Hình trang sẽ in, {where}", where=where),
                gapless_playback=True,
            ),
            border=ft.Border.all(1, ft.Colors.OUTLINE),
            bgcolor=ft.Colors.WHITE,
        ),
    ]
    if shown.pages > 1:
        first, last = shown.page == 1, shown.page == shown.pages
        body.append(
            ft.Row(
                [
                    secondary_button(t("Trang trước"), turn_to(shown.page - 1), disabled=busy or first),
                    secondary_button(t("Trang sau"), turn_to(shown.page + 1), disabled=busy or last),
                ],
                wrap=True,
            )
        )
    return [*body, paragraph(t("Xem trước không tính là đã in."), weak=True)]


def trial_notice(t: Texts, trial: list[str]) -> list[ft.Control]:
    """Why the sheets are not for doors yet; nothing where they are."""
    if not trial:
        return []
    words = [t("Bản in thử, chưa nên dán ở nhà dân:"), *trial]
    return [notice("\n".join(words), icon=ft.Icons.WARNING_AMBER, warn=True)]
