"""What is shown instead of everything else while the app is locked: the PIN, and the way out for who forgot it."""

from typing import Any

import flet as ft

from app.store.sync_state import find_sign_in
from app.ui.components.code_field import code_field
from app.ui.components.frame import notice, paragraph, primary_button, quiet_button, screen, secondary_button
from app.ui.components.pin_pad import PinQuestion
from app.ui.components.storage import StorageBanner
from app.ui.components.typed_field import use_typed
from app.ui.screens.enroll import ask_whose, redeem_code
from app.ui.texts import Texts
from app.ui.workspace import Workspace, use_texts, use_workspace


@ft.component
def LockScreen() -> ft.Control:
    """Asks for the PIN. Whoever opened a sign-in link, or says that they forgot, may use a new code instead."""
    workspace, t = use_workspace(), use_texts()
    link_code = _code_of_link(ft.context.page.route or "")
    forgot, set_forgot = ft.use_state(bool(link_code))
    if forgot:
        return _Forgotten(link_code, lambda _event: set_forgot(False))

    def unlock() -> None:
        workspace.looks.locked = False

    body: list[ft.Control] = [
        PinQuestion(unlock),
        quiet_button(t("Quên mã PIN?"), lambda _event: set_forgot(True)),
    ]
    return screen(t("Từng Nhà"), body, banner=StorageBanner())


def _code_of_link(route: str) -> str:
    return route.removeprefix("/enroll/") if route.startswith("/enroll/") else ""


@ft.component
def _Forgotten(link_code: str, back: Any) -> ft.Control:
    """A new code of the same person takes the PIN away. Nothing that waits or is half written is touched."""
    workspace, t = use_workspace(), use_texts()
    code = use_typed(link_code)
    problem, set_problem = ft.use_state("")
    busy, set_busy = ft.use_state(False)

    async def go_on(_event: Any = None) -> None:
        set_busy(True)
        set_problem("")
        problem = await _sign_in_again(workspace, t, code.text)
        set_busy(False)
        set_problem(problem)
        if not problem:
            workspace.looks.locked = False
            ft.context.page.navigate("/")

    body: list[ft.Control] = [
        paragraph(t("Anh/chị xin tổ trưởng hoặc cán bộ xã một mã mới cho chính mình, rồi gõ vào đây khi có mạng.")),
        paragraph(t("Mã mới bỏ mã PIN cũ. Phiếu chưa gửi và phiếu đang ghi dở vẫn còn nguyên."), bold=True),
        code_field(t, code, go_on, label=t("Mã ghi danh"), disabled=busy),
        secondary_button(t("Tôi nhớ ra mã PIN rồi"), back),
    ]
    if problem:
        body.insert(0, notice(problem, icon=ft.Icons.ERROR_OUTLINE, warn=True))
    words = t("Đang xem mã…") if busy else t("Dùng mã mới")
    bottom = primary_button(words, go_on, disabled=busy)
    return screen(t("Quên mã PIN"), body, bottom=bottom, banner=StorageBanner())


async def _sign_in_again(workspace: Workspace, t: Texts, code: str) -> str:
    """Use the code if it is the same person's; returns the sentence to show if it was not used, else an empty text."""
    signed_in = workspace.read(find_sign_in)
    who, problem = await ask_whose(workspace, t, code)
    if who is None:
        return problem
    if signed_in is not None and (who.member.name, who.commune) != (signed_in.member_name, signed_in.commune):
        return t("Mã này của {name}. Máy này cần mã mới của {mine}.", name=who.member.name, mine=signed_in.member_name)
    return await redeem_code(workspace, t, code, same_person=True)
