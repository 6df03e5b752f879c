"""Where a sign-in link is opened: inside other apps, in private windows, in browsers that lack a part. Nothing is used
up there, and the page says in a sentence where to go."""

import json
from collections.abc import Iterator
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.conftest import PHONE
from tests.browser.installed import ARGUMENTS, find_chromium
from tests.browser.site import Site

pytestmark = pytest.mark.browser

ZALO_ANDROID = (
    "Mozilla/5.0 (Linux; Android 12; SM-A022F Build/SP1A.210812.016;) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/154.0.0.0 Mobile Safari/537.36 Zalo android/260901903 ZaloTheme/light ZaloLanguage/vi"
)
ZALO_IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
    "Zalo iOS/640 ZaloTheme/light ZaloLanguage/vn"
)
FACEBOOK = (
    "Mozilla/5.0 (Linux; Android 13; SM-A145F; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/150.0.0.0 "
    "Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/480.0.0.0;]"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 "
    "Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 13; SM-A145F) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 "
    "Mobile Safari/537.36"
)
NO_FOLDER = "StorageManager.prototype.getDirectory = () => Promise.reject(new DOMException('no', 'SecurityError'))"
NO_SHELF = "Object.defineProperty(globalThis, 'indexedDB', {value: undefined});"
NO_ROOM = "IDBObjectStore.prototype.put = () => { throw new DOMException('', 'QuotaExceededError') }"
FORGETS = "Object.defineProperty(IDBRequest.prototype, 'result', {get: () => undefined});"
NO_WASM = "delete globalThis.WebAssembly"
WASM_REFUSED = "WebAssembly.Module = function () { throw new WebAssembly.CompileError('refused') }"


@pytest.fixture(scope="module")
def chromium(playwright_driver: Playwright) -> Iterator[Browser]:
    browser = playwright_driver.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for all: no code is ever used up here."""
    running = Site(tmp_path_factory.mktemp("places") / "server")
    running.start()
    yield running
    running.stop()


def opened(chromium: Browser, link: str, agent: str, without: str = "") -> tuple[BrowserContext, Page]:
    context = chromium.new_context(user_agent=agent, viewport=PHONE, is_mobile=True, has_touch=True)  # type: ignore[arg-type]
    page = context.new_page()
    if without:
        page.add_init_script(without)
    page.goto(link)
    return context, page


def is_good(site: Site) -> bool:
    """Whether the member's code can still be used, as the server says."""
    body = json.dumps({"code": site.links["member"].rpartition("/")[2]}).encode()
    address = f"http://127.0.0.1:{site.port}/api/v1/enrollments/preview"
    with urlopen(Request(address, body, {"Content-Type": "application/json"})) as answer:
        return bool(json.load(answer)["member"]["name"])


@pytest.mark.parametrize(
    ("agent", "app", "button", "scheme"),
    [
        (ZALO_ANDROID, "Zalo", "Mở bằng trình duyệt", "intent://"),
        (ZALO_IPHONE, "Zalo", "Mở bằng Safari", "x-safari-https://"),
        (FACEBOOK, "Facebook", "Mở bằng trình duyệt", "intent://"),
    ],
)
def test_inside_another_app_the_way_out_is_shown(
    shared: Site, chromium: Browser, agent: str, app: str, button: str, scheme: str
) -> None:
    before, _, fragment = shared.links["member"].partition("#")
    link = f"{before}?zarsrc=31&utm_source=zalo&utm_medium=zalo&utm_campaign=zalo#{fragment}"
    context, page = opened(chromium, link, agent)
    expect(page.get_by_role("heading", name="Mở bằng trình duyệt để làm việc")).to_be_visible()
    expect(page.get_by_text(f"bên trong {app}")).to_be_visible()
    expect(page.get_by_text("Mã đăng nhập chưa dùng, vẫn còn tốt.")).to_be_visible()
    expect(page.get_by_role("img", name=button)).to_be_visible()
    go = page.get_by_role("link", name="Mở bằng trình duyệt").get_attribute("href") or ""
    assert go.startswith(f"{scheme}127.0.0.1:{shared.port}/app/#{fragment}")
    assert "zarsrc" not in page.url
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for control in page.locator("#elsewhere a, #elsewhere button").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 48
    assert not context.service_workers, "nothing was downloaded"
    assert is_good(shared)
    context.close()


def test_an_app_that_refuses_to_let_go_gets_the_picture_and_the_link(shared: Site, chromium: Browser) -> None:
    link = shared.links["member"].replace("/app/", "/app/?out=failed")
    context, page = opened(chromium, link, ZALO_ANDROID, "delete Navigator.prototype.clipboard")
    expect(page.get_by_text("Chưa tự mở được trình duyệt.")).to_be_visible()
    page.get_by_role("button", name="Chép đường dẫn").click()
    assert page.get_by_label("Đường dẫn").input_value() == shared.links["member"]
    page.get_by_role("link", name="Tôi vẫn muốn dùng ở đây").click()
    expect(page.locator("#phase")).to_be_visible()
    assert is_good(shared)
    context.close()


@pytest.mark.parametrize(
    ("agent", "without", "title", "says"),
    [
        (IPHONE, NO_SHELF, "Cửa sổ này không giữ được phiếu", "Cập nhật phần mềm"),
        (IPHONE, NO_FOLDER, "Cửa sổ này không giữ được phiếu", "Riêng tư"),
        (ANDROID, NO_SHELF, "Cửa sổ này không giữ được phiếu", "ẩn danh"),
        (ANDROID, NO_FOLDER, "Cửa sổ này không giữ được phiếu", "Chrome"),
        (ANDROID, NO_ROOM, "Cửa sổ này không giữ được phiếu", "Đóng lại là mất"),
        (ANDROID, FORGETS, "Cửa sổ này không giữ được phiếu", "Đóng lại là mất"),
        (ANDROID, NO_WASM, "Trình duyệt này chưa mở được ứng dụng", "Cập nhật hoặc cài Chrome"),
        (ANDROID, WASM_REFUSED, "Trình duyệt này chưa mở được ứng dụng", "Firefox"),
        (IPHONE, NO_WASM, "Trình duyệt này chưa mở được ứng dụng", "Cập nhật phần mềm"),
        (ANDROID, "delete globalThis.Worker", "Trình duyệt này chưa mở được ứng dụng", "Chrome"),
    ],
)
def test_where_nothing_is_kept_or_something_is_missing_it_says_what_to_do(
    shared: Site, chromium: Browser, agent: str, without: str, title: str, says: str
) -> None:
    context, page = opened(chromium, shared.links["member"], agent, without)
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.locator("#elsewhere")).to_contain_text(says)
    expect(page.get_by_text("Mã đăng nhập chưa dùng, vẫn còn tốt.")).to_be_visible()
    assert not context.service_workers
    assert is_good(shared)
    context.close()


def test_on_an_iphone_the_home_screen_comes_before_the_code(shared: Site, chromium: Browser) -> None:
    context, page = opened(chromium, shared.links["member"], IPHONE)
    expect(page.get_by_role("heading", name="Thêm Từng Nhà vào màn hình chính trước")).to_be_visible()
    expect(page.get_by_role("img", name="Nút Chia sẻ")).to_be_visible()
    code = shared.links["member"].rpartition("/")[2]
    expect(page.locator(".code")).to_have_text(code)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert is_good(shared)
    page.get_by_role("link", name="Dùng ngay trong Safari").click()
    expect(page.locator("#phase")).to_be_visible()
    # The icon has the cookies that Safari had when it was added, and nothing else: the code comes by itself.
    icon = context.new_page()
    icon.add_init_script("Object.defineProperty(navigator, 'standalone', {value: true})")
    icon.goto(shared.links["member"].partition("#")[0])
    assert icon.url.endswith(f"#/enroll/{code}")
    expect(icon.get_by_role("heading", name="Thêm Từng Nhà")).not_to_be_visible()
    context.close()


def test_a_language_that_is_none_does_not_stop_the_start(shared: Site, chromium: Browser) -> None:
    """Flutter throws a RangeError at "C", which some Linux systems say."""
    odd = "Object.defineProperty(navigator, 'languages', {get: () => ['C', 'vi_VN.UTF-8'], configurable: true})"
    context, page = opened(chromium, shared.links["member"], ANDROID, odd)
    assert page.evaluate("[navigator.language, ...navigator.languages]") == ["vi-VN", "vi-VN"]
    assert page.evaluate("tungnhaPlace.errors") == []
    context.close()
