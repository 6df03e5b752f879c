"""A commune's report as everybody may read it. It is made of a signed report, once: a page that follows the answers
tells one household's answer by its difference to the day before.

Unknown answers are left out, and so is who was not met and why, and what is missing to pass.
"""

from fractions import Fraction
from itertools import combinations_with_replacement
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from survey.coverage import CommuneCoverage, CoverageReport, CriteriaSetName, CriterionCoverage
from survey.criteria import CriteriaSet, Result, joint_result, satisfies
from survey.records import Commune, Village
from survey.small_cells import SMALLEST, Cell, PublishedCriterion, hide_small


class _Public(BaseModel):
    """Has no field but those it names: nothing gets onto the page by being in the report."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class PublicFigure(_Public):
    """A village's figure for a criterion; `numerator` alone is what the village attested, if the item is no ratio.

    A hidden figure is `hidden` and has no numerator: that is not zero. `result` is None if it would tell of the figure.
    """

    no: str
    numerator: int | None
    denominator: int | None
    hidden: bool
    result: Result | None

    @property
    def rate(self) -> Fraction | None:
        return _rate(self.numerator, self.denominator)


class PublicVillage(_Public):
    """One village. `result`, and how many criteria it has `met`, are None where what is shown leaves them open."""

    village: Village
    registered: int
    surveyed: int
    result: Result | None
    met: int | None
    figures: list[PublicFigure]


class PublicCriterion(_Public):
    """A criterion and the commune's sums: the people or households of a ratio, or the villages that meet an item."""

    no: str
    title: str
    kind: Literal["ratio", "boolean", "count"]
    denominator_name: str
    threshold: str | None
    comparator: str
    numerator: int | None
    denominator: int
    hidden: bool

    @property
    def rate(self) -> Fraction | None:
        return _rate(self.numerator, self.denominator)


class PublicCoverage(_Public):
    """The whole page. `passed` is None if any village's result is: the number that pass would tell of the hidden."""

    commune: Commune
    criteria_set: CriteriaSetName
    as_of: AwareDatetime
    passed: int | None
    total: int
    registered: int
    surveyed: int
    criteria: list[PublicCriterion]
    villages: list[PublicVillage]

    @property
    def passed_at_least(self) -> int:
        """How many villages are shown to pass."""
        return sum(village.result is Result.MET for village in self.villages)


def _rate(numerator: int | None, denominator: int | None) -> Fraction | None:
    return Fraction(numerator, denominator) if numerator is not None and denominator else None


def hide_report(
    report: CommuneCoverage, criteria_set: CriteriaSet, smallest: int = SMALLEST, *, announces_results: bool = False
) -> PublicCoverage:
    """What everybody may read of a report that was assessed against `criteria_set`.

    Ratios are hidden by `hide_small`. How many households are registered and were surveyed is shown, and what villages
    attested. A village's result is shown if it is the same whatever the hidden results are, or if the commune
    announces which villages pass anyway (`announces_results`): a reader then knows of the hidden figures of a village
    that passes that they suffice, and nothing more.
    """
    ratios = {line.no: _hide_ratio(report, line, smallest) for line in report.totals if line.kind == "ratio"}
    villages = [
        _village(
            village,
            [_figure(line, ratios.get(line.no), place) for line in village.criteria],
            criteria_set,
            announces_results,
        )
        for place, village in enumerate(report.villages)
    ]
    named = report.criteria_set
    return PublicCoverage(
        commune=Commune(code=report.commune.code, name=report.commune.name, kind=report.commune.kind),
        criteria_set=CriteriaSetName(code=named.code, title=named.title, document=named.document),
        as_of=report.as_of,
        passed=None if any(village.result is None for village in villages) else report.passed,
        total=report.total,
        registered=report.registered,
        surveyed=report.surveyed,
        criteria=[_criterion(line, ratios.get(line.no)) for line in report.totals],
        villages=villages,
    )


def _hide_ratio(report: CommuneCoverage, total: CriterionCoverage, smallest: int) -> PublishedCriterion:
    def cell(village: CoverageReport) -> Cell:
        line = next((line for line in village.criteria if line.no == total.no), None)
        if line is None:
            return Cell(village.village.id, 0, 0, Result.NOT_ENOUGH_DATA)
        return Cell(village.village.id, line.numerator or 0, line.denominator or 0, line.result)

    def reached(yes: int, n: int) -> bool:
        return satisfies(Fraction(100 * yes, n), total.comparator, total.threshold)

    return hide_small([cell(village) for village in report.villages], reached, smallest)


def _figure(line: CriterionCoverage, ratio: PublishedCriterion | None, place: int) -> PublicFigure:
    if ratio is None:
        figures = {"numerator": line.numerator, "denominator": None, "hidden": False, "result": line.result}
    else:
        cell = ratio.cells[place]
        figures = {"numerator": cell.yes, "denominator": cell.n, "hidden": cell.yes is None, "result": cell.result}
    return PublicFigure.model_validate({"no": line.no} | figures)


def _criterion(total: CriterionCoverage, ratio: PublishedCriterion | None) -> PublicCriterion:
    numerator = ratio.yes if ratio else total.numerator
    return PublicCriterion(
        no=total.no,
        title=total.title,
        kind=total.kind,
        denominator_name=total.denominator_name,
        threshold=total.threshold,
        comparator=total.comparator,
        numerator=numerator,
        denominator=ratio.n if ratio else total.denominator or 0,
        hidden=numerator is None,
    )


def _village(
    report: CoverageReport, figures: list[PublicFigure], criteria_set: CriteriaSet, is_announced: bool
) -> PublicVillage:
    is_sure = is_announced or _possible_results(figures, criteria_set) == {report.result}
    results = [figure.result for figure in figures]
    village = report.village
    return PublicVillage(
        village=Village(id=village.id, name=village.name, kind=village.kind),
        registered=report.registered,
        surveyed=report.surveyed,
        result=report.result if is_sure else None,
        met=None if None in results else results.count(Result.MET),
        figures=figures,
    )


def _possible_results(figures: list[PublicFigure], criteria_set: CriteriaSet) -> set[Result]:
    """The results of a village that a reader must think possible."""
    shown = [figure.result for figure in figures if figure.result]
    hidden = combinations_with_replacement(Result, len(figures) - len(shown))
    return {joint_result(criteria_set, [*shown, *results]) for results in hidden}
