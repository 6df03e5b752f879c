"""Putting a difference to the lead: both values of each field, who wrote which when, and which one shows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from survey.merge import FieldDifference, Path
from survey.wire import Change
from sync_server.store.differences import Difference
from sync_server.sync.batch import Batch

Body = dict[str, Any]
Side = Literal["theirs", "mine"]
_TRAITS = ("relation", "birth_year", "sex")


@dataclass(frozen=True)
class Found:
    """Where two people differ: the household's or the village's, and who wrote what stood there before."""

    village: str
    household: str | None
    fields: tuple[FieldDifference, ...]
    theirs_by: str | None
    theirs_at: str | None
    shows: Side = "mine"


def as_time(at: datetime) -> str:
    """An instant as it is on the stream."""
    return at.isoformat().replace("+00:00", "Z")


def note_difference(batch: Batch, change: Change, found: Found, people: Mapping[str, Body], more: Body) -> None:
    """Keep the difference and show it on the village's stream. `people` are the residents that its fields may name."""
    body = {
        "state": "open",
        "about": change.kind,
        "household": found.household,
        "fields": [_field(one, people) for one in found.fields],
        "shows": found.shows,
        "mine_by": batch.caller.member.name,
        "mine_at": as_time(min(change.captured_at, batch.now)),
        "theirs_by": found.theirs_by,
        "theirs_at": found.theirs_at,
        "found_at": as_time(batch.now),
    } | more
    batch.show_difference(Difference(change.id, found.village, found.household, batch.now, body))


def _field(field: FieldDifference, people: Mapping[str, Body]) -> Body:
    """One field: `key` is the question, field or criterion, `resident` whom it is about, with what tells them apart."""
    body: Body = {"path": list(field.path), "theirs": field.theirs, "mine": field.mine, "key": key_of(field.path)}
    if field.path[0] == "residents":
        resident = people.get(field.path[1], {})
        body["resident"] = {"id": field.path[1]} | {name: resident.get(name) for name in _TRAITS}
    return body


def key_of(path: Path) -> str:
    """What a person calls the field: the question or column, the criterion, or `resident` for who lives there."""
    if path[0] == "residents":
        return path[-1] if len(path) > 2 else "resident"
    return path[1] if path[0] == "answers" else path[0]


def residents_of(*visits: Body | None) -> dict[str, Body]:
    """The residents of some visits by id; of one that is in several, the first."""
    found: dict[str, Body] = {}
    for visit in visits:
        people: Iterable[Body] = (visit or {}).get("residents") or []
        for resident in people:
            found.setdefault(resident["id"], resident)
    return found
