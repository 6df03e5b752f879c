"""The list before Python has started: like the app's own, searched as it is, a tap kept until the app is there."""

import re
import unicodedata
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from survey.searching import is_inside, rank_of, search_text, searched
from survey.vietnamese import fold
from tests.browser.conftest import START_MS, Device, Devices, turn_on_names
from tests.browser.site import Site

pytestmark = pytest.mark.browser
LEFT_MS = 3000  # after the last save the list is left within a second
MODULES = "document.querySelector('script[type=module]').src.replace(/[^/]*$/, '')"

QUERIES = [
    *("an", "văn", "van", "vân", "VAN VAN", "văn vân", "nguyen van", "van nguyen", "nguyễn v", "Hòa", "hoà", "hoa"),
    *("nva", "n.v.a", "nt", "h'hen", "hhen", "hen", "ni", "đ", "d", "duc", "Đức", "thi l", "lò thị", "binh", "trưởng"),
    *("xom", "xom 2", "ngo 1 an", "12/3", "3", "2", "zzz", "uye", "oan", "khanh ha", "ấ", "ngõ", ","),
    "thi thu ha xom dinh so 1 2 3 4 5 6 7 8 9",
]
INVENTED = [
    ["H'Hen Niê", "Buôn Kla, 12/3"],
    ["Nguyễn Thị Hoà", "Ngõ 1"],
    ["Lê Hòa", "Xóm 2"],
    ["Trần Thị Hoa", "xóm 12"],
    ["Lê Văn Bình (trưởng thôn)", "Đình"],
    ["Trần Văn An 2", ""],
    ["Nguyễn Văn Vân", "Ngõ 1, xóm Vân"],
    ["Vân Văn Nguyễn", "An"],
    ["Ấu Dương Đức-Ấn", "Xóm N'Trang"],
]


def early(device: Device, site: Site, query: str = "") -> Page:
    """Start the app, as a link of another app may with a query; the list is there and Python is not."""
    page = device.look(f"http://127.0.0.1:{site.port}/app/{query}")
    page.wait_for_selector("#early .lines a", timeout=START_MS)
    assert not page.evaluate("performance.getEntriesByName('tungnha:main').length")
    return page


def wait_for_app(page: Page) -> None:
    page.wait_for_selector("#splash", state="detached", timeout=START_MS)
    turn_on_names(page)


@pytest.fixture
def used(devices: Devices) -> Device:
    """A member's phone that was used and closed: the list lies beside its file."""
    return devices.members_phone()


def words_of(page: Page) -> list[str]:
    return [re.sub(r"\s+", " ", row) for row in page.locator("#early .lines a").all_inner_texts()]


def test_it_is_the_apps_own_list(site: Site, used: Device) -> None:
    site.stop()
    page = early(used, site)
    shown, title = words_of(page)[:5], page.locator("#early h1").inner_text()
    chips = page.locator("#early .chip").all_inner_texts()
    wait_for_app(page)
    expect(page.locator("#early")).to_have_count(0)
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    for words in shown:
        expect(page.get_by_role("button", name=words).first).to_be_visible()
    for words in chips:
        expect(page.get_by_role("checkbox", name=words)).to_be_attached()
    site.start()


@pytest.mark.parametrize("query", ["", "?zarsrc=30"])
def test_a_tap_is_kept_and_opened(site: Site, used: Device, query: str) -> None:
    page = early(used, site, query)
    door = page.locator("#early .lines a").nth(2)
    name = door.locator("strong").inner_text()
    door.click()
    expect(page.locator("#early .opening")).to_contain_text(name)
    assert page.evaluate("performance.getEntriesByName('tungnha:early-list').length"), "the page is the same"
    wait_for_app(page)
    expect(page.get_by_role("heading", name=name)).to_be_visible()
    expect(page.get_by_role("button", name="Bắt đầu khảo sát")).to_be_visible()
    page.get_by_role("button", name="Quay lại").click()
    expect(page.get_by_role("progressbar", name="Đã gặp")).to_be_attached()  # the list, drawn now
    expect(page.get_by_role("button", name=name).first).to_be_visible()


def test_what_is_searched_goes_on_in_the_app(site: Site, used: Device) -> None:
    page = early(used, site)
    page.locator("#early input").fill("nguyen khanh")
    found = words_of(page)
    assert found
    assert all("Khánh" in row for row in found)
    wait_for_app(page)
    expect(page.get_by_text(f"Thấy {len(found)} hộ")).to_be_attached()


def test_the_page_searches_as_the_app_does(site: Site, used: Device) -> None:
    page = early(used, site)
    told: Any = page.evaluate(
        f"""async ([queries, invented]) => {{
        const {{ search }} = await import({MODULES} + "early-search.js"), shelf = await import({MODULES} + "shelf.js");
        const list = JSON.parse(new TextDecoder().decode(await shelf.readBeside()));
        const names = [...list.rows.map(([, , , name, address]) => [name, address]), ...invented];
        const rows = names.map(([name, address], place) => ({{ name, address, place }}));
        return [names, queries.map((typed) => search(rows, typed)?.map(({{ place }}) => place) ?? null)]; }}""",
        [QUERIES, INVENTED],
    )
    texts = [search_text(name, address, None, None) for name, address in told[0]]
    assert len(texts) > 150
    for query, found in zip(QUERIES, told[1], strict=True):
        wanted = searched(query)
        ranks = {place: rank for place, text in enumerate(texts) if (rank := rank_of(wanted, text)) is not None}
        expected = sorted(ranks, key=ranks.__getitem__) or [
            p for p, text in enumerate(texts) if is_inside(wanted, text)
        ]
        assert (found or []) == (expected if wanted.inside else []), query


def test_the_page_folds_as_python_does_and_the_list_goes_with_the_next_save(site: Site, used: Device) -> None:
    page = early(used, site)
    told: dict[str, str] = page.evaluate(f"""async () => {{
        const {{ fold }} = await import({MODULES} + "fold.js");
        const told = {{}};
        for (let code = 33; code < 0x110000; code++) {{
            if (code >= 0xd800 && code < 0xe000) continue;
            const letter = String.fromCodePoint(code), folded = fold("a" + letter + "b");
            if (folded !== "a" + letter + "b") told[letter] = folded;
        }}
        return told; }}""")
    known = [letter for letter in map(chr, range(33, 0x110000)) if unicodedata.category(letter) not in {"Cn", "Cs"}]
    differing = {letter for letter in known if told.get(letter, f"a{letter}b") != fold(f"a{letter}b")}
    assert not differing, sorted(map(ascii, differing))[:20]
    names = ["  NGUYỄN   THỊ Hòa ", "Ðỗ Văn Đức", "H'Hen Niê", "Hoà", "Ƀưn Kƀăm", "Ma\u200bi", "Ngõ 12/3", "ΣΑΣ"]
    folded = page.evaluate(
        f"""async (names) => {{
        const {{ fold }} = await import({MODULES} + "fold.js"); return names.map(fold); }}""",
        names,
    )
    assert folded == [fold(name) for name in names]
    wait_for_app(page)
    page.wait_for_timeout(LEFT_MS)
    sizes: list[Any] = page.evaluate(f"""async () => {{
        const shelf = await import({MODULES} + "shelf.js"), size = async () => (await shelf.readBeside())?.length ?? 0;
        await shelf.keepBeside(new Uint8Array(40000).fill(7));
        const kept = await size();
        await shelf.replace("other.db", new Uint8Array(8));
        return [kept, await size()]; }}""")
    assert sizes == [40000, 0]
