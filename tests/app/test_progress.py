"""One total for a village, wherever it is said: met is surveyed and refused, and who declined is not shown as done."""

import flet as ft
import pytest

from app.store.coverage import find_met, find_report
from app.store.household_list import list_households
from app.ui.components.coverage_lines import met_words
from app.ui.components.visit_state import visit_state
from app.ui.screens.households import _progress, in_short
from app.ui.screens.village import report_body
from app.ui.texts import Texts
from survey.coverage import Met, report_village
from survey.criteria import assess
from survey.records import Household
from tests.app.conftest import VILLAGE, VillageOnDevice
from tests.builders import NOW, YEAR, a_household, a_response, a_village, an_id
from tests.fold import tally

T = Texts("vi")


@pytest.fixture
def village(device: VillageOnDevice) -> list[Household]:
    """Seven households with their report: three surveyed, of whom one is asked again, two declined, two not met."""
    refused = a_response(outcome="refused")
    again = {"at": NOW, "keys": ["has_smartphone"]}
    households = [
        a_household(response=a_response()),
        a_household(response=a_response()),
        a_household(response=a_response(), ask_again=again),
        a_household(response=refused, status="refused"),
        a_household(response=refused, status="refused"),
        a_household(response=a_response(outcome="absent")),
        a_household(),
    ]
    for one in households:
        device.receive("household", an_id(), one.model_dump(mode="json", exclude_none=True))
    criteria_set = device.criteria_set
    counted = tally(households, criteria_set.measures(), YEAR)
    report = report_village(a_village(id=VILLAGE), criteria_set, counted, assess(criteria_set, counted, {}), NOW)
    device.receive("coverage", VILLAGE, report.model_dump(mode="json"))
    return households


def texts(control: ft.Control) -> list[str]:
    """Every text that a control shows."""
    found = [control.value] if isinstance(control, ft.Text) else []
    inside = [*(getattr(control, "controls", None) or []), getattr(control, "content", None)]
    return found + [text for one in inside if isinstance(one, ft.Control) for text in texts(one)]


@pytest.mark.usefixtures("village")
def test_the_list_and_the_result_say_the_same_of_a_village(device: VillageOnDevice) -> None:
    with device.database.read() as session:
        met, report = find_met(session, [VILLAGE]), find_report(session, VILLAGE)
        rows = list_households(session, [VILLAGE])
    assert report is not None
    words = "Đã gặp 5 trên 7 hộ: 3 đã khảo sát, 2 từ chối"
    assert _progress(T, met, 0).semantics_label == words
    assert words in [text for one in report_body(T, report, with_doors=False) for text in texts(one)]
    assert met.visited == report.visited == sum(row.outcome in {"completed", "refused"} for row in rows)


def test_what_waits_is_said_beside_and_not_counted_as_met() -> None:
    words = _progress(T, Met(212, 184, 4), 3).semantics_label
    assert in_short(T, Met(212, 184, 4), 3) == "Đã gặp 188 trên 212 hộ · 3 chờ gửi"
    assert words == "Đã gặp 188 trên 212 hộ: 184 đã khảo sát, 4 từ chối, thêm 3 hộ chờ gửi"


def test_several_villages_are_added_up_and_one_without_a_report_says_nothing(device: VillageOnDevice) -> None:
    with device.database.read() as session:
        assert find_met(session, [VILLAGE]) == Met()
    assert met_words(T, Met(1200, 900, 50) + Met(3, 2)) == "Đã gặp 952 trên 1.203 hộ: 902 đã khảo sát, 50 từ chối"


@pytest.mark.usefixtures("village")
def test_who_declined_was_shown_in_the_colour_of_done(device: VillageOnDevice) -> None:
    with device.database.read() as session:
        rows = {row.outcome: row for row in list_households(session, [VILLAGE]) if not row.ask_again}
    looks = {outcome: visit_state(T, row) for outcome, row in rows.items()}
    done, declined = looks["completed"], looks["refused"]
    assert declined[0] != done[0]
    assert declined[2] == ft.Colors.SECONDARY
    others = [colour for outcome, (_, _, colour) in looks.items() if outcome != "refused"]
    assert ft.Colors.SECONDARY not in others
