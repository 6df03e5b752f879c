"""axe-core finds what keeps people out of a page: contrast, names, order. Only for tests; it is never served."""

from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Page

from web.npm import fetch_package, read_file

PACKAGE, VERSION = "axe-core", "4.10.3"
SHA512 = "Xm7bpRXnDSX2YE2YFfBk2FnF0ep6tmG7xPh8iHee8MIcrgq762Nkce856dYtJYLkuIoYZvGfTs/PbZhideTcEg=="


@cache
def _script() -> str:
    archive = fetch_package(PACKAGE, VERSION, SHA512)
    if archive is None:
        pytest.skip("axe-core could not be fetched")
    return read_file(archive, "package/axe.min.js").decode()


def serious_faults(page: Page) -> list[str]:
    """What axe calls serious or critical on the page as it is now, with where."""
    page.evaluate(_script())
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:120]}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]
