"""Codes that survive fingers and pens, and ids made anywhere."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from survey import card_code, ids
from survey.card_code import ALPHABET, LENGTH, grouped, make_code, read_code
from survey.ids import Id, uuid7
from tests.builders import NOW

codes = st.binary(min_size=card_code.RANDOM_BYTES, max_size=card_code.RANDOM_BYTES).map(make_code)


@given(codes)
def test_code_reads_back_however_it_is_typed(code):
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    for typed in (code, grouped(code), code.lower(), f" {' '.join(code)} ", grouped(code).replace("-", "–")):
        assert read_code(typed) == code
    assert read_code(code.replace("0", "O").replace("1", "l")) == code
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", grouped(code))


@given(codes, st.integers(0, LENGTH - 1))
def test_every_single_wrong_symbol_is_noticed(code, place):
    for wrong in set(ALPHABET) - {code[place]}:
        assert read_code(code[:place] + wrong + code[place + 1 :]) is None


@given(codes, st.integers(0, LENGTH - 2))
def test_every_swap_of_neighbours_is_noticed(code, place):
    one, other = code[place], code[place + 1]
    assume(one != other)
    assert read_code(code[:place] + other + one + code[place + 2 :]) is None


@given(codes)
def test_missing_or_added_symbol_is_noticed(code):
    assert read_code(code[1:]) is read_code(code + "0") is read_code("") is None


@given(st.text())
def test_any_text_is_a_code_or_is_not(text):
    read = read_code(text)
    assert read is None or read_code(read) == read


@given(st.sets(st.binary(min_size=10, max_size=10), min_size=2, max_size=5))
def test_seventy_five_random_bits_are_kept(random):
    assert len({make_code(one) for one in random}) == len({int.from_bytes(one, "big") & (2**75 - 1) for one in random})


instants = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
randoms = st.binary(min_size=ids.RANDOM_BYTES, max_size=ids.RANDOM_BYTES)


@given(instants, randoms)
def test_id_is_a_uuid_of_version_7(at, random):
    made = UUID(uuid7(at, random))
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert abs((made.int >> 80) - at.timestamp() * 1000) <= 1


@given(instants, st.integers(2, 10**9), randoms, randoms)
def test_later_ids_sort_later(at, milliseconds, one, other):
    later = at + timedelta(milliseconds=milliseconds)
    assert uuid7(at, one) < uuid7(later, other)


def test_clock_before_1970_is_no_reason_to_refuse():
    assert uuid7(datetime(1969, 1, 1, tzinfo=UTC), bytes(10)).startswith("00000000-0000-7000-8")


def test_different_random_bytes_make_different_ids():
    assert len({uuid7(NOW, number.to_bytes(10, "big")) for number in range(500)}) == 500


class _Holder(BaseModel):
    id: Id


def test_ids_are_lower_case_text():
    assert _Holder(id="01935000-0000-7000-8000-00000000000A").id == "01935000-0000-7000-8000-00000000000a"
    for wrong in ("", "17", "0193500000007000800000000000000a", "01935000-0000-7000-8000-00000000000g"):
        with pytest.raises(ValidationError):
            _Holder(id=wrong)
