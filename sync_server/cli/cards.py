"""The commands about household cards: issuing, listing and printing them."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from survey.acts import Act
from survey.card_code import grouped
from survey.records import Village
from survey.roles import Role
from survey.vietnamese import format_number
from survey.villages import full_name
from sync_server.audit import BY_COMMAND, AtServer, note
from sync_server.cards.address import trial_reasons
from sync_server.cards.formats import FORMATS
from sync_server.cards.issue import issue_cards
from sync_server.cards.members import check_letters, draw_invited
from sync_server.cards.print import PrintOrder, prepare_print
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
from sync_server.clock import utc_now
from sync_server.commune.setup import invite_all, the_commune
from sync_server.commune.village_names import Match, find_villages
from sync_server.store.cards import Card, list_cards_of_village
from sync_server.store.database import Session

cards_app = typer.Typer(no_args_is_help=True, help="Thẻ hộ có mã QR.")
VillageName = Annotated[str, typer.Option("--village", help="Tên thôn.")]
TELL_FROM = 100
"""Above so many cards the drawing tells how far it is."""
_STATES = {"issued": "chưa gắn hộ", "bound": "đã gắn hộ", "revoked": "đã hủy"}


@cards_app.command("issue")
def issue(
    commune: CommuneCode,
    village: VillageName,
    count: Annotated[int | None, typer.Option(min=1, max=2000, help="Số thẻ mới.")] = None,
    for_households: Annotated[
        bool, typer.Option("--for-households", help="Mỗi hộ chưa có thẻ một thẻ, gắn sẵn với hộ.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Tạo thẻ hộ mới cho một thôn. In bằng: tungnha cards pdf."""
    if (count is None) is not for_households:
        raise fail("Anh/chị chọn một trong hai: --count SỐ_THẺ, hoặc --for-households.")
    with writing(read_settings()) as session:
        place, matched = _village(session, commune, village)
        made = issue_cards(session, commune, place.id, BY_COMMAND, utc_now(), count)
    result = {"cards": [_as_json(one) for one in made], "matched": matches(matched)}
    if not made:
        sentence = f"Mọi hộ của {full_name(place)} đã có thẻ."
    else:
        numbers = f"số {made[0].serial} đến {made[-1].serial}"
        sentence = f"Đã tạo {format_number(len(made))} thẻ cho {full_name(place)}, {numbers}."
    tell(as_json, result, "\n".join([*understood(matched), sentence]))


@cards_app.command("list")
def list_all(commune: CommuneCode, village: VillageName, as_json: AsJson = False) -> None:
    """Các thẻ của một thôn: số, mã, tình trạng."""
    with writing(read_settings()) as session:
        place, matched = _village(session, commune, village)
        cards = list_cards_of_village(session, commune, place.id)
    lines = [f"{one.serial or '–'}  {grouped(one.code)}  {_STATES[one.state]}" for one in cards]
    result = {"cards": [_as_json(one) for one in cards], "matched": matches(matched)}
    tell(as_json, result, "\n".join([*understood(matched), *(lines or [f"{full_name(place)} chưa có thẻ nào."])]))


@cards_app.command("pdf")
def draw(
    file: Annotated[Path, typer.Argument(help="Tệp PDF sẽ ghi, ví dụ the-dinh-xa.pdf.")],
    commune: CommuneCode,
    village: VillageName,
    sheet_format: Annotated[str, typer.Option("--format", help=f"Mẫu giấy: {', '.join(FORMATS)}.")] = "a4-2x5",
    serials: Annotated[str, typer.Option(help="Số thẻ, ví dụ 1-40; bỏ trống là tất cả.")] = "",
    back: Annotated[bool, typer.Option("--back", help="In cả mặt sau (thông tin cho gia đình).")] = False,
    house: Annotated[bool, typer.Option("--house", help="Ghi địa chỉ nhà lên thẻ (không ghi tên).")] = False,
    offset_x: Annotated[float, typer.Option(min=-10, max=10, help="Máy in lệch ngang bao nhiêu mm.")] = 0.0,
    offset_y: Annotated[float, typer.Option(min=-10, max=10, help="Máy in lệch dọc bao nhiêu mm.")] = 0.0,
    scale: Annotated[float, typer.Option(min=0.9, max=1.1, help="Tỷ lệ bù cho máy in.")] = 1.0,
    outline: Annotated[bool, typer.Option("--outline", help="Chỉ vẽ khung, để đặt thử lên giấy nhãn.")] = False,
    as_json: AsJson = False,
) -> None:
    """Vẽ các thẻ thành tệp PDF để in. In lại bao nhiêu lần cũng được, không tạo thẻ mới."""
    settings = read_settings()
    order = PrintOrder(sheet_format, serials, back, house, offset_x, offset_y, scale, outline)
    with writing(settings) as session:
        place, matched = _village(session, commune, village)
        whole = the_commune(session, commune)
        job = prepare_print(session, whole, place, order, settings.public_url, BY_COMMAND, utc_now())
        if job.cards:
            told: dict[str, Any] = {"cards": len(job.cards), "format": sheet_format}
            by = AtServer(commune)
            note(session, by, utc_now(), Act.PRINTED_CARDS, subject_kind="village", village=place.id, **told)
    with explaining(), file.open("wb") as out:
        job.draw(out, None if as_json or len(job.cards) <= TELL_FROM else _tell_page)
    reasons = trial_reasons(settings.public_url, FORMATS[sheet_format])
    what = (
        f"{format_number(len(job.cards))} thẻ" if job.cards else "tờ thử chỉ có khung" if outline else "tờ giới thiệu"
    )
    lines = [f"Đã vẽ {what} vào {file}. In ở kích thước thật (100 %)."]
    lines += ["BẢN THỬ, chưa nên dán ở nhà dân:", *reasons] if reasons else []
    result = {"file": str(file), "cards": len(job.cards), "trial": reasons, "matched": matches(matched)}
    tell(as_json, result, "\n".join([*understood(matched), *lines]))


@cards_app.command("members")
def draw_members(
    file: Annotated[Path, typer.Argument(help="Tệp PDF sẽ ghi, ví dụ to-dinh-xa.pdf.")],
    commune: CommuneCode,
    village: VillageName,
    name: Annotated[list[str], typer.Option(help="Họ và tên; lặp lại cho nhiều người.")],
    role: Annotated[Role, typer.Option(help="member: tổ viên, lead: tổ trưởng.")] = Role.MEMBER,
    as_json: AsJson = False,
) -> None:
    """Mời nhiều người của một thôn và vẽ thẻ thành viên để in: mỗi thẻ một mã dùng một lần."""
    if role is Role.OFFICIAL:
        raise fail("Thẻ thành viên là của tổ viên và tổ trưởng. Cán bộ xã mời bằng: tungnha invite.")
    settings = read_settings()
    with writing(settings) as session:
        place, matched = _village(session, commune, village)
        whole = the_commune(session, commune)
        day, address, days = utc_now(), settings.public_url, settings.code_days
        check_letters(name)
        invitations = invite_all(session, commune, role, name, place, day, public_url=address, code_days=days)
        told: dict[str, Any] = {"subject_kind": "village", "village": place.id}
        note(session, AtServer(commune), day, Act.INVITED, **told, people=len(invitations))
    with explaining(), file.open("wb") as out:
        draw_invited(out, invitations, whole, place, settings.public_url)
    count = format_number(len(invitations))
    lines = [f"Đã vẽ {count} thẻ thành viên vào {file}. Mỗi mã dùng một lần: giao tận tay từng người."]
    lines += [
        f"{one.member.name} đã có trong tổ: thẻ là của thêm một máy." for one in invitations if not one.is_new_member
    ]
    result = {
        "file": str(file),
        "members": [{"id": one.member.id, "name": one.member.name, "is_new": one.is_new_member} for one in invitations],
        "matched": matches(matched),
    }
    tell(as_json, result, "\n".join([*understood(matched), *lines]))


def _tell_page(done: int, pages: int) -> None:
    if done % 10 == 0 or done == pages:
        print(f"Đang vẽ: {done}/{pages} trang", file=sys.stderr)


def _village(session: Session, commune: str, name: str) -> tuple[Village, list[Match]]:
    the_commune(session, commune)
    named = find_villages(session, commune, [name])
    return named.villages[0], named.matched


def _as_json(card: Card) -> dict[str, object]:
    return {"serial": card.serial, "code": card.code, "state": card.state, "household": card.household}
