"""Made-up visits to a village's households, from a fixed seed: answers to exactly what the form asks.

Rates are met by counting, not by chance: of the known answers, just as many are yes as the planned rate needs. The
older a person, the likelier the answer is no.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from random import Random

from survey.criteria import CriteriaSet, form_for
from survey.ids import RANDOM_BYTES, uuid7
from survey.indicators import Measure
from survey.privacy import CONSENT_WORDING
from survey.questions import CATALOGUE, NO, UNKNOWN, YES, About, SurveyForm
from survey.records import AnswerValue, Consent, Outcome, Resident, ResponseBody
from sync_server.demo.plan import VillagePlan
from sync_server.demo.walking import seconds_at_the_door, walk

_UNKNOWN_SHARE = 0.011
_BUSINESS_SHARE = 0.13


@dataclass(frozen=True)
class MadeVisit:
    """A visit, the id under which it is sent, and which of the village's members made it, counted from 0."""

    id: str
    body: ResponseBody
    member: int = 0


@dataclass
class _Household:
    """A family while its answers are being made up."""

    id: str
    outcome: Outcome
    residents: list[Resident]
    answers: dict[str, AnswerValue]


def make_visits(
    plan: VillagePlan,
    households: Sequence[str],
    criteria_set: CriteriaSet,
    *,
    survey_round: str,
    year: int,
    until: datetime,
    members: int = 1,
) -> list[MadeVisit]:
    """One visit to each of the first `plan.visited` households of the list, the last one ending before `until`. The
    list is shared out to so many members; each is at one door at a time.

    The same arguments give the same visits. Raises `ValueError` where the list is shorter than the plan.
    """
    if len(households) < plan.visited:
        raise ValueError(f"{plan.name}: the plan visits {plan.visited} of {len(households)} households")
    random = Random(f"khảo sát {plan.name}")  # noqa: S311 made-up data, not a secret
    outcomes = [Outcome.REFUSED] * plan.refused + [Outcome.ABSENT] * plan.absent + [Outcome.VACANT] * plan.vacant
    outcomes += [Outcome.COMPLETED] * plan.surveyed
    random.shuffle(outcomes)
    made = [_Household(who, outcome, [], {}) for who, outcome in zip(households, outcomes, strict=False)]
    surveyed = [one for one in made if one.outcome is Outcome.COMPLETED]
    for household in surveyed:
        household.residents = _make_family(random, year, until)
    _make_answers(random, plan, surveyed, criteria_set, year)
    return _make_bodies(random, made, survey_round, until, members)


def _make_family(random: Random, year: int, now: datetime) -> list[Resident]:
    """A head and whoever lives with them: one to six people."""
    family: list[Resident] = []

    def add(relation: str, age: int, sex: str) -> None:
        identity = uuid7(now, random.randbytes(RANDOM_BYTES))
        family.append(Resident(id=identity, relation=relation, birth_year=year - age, sex=sex))

    age = int(random.triangular(26, 84, 47))
    sex = "m" if random.random() < 0.74 else "f"
    add("head", age, sex)
    if random.random() < (0.86 if age < 70 else 0.55):
        add("spouse", max(20, age + random.randint(-5, 4)), "f" if sex == "m" else "m")
    youngest = 0
    for _ in range(random.choice((0, 1, 2, 2, 2, 3))):
        child = age - random.randint(22, 33) - youngest
        youngest = random.randint(0, 4)
        if child >= 0 and (child < 23 or random.random() < 0.4):
            add("child", child, random.choice("mf"))
    if 27 <= age <= 58 and random.random() < 0.28:
        add("parent", min(96, age + random.randint(21, 29)), random.choice("fffm"))
    return family


def _make_answers(
    random: Random, plan: VillagePlan, surveyed: list[_Household], criteria_set: CriteriaSet, year: int
) -> None:
    per_thousand = {
        "has_smartphone": plan.smartphone,
        "has_payment_account": plan.account,
        "uses_online_services": plan.skills,
        "has_fixed_internet": plan.internet,
        "has_digital_address": 1000,
        "accepts_cashless": plan.cashless,
    }
    form = form_for(criteria_set)
    shops = {one.id for one in random.sample(surveyed, round(len(surveyed) * _BUSINESS_SHARE))}
    for measure in criteria_set.measures():
        rate = per_thousand[measure.question]
        if CATALOGUE[measure.question].about is About.RESIDENT:
            _answer_residents(random, surveyed, form, measure, rate, year)
            continue
        asked = [one for one in surveyed if measure.population.of == "households" or one.id in shops]
        # Nobody leaves a shop's till in doubt, and a sign on the door is seen from outside.
        doubt = _UNKNOWN_SHARE if measure.question == "has_fixed_internet" else 0.0
        answers = _share_out(random, [random.random() for _ in asked], rate, doubt)
        for household, answer in zip(asked, answers, strict=True):
            household.answers[measure.question] = answer
    if any(question.key == "runs_business" for question in form.household_questions):
        for household in surveyed:
            household.answers["runs_business"] = YES if household.id in shops else NO


def _answer_residents(
    random: Random, surveyed: list[_Household], form: SurveyForm, measure: Measure, rate: int, year: int
) -> None:
    asked_of = next(one for one in form.resident_questions if one.question.key == measure.question)
    asked = [
        one for household in surveyed for one in household.residents if asked_of.applies_to(one.age_in(year), one.sex)
    ]
    counted = [one for one in asked if measure.population.holds(one, year)]
    reluctance = [random.random() + max(0, one.age_in(year) - 50) / 25 for one in counted]
    answers = dict(zip((one.id for one in counted), _share_out(random, reluctance, rate, _UNKNOWN_SHARE), strict=True))
    for household in surveyed:
        household.residents = [
            one.model_copy(update={"answers": one.answers | {measure.question: answers.get(one.id, NO)}})
            if asked_of.applies_to(one.age_in(year), one.sex)
            else one
            for one in household.residents
        ]


def _share_out(random: Random, reluctance: Sequence[float], per_thousand: int, doubt: float) -> list[AnswerValue]:
    """An answer for each: the least reluctant of the known say yes, as many as the rate needs."""
    unknown = {place for place in range(len(reluctance)) if random.random() < doubt}
    known = sorted(
        (place for place in range(len(reluctance)) if place not in unknown), key=lambda place: reluctance[place]
    )
    willing = set(known[: ceil(len(known) * per_thousand / 1000)])
    return [UNKNOWN if place in unknown else YES if place in willing else NO for place in range(len(reluctance))]


def _make_bodies(
    random: Random, made: list[_Household], survey_round: str, until: datetime, members: int
) -> list[MadeVisit]:
    """The visits in the order of the list. Each of the members walks a part of it."""
    visits = []
    share = ceil(len(made) / members)
    for member in range(members):
        own = made[member * share : (member + 1) * share]
        seconds = [seconds_at_the_door(random, len(one.residents), _told(one)) for one in own]
        for household, lasted, started in zip(own, seconds, walk(random, seconds, until), strict=True):
            ended = started + timedelta(seconds=lasted)
            body = _make_body(household, survey_round, started.astimezone(UTC), ended.astimezone(UTC))
            visits.append(MadeVisit(uuid7(ended, random.randbytes(RANDOM_BYTES)), body, member))
    return visits


def _told(household: _Household) -> int:
    """How many answers the family gave."""
    return len(household.answers) + sum(len(one.answers) for one in household.residents)


def _make_body(household: _Household, survey_round: str, started: datetime, ended: datetime) -> ResponseBody:
    answered = household.outcome in {Outcome.COMPLETED, Outcome.REFUSED}
    given = household.outcome is Outcome.COMPLETED
    return ResponseBody(
        household=household.id,
        round=survey_round,
        outcome=household.outcome,
        consent=Consent(given=given, wording=CONSENT_WORDING, at=started) if answered else None,
        started_at=started,
        ended_at=ended,
        answers=household.answers,
        residents=household.residents,
    )
