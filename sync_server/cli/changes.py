"""The commands about changes: list what is kept but not in force, show one in full, quarantine a row and release it."""

import json
from typing import Annotated, Any

import typer

from survey.acts import Act
from survey.ids import is_id
from survey.problems import CHANGE_UNKNOWN
from survey.times import vietnam_day, wire_time
from survey.vietnamese import clean, format_date, format_number
from sync_server.audit import AtServer, note
from sync_server.cli.console import AsJson, CommuneCode, fail, read_settings, tell, writing
from sync_server.clock import utc_now
from sync_server.commune import setup
from sync_server.problems import Problem
from sync_server.store.aside import KeptAside, find_change, find_set_aside, list_aside, list_on_streams
from sync_server.store.bulk import as_body
from sync_server.store.database import Session
from sync_server.sync.quarantine import OffTheStream, put_back, quarantine

changes_app = typer.Typer(no_args_is_help=True, help="Thay đổi được giữ riêng, và dòng phải cách ly.")
Identity = Annotated[str, typer.Argument(help="Mã của thay đổi hoặc của dòng, xem bằng: tungnha changes aside.")]
By = Annotated[str, typer.Option("--by", help="Họ tên người làm việc này; ghi vào nhật ký.")]
_VERDICTS = {"held": "chờ người xem", "invalid": "có lỗi", "": "để riêng"}


@changes_app.command("aside")
def list_kept_aside(
    commune: CommuneCode,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Nhiều nhất bao nhiêu mục.")] = 50,
    as_json: AsJson = False,
) -> None:
    """Những gì máy chủ giữ mà chưa có hiệu lực: chờ người xem, có lỗi, hoặc để riêng."""
    with writing(read_settings()) as session:
        setup.the_commune(session, commune)
        kept = list_aside(session, commune, limit)
    lines = [_line(one) for one in kept]
    tell(as_json, {"aside": [_as_json(one) for one in kept]}, "\n".join(lines) or "Không có gì được giữ riêng.")


@changes_app.command("show")
def show_one(identity: Identity, commune: CommuneCode, as_json: AsJson = False) -> None:
    """Xem trọn một thay đổi, một mục để riêng, hoặc một dòng đang gửi cho các máy."""
    with writing(read_settings()) as session:
        setup.the_commune(session, commune)
        wanted = identity.strip().lower()
        found = _find(session, commune, wanted)
        note(session, AtServer(commune), utc_now(), Act.READ_CHANGE, subject_kind="row", subject=wanted)
    text = json.dumps(found, ensure_ascii=False, indent=2)
    tell(as_json, found, text)


@changes_app.command("quarantine")
def take_off(
    identity: Identity,
    commune: CommuneCode,
    by: By,
    why: Annotated[str, typer.Option("--why", help="Lý do; ghi vào nhật ký, không ghi tên người dân.")],
    as_json: AsJson = False,
) -> None:
    """Rút một dòng khỏi dữ liệu gửi cho các máy của thôn. Nội dung vẫn được giữ, đưa lại bằng: changes release."""
    if not clean(by) or not clean(why):
        raise fail("Cần --by HỌ_TÊN và --why LÝ_DO.")
    with writing(read_settings()) as session:
        setup.the_commune(session, commune)
        done = quarantine(session, commune, identity.strip().lower(), clean(by), clean(why), utc_now())
        about: dict[str, Any] = {"subject": done[0].subject, "village": done[0].village}
        told: dict[str, Any] = {"subject_kind": done[0].kind, "purpose": clean(why), "by": clean(by)}
        note(session, AtServer(commune), utc_now(), Act.QUARANTINED, **about, **told)
    tell(as_json, {"quarantined": [vars(one) for one in done]}, f"Đã rút {format_number(len(done))} dòng. {_AFTER}")


@changes_app.command("release")
def release_one(identity: Identity, commune: CommuneCode, by: By, as_json: AsJson = False) -> None:
    """Đưa một dòng đã rút trở lại như trước."""
    if not clean(by):
        raise fail("Cần --by HỌ_TÊN.")
    with writing(read_settings()) as session:
        setup.the_commune(session, commune)
        done: OffTheStream = put_back(session, commune, identity.strip().lower(), clean(by), utc_now())
        about: dict[str, Any] = {"subject_kind": done.kind, "subject": done.subject, "village": done.village}
        note(session, AtServer(commune), utc_now(), Act.RESTORED, **about, by=clean(by))
    tell(as_json, {"released": vars(done)}, "Đã đưa dòng này trở lại. Các máy nhận ở lần đồng bộ tới.")


_AFTER = "Các máy bỏ dòng này ở lần đồng bộ tới; nội dung vẫn được giữ."


def _find(session: Session, commune: str, identity: str) -> dict[str, Any]:
    """What is kept under this id or on the streams. Raises `Problem` change-unknown."""
    on_streams = [
        {"village": village, "kind": kind, "seq": seq, "body": as_body(body)}
        for village, kind, seq, body in (list_on_streams(session, commune, identity) if is_id(identity) else [])
    ]
    kept = find_change(session, commune, identity) or find_set_aside(session, commune, identity)
    if kept is None and not on_streams:
        raise Problem(CHANGE_UNKNOWN)
    return (_as_json(kept[0]) | {"content": kept[1]} if kept else {"id": identity}) | {"on_streams": on_streams}


def _as_json(one: KeptAside) -> dict[str, Any]:
    problem = one.problem.model_dump(mode="json", exclude_defaults=True) if one.problem else None
    return vars(one) | {"received_at": wire_time(one.received_at), "problem": problem}


def _line(one: KeptAside) -> str:
    who = ", ".join(word for word in (one.member, f"máy “{one.device}”" if one.device else "", one.village) if word)
    what = f"{one.kind} " if one.kind else ""
    why = one.problem.title if one.problem else ""
    day = format_date(vietnam_day(one.received_at))
    return f"{day} {what}({_VERDICTS[one.verdict]}) {who}: {why}  [{one.id}]"
