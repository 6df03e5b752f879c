"""English shows English: the criteria that are shipped, numbers, days. Names of people and places stay as they are."""

import re
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import flet as ft
import pytest

import app.ui.texts
import web.texts
from app.store.household_list import ListedHousehold
from app.ui.components.visit_state import visit_state
from app.ui.screens.commune import _summary, _table
from app.ui.screens.enroll_begun import begun_forms
from app.ui.screens.household import people_panel, phone_line
from app.ui.screens.village import report_body
from app.ui.texts import Texts
from survey.bounds import check_bounds
from survey.coverage import CoverageReport, report_commune, report_village
from survey.criteria import CriteriaSet, assess
from survey.problem_shapes import FieldProblem
from survey.questions import wrong_birth_year
from survey.records import Departure, HouseholdStatus, LeftResident, Outcome
from survey.vietnamese import has_marks
from tests.builders import (
    NOW,
    YEAR,
    a_commune,
    a_household,
    a_response,
    a_village,
    an_attestation,
    an_id,
)
from tests.fold import tally

# Names that stay: of the app, of places, and the numbers of decisions.
NAMES = ("Từng Nhà", "Đinh Xá", "Ninh Bình", "Phú Yên", "Thanh Hóa", "Vĩnh Phúc", "Hòa Đồng", "Tây Hòa", "Nguyệt Đức")
SETS = [
    CriteriaSet.model_validate_json(file.read_text(encoding="utf-8"))
    for file in sorted(
        (file for file in (files("survey") / "criteria_sets").iterdir() if file.name.endswith(".json")),
        key=lambda file: file.name,
    )
]


@pytest.fixture
def english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Texts:
    """The English catalogue as it stands in the source."""
    shutil.copytree(web.texts.LOCALE, tmp_path / "locale", ignore=shutil.ignore_patterns("*.mo"))
    monkeypatch.setattr(web.texts, "LOCALE", tmp_path / "locale")
    monkeypatch.setattr(app.ui.texts, "files", lambda _package: tmp_path)
    web.texts.compile_catalogues()
    return Texts("en")


def is_english(text: str) -> bool:
    """Whether no Vietnamese letter is left, apart from names, and from what is quoted as it is printed elsewhere."""
    for name in NAMES:
        text = text.replace(name, "")
    return not has_marks(re.sub(r"“[^”]*”|QĐ-UBND", "", text).replace("•", ""))


def words_of(control: Any) -> list[str]:
    """Every text of a control and of the controls in it, tooltips and labels for screen readers too."""
    found = [control.value] if isinstance(control, ft.Text) else []
    said = [
        getattr(control, name, None) for name in ("content", "label", "semantics_label", "tooltip", "title", "subtitle")
    ]
    found += [text for text in said if isinstance(text, str)]
    inner = [getattr(control, name, None) for name in ("content", "icon", "title", "subtitle")]
    for one in [*(getattr(control, "controls", None) or []), *inner]:
        if isinstance(one, ft.Control):
            found += words_of(one)
    return found


def a_report(criteria_set: CriteriaSet, households: int) -> CoverageReport:
    village = [(an_id(), a_household(response=a_response(), visited_at=NOW)) for _ in range(households)]
    counted = tally([one for _, one in village], criteria_set.measures(), YEAR)
    attested = {one.no: an_attestation(one.no) for one in criteria_set.criteria if one.source == "attested"}
    return report_village(a_village("Đinh Xá"), criteria_set, counted, assess(criteria_set, counted, attested), NOW)


def test_no_translation_is_vietnamese() -> None:
    english = {message.id: message.string for message in web.texts.read_catalogue("en") if message.id}
    assert {text: shown for text, shown in english.items() if not is_english(shown)} == {}


@pytest.mark.parametrize("criteria_set", SETS, ids=lambda one: one.code)
@pytest.mark.parametrize("households", [0, 3])
def test_results_are_english(english: Texts, criteria_set: CriteriaSet, households: int) -> None:
    report = a_report(criteria_set, households)
    coverage = report_commune(a_commune(), criteria_set, [report], NOW)
    controls = [
        *report_body(english, report, with_doors=True),
        _summary(english, coverage, stacked=False),
        _table(english, coverage, 1),
    ]
    shown = [text for control in controls for text in words_of(control)]
    assert len(shown) > 20
    assert [text for text in shown if not is_english(text)] == []
    assert not any("22/11/2026" in text for text in shown)
    assert any("10:04, 22 Nov 2026" in text for text in shown)


def test_a_communes_own_set_stays_as_it_was_written(english: Texts) -> None:
    own = SETS[0].model_copy(update={"title": "Tiêu chí riêng của xã"})
    coverage = report_commune(a_commune(), own, [a_report(own, 1)], NOW)
    assert "Tiêu chí riêng của xã" in words_of(_summary(english, coverage, stacked=False))


def test_a_household_is_english(english: Texts) -> None:
    gone = LeftResident(id=an_id(), relation="spouse", birth_year=1961, sex="f", reason=Departure.DIED)
    household = a_household(response=a_response(left=[gone]), visited_at=NOW, visited_by="Lan")
    assert words_of(people_panel(english, household))[1] == "Has died: Wife, born 1961 (recorded by Lan, 22 Nov 2026)"
    listed = ListedHousehold(
        id=an_id(), village_id=an_id(), head_name="Lan", address="", alley="", number=None,
        status=HouseholdStatus.ACTIVE, outcome=Outcome.COMPLETED, visited_at=NOW, visited_by="Lan", waiting=0, to_fix=0,
        has_draft=False,
    )  # fmt: skip
    assert "22 Nov 2026" in visit_state(english, listed)[1]
    assert is_english(visit_state(english, listed)[1])
    assert begun_forms(english, [], "", None, print, print, print) == []


def test_the_own_team_dials_with_one_tap_and_others_see_a_mask() -> None:
    t = Texts("vi")
    [button] = phone_line(t, "+84912345678", may_call=True).controls  # type: ignore[attr-defined]
    assert (button.content, button.url.url) == ("Gọi 0912 345 678", "tel:+84912345678")
    assert button.style.padding.top >= 16  # with a line of words at least 48 px, and more where they have grown
    masked = phone_line(t, "+84912345678", may_call=False)
    assert words_of(masked) == ["Điện thoại: 09•• ••• •78"]


@pytest.mark.parametrize("year", [1899, 2027])
def test_a_refusal_with_a_value_is_english(english: Texts, year: int) -> None:
    said = english.problem(wrong_birth_year("/birth_year", year, 2026))
    assert str(year) in said
    assert is_english(said)
    assert is_english(english.problem(check_bounds({"big": "x" * 70_000})[0]))


def test_a_refusal_that_came_from_the_server_is_said_in_the_language_of_the_phone(english: Texts) -> None:
    sent = wrong_birth_year("/birth_year", 2027, 2026).model_dump_json()
    assert english.problem(FieldProblem.model_validate_json(sent)).startswith("Birth year 2027")
    assert Texts("vi").problem(FieldProblem.model_validate_json(sent)).startswith("Năm sinh 2027 không đúng")
