"""Codes on cards: what slips the check symbol catches, and what keyboards, links and scanners make of a code."""

from itertools import permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from survey.card_code import (
    ALPHABET,
    FEWEST_TYPED,
    LENGTH,
    RANDOM_BYTES,
    commune_of_code,
    grouped,
    make_code,
    make_code_of,
    read_code,
    server_of,
    wrong_code,
)

CODE = make_code(bytes(range(3, 13)))
codes = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES).map(make_code)
_PAIRS = list(permutations(ALPHABET, 2))


def with_check(symbols: str) -> str:
    """The code that begins with these fifteen symbols."""
    bits = sum(ALPHABET.index(symbol) << (5 * place) for place, symbol in enumerate(symbols))
    return make_code(bits.to_bytes(RANDOM_BYTES, "big"))


def code_with(place: int, symbols: str) -> str:
    """A code that has these symbols at the place."""
    if place + len(symbols) <= LENGTH - 1:
        return with_check((CODE[:place] + symbols + CODE[place + len(symbols) :])[: LENGTH - 1])
    free = place - 1  # the check symbol is among them: a symbol before them is chosen so that it comes out
    tries = (CODE[:free] + one + symbols for one in ALPHABET)
    return next(code for code in tries if read_code(code))


def changed(code: str, place: int, symbols: str) -> str:
    return code[:place] + symbols + code[place + len(symbols) :]


@pytest.mark.parametrize("place", range(LENGTH))
def test_no_wrong_symbol_passes(place: int) -> None:
    for right in ALPHABET:
        code = code_with(place, right)
        passed = {wrong for wrong in ALPHABET if read_code(changed(code, place, wrong))}
        assert passed == {right}


@pytest.mark.slow
@pytest.mark.parametrize("place", range(LENGTH - 1))
def test_no_swap_of_neighbours_and_no_twin_passes(place: int) -> None:
    for one, other in _PAIRS:
        assert read_code(changed(code_with(place, one + other), place, other + one)) is None
        assert read_code(changed(code_with(place, one + one), place, other + other)) is None


@pytest.mark.parametrize("place", range(LENGTH - 2))
def test_no_jump_swap_passes(place: int) -> None:
    for one, other in _PAIRS:
        assert read_code(changed(code_with(place, one + "7" + other), place, other + "7" + one)) is None


@given(codes)
def test_links_and_wide_digits_are_read(code: str) -> None:
    for link in (
        f"https://tungnha.example.vn/app/#/c/{code}",
        f"https://tungnha.example.vn/app/#/c/{grouped(code)}?from=zalo",
        f"http://192.168.1.7:8550/app/#/enroll/{grouped(code)}",
        f"  {grouped(code)}\n",
        "".join(chr(ord(letter) + 0xFEE0) for letter in code),
    ):
        assert read_code(link) == code


_TELEX_SHAPES = {"AA": "Â", "EE": "Ê", "AW": "Ă", "DD": "Đ"}
_TONE_MARKS = {"S": "\u0301", "F": "\u0300", "R": "\u0309", "X": "\u0303", "J": "\u0323"}


def telex(word: str) -> str:
    """A simple Telex keyboard: shapes of neighbours, and a tone for the word's last vowel that has none."""
    made: list[str] = []
    for letter in word:
        pair = (made[-1] if made else "") + letter
        vowels = [place for place, one in enumerate(made) if one[0] in "AEYÂÊĂ" and len(one) == 1]
        if pair in _TELEX_SHAPES:
            made[-1] = _TELEX_SHAPES[pair]
        elif letter in _TONE_MARKS and vowels:
            made[vowels[-1]] += _TONE_MARKS[letter]
        else:
            made.append(letter)
    return "".join(made)


@given(codes)
@example("0000EDXD0000000R")
@example("JD0M3WAXEAFX4TC5")
def test_a_code_that_telex_changed_is_put_right_or_the_keyboard_is_named(code: str) -> None:
    typed = "-".join(telex(group) for group in grouped(code).split("-"))
    read = read_code(typed)
    assert read in {code, None}
    if read is None:
        assert "tắt bộ gõ tiếng Việt" in wrong_code(typed).detail


def test_most_codes_that_telex_changed_are_put_right() -> None:
    some = [make_code(number.to_bytes(RANDOM_BYTES, "big") * 1) for number in range(7**25, 7**25 + 400 * 7**19, 7**19)]
    typed = ["-".join(telex(group) for group in grouped(code).split("-")) for code in some]
    touched = [(code, one) for code, one in zip(some, typed, strict=True) if one != grouped(code)]
    right = [code for code, one in touched if read_code(one) == code]
    assert len(touched) > len(some) / 5
    assert len(right) > len(touched) * 0.8


@pytest.mark.parametrize(
    ("typed", "code"),
    [("Á", "A1"), ("á", "A1"), ("Đ", "D9"), ("Ă", "A8"), ("Ê", "E6")],
)
def test_vni_is_undone(typed: str, code: str) -> None:
    whole = grouped(with_check((code + CODE)[: LENGTH - 1]))
    assert grouped(read_code(typed + whole[2:]) or "") == whole


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("7Q4M-2KXP", "Mã có 16 ký tự, ở đây có 8"),
        ("", "ở đây có 0"),
        (CODE[:-1] + "♥", "ở đây có 15"),
        ("Ω" + CODE[1:], "không có ký tự “Ω”"),
        (CODE[1:] + CODE[0], "so lại từng nhóm"),
        ("Nguyễn Văn An", "tắt bộ gõ tiếng Việt"),
    ],
)
def test_what_is_wrong_is_said(typed: str, says: str) -> None:
    assert read_code(typed) is None
    assert says in wrong_code(typed).detail


@given(st.text(alphabet=st.sampled_from("ẤẦẨẪẬĐẰẲẴẶƯÉÈÝ ab1-"), max_size=40))
def test_no_text_takes_long(text: str) -> None:
    assert read_code(text) is None or len(text) >= FEWEST_TYPED


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("https://xa.example.vn/app/#/c/7Q4M", "xa.example.vn"),
        (" HTTP://192.168.1.5:8000/app/#/enroll/7Q4M-2KXP ", "192.168.1.5:8000"),
        ("7Q4M-2KXP-7Q4M-2KXP", ""),
        ("https://example.vn/khac", ""),
    ],
)
def test_a_link_names_its_server(text: str, server: str) -> None:
    assert server_of(text) == server


communes = st.integers(0, 99_999).map("{:05}".format)
provinces = st.integers(0, 99).map("{:02}".format)


@given(st.one_of(communes, provinces), st.binary(min_size=RANDOM_BYTES))
def test_a_code_names_its_commune_or_province(commune, random):
    code = make_code_of(commune, random)
    assert read_code(grouped(code).lower()) == code
    assert commune_of_code(code) == commune


@given(st.binary(min_size=10, max_size=10))
def test_a_code_of_before_names_a_commune_or_none(random):
    named = commune_of_code(make_code(random))
    assert named is None or (named.isdigit() and len(named) in {2, 5})
