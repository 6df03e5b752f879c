"""Every answer of the whole site tells a browser how little it may do with it."""

import httpx
import pytest

from tests.browser.site import Site

pytestmark = pytest.mark.browser
PATHS = (
    "/",
    "/app/",
    "/app/nothing",
    "/hosted/",
    "/office/",
    "/office/nothing",
    "/healthz",
    "/problems/not-found",
    "/nothing",
)


def test_no_answer_goes_without_its_headers(site: Site) -> None:
    for path in PATHS:
        answer = httpx.get(f"http://127.0.0.1:{site.port}{path}")
        assert answer.headers["x-content-type-options"] == "nosniff", path
        # From the office a form must say where it comes from.
        wanted = {"no-referrer", "same-origin"} if path in {"/", "/office/", "/office/nothing"} else {"no-referrer"}
        assert answer.headers["referrer-policy"] in wanted, path
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy or "default-src 'self'" in policy, path
        assert "http" not in policy, "no other origin may be asked for anything"


def test_a_page_that_the_browser_keeps_keeps_its_policy(site: Site) -> None:
    page = f"http://127.0.0.1:{site.port}/app/"
    first = httpx.get(page)
    again = httpx.get(page, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    policy = again.headers.get("content-security-policy", first.headers["content-security-policy"])
    assert policy == first.headers["content-security-policy"], "a browser takes over the headers of this answer"
