"""What a person does in the form of a visit, by the names that a screen reader says."""

from playwright.sync_api import Page

STILL = 700
"""Milliseconds after an answer until the card has moved on to the next questions: a tap on a moving page is lost."""


def choose(page: Page, question: str, answer: str) -> None:
    page.wait_for_timeout(STILL)
    page.get_by_role("group", name=question).get_by_role("button", name=answer, exact=True).click()


def choose_birth_year(page: Page, year: int) -> None:
    """Two taps: the decade, then the year."""
    page.get_by_role("button", name=f"{year // 10 * 10}–").click()
    page.get_by_role("button", name=str(year), exact=True).click()


def list_family(page: Page, *people: str) -> None:
    """Add each of them by the word for who they are, and say that nobody is left out."""
    for who in people:
        page.get_by_role("button", name=who, exact=True).click()
    page.get_by_role("button", name="Đã đủ").click()
