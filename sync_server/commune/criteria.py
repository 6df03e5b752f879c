"""The commune's criteria set: trying another one, adapting one, and working with it from now on."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from survey.coverage import CoverageReport
from survey.criteria import CriteriaSet, Criterion, Result, items_in_both
from survey.problem_shapes import FieldProblem
from survey.problems import FIELDS_INVALID
from survey.records import Village
from sync_server.commune.criteria_sets import list_criteria_sets
from sync_server.commune.criteria_sheet import read_sheet
from sync_server.commune.setup import the_commune
from sync_server.coverage import count_again, refresh_coverage
from sync_server.ids import new_id
from sync_server.problems import Problem
from sync_server.publish import Subject, publish
from sync_server.store.attestations import delete_attestations, list_attestations
from sync_server.store.communes import (
    find_criteria_set,
    list_kept_sets,
    list_rounds,
    mark_adopted,
    save_criteria_set,
    save_round,
)
from sync_server.store.database import Session
from sync_server.store.villages import list_villages

_SHARES = {
    "min_share": "Tỷ lệ hộ phải khảo sát: từ 0 đến 100 %.",
    "most_hidden": "Tỷ lệ được phép chưa biết: từ 0 đến 100 %, hoặc để trống.",
}


@dataclass(frozen=True)
class Weighed:
    """A village whose result another set would change, and the items that it would not meet then."""

    village: Village
    before: Result
    after: Result
    open_items: list[str]


def adapted(
    base: CriteriaSet, commune: str, thresholds: Mapping[str, str], min_share: str, most_hidden: str | None = None
) -> CriteriaSet:
    """The commune's own copy of a set with other thresholds, by item, another share to be surveyed, and another bound
    of what may be hidden (empty for none, None as it is); the set itself where nothing differs. A comma is a decimal
    comma. Raises `Problem` fields-invalid, naming the item."""
    changed = {no: text for no, text in ((no, _decimal(text)) for no, text in thresholds.items()) if text}
    criteria, errors = [], []
    for item in base.criteria:
        try:
            criteria.append(_with_threshold(item, changed.get(item.no)))
        except ValidationError:
            errors.append(FieldProblem(pointer=f"/threshold/{item.no}", detail=f"Mục {item.no}: ngưỡng không đúng."))
    shares = {
        "min_share": _decimal(min_share) or base.min_share,
        "most_hidden": base.most_hidden if most_hidden is None else _decimal(most_hidden) or None,
    }
    errors += [
        FieldProblem(pointer=f"/{name}", detail=_SHARES[name])
        for name, text in shares.items()
        if text is not None and not _is_percentage(text)
    ]
    if errors:
        raise Problem(FIELDS_INVALID, errors=errors, detail=" ".join(one.detail for one in errors))
    made = CriteriaSet.model_validate(base.model_dump() | {"criteria": criteria, **shares})
    if made == base:
        return base
    title = base.title if base.code.endswith(f"-{commune}") else f"{base.title}, xã điều chỉnh"
    code = base.code if base.code.endswith(f"-{commune}") else f"{base.code}-{commune}"
    return made.model_copy(update={"code": code, "title": title})


def choices(session: Session, commune: str) -> list[CriteriaSet]:
    """The sets that the commune can choose: the one that it works with first, then its own others, then the documented
    ones that it has no copy of."""
    present = find_criteria_set(session, commune)
    kept = [one for one in list_kept_sets(session, commune) if one.code != present.code]
    known = {present.code, *(one.code for one in kept)}
    return [present, *kept, *(one for one in list_criteria_sets() if one.code not in known)]


def take_sheet(session: Session, commune: str, file: Path, now: datetime) -> CriteriaSet:
    """Keep the set of a filled-in workbook as one of the commune's own, to be looked at: it does not count yet.

    Raises `Problem` commune-not-open, list-unreadable or criteria-sheet-unreadable."""
    the_commune(session, commune)
    made = read_sheet(file, f"rieng-{new_id(now)[:13]}-{commune}")
    same = (one for one in choices(session, commune) if made == one.model_copy(update={"code": made.code}))
    if known := next(same, None):
        return known
    save_criteria_set(session, commune, made)
    return made


def weigh(session: Session, commune: str, candidate: CriteriaSet, now: datetime) -> list[Weighed]:
    """What the set would change: every village whose result would be another one. Nothing is written."""
    the_commune(session, commune)
    villages = {one.id for one in list_villages(session, commune)}
    before = {one.village.id: one for one in count_again(session, commune, villages, now)}
    after = count_again(session, commune, villages, now, candidate)
    return [
        Weighed(one.village, before[one.village.id].result, one.result, _open(one))
        for one in after
        if one.result is not before[one.village.id].result
    ]


def adopt_criteria_set(session: Session, commune: str, adopted: CriteriaSet, now: datetime) -> None:
    """Work with the set from now on: every village is counted anew, and phones ask its questions in the present round.

    What was attested of items that the set does not have is forgotten. Raises `Problem` commune-not-open.
    """
    the_commune(session, commune)
    present = find_criteria_set(session, commune)
    villages = [one.id for one in list_villages(session, commune)]
    latest = list_rounds(session, commune)[0].model_copy(update={"criteria_set": adopted.code})
    stay = items_in_both(present, adopted)
    gone = [one for one in list_attestations(session, commune, villages) if one.criterion not in stay]
    delete_attestations(session, commune, gone)
    save_criteria_set(session, commune, adopted)
    mark_adopted(session, commune, adopted.code)
    save_round(session, commune, latest)
    shared = [
        Subject("criteria_set", adopted.code, adopted.model_dump(mode="json", exclude_none=True)),
        Subject("round", latest.id, latest.model_dump(mode="json")),
    ]
    subjects = {village: list(shared) for village in villages}
    for one in gone:
        subjects[one.village].append(Subject("attestation", one.id, None))
    publish(session, commune, subjects)
    refresh_coverage(session, commune, villages, now)


def _open(report: CoverageReport) -> list[str]:
    return [
        f"{one.no}. {one.title}" for one in report.criteria if one.result in {Result.NOT_MET, Result.NOT_ENOUGH_DATA}
    ]


def _with_threshold(item: Criterion, threshold: str | None) -> Criterion:
    if threshold is None or item.threshold is None or threshold == item.threshold:
        return item
    return Criterion.model_validate(item.model_dump() | {"threshold": threshold})


def _is_percentage(text: str) -> bool:
    return re.fullmatch(r"\d{1,3}(\.\d+)?", text) is not None and float(text) <= 100


def _decimal(text: str) -> str:
    return text.strip().removesuffix("%").strip().replace(",", ".")
