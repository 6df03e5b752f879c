"""The table of communes is the official list: 3.321 units of 34 provinces, keyed by code."""

import csv
import unicodedata
from collections import Counter
from pathlib import Path

from survey.records import Commune
from sync_server.commune import places
from sync_server.commune.places import search_communes


def rows() -> list[dict[str, str]]:
    with Path(places.__file__).with_name("places.csv").open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


def test_every_unit_once_by_code_and_clean():
    table = rows()
    codes = [row["code"] for row in table]
    assert codes == sorted(set(codes))
    assert Counter(row["kind"] for row in table) == {"xã": 2621, "phường": 687, "đặc khu": 13}
    assert len({row["province_code"] for row in table}) == len({row["province_name"] for row in table}) == 34
    for row in table:
        assert len(row["code"]) == 5
        assert len(row["province_code"]) == 2
        assert all(value == unicodedata.normalize("NFC", value).strip() and value for value in row.values())


def test_units_whose_kind_the_source_contradicts():
    kinds = {row["code"]: row["kind"] for row in rows()}
    assert [kinds[code] for code in ("10543", "11848", "31213", "31299")] == ["phường", "xã", "phường", "xã"]


def test_nguyet_duc():
    assert places.find_commune("09052") == Commune(code="09052", name="Nguyệt Đức", kind="xã")
    assert places.province_of("09052") == places.find_province("25") == ("25", "Phú Thọ")


def test_places_of_the_reports():
    names = {"18997": "Tuyên Hóa", "07288": "Yên Thế", "14701": "Yên Mô", "09784": "Đan Phượng"}
    assert {code: found.name for code in names if (found := places.find_commune(code))} == names


def test_codes_that_no_unit_carries():
    for code in ("", "9052", "00000", "abc"):
        assert places.find_commune(code) is places.province_of(code) is places.find_province(code) is None


def test_a_commune_is_found_as_people_type_it() -> None:
    assert search_communes("nguyet duc")[0][0].code == "09052"
    assert [one.code for one, _province in search_communes("Nguyệt Đức phú thọ")] == ["09052"]
    tan_tien = search_communes("xã Tân Tiến")
    assert len({province.name for _, province in tan_tien}) >= 5
    assert all(commune.name == "Tân Tiến" for commune, _ in tan_tien[:5])
    assert search_communes("") == []
    assert search_communes("khong co xa nao") == []
