"""What the printer does wrong, asked as it is seen on a printed sheet; kept on this device."""

from decimal import Decimal, InvalidOperation
from typing import Any

import flet as ft

from app.actions.settings import keep_printer_offsets
from app.store.printer import (
    LEAST_RULER,
    MOST_RULER,
    MOST_SHIFT,
    PrinterOffsets,
    find_printer_offsets,
)
from app.ui import theme
from app.ui.components.frame import notice, paragraph, secondary_button
from app.ui.components.typed_field import typed_field, use_typed
from app.ui.texts import Texts, later
from app.ui.workspace import use_app_state, use_texts, use_workspace

RIGHT, DOWN, RULER = "right_mm", "down_mm", "ruler_mm"
LABELS = (
    (RIGHT, later("Hình lệch sang phải (mm)")),
    (DOWN, later("Hình lệch xuống dưới (mm)")),
    (RULER, later("Thước 100 mm trên tờ in dài bao nhiêu mm?")),
)


def read_millimetres(text: str) -> float | None:
    """A length as people write it, "1,5" or "-2 mm"; None if it is none."""
    try:
        value = Decimal(text.strip().lower().removesuffix("mm").strip().replace(",", ".").replace("−", "-"))
    except InvalidOperation:
        return None
    return float(value) if value.is_finite() and abs(value) < 1000 else None


def read_offsets(t: Texts, written: dict[str, str]) -> tuple[PrinterOffsets | None, str]:
    """The three lengths as they were written, an empty one as right; or None, and a sentence on what is wrong."""
    usual = {RIGHT: 0.0, DOWN: 0.0, RULER: 100.0}
    values: dict[str, float] = {}
    for key, label in LABELS:
        text = written.get(key, "").strip()
        value = read_millimetres(text) if text else usual[key]
        least, most = (LEAST_RULER, MOST_RULER) if key == RULER else (-MOST_SHIFT, MOST_SHIFT)
        if value is None:
            return None, t("{field}: ghi một số, ví dụ 1,5.", field=t(label))
        if not least <= value <= most:
            return None, t("{field}: ghi từ {least} đến {most}.", field=t(label), least=least, most=most)
        values[key] = value
    return PrinterOffsets(**values), ""


@ft.component
def PrinterOffsetsForm() -> ft.Control:
    """The three lengths, shown when they are asked for; kept by a button, and valid for every sheet from then on."""
    workspace, t = use_workspace(), use_texts()
    state = use_app_state()
    kept = ft.use_memo(lambda: workspace.read(find_printer_offsets), [state.revision])
    is_open, set_open = ft.use_state(False)
    written = {key: use_typed(_as_written(t, getattr(kept, key))) for key, _ in LABELS}
    problem, set_problem = ft.use_state("")
    said, set_said = ft.use_state("")

    async def keep(_event: Any) -> None:
        offsets, wrong = read_offsets(t, {key: typed.text for key, typed in written.items()})
        set_problem(wrong)
        if offsets is not None:
            await workspace.save(keep_printer_offsets, offsets)
            set_said(t("Đã giữ trên máy này. Từ nay mọi tờ đều được chỉnh như vậy."))

    words = t("Máy in lệch: chưa chỉnh") if kept == PrinterOffsets() else t("Máy in lệch: đang chỉnh")
    icon = ft.Icons.EXPAND_LESS if is_open else ft.Icons.EXPAND_MORE
    body: list[ft.Control] = [secondary_button(words, lambda _event: set_open(not is_open), icon=icon)]
    if is_open:
        body.append(
            paragraph(
                t(
                    "In một tờ thử rồi đo: thước ở chân tờ phải dài đúng 100 mm. "
                    "Lệch sang trái hoặc lên trên thì ghi dấu trừ, ví dụ -1,5."
                )
            )
        )
        body += [typed_field(t(label), written[key], lambda _text: set_said("")) for key, label in LABELS]
        if problem:
            body.append(notice(problem, icon=ft.Icons.ERROR_OUTLINE, warn=True))
        if said:
            body.append(notice(said, icon=ft.Icons.CHECK_CIRCLE_OUTLINE))
        body.append(secondary_button(t("Giữ cách chỉnh này"), keep))
    return ft.Column(body, spacing=theme.GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _as_written(t: Texts, value: float) -> str:
    return t.decimal(f"{value:g}")
