"""Coverage reports: how many registered households were surveyed, each criterion's figures, what is missing to pass.

A village's report is the body of its `coverage` row on the stream. A commune's report is the sum of the stored reports;
it never counts households again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pydantic import AwareDatetime

from survey.criteria import Assessment, CriteriaSet, CriterionResult, MissingOf, Result, satisfies
from survey.indicators import Measure
from survey.questions import NO, UNKNOWN
from survey.records import Commune, Household, HouseholdStatus, Outcome, Record, Resident, Village
from survey.tally import Tally


class CriterionCoverage(Record):
    """One criterion's line. The rate is `numerator` / `denominator`; answers counted as `unknown` are in neither.

    Nor are those `away`: about how many there are in homes where nobody was in, nobody would answer, or everybody had
    left since the round began. Together they are what hides behind the rate.
    """

    no: str
    title: str
    kind: Literal["ratio", "boolean", "count"]
    numerator: int | None = None
    denominator: int | None = None
    denominator_name: str
    unknown: int = 0
    away: int = 0
    threshold: str | None = None
    comparator: str = ">="
    result: Result
    missing: int = 0
    missing_of: MissingOf = "items"

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.numerator or 0, self.denominator) if self.denominator else None

    @property
    def hidden(self) -> int:
        """How many may be a no without anybody having written it."""
        return self.unknown + self.away if self.kind == "ratio" else 0

    @property
    def lowest(self) -> Fraction | None:
        """The rate if all that is hidden were a no."""
        return Fraction(self.numerator or 0, self.denominator + self.hidden) if self.denominator else None

    @property
    def is_narrow(self) -> bool:
        """Whether it is met, and would not be if all that is hidden were a no."""
        if self.result is not Result.MET or self.kind != "ratio" or self.lowest is None or not self.hidden:
            return False
        return not satisfies(self.lowest * 100, self.comparator, self.threshold)


@dataclass(frozen=True)
class Met:
    """How many of a list's households were met (`visited`): those that were surveyed and those that declined."""

    registered: int = 0
    surveyed: int = 0
    refused: int = 0

    @property
    def visited(self) -> int:
        return self.surveyed + self.refused

    @property
    def surveyed_share(self) -> Fraction | None:
        return Fraction(self.surveyed, self.registered) if self.registered else None

    def __add__(self, other: "Met") -> "Met":
        return Met(self.registered + other.registered, self.surveyed + other.surveyed, self.refused + other.refused)


class CoverageReport(Record):
    """A village's figures against its criteria set, counted at `as_of` by the server's clock.

    `visited` is surveyed and refused together, `absent` those where the last visit found nobody. Households that moved
    or whose house stands empty are not registered; `left_in_round` counts those of them that a visit or an edit
    reported since the round began, as far as the time is known.
    """

    village: Village
    criteria_set: str
    as_of: AwareDatetime
    registered: int
    visited: int
    surveyed: int
    refused: int
    result: Result
    criteria: list[CriterionCoverage]
    moved: int = 0
    vacant: int = 0
    left_in_round: int = 0
    absent: int = 0

    @property
    def narrow(self) -> list[CriterionCoverage]:
        """The criteria that are met, and would not be if all that is hidden were a no."""
        return [line for line in self.criteria if line.is_narrow]

    @property
    def left(self) -> int:
        """Households that moved, or whose house stands empty."""
        return self.moved + self.vacant

    @property
    def met(self) -> Met:
        return Met(self.registered, self.surveyed, self.refused)


class CriteriaSetName(Record):
    code: str
    title: str
    document: str


class CommuneCoverage(Record):
    """The reports of all villages of a commune, how many villages pass, and the sums per criterion (`totals`)."""

    commune: Commune
    criteria_set: CriteriaSetName
    as_of: AwareDatetime
    passed: int
    total: int
    registered: int
    visited: int
    surveyed: int
    totals: list[CriterionCoverage]
    villages: list[CoverageReport]

    @property
    def met(self) -> Met:
        return sum((report.met for report in self.villages), Met())


def report_village(
    village: Village, criteria_set: CriteriaSet, tally: Tally, assessment: Assessment, as_of: AwareDatetime
) -> CoverageReport:
    """The report of one village from its counts and its assessment."""
    return CoverageReport(
        village=village,
        criteria_set=criteria_set.code,
        as_of=as_of,
        registered=tally.registered,
        visited=tally.visited,
        surveyed=tally.surveyed,
        refused=tally.refused,
        result=assessment.result,
        criteria=[_line(item) for item in assessment.items],
        moved=tally.moved,
        vacant=tally.vacant,
        left_in_round=tally.left_in_round,
        absent=tally.absent,
    )


def _line(item: CriterionResult) -> CriterionCoverage:
    criterion = item.criterion
    return CriterionCoverage(
        no=criterion.no,
        title=criterion.title,
        kind=criterion.kind,
        numerator=item.numerator,
        denominator=item.denominator,
        denominator_name=criterion.denominator_name,
        unknown=item.unknown,
        away=item.away,
        threshold=criterion.threshold,
        comparator=criterion.comparator,
        result=item.result,
        missing=item.missing,
        missing_of=item.missing_of,
    )


def report_commune(
    commune: Commune, criteria_set: CriteriaSet, reports: Iterable[CoverageReport], as_of: AwareDatetime
) -> CommuneCoverage:
    """The commune's report from the villages' stored reports. `as_of` is used only if there are none."""
    reports = list(reports)
    return CommuneCoverage(
        commune=commune,
        criteria_set=CriteriaSetName(code=criteria_set.code, title=criteria_set.title, document=criteria_set.document),
        as_of=max((report.as_of for report in reports), default=as_of),
        passed=sum(report.result is Result.MET for report in reports),
        total=len(reports),
        registered=sum(report.registered for report in reports),
        visited=sum(report.visited for report in reports),
        surveyed=sum(report.surveyed for report in reports),
        totals=add_up(reports),
        villages=reports,
    )


def add_up(reports: list[CoverageReport]) -> list[CriterionCoverage]:
    """Sum reports into one line per criterion: ratios by exact sums, other items by how many villages meet them."""
    lines: dict[str, list[CriterionCoverage]] = {}
    for report in reports:
        for line in report.criteria:
            lines.setdefault(line.no, []).append(line)
    totals = []
    for same in lines.values():
        first, met = same[0], sum(line.result is Result.MET for line in same)
        applicable = [line for line in same if line.result is not Result.NOT_APPLICABLE]
        ratio = first.kind == "ratio"
        sums = {
            "numerator": sum(line.numerator or 0 for line in same) if ratio else met,
            "denominator": sum(line.denominator or 0 for line in same) if ratio else len(applicable),
            "denominator_name": first.denominator_name if ratio else "thôn",
            "unknown": sum(line.unknown for line in same),
            "away": sum(line.away for line in same),
            **_missing(same),
            "result": _joint([line.result for line in applicable]),
        }
        totals.append(first.model_copy(update=sums))
    return totals


def _missing(lines: list[CriterionCoverage]) -> dict[str, object]:
    """What several villages still need for one criterion, in one unit. Lines that are not met come first; households
    that must still be surveyed are not added to people who must become a yes."""
    still_open = [line for line in lines if line.missing]
    counted = [line for line in still_open if line.result is Result.NOT_MET] or still_open
    if not counted:
        return {"missing": 0}
    unit = counted[0].missing_of
    return {"missing": sum(line.missing for line in counted if line.missing_of == unit), "missing_of": unit}


def _joint(results: list[Result]) -> Result:
    if not results:
        return Result.NOT_APPLICABLE
    if Result.NOT_MET in results:
        return Result.NOT_MET
    return Result.NOT_ENOUGH_DATA if Result.NOT_ENOUGH_DATA in results else Result.MET


@dataclass(frozen=True)
class Missing:
    """What one criterion still needs: `count` more residents, households, businesses or items (`of`)."""

    no: str
    title: str
    count: int
    of: MissingOf
    result: Result


def shortfall(report: CoverageReport) -> list[Missing]:
    """What each criterion that is not met, or lacks data, still needs: the smallest count first, equal counts in the
    document's order. Empty if every applicable criterion is met."""
    open_lines = [line for line in report.criteria if line.result in {Result.NOT_MET, Result.NOT_ENOUGH_DATA}]
    missing = [Missing(line.no, line.title, line.missing, line.missing_of, line.result) for line in open_lines]
    return sorted(missing, key=lambda one: one.count)


_NO_DOOR = frozenset({Outcome.REFUSED, Outcome.VACANT, Outcome.MOVED})


@dataclass(frozen=True)
class Door:
    """A household worth visiting for a measure: how many of its answers are "no" and how many are unknown."""

    household: str
    answered_no: int
    unknown: int
    unvisited: bool


def doors_to_knock(households: Iterable[tuple[str, Household]], measure: Measure, year: int) -> list[Door]:
    """List the households where a visit can raise a measure: most "no" first, then most unknown, then not surveyed yet.

    Households that declined, moved or stand vacant are left out.
    """
    doors = []
    for identity, household in households:
        current = household.current or {}
        outcome = current.get("outcome")
        if household.status is not HouseholdStatus.ACTIVE or outcome in _NO_DOOR:
            continue
        if outcome != Outcome.COMPLETED:
            doors.append(Door(identity, 0, 0, unvisited=True))
            continue
        residents = [Resident.model_validate(one) for one in current.get("residents") or []]
        readings = measure.answers(current, residents, year)
        if NO in readings or UNKNOWN in readings:
            doors.append(Door(identity, readings.count(NO), readings.count(UNKNOWN), unvisited=False))
    return sorted(doors, key=lambda door: (door.unvisited, -door.answered_no, -door.unknown))
