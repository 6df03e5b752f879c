"""Times on the screen are Vietnam's, in the reader's own form."""

from datetime import UTC, datetime
from fractions import Fraction

from app.ui.components.rescue import file_name
from app.ui.texts import Texts

LAST_MINUTE = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)


def test_the_year_turns_at_midnight_in_vietnam() -> None:
    vi, en = Texts("vi"), Texts("en")
    assert [vi.moment(LAST_MINUTE), vi.moment(NEW_YEAR)] == ["23:59 31/12/2026", "00:00 01/01/2027"]
    assert [vi.day(LAST_MINUTE), vi.day(NEW_YEAR)] == ["31/12/2026", "01/01/2027"]
    assert [en.moment(LAST_MINUTE), en.day(NEW_YEAR)] == ["23:59, 31 Dec 2026", "1 Jan 2027"]
    assert "31-12-2026" in file_name(LAST_MINUTE)
    assert "01-01-2027" in file_name(NEW_YEAR)


def test_numbers_are_those_of_the_language() -> None:
    vi, en = Texts("vi"), Texts("en")
    assert [vi.number(89981), en.number(89981)] == ["89.981", "89,981"]
    assert [vi.percent(Fraction(771, 1000)), en.percent(Fraction(771, 1000))] == ["77,1\u00a0%", "77.1%"]
    assert [vi.decimal("99.5"), en.decimal("99.5")] == ["99,5", "99.5"]
