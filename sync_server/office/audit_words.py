"""Lines of the audit log, and changes beside them, as sentences."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.acts import ACT_WORDS, AT_SERVER, CHANGE_WORDS, OTHER_CHANGE, Act
from survey.records import Village
from survey.vietnamese import format_number
from survey.villages import full_name
from sync_server.office.cards import FORMAT_WORDS
from sync_server.store.audit import AuditLine, SentChange

COUNT_WORDS = {
    "rows": "dòng",
    "households": "hộ",
    "people": "người",
    "cards": "thẻ",
    "added": "dòng thêm mới",
    "updated": "dòng sửa",
    "unchanged": "dòng giữ nguyên",
    "left_out": "dòng không nhập",
}
TEXT_WORDS = {
    "file_name": "tệp “{}”",
    "format": "{}",
    "columns": "các cột: {}",
    "filter": "điều kiện: {}",
    "villages": "{}",
    "title": "“{}”",
    "by": "người làm: {}",
    "digest": "mã công bố {}",
    "secret": "số bí mật {}",
}
"""What a line may tell besides, by its key; of anything else nothing is shown."""
_VERDICTS = {
    "difference": "khác với điều người khác đã ghi",
    "held": "đang chờ người xem",
    "invalid": "máy chủ đã trả lại",
}
_WHOSE = "của {}"
_FOR = {Act.INVITED.value: "cho {}", Act.ENDED_MEMBERSHIP.value: "({})", Act.MOVED_MEMBER.value: "({})"}


@dataclass(frozen=True)
class Entry:
    """One row of the page. `captured_at` is what a device's clock said, None for what was done on the server."""

    id: str
    at: datetime
    captured_at: datetime | None
    by: str
    device: str
    what: str
    details: list[str]
    household: str
    purpose: str


@dataclass(frozen=True)
class Known:
    """The names that sentences need: villages, people and devices by their id."""

    villages: Mapping[str, Village]
    people: Mapping[str, str]
    devices: Mapping[str, str]

    def place(self, village: str | None) -> str:
        """ " ở thôn Đinh Xá"; empty for none, and for one that is not there any more."""
        found = self.villages.get(village or "")
        return f" ở {full_name(found)}" if found else ""


def entry_of_line(line: AuditLine, known: Known) -> Entry:
    """A line of the log."""
    what = ACT_WORDS[Act(line.action)] if line.action in set(Act) else OTHER_CHANGE
    whom = {"member": known.people, "device": known.devices}.get(line.subject_kind, {}).get(line.subject)
    if whom:
        what += " " + _FOR.get(line.action, _WHOSE).format(whom)
    what += known.place(line.village) + (", nhưng không xong" if line.state == "failed" else "")
    household = line.subject if line.subject_kind == "household" else ""
    by = (line.by or "Người đã rời xã") if line.member else AT_SERVER
    return Entry(line.id, line.at, None, by, line.device_name, what, details_of(line.told), household, line.purpose)


def entry_of_change(change: SentChange, known: Known) -> Entry:
    """A change that a phone or a form sent."""
    what = CHANGE_WORDS.get(change.kind, OTHER_CHANGE) + known.place(change.village)
    details = [_VERDICTS[change.verdict]] if change.verdict in _VERDICTS else []
    by = change.by or "Người đã rời xã"
    household = change.household or ""
    return Entry(change.id, change.at, change.captured_at, by, change.device_name or "", what, details, household, "")


def details_of(told: Mapping[str, Any]) -> list[str]:
    """What a line tells besides, each in words; a count of nothing and an empty text are left out."""
    said = []
    for name, value in told.items():
        if name in COUNT_WORDS and isinstance(value, int) and value:
            said.append(f"{format_number(value)} {COUNT_WORDS[name]}")
        elif name in TEXT_WORDS and value:
            text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            said.append(TEXT_WORDS[name].format(FORMAT_WORDS.get(text, text) if name == "format" else text))
    return said
