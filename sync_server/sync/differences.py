"""Puts a difference before the lead: both values of each field, who wrote which and when, and which one is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from survey.differences import key_of
from survey.merge import FieldDifference
from survey.times import wire_time
from survey.wire import Change
from sync_server.store.differences import Difference
from sync_server.sync.batch import Batch

Body = dict[str, Any]
Side = Literal["theirs", "mine"]
_TRAITS = ("relation", "birth_year", "sex")


@dataclass(frozen=True)
class NewDifference:
    """A disagreement between two edits, not yet stored: the fields, and who wrote the earlier value and when.

    "mine" is the change that is judged, "theirs" what was there before; `shows` is the side that is shown now.
    `household` is None for an attestation.
    """

    village: str
    household: str | None
    fields: tuple[FieldDifference, ...]
    theirs_by: str | None
    theirs_at: str | None
    shows: Side = "mine"


def note_difference(batch: Batch, change: Change, found: NewDifference, people: Mapping[str, Body], more: Body) -> None:
    """Put the difference of a change into the batch and on the village's stream.

    `people` are the residents that its fields may name, by id; `more` is added to its body.
    """
    body = {
        "state": "open",
        "about": change.kind,
        "household": found.household,
        "fields": [_field(one, people) for one in found.fields],
        "shows": found.shows,
        "mine_by": batch.caller.member.name,
        "mine_at": wire_time(min(change.captured_at, batch.now)),
        "theirs_by": found.theirs_by,
        "theirs_at": found.theirs_at,
        "found_at": wire_time(batch.now),
    } | more
    batch.show_difference(Difference(change.id, found.village, found.household, batch.now, body))


def _field(field: FieldDifference, people: Mapping[str, Body]) -> Body:
    """One field in wire form. `key` is the question, field or criterion, `resident` the person it is about, with what
    tells people of one household apart."""
    body: Body = {"path": list(field.path), "theirs": field.theirs, "mine": field.mine, "key": key_of(field.path)}
    if field.path[0] == "residents":
        resident = people.get(field.path[1], {})
        body["resident"] = {"id": field.path[1]} | {name: resident.get(name) for name in _TRAITS}
    return body
