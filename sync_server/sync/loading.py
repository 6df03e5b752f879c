"""Load everything that a request's changes refer to: the order of the steps; `finding` has the single loads."""

from datetime import datetime

from survey.wire import Change
from sync_server.access.caller import Caller
from sync_server.coverage import find_counting
from sync_server.store.database import Session
from sync_server.sync.batch import Batch
from sync_server.sync.finding import Wanted, load_households, load_successors, lock_villages
from sync_server.sync.kinds import KINDS


def load_batch(session: Session, caller: Caller, changes: list[Change], now: datetime) -> Batch:
    """Load a batch for the changes. The villages that they write to are locked until the transaction ends."""
    batch = Batch(caller, now, find_counting(session, caller.commune.code))
    by_kind = [(kind, [one for one in changes if one.kind == name]) for name, kind in KINDS.items()]
    by_kind = [(kind, some) for kind, some in by_kind if some]
    targets = {village for kind, some in by_kind for change in some for village in kind.targets(change)}
    lock_villages(session, batch, {one.village for one in changes} | (targets & set(caller.villages)))
    if any(kind.follows_merges for kind, _ in by_kind):
        load_successors(session, batch)
    wanted: Wanted = {}
    for kind, some in by_kind:
        for village, households in kind.find_households(session, batch, some).items():
            wanted.setdefault(village, set()).update(households)
    load_households(session, batch, wanted)
    for kind, some in by_kind:
        kind.load(session, batch, some)
    return batch
