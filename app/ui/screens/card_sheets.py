"""The lead's cards: how many are free, making new ones, and the sheets to look at and print. Needs the network."""

from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft

from app.store.cards import count_cards_to_print, count_free_cards
from app.store.printer import find_printer_offsets
from app.store.sync_state import find_sign_in, list_villages
from app.sync.client import NotUnderstood, Refused, SheetPage, Unreachable
from app.ui import theme
from app.ui.components.frame import notice, paragraph, primary_button, screen, secondary_button
from app.ui.components.typed_field import use_typed
from app.ui.screens.card_print import FILES, PrintWish, preview_controls, trial_notice, wish_controls
from app.ui.screens.printer_offsets import PrinterOffsetsForm
from app.ui.state import use_optional
from app.ui.texts import Texts
from app.ui.workspace import use_app_state, use_texts, use_workspace
from survey.cards import CardOrder, read_serials
from survey.villages import full_name

NEW_CARDS = 20
Done = Callable[[str], Awaitable[str]]


@ft.component
def CardSheetsScreen() -> ft.Control:
    """Make cards for a village, look at the sheets and save them to print. What was chosen stays when a call fails."""
    workspace, state, t = use_workspace(), use_app_state(), use_texts()
    signed_in = workspace.read(find_sign_in)
    villages = workspace.read(list_villages)
    chosen, set_chosen = ft.use_state(villages[0].id if villages else "")
    wish, set_wish = ft.use_state(PrintWish())
    serials = use_typed()
    said, set_said = ft.use_state("")
    problem, set_problem = ft.use_state("")
    doing, set_doing = ft.use_state("")
    shown, set_shown = use_optional(SheetPage)
    nothing: list[str] = []
    trial, set_trial = ft.use_state(nothing)
    free = ft.use_memo(lambda: workspace.read(count_free_cards, chosen), [state.revision, chosen])
    picker = ft.use_memo(ft.FilePicker, [])

    def change(wished: PrintWish) -> None:
        """A picture of what was wished before would mislead."""
        set_wish(wished)
        set_shown(None)

    def choose(event: Any) -> None:
        set_chosen(event.control.value)
        set_shown(None)

    async def attempt(words: str, action: Done) -> None:
        set_doing(words)
        set_said("")
        set_problem("")
        try:
            if signed_in is not None:
                set_said(await action(signed_in.token))
        except Refused as refusal:
            set_problem(refused(t, refusal))
        except (Unreachable, NotUnderstood):
            set_problem(t("Chưa vào được máy chủ. Tạo và in thẻ cần mạng; anh/chị thử lại khi có sóng."))
        set_doing("")

    async def draw(words: str, action: Done) -> None:
        """An attempt that says how many cards it draws, once the serial numbers can be read."""
        try:
            wanted = read_serials(wish.serials) if wish.has_cards else None
        except ValueError:
            set_problem(t("Ghi số thẻ như 1-40 hoặc 3,7,12."))
            return
        count = workspace.read(count_cards_to_print, chosen, wanted) if wish.has_cards else 0
        await attempt(t("Đang vẽ {count} thẻ…", count=t.number(count)) if count else words, action)

    def issuing(order: CardOrder) -> Any:
        async def handler(_event: Any) -> None:
            async def issue(token: str) -> str:
                cards = await workspace.client.issue_cards(token, chosen, order)
                workspace.loop.nudge()
                if not cards:
                    return t("Mọi hộ đã có thẻ.")
                first, last = cards[0].serial or 0, cards[-1].serial or 0
                serials.put(f"{first}-{last}")
                change(PrintWish(wish.format, serials.text, wish.houses))
                return t(
                    "Đã tạo {count} thẻ, số {first} đến {last}.", count=t.number(len(cards)), first=first, last=last
                )

            await attempt(t("Đang tạo thẻ…"), issue)

        return handler

    def showing(page: int) -> Any:
        async def handler(_event: Any) -> None:
            async def show(token: str) -> str:
                order = wish.order(workspace.read(find_printer_offsets))
                seen = await workspace.client.preview_cards(token, chosen, page, **order)
                set_shown(seen)
                set_trial(seen.trial)
                return ""

            await draw(t("Đang vẽ trang {page}…", page=page), show)

        return handler

    def saving(*, outline: bool) -> Any:
        async def handler(_event: Any) -> None:
            async def save(token: str) -> str:
                order = wish.order(workspace.read(find_printer_offsets), outline=outline)
                pdf, reasons = await workspace.client.draw_cards(token, chosen, **order)
                await picker.save_file(file_name="to-thu.pdf" if outline else FILES[wish.format], src_bytes=pdf)
                if outline:
                    return t(
                        "Đã lưu tờ thử. In lên giấy thường rồi đặt chồng lên giấy nhãn: khung phải trùng mép nhãn."
                    )
                set_trial(reasons)
                return _saved(t, wish, reasons)

            await (attempt(t("Đang vẽ tờ thử…"), save) if outline else draw(t("Đang vẽ tờ in…"), save))

        return handler

    names = {one.id: full_name(one) for one in villages}
    body: list[ft.Control] = []
    if len(villages) > 1:
        options = [ft.DropdownOption(key=one, text=name) for one, name in names.items()]
        body.append(ft.Dropdown(label=t("Thôn"), value=chosen, options=options, on_select=choose))
    here = names.get(chosen, "")
    busy = bool(doing)
    body += [
        paragraph(t("{village}: còn {count} thẻ chưa gắn hộ nào.", village=here[:1].upper() + here[1:], count=free)),
        paragraph(t("1. Tạo thẻ"), size=theme.LARGE, bold=True),
        secondary_button(t("Mỗi hộ chưa có thẻ một thẻ"), issuing(CardOrder(whom="unbound_households")), disabled=busy),
        secondary_button(
            t("Thêm {count} thẻ trống", count=NEW_CARDS), issuing(CardOrder(count=NEW_CARDS)), disabled=busy
        ),
        paragraph(t("2. In"), size=theme.LARGE, bold=True),
        *wish_controls(t, wish, serials, change),
        secondary_button(t("Xem trước"), showing(1), icon=ft.Icons.SEARCH, disabled=busy),
        *(preview_controls(t, shown, showing, busy=busy) if shown else []),
        *trial_notice(t, trial),
        PrinterOffsetsForm(),
        secondary_button(t("In tờ thử (chỉ khung)"), saving(outline=True), disabled=busy),
        paragraph(t("3. Thẻ vào tổ"), size=theme.LARGE, bold=True),
        secondary_button(t("In thẻ vào tổ cho nhiều người"), lambda _event: ft.context.page.navigate("/cards/members")),
    ]
    return screen(
        t("In thẻ cho thôn"),
        body,
        back=lambda _event: ft.context.page.navigate("/cards"),
        back_label=t("Quay lại"),
        bottom=with_progress(
            doing, said, problem, primary_button(t("Lưu tệp PDF để in"), saving(outline=False), disabled=busy)
        ),
    )


def with_progress(doing: str, said: str, problem: str, button: ft.Control) -> ft.Control:
    """The primary button under what is being done, or how it ended: in sight however far the screen is scrolled."""
    parts: list[ft.Control] = []
    if doing:
        parts += [paragraph(doing), ft.ProgressBar(semantics_label=doing)]
    elif problem:
        parts.append(notice(problem, icon=ft.Icons.ERROR_OUTLINE, warn=True))
    elif said:
        parts.append(notice(said, icon=ft.Icons.CHECK_CIRCLE_OUTLINE))
    return ft.Column([*parts, button], spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def refused(t: Texts, refusal: Refused) -> str:
    """A refusal as sentences: what it is, then each field at fault or what to do."""
    details = [t.problem(one) for one in refusal.problem.errors] or [t(refusal.problem.detail)]
    return f"{t(refusal.problem.title)}. {' '.join(details)}"


def _saved(t: Texts, wish: PrintWish, trial: list[str]) -> str:
    words = t("Đã lưu tệp để in. Khi in, chọn kích thước thật (100 %).")
    if wish.has_backs:
        words = t("Đã lưu tệp để in. Khi in, chọn kích thước thật (100 %) và in hai mặt theo cạnh dài.")
    return f"{words} {t('Mới là bản in thử: lý do ghi dưới phần xem trước.')}" if trial else words
