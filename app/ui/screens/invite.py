"""The lead invites a person: a one-time code as a QR symbol, as a link and to be typed; and sees when they are in."""

import asyncio
from typing import Any

import flet as ft

from app.store.sync_state import find_sign_in, list_villages
from app.store.team import list_team
from app.sync.client import NotUnderstood, Refused, Unreachable
from app.ui import theme
from app.ui.components.frame import notice, paragraph, primary_button, screen, secondary_button
from app.ui.components.qr import qr_symbol
from app.ui.components.typed_field import typed_field, use_typed
from app.ui.state import use_optional
from app.ui.texts import Texts
from app.ui.workspace import use_app_state, use_texts, use_workspace
from survey.card_code import grouped
from survey.invitations import InvitationReply, InvitationRequest
from survey.villages import full_name

ASK_EVERY_SECONDS = 5
ASK_TIMES = 120


@ft.component
def InviteScreen() -> ft.Control:
    """Ask for a name, then show the code until the person is in."""
    workspace, t = use_workspace(), use_texts()
    use_app_state()
    signed_in = workspace.read(find_sign_in)
    villages = workspace.read(list_villages)
    params = ft.use_route_params()
    village, set_village = ft.use_state(params.get("village") or "")
    team = workspace.read(list_team, village)
    known = next((one for one in team if one.id == params.get("member")), None)
    name = use_typed(known.name if known else "")
    problem, set_problem = ft.use_state("")
    busy, set_busy = ft.use_state(False)
    made, set_made = use_optional(InvitationReply)
    is_in, set_is_in = ft.use_state(False)
    copied, set_copied = ft.use_state(False)
    clipboard = ft.use_memo(ft.Clipboard, [])

    async def invite(*, new_person: bool = False) -> None:
        if signed_in is None or not name.text.strip():
            set_problem(t("Anh/chị ghi họ tên người được mời."))
            return
        set_busy(True)
        set_problem("")
        try:
            member = known.id if known else None
            asked = InvitationRequest(name=name.text, villages=[village], new_person=new_person, member=member)
            set_made(await workspace.client.invite(signed_in.token, asked))
        except Refused as refusal:
            set_problem(f"{t(refusal.problem.title)}. {t(refusal.problem.detail)}")
        except (Unreachable, NotUnderstood, ValueError):
            set_problem(t("Chưa vào được máy chủ. Mời người cần mạng; anh/chị thử lại khi có sóng."))
        set_busy(False)

    async def wait_for_them() -> None:
        """Ask the server now and then whether the invited person has one more phone."""
        if made is None or signed_in is None:
            return
        for _ in range(ASK_TIMES):
            await asyncio.sleep(ASK_EVERY_SECONDS)
            try:
                lines = await workspace.client.list_devices(signed_in.token, village)
            except (Refused, Unreachable, NotUnderstood):
                continue
            if sum(line.member.id == made.member.id for line in lines) > made.devices:
                set_is_in(True)
                return

    async def invite_known() -> None:
        if known is not None:
            await invite()

    ft.use_effect(invite_known, [])
    ft.use_effect(wait_for_them, [made.code if made else ""])

    async def go(_event: Any) -> None:
        await invite()

    async def another_person(_event: Any) -> None:
        await invite(new_person=True)

    def again(_event: Any) -> None:
        set_made(None)
        set_is_in(False)
        set_copied(False)
        name.put("")

    def back(_event: Any) -> None:
        ft.context.page.navigate(f"/team/{village}")

    async def copy(_event: Any) -> None:
        if made is not None:
            await clipboard.set(made.link)
            set_copied(True)

    if made is not None:
        body = _code(t, made, is_in)
        if not is_in:
            words = t("Đã chép. Dán vào tin nhắn Zalo cho người ấy.") if copied else t("Chép đường dẫn để gửi Zalo")
            body.append(secondary_button(words, copy, icon=ft.Icons.CONTENT_COPY))
        if not made.is_new_member and not known and not is_in:
            body.append(secondary_button(t("Là người khác, trùng họ tên"), another_person, disabled=busy))
        bottom = primary_button(t("Mời người khác"), again)
        return screen(t("Mời vào tổ"), body, back=back, back_label=t("Quay lại"), bottom=bottom)
    options = [ft.DropdownOption(key=one.id, text=full_name(one)) for one in villages]
    body = [
        paragraph(t("Người được mời quét mã bằng điện thoại của mình là vào tổ. Mỗi mã dùng một lần, cho một máy.")),
        typed_field(t("Họ và tên tổ viên"), name, capitalization=ft.TextCapitalization.WORDS),
    ]
    if len(villages) > 1:
        body.append(
            ft.Dropdown(
                label=t("Thôn"),
                value=village,
                options=options,
                on_select=lambda event: set_village(event.control.value),
            )
        )
    if problem:
        body.insert(0, notice(problem, icon=ft.Icons.ERROR_OUTLINE, warn=True))
    words = t("Đang tạo mã…") if busy else t("Tạo mã mời")
    return screen(
        t("Mời vào tổ"),
        body,
        back=back,
        back_label=t("Quay lại"),
        bottom=primary_button(words, go, disabled=busy),
    )


def _code(t: Texts, made: InvitationReply, is_in: bool) -> list[ft.Control]:
    name = made.member.name
    if is_in:
        return [notice(t("{name} đã vào tổ.", name=name), icon=ft.Icons.CHECK_CIRCLE_OUTLINE)]
    body: list[ft.Control] = [paragraph(t("Mã của {name}", name=name), size=theme.LARGE, bold=True)]
    if not made.is_new_member:
        body.append(
            paragraph(
                t("{name} đã có trong tổ ({count} máy): đây là mã cho thêm một máy.", name=name, count=made.devices)
            )
        )
    if made.namesakes:
        body.append(paragraph(t("Trong xã còn người khác cùng họ tên; mã này là của một người mới.")))
    day = t.day(made.expires_at)
    body += [
        qr_symbol(made.link, t("Mã QR để ghi danh")),
        ft.Text(grouped(made.code.replace("-", "")), size=24, weight=ft.FontWeight.W_700, selectable=True),
        paragraph(t("Dùng trước ngày {day}. Màn hình này báo ngay khi {name} vào.", day=day, name=name)),
    ]
    return body
