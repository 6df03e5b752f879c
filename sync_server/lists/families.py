"""Lists of people: each row is a person, and the rows of a family make one household.

Only the head's name is kept. Of each person stay what they are to the head, the year of birth and the sex: the first
visit's form begins with them. What they are called and what their papers say is not stored.
"""

import re
from dataclasses import replace

from survey.records import EARLIEST_BIRTH_YEAR
from survey.vietnamese import fold
from sync_server.lists.cells import say
from sync_server.lists.found import ListedRelative, ListLine
from sync_server.lists.headings import Column
from sync_server.lists.sheets import Day, Row
from sync_server.lists.table import Person, Table

NO_HEAD = "Người này đứng trước chủ hộ đầu tiên của danh sách nên chưa nhập."
NO_HEAD_IN_FAMILY = "Hộ số {number} không có ai ghi là chủ hộ nên chưa nhập."
MOST_PEOPLE = 30
"""More in one household are a mistake of its number; their rows count, their people are asked at the door."""
_HEAD_WORDS = frozenset(("chu ho", "ch", "chu", "ban than", "la chu ho", "1"))
_RELATIONS: dict[str, tuple[str, str | None]] = {
    "vo": ("spouse", "f"),
    "chong": ("spouse", "m"),
    "con": ("child", None),
    "con de": ("child", None),
    "con ruot": ("child", None),
    "con nuoi": ("child", None),
    "con trai": ("child", "m"),
    "con gai": ("child", "f"),
    "bo": ("parent", "m"),
    "cha": ("parent", "m"),
    "bo de": ("parent", "m"),
    "me": ("parent", "f"),
    "me de": ("parent", "f"),
}
_LATEST_BIRTH_YEAR = 2100


def person_of(table: Table, row: Row, line: ListLine) -> Person:
    """Who stands in the row."""
    words = fold(say(table.cell(row, Column.RELATION)).text)
    is_head = words in _HEAD_WORDS
    relation, sex = ("head", None) if is_head else _RELATIONS.get(words, ("other", None))
    return Person(row, is_head, line, ListedRelative(relation, _birth_year(table, row), sex or _sex(table, row)))


def into_households(table: Table) -> None:
    """Make households of the table's people: by the household's number where the list has one, else each head begins a
    household and those below belong to it. Who belongs to no head is left out by name."""
    for family in _families(table.people):
        head = next((one for one in family if one.is_head), None)
        if head is None:
            number = family[0].line.household_number
            for one in family:
                table.leave_out(one.row, NO_HEAD_IN_FAMILY.format(number=number) if number else NO_HEAD)
            continue
        others = [one for one in family if one is not head]
        address = head.line.address or next((one.line.address for one in others if one.line.address), "")
        people = tuple(one.relative for one in (head, *others)) if len(family) <= MOST_PEOPLE else ()
        table.found.lines.append(replace(head.line, address=address, rows=len(family), people=people))


def _families(people: list[Person]) -> list[list[Person]]:
    families: list[list[Person]] = []
    by_number: dict[tuple[str, str], list[Person]] = {}
    for one in people:
        number = one.line.household_number
        if number is not None and (one.line.village, number) in by_number:
            family = by_number[one.line.village, number]
            if not (one.is_head and any(other.is_head for other in family)):  # the same number twice is two households
                family.append(one)
                continue
        if families and number is None and not one.is_head:
            families[-1].append(one)
            continue
        families.append([one])
        if number is not None:
            by_number[one.line.village, number] = families[-1]
    return families


def _birth_year(table: Table, row: Row) -> int | None:
    cell = table.cell(row, Column.BIRTH)
    years = [str(cell.day.year)] if isinstance(cell, Day) else re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", say(cell).text)
    year = int(years[-1]) if years else 0
    return year if EARLIEST_BIRTH_YEAR <= year <= _LATEST_BIRTH_YEAR else None


def _sex(table: Table, row: Row) -> str | None:
    said = fold(say(table.cell(row, Column.SEX)).text)
    if said in {"nam", "nu"}:
        return "m" if said == "nam" else "f"
    if not {Column.MALE, Column.FEMALE} <= table.header.columns.keys():
        return None  # without its marks "Năm" reads as "Nam"
    marked = [bool(say(table.cell(row, column)).text) for column in (Column.MALE, Column.FEMALE)]
    return {(True, False): "m", (False, True): "f"}.get((marked[0], marked[1]))
