"""The commune's recording of the consent is on the phone when there is no network."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Devices
from tests.browser.engines import wait_for
from tests.browser.site import Site
from tests.silence import SILENCE

pytestmark = pytest.mark.browser
KEPT = "caches.open('recordings').then((cache) => cache.keys()).then((kept) => kept.length)"
HEARD = """() => {
  window.heard = [];
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    this.addEventListener("ended", () => window.heard.push("ended"));
    return play.call(this);
  };
}"""


def test_the_consent_is_heard_without_a_network(site: Site, devices: Devices, tmp_path: Path) -> None:
    file = tmp_path / "xin-phep.mp3"
    file.write_bytes(SILENCE)
    site.run("commune", "recording", str(file), "--commune", "09052")
    phone = devices.members_phone()
    page = phone.open_app()
    expect(page.get_by_role("button", name="Chưa gặp").first).to_be_attached()
    wait_for(lambda: page.evaluate(KEPT), "the recording was not fetched")
    phone.close()
    site.stop()

    page = phone.open_app()
    page.evaluate(HEARD)
    page.get_by_role("button", name="Chưa gặp").first.click()
    page.get_by_role("button", name="Bắt đầu khảo sát").click()
    page.get_by_role("button", name="Đọc to").click()
    wait_for(lambda: page.evaluate("window.heard.length"), "nothing was played to its end")
    page.get_by_role("button", name="Gia đình đồng ý").click()
    expect(page.get_by_role("button", name="Chủ hộ")).to_be_attached()
    assert page.evaluate("tungnhaPlace.errors") == []
