"""The lead's cards: how many are free, making new ones, and the sheets to print as a PDF file. Needs the network."""

from typing import Any

import flet as ft

from app.store.cards import count_free_cards
from app.store.sync_state import find_sign_in, list_villages
from app.sync.client import NotUnderstood, Refused, Unreachable
from app.ui import theme
from app.ui.components.frame import notice, paragraph, primary_button, screen, secondary_button
from app.ui.texts import later
from app.ui.workspace import use_app_state, use_texts, use_workspace
from survey.cards import CardOrder
from survey.villages import full_name

FORMATS = (("a4-2x5", later("Thẻ, 10 thẻ một tờ A4")), ("a4-3x8", later("Nhãn dán, 24 nhãn một tờ A4")))
NEW_CARDS = 20


@ft.component
def CardSheetsScreen() -> ft.Control:
    """Make cards for a village and save the sheets to print."""
    workspace, state, t = use_workspace(), use_app_state(), use_texts()
    signed_in = workspace.read(find_sign_in)
    villages = workspace.read(list_villages)
    chosen, set_chosen = ft.use_state(villages[0].id if villages else "")
    sheet_format, set_format = ft.use_state(FORMATS[0][0])
    serials, set_serials = ft.use_state("")
    said, set_said = ft.use_state("")
    problem, set_problem = ft.use_state("")
    busy, set_busy = ft.use_state(False)
    nothing: list[str] = []
    trial, set_trial = ft.use_state(nothing)
    free = ft.use_memo(lambda: workspace.read(count_free_cards, chosen), [state.revision, chosen])
    picker = ft.use_memo(ft.FilePicker, [])

    async def attempt(action: Any) -> None:
        set_busy(True)
        set_said("")
        set_problem("")
        try:
            if signed_in is not None:
                set_said(await action(signed_in.token))
        except Refused as refusal:
            details = [t.problem(one) for one in refusal.problem.errors] or [t(refusal.problem.detail)]
            set_problem(f"{t(refusal.problem.title)}. {' '.join(details)}")
        except (Unreachable, NotUnderstood):
            set_problem(t("Chưa vào được máy chủ. Tạo và in thẻ cần mạng; anh/chị thử lại khi có sóng."))
        set_busy(False)

    def issuing(order: CardOrder) -> Any:
        async def handler(_event: Any) -> None:
            async def issue(token: str) -> str:
                cards = await workspace.client.issue_cards(token, chosen, order)
                workspace.loop.nudge()
                if not cards:
                    return t("Mọi hộ đã có thẻ.")
                first, last = cards[0].serial or 0, cards[-1].serial or 0
                set_serials(f"{first}-{last}")
                return t(
                    "Đã tạo {count} thẻ, số {first} đến {last}.", count=t.number(len(cards)), first=first, last=last
                )

            await attempt(issue)

        return handler

    async def save(_event: Any) -> None:
        async def draw(token: str) -> str:
            pdf, trial = await workspace.client.draw_cards(
                token, chosen, format=sheet_format, serials=serials, back=int(sheet_format == FORMATS[0][0])
            )
            await picker.save_file(file_name="the-ho.pdf", src_bytes=pdf)
            set_trial(trial)
            return t("Đã lưu tệp để in. Khi in, chọn kích thước thật (100 %) và in hai mặt theo cạnh dài.")

        await attempt(draw)

    names = {one.id: full_name(one) for one in villages}
    body: list[ft.Control] = []
    if len(villages) > 1:
        options = [ft.DropdownOption(key=one, text=name) for one, name in names.items()]
        body.append(
            ft.Dropdown(
                label=t("Thôn"), value=chosen, options=options, on_select=lambda event: set_chosen(event.control.value)
            )
        )
    here = names.get(chosen, "")
    body.append(
        paragraph(t("{village}: còn {count} thẻ chưa gắn hộ nào.", village=here[:1].upper() + here[1:], count=free))
    )
    if said:
        body.append(notice(said, icon=ft.Icons.CHECK_CIRCLE_OUTLINE))
    if trial:
        words = [t("Bản in thử, chưa nên dán ở nhà dân:"), *trial]
        body.append(notice("\n".join(words), icon=ft.Icons.WARNING_AMBER, warn=True))
    if problem:
        body.append(notice(problem, icon=ft.Icons.ERROR_OUTLINE, warn=True))
    body += [
        paragraph(t("1. Tạo thẻ"), size=theme.LARGE, bold=True),
        secondary_button(t("Mỗi hộ chưa có thẻ một thẻ"), issuing(CardOrder(whom="unbound_households")), disabled=busy),
        secondary_button(
            t("Thêm {count} thẻ trống", count=NEW_CARDS), issuing(CardOrder(count=NEW_CARDS)), disabled=busy
        ),
        paragraph(t("2. In"), size=theme.LARGE, bold=True),
        ft.RadioGroup(
            ft.Column([ft.Radio(value=value, label=t(words)) for value, words in FORMATS], tight=True),
            value=sheet_format,
            on_change=lambda event: set_format(event.control.value),
        ),
        ft.TextField(
            label=t("Số thẻ cần in (để trống: tất cả)"),
            value=serials,
            on_change=lambda event: set_serials(event.control.value),
            text_size=theme.LARGE,
        ),
    ]
    return screen(
        t("In thẻ cho thôn"),
        body,
        back=lambda _event: ft.context.page.navigate("/cards"),
        back_label=t("Quay lại"),
        bottom=primary_button(t("Đang làm…") if busy else t("Lưu tệp PDF để in"), save, disabled=busy),
    )
