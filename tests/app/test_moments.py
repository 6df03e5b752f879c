"""Times on the screen are Vietnam's."""

from datetime import UTC, datetime

from app.ui.components.rescue import file_name
from app.ui.moments import day, moment

LAST_MINUTE = datetime(2026, 12, 31, 16, 59, tzinfo=UTC)
NEW_YEAR = datetime(2026, 12, 31, 17, 0, tzinfo=UTC)


def test_the_year_turns_at_midnight_in_vietnam() -> None:
    assert [moment(LAST_MINUTE), moment(NEW_YEAR)] == ["23:59 31/12/2026", "00:00 01/01/2027"]
    assert [day(LAST_MINUTE), day(NEW_YEAR)] == ["31/12/2026", "01/01/2027"]
    assert "31-12-2026" in file_name(LAST_MINUTE)
    assert "01-01-2027" in file_name(NEW_YEAR)
