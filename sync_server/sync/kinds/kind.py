"""What a kind of change provides; each other file of this folder provides one."""

from collections.abc import Callable
from dataclasses import dataclass

from survey.roles import Action
from survey.wire import Change
from sync_server.store.database import Session
from sync_server.sync.batch import Batch, Judgement
from sync_server.sync.finding import Wanted


def no_targets(_change: Change) -> set[str]:
    """For kinds whose changes write to their own village alone."""
    return set()


def no_households(_session: Session, _batch: Batch, _changes: list[Change]) -> Wanted:
    """For kinds whose changes refer to no household."""
    return {}


def load_nothing(_session: Session, _batch: Batch, _changes: list[Change]) -> None:
    """For kinds that are judged by their households alone."""


@dataclass(frozen=True)
class Kind:
    """How changes of one kind are judged. All of a request are loaded together, then judged one by one.

    - `action`: what a person must be allowed to do to send them.
    - `judge`: decides one change on the loaded batch, without SQL.
    - `find_households`: the ids of the households that the changes refer to, keyed by the village that each names. It
      may load into the batch what it needs for that.
    - `load`: loads the rest that `judge` needs.
    - `targets`: the villages, besides its own, that a change may write to.
    - `follows_merges`: `batch.successors` is always loaded. A visit does without: it goes where its household lives.
    """

    action: Action
    judge: Callable[[Batch, Change], Judgement]
    find_households: Callable[[Session, Batch, list[Change]], Wanted] = no_households
    load: Callable[[Session, Batch, list[Change]], None] = load_nothing
    targets: Callable[[Change], set[str]] = no_targets
    follows_merges: bool = True
