"""A lead prints from the phone: the real client against the real server, and what this device keeps of its printer."""

import asyncio
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from app.actions.settings import keep_printer_offsets
from app.store.cards import count_cards_to_print
from app.store.database import Database
from app.store.printer import PrinterOffsets, find_printer_offsets
from app.store.sync_state import find_sign_in
from app.sync.client import NotUnderstood, Refused, Unreachable
from app.ui.screens.card_print import LABELS, NOTICE, PrintWish
from app.ui.screens.member_cards import fault_of_line, faults_of, first_few, read_names
from app.ui.screens.printer_offsets import read_millimetres, read_offsets
from app.ui.texts import Texts
from survey.cards import CardOrder
from survey.invitations import MemberCardOrder
from survey.problem_shapes import FieldProblem
from survey.roles import Role
from sync_server.main import create_app
from sync_server.settings import ServerSettings
from tests.app.conftest import VILLAGE, VillageOnDevice
from tests.builders import an_id
from tests.clock import Clock
from tests.sync.rig import Phone, Rig
from tests.sync_server.cards.paper import ink, printed, scanned, texts

t = Texts("vi")
RIGHT = PrinterOffsets()


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    clock = Clock()
    server = create_app(ServerSettings(data=tmp_path, public_url="https://tungnha.example.vn"), clock)
    made = Rig(server, tmp_path, clock)
    made.open_commune("Đinh Xá")
    yield made
    for phone in made.phones:
        phone.database.close()
    server.state.database.close()


async def a_lead(rig: Rig) -> tuple[Phone, str, str]:
    """A signed-in lead's phone, its token and its village."""
    phone = await rig.phone(Role.LEAD, "Hoàng Văn Minh", "Đinh Xá")
    with phone.database.read() as session:
        signed_in = find_sign_in(session)
    assert signed_in is not None
    return phone, signed_in.token, rig.villages["Đinh Xá"]


def test_what_is_seen_is_what_is_printed(rig: Rig) -> None:
    async def story() -> None:
        phone, token, village = await a_lead(rig)
        cards = await phone.client.issue_cards(token, village, CardOrder(count=25))
        order = PrintWish(LABELS, "1-25").order(RIGHT)
        seen = await phone.client.preview_cards(token, village, 2, **order)
        assert (seen.page, seen.pages, seen.trial) == (2, 2, [])
        pdf, trial = await phone.client.draw_cards(token, village, **order)
        pages = list(printed(pdf, 200))
        assert (len(pages), trial) == (2, [])
        assert scanned(pages[1]) == [f"https://tungnha.example.vn/app/#/c/{cards[24].code}"]
        assert Image.open(BytesIO(seen.picture)).convert("L").tobytes() == list(printed(pdf, 100))[1].tobytes()
        with pytest.raises(Refused) as refusal:
            await phone.client.preview_cards(token, village, 3, **order)
        assert [one.pointer for one in refusal.value.problem.errors] == ["/page"]

    asyncio.run(story())


def test_the_notice_and_the_outlines_are_drawn_without_cards(rig: Rig) -> None:
    async def story() -> None:
        phone, token, village = await a_lead(rig)
        pdf, _ = await phone.client.draw_cards(token, village, **PrintWish(NOTICE, "5", houses=True).order(RIGHT))
        assert scanned(next(printed(pdf, 200))) == ["https://tungnha.example.vn/"]
        pdf, _ = await phone.client.draw_cards(token, village, **PrintWish(LABELS).order(RIGHT, outline=True))
        assert "Tờ thử: chỉ khung" in texts(pdf)[0]

    asyncio.run(story())


def test_a_printer_that_is_wrong_is_corrected(rig: Rig) -> None:
    """A printer that shifts 2 mm right and prints 98 % gets a sheet that is 2 mm left and 100/98 as large."""

    async def story() -> None:
        phone, token, village = await a_lead(rig)
        wrong = PrinterOffsets(right_mm=2, down_mm=-1.5, ruler_mm=98)
        assert wrong.correction() == {"offset_x": "-2", "offset_y": "1.5", "scale": "1.0204"}
        plain, moved = [
            ink(next(printed((await phone.client.draw_cards(
                token, village, **PrintWish(LABELS).order(printer, outline=True)
            ))[0], 300)), 300)
            for printer in (RIGHT, wrong)
        ]  # fmt: skip
        assert moved[0] == pytest.approx(105 + (plain[0] - 105) / 0.98 - 2, abs=0.1)
        assert moved[1] == pytest.approx(148.5 + (plain[1] - 148.5) / 0.98 + 1.5, abs=0.1)

    asyncio.run(story())


def test_several_people_are_invited_and_a_name_at_fault_is_told_by_its_line(rig: Rig) -> None:
    async def story() -> None:
        phone, token, village = await a_lead(rig)
        lines = read_names("Lê Văn Tư\n\n  Vũ  Thị Lan \n")
        assert lines == [(1, "Lê Văn Tư"), (3, "Vũ Thị Lan")]
        order = MemberCardOrder(names=[name for _, name in lines])
        pdf, known = await phone.client.invite_many(token, village, order)
        links = scanned(next(printed(pdf, 200)))
        assert (len(links), known) == (2, [])
        await (await rig.phone(Role.MEMBER, "Người Khác", "Đinh Xá")).client.enroll(links[0], "máy của Tư", "k" * 43)
        _, known = await phone.client.invite_many(token, village, MemberCardOrder(names=["Lê Văn Tư"]))
        assert known == ["Lê Văn Tư"]
        lines = read_names("Lê Văn Tư\n\nGiàng ᛒ")
        with pytest.raises(Refused) as refusal:
            await phone.client.invite_many(token, village, MemberCardOrder(names=[name for _, name in lines]))
        said = [fault_of_line(t, lines, one) for one in refusal.value.problem.errors]
        assert said == ["Dòng 3, Giàng ᛒ: Chữ “ᛒ” chưa có trong phông chữ để in."]

    asyncio.run(story())


def test_without_a_network_or_from_another_server_it_is_said(rig: Rig) -> None:
    async def lost(request: httpx.Request, _on: Any) -> httpx.Response:
        raise httpx.ConnectError("no network", request=request)

    async def foreign(_request: httpx.Request, _on: Any) -> httpx.Response:
        return httpx.Response(200, text="<html>đăng nhập Wi-Fi</html>")

    async def story() -> None:
        phone, token, village = await a_lead(rig)
        phone.link.way = lost
        with pytest.raises(Unreachable):
            await phone.client.preview_cards(token, village, 1)
        phone.link.way = foreign
        with pytest.raises(NotUnderstood):
            await phone.client.preview_cards(token, village, 1)
        for call in (
            phone.client.draw_cards(token, village),
            phone.client.invite_many(token, village, MemberCardOrder(names=["Lê Văn Tư"])),
        ):
            with pytest.raises(NotUnderstood):
                await call

    asyncio.run(story())


def test_what_the_printer_does_wrong_survives_a_restart(tmp_path: Path) -> None:
    wrong = PrinterOffsets(1.5, -2, 98)
    database = Database(tmp_path / "device.db")
    with database.read() as session:
        assert find_printer_offsets(session) == RIGHT
    keep_printer_offsets(database, wrong)
    database.close()
    again = Database(tmp_path / "device.db")
    with again.read() as session:
        assert find_printer_offsets(session) == wrong
    again.close()


def test_lengths_are_read_as_people_write_them() -> None:
    read = {text: read_millimetres(text) for text in ("1,5", "-2", "−2", " 0.5 mm ", "98", "", "hai", "1,5,2", "NaN")}
    assert list(read.values()) == [1.5, -2, -2, 0.5, 98, None, None, None, None]
    assert read_offsets(t, {"right_mm": "1,5", "down_mm": "", "ruler_mm": "98"}) == (PrinterOffsets(1.5, 0, 98), "")
    assert read_offsets(t, {"right_mm": "abc"}) == (None, "Hình lệch sang phải (mm): ghi một số, ví dụ 1,5.")
    offsets, said = read_offsets(t, {"ruler_mm": "50"})
    assert (offsets, said) == (None, "Thước 100 mm trên tờ in dài bao nhiêu mm?: ghi từ 91 đến 111.")


def test_faults_of_a_list_are_said_before_anybody_is_asked() -> None:
    assert faults_of(t, []) == ["Anh/chị ghi họ tên, mỗi dòng một người."]
    twice = read_names("Lê Văn Tư\nVũ Thị Lan\nlê văn tư")
    assert faults_of(t, twice) == ["Dòng 3, lê văn tư: trùng với dòng 1."]
    assert faults_of(t, read_names("a" * 121)) == ["Dòng 1 dài quá, có lẽ là nhiều người."]
    assert faults_of(t, [(number, f"Lê Văn {number}") for number in range(1, 52)]) != []
    assert faults_of(t, read_names("Lê Văn Tư\nVũ Thị Lan")) == []
    assert first_few(t, ["một", "hai"]) == "một\nhai"
    assert first_few(t, list("abcdef")) == "a\nb\nc\nd\nVà 2 dòng khác."
    assert fault_of_line(t, twice, FieldProblem(pointer="/names", detail="Danh sách dài quá.")) == "Danh sách dài quá."


def test_how_many_cards_will_be_drawn_is_known_before(device: VillageOnDevice) -> None:
    for serial in range(1, 13):
        state = "revoked" if serial == 3 else "issued"
        device.receive("card", an_id(), {"code": "x", "state": state, "serial": serial})
    device.receive("card", an_id(), {"code": "x", "state": "issued", "serial": None})
    with device.database.read() as session:
        assert count_cards_to_print(session, VILLAGE, None) == 11
        assert count_cards_to_print(session, VILLAGE, {1, 2, 3, 99}) == 2
