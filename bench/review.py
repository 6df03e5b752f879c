"""What the checks of survey/checks find, and whom they name for nothing. Made-up visits only.

    python -m bench.review [--seeds 8] [--tune] [--sizes 8 15 25 40]

Honest visits are the demo's, walked door to door by two members a village, with the noise of honest work: neighbours
whose answers are known, an evening's forms typed from paper, families called to the village house, nobody at home at
the first knock, rounded and mistyped birth years; and a second round some months later. Into them one member's made-up
visits are planted at a time. A cheat is found when the flags name a fifth of its visits. Thresholds were set on seeds
0 to 15 (`--tune`); what is printed otherwise is of other seeds.
"""

import argparse
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from random import Random

from bench.cheats import CHEATS, plant
from bench.honest_rounds import YEAR, Made, first_round, second_round
from survey.checks.flags import list_flags
from survey.checks.rates import rates_of_no
from survey.checks.visits import Flag

UNTUNED = 100


def flags_of(visits: list[Made], last: list[Made] | None) -> list[Flag]:
    """As the server finds them."""
    year = YEAR if last is None else YEAR + 1
    rates = rates_of_no([one.seen() for one in last], YEAR) if last else None
    return list_flags([one.seen() for one in visits], year=year, last_round=rates)


def worlds(seeds: range) -> Iterator[tuple[int, int, list[Made], list[Made] | None]]:
    """Seed, round, honest visits, and the round before."""
    for seed in seeds:
        first = first_round(seed)
        yield seed, 0, first, None
        yield seed, 1, second_round(Random(1000 + seed), first), first


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--tune", action="store_true", help="the seeds by which the thresholds were set")
    parser.add_argument("--sizes", type=int, nargs="+", default=[8, 15, 25, 40])
    asked = parser.parse_args()
    first = 0 if asked.tune else UNTUNED
    named, visits, items = Counter[tuple[int, str]](), Counter[int](), Counter[tuple[int, str]]()
    found = Counter[tuple[str, int]]()
    for seed, which, honest, last in worlds(range(first, first + asked.seeds)):
        flags = flags_of(honest, last)
        visits[which] += len(honest)
        for check in {one.check.value for one in flags}:
            some = [one for one in flags if one.check == check]
            named[which, check] += len({visit for one in some for visit in one.visits})
            items[which, check] += len(some)
        named[which, "all"] += len({visit for one in flags for visit in one.visits})
        items[which, "all"] += len(flags)
        members = sorted({one.member for one in honest})
        for place, kind in enumerate(CHEATS[which]):
            for size in asked.sizes:
                copies = [replace(one, people=deepcopy(one.people), answers=dict(one.answers)) for one in honest]
                member = members[(seed * 7 + place * 3) % len(members)]
                bad = plant(Random(seed * 100 + place), copies, member, kind, size)
                seen = {visit for one in flags_of(copies, last) for visit in one.visits}
                found[kind, size] += bool(bad) and len(seen & bad) >= 0.2 * len(bad)
    print(f"{asked.seeds} seeds from {first}: {visits[0]:,} honest visits in round 1, {visits[1]:,} in round 2\n")
    print(f"{'check':14}{'named, %':>16}{'items a 1,000':>18}")
    for check in [*sorted({check for _which, check in named} - {"all"}), "all"]:
        shares = " ".join(f"{100 * named[which, check] / visits[which]:7.2f}" for which in (0, 1))
        rates = " ".join(f"{1000 * items[which, check] / visits[which]:8.2f}" for which in (0, 1))
        print(f"{check:14}{shares:>16}{rates:>18}")
    print(f"\n{'made-up visits':22}" + "".join(f"{size:>6}" for size in asked.sizes) + "   found, % of seeds")
    for kind in (*CHEATS[0], *CHEATS[1]):
        print(f"{kind:22}" + "".join(f"{100 * found[kind, size] / asked.seeds:6.0f}" for size in asked.sizes))


if __name__ == "__main__":
    main()
