"""Enrolment: by a link that carries the code, or by typing the code from a card."""

from typing import Any
from urllib.parse import urlsplit

import flet as ft

from app.actions.responses import discard_draft
from app.store.outbox import count_outbox
from app.store.responses import BegunForm, list_drafts
from app.store.sync_state import ENDED, MOVED_TO, find_setting, find_sign_in
from app.sync.client import NotUnderstood, Refused, Unreachable
from app.sync.enroll import FormsBegun, device_key, enroll
from app.ui.components.code_field import code_field
from app.ui.components.frame import notice, paragraph, primary_button, screen, secondary_button
from app.ui.components.storage import StorageBanner
from app.ui.components.typed_field import Typed, use_typed
from app.ui.screens.enroll_begun import begun_forms
from app.ui.state import use_optional
from app.ui.texts import Texts, later
from app.ui.workspace import Workspace, use_app_state, use_sync_status, use_texts, use_workspace
from survey.card_code import server_of
from survey.field_words import ROLE_WORDS
from survey.problems import CODE_UNKNOWN, NOT_SIGNED_IN
from survey.transfer_code import read_sign_in_code, wrong_sign_in_code
from survey.villages import full_name
from survey.wire import EnrollmentPreview

# By the server's word (`SyncReply.device_state`, or the problem "device-lost").
ENDED_WORDS = {
    "revoked": later("Máy này đã thôi dùng cho khảo sát. Phiếu đã nộp đủ, dữ liệu đã được xóa khỏi máy."),
    "moved": later("Từng Nhà đã chuyển sang {place}. Phiếu đã nộp đủ, dữ liệu ở đây đã được xóa."),
    "device-lost": later("Máy này từng được báo mất nên dữ liệu khảo sát đã được xóa khỏi máy."),
}


@ft.component
def EnrollScreen() -> ft.Control:
    """Redeems the code in the link, or a typed one."""
    workspace, state, t, sync = use_workspace(), use_app_state(), use_texts(), use_sync_status()
    link_code = ft.use_route_params().get("code") or ""
    code = use_typed(link_code)
    problem, set_problem = ft.use_state("")
    busy, set_busy = ft.use_state(False)
    signed_in = ft.use_memo(lambda: workspace.read(find_sign_in), [state.revision])
    waiting = ft.use_memo(lambda: workspace.read(count_outbox).waiting, [state.revision])
    begun = ft.use_memo(lambda: workspace.read(list_drafts), [state.revision])
    dropping, set_dropping = use_optional(BegunForm)
    greeted, set_greeted = use_optional(EnrollmentPreview)

    async def redeem(_event: Any = None, *, same_person: bool = False) -> None:
        set_busy(True)
        set_problem("")
        problem = await redeem_code(workspace, t, code.text, same_person=same_person)
        set_busy(False)
        set_problem(problem)
        if not problem:
            ft.context.page.navigate("/")

    async def ask_who(_event: Any = None) -> None:
        set_busy(True)
        set_problem("")
        who, problem = await ask_whose(workspace, t, code.text)
        set_busy(False)
        set_problem(problem)
        set_greeted(who)

    async def greet_by_link() -> None:
        if link_code and not signed_in:
            await ask_who()

    def somebody_else(_event: Any) -> None:
        set_greeted(None)
        code.put("")

    ft.use_effect(greet_by_link, [])

    async def redeem_own(_event: Any) -> None:
        await redeem(same_person=True)

    async def drop(form: BegunForm) -> None:
        set_dropping(None)
        await workspace.save(discard_draft, form.household, form.member)

    def finish(form: BegunForm) -> None:
        ft.context.page.navigate(f"/households/{form.household}/visit")

    def send_first(_event: Any) -> None:
        workspace.loop.nudge()

    def go_home(_event: Any) -> None:
        ft.context.page.navigate("/")

    if signed_in is not None:
        body = _already(t, signed_in.member_name, waiting)
        bottom = primary_button(t("Mở danh sách hộ"), go_home)
        # A server that does not know this device any more takes its work only under a new code.
        unknown_there = sync.problem == NOT_SIGNED_IN.slug
        if link_code:
            body += begun_forms(t, begun, signed_in.member_id, dropping, finish, set_dropping, drop)
        if link_code and (not waiting or unknown_there) and begun:
            own = t("Mã mới này cũng của {name}: giữ phiếu đang dở", name=signed_in.member_name)
            body.append(secondary_button(own, redeem_own, disabled=busy))
        elif link_code and (not waiting or unknown_there):
            body.append(secondary_button(t("Dùng mã mới cho máy này"), redeem, disabled=busy))
        elif waiting:
            body.append(secondary_button(t("Gửi phiếu đang chờ"), send_first))
    elif greeted is not None:
        body = greeting(t, greeted, somebody_else)
        if begun:  # who this phone belonged to could not be read any more, what they began could
            body += begun_forms(t, begun, "", dropping, finish, set_dropping, drop)
            body.append(secondary_button(t("Các phiếu này là của tôi: giữ lại"), redeem_own, disabled=busy))
        bottom = primary_button(t("Đang ghi danh…") if busy else t("Đúng là tôi"), redeem, disabled=busy)
    else:
        body = _ask_for_code(t, workspace, code, ask_who, busy)
        ended = workspace.read(find_setting, ENDED)
        if ended:
            where = workspace.read(find_setting, MOVED_TO) or ""
            words = t(ENDED_WORDS.get(ended, ENDED_WORDS["revoked"]), place=where)
            body.insert(0, notice(words, icon=ft.Icons.INFO_OUTLINE))
        elif workspace.place.was_emptied():
            words = t(
                "Trình duyệt đã xóa dữ liệu của Từng Nhà ở đây. Những gì đã gửi vẫn còn đủ ở máy chủ. Anh/chị xin tổ "
                "trưởng một mã mới để dùng tiếp."
            )
            body.insert(0, notice(words, icon=ft.Icons.INFO_OUTLINE))
        bottom = primary_button(t("Đang xem mã…") if busy else t("Tiếp tục"), ask_who, disabled=busy)
    if problem:
        body.insert(1, notice(problem, icon=ft.Icons.ERROR_OUTLINE, warn=True))
    return screen(t("Từng Nhà"), body, bottom=bottom, banner=StorageBanner())


async def ask_whose(workspace: Workspace, t: Texts, code: str) -> tuple[EnrollmentPreview | None, str]:
    """Whose code it is, which uses nothing up; or None and the sentence to show."""
    plain = read_sign_in_code(code)
    if plain is None:
        return None, t.problem(wrong_sign_in_code(code))
    try:
        return await workspace.client.preview(plain, await _kept_key(workspace)), ""
    except Refused as refusal:
        theirs, ours = server_of(code), urlsplit(workspace.place.server_url()).netloc.lower()
        if refusal.problem.slug == CODE_UNKNOWN.slug and theirs not in {"", ours}:
            words = t(
                "Đường dẫn này của máy chủ {theirs}, còn ứng dụng này của {ours}. Anh/chị mở thẳng đường dẫn bằng "
                "trình duyệt, hoặc hỏi người đã gửi.",
                theirs=theirs,
                ours=ours,
            )
            return None, words
        return None, _failed(t, refusal)
    except (Unreachable, NotUnderstood) as failure:
        return None, _failed(t, failure)


async def _kept_key(workspace: Workspace) -> str:
    """The key of this device, on the disk before the server is asked (`state.storage_problem` says if it is not)."""
    key = device_key(workspace.database)
    await workspace.flush()
    return key


def _failed(t: Texts, failure: Refused | Unreachable | NotUnderstood) -> str:
    if isinstance(failure, Refused):
        return f"{t(failure.problem.title)}. {t(failure.problem.detail)}"
    if isinstance(failure, Unreachable):
        return t("Chưa vào được máy chủ. Ghi danh cần mạng một lần; anh/chị đến nơi có sóng rồi thử lại.")
    return t("Mạng này chưa vào được máy chủ. Anh/chị thử mạng khác rồi bấm lại.")


async def redeem_code(workspace: Workspace, t: Texts, code: str, *, same_person: bool) -> str:
    """Enrol and start the first sync; returns the sentence to show if it failed, else an empty text. Where nothing can
    be kept the code is not used."""
    name, now = workspace.place.device_name(), workspace.clock()
    await _kept_key(workspace)
    if workspace.state.storage_problem:
        return t("Máy chưa giữ được dữ liệu ở đây, nên mã chưa dùng và vẫn còn tốt. Anh/chị làm theo lời nhắc ở trên.")
    try:
        await enroll(workspace.database, workspace.client, code, name, now, same_person=same_person)
    except FormsBegun:
        return t("Còn phiếu đang ghi dở trên máy. Anh/chị ghi tiếp hoặc bỏ từng phiếu, rồi mới dùng mã khác.")
    except (Refused, Unreachable, NotUnderstood) as failure:
        return _failed(t, failure)
    await workspace.flush()
    workspace.place.carry_code("", 0)  # only now: until the credential is on the disk the code may be asked again
    workspace.state.revision += 1
    workspace.loop.nudge()
    return ""


def _ask_for_code(t: Texts, workspace: Workspace, code: Typed, go_on: Any, busy: bool) -> list[ft.Control]:
    body: list[ft.Control] = [
        paragraph(t("Chào anh/chị!"), size=28, bold=True),
        paragraph(t("Quét thẻ thành viên, hoặc gõ mã: mã trên thẻ, hay mã 8 chữ lấy từ chỗ đang dùng.")),
        code_field(t, code, go_on, label=t("Mã ghi danh"), disabled=busy),
        paragraph(t("Chưa có thẻ? Anh/chị hỏi tổ trưởng hoặc cán bộ xã."), weak=True),
    ]
    if workspace.place.can_scan():
        scan = t("Quét mã bằng máy ảnh")
        camera = secondary_button(scan, lambda _event: workspace.place.scan(), icon=ft.Icons.QR_CODE_SCANNER)
        body.insert(2, camera)
    return body


def greeting(t: Texts, who: EnrollmentPreview, somebody_else: Any) -> list[ft.Control]:
    """Whose code it is, and where they work: only the answer "that is me" uses the code up."""
    villages = ", ".join(full_name(one) for one in who.villages)
    where = villages or f"{who.commune.kind} {who.commune.name}"
    role = t(ROLE_WORDS[who.role])
    return [
        paragraph(t("Chào {name}!", name=who.member.name), size=28, bold=True),
        paragraph(t("{role} {where}.", role=role, where=where), size=20),
        paragraph(t("Đúng là anh/chị không? Mã này chỉ dùng được một lần, cho máy của đúng người.")),
        secondary_button(t("Không phải tôi"), somebody_else),
    ]


def _already(t: Texts, name: str, waiting: int) -> list[ft.Control]:
    body: list[ft.Control] = [
        paragraph(t("Máy này đã ghi danh cho {name}.", name=name), size=20, bold=True),
    ]
    if waiting:
        text = t(
            "Còn {count} phiếu chưa gửi. Gửi xong mới đổi sang mã khác được, để không mất phiếu nào.", count=waiting
        )
        body.append(notice(text, icon=ft.Icons.CLOUD_UPLOAD))
    return body
