"""The unfinished forms on a phone, each to be finished or dropped before the phone goes to somebody else."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.store.responses import BegunForm
from app.ui.components.frame import panel, paragraph, secondary_button
from app.ui.texts import Texts


def begun_forms(
    t: Texts,
    forms: list[BegunForm],
    member: str,
    dropping: BegunForm | None,
    finish: Callable[[BegunForm], Any],
    ask_to_drop: Callable[[BegunForm | None], Any],
    drop: Callable[[BegunForm], Any],
) -> list[ft.Control]:
    """A panel for each form with its household, person and day. Only its own person (`member`) can continue it;
    dropping one asks for confirmation (`dropping`)."""
    if not forms:
        return []
    intro = t("Trước khi máy này sang người khác, anh/chị ghi xong hoặc bỏ các phiếu đang dở:")
    return [paragraph(intro), *[_form(t, one, member, one == dropping, finish, ask_to_drop, drop) for one in forms]]


def _form(
    t: Texts,
    form: BegunForm,
    member: str,
    is_dropping: bool,
    finish: Callable[[BegunForm], Any],
    ask_to_drop: Callable[[BegunForm | None], Any],
    drop: Callable[[BegunForm], Any],
) -> ft.Control:
    async def really(_event: Any) -> None:
        await drop(form)

    words = t(
        "Phiếu đang ghi dở: hộ {household}, {name} ghi ngày {day}",
        household=form.head_name,
        name=form.member_name,
        day=t.day(form.saved_at),
    )
    lines: list[ft.Control] = [paragraph(words, bold=True)]
    buttons: list[ft.Control] = []
    if is_dropping:
        lines.append(paragraph(t("Bỏ hẳn phiếu này? Những gì đã ghi trong phiếu sẽ mất.")))
        buttons.append(secondary_button(t("Bỏ hẳn phiếu"), really, icon=ft.Icons.DELETE_OUTLINE))
        buttons.append(secondary_button(t("Giữ lại"), lambda _event: ask_to_drop(None)))
    else:
        if form.member == member:
            buttons.append(secondary_button(t("Ghi tiếp"), lambda _event: finish(form), icon=ft.Icons.EDIT_NOTE))
        buttons.append(secondary_button(t("Bỏ phiếu này"), lambda _event: ask_to_drop(form)))
    lines.append(ft.Row(buttons, wrap=True, spacing=8, run_spacing=8))
    return panel(ft.Column(lines, spacing=10, tight=True), colour=ft.Colors.TERTIARY_CONTAINER)
