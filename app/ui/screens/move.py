"""Moving the app to another place of the same person: the home screen, another browser, a new phone."""

import asyncio
from typing import Any

import flet as ft

from app.actions.responses import discard_draft
from app.store.outbox import count_outbox
from app.store.responses import BegunForm, list_drafts
from app.store.sync_state import SignedIn, find_sign_in
from app.sync.client import NotUnderstood, Refused, Unreachable
from app.ui.components.frame import notice, paragraph, primary_button, screen
from app.ui.components.qr import qr_symbol
from app.ui.components.storage import StorageBanner
from app.ui.screens.enroll import EnrollScreen
from app.ui.screens.enroll_begun import begun_forms
from app.ui.state import use_optional
from app.ui.texts import Texts
from app.ui.workspace import Workspace, use_app_state, use_texts, use_workspace
from survey.times import vietnam_time
from survey.wire import TransferReply

ASK_EVERY_SECONDS = 5


@ft.component
def MoveScreen() -> ft.Control:
    """Everything is sent first; then a code; then who used it. When the other place works, this one is empty."""
    workspace = use_workspace()
    use_app_state()
    signed_in = workspace.read(find_sign_in)
    return _Move(signed_in) if signed_in else EnrollScreen()


@ft.component
def _Move(signed_in: SignedIn) -> ft.Control:
    workspace, t = use_workspace(), use_texts()
    waiting = workspace.read(count_outbox).waiting
    begun = workspace.read(list_drafts)
    problem, set_problem = ft.use_state("")
    busy, set_busy = ft.use_state(False)
    made, set_made = use_optional(TransferReply)
    used_by, set_used_by = ft.use_state("")
    copied, set_copied = ft.use_state(False)
    dropping, set_dropping = use_optional(BegunForm)
    clipboard = ft.use_memo(ft.Clipboard, [])

    async def ask_for_code(_event: Any) -> None:
        set_busy(True)
        set_problem("")
        set_copied(False)
        code, problem = await _open(workspace, t, signed_in)
        set_busy(False)
        set_problem(problem)
        set_made(code)

    async def watch() -> None:
        """Ask until the code was used or has run out; then sync until this place is told that it is over."""
        if made is None:
            return
        used = ""
        while used or workspace.clock() < made.expires_at:
            await asyncio.sleep(ASK_EVERY_SECONDS)
            try:
                used = used or (await workspace.client.find_transfer(signed_in.token)).used_by
            except Refused:  # it is over already; the next sync says to where it moved
                workspace.loop.nudge()
            except (Unreachable, NotUnderstood):
                continue
            if used:
                set_used_by(used)
                workspace.loop.nudge()
        set_made(None)

    async def copy(_event: Any) -> None:
        if made is not None:
            await clipboard.set(_link(workspace, made))
            set_copied(True)

    async def drop(form: BegunForm) -> None:
        set_dropping(None)
        await workspace.save(discard_draft, form.household, form.member)

    def finish(form: BegunForm) -> None:
        ft.context.page.navigate(f"/households/{form.household}/visit")

    def back(_event: Any) -> None:
        ft.context.page.navigate("/device")

    ft.use_effect(watch, [made.code if made else ""])

    if used_by:
        text = t("Mã đã dùng ở {place}. Khi bên đó cập nhật xong, chỗ này tự thôi dùng.", place=used_by)
        body, bottom = [notice(text, icon=ft.Icons.CHECK_CIRCLE_OUTLINE)], None
    elif made is not None:
        on_iphone = workspace.place.forgets_after_days() is not None
        body = _code(t, made, _link(workspace, made), on_iphone=on_iphone)
        words = t("Đã chép: dán vào thanh địa chỉ của chỗ mới") if copied else t("Chép đường dẫn")
        bottom = primary_button(words, copy, icon=ft.Icons.CONTENT_COPY)
    elif waiting:
        text = t("Còn {count} phiếu chưa gửi. Gửi hết rồi mới chuyển, để không phiếu nào nằm lại.", count=waiting)
        body = [notice(text, icon=ft.Icons.CLOUD_UPLOAD)]
        bottom = primary_button(t("Gửi phiếu đang chờ"), lambda _event: workspace.loop.nudge())
    elif begun:
        body = [
            paragraph(t("Phiếu đang ghi dở không đi theo sang chỗ mới. Anh/chị ghi xong hoặc bỏ đi rồi chuyển.")),
            *begun_forms(t, begun, signed_in.member_id, dropping, finish, set_dropping, drop)[1:],
        ]
        bottom = None
    else:
        body = _before(t)
        words = t("Đang lấy mã…") if busy else t("Lấy mã chuyển")
        bottom = primary_button(words, ask_for_code, disabled=busy)
    if problem:
        body.insert(0, notice(problem, icon=ft.Icons.ERROR_OUTLINE, warn=True))
    return screen(
        t("Dùng ở chỗ khác"),
        body,
        back=back,
        back_label=t("Quay lại"),
        bottom=bottom,
        banner=StorageBanner(),
    )


async def _open(workspace: Workspace, t: Texts, signed_in: SignedIn) -> tuple[TransferReply | None, str]:
    """A code, which the home screen's icon finds by itself where the phone allows it; or the sentence to show."""
    try:
        made = await workspace.client.open_transfer(signed_in.token)
    except Refused as refusal:
        return None, f"{t(refusal.problem.title)}. {t(refusal.problem.detail)}"
    except (Unreachable, NotUnderstood):
        return None, t("Chưa vào được máy chủ. Lấy mã cần mạng; anh/chị thử lại khi có sóng.")
    seconds = int((made.expires_at - workspace.clock()).total_seconds())
    workspace.place.carry_code(made.code, max(0, seconds))
    return made, ""


def _link(workspace: Workspace, made: TransferReply) -> str:
    return f"{workspace.place.server_url()}/app/#/enroll/{made.code}"


def _before(t: Texts) -> list[ft.Control]:
    return [
        paragraph(t("Chuyển sang biểu tượng trên màn hình chính, trình duyệt khác hoặc điện thoại mới.")),
        paragraph(t("Phiếu đã gửi có đủ ở chỗ mới. Chỗ này vẫn dùng được cho đến khi chỗ mới cập nhật xong.")),
        paragraph(t("Cần mạng ở cả hai chỗ."), weak=True),
    ]


def _code(t: Texts, made: TransferReply, link: str, *, on_iphone: bool) -> list[ft.Control]:
    until = f"{vietnam_time(made.expires_at):%H:%M}"
    how = t("Ở chỗ mới, mở Từng Nhà rồi gõ mã:")
    if on_iphone:
        how = t("Bấm nút Chia sẻ của Safari, chọn “Thêm vào MH chính”, rồi mở Từng Nhà ở đó. Được hỏi mã thì gõ:")
    return [
        paragraph(how),
        ft.Text(made.code, size=40, weight=ft.FontWeight.W_700, text_align=ft.TextAlign.CENTER),
        paragraph(t("Dùng một lần, đến {time}. Đừng đưa mã cho ai khác.", time=until), weak=True),
        paragraph(t("Điện thoại mới: mở máy ảnh, quét hình này.")),
        qr_symbol(link, t("Mã vuông chuyển ứng dụng sang điện thoại mới")),
    ]
