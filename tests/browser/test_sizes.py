"""Large letters, 200 % zoom, the phone on its side: nothing of the app is cut, everything can be reached."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Devices
from tests.browser.site import Site
from tests.pace import LONG

pytestmark = pytest.mark.browser
A_MOMENT_MS = 1200
SIZES = {
    "ordinary": (390, 844, 100),
    "large letters": (390, 844, 200),
    "zoomed": (195, 422, 100),
    "on its side": (844, 390, 100),
}
LOST = """() => {
  // No text of the app is smaller: what does not fit at this size is cut, or its words are broken.
  const smallest = 12 * parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  pen.font = `${smallest}px Roboto, sans-serif`;
  const wide = (words) => pen.measureText(words).width * 0.9; // other typefaces are wider
  const drawn = new Set(["progressbar", "img", "group"]); // their label is said and not seen
  const whole = { top: -2, bottom: innerHeight + 2 };
  const scrolls = (node) => {
    for (let at = node.parentElement; at; at = at.parentElement) {
      if (getComputedStyle(at).overflowY === "scroll") return at.getBoundingClientRect();
    }
    return whole;
  };
  const lost = [];
  for (const node of document.querySelectorAll("flt-semantics")) {
    const role = node.getAttribute("role");
    const words = (node.getAttribute("aria-label") ?? (node.children.length ? "" : node.textContent)).trim();
    const box = node.getBoundingClientRect();
    const isSeen = box.width && box.height && box.bottom > 2 && box.top < innerHeight - 2;
    if (!isSeen || drawn.has(role) || !(words || role === "button")) continue;
    const where = [box.left, box.top, box.width, box.height].map(Math.round);
    const say = (what) => lost.push(`${what}: “${words.slice(0, 50)}” ${where}`);
    if (box.left < -1 || box.right > innerWidth + 1) say("outside");
    const edge = scrolls(node);
    const isWhole = box.top > edge.top + 1 && box.bottom < edge.bottom - 1;
    const isIcon = box.width < 50 && box.height < 50;
    if (!isWhole || isIcon || node.parentElement.closest("[role=button]")) continue;
    if (role === "button" && (box.height < 47 || box.width < 47)) say("too small to hit");
    if (Math.max(...words.split(/\\s+/).map(wide)) > box.width + 1) say("a word is broken");
    const lines = Math.max(1, Math.floor((box.height + 1) / (smallest * 1.1)));
    if (wide(words) > lines * box.width) say("cut");
  }
  return lost;
}"""


def set_size(page: Page, size: str) -> None:
    width, height, percent = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("percent => (document.documentElement.style.fontSize = percent + '%')", percent)
    page.evaluate("dispatchEvent(new Event('resize'))")
    page.wait_for_timeout(A_MOMENT_MS)


def screens(page: Page) -> Iterator[str]:
    """Go from screen to screen as a member does."""
    expect(page.get_by_role("button", name="Chưa gặp").first).to_be_attached()
    yield "the list"
    for route in ("results", "device", "device/move", "cards"):
        page.evaluate("route => (location.hash = '/' + route)", route)
        page.wait_for_timeout(A_MOMENT_MS)
        yield route
    page.evaluate("location.hash = '/households'")
    page.get_by_role("button", name="Chưa gặp").first.click()
    expect(page.get_by_role("button", name="Bắt đầu khảo sát")).to_be_attached()
    yield "a household"
    page.get_by_role("button", name="Bắt đầu khảo sát").click()
    expect(page.get_by_role("button", name="Gia đình đồng ý")).to_be_attached()
    yield "consent"
    page.get_by_role("button", name="Gia đình đồng ý").click()
    page.get_by_role("button", name="Chủ hộ").click()
    expect(page.get_by_role("button", name="Đã đủ 1 người")).to_be_attached()
    yield "the family"
    page.get_by_role("button", name="Đã đủ 1 người").click()
    expect(page.get_by_text("Sinh khoảng năm nào?")).to_be_attached()
    yield "a person"


def test_nothing_is_cut_at_any_size(site: Site, devices: Devices) -> None:
    page = devices.members_phone().open_app()
    lost = []
    for name in screens(page):
        for size in SIZES if LONG else ("large letters", "zoomed"):
            set_size(page, size)
            lost += [f"{name}, {size}: {one}" for one in page.evaluate(LOST)]
        set_size(page, "ordinary")
    assert not lost, "\n".join(lost)
    assert page.evaluate("tungnhaPlace.errors") == []


def test_the_size_of_letters_is_chosen_once(site: Site, devices: Devices) -> None:
    phone = devices.members_phone()
    page = phone.open_app()
    expect(page.get_by_role("button", name="Chưa gặp").first).to_be_attached()
    page.get_by_role("tab", name="Máy này").click()
    sizes = page.get_by_role("group", name="Cỡ chữ")
    sizes.get_by_role("button", name="Rất to").click()
    expect(sizes.get_by_role("button", name="Rất to")).to_have_attribute("aria-current", "true")
    assert page.evaluate("document.documentElement.style.fontSize") == "160%"
    page.wait_for_timeout(A_MOMENT_MS)
    phone.close()
    page = phone.open_app("#/device")
    expect(page.get_by_role("group", name="Cỡ chữ")).to_be_attached()
    assert page.evaluate("document.documentElement.style.fontSize") == "160%"
