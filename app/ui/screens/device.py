"""This device: whose it is, whether it keeps what is written, the language, and the sync line in full."""

from typing import Any

import flet as ft

from app.actions.settings import choose_language
from app.device import Keeping
from app.store.outbox import OutboxCounts, count_outbox
from app.store.pin import find_pin, find_required_pin
from app.store.sync_state import SALVAGED, SignedIn, find_setting, find_sign_in
from app.ui import theme
from app.ui.components.answers import choice
from app.ui.components.frame import notice, panel, paragraph, primary_button, screen, secondary_button
from app.ui.components.navigation import Navigation
from app.ui.components.rescue import RescueFiles
from app.ui.components.storage import PlaceBanner
from app.ui.components.sync_line import SyncLine
from app.ui.texts import LANGUAGES, Texts, later
from app.ui.workspace import use_app_state, use_texts, use_window, use_workspace
from survey.field_words import ROLE_WORDS
from survey.roles import Action, Role, may

LETTERS = ((100, later("Vừa")), (130, later("To")), (160, later("Rất to")))


@ft.component
def DeviceScreen() -> ft.Control:
    """Sync status, person, counts, rescue files and storage of this device, and the choice of language."""
    workspace, t = use_workspace(), use_texts()
    use_app_state()
    signed_in = workspace.read(find_sign_in)
    counts = workspace.read(count_outbox)

    async def choose(event: Any) -> None:
        workspace.looks.language = event.control.value
        await workspace.save(choose_language, event.control.value)

    body: list[ft.Control] = [SyncLine(counts, None)]
    if signed_in:
        body.append(_person(t, signed_in))
    body.append(_counts(t, counts))
    if signed_in:
        body.append(RescueFiles(signed_in, counts.waiting))
    if signed_in and may(signed_in.role, Action.MANAGE_DEVICES):
        words = t("Tổ của thôn: người, máy, ngõ")
        body.append(secondary_button(words, lambda _event: ft.context.page.navigate("/team"), icon=ft.Icons.GROUPS))
    if signed_in:
        words = t("Dùng ở chỗ khác")
        move = secondary_button(words, lambda _event: ft.context.page.navigate("/device/move"), icon=ft.Icons.MOVE_DOWN)
        body.append(move)
        changed = t("Đổi mã PIN") if workspace.read(find_required_pin) else t("Đổi hoặc bỏ mã PIN")
        words = changed if workspace.read(find_pin) else t("Đặt mã PIN")
        body.append(
            secondary_button(words, lambda _event: ft.context.page.navigate("/device/pin"), icon=ft.Icons.LOCK_OUTLINE)
        )
    words = t("Hướng dẫn")
    body.append(
        secondary_button(words, lambda _event: ft.context.page.navigate("/device/guide"), icon=ft.Icons.HELP_OUTLINE)
    )
    note = workspace.place.storage_note() or workspace.read(find_setting, SALVAGED)
    body += [
        _keeping(t, workspace.place.keeping(), note),
    ]
    body.append(
        ft.Dropdown(
            label=t("Ngôn ngữ"),
            value=workspace.looks.language,
            options=[ft.DropdownOption(key=code, text=name) for code, name in LANGUAGES.items()],
            on_select=choose,
            text_size=theme.BODY,
        )
    )
    body.append(_LettersSize())
    return screen(
        t("Máy này"),
        body,
        bottom=primary_button(t("Gửi và cập nhật ngay"), lambda _event: workspace.loop.nudge()),
        navigation=Navigation(t, signed_in.role if signed_in else Role.MEMBER, "/device"),
        banner=PlaceBanner(),
    )


@ft.component
def _LettersSize() -> ft.Control:
    """How large all words are: the next one is seen at once, so nothing has to be confirmed."""
    workspace, t = use_workspace(), use_texts()
    use_window()  # it is told when the words have grown
    chosen = workspace.place.text_size()

    def choose(percent: str) -> None:
        workspace.place.choose_text_size(int(percent))

    sizes = [(str(percent), t(words)) for percent, words in LETTERS]
    shown = str(chosen) if chosen else None
    return ft.Container(choice(t("Cỡ chữ"), sizes, shown, choose), visible=chosen is not None)


def _person(t: Texts, signed_in: SignedIn) -> ft.Control:
    commune = f"{signed_in.commune.kind} {signed_in.commune.name}"
    return panel(
        ft.Column(
            [
                paragraph(signed_in.member_name, size=theme.LARGE, bold=True),
                paragraph(t("{role}, {commune}", role=t(ROLE_WORDS[signed_in.role]), commune=commune)),
            ],
            spacing=4,
            tight=True,
        )
    )


def _counts(t: Texts, counts: OutboxCounts) -> ft.Control:
    """What this device has written, by where it stands; what there is none of is not said."""
    kinds = (
        (later("Trên máy, chờ gửi: {count}"), counts.waiting),
        (later("Máy chủ đã xác nhận: {count}"), counts.confirmed),
        (later("Máy chủ đang giữ lại để xem: {count}"), counts.held),
        (later("Cần sửa: {count}"), counts.invalid),
    )
    lines = [t(words, count=t.number(count)) for words, count in kinds if count]
    if not lines:
        return panel(paragraph(t("Máy này chưa ghi phiếu nào.")))
    every = secondary_button(t("Xem từng phiếu"), lambda _event: ft.context.page.navigate("/device/changes"))
    return panel(ft.Column([*[paragraph(line) for line in lines], every], spacing=8, tight=True))


def _keeping(t: Texts, keeping: Keeping, note: str | None) -> ft.Control:
    if note:
        text = t(
            "Dữ liệu cũ trên máy này không đọc được nên được cất riêng, chưa xóa. Anh/chị báo tổ trưởng để lấy lại."
        )
        return notice(text, icon=ft.Icons.WARNING_AMBER, warn=True)
    if keeping is Keeping.PROMISED:
        return paragraph(t("Dữ liệu được giữ trên máy này cho đến khi anh/chị gỡ ứng dụng."), weak=True)
    text = t("Trình duyệt có thể xóa dữ liệu khi máy gần đầy. Hãy cài ứng dụng ra màn hình chính và gửi phiếu đều đặn.")
    return notice(text, icon=ft.Icons.INFO_OUTLINE)
