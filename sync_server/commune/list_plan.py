"""What an import of a household list would do: which lines are new, which update a household, which have to be asked.

Nothing is written here. A line finds its household by the list's own number of it, else by name and address as any list
has ever written them, wherever the household lives now (`found_again`). What is left and merely looks like a household
that no line has claimed is a question, never an answer.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from survey.households import list_key
from survey.problems import VILLAGE_UNKNOWN
from survey.records import Village
from survey.same_door import given_name, is_same_door, is_same_head
from survey.vietnamese import spelling
from survey.villages import Ambiguous, Exactly, Loosely, NotThere, full_name, left_open, which_village
from sync_server.commune.found_again import FoundAgain, Line, find_again, kin_of
from sync_server.commune.list_changes import changes_of, differences_of
from sync_server.commune.setup import new_village
from sync_server.commune.village_names import Match, VillageNames, list_village_names, unclear
from sync_server.lists.found import ListLine, Note, ReadList, Understanding
from sync_server.lists.reading import read_list
from sync_server.problems import Problem
from sync_server.store.database import Session
from sync_server.store.households import list_history
from sync_server.store.listed import ListedHousehold, Naming, list_listed, list_namings

Place = tuple[str, int]
"""A line's sheet and row."""
NEW = "new"
Likely = Literal["ask", "same", "new"]
"""What becomes of a line that merely looks like a household: it is left out and asked about, taken for it, or added."""


@dataclass(frozen=True)
class Wanted:
    """How a list is to be taken: what was said of the file, whether its unknown villages are created, which villages
    its names stand for (`named`), and the answers to questions by line: a household's id or `NEW`. `likely`
    answers the others."""

    told: Understanding = field(default_factory=Understanding)
    create_villages: bool = False
    named: Mapping[str, str] = field(default_factory=dict)
    likely: Likely = "ask"
    answers: Mapping[Place, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Addition:
    """A line that becomes a household of the village `home`; the list named the village `named` for it."""

    line: ListLine
    home: str
    named: str
    key: str


@dataclass(frozen=True)
class Update:
    """A line that changes a household: field by field what stands there and what the list says. None: nothing to."""

    line: ListLine
    household: ListedHousehold
    changes: Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True)
class Question:
    """A line that may be one of these households, which no other line is."""

    addition: Addition
    maybe: list[ListedHousehold]


@dataclass
class ListPlan:
    """What an import would do. Each line is in one of the four lists; `kept` says where a household stays as somebody
    corrected it although the list says otherwise, `twice` which new ones look alike; `unknown` are the list's names of
    villages that would be `created`."""

    read: ReadList
    created: list[Village] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    matched: list[Match] = field(default_factory=list)
    additions: list[Addition] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    unchanged: list[Update] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    kept: list[Note] = field(default_factory=list)
    twice: list[Note] = field(default_factory=list)
    numbers: dict[str, str] = field(default_factory=dict)
    found: FoundAgain = field(default_factory=lambda: FoundAgain([], {}, []))

    @property
    def left_out(self) -> int:
        """How many rows become no household: left out of the list, or waiting for an answer."""
        return self.read.left_out + sum(one.addition.line.rows for one in self.questions)


def read_of_commune(session: Session, commune: str, file: Path, wanted: Wanted) -> ReadList:
    """Read the file as a list of this commune, whose villages' names are known. Raises what `read_list` raises."""
    every = list_village_names(session, commune).every
    told = replace(wanted.told, is_village=lambda name: isinstance(which_village(name, every), Exactly | Loosely))
    return read_list(file, told)


def plan_import(session: Session, commune: str, read: ReadList, wanted: Wanted, now: datetime) -> ListPlan:
    """What importing the list would do now. Raises `Problem` village-unknown or village-unclear."""
    names = list_village_names(session, commune)
    plan = ListPlan(read)
    homes = _homes(names, plan, now, wanted)
    lines = [Addition(line, *homes[line.village], list_key(line.head_name, line.address)) for line in plan.read.lines]
    _match(session, commune, plan, lines, wanted)
    _say_twice(plan)
    return plan


def _homes(names: VillageNames, plan: ListPlan, now: datetime, wanted: Wanted) -> dict[str, tuple[str, str]]:
    """For each name of a village in the list, the present village where its households live, and the one it names.

    The fullest names are read first, so that "Đông" and "dong" mean the village that "thôn Đông" of the same list
    creates. Inexact names and new villages are put into the plan.
    """
    there, homes, unknown = list(names.every), dict[str, tuple[str, str]](), list[str]()
    made: dict[str, Village] = {}
    for written in sorted(dict.fromkeys(line.village for line in plan.read.lines), key=left_open):
        match which_village(wanted.named.get(written, written), there):
            case Exactly(village):
                pass
            case Loosely(village):
                plan.matched.append(Match(written, names.described(village)))
            case Ambiguous(villages):
                raise unclear(names, written, villages)
            case NotThere():
                village = new_village(written, now)
                made[village.id] = village
                unknown.append(written)
                there.append(village)
        into = names.into.get(village.id)
        if into:
            plan.matched.append(Match(written, full_name(into), "merged"))
        homes[written] = (into.id if into else village.id, village.id)
    if unknown and not wanted.create_villages:
        detail = (
            f"Danh sách có thôn mà xã chưa có: {', '.join(f'“{name}”' for name in unknown)}. Các thôn của xã: "
            f"{names.known()}. Chưa nhập hộ nào. "
            "Anh/chị sửa tên trong tệp, hoặc thêm --create-villages để tạo các thôn này."
        )
        raise Problem(VILLAGE_UNKNOWN, detail=detail, villages=unknown)
    in_order = dict.fromkeys(homes[line.village][1] for line in plan.read.lines)
    plan.created = [made[village] for village in in_order if village in made]
    plan.unknown = unknown
    return homes


def _match(session: Session, commune: str, plan: ListPlan, lines: list[Addition], wanted: Wanted) -> None:
    listed = list_listed(session, commune, with_joined=True)
    by_id = {one.id: one for one in listed}
    found = _answered(lines, by_id, wanted) | _numbered(lines, listed, wanted)
    rest = [at for at in range(len(lines)) if at not in found]
    again = find_again(
        session,
        commune,
        [Line(lines[at].named, lines[at].home, lines[at].key) for at in rest],
        listed,
        set(found.values()),
    )
    plan.found = again
    found |= {at: one for at, one in zip(rest, again.households, strict=True) if one is not None}
    claimed = set(found.values())
    free = _by_village([one for one in listed if one.id not in claimed and not one.is_joined])
    kin = kin_of(session, commune, {lines[at].named for at in rest})
    same: list[tuple[Addition, ListedHousehold]] = []
    for at, line in enumerate(lines):
        if at in found:
            known = by_id[found[at]]
            if known.is_joined:  # it is another household, as somebody has said: nothing to write, nothing to add
                plan.unchanged.append(Update(line.line, known, {}))
            else:
                same.append((line, known))
            continue
        answer = wanted.answers.get((line.line.sheet, line.line.row), "")
        alike = free.get(line.home, {}).get(given_name(line.line.head_name), [])
        maybe = [
            one for one in alike if _is_likely(line, one) and one.listed_in in (None, line.named, *kin[line.named])
        ]
        if not maybe or answer == NEW or (not answer and wanted.likely == NEW):
            plan.additions.append(line)
        elif not answer and wanted.likely == "same" and len(maybe) == 1:
            alike.remove(maybe[0])
            same.append((line, maybe[0]))
        else:
            plan.questions.append(Question(line, maybe))
    _name_again(session, commune, again, same)
    _compare(session, commune, plan, same)


def _name_again(
    session: Session, commune: str, again: FoundAgain, same: list[tuple[Addition, ListedHousehold]]
) -> None:
    """Note how the list names households that were not found by name, so that the next list finds them by this line."""
    named = {*list_namings(session, commune), *again.named_since}
    by_name = set(again.households)
    for line, household in same:
        way = Naming(household.id, line.named, line.key)
        if household.id not in by_name and household.listed_as != line.key and way not in named:
            again.named_since.append(way)
            named.add(way)


def _answered(lines: list[Addition], by_id: dict[str, ListedHousehold], wanted: Wanted) -> dict[int, str]:
    """The lines of which a person has said which household they are; each household once."""
    found: dict[int, str] = {}
    claimed: set[str] = set()
    for at, line in enumerate(lines):
        answer = wanted.answers.get((line.line.sheet, line.line.row), "")
        if answer in by_id and answer not in claimed:
            found[at] = answer
            claimed.add(answer)
    return found


def _numbered(lines: list[Addition], listed: list[ListedHousehold], wanted: Wanted) -> dict[int, str]:
    """The lines whose household is found by the list's number of it: the only one of its village with that number, in
    the list and in the commune, and neither name nor address speak against it."""
    numbers = Counter((line.named, line.line.household_number) for line in lines)
    there: dict[tuple[str, str], set[str]] = {}
    by_id = {one.id: one for one in listed}
    for one in listed:
        for village in {one.village, one.listed_in or one.village} if one.list_number else ():
            there.setdefault((village, one.list_number or ""), set()).add(one.id)
    found: dict[int, str] = {}
    for at, line in enumerate(lines):
        number = line.line.household_number
        place = (line.line.sheet, line.line.row)
        if number is None or numbers[line.named, number] > 1 or place in wanted.answers:
            continue
        known = there.get((line.named, number)) or there.get((line.home, number)) or set()
        if len(known) == 1 and _may_be(line.line, by_id[next(iter(known))]):
            found[at] = next(iter(known))
    return found


def _may_be(line: ListLine, household: ListedHousehold) -> bool:
    return is_same_head(line.head_name, household.head_name) or (
        bool(line.address) and spelling(line.address) == spelling(household.address)
    )


def _is_likely(line: Addition, household: ListedHousehold) -> bool:
    """Whether a line may be a household whose name or address was corrected since: the very name, or the same alley and
    a name that differs only in how it is written."""
    name, address = line.line.head_name, line.line.address
    return spelling(name) == spelling(household.head_name) or is_same_door(
        name, address, household.head_name, household.address
    )


def _by_village(listed: list[ListedHousehold]) -> dict[str, dict[str, list[ListedHousehold]]]:
    """Households by village and by given name: those that may be alike share it."""
    found: dict[str, dict[str, list[ListedHousehold]]] = {}
    for one in listed:
        found.setdefault(one.village, {}).setdefault(given_name(one.head_name), []).append(one)
    return found


def _compare(session: Session, commune: str, plan: ListPlan, same: list[tuple[Addition, ListedHousehold]]) -> None:
    """Sort the lines of known households into updates and unchanged ones."""
    differing = {household.id: differences_of(one.line, household) for one, household in same}
    history = list_history(session, commune, [one for one, fields in differing.items() if fields])
    for one, household in same:
        line = one.line
        changes, kept = changes_of(line, household, differing[household.id], history.get(household.id, []))
        plan.kept += kept
        if line.household_number and line.household_number != household.list_number:
            plan.numbers[household.id] = line.household_number
        (plan.updates if changes else plan.unchanged).append(Update(line, household, changes))


def _say_twice(plan: ListPlan) -> None:
    """Two new lines of one name and address stay two households; somebody should look."""
    first: dict[tuple[str, str], ListLine] = {}
    for one in plan.additions:
        before = first.setdefault((one.home, one.key), one.line)
        if before is not one.line:
            detail = f"Hộ “{one.line.head_name}” trùng tên và địa chỉ với dòng {before.row}; nhập thành hai hộ."
            plan.twice.append(Note(one.line.sheet, one.line.row, "", detail, left_out=False))
