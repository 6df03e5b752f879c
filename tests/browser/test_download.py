"""A file of the app counts once its bytes are those that were built, and one that was cut goes on where it was."""

import json
import shutil
from pathlib import Path

import brotli
import httpx
import pytest

from tests.browser.offline_phone import Phone
from web.pieces import PIECE

pytestmark = pytest.mark.browser
CUT = 900_000
PIECES = """(async () => { const found = []; for (const name of await caches.keys())
    for (const { url } of await (await caches.open(name)).keys())
        if (url.includes('?piece=')) found.push(url.slice(location.origin.length)); return found; })()"""


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


def test_over_a_line_that_is_always_cut_the_app_comes_piece_by_piece(new_phone: Phone, web: Path) -> None:
    new_phone.serve(web, cuts=CUT)
    page = new_phone.open()
    asked = page.evaluate("fetch('/asked').then(reply => reply.json())")
    sizes = json.loads((web / "files.json").read_text("utf-8"))["files"]
    cut = {f"/app/{name}" for name in sizes if sizes[name]["br"] > CUT and f"/app/{name}" in asked}
    assert {address.rpartition("/")[2] for address in cut} >= {"packages.pack", "main.dart.wasm", "pyodide.asm.wasm"}
    pieces = {address for address in asked if "?piece=" in address}
    assert {address.partition("?")[0] for address in pieces} == cut
    assert not any(address.endswith("?piece=0") for address in pieces), (
        "what came before the cut is not asked for again"
    )
    assert {asked[address] for address in cut | pieces} == {1}
    assert page.evaluate(PIECES) == [], "the pieces have become files"

    new_phone.stop_server()
    page.reload()
    page.wait_for_selector("#splash", state="detached", timeout=60_000)


def test_pieces_of_a_wrong_file_are_forgotten(new_phone: Phone, web: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong"
    shutil.copytree(web, wrong)
    [pack] = wrong.glob("py-*/packages.pack")
    changed = bytearray(pack.read_bytes())
    changed[-100] ^= 1
    pack.write_bytes(changed)
    pack.with_name("packages.pack.br").write_bytes(brotli.compress(bytes(changed), quality=5))
    new_phone.serve(wrong, cuts=CUT)
    page = new_phone.open(wait=False)
    last = f"packages.pack?piece={len(changed) // PIECE}"
    for _ in range(300):
        if any(address.endswith(last) for address in page.evaluate("fetch('/asked').then(reply => reply.json())")):
            break
        page.wait_for_timeout(200)
    page.wait_for_timeout(2000)
    new_phone.serve(web, cuts=CUT)
    try_again = page.get_by_role("button", name="Thử lại")
    page.locator("#splash").or_(try_again).first.wait_for(state="attached")
    if try_again.is_visible():
        try_again.click()
    page.wait_for_selector("#splash", state="detached", timeout=90_000)


def test_a_piece_is_compressed_by_itself_and_a_wrong_one_brings_the_whole_file(new_phone: Phone, web: Path) -> None:
    new_phone.serve(web)
    name = next(
        name for name in json.loads((web / "files.json").read_text("utf-8"))["files"] if "packages.pack" in name
    )
    whole = (web / name).read_bytes()
    with httpx.Client(base_url=new_phone.address) as client:
        for encoding in ("br", "gzip"):
            reply = client.get(f"{name}?piece=1", headers={"accept-encoding": encoding})
            assert reply.content == whole[PIECE : 2 * PIECE]
            assert reply.headers["content-encoding"] == encoding
        last = len(whole) // PIECE
        assert client.get(f"{name}?piece={last}").content == whole[last * PIECE :]
        for wrong in (str(last + 1), "-1", "x", "", "9" * 6000):
            assert client.get(f"{name}?piece={wrong}").content == whole
        assert client.get("manifest.json?piece=0").json()["lang"] == "vi"
        assert client.get("%2e%2e/pyproject.toml?piece=0").status_code == 404
