"""What a member waits for at the door: the real app with 1,200 households and 4,800 residents, tap by tap.

    python -m bench.door [--runs 7]

Milliseconds from the tap until the answer is on the screen: two frames after the names that a screen reader says have
changed to what is waited for. Medians, at full speed and with all of the browser's processes held to a quarter
(stopped 30 of each 40 ms: a throttle of the page alone does not reach Python's worker). "+" is the slowest run.
"""

import argparse
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

from bench.app import VILLAGE, record
from bench.village import serving
from tests.browser.conftest import Device
from tests.browser.site import Site
from tests.browser.slowed import slowed

WATCH = """({ event, there, gone }) => {
  const holds = (words) => [...document.querySelectorAll("flt-semantics, input")].some((e) =>
    (e.getAttribute("aria-label") ?? "").includes(words) || [...e.childNodes].some((n) =>
      (n.nodeType === 3 || n.tagName === "SPAN") && n.textContent.includes(words)));
  globalThis.took = null;
  addEventListener(event, () => {
    const from = performance.now();
    const look = () => {
      if (holds(there) && !(gone && holds(gone))) requestAnimationFrame(() => requestAnimationFrame(() => {
        globalThis.took = performance.now() - from; }));
      else requestAnimationFrame(look);
    };
    look();
  }, { once: true, capture: true });
}"""


def timed(page: Page, act: Callable[[], None], there: str, gone: str = "", event: str = "pointerdown") -> float:
    """Milliseconds from this event until the words are there, and the others gone."""
    page.evaluate(WATCH, {"event": event, "there": there, "gone": gone})
    act()
    while (took := page.evaluate("globalThis.took")) is None:
        page.wait_for_timeout(50)
    page.wait_for_timeout(400)
    return float(took)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name).first


def one_round(page: Page, took: dict[str, list[float]]) -> None:
    """List, search, household, repeat visit with one answer changed, save, and back to the list."""
    search = page.get_by_label("Tìm chủ hộ")
    search.click()
    page.wait_for_timeout(400)
    search.focus()
    page.wait_for_timeout(1000)  # Flutter listens to the field a moment after it has the focus
    key = timed(page, lambda: page.keyboard.press("n"), "Thấy ", event="keydown")
    took["first letter of a search"].append(key)
    key = timed(page, lambda: page.keyboard.press("g"), "Thấy ", event="keydown")
    took["second letter"].append(key)
    took["the search is cleared"].append(
        timed(page, lambda: button(page, "Xóa chữ tìm").click(), "Chưa xong ", "Xóa chữ tìm")
    )
    took["another part of the list"].append(
        timed(page, lambda: page.get_by_role("checkbox", name="Đã xong").click(), "Đã khảo sát ")
    )
    took["household opens"].append(timed(page, lambda: button(page, "Đã khảo sát").click(), "Khảo sát lại"))
    took["form opens"].append(timed(page, lambda: button(page, "Khảo sát lại").click(), "Gia đình đồng ý"))
    took["the last visit's answers"].append(timed(page, lambda: button(page, "Gia đình đồng ý").click(), "Có thay đổi"))
    took["the form's people"].append(timed(page, lambda: button(page, "Có thay đổi").click(), "Tiếp tục"))
    took["a person opens"].append(timed(page, lambda: button(page, "1. Chủ hộ").click(), "Bỏ người này"))
    took["the house"].append(timed(page, lambda: button(page, "Tiếp tục").click(), "Lưu phiếu"))
    button(page, "Lưu phiếu").click()  # faster than a family can answer: the app asks once more
    took["save"].append(timed(page, lambda: button(page, "Đúng rồi, lưu phiếu").click(), "Đã ghi xong nhà"))
    took["back to the list"].append(
        timed(page, lambda: page.get_by_role("button", name="Quay lại").click(), "Tìm chủ hộ", "Đã ghi xong nhà")
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=7)
    asked = parser.parse_args()
    speeds: dict[str, dict[str, list[float]]] = {"full": defaultdict(list), "quarter": defaultdict(list)}
    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        link_code = record(folder / "server")["unused"]
        with serving(folder / "server") as (port, _pid):
            site = Site(folder / "server", port)
            device = Device(driver, folder / "profile", site, phone=True)
            page = device.sign_in(f"http://127.0.0.1:{port}/app/#/enroll/{link_code}")
            met = page.get_by_role("progressbar", name="Đã gặp 1.200 trên 1.200")
            met.wait_for(state="attached", timeout=120_000)
            page.wait_for_timeout(5000)  # the last page has been drawn
            for speed, took in speeds.items():
                with slowed(str(folder / "profile")) if speed == "quarter" else nullcontext():
                    for _ in range(asked.runs):
                        one_round(page, took)
            device.close()
    print(f"{VILLAGE}: 1,200 households, {asked.runs} runs, ms\n{'':30}{'full':>14}{'quarter':>16}")
    for step in speeds["full"]:
        cells = [f"{statistics.median(took[step]):8.0f} +{max(took[step]):5.0f}" for took in speeds.values()]
        print(f"{step:30}" + "  ".join(cells))


if __name__ == "__main__":
    main()
