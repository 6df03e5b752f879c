"""A card's code, scanned by the phone's camera or typed, and what it leads to: each outcome says what to do next."""

from typing import Any

import flet as ft

from app.actions.households import bind_card
from app.store.cards import CardOutcome, ReadCard, find_card
from app.store.household_list import list_households
from app.store.sync_state import SignedIn, find_sign_in, list_villages
from app.sync.client import NotUnderstood, Refused, Unreachable
from app.ui import theme
from app.ui.components.code_field import code_field
from app.ui.components.frame import notice, paragraph, primary_button, screen, secondary_button
from app.ui.components.storage import StorageBanner
from app.ui.components.typed_field import typed_field, use_typed
from app.ui.screens.new_household import NewHousehold
from app.ui.state import use_optional
from app.ui.texts import Texts, later
from app.ui.workspace import Workspace, use_app_state, use_texts, use_workspace
from survey.card_code import grouped, read_code, wrong_code
from survey.cards import CardFound
from survey.roles import Action, Role, may
from survey.villages import full_name

MOST_FOUND = 8
REVOKED = later("Thẻ này đã bị hủy. Anh/chị bóc thẻ này và dán thẻ khác cho hộ.")
# The server's word for a code that this phone does not know; without it the first one is shown.
UNKNOWN_WORDS = {
    "unknown": later("Không có thẻ nào mang mã này. Anh/chị so lại từng nhóm bốn ký tự, hoặc dán thẻ khác."),
    "revoked": REVOKED,
    "yours": later("Thẻ này mới được in, máy chưa nhận được. Anh/chị chờ đồng bộ xong rồi thử lại."),
}
NOT_HERE = later("Máy này chưa biết thẻ này. Anh/chị đến nơi có sóng rồi thử lại, hoặc so lại từng nhóm bốn ký tự.")


@ft.component
def CardsScreen() -> ft.Control:
    """Where a code is typed from a card."""
    workspace, t = use_workspace(), use_texts()
    typed = use_typed()
    problem, set_problem = ft.use_state("")
    signed_in = workspace.read(find_sign_in)

    def find(_event: Any) -> None:
        code = read_code(typed.text)
        if code is None:
            set_problem(t.problem(wrong_code(typed.text)))
        else:
            ft.context.page.navigate(f"/c/{code}")

    body: list[ft.Control] = [
        paragraph(
            t("Quét thẻ bằng máy ảnh của điện thoại: hộ ấy tự mở ra. Không quét được thì gõ mã in trên thẻ vào đây.")
        ),
        code_field(t, typed, find),
    ]
    if workspace.place.can_scan():
        words = t("Quét thẻ bằng máy ảnh")
        camera = secondary_button(words, lambda _event: workspace.place.scan(), icon=ft.Icons.QR_CODE_SCANNER)
        body.insert(1, camera)
    if problem:
        body.insert(1, notice(problem, icon=ft.Icons.ERROR_OUTLINE, warn=True))
    if signed_in and may(signed_in.role, Action.MANAGE_CARDS):
        body.append(
            secondary_button(
                t("In thẻ cho thôn"), lambda _event: ft.context.page.navigate("/cards/print"), icon=ft.Icons.PRINT
            )
        )
    return screen(
        t("Thẻ hộ"),
        body,
        back=_to_list,
        back_label=t("Quay lại"),
        bottom=primary_button(t("Tìm hộ có thẻ này"), find),
        banner=StorageBanner(),
    )


@ft.component
def CardScreen() -> ft.Control:
    """What the card of the link leads to."""
    workspace, state, t = use_workspace(), use_app_state(), use_texts()
    text = ft.use_route_params().get("code") or ""
    signed_in = workspace.read(find_sign_in)
    read = ft.use_memo(lambda: workspace.read(find_card, text), [state.revision, text])
    found, set_found = use_optional(CardFound)

    async def ask() -> None:
        if signed_in is not None and read.outcome in {CardOutcome.UNKNOWN, CardOutcome.OTHER_VILLAGE}:
            set_found(await _ask(workspace, signed_in, read.code))

    def open_household() -> None:
        if signed_in is not None and read.outcome is CardOutcome.KNOWN:
            ft.context.page.navigate(f"/households/{read.household}")

    ft.use_effect(ask, [read.outcome, read.code])
    ft.use_effect(open_household, [read.household])
    if signed_in is None:
        return _for_others(t)
    banner = StorageBanner()
    if read.outcome is CardOutcome.UNBOUND:
        return _Unbound(read, signed_in.role)
    words = _words(t, text, read, found)
    body: list[ft.Control] = [notice(words, icon=ft.Icons.QR_CODE)] if words else []
    if read.code:
        body.append(paragraph(grouped(read.code), size=theme.LARGE, bold=True))
    return screen(
        t("Thẻ hộ"),
        body,
        back=_to_list,
        back_label=t("Quay lại"),
        bottom=primary_button(t("Quét hoặc gõ thẻ khác"), lambda _event: ft.context.page.navigate("/cards")),
        banner=banner,
    )


async def _ask(workspace: Workspace, signed_in: SignedIn, code: str) -> CardFound | None:
    """What the server says of the code; None if it cannot be asked."""
    try:
        return await workspace.client.find_card(signed_in.token, code)
    except (Refused, Unreachable, NotUnderstood):
        return None


def _words(t: Texts, text: str, read: ReadCard, found: CardFound | None) -> str:
    """The sentence for a card that leads to no household here."""
    if read.outcome is CardOutcome.KNOWN:
        return ""
    if read.outcome is CardOutcome.MALFORMED:
        return t.problem(wrong_code(text))
    if read.outcome is CardOutcome.REVOKED:
        return t(REVOKED)
    if found and found.village:
        place = full_name(found.village)
        return t("Thẻ này là của {village}. Anh/chị dán cho hộ này một thẻ của thôn mình.", village=place)
    if read.outcome is CardOutcome.OTHER_VILLAGE:
        return t("Thẻ này gắn với một hộ đã chuyển sang thôn khác. Anh/chị hỏi tổ trưởng.")
    return t(UNKNOWN_WORDS[found.outcome]) if found else t(NOT_HERE)


def _for_others(t: Texts) -> ft.Control:
    """For whoever scans a card without being in the team: nothing of the household."""
    body: list[ft.Control] = [
        paragraph(t("Đây là thẻ hộ của Tổ công nghệ số cộng đồng."), size=theme.LARGE, bold=True),
        paragraph(
            t(
                "Tổ viên quét thẻ khi đến nhà để không hỏi trùng. Thẻ không chứa tên, số điện thoại hay giấy tờ nào. "
                "Muốn hỏi thêm, bà con hỏi trưởng thôn hoặc cán bộ xã."
            )
        ),
    ]
    in_team = secondary_button(
        t("Tôi ở trong tổ: ghi danh máy này"), lambda _event: ft.context.page.navigate("/enroll")
    )
    return screen(t("Từng Nhà"), [*body, in_team])


@ft.component
def _Unbound(read: ReadCard, role: Role) -> ft.Control:
    """A card that is bound to nothing yet: bound to a household of the list, or to a new one."""
    workspace, t = use_workspace(), use_texts()
    typed = use_typed()
    search, set_search = ft.use_state("")
    is_new, set_is_new = ft.use_state(False)
    villages = [one for one in workspace.read(list_villages) if one.id == read.village]
    place = full_name(villages[0]) if villages else ""
    if is_new:
        return NewHousehold(read.village, place, read.code)
    rows = workspace.read(list_households, [read.village], search, limit=MOST_FOUND) if search.strip() else []

    def chosen(household: str) -> Any:
        async def bind(_event: Any) -> None:
            await workspace.save(bind_card, workspace.clock(), household, read.code)
            ft.context.page.navigate(f"/households/{household}")

        return bind

    number = t("Thẻ số {serial} của {village}", serial=read.serial or "–", village=place)
    body: list[ft.Control] = [
        paragraph(number, size=theme.LARGE, bold=True),
        paragraph(t("Thẻ này chưa gắn với hộ nào. Tìm hộ đang đứng trước cửa rồi chạm để gắn thẻ:")),
        typed_field(
            t("Tìm chủ hộ, xóm, số điện thoại"),
            typed,
            set_search,
            prefix_icon=ft.Icons.SEARCH,
            autocorrect=False,
        ),
        *(
            ft.ListTile(
                leading=ft.Icon(ft.Icons.ADD_LINK, size=26),
                title=row.head_name,
                title_text_style=theme.line_style(theme.LARGE, bold=True),
                subtitle=row.address,
                subtitle_text_style=theme.line_style(theme.SMALL),
                on_click=chosen(row.id),
                min_height=64,
            )
            for row in rows
        ),
    ]
    if search.strip() and not rows:
        body.append(notice(t("Không có hộ nào khớp. Nếu là hộ mới, bấm nút dưới đây."), icon=ft.Icons.SEARCH_OFF))
    return screen(
        t("Thẻ hộ"),
        body,
        back=_to_list,
        back_label=t("Quay lại"),
        bottom=primary_button(t("Hộ mới, chưa có trong danh sách"), lambda _event: set_is_new(True))
        if may(role, Action.EDIT_HOUSEHOLD)
        else None,
        banner=StorageBanner(),
    )


def _to_list(_event: Any) -> None:
    ft.context.page.navigate("/households")
