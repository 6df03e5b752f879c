"""The commands about a commune itself: opening it, its round, its recording; and the plan of a province."""

from pathlib import Path
from typing import Annotated, Any

import typer

from survey.acts import Act
from survey.privacy import CONSENT_WORDING
from survey.records import LEAST_HOLD_DAYS, MOST_HOLD_DAYS
from survey.roles import Role
from survey.vietnamese import format_number
from sync_server.audit import AtServer, note
from sync_server.cli.console import AsJson, CommuneCode, fail, read_settings, tell, writing
from sync_server.clock import utc_now
from sync_server.commune import places, province, recordings, rounds, setup
from sync_server.commune.criteria_sets import DEFAULT
from sync_server.store.provinces import Plan

commune_app = typer.Typer(no_args_is_help=True, help="Xã.")
province_app = typer.Typer(no_args_is_help=True, help="Tỉnh: kế hoạch từng năm.")


@commune_app.command("create")
def create_commune(
    code: Annotated[str, typer.Argument(help="Mã xã, 5 chữ số, ví dụ 09052.")],
    criteria_set: Annotated[str, typer.Option(help="Bộ tiêu chí của xã.")] = DEFAULT,
    official: Annotated[str | None, typer.Option(help="Họ tên cán bộ xã: in ra đường dẫn vào trang Thiết lập.")] = None,
    as_json: AsJson = False,
) -> None:
    """Mở một xã trên máy chủ, với bộ tiêu chí và đợt khảo sát năm nay."""
    settings = read_settings()
    url, days = settings.public_url, settings.code_days
    with writing(settings) as session:
        commune = setup.create_commune(session, code.strip(), utc_now(), criteria_set)
        made = official and setup.invite(
            session, commune.code, Role.OFFICIAL, official, [], utc_now(), public_url=url, code_days=days
        )
        if made:
            about: dict[str, Any] = {"subject_kind": "member", "subject": made.member.id}
            note(session, AtServer(commune.code), utc_now(), Act.INVITED, **about)
    result = {"code": commune.code, "name": commune.name, "kind": commune.kind, "criteria_set": criteria_set}
    lines = [f"Đã mở {commune.kind} {commune.name} ({commune.code}), bộ tiêu chí {criteria_set}."]
    if isinstance(made, setup.Invitation):
        result["link"] = made.link
        lines += [f"Cán bộ xã mở đường dẫn này để thiết lập tiếp (dùng một lần): {made.link}"]
    tell(as_json, result, "\n".join(lines))


@commune_app.command("find")
def find_commune(
    words: Annotated[list[str], typer.Argument(help="Tên xã, gõ không dấu cũng được; thêm tên tỉnh cho rõ.")],
    as_json: AsJson = False,
) -> None:
    """Tìm mã của một xã, phường, đặc khu."""
    found = places.search_communes(" ".join(words))
    if not found:
        raise fail("Không tìm thấy xã nào tên như vậy. Anh/chị gõ ít chữ hơn.")
    lines = [f"{commune.code}  {commune.kind} {commune.name}, {province.name}" for commune, province in found]
    rows = [commune.model_dump() | {"province": province.name} for commune, province in found]
    tell(as_json, {"communes": rows}, "\n".join(lines))


def change_round(
    commune: CommuneCode,
    answers_hold_days: Annotated[
        int,
        typer.Option(
            min=0, max=MOST_HOLD_DAYS, help=f"Câu trả lời giữ bao nhiêu ngày, từ {LEAST_HOLD_DAYS}; 0 là giữ mãi."
        ),
    ],
    as_json: AsJson = False,
) -> None:
    """Đặt cho đợt khảo sát hiện nay: câu trả lời cũ hơn bao nhiêu ngày thì hỏi lại."""
    if 0 < answers_hold_days < LEAST_HOLD_DAYS:
        raise fail(f"Câu trả lời giữ ít nhất {LEAST_HOLD_DAYS} ngày, hoặc 0 là giữ mãi.")
    with writing(read_settings()) as session:
        present = rounds.hold_answers(session, commune, answers_hold_days or None)
        note(session, AtServer(commune), utc_now(), Act.CHANGED_ROUND, subject_kind="round", title=present.title)
    days = present.answers_hold_days
    holds = f"câu trả lời giữ {format_number(days)} ngày, cũ hơn thì hỏi lại" if days else "câu trả lời giữ mãi"
    tell(as_json, present.model_dump(mode="json"), f"{present.title}: {holds}.")


@commune_app.command("recording")
def change_recording(
    commune: CommuneCode,
    file: Annotated[Path | None, typer.Argument(help="Tệp .mp3 hoặc .m4a, nhiều nhất 2 MB.")] = None,
    remove: Annotated[bool, typer.Option("--remove", help="Bỏ bản ghi âm.")] = False,
    as_json: AsJson = False,
) -> None:
    """Đưa bản ghi âm lời xin phép lên: các máy tải về và đọc cho gia đình nghe."""
    if (file is None) is not remove:
        raise fail("Anh/chị chọn một trong hai: tên tệp ghi âm, hoặc --remove.")
    with writing(read_settings()) as session:
        if file is None:
            recordings.forget_recordings(session, commune)
            note(session, AtServer(commune), utc_now(), Act.CHANGED_RECORDING, subject_kind="recording")
            tell(as_json, {}, "Xã không còn bản ghi âm nào.")
            return
        try:
            content = file.read_bytes()
        except OSError as error:
            raise fail(f"Không đọc được tệp {file}.") from error
        kept = recordings.keep_recording(session, commune, content)
        note(session, AtServer(commune), utc_now(), Act.CHANGED_RECORDING, subject_kind="recording")
    size = format_number(round(len(kept.content) / 1000))
    result = {"wording": CONSENT_WORDING, "media_type": kept.media_type, "bytes": len(kept.content)}
    tell(as_json, result, f"Đã nhận bản ghi âm ({size} kB). Các máy tải về khi mở ứng dụng lúc có mạng.")


@province_app.command("plan")
def plan_year(
    code: Annotated[str, typer.Argument(help="Mã tỉnh, 2 chữ số, ví dụ 25.")],
    year: Annotated[int, typer.Option(min=2000, max=2100, help="Năm.")],
    planned: Annotated[int, typer.Option(min=0, help="Số xã có thôn đạt theo kế hoạch, đến hết năm ấy.")],
    reached: Annotated[int | None, typer.Option(min=0, help="Số xã đã đạt, cho năm mà máy chủ không tính.")] = None,
    communes: Annotated[
        int | None, typer.Option("--of", min=1, help="Số xã của tỉnh năm ấy, nếu khác hiện nay.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Ghi kế hoạch một năm của tỉnh; ghi lại thì thay kế hoạch trước của năm ấy."""
    with writing(read_settings()) as session:
        of = province.plan_year(session, code.strip(), Plan(year, planned, reached, communes), utc_now())
    result = {"province": of.code, "year": year, "planned": planned, "reached": reached, "of": communes}
    tell(
        as_json,
        result,
        f"{of.kind.capitalize()} {of.name}, năm {year}: kế hoạch {format_number(planned)} xã có thôn đạt.",
    )
