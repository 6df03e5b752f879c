"""Rules for households: reading typed fields, and what a household shows after a visit.

The server and the phones follow the same rules, so a phone shows at the door what will show after the sync.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from survey.card_code import read_code
from survey.free_text import free_texts
from survey.ids import is_id
from survey.merge import Merged, merge_visits
from survey.privacy import holds_long_number
from survey.problem_shapes import FieldProblem
from survey.records import LEFT_STATUSES, Household, HouseholdStatus, Outcome
from survey.vietnamese import parse_phone, spelling

LARGEST_LINE = 1_000_000
NOT_YOUR_VILLAGE = FieldProblem(
    pointer="/village",
    detail="Chỉ chuyển được hộ đến thôn mà anh/chị phụ trách. Nếu là thôn khác, nhờ cán bộ xã chuyển.",
)
Fields = dict[str, Any]
Body = dict[str, Any]
SERVER_FIELDS = frozenset({"current", "visited_at", "visited_by", "visit", "ask_again", "left_at", "listed_people"})
"""Fields that only the server sets, from visits, the lead's answers, departures and the commune's lists; ignored in a
change's body."""
_STATUS_AFTER = {
    Outcome.COMPLETED: HouseholdStatus.ACTIVE,
    Outcome.REFUSED: HouseholdStatus.REFUSED,
    Outcome.VACANT: HouseholdStatus.VACANT,
    Outcome.MOVED: HouseholdStatus.MOVED,
}


@dataclass(frozen=True)
class Visited:
    """A household after a visit: the `body` that shows, the result of merging the answers, and the household's own
    fields that the visit changed."""

    body: Body
    merged: Merged
    changed: Fields


def household_body(household: Household) -> Body:
    """A new household in wire form, without empty fields: they must not differ from what somebody else fills in."""
    body = household.model_dump(mode="json", exclude_none=True)
    return {key: value for key, value in body.items() if value != ""}


def list_key(head_name: str, address: str) -> str:
    """Name and address, equal for two list lines of one household wherever their tone marks were put (hoà, hòa)."""
    return f"{spelling(head_name)}|{spelling(address)}"


def own_fields(body: Body) -> Fields:
    """The household's fields without those that only the server sets (`SERVER_FIELDS`)."""
    return {key: value for key, value in body.items() if key not in SERVER_FIELDS}


def seen_answers(based_on: str | None, present: Body | None, shown: Mapping[str, Body]) -> Body | None:
    """The answers that a visit's form was filled from, found by the id in `based_on`: the present or earlier ones.

    `shown` are the answers that showed after each earlier visit, by its id. None for a first visit, or if not found.
    """
    if based_on is None:
        return None
    return present if present and present.get("id") == based_on else shown.get(based_on)


def take_visit(body: Body, base: Body | None, visit: Body, *, by: str, at: str) -> Visited:
    """Merge a visit into a household's body. `by` is the visitor's name, `at` the end of the visit.

    `visit` includes its id; `base` are the answers that it was filled from. If this visit shows after the merge, the
    household also gets its visitor, time and status, and a request to ask again ends unless nobody was at home. If
    other answers stay, nothing else of the household changes.
    """
    merged = _signing_departures(merge_visits(base, body.get("current"), visit), body, visit)
    after = body | {"current": merged.body}
    if merged.body.get("id") != visit["id"]:
        return Visited(after, merged, {})
    after |= {"visited_at": at, "visited_by": by}
    after.pop("visit", None)
    if merged.body["outcome"] == Outcome.COMPLETED:  # the family has said itself who lives there
        after.pop("listed_people", None)
    if merged.body["outcome"] != Outcome.ABSENT:  # who declines is not asked again and again
        after.pop("ask_again", None)
    changed = status_after(after, merged.body)
    return Visited(noting_departure(body, after | changed, at), merged, changed)


def _signing_departures(merged: Merged, before: Body, visit: Body) -> Merged:
    """Sign departures that an earlier visit reported with its person and time, as this visit did not report them."""
    own = {one["id"] for one in visit.get("left") or []}
    signed = {"by": before.get("visited_by"), "at": before.get("visited_at")}
    left = [one if one["id"] in own or one.get("by") else one | signed for one in merged.body.get("left") or []]
    if merged.body.get("id") != visit["id"] or left == (merged.body.get("left") or []):
        return merged
    return replace(merged, body=merged.body | {"left": left})


def status_after(body: Body, shown: Body) -> Fields:
    """The status that the shown outcome gives the household, as `{"status": …}`; empty if it does not change."""
    status = _STATUS_AFTER.get(Outcome(shown["outcome"]))
    return {} if status is None or body.get("status") == status else {"status": status.value}


def noting_departure(before: Body, after: Body, at: str) -> Body:
    """`after` with `left_at`: `at` if the household has just left, as before if it had left, none if it is there."""
    if after.get("status") not in LEFT_STATUSES:
        return {key: value for key, value in after.items() if key != "left_at"}
    return after if before.get("status") in LEFT_STATUSES else after | {"left_at": at}


def read_fields(given: Fields) -> tuple[Fields, list[FieldProblem]]:
    """Typed fields in wire form, and a problem for each field at fault. An empty phone, card or person becomes None."""
    if "head_name" in given and not str(given["head_name"] or "").strip():
        return {}, [FieldProblem(pointer="/head_name", detail="Anh/chị ghi họ tên chủ hộ.")]
    options = {key: given[key] or None for key in ("phone", "card", "assigned_to") if key in given}
    try:
        household = Household.model_validate({"head_name": "?"} | given | options)
    except ValidationError as error:
        pointers = dict.fromkeys(f"/{one['loc'][0]}" for one in error.errors())
        return {}, [
            FieldProblem(pointer=pointer, detail="Nội dung này dài quá hoặc không đúng dạng.") for pointer in pointers
        ]
    fields = {key: value for key, value in household.model_dump(mode="json").items() if key in given}
    return fields, check_fields(fields)


def check_fields(sent: Fields) -> list[FieldProblem]:
    """A problem for each field at fault beyond its type. Puts phone, card and village in `sent` into wire form."""
    problems: list[FieldProblem] = []
    if sent.get("phone"):
        sent["phone"] = parse_phone(sent["phone"])
        if sent["phone"] is None:
            problems.append(
                FieldProblem(pointer="/phone", detail="Số điện thoại không đúng: cần 10 chữ số, ví dụ 0912 345 678.")
            )
    if sent.get("card"):
        sent["card"] = read_code(sent["card"])
        if sent["card"] is None:
            problems.append(
                FieldProblem(pointer="/card", detail="Mã thẻ không đúng: anh/chị quét lại hoặc kiểm tra từng ký tự.")
            )
    if not 0 <= (sent.get("number") or 0) <= LARGEST_LINE:
        problems.append(FieldProblem.filled("/number", "Số thứ tự phải từ 0 đến {most}.", most=LARGEST_LINE))
    if is_id(sent.get("village")):
        sent["village"] = sent["village"].lower()
    elif "village" in sent:
        problems.append(FieldProblem(pointer="/village", detail="Thôn chuyển đến không đúng."))
    texts = [name for name in Household.model_fields if name in free_texts(Household) and name in sent]
    return problems + [_too_long(name) for name in texts if holds_long_number(sent[name] or "")]


def _too_long(name: str) -> FieldProblem:
    return FieldProblem(
        pointer=f"/{name}",
        detail="Không ghi số giấy tờ, số tài khoản hay số điện thoại ở đây. Số điện thoại có ô riêng.",
    )
