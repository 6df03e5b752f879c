"""What a line of a list changes of its household: what only lists have written so far. What a person wrote stays."""

from collections.abc import Mapping
from typing import Any

from survey.records import LEFT_STATUSES, HouseholdStatus
from survey.vietnamese import format_phone, spelling
from sync_server.lists.found import ListLine, Note
from sync_server.store.households import HouseholdChange
from sync_server.store.listed import ListedHousehold

FIELDS = {"head_name": "tên chủ hộ", "address": "địa chỉ", "phone": "số điện thoại"}
Fields = dict[str, tuple[Any, Any]]
"""By field what stands there and what the list says."""


def differences_of(line: ListLine, household: ListedHousehold) -> Fields:
    """What the list says otherwise. An empty cell says nothing, and neither does another place in the list."""
    found: Fields = {}
    if spelling(line.head_name) != spelling(household.head_name):
        found["head_name"] = (household.head_name, line.head_name)
    if line.address and spelling(line.address) != spelling(household.address):
        found["address"] = (household.address, line.address)
    if line.phone and line.phone != household.phone:
        found["phone"] = (household.phone, line.phone)
    return found


def changes_of(
    line: ListLine, household: ListedHousehold, differing: Fields, history: list[HouseholdChange]
) -> tuple[Mapping[str, tuple[Any, Any]], list[Note]]:
    """Those of the differences that the import takes over, and a note for each that it does not."""
    changes = {name: values for name, values in differing.items() if _is_of_list(history, name)}
    kept = [_kept(line, household, name, *values) for name, values in differing.items() if name not in changes]
    if household.status in LEFT_STATUSES:
        words = "đã chuyển đi" if household.status == HouseholdStatus.MOVED else "bỏ trống nhà"
        detail = f"Hộ “{household.head_name}”: tổ ghi {words}, danh sách vẫn có; giữ như tổ ghi."
        kept.append(Note(line.sheet, line.row, "", detail, left_out=False))
    return changes, kept


def shown_change(name: str, present: Any, said: Any) -> tuple[str, str]:
    """Both values of a field as a person reads them."""
    shown = [format_phone(one) if name == "phone" and one else str(one or "trống") for one in (present, said)]
    return shown[0], shown[1]


def _is_of_list(history: list[HouseholdChange], name: str) -> bool:
    """Whether the field stands as a list wrote it, or empty as nobody wrote it."""
    last = next((one for one in reversed(history) if name in one.sent), None)
    return last is None or (last.device is None and last.written_by is None)


def _kept(line: ListLine, household: ListedHousehold, name: str, present: Any, said: Any) -> Note:
    stands, listed = shown_change(name, present, said)
    detail = f"Hộ “{household.head_name}”: giữ {FIELDS[name]} “{stands}” như tổ đã sửa; danh sách ghi “{listed}”."
    return Note(line.sheet, line.row, "", detail, left_out=False)
