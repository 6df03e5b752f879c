"""Rounds of made-up visits for `bench.review`: honest ones with the noise of honest work, walked door to door."""

from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random

from bench.village import new_id
from survey.checks.visits import CheckedVisit, Person, Told
from survey.times import VIETNAM
from sync_server.commune.criteria_sets import load_criteria_set
from sync_server.demo.plan import CRITERIA_SET, VILLAGES
from sync_server.demo.visits import make_visits

YEAR = 2026
FIRST_DAY, LATER = datetime(2026, 10, 5, tzinfo=UTC), datetime(2027, 3, 5, tzinfo=UTC)


@dataclass
class Made:
    """A visit while it is being made up. `is_planted`: nobody was there, or the answers are not the family's."""

    id: str
    member: str
    village: str
    household: str
    outcome: str
    start: datetime
    end: datetime
    people: list[dict[str, object]] = field(default_factory=list)
    answers: dict[str, object] = field(default_factory=dict)
    base: "Made | None" = None
    is_planted: bool = False

    @property
    def told(self) -> int:
        return sum(len(one["answers"]) for one in self.people) + len(self.answers)  # type: ignore[arg-type]

    def seen(self) -> CheckedVisit:
        about = (self.id, self.member, self.village, self.household, self.outcome, self.start, self.end)
        return CheckedVisit(*about, _told(self), _told(self.base) if self.base else None)


def _told(made: Made) -> Told:
    return Told(tuple(Person(**one) for one in made.people), dict(made.answers))  # type: ignore[arg-type]


def first_round(seed: int) -> list[Made]:
    """Eleven villages of two members each."""
    random, criteria, made = Random(seed), load_criteria_set(CRITERIA_SET), []
    for place, plan in enumerate(VILLAGES):
        homes = [f"h{seed}-{place}-{number}" for number in range(plan.households)]
        named = replace(plan, name=f"{plan.name} {seed}")
        about = {"survey_round": new_id(), "year": YEAR, "until": FIRST_DAY, "members": 2}
        ids = [new_id() for _ in homes]
        for one in make_visits(named, ids, criteria, **about):  # type: ignore[arg-type]
            body = one.body
            people = [
                {
                    "id": who.id,
                    "relation": who.relation,
                    "birth_year": who.birth_year,
                    "sex": who.sex,
                    "answers": dict(who.answers),
                }
                for who in body.residents
            ]
            for who in people:
                _honest_years(random, who)
            made.append(
                Made(
                    f"v{seed}-{len(made)}",
                    f"{plan.name} {'AB'[one.member]}",
                    plan.name,
                    body.household,
                    body.outcome.value,
                    body.started_at,
                    body.ended_at,
                    people,
                    dict(body.answers),
                )
            )
    return walk(random, made, FIRST_DAY)


def _honest_years(random: Random, who: dict[str, object]) -> None:
    born = int(str(who["birth_year"]))
    answers = who["answers"]
    assert isinstance(answers, dict)
    if YEAR - born >= 14:
        smart = answers.get("has_smartphone", "yes") == "yes"
        answers["vneid_level"] = random.choices((0, 1, 2), (8, 10, 82) if smart else (70, 12, 18))[0]
    if YEAR - born >= 60 and random.random() < 0.15:
        born -= born % 5
    if random.random() < 0.002:
        born += 30 if YEAR - born >= 60 else -30
    who["birth_year"] = born


def walk(random: Random, made: list[Made], first: datetime) -> list[Made]:
    """Times from door to door, with what happens in honest work."""
    knocks = []
    for member in dict.fromkeys(one.member for one in made):
        mine, day, place = [one for one in made if one.member == member], first, 0
        odd = random.random()
        hall = random.randrange(10, len(mine)) if odd < 0.07 else -1
        paper = random.randrange(10, len(mine)) if 0.07 <= odd < 0.14 else -1
        while place < len(mine):
            day += timedelta(days=random.choice((1, 1, 1, 2)))
            hour = random.uniform(8, 15) if day.weekday() >= 5 else random.uniform(17.2, 19)
            at = day.astimezone(VIETNAM).replace(hour=0) + timedelta(hours=hour)
            stop = at + timedelta(hours=random.uniform(1, 2.6))
            kind = "paper" if 0 <= paper <= place else "hall" if 0 <= hall <= place else ""
            if kind == "paper":
                at, paper = day.astimezone(VIETNAM).replace(hour=0) + timedelta(hours=random.uniform(20, 21.5)), -1
            elif kind == "hall":
                hall = -1
            left = 12 if kind else 99
            while place < len(mine) and left and (at < stop or kind):
                one = mine[place]
                if not kind and one.outcome == "completed" and random.random() < 0.12:
                    end = at + timedelta(seconds=random.uniform(15, 70))
                    more = {"outcome": "absent", "people": [], "answers": {}, "base": None, "start": at, "end": end}
                    knocks.append(replace(one, id=f"{one.id}k", **more))  # type: ignore[arg-type]
                    at = end + timedelta(seconds=random.uniform(20, 200))
                one.start = at
                one.end = at + timedelta(seconds=_seconds(random, one) * (0.4 if kind == "paper" else 1))
                way = random.uniform(5, 40) if kind else 30 + random.expovariate(1 / 150)
                at, place, left = one.end + timedelta(seconds=way), place + 1, left - 1
    return made + knocks


def _seconds(random: Random, one: Made) -> float:
    if one.outcome != "completed":
        return random.uniform(15, 70)
    usual = 25 + (4 if one.base else 12) * len(one.people) + 7 * one.told
    return max(12, usual * random.lognormvariate(0, 0.4) * (0.5 if random.random() < 0.02 else 1))


def second_round(random: Random, first: list[Made]) -> list[Made]:
    """The same doors again, filled in from the first round."""
    again = []
    for one in first:
        if one.outcome != "completed":
            continue
        new = replace(one, id=f"{one.id}b", base=one, people=deepcopy(one.people), answers=dict(one.answers))
        for who in new.people:
            answers = who["answers"]
            assert isinstance(answers, dict)
            for question, answer in list(answers.items()):
                if answer == "no" and random.random() < 0.12:
                    answers[question] = "yes"
                elif answer == "yes" and random.random() < 0.015:
                    answers[question] = "no"
                elif question == "vneid_level" and answer < 2 and random.random() < 0.25:
                    answers[question] = answer + 1
                elif question == "vneid_level" and answer and random.random() < 0.006:
                    answers[question] = answer - 1
            if random.random() < 0.01:
                who["birth_year"] = int(str(who["birth_year"])) + random.choice((-1, 1))
        if random.random() < 0.06 and len(new.people) > 1:
            new.people.pop()
        again.append(new)
    return walk(random, again, LATER)
