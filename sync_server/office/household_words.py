"""A household in words: its people's answers, what was changed, and where two people wrote differently."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from survey.card_code import grouped
from survey.field_words import (
    ANSWER_WORDS,
    FIELD_WORDS,
    OUTCOME_WORDS,
    RELATION_WORDS,
    SEX_WORDS,
    departure_words,
    value_words,
)
from survey.figure_words import day
from survey.privacy import mask_phone
from survey.questions import CATALOGUE, About
from survey.records import Household, LeftResident, Outcome, Resident
from sync_server.store.household_lines import Deed
from sync_server.store.households import OWN_FIELDS, HouseholdChange
from sync_server.store.joins import KeptJoin

Body = dict[str, Any]
_HELD = 2**62
"""Where what is held stands among sequences: it has none yet."""
_KIND_WORDS = {"card": "Gắn hoặc hủy thẻ", "resolution": "Trả lời một khác biệt", "review": "Nhờ hỏi lại"}


@dataclass(frozen=True)
class Line:
    """One entry of the history: what was done by whom; `captured_at` by the device's clock, `received_at` by ours."""

    what: str
    details: list[str]
    by: str
    device: str
    captured_at: datetime | None
    received_at: datetime | None
    is_held: bool = False


@dataclass(frozen=True)
class Differing:
    """A field with both values in words, and who wrote each; `about` is the person of the household, if it is one's."""

    name: str
    about: str
    shown: str
    other: str
    shown_by: str
    other_by: str


def shown_words(key: str, value: Any, names: Mapping[str, str], *, sees_phones: bool = False) -> str:
    """One value in words; `names` are those of people and villages by their id. A phone number is masked unless
    `sees_phones`."""
    if value and key == "phone" and not sees_phones:
        return mask_phone(str(value))
    if value and key == "card":
        return grouped(str(value))
    return value_words(key, None if value == "" else value, names)


def asked_of_people(people: Iterable[Resident]) -> dict[str, str]:
    """The questions that were asked of at least one of these people, by their key."""
    asked = {key for one in people for key, value in one.answers.items() if value is not None}
    return {key: one.asks for key, one in CATALOGUE.items() if one.about is About.RESIDENT and key in asked}


def answers_of_household(answers: Body) -> list[tuple[str, str]]:
    """The household's questions with its answers in words, those that were not asked left out."""
    asked = [one for one in CATALOGUE.values() if one.about is About.HOUSEHOLD and answers.get(one.key) is not None]
    return [(one.asks, ANSWER_WORDS.get(answers[one.key], str(answers[one.key]))) for one in asked]


def person_words(relation: str | None, birth_year: int | None, sex: str | None = None) -> str:
    """ "Con, sinh năm 1990, nữ": what tells people of one household apart."""
    born = f"sinh năm {birth_year}" if birth_year else ""
    return ", ".join(
        part
        for part in (RELATION_WORDS.get(relation or "other", "Người khác"), born, SEX_WORDS.get(sex or "", "").lower())
        if part
    )


def departures(household: Household) -> list[str]:
    """Who had gone: why, who reported it, and on which day."""
    lines = []
    for one in [LeftResident.model_validate(one) for one in (household.current or {}).get("left") or []]:
        words = f"{departure_words(one.reason, one.split_to)}: {person_words(one.relation, one.birth_year, one.sex)}"
        by, at = one.by or household.visited_by, one.at or household.visited_at
        lines.append(words + (f" ({by} ghi ngày {day(at)})" if by and at else ""))
    return lines


def differing(body: Body, names: Mapping[str, str], *, sees_phones: bool = False) -> list[Differing]:
    """Both values of each field of a difference, given its body on the stream."""
    shown, other = ("theirs", "mine") if body.get("shows") == "theirs" else ("mine", "theirs")
    lines = []
    for field in body.get("fields") or []:
        key, person = str(field.get("key") or field["path"][-1]), field.get("resident")
        values = [shown_words(key, field.get(side), names, sees_phones=sees_phones) for side in (shown, other)]
        if values[0] == values[1]:
            values[1] += " (khác ở những số bị che)"
        name = CATALOGUE[key].asks if key in CATALOGUE else FIELD_WORDS.get(key, f"Tiêu chí {key}")
        about = person_words(person.get("relation"), person.get("birth_year"), person.get("sex")) if person else ""
        lines.append(Differing(name, about, *values, *(_who(body, side) for side in (shown, other))))
    return lines


def history(
    deeds: Iterable[Deed],
    edits: Iterable[HouseholdChange],
    visits: Mapping[str, Body],
    names: Mapping[str, str],
    joins: Iterable[tuple[str, KeptJoin]] = (),
) -> list[Line]:
    """Visits, edits and what else was done, the newest first. `visits` are the visits' bodies by id; `joins` say which
    households turned out to be this one, each with the name of the other household."""
    edited = {one.seq: lines for one, lines in _edits(edits, names)}
    written = {one.seq: one for one in edits if one.device is None}
    lines: list[tuple[float, datetime | None, Line]] = [
        (one.seq, one.written_at, _by_office(one, edited[one.seq])) for one in written.values()
    ]
    for deed in deeds:
        if deed.kind == "join":  # said below, in more words
            continue
        what = _KIND_WORDS.get(deed.kind, "")
        details: list[str] = []
        if deed.kind == "response":
            outcome = visits.get(deed.subject, {}).get("outcome")
            ended = OUTCOME_WORDS[Outcome(outcome)] if outcome else "phiếu chưa nhận"
            what = f"Đến nhà: {ended.lower()}"
        elif deed.kind == "household":
            details = edited.get(deed.seq or -1, [])
            what = "Sửa thông tin hộ"
        shown = Line(what, details, deed.by, deed.device, deed.captured_at, deed.received_at, deed.verdict == "held")
        lines.append((deed.seq or _HELD, deed.received_at, shown))
    for name, join in joins:
        steps = [(f"Ghép với hộ {name}", join.by, join.at)]
        if join.undone_by and join.undone_at:
            steps.append((f"Tách ra lại, không còn ghép với hộ {name}", join.undone_by, join.undone_at))
        for what, by, at in steps:
            before = [seq for seq, received, _ in lines if received and received <= at and seq < _HELD]
            lines.append((max(before, default=0) + 0.5, at, Line(what, [], by, "", at, at)))
    return [line for _, _, line in sorted(lines, key=lambda one: one[0], reverse=True)]


def _edits(edits: Iterable[HouseholdChange], names: Mapping[str, str]) -> list[tuple[HouseholdChange, list[str]]]:
    """Each edit with what it made of the household's own fields, in words."""
    before: Body | None = None
    told = []
    for one in edits:
        lines = []
        if before is None:
            lines.append("Ghi hộ vào danh sách.")
        else:
            for key in OWN_FIELDS:
                old, new = before.get(key), one.state.get(key)
                if (old or None) != (new or None):
                    was, now = shown_words(key, old, names), shown_words(key, new, names)
                    lines.append(f"{FIELD_WORDS[key]}: {was} → {now}")
            if "village" in one.sent:
                lines.append(f"Chuyển đến {shown_words('village', one.sent['village'], names)}")
        before = one.state
        told.append((one, lines))
    return told


def _by_office(edit: HouseholdChange, details: list[str]) -> Line:
    return Line("Từ danh sách của xã", details, edit.written_by or "danh sách nhập", "", None, edit.written_at)


def _who(body: Body, side: str) -> str:
    by, at = body.get(f"{side}_by") or "lần ghi trước", body.get(f"{side}_at")
    return f"{by}, {day(datetime.fromisoformat(at))}" if at else str(by)
