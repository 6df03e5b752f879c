"""What a person does in the form of a visit, by the names that a screen reader says."""

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

STILL = 700
"""Milliseconds after an answer until the card has moved on to the next questions: a tap on a moving page is lost."""
TAPS = 5


def choose(page: Page, question: str, answer: str) -> None:
    """Tap an answer until it is marked, or its question has gone with the card that is complete."""
    group = page.get_by_role("group", name=question)
    expect(group).to_have_count(1)
    button = group.get_by_role("button", name=answer, exact=True)
    for _ in range(TAPS):
        page.wait_for_timeout(STILL)
        if group.count():
            button.click()
        if _comes_true(page, lambda: group.count() == 0 or _is_marked(group, answer)):
            return
    raise AssertionError(f"{answer!r} to {question!r} was not taken")


def _is_marked(group: Locator, answer: str) -> bool:
    return group.locator('[aria-current="true"]', has_text=re.compile(f"^{re.escape(answer)}$")).count() == 1


def _comes_true(page: Page, look: Callable[[], bool], milliseconds: int = 3000) -> bool:
    for _ in range(milliseconds // 100):
        if look():
            return True
        page.wait_for_timeout(100)
    return False


def choose_birth_year(page: Page, year: int) -> None:
    """Two taps: the decade, then the year."""
    page.get_by_role("button", name=f"{year // 10 * 10}–").click()
    page.get_by_role("button", name=str(year), exact=True).click()


def list_family(page: Page, *people: str) -> None:
    """Add each of them by the word for who they are, and say that nobody is left out."""
    for who in people:
        page.get_by_role("button", name=who, exact=True).click()
    page.get_by_role("button", name="Đã đủ").click()


def save_visit(page: Page) -> None:
    """Tap “Lưu phiếu”. Tests answer faster than a family can, so the app asks whether everything was asked."""
    page.get_by_role("button", name="Lưu phiếu", exact=True).click()
    confirm_fast_visit(page)


def confirm_fast_visit(page: Page) -> None:
    """Say that a visit which took only seconds is right."""
    sure = page.get_by_role("button", name="Đúng rồi, lưu phiếu")
    expect(sure).to_be_attached()
    page.wait_for_timeout(STILL)  # the second tap of a fast finger is not taken for an answer
    sure.click()


def settled_name(page: Page, row: Locator) -> str:
    """The row's name, once the search has found all that it finds: until then another row may stand in its place."""
    name, before = "", None
    for _ in range(20):
        expect(row).to_be_attached()
        name, before = row.inner_text() or row.get_attribute("aria-label") or "", name
        if name == before:
            break
        page.wait_for_timeout(700)
    return name
