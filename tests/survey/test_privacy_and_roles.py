"""What personal data may be shown, and who may do what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.privacy import holds_long_number, mask_phone
from survey.roles import Action, Role, may


@pytest.mark.parametrize("number", ["+84912345678", "0912345678"])
def test_masked_phone_is_recognised_by_its_owner_only(number):
    assert mask_phone(number) == "09•• ••• •78"


@given(st.from_regex(r"\+84[35789][0-9]{8}", fullmatch=True))
def test_mask_shows_four_digits(number):
    assert sum(letter.isdigit() for letter in mask_phone(number)) == 4


@pytest.mark.parametrize(
    "text",
    ["CCCD 001088123456", "tk 0123 4567 89", "gọi 0912.345.678 nhé", "123456789", "09.12.3456 78", "gọi 912.10.2026.5"],
)
def test_long_numbers_do_not_belong_in_notes(text):
    assert holds_long_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nhà có 4 người, hẹn 20/11/2026",
        "Ngõ 12, số 345",
        "sinh năm 1988 và 1990",
        "Họp 20.11.2026 15 hộ",
        "2-9-2026 10",
    ],
)
def test_ordinary_notes_are_fine(text):
    assert not holds_long_number(text)


def test_every_role_and_action_has_an_answer():
    table = {(role, action): may(role, action) for role in Role for action in Action}
    of_a_commune = set(Role) - {Role.PROVINCE}
    assert all(table[role, Action.SYNC] and table[role, Action.SEE_COVERAGE] for role in of_a_commune)
    assert [action for action in Action if table[Role.PROVINCE, action]] == [Action.SEE_PROVINCE]


def test_only_leads_and_officials_attest():
    assert [may(role, Action.ATTEST) for role in (Role.MEMBER, Role.LEAD, Role.OFFICIAL)] == [False, True, True]


def test_only_officials_see_the_commune():
    assert [role for role in Role if may(role, Action.SEE_COMMUNE)] == [Role.OFFICIAL]


def test_officials_do_not_record_visits():
    assert [role for role in Role if may(role, Action.RECORD_VISIT)] == [Role.MEMBER, Role.LEAD]


def test_only_the_villages_own_team_calls_a_household():
    assert [role for role in Role if may(role, Action.CALL_HOUSEHOLD)] == [Role.MEMBER, Role.LEAD]
