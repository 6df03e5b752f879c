"""What a kind of change brings; `household.py`, `response.py`, `attestation.py` and `resolution.py` each bring one."""

from collections.abc import Callable
from dataclasses import dataclass

from survey.roles import Action
from survey.wire import Change
from sync_server.store.database import Session
from sync_server.sync.batch import Batch, Judgement
from sync_server.sync.finding import Wanted


def no_targets(_change: Change) -> set[str]:
    """The change writes to its own village alone."""
    return set()


def no_households(_session: Session, _batch: Batch, _changes: list[Change]) -> Wanted:
    """The changes are about no household."""
    return {}


def load_nothing(_session: Session, _batch: Batch, _changes: list[Change]) -> None:
    """The changes need nothing but their households."""


@dataclass(frozen=True)
class Kind:
    """How the changes of one kind are taken over. All of a request are loaded together, then judged one by one.

    `action` is what a person must be allowed to send them. `judge` decides one change on the loaded batch, without SQL.
    `find_households` says which households the changes are about, by the village each names, and may load on the way
    what tells; `load` then reads the rest that `judge` needs. `targets` are villages besides its own that a change may
    write to. `follows_merges`: what a change makes in a village that was merged is made where that is now.
    """

    action: Action
    judge: Callable[[Batch, Change], Judgement]
    find_households: Callable[[Session, Batch, list[Change]], Wanted] = no_households
    load: Callable[[Session, Batch, list[Change]], None] = load_nothing
    targets: Callable[[Change], set[str]] = no_targets
    follows_merges: bool = True
