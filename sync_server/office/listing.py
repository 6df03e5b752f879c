"""Which households a list shows: the filters of its address, the counts beside them, and the order of walking."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any
from urllib.parse import urlencode

from survey.alleys import alley_of
from survey.records import LEFT_STATUSES, Outcome, Village
from survey.vietnamese import collation_key, name_sort_key, spelling
from sync_server.store.household_lines import HouseholdLine

PAGE = 200
NO_ALLEY = "-"
STATES = {
    "registered": "Hộ đang ở",
    "unvisited": "Chưa gặp",
    "surveyed": "Đã khảo sát",
    "refused": "Từ chối",
    "absent": "Đã đến, chưa gặp được",
    "moved": "Đã chuyển đi",
    "vacant": "Nhà bỏ trống",
    "differs": "Có khác biệt chờ xem",
    "any": "Mọi hộ, cả đã chuyển đi",
}
ANSWERS = {"either": "chưa có hoặc không rõ", "no": "chưa có", "unknown": "không rõ"}
_STATE_AFTER = {None: "unvisited", Outcome.COMPLETED.value: "surveyed", Outcome.REFUSED.value: "refused"}


@dataclass(frozen=True)
class Chosen:
    """The filters as the address has them. Nothing that a person types is among them: `found` only says that words are
    kept elsewhere."""

    village: str = ""
    alley: str = ""
    state: str = "registered"
    criterion: str = ""
    answer: str = "either"
    found: str = ""
    page: int = 1

    def query(self, **changes: Any) -> str:
        """The query of this list with some filters changed, "?" alone for none."""
        usual = {one.name: one.default for one in fields(self)}
        wanted = asdict(replace(self, **changes))
        return "?" + urlencode({name: value for name, value in wanted.items() if value != usual[name]})


@dataclass(frozen=True)
class Home:
    """A household of a list; `place` is its village's place among the commune's."""

    line: HouseholdLine
    village: Village
    place: int
    alley: str
    alley_key: str
    state: str
    differs: bool

    def is_in(self, state: str) -> bool:
        """Whether the household belongs under this key of `STATES`."""
        if state == "registered":
            return self.state not in {"moved", "vacant"}
        return state == "any" or (self.differs if state == "differs" else self.state == state)


@dataclass
class Found:
    """The households that are shown, in order, and how many there would be under each choice."""

    homes: list[Home] = field(default_factory=list)
    by_state: dict[str, int] = field(default_factory=dict)
    by_alley: dict[str, int] = field(default_factory=dict)


def state_of(status: str, outcome: str | None) -> str:
    """A household's key of `STATES`: as coverage counts it, or how it left."""
    return status if status in LEFT_STATUSES else _STATE_AFTER.get(outcome, "absent")


def homes_of(lines: Iterable[HouseholdLine], villages: Iterable[Village], disputed: set[str]) -> list[Home]:
    """The households with what the list needs to know of each."""
    known = {village.id: (village, place) for place, village in enumerate(villages)}
    homes = []
    for line in lines:
        if line.village in known:
            village, place = known[line.village]
            alley = alley_of(line.address)
            state = state_of(line.status, line.outcome)
            key = spelling(alley) or NO_ALLEY
            homes.append(Home(line, village, place, alley, key, state, line.id in disputed))
    return homes


def choose(homes: Iterable[Home], chosen: Chosen) -> Found:
    """Those that the alley and the state of `chosen` leave, sorted by alley, number and given name in each village.

    The counts by state are of the households that the other filters leave.
    """
    homes = list(homes)
    in_alley = [one for one in homes if not chosen.alley or one.alley_key == chosen.alley]
    shown = [one for one in in_alley if one.is_in(chosen.state)]
    return Found(
        _in_order(shown),
        {state: sum(one.is_in(state) for one in in_alley) for state in STATES},
        dict(Counter(one.alley_key for one in homes if one.is_in(chosen.state))),
    )


def alley_names(homes: Iterable[Home]) -> dict[str, str]:
    """The most frequent spelling of each alley, by its key, in the order of the alphabet; those without one last."""
    spelled: dict[str, Counter[str]] = {}
    for home in homes:
        spelled.setdefault(home.alley_key, Counter())[home.alley] += 1
    named = {key: counts.most_common(1)[0][0] or "Không ghi ngõ" for key, counts in spelled.items()}
    return dict(sorted(named.items(), key=lambda one: (one[0] == NO_ALLEY, collation_key(one[1]))))


def _in_order(homes: list[Home]) -> list[Home]:
    alleys = {key: place for place, key in enumerate(alley_names(homes))}

    def way(one: Home) -> tuple[int, int, int, str, str]:
        number = one.line.number
        by_name = name_sort_key(one.line.head_name) if number is None else ""
        return one.place, alleys[one.alley_key], number or 2**31, by_name, one.line.id

    return sorted(homes, key=way)
