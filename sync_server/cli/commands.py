"""The command line of the server: opening a commune, adding villages, importing households, inviting people.

Those about a commune itself are in `communes`, about people and devices in `people`, about changes in `changes`.
Every command says in Vietnamese what it did, or prints one object with `--json`. If it cannot do it, it prints one
sentence on stderr and ends with exit code 1.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from survey.acts import Act
from survey.records import Village
from survey.roles import Role
from survey.vietnamese import clean, format_number
from survey.villages import full_name
from sync_server.audit import AtServer, note
from sync_server.backup import back_up, renew
from sync_server.backup import restore as restore_backup
from sync_server.cli.cards import cards_app
from sync_server.cli.changes import changes_app
from sync_server.cli.communes import change_round, commune_app, province_app
from sync_server.cli.console import (
    AsJson,
    CommuneCode,
    explaining,
    fail,
    matches,
    read_settings,
    tell,
    understood,
    writing,
)
from sync_server.cli.households import households_app
from sync_server.cli.people import devices_app, invitation_as_json, invitation_lines, members_app
from sync_server.clock import utc_now
from sync_server.commune import lineage, province, setup
from sync_server.commune.lineage import Regrouped
from sync_server.store.copies import Contents
from sync_server.store.database import Session

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Từng Nhà: máy chủ và công cụ quản trị.")
village_app = typer.Typer(no_args_is_help=True, help="Thôn.")
app.add_typer(commune_app, name="commune")
app.add_typer(province_app, name="province")
app.add_typer(village_app, name="village")
app.add_typer(households_app, name="households")
app.add_typer(members_app, name="members")
app.add_typer(devices_app, name="devices")
app.add_typer(cards_app, name="cards")
app.add_typer(changes_app, name="changes")
app.command("round")(change_round)


@village_app.command("add")
def add_village(
    name: Annotated[str, typer.Argument(help="Tên thôn.")],
    commune: CommuneCode,
    kind: Annotated[str | None, typer.Option(help="Từ chỉ loại: thôn, bản, ấp, tổ dân phố …")] = None,
    as_json: AsJson = False,
) -> None:
    """Thêm một thôn vào xã."""
    if not clean(name):
        raise fail("Tên thôn không được để trống.")
    with writing(read_settings()) as session:
        village = setup.add_village(session, commune, name, utc_now(), kind)
        _note_village(session, commune, village)
    tell(as_json, village.model_dump(mode="json"), f"Đã thêm {full_name(village)}.")


def _note_village(session: Session, commune: str, village: Village) -> None:
    about: dict[str, Any] = {"subject_kind": "village", "subject": village.id, "village": village.id}
    note(session, AtServer(commune), utc_now(), Act.CHANGED_VILLAGES, **about, villages=[full_name(village)])


def _told(as_json: bool, done: Regrouped, verb: str) -> None:
    came_from = [one.model_dump(mode="json") for one in done.came_from]
    result: dict[str, object] = {"village": done.village.model_dump(mode="json"), "from": came_from}
    names = ", ".join(map(full_name, done.came_from))
    sentence = (
        f"{names} → {full_name(done.village)}: {verb} {format_number(done.households)} hộ, "
        f"{format_number(done.people)} người trong tổ được giao thêm thôn này."
    )
    result |= {"households": done.households, "people": done.people, "matched": matches(done.matched)}
    tell(as_json, result, "\n".join([*understood(done.matched), sentence]))


@village_app.command("merge")
def merge_villages(
    commune: CommuneCode,
    into: Annotated[str, typer.Option(help="Thôn nhận các hộ; chưa có thì được tạo.")],
    source: Annotated[list[str], typer.Option("--from", help="Thôn nhập vào; lặp lại cho nhiều thôn.")],
    as_json: AsJson = False,
) -> None:
    """Nhập các thôn thành một. Phiếu cũ vẫn ghi thôn cũ; phiếu chưa gửi trên điện thoại được nhận vào thôn mới."""
    if not clean(into):
        raise fail("Tên thôn không được để trống.")
    with writing(read_settings()) as session:
        done = lineage.merge_villages(session, commune, into, source, utc_now())
        _note_village(session, commune, done.village)
    _told(as_json, done, "đã nhập")


@village_app.command("split")
def split_village(
    commune: CommuneCode,
    source: Annotated[str, typer.Option("--from", help="Thôn được tách.")],
    new: Annotated[str, typer.Option("--new", help="Tên thôn mới.")],
    households: Annotated[
        Path | None, typer.Option(help="Danh sách hộ tách ra: tệp .xlsx, hoặc tệp chữ mỗi dòng một mã hộ.")
    ] = None,
    alley: Annotated[list[str] | None, typer.Option(help="Xóm, ngõ tách ra; lặp lại cho nhiều nơi.")] = None,
    as_json: AsJson = False,
) -> None:
    """Tách một số hộ của một thôn thành thôn mới."""
    if not clean(new):
        raise fail("Tên thôn không được để trống.")
    if households is None and not alley:
        raise fail("Anh/chị chọn các hộ tách ra: --households TỆP hoặc --alley XÓM.")
    with writing(read_settings()) as session:
        done = lineage.split_village(
            session, commune, source, new, utc_now(), households=households, alleys=alley or []
        )
        _note_village(session, commune, done.village)
    _told(as_json, done, "đã tách")


@app.command("invite")
def invite(
    commune: Annotated[str, typer.Option("--commune", help="Mã xã, 5 chữ số; cho cán bộ tỉnh là mã tỉnh, 2 chữ số.")],
    role: Annotated[
        Role,
        typer.Option(
            help="member: tổ viên, lead: tổ trưởng, official: cán bộ xã, province: cán bộ tỉnh (--commune là mã tỉnh)."
        ),
    ],
    name: Annotated[str, typer.Option(help="Họ và tên.")],
    village: Annotated[list[str] | None, typer.Option(help="Thôn phụ trách; lặp lại cho nhiều thôn.")] = None,
    new_person: Annotated[
        bool, typer.Option("--new-person", help="Một người khác, trùng họ tên với người đã có.")
    ] = False,
    identity: Annotated[str | None, typer.Option("--id", help="Mã người, khi có nhiều người trùng tên.")] = None,
    as_json: AsJson = False,
) -> None:
    """Mời một người, hoặc thêm máy cho người đã có: in ra đường dẫn ghi danh dùng một lần."""
    if not clean(name):
        raise fail("Họ và tên không được để trống.")
    if new_person and identity:
        raise fail("Anh/chị chọn một trong hai: --id MÃ_NGƯỜI, hoặc --new-person.")
    settings = read_settings()
    url, days = settings.public_url, settings.code_days
    with writing(settings) as session:
        if role is Role.PROVINCE:
            invitation = province.invite_viewer(
                session, commune, clean(name), utc_now(), public_url=url, code_days=days
            )
        else:
            invitation = setup.invite(
                session,
                commune,
                role,
                clean(name),
                village or [],
                utc_now(),
                public_url=url,
                code_days=days,
                identity=identity,
                new_person=new_person,
            )
        about: dict[str, Any] = {"subject_kind": "member", "subject": invitation.member.id}
        note(session, AtServer(commune), utc_now(), Act.INVITED, **about)
    tell(as_json, invitation_as_json(invitation), "\n".join(invitation_lines(invitation)))


_RENEWED_ONE = (
    "Đã báo cho các máy của xã {code} biết: lần đồng bộ tới, các máy ấy tự gửi lại những gì còn thiếu. "
    "Máy của các xã khác vẫn làm việc như thường."
)


def _described(contents: Contents) -> str:
    counts = (contents.communes, contents.villages, contents.households, contents.visits, contents.devices)
    communes, villages, households, visits, devices = map(format_number, counts)
    return f"{communes} xã, {villages} thôn, {households} hộ, {visits} phiếu, {devices} máy"


@app.command("backup")
def backup(
    file: Annotated[Path, typer.Argument(help="Tệp sao lưu mới, ví dụ tungnha-2026-11-22.db.")],
    as_json: AsJson = False,
) -> None:
    """Sao lưu cơ sở dữ liệu ngay khi máy chủ đang chạy, rồi mở bản sao ra kiểm tra."""
    with explaining():
        contents = back_up(read_settings(), file)
    result = {"file": str(file), "bytes": file.stat().st_size, **asdict(contents)}
    tell(as_json, result, f"Đã sao lưu vào {file} và kiểm tra lại: {_described(contents)}.")


@app.command("restore")
def restore(
    file: Annotated[Path | None, typer.Argument(help="Tệp do lệnh backup tạo ra.")] = None,
    renew_only: Annotated[
        bool, typer.Option("--renew-only", help="Đã nạp lại bằng công cụ khác (pg_restore): chỉ báo cho các máy biết.")
    ] = False,
    commune: Annotated[
        str | None, typer.Option("--commune", help="Cùng --renew-only: chỉ xã này (mã xã) được nạp lại.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Khôi phục từ bản sao lưu, khi máy chủ đã dừng. Cơ sở dữ liệu hiện có được giữ lại bên cạnh."""
    if (file is None) is not renew_only:
        raise fail("Anh/chị chọn một trong hai: tên tệp sao lưu, hoặc --renew-only.")
    if commune and not renew_only:
        raise fail("--commune chỉ dùng cùng --renew-only: một bản sao lưu được khôi phục trọn vẹn.")
    after = "Khởi động máy chủ: các điện thoại sẽ tự gửi lại những gì bản sao lưu chưa có."
    with explaining():
        if file is None:
            epoch = renew(read_settings(), utc_now(), commune)
            if commune is None:
                tell(as_json, {"epoch": epoch}, f"Đã báo cho các máy biết. {after}")
            else:
                tell(as_json, {"epoch": epoch, "commune": commune}, _RENEWED_ONE.format(code=commune))
            return
        done = restore_backup(read_settings(), file, utc_now())
    kept = f"Cơ sở dữ liệu trước đó được giữ ở {done.kept}.\n" if done.kept else ""
    if done.cut_off:
        kept += f"{format_number(done.cut_off)} máy đã thu hồi hoặc báo mất sau lần sao lưu vẫn bị chặn.\n"
    result = {"epoch": done.epoch, "kept": done.kept and str(done.kept), "cut_off": done.cut_off}
    result |= asdict(done.contents)
    tell(as_json, result, f"Đã khôi phục: {_described(done.contents)}.\n{kept}{after}")
