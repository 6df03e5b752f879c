"""Codes that move a sign-in: eight consonants that no keyboard changes, never taken for a card's code."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.card_code import grouped, read_code
from survey.transfer_code import LENGTH, LETTERS, make_transfer_code, read_sign_in_code, read_transfer_code
from survey.transfer_code import wrong_sign_in_code as wrong
from survey.vietnamese_typing import without_vietnamese_typing


@st.composite
def choosers(draw: st.DrawFn) -> Callable[[str], str]:
    places = iter(draw(st.lists(st.integers(0, 999), min_size=LENGTH, max_size=LENGTH)))
    return lambda letters: letters[next(places) % len(letters)]


@given(choosers())
def test_a_code_is_read_back_however_it_is_typed(choose: Callable[[str], str]) -> None:
    code = make_transfer_code(choose)
    assert set(code) <= set(LETTERS)
    for typed in (code, grouped(code), code.lower(), f" {grouped(code).lower()} ", code[:3] + " " + code[3:]):
        assert read_transfer_code(typed) == read_sign_in_code(typed) == code
    assert read_sign_in_code(f"https://xa.example.vn/app/#/enroll/{grouped(code)}") == code
    assert read_code(code) is None


@given(choosers())
def test_a_vietnamese_keyboard_leaves_a_new_code_as_it_is(choose: Callable[[str], str]) -> None:
    code = make_transfer_code(choose)
    assert set(without_vietnamese_typing(code)) <= {code}


@pytest.mark.parametrize("typed", ["", "BCDF-GHJ", "BCDF-GHJKL", "BCDF-GHJA", "BCDF-GHJ1", "BCĐF-GHJK"])
def test_anything_else_is_no_code(typed: str) -> None:
    assert read_sign_in_code(typed) is None


def test_what_is_wrong_with_a_code_is_said_for_the_code_it_looks_like() -> None:
    assert "8 chữ cái. Ở đây có 7" in wrong("BCDF-GHJ").detail
    assert "16 ký tự, ở đây có 15" in wrong("7Q4M-2KXP-AAAA-AAA").detail
