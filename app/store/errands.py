"""What is to be done first in a village: what its team was asked for, and what the person here has chosen."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlmodel import Session, col, delete

from app.store.doors import find_present_criteria, list_doors
from app.store.rows import SettingRow
from app.store.stream import list_subjects
from app.store.sync_state import find_setting, save_setting
from survey.criteria import Criterion
from survey.records import Errand

_CHOSEN = "doors_first:"


@dataclass(frozen=True)
class ErrandHere:
    """An errand of a village with the households that are left of it: those where a visit can bring its criterion
    further, most people without it first. `is_own` is what the person chose on this device."""

    village: str
    criterion: Criterion
    errand: Errand
    households: tuple[str, ...]
    is_own: bool = False


def list_errands(session: Session, villages: Iterable[str]) -> list[ErrandHere]:
    """The villages' errands with the doors left, this device's waiting visits counted. Errands that are done, or of a
    criterion that this program does not know, are left out."""
    villages = list(villages)
    given = [
        (village, Errand.model_validate(body), False)
        for village, _, _, body in list_subjects(session, "errand", villages)
    ]
    chosen = [(village, find_chosen_criterion(session, village)) for village in villages]
    given += [(village, Errand(criterion=no), True) for village, no in chosen if no]
    if not given:
        return []
    year, criteria = find_present_criteria(session)
    found = []
    for village, errand, is_own in given:
        criterion = criteria.get(errand.criterion or "")
        doors = list_doors(session, village, criterion, year) if criterion else []
        if criterion and doors:
            found.append(ErrandHere(village, criterion, errand, tuple(door.household for door in doors), is_own))
    return found


def find_chosen_criterion(session: Session, village: str) -> str | None:
    """The number of the criterion whose doors the person goes to first here; None if they chose none."""
    return find_setting(session, _CHOSEN + village)


def save_chosen_criterion(session: Session, village: str, no: str | None) -> None:
    if no:
        save_setting(session, _CHOSEN + village, no)
    else:
        session.exec(delete(SettingRow).where(col(SettingRow.key) == _CHOSEN + village))
