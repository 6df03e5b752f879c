"""What a start, a household and its form ask of the device's file, asked once of a made-up village.

It is done while a snapshot of Python's memory is made (`app/warm.py`): SQLAlchemy has then compiled what it asks, which
is the longer part of most questions on a phone. What is missing here is answered as well, only later the first time.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

from app.actions.responses import find_campaign, open_draft
from app.store.coverage import find_met
from app.store.database import Database, Session
from app.store.doubts import list_asked_of, list_doubts_of
from app.store.erasures import find_erased
from app.store.errands import list_errands
from app.store.household_counts import count_by_filter, count_open_by_alley
from app.store.household_list import count_households, find_listed, list_households
from app.store.households import find_household, save_households
from app.store.list_place import find_list_place
from app.store.next_door import find_next_door
from app.store.outbox import count_outbox, find_oldest_waiting, list_next_batch, list_returned
from app.store.pin import find_pin, find_pin_due, find_required_pin
from app.store.rounds import find_fresh_since
from app.store.stream import save_digests, save_stream_rows
from app.store.sync_state import find_setting, find_sign_in, list_villages, save_sign_in
from app.ui.early_list import make_early_list
from app.ui.state import AppState, Looks
from app.ui.workspace import Workspace
from survey.criteria import CriteriaSet
from survey.records import Commune, SurveyRound, Village
from survey.roles import Role
from survey.wire import EnrollmentReply, MemberName, StreamItem

_NOW = datetime(2026, 1, 2, tzinfo=UTC)
_MEMBER, _VILLAGE, _HOUSEHOLD, _DEVICE, _ROUND = (f"01935000-0000-7000-8000-{number:012d}" for number in range(5))


def rehearse() -> None:
    """Ask everything; nothing of it is kept but what SQLAlchemy has learned."""
    Database.rehearse(_ask)


def _ask(database: Database) -> None:
    with database.write() as session:
        _save_village(session)
    for fresh_since in (None, _NOW):
        for question in _questions(fresh_since):
            with database.read() as session:
                question(session)
    open_draft(database, _NOW, _HOUSEHOLD, find_campaign(database))
    nobody = cast(Any, SimpleNamespace())
    make_early_list(Workspace(database, nobody, lambda: _NOW, nobody, nobody, AppState(), Looks("vi"), nobody))


def _save_village(session: Session) -> None:
    reply = EnrollmentReply(
        token="",
        device_id=_DEVICE,
        member=MemberName(id=_MEMBER, name="-"),
        role=Role.MEMBER,
        commune=Commune(code="00000", name="-", kind="xã"),
        villages=[Village(id=_VILLAGE, name="-", kind="thôn")],
        server_epoch="",
        scope_version=0,
    )
    campaign = CriteriaSet(code="none", title="", issuer="", document="", criteria=[])
    present = SurveyRound(id=_ROUND, title="", criteria_set="none", reference_year=2026, starts_on=date(2026, 1, 1))
    household = StreamItem(seq=3, kind="household", subject=_HOUSEHOLD, body={"head_name": "An", "address": "Xóm 1"})
    save_sign_in(session, reply, _NOW)
    rows = [
        StreamItem(seq=1, kind="criteria_set", subject="none", body=campaign.model_dump(mode="json")),
        StreamItem(seq=2, kind="round", subject=_ROUND, body=present.model_dump(mode="json")),
        household,
    ]
    save_stream_rows(session, _VILLAGE, rows)
    save_households(session, _VILLAGE, [household])
    save_digests(session, _VILLAGE)


def _questions(fresh_since: datetime | None) -> list[Callable[[Session], object]]:
    here, limit = [_VILLAGE], 30
    return [
        # Of the start.
        lambda asked: find_setting(asked, "language"),
        find_pin_due,
        find_pin,
        find_required_pin,
        find_sign_in,
        find_list_place,
        list_villages,
        lambda asked: find_fresh_since(asked, _NOW),
        # Of the list.
        lambda asked: list_errands(asked, here),
        lambda asked: list_asked_of(asked, _MEMBER, here),
        lambda asked: list_households(asked, here, "", "open", limit=limit, fresh_since=fresh_since),
        lambda asked: count_households(asked, here, "", "open", fresh_since),
        lambda asked: count_by_filter(asked, here, fresh_since),
        lambda asked: count_open_by_alley(asked, here, fresh_since),
        count_outbox,
        find_oldest_waiting,
        lambda asked: find_met(asked, here),
        # Of a household.
        lambda asked: find_listed(asked, _HOUSEHOLD, fresh_since),
        lambda asked: find_household(asked, _HOUSEHOLD),
        lambda asked: find_erased(asked, _HOUSEHOLD),
        lambda asked: list_returned(asked, _HOUSEHOLD),
        lambda asked: list_doubts_of(asked, _HOUSEHOLD, here),
        lambda asked: find_next_door(asked, _HOUSEHOLD, fresh_since),
        # Of the first sync.
        lambda asked: list_next_batch(asked, 1),
    ]
