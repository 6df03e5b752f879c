"""Visits that nobody made, or whose answers are not the family's, planted among honest ones for `bench.review`."""

from copy import deepcopy
from datetime import timedelta
from random import Random

from bench.honest_rounds import YEAR, Made

ASKED = ("has_smartphone", "has_payment_account", "uses_online_services")
CHEATS = (
    ("at home", "copied", "copied, other years", "all yes", "invented", "absent", "vacant", "unknown for no"),
    ("re-saved", "VNeID back"),
)
"""By round: the second ones need a round before."""


def plant(random: Random, visits: list[Made], member: str, kind: str, count: int) -> set[str]:
    """Make up so many visits in a row of this member; which they are."""
    mine = sorted((one for one in visits if one.member == member and one.outcome == "completed"), key=lambda v: v.start)
    first = random.randrange(max(1, len(mine) - count))
    part, before = mine[first : first + count], mine[:first]
    at = part[0].start.replace(hour=12, minute=0) + timedelta(seconds=random.uniform(0, 4000))
    for place, one in enumerate(part):
        one.is_planted = True
        if kind in {"at home", "absent", "vacant", "re-saved"}:
            quick = {
                "at home": 4 * len(one.people) + 1.8 * one.told + random.uniform(4, 20),
                "re-saved": random.uniform(7, 22),
            }.get(kind, random.uniform(4, 12))
            if kind in {"absent", "vacant"} and place % 8 == 0:
                at = one.start
            one.start, one.end = at, at + timedelta(seconds=quick)
            at = one.end + timedelta(seconds=random.uniform(3, 20))
        elif kind in {"invented", "copied", "copied, other years"}:
            one.end = one.start + (one.end - one.start) * 0.7
        _make_up(random, one, kind, (part[max(0, place - 3) : place] or before[-3:] or part[-1:]), place)
    return {one.id for one in part if one.is_planted}


def _make_up(random: Random, one: Made, kind: str, near: list[Made], place: int) -> None:
    if kind in {"absent", "vacant"}:
        one.outcome, one.people, one.answers = kind, [], {}
    elif kind == "at home":
        if random.random() < 0.5:
            one.people = _family(random, round_years=False)
        _answer(random, one, 0.05)
    elif kind == "all yes":
        _answer(random, one, 0)
    elif kind == "invented":
        one.people = _family(random, round_years=True)
        _answer(random, one, 0.02)
    elif kind.startswith("copied"):
        source = random.choice(near)
        one.people, one.answers = deepcopy(source.people), dict(source.answers)
        for number, who in enumerate(one.people):
            who["id"] = f"{one.id}-{number}"
            if kind != "copied":
                who["birth_year"] = int(str(who["birth_year"])) + random.randint(-2, 2)
    elif kind == "unknown for no":
        for who in one.people:
            answers = who["answers"]
            assert isinstance(answers, dict)
            answers |= {question: "unknown" for question in ASKED if answers.get(question) == "no"}
    elif kind == "re-saved" and one.base:
        one.people, one.answers = deepcopy(one.base.people), dict(one.base.answers)
    elif kind == "VNeID back":
        one.is_planted = place % 4 == 0 and _lower(random, one)


def _lower(random: Random, one: Made) -> bool:
    assert one.base is not None
    levels = {who["id"]: who["answers"].get("vneid_level") or 0 for who in one.base.people}  # type: ignore[attr-defined]
    some = [who for who in one.people if levels.get(who["id"], 0) > 0]
    if not some:
        return False
    who = random.choice(some)
    who["answers"]["vneid_level"] = levels[who["id"]] - 1  # type: ignore[index]
    return True


def _family(random: Random, *, round_years: bool) -> list[dict[str, object]]:
    def born(age: int) -> int:
        return (YEAR - age) // 5 * 5 if round_years and random.random() < 0.7 else YEAR - age

    age = random.randint(28, 62)
    family = [("head", born(age), "m"), ("spouse", born(age - random.choice((0, 2, 2, 5))), "f")]
    ages = [age - 25 - 3 * number for number in range(random.choice((0, 1, 2, 2)))]
    family += [("child", born(one), random.choice("mf")) for one in ages if one >= 0]
    names = ("relation", "birth_year", "sex")
    return [dict(zip(names, one, strict=True)) | {"id": f"x{random.random()}", "answers": {}} for one in family]


def _answer(random: Random, one: Made, no: float) -> None:
    for who in one.people:
        age, answers = YEAR - int(str(who["birth_year"])), dict[str, object]()
        if age >= 15:
            answers["uses_online_services"] = "no" if random.random() < no * 1.6 else "yes"
        if age >= 18:
            answers |= {key: "no" if random.random() < no else "yes" for key in ASKED[:2]}
        if age >= 14:
            answers["vneid_level"] = 2
        who["answers"] = answers
    one.answers |= {"has_fixed_internet": "no" if random.random() < no else "yes", "has_digital_address": "yes"}
