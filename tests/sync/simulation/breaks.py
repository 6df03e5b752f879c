"""The product, broken on purpose in one place: what a simulation is worth is what it notices.

Each break is a small patch that does one thing wrongly, as a slip of the pen would: a guard left out, a step forgotten.
`breaking` plays seeds under it until a promise is broken.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from sqlalchemy import text

import app.store.outbox
import app.store.scope
import app.store.stream
import app.store.sync_state
import app.sync.exchange
import sync_server.sync.batch
from survey.doubts import Doubt
from survey.merge import Merged
from survey.problems import DEVICE_REVOKED
from survey.wire import SyncRequest
from sync_server.access.caller import Caller
from sync_server.store.changes import JudgedChange
from sync_server.sync.batch import Batch

Breaks = Callable[[], AbstractContextManager[Any]]


@dataclass(frozen=True)
class Break:
    """What is done wrongly, in words, and what does it."""

    name: str
    broken: Breaks


def _instead(place: str, what: Callable[..., Any]) -> Breaks:
    """`what` runs where the product calls the function at this place."""
    return lambda: patch(place, what)


def _nothing(*_: Any, **__: Any) -> None:
    """A step that is forgotten."""


def _always(answer: Any) -> Callable[..., Any]:
    return lambda *_, **__: answer


def _all(*some: Breaks) -> Breaks:
    """Several guards left out at once: where one alone is held by the next."""

    @contextmanager
    def broken() -> Iterator[None]:
        with ExitStack() as stack:
            for one in some:
                stack.enter_context(one())
            yield

    return broken


def _purging(table: str, where: str = "1 = 1") -> Callable[..., None]:
    """Saving the scope takes these rows with it, too."""
    original = app.store.scope.save_scope

    def save_scope(session: Any, in_scope: list[str]) -> None:
        original(session, in_scope)
        session.flush()
        named = ", ".join(f"'{one}'" for one in in_scope)
        session.connection().execute(text(f"DELETE FROM {table} WHERE {where.format(villages=named)}"))

    return save_scope


def _saving_rows(kept: Callable[[list[Any]], list[Any]]) -> Breaks:
    """Of each page the phone saves only some rows."""
    original = app.store.stream.save_stream_rows
    return _instead(
        "app.sync.exchange.save_stream_rows", lambda session, village, rows: original(session, village, kept(rows))
    )


def _known_only(rows: list[Any]) -> list[Any]:
    return [one for one in rows if one.kind != "from_tomorrow"]


def _granted_late() -> Callable[..., bool]:
    """The first page of a village that is new here lacks its first row."""
    original = app.sync.exchange._keep_page

    def keep_page(session: Any, village: str, page: Any) -> bool:
        is_new = village not in app.store.sync_state.list_cursors(session)
        return original(session, village, page.model_copy(update={"rows": page.rows[1:]}) if is_new else page)

    return keep_page


def _keeping_cursors() -> Callable[..., None]:
    original = app.sync.exchange._start_over

    def start_over(session: Any, reply: Any, now: Any) -> None:
        before = app.store.sync_state.list_cursors(session)
        original(session, reply, now)
        for village, cursor in before.items():
            app.store.sync_state.save_cursor(session, village, cursor)

    return start_over


def _taken_for_applied(session: Any, verdicts: list[Any], at: Any) -> list[str]:
    return app.store.outbox.mark_settled(session, [one.model_copy(update={"first": "applied"}) for one in verdicts], at)


def _forgetting_invalid(change: Any, digest: str, verdict: str, **more: Any) -> JudgedChange:
    more |= {"keep_body": False} if verdict == "invalid" else {}
    return JudgedChange(change, digest, verdict, **more)  # type: ignore[arg-type]


def _counting_nothing() -> Callable[..., Any]:
    original = sync_server.sync.batch._count

    def count(session: Any, batch: Batch) -> Any:
        before = {one: list(batch.villages[one].counts or []) for one in batch.touched}
        touched = original(session, batch)
        for one, counts in before.items():
            touched[one].counts = counts or touched[one].counts
        return touched

    return count


def _forgetting_steps() -> Callable[..., Doubt]:
    original = Doubt.after
    return lambda doubt, done: original(doubt.model_copy(update={"steps": []}), done)


def _nameless(now: dict[str, Any], *_: Any) -> dict[str, Any]:
    """The kept household after a parting: a wrong name, and no answers."""
    return {key: now[key] for key in now if key not in {"current", "visited_at", "visited_by"}} | {"head_name": "Ai đó"}


def _as_it_is(now: dict[str, Any], *_: Any) -> dict[str, Any]:
    return now


def _renewed_only(session: Any, token: str) -> None:
    app.store.sync_state.save_token(session, token)
    session.flush()
    told = "UPDATE setting SET value = json_remove(value, '$.former_token') WHERE key = 'sign_in'"
    session.connection().execute(text(told))


def _wiping(session: Any, moved_to: str) -> None:
    app.store.scope.delete_everything(session, "revoked", moved_to)


_REFUSES_NOTHING: Breaks = lambda: patch.object(Caller, "refusal", _always(None))  # noqa: E731
_COPIES_NOTHING: Breaks = lambda: patch.object(SyncRequest, "model_copy", lambda asked, **_: asked)  # noqa: E731
_AGREES: Breaks = _instead("app.sync.exchange._agrees", _always(True))

BREAKS = [
    Break(
        "the outbox goes with a village that was lost",
        lambda: patch("app.sync.exchange.save_scope", _purging("outbox", "village_id NOT IN ({villages})")),
    ),
    Break("unsent work keeps no household", _instead("app.store.scope.list_tied_households", _always(set()))),
    Break("a form that was begun goes with a sync", lambda: patch("app.sync.exchange.save_scope", _purging("draft"))),
    Break("a granted village is not read from its beginning",
          lambda: patch("app.sync.exchange._keep_page", _granted_late())),
    Break("a phone drops kinds that it does not know", _saving_rows(_known_only)),
    Break("the last row of a page is passed by", _saving_rows(lambda rows: rows[:-1])),
    Break("removed subjects stay", _saving_rows(lambda rows: [one for one in rows if one.body is not None])),
    Break("an unsent edit is hidden", _instead("app.store.households.list_shown_bodies", _always({}))),
    Break("every verdict is taken for applied", _instead("app.sync.exchange.mark_settled", _taken_for_applied)),
    Break("a visit is saved without its place in the outbox",
          _instead("app.actions.responses.add_to_outbox", _nothing)),
    Break("nothing is offered again after a restore", _instead("app.sync.exchange.mark_offered_again", _always([]))),
    Break("what was held for its household is not offered again",
          _instead("app.sync.exchange.mark_offered_for", _always(False))),
    Break("cursors stay after a restore, and no check is compared",
          _all(_COPIES_NOTHING, _instead("app.sync.exchange._start_over", _keeping_cursors()), _AGREES)),
    Break("no check is compared at the end of a sync", _AGREES),
    Break("a renewed credential is not saved", _instead("app.sync.exchange.save_token", _nothing)),
    Break("the former credential is not kept", _instead("app.sync.exchange.save_token", _renewed_only)),
    Break("a revoked phone is wiped with unsent work", _instead("app.sync.exchange._end", _wiping)),
    Break("a revoked phone is never wiped", _instead("app.sync.exchange._end", _nothing)),
    Break("a lost phone is not wiped", _instead("app.sync.exchange.DEVICE_LOST", DEVICE_REVOKED)),  # type: ignore[arg-type]
    Break("whoever is signed in writes everywhere", _REFUSES_NOTHING),
    Break("a change that comes again is judged again", _instead("sync_server.sync.apply.list_verdicts", _always({}))),
    Break("invalid work is not kept", _instead("sync_server.sync.apply.JudgedChange", _forgetting_invalid)),
    Break("two visits that differ are not put to the lead",
          _instead("sync_server.sync.kinds.response.note_difference", _nothing)),
    Break("two edits that differ are not put to the lead",
          _instead("sync_server.sync.kinds.household.note_difference", _nothing)),
    Break("the last writer wins",
          _instead("survey.households.merge_visits", lambda _base, _theirs, mine: Merged(mine, ()))),
    Break("a visit changes no sum", lambda: patch("sync_server.sync.batch._count", _counting_nothing())),
    Break("a doubt forgets its earlier steps", lambda: patch.object(Doubt, "after", _forgetting_steps())),
    Break("two that are one are not known by both ids", _instead("sync_server.sync.batch.add_aliases", _nothing)),
    Break("a parting spoils the household that was kept", _instead("sync_server.sync.kinds.join.parted", _nameless)),
    Break("a parting leaves the kept household as it is", _instead("sync_server.sync.kinds.join.parted", _as_it_is)),
]  # fmt: skip
