"""A file of the app counts once its bytes are those that were built."""

import shutil
from pathlib import Path

import pytest

from tests.browser.offline_phone import Phone

pytestmark = pytest.mark.browser


def test_a_file_that_came_damaged_is_not_kept(new_phone: Phone, web: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt"
    shutil.copytree(web, spoilt)
    for copy in spoilt.glob("code-*/app.pack*"):
        if copy.suffix == ".pack":
            copy.write_bytes(copy.read_bytes()[:-10])
        else:
            copy.unlink()
    new_phone.serve(spoilt)
    page = new_phone.open(wait=False)
    page.get_by_role("heading", name="Chưa tải xong ứng dụng").wait_for(timeout=90_000)
    new_phone.serve(web)
    page.get_by_role("button", name="Thử lại").click()
    page.wait_for_selector("#splash", state="detached", timeout=60_000)
    new_phone.stop_server()
    page.reload()
    page.wait_for_selector("#splash", state="detached", timeout=60_000)
