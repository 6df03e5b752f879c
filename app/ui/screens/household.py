"""One household: what is known of it, how the last visit ended, and the button that begins a visit."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.actions.cards import revoke_card
from app.actions.responses import NotReady, find_campaign, reopen_response
from app.store.cards import find_card
from app.store.erasures import find_erased
from app.store.household_list import ListedHousehold, find_listed
from app.store.households import find_household
from app.store.next_door import find_next_door
from app.store.outbox import ReturnedChange, list_returned
from app.store.rounds import find_fresh_since
from app.store.splits import find_kin
from app.store.sync_state import find_sign_in, list_villages
from app.ui import theme
from app.ui.components.frame import notice, panel, paragraph, primary_button, quiet_button, screen, secondary_button
from app.ui.components.storage import StorageBanner
from app.ui.components.visit_state import visit_state
from app.ui.screens.door import EndAtTheDoor
from app.ui.screens.erasure import EraseHousehold, erased_body
from app.ui.screens.household_doubts import household_doubts
from app.ui.screens.send_back import asked_again
from app.ui.screens.split_household import kin_lines
from app.ui.screens.visit.help import left_to_help
from app.ui.texts import Texts, later
from app.ui.workspace import Workspace, use_app_state, use_texts, use_workspace
from survey.card_code import grouped
from survey.field_words import departure_words, relation_words
from survey.privacy import mask_phone
from survey.records import Household, LeftResident, Outcome
from survey.roles import Action, Role, may
from survey.splitting import residents_of
from survey.vietnamese import format_phone

STILL_THERE = later("Nếu gia đình vẫn ở đây, anh/chị khảo sát lại: hộ sẽ trở về danh sách của thôn.")


@ft.component
def HouseholdScreen() -> ft.Control:
    """What is known of a household, with the visit as the primary action."""
    workspace, t = use_workspace(), use_texts()
    use_app_state()
    identity = ft.use_route_params().get("household") or ""
    fresh_since = workspace.read(find_fresh_since, workspace.clock())
    listed = workspace.read(find_listed, identity, fresh_since)
    found = workspace.read(find_household, identity)
    signed_in = workspace.read(find_sign_in)
    role = signed_in.role if signed_in else Role.MEMBER

    def back(_event: Any) -> None:
        workspace.just_saved = ""
        ft.context.page.navigate("/households")

    if erased := workspace.read(find_erased, identity):
        banner = StorageBanner()
        go = primary_button(t("Về danh sách hộ"), back)
        return screen(t("Hộ"), erased_body(t, erased), back=back, back_label=t("Quay lại"), bottom=go, banner=banner)
    if listed is None or found is None:
        text = t("Hộ này chưa có trên máy. Anh/chị quay lại danh sách và chờ tải xong.")
        return screen(t("Hộ"), [notice(text, icon=ft.Icons.HELP_OUTLINE)], back=back, back_label=t("Quay lại"))
    record = found[2]
    returned = workspace.read(list_returned, identity)
    body: list[ft.Control] = [
        *[_returned(t, change) for change in returned],
        *([asked_again(t, record.ask_again)] if record.ask_again else []),
        _facts(t, listed, record),
        *household_doubts(t, workspace, identity, signed_in),
    ]
    if record.phone:
        own_village = listed.village_id in {village.id for village in workspace.read(list_villages)}
        body.append(phone_line(t, record.phone, may_call=own_village and may(role, Action.CALL_HOUSEHOLD)))
    if record.current and record.current.get("outcome") == Outcome.COMPLETED:
        body.append(people_panel(t, record))
        body += _help_panel(t, workspace, record)
    body += kin_lines(t, record, workspace.read(find_kin, identity, record))

    if record.card and may(role, Action.MANAGE_CARDS) and workspace.read(find_card, record.card).card:
        body.append(_VoidCard(record.card))

    note = (record.current or {}).get("note")
    if note:
        words = t("Ghi chú lần trước: {note}", note=note)
        body.append(panel(paragraph(words)))

    def visit(_event: Any) -> None:
        ft.context.page.navigate(f"/households/{identity}/visit")

    to_fix = next((change for change in returned if change.state == "invalid"), None)

    async def fix(_event: Any) -> None:
        if to_fix is not None:
            await workspace.save(reopen_response, workspace.clock(), to_fix.id)
            visit(_event)

    following = workspace.read(find_next_door, identity, fresh_since) if workspace.just_saved == identity else None

    def go_on(_event: Any) -> None:
        if following:
            workspace.just_saved = ""
            ft.context.page.navigate(f"/households/{following[0]}")

    bottom = primary_button(t("Về danh sách hộ"), back)
    if workspace.just_saved == identity:
        saved = t("Đã ghi xong nhà {name}. Phiếu đã lưu trên máy.", name=listed.head_name)
        body.insert(0, notice(saved, icon=ft.Icons.CHECK_CIRCLE))
    if following:
        words = t("Hộ tiếp theo: {name}", name=following[1])
        body.append(secondary_button(t("Về danh sách hộ"), back))
        bottom = primary_button(words, go_on, icon=ft.Icons.ARROW_FORWARD)
    elif may(role, Action.RECORD_VISIT):
        if to_fix is not None and not listed.has_draft:
            bottom = primary_button(t("Sửa phiếu này"), fix, icon=ft.Icons.EDIT_NOTE)
        elif listed.has_draft:
            bottom = primary_button(t("Ghi tiếp phiếu đang dở"), visit)
        elif listed.has_left:
            body.append(paragraph(t(STILL_THERE), weak=True))
            bottom = primary_button(t("Khảo sát lại"), visit)
        elif not listed.is_visited:
            bottom = primary_button(t("Bắt đầu khảo sát"), visit)
        else:
            body.append(secondary_button(t("Khảo sát lại"), visit, icon=ft.Icons.EDIT_NOTE))
        body.append(EndAtTheDoor(identity, listed.has_draft))
    if may(role, Action.EDIT_HOUSEHOLD):
        can_send_back = may(role, Action.REVIEW_VISIT) and bool(record.current)
        body.append(_seldom(t, identity, can_split=len(residents_of(record)) > 1, can_send_back=can_send_back))
    if may(role, Action.ERASE_HOUSEHOLD):
        body.append(EraseHousehold(identity))
    return screen(
        listed.head_name,
        body,
        back=back,
        back_label=t("Quay lại"),
        bottom=bottom,
        banner=StorageBanner(),
    )


def _seldom(t: Texts, identity: str, *, can_split: bool, can_send_back: bool) -> ft.Control:
    """Ways that few visits need, below those that most do."""

    def go(part: str) -> Callable[[Any], Any]:
        return lambda _event: ft.context.page.navigate(f"/households/{identity}/{part}")

    ways: list[ft.Control] = [quiet_button(t("Sửa hộ này"), go("edit"))]
    if can_split:
        ways.append(quiet_button(t("Tách hộ"), go("split")))
    if can_send_back:
        ways.append(quiet_button(t("Nhờ hỏi lại"), go("again")))
    return ft.Row(ways, wrap=True, alignment=ft.MainAxisAlignment.SPACE_EVENLY)


@ft.component
def _VoidCard(code: str) -> ft.Control:
    """For leads: a lost or damaged card is made void, after a second tap."""
    workspace, t = use_workspace(), use_texts()
    asking, set_asking = ft.use_state(False)
    done, set_done = ft.use_state(False)

    async def revoke(_event: Any) -> None:
        await workspace.save(revoke_card, workspace.clock(), code)
        set_done(True)

    if done:
        return notice(
            t("Đã hủy thẻ; có mạng thì các máy khác biết. Anh/chị dán thẻ mới rồi quét."), icon=ft.Icons.BLOCK
        )
    if not asking:
        words = t("Thẻ mất hoặc hỏng…")
        return quiet_button(words, lambda _event: set_asking(True))
    question = paragraph(t("Hủy thẻ {code}? Thẻ đã hủy không dùng lại được.", code=grouped(code)), bold=True)
    ways = [
        secondary_button(t("Hủy thẻ này"), revoke, icon=ft.Icons.BLOCK),
        secondary_button(t("Để nguyên"), lambda _event: set_asking(False)),
    ]
    return panel(ft.Column([question, *ways], spacing=8, tight=True))


def _returned(t: Texts, change: ReturnedChange) -> ft.Control:
    if change.problem is None:
        return notice(t("Phiếu này cần tổ trưởng xem lại."), icon=ft.Icons.ERROR_OUTLINE, warn=True)
    problem = change.problem
    lines = [t(problem.title) + ".", t(problem.detail), *(t.problem(one) for one in problem.errors)]
    return notice("\n".join(lines), icon=ft.Icons.ERROR_OUTLINE, warn=True)


def phone_line(t: Texts, phone: str, *, may_call: bool) -> ft.Control:
    """A button that dials the number, for the village's own team (`may_call`); for others the masked number."""
    if not may_call:
        return panel(paragraph(t("Điện thoại: {phone}", phone=mask_phone(phone))))
    number = format_phone(phone)
    dial = ft.OutlinedButton(
        content=t("Gọi {phone}", phone=number),
        icon=ft.Icons.CALL,
        url=ft.Url(f"tel:{phone}", target=ft.UrlTarget.SELF),
        expand=True,
        style=ft.ButtonStyle(text_style=theme.label_style(theme.LARGE), padding=ft.Padding(20, 16, 20, 16)),
    )
    return ft.Row([dial])


def _facts(t: Texts, listed: ListedHousehold, record: Household) -> ft.Control:
    icon, words, colour = visit_state(t, listed)
    lines: list[ft.Control] = [
        ft.Row(
            [ft.Icon(icon, color=colour), ft.Text(words, size=theme.LARGE, weight=ft.FontWeight.W_600, expand=True)],
            spacing=8,
        )
    ]
    if listed.visited_by:
        lines.append(paragraph(t("Người khảo sát: {name}", name=listed.visited_by), weak=True))
    if listed.address:
        lines.append(paragraph(t("Địa chỉ: {address}", address=listed.address)))
    if listed.number:
        lines.append(paragraph(t("Số thứ tự trong danh sách thôn: {number}", number=listed.number)))
    if record.card:
        lines.append(paragraph(t("Thẻ: {code}", code=grouped(record.card))))
    return panel(ft.Column(lines, spacing=8, tight=True))


def _help_panel(t: Texts, workspace: Workspace, record: Household) -> list[ft.Control]:
    """What is left to help this family with; nothing before the questions have come."""
    try:
        left = left_to_help(t, record, find_campaign(workspace.database))
    except NotReady:
        return []
    if not left:
        return []
    lines = [paragraph(f"• {one}") for one in left]
    return [panel(ft.Column([paragraph(t("Lần tới giúp tiếp"), bold=True), *lines], spacing=6, tight=True))]


def people_panel(t: Texts, household: Household) -> ft.Control:
    """How many people the last visit recorded, and who had gone: why, who reported it, and on which day."""
    current = household.current or {}
    words = t("Lần khảo sát gần nhất ghi {count} người trong nhà.", count=len(current.get("residents") or []))
    left = [LeftResident.model_validate(one) for one in current.get("left") or []]
    return panel(
        ft.Column(
            [paragraph(words), *[paragraph(_departure(t, household, one)) for one in left]], spacing=8, tight=True
        )
    )


def _departure(t: Texts, household: Household, left: LeftResident) -> str:
    person = [t(relation_words(left.relation, left.sex))]
    if left.birth_year:
        person.append(t("sinh năm {year}", year=left.birth_year))
    by, at = left.by or household.visited_by, left.at or household.visited_at
    words = t("{why}: {who}", why=t(departure_words(left.reason, left.split_to)), who=", ".join(person))
    return words + t(" ({name} ghi ngày {day})", name=by, day=t.day(at)) if by and at else words
