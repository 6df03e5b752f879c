"""Lists of people: each row is a person, and the rows of a family make one household.

Only the head's name is kept. What the others are called, when they were born and what their papers say is not stored.
"""

from dataclasses import replace

from sync_server.lists.table import Person, Table

_HEAD_WORDS = ("chu ho", "ch", "chu", "ban than", "la chu ho", "1")
NO_HEAD = "Người này đứng trước chủ hộ đầu tiên của danh sách nên chưa nhập."
NO_HEAD_IN_FAMILY = "Hộ số {number} không có ai ghi là chủ hộ nên chưa nhập."


def into_households(table: Table) -> None:
    """Make households of the table's people: by the household's number where the list has one, else each head begins a
    household and those below belong to it. Who belongs to no head is left out by name."""
    for family in _families(table.people):
        head = next((one for one in family if _is_head(one)), None)
        if head is None:
            number = family[0].line.household_number
            for one in family:
                table.leave_out(one.row, NO_HEAD_IN_FAMILY.format(number=number) if number else NO_HEAD)
            continue
        others = [one for one in family if one is not head]
        address = head.line.address or next((one.line.address for one in others if one.line.address), "")
        table.found.lines.append(replace(head.line, address=address, rows=len(family)))


def _families(people: list[Person]) -> list[list[Person]]:
    families: list[list[Person]] = []
    by_number: dict[tuple[str, str], list[Person]] = {}
    for one in people:
        number = one.line.household_number
        if number is not None and (one.line.village, number) in by_number:
            family = by_number[one.line.village, number]
            if not (_is_head(one) and any(map(_is_head, family))):  # the same number twice is two households
                family.append(one)
                continue
        if families and number is None and not _is_head(one):
            families[-1].append(one)
            continue
        families.append([one])
        if number is not None:
            by_number[one.line.village, number] = families[-1]
    return families


def _is_head(one: Person) -> bool:
    return one.relation in _HEAD_WORDS
