"""A province: its people, who see the communes' sums and nothing below, and its plan against what is reached.

Everything runs in the caller's transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from survey.coverage import CommuneCoverage, CoverageReport, CriterionCoverage, Met, add_up
from survey.problems import PROVINCE_UNKNOWN
from survey.records import Commune, TeamMember
from survey.roles import Role
from survey.vietnamese import clean, collation_key, spelling
from sync_server.commune.places import communes_of, find_province
from sync_server.commune.setup import Invitation, invite_again
from sync_server.coverage import read_coverage
from sync_server.ids import new_id
from sync_server.problems import Problem
from sync_server.store.communes import add_province, find_place, list_communes, list_rounds
from sync_server.store.database import Session
from sync_server.store.members import add_member, count_team_members, list_members, list_villages_with_team
from sync_server.store.provinces import Plan, list_plans, save_plan
from sync_server.store.villages import list_villages
from sync_server.sync.rescue import make_own

_CITIES = frozenset({"Hà Nội", "Hải Phòng", "Huế", "Đà Nẵng", "Hồ Chí Minh", "Cần Thơ"})


@dataclass(frozen=True)
class CommuneLine:
    """A commune as its province sees it. `teams` is how many of its villages have a team, `people` how many members and
    leads work in them."""

    coverage: CommuneCoverage
    teams: int
    people: int
    year: int

    @property
    def has_passed(self) -> bool:
        """Whether a village of it passes: what makes it count for the plan (QĐ 319/QĐ-TTg asks for one)."""
        return self.coverage.passed > 0


@dataclass(frozen=True)
class YearLine:
    """A year's plan and what was reached, of so many communes: None for a year that nobody counted. `counted` says that
    this server did."""

    year: int
    planned: int | None
    reached: int | None
    of: int
    counted: bool


@dataclass(frozen=True)
class SetLine:
    """The sums of all communes that work with one criteria set."""

    title: str
    document: str
    communes: int
    criteria: list[CriterionCoverage]


@dataclass(frozen=True)
class ProvinceReport:
    """The communes of a province that work with this server, `of` how many there are, and their sums."""

    communes: list[CommuneLine]
    of: int
    years: list[YearLine]
    sets: list[SetLine]

    @property
    def met(self) -> Met:
        return sum((line.coverage.met for line in self.communes), Met())


def open_province(session: Session, code: str, now: datetime) -> Commune:
    """The province of this official 2-digit code, open for its people. Raises `Problem` province-unknown."""
    found = find_province(code)
    if found is None:
        raise Problem(PROVINCE_UNKNOWN)
    kind = "thành phố" if found.name in _CITIES else "tỉnh"
    province = Commune(code=found.code, name=found.name, kind=kind)
    if find_place(session, province.code) is None:
        add_province(session, province, make_own(now), now)
    return province


def invite_viewer(
    session: Session, code: str, name: str, now: datetime, *, public_url: str, code_days: int = 14
) -> Invitation:
    """A one-time code for somebody of the province, a new person or one more browser of a known one.

    Raises `Problem` province-unknown.
    """
    province = open_province(session, code, now)
    known = next((one for one in list_members(session, province.code) if spelling(one.name) == spelling(name)), None)
    member = known or TeamMember(id=new_id(now), name=clean(name), role=Role.PROVINCE)
    if known is None:
        add_member(session, province.code, member, [], now)
    return invite_again(session, province.code, member, now, public_url=public_url, code_days=code_days)


def plan_year(session: Session, code: str, plan: Plan, now: datetime) -> Commune:
    """Keep how many communes the province means to bring there in a year. Raises `Problem` province-unknown."""
    province = open_province(session, code, now)
    save_plan(session, province.code, plan)
    return province


def read_province(session: Session, province: str, now: datetime) -> ProvinceReport:
    """What the province's people see."""
    official = communes_of(province)
    present = list_communes(session, [one.code for one in official])
    lines = [_line(session, commune, now) for commune in sorted(present, key=lambda one: collation_key(one.name))]
    return ProvinceReport(
        lines, len(official), _years(list_plans(session, province), lines, len(official)), _sets(lines)
    )


def read_commune(session: Session, province: str, code: str, now: datetime) -> CommuneLine | None:
    """One commune of the province; None if it is not one of them, or does not work with this server."""
    wanted = {one.code for one in communes_of(province)} & {code}
    found = list_communes(session, wanted)
    return _line(session, found[0], now) if found else None


def _line(session: Session, commune: Commune, now: datetime) -> CommuneLine:
    villages = [one.id for one in list_villages(session, commune.code)]
    return CommuneLine(
        read_coverage(session, commune, villages, now),
        len(list_villages_with_team(session, commune.code, villages)),
        count_team_members(session, commune.code),
        list_rounds(session, commune.code)[0].reference_year,
    )


def _years(plans: Iterable[Plan], lines: Iterable[CommuneLine], of: int) -> list[YearLine]:
    """The years that have a plan, and those that communes are surveyed for now. What somebody said was reached stands
    for a year whose communes have gone on to the next."""
    planned = {plan.year: plan for plan in plans}
    present: dict[int, int] = {}
    for line in lines:
        present[line.year] = present.get(line.year, 0) + line.has_passed
    years = []
    for year in sorted(planned.keys() | present.keys()):
        plan, is_counted = planned.get(year), year in present
        said = plan.reached if plan else None
        reached = present[year] if is_counted and said is None else said
        there = plan.communes if plan and plan.communes else of
        years.append(YearLine(year, plan.planned if plan else None, reached, there, is_counted and said is None))
    return years


def _sets(lines: Iterable[CommuneLine]) -> list[SetLine]:
    of_set: dict[str, list[CommuneCoverage]] = {}
    for line in lines:
        of_set.setdefault(line.coverage.criteria_set.code, []).append(line.coverage)
    made = []
    for same in of_set.values():
        reports: list[CoverageReport] = [report for one in same for report in one.villages]
        name = same[0].criteria_set
        made.append(SetLine(name.title, name.document, len(same), add_up(reports)))
    return made
