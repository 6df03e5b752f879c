"""Rescue files on the screen: exporting one if changes wait, and handing in somebody else's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import flet as ft

from app.device import CannotSeal
from app.store.sync_state import SignedIn, find_sign_in
from app.sync.client import NotUnderstood, Refused, Unreachable
from app.sync.rescue import FILE_EXTENSION, CannotRescue, write_rescue_file
from app.ui.components.frame import notice, paragraph, secondary_button
from app.ui.state import use_optional
from app.ui.texts import Texts
from app.ui.workspace import Workspace, use_texts, use_workspace
from survey.rescue import RescueReply
from survey.roles import Action, may
from survey.times import vietnam_day


@dataclass(frozen=True)
class Said:
    """The result of a tap, shown in place of the sentence above the button."""

    text: str
    failed: bool = False


@ft.component
def RescueFiles(signed_in: SignedIn, waiting: int) -> ft.Control:
    """Export a rescue file if changes wait, hand one in if the role allows it; not visible if neither applies."""
    workspace, t = use_workspace(), use_texts()
    exported, set_exported = use_optional(Said)
    handed_in, set_handed_in = use_optional(Said)

    async def export(_event: Any) -> None:
        set_exported(await _export(workspace, t, picker))

    async def hand_in(event: Any) -> None:
        for file in event.files[:1]:
            set_handed_in(Said(t("Đang nộp tệp…")))
            set_handed_in(await _hand_in(workspace, t, _content(file)))

    picker = ft.use_memo(lambda: ft.FilePicker(on_result=hand_in), [t])
    body: list[ft.Control] = []
    if waiting:
        text = t(
            "Máy không gửi được nữa? Xuất phiếu chờ gửi ra một tệp đã khóa kín, chỉ máy chủ của xã mở được, rồi chuyển "
            "cho tổ trưởng hoặc cán bộ xã."
        )
        body += [_words(exported, text), secondary_button(t("Xuất tệp cứu hộ"), export, icon=ft.Icons.SAVE_ALT)]
    if may(signed_in.role, Action.HAND_IN_RESCUE):
        text = t("Điện thoại của tổ viên không gửi được? Nhận tệp cứu hộ của máy ấy rồi nộp ở đây.")
        # The browser opens its window for files only within the tap itself, so it is asked for without a round trip.
        button = secondary_button(t("Nộp tệp cứu hộ"), None, icon=ft.Icons.UPLOAD_FILE)
        button.action = ft.PickFiles(picker, with_data=True)
        body += [_words(handed_in, text), button]
    return ft.Column(body, spacing=8, tight=True, visible=bool(body))


def _words(said: Said | None, text: str) -> ft.Control:
    if said is None:
        return paragraph(text, weak=True)
    icon = ft.Icons.ERROR_OUTLINE if said.failed else ft.Icons.INFO_OUTLINE
    return notice(said.text, icon=icon, warn=said.failed)


def file_name(at: datetime) -> str:
    """The name that a rescue file is offered under; the day is Vietnam's."""
    return f"tung-nha-cuu-ho-{vietnam_day(at):%d-%m-%Y}.{FILE_EXTENSION}"


def _content(file: Any) -> bytes:
    """The content of a picked file, which comes as bytes or as a list of numbers."""
    return bytes(file.bytes or b"")


async def _export(workspace: Workspace, t: Texts, picker: ft.FilePicker) -> Said:
    """Write a rescue file and let the person save it; returns what to say."""
    try:
        now = workspace.clock()
        sealed = await write_rescue_file(workspace.database, workspace.place.seal, now)
    except CannotRescue:
        text = t("Máy này chưa nhận được khóa của máy chủ: cần kết nối được một lần rồi mới xuất được tệp.")
        return Said(text, failed=True)
    except CannotSeal:
        text = t("Máy này chưa tạo được tệp cứu hộ. Phiếu vẫn an toàn trên máy; anh/chị giữ máy và báo tổ trưởng.")
        return Said(text, failed=True)
    await picker.save_file(file_name=file_name(now), src_bytes=sealed)
    text = t(
        "Đã tạo tệp {name}. Anh/chị chuyển tệp này cho tổ trưởng hoặc cán bộ xã. Phiếu vẫn nằm trên máy; gửi lại sau "
        "này cũng không bị tính hai lần.",
        name=file_name(now),
    )
    return Said(text)


async def _hand_in(workspace: Workspace, t: Texts, file: bytes) -> Said:
    """Send a rescue file to the server; returns what to say."""
    signed_in = workspace.read(find_sign_in)
    try:
        reply = await workspace.client.hand_in(signed_in.token if signed_in else "", file)
    except Refused as refusal:
        return Said(f"{t(refusal.problem.title)}. {t(refusal.problem.detail)}", failed=True)
    except (Unreachable, NotUnderstood):
        text = t("Chưa vào được máy chủ nên chưa nộp được tệp. Anh/chị giữ tệp và thử lại khi có mạng.")
        return Said(text, failed=True)
    workspace.loop.nudge()
    return Said(_result(t, reply))


def _result(t: Texts, reply: RescueReply) -> str:
    """The sentences about a rescue file: whose it was, and how many of its changes got each verdict."""
    if reply.member is None:
        lines = [t("Đã nhận tệp, nhưng máy chủ không nhận ra máy đã xuất tệp này.")]
    else:
        lines = [t("Đã nhận tệp từ máy của {name}.", name=reply.member.name)]
    counts = {str(verdict): count for verdict, count in reply.counts.items()}
    kinds = [
        (t("Ghi nhận mới: {count}."), counts.get("applied", 0) + counts.get("merged", 0)),
        (t("Có khác biệt cần xem: {count}."), counts.get("difference", 0)),
        (t("Đã có từ trước: {count}."), counts.get("duplicate", 0)),
        (t("Giữ lại để xem: {count}."), counts.get("held", 0)),
        (t("Cần sửa: {count}."), counts.get("invalid", 0)),
    ]
    lines += [text.format(count=t.number(count)) for text, count in kinds if count]
    if counts.get("held") or counts.get("invalid"):
        lines.append(t("Anh/chị xem những việc ấy ở mục Cần xem."))
    return " ".join(lines if len(lines) > 1 else [*lines, t("Trong tệp không có gì mới.")])
