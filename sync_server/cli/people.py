"""The commands about people and their devices: who works where, and which device is revoked or lost."""

from datetime import datetime
from typing import Annotated

import typer

from survey.acts import Act
from survey.devices import DeviceLine, DeviceState, HeldVillage, Incident
from survey.roles import Role
from survey.times import vietnam_day, vietnam_time, wire_time
from survey.vietnamese import format_date, format_number
from survey.villages import full_name
from sync_server.audit import AtServer, note
from sync_server.cli.console import AsJson, CommuneCode, fail, matches, read_settings, tell, understood, writing
from sync_server.clock import utc_now
from sync_server.commune import setup
from sync_server.commune.devices import report_lost_as, revoke_as, the_device
from sync_server.commune.members import MemberWithVillages, find_member, list_members_with_villages, move_member
from sync_server.commune.village_names import find_villages
from sync_server.store.database import Session
from sync_server.store.device_lines import list_devices

members_app = typer.Typer(no_args_is_help=True, help="Người làm khảo sát và thôn phụ trách.")
devices_app = typer.Typer(no_args_is_help=True, help="Thiết bị: xem, thu hồi, báo mất.")

DeviceId = Annotated[str | None, typer.Option("--device", help="Mã máy, xem bằng: tungnha devices list.")]
_ROLES = {Role.MEMBER: "tổ viên", Role.LEAD: "tổ trưởng", Role.OFFICIAL: "cán bộ xã", Role.PROVINCE: "cán bộ tỉnh"}
_STATES = {DeviceState.ACTIVE: "đang dùng", DeviceState.REVOKED: "đã thu hồi", DeviceState.LOST: "đã báo mất"}


@members_app.command("list")
def list_people(commune: CommuneCode, as_json: AsJson = False) -> None:
    """Mọi người của xã, vai trò và thôn phụ trách."""
    with writing(read_settings()) as session:
        setup.the_place(session, commune)
        people = list_members_with_villages(session, commune)
    result = {"members": [_as_json(placed) for placed in people]}
    tell(as_json, result, "\n".join(_person(placed) for placed in people) or "Xã chưa mời ai.")


@members_app.command("move")
def move_person(
    commune: CommuneCode,
    village: Annotated[list[str] | None, typer.Option(help="Thôn phụ trách từ nay; lặp lại cho nhiều thôn.")] = None,
    name: Annotated[str | None, typer.Option(help="Họ và tên.")] = None,
    identity: Annotated[str | None, typer.Option("--id", help="Mã người, khi có người trùng tên.")] = None,
    as_json: AsJson = False,
) -> None:
    """Giao thôn khác cho một người. Phiếu ghi trước lúc chuyển vẫn được nhận."""
    if not name and not identity:
        raise fail("Cần --name HỌ_VÀ_TÊN hoặc --id MÃ_NGƯỜI.")
    with writing(read_settings()) as session:
        setup.the_commune(session, commune)
        member = find_member(session, commune, name=name, identity=identity)
        named = find_villages(session, commune, village or [])
        placed = move_member(session, commune, member, [one.id for one in named.villages], utc_now())
        note(session, AtServer(commune), utc_now(), Act.MOVED_MEMBER, subject_kind="member", subject=member.id)
    lines = [_person(placed), *understood(named.matched)]
    lines += [f"Còn {_waiting(device)}: nhắc {placed.member.name} đồng bộ máy này." for device in placed.waiting]
    tell(as_json, _as_json(placed) | {"matched": matches(named.matched)}, "\n".join(lines))


@devices_app.command("list")
def list_all(commune: CommuneCode, device: DeviceId = None, as_json: AsJson = False) -> None:
    """Các máy của xã: của ai, phiên bản, lần cuối đồng bộ, còn bao nhiêu việc chưa gửi."""
    with writing(read_settings()) as session:
        setup.the_place(session, commune)
        lines = [the_device(session, commune, device)] if device else list_devices(session, commune)
    result = {"devices": [line.model_dump(mode="json") for line in lines]}
    tell(as_json, result, "\n".join(_line(line) for line in lines) or "Xã chưa có máy nào ghi danh.")


@devices_app.command("revoke")
def revoke_one(commune: CommuneCode, device: DeviceId = None, as_json: AsJson = False) -> None:
    """Thu hồi một máy: máy gửi nốt việc đang giữ rồi tự xóa dữ liệu."""
    with writing(read_settings()) as session:
        line = revoke_as(session, AtServer(commune), _needed(session, commune, device), utc_now())
    tell(as_json, line.model_dump(mode="json"), _line(line))


@devices_app.command("lost")
def report_one_lost(commune: CommuneCode, device: DeviceId = None, as_json: AsJson = False) -> None:
    """Báo mất một máy: cắt ngay, và in biên bản những gì máy đang giữ."""
    with writing(read_settings()) as session:
        incident = report_lost_as(session, AtServer(commune), _needed(session, commune, device), utc_now())
    tell(as_json, incident.model_dump(mode="json"), _record(incident))


def _needed(session: Session, commune: str, device: str | None) -> str:
    if not device:
        raise fail("Cần --device MÃ_MÁY. Xem mã máy bằng: tungnha devices list --commune MÃ_XÃ.")
    setup.the_place(session, commune)
    return device


def invitation_as_json(invitation: setup.Invitation) -> dict[str, object]:
    """An invitation as a JSON object."""
    return {
        "code": invitation.code,
        "link": invitation.link,
        "expires_at": wire_time(invitation.expires_at),
        "member": invitation.member.model_dump(mode="json"),
        "is_new_member": invitation.is_new_member,
        "devices": invitation.devices,
        "namesakes": [_as_json(placed) for placed in invitation.namesakes],
        "matched": matches(invitation.matched),
    }


def invitation_lines(invitation: setup.Invitation) -> list[str]:
    """An invitation as lines to print: the link first, then whom it is for, if that may be mistaken."""
    lines = [invitation.link, f"Dùng một lần, trước ngày {format_date(vietnam_day(invitation.expires_at))}."]
    name = invitation.member.name
    if not invitation.is_new_member:
        there = f"đã có {format_number(invitation.devices)} máy" if invitation.devices else "chưa ghi danh máy nào"
        lines.append(f"Thêm một máy cho {name} ({there}). Nếu là người khác trùng họ tên: mời lại với --new-person.")
    lines += [f"Đã có {_person(one)}; đây là người khác." for one in invitation.namesakes]
    if invitation.namesakes:
        lines.append("Nếu vẫn là người ấy: giao thôn bằng tungnha members move, rồi mời thêm máy.")
    return lines + understood(invitation.matched)


def _as_json(placed: MemberWithVillages) -> dict[str, object]:
    villages = [village.model_dump(mode="json") for village in placed.villages]
    waiting = [line.model_dump(mode="json") for line in placed.waiting]
    return placed.member.model_dump(mode="json") | {"villages": villages, "waiting": waiting}


def _person(placed: MemberWithVillages) -> str:
    where = ", ".join(map(full_name, placed.villages))
    if placed.member.role is Role.OFFICIAL:
        where = "cả xã"
    return f"{placed.member.name} ({_ROLES[placed.member.role]}): {where or 'chưa có thôn'}  [{placed.member.id}]"


def _waiting(line: DeviceLine) -> str:
    return f"{format_number(line.unsent)} việc chưa gửi trên máy “{line.name or line.id}”"


def _when(moment: datetime) -> str:
    return f"{vietnam_time(moment):%H:%M} ngày {format_date(vietnam_day(moment))}"


def _line(line: DeviceLine) -> str:
    seen = f"đồng bộ lúc {_when(line.last_seen)}" if line.last_seen else "chưa đồng bộ lần nào"
    version = f", phiên bản {line.app_version}" if line.app_version else ""
    return (
        f"{line.member.name} ({_ROLES[line.role]}), máy “{line.name or 'không tên'}”{version}: {_STATES[line.state]}, "
        f"{seen}, {format_number(line.unsent)} việc chưa gửi  [{line.id}]"
    )


def _record(incident: Incident) -> str:
    device, seen = incident.device_name or "không tên", incident.last_seen
    lines = [
        f"Máy “{device}” của {incident.member.name} ({_ROLES[incident.role]}) đã bị cắt khỏi máy chủ.",
        f"Báo mất lúc {_when(incident.reported_at)}, người báo: {incident.reported_by}.",
        f"Đồng bộ lần cuối: {_when(seen) if seen else 'chưa lần nào'}; {format_number(incident.unsent)} việc chưa gửi.",
        f"Máy có thể giữ {format_number(incident.households)} hộ, {format_number(incident.people)} người:",
        *(f"  {_held(village)}" for village in incident.villages),
        f"Hạn thông báo 72 giờ: trước {_when(incident.notify_by)}.",
    ]
    return "\n".join(lines)


def _held(village: HeldVillage) -> str:
    counts = (village.households, village.with_phone, village.people)
    households, phones, people = (format_number(count) for count in counts)
    return f"{village.kind} {village.name}: {households} hộ, {phones} số điện thoại, {people} người"
