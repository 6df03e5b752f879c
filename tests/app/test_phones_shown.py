"""A household's telephone number is seen by the village's own team, and by nobody else on any screen."""

import pytest

from app.store.differences import DifferingField, OpenDifference
from app.ui.screens.review import difference_card
from app.ui.texts import Texts
from tests.app.test_english import words_of
from tests.builders import NOW, an_id

SHOWN, OTHER = "+84912345678", "+84912999978"


def the_words(*, sees_phones: bool, answered: str | None = None) -> str:
    field = DifferingField("phone", SHOWN, OTHER)
    difference = OpenDifference(
        id=an_id(), village=an_id(), about="household", household=an_id(), head_name="Nguyễn Văn Đức", fields=(field,),
        shown_by="Vũ Thị Lan", shown_at=NOW, other_by="Trần Văn Bình", other_at=NOW, found_at=NOW,
    )  # fmt: skip
    card = difference_card(Texts("vi"), difference, "Đinh Xá", answered, print, {}, sees_phones=sees_phones)
    return "\n".join(words_of(card))


def test_the_team_chooses_between_two_numbers() -> None:
    words = the_words(sees_phones=True)
    assert "0912 345 678" in words
    assert "0912 999 978" in words


@pytest.mark.parametrize("answered", [None, "lần ghi trước"])
def test_others_see_no_number_and_that_the_hidden_digits_differ(answered: str | None) -> None:
    words = the_words(sees_phones=False, answered=answered)
    assert "09•• ••• •78" in words
    assert "khác nhau ở những số bị che" in words
    for digits in ("345", "999", SHOWN, OTHER):
        assert digits not in words
