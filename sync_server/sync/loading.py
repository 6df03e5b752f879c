"""Load everything that the changes refer to: the order of the steps; `finding` has the single loads."""

from datetime import UTC, datetime

from survey.wire import Change
from sync_server.access.caller import Caller
from sync_server.coverage import find_counting
from sync_server.store.database import Session
from sync_server.sync.batch import Batch
from sync_server.sync.finding import Wanted, load_households, load_successors, lock_villages
from sync_server.sync.kinds import KINDS

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


def load_batch(session: Session, commune: str, callers: list[Caller], changes: list[Change]) -> Batch:
    """Load a batch for the callers' changes. The villages that they write to are locked until the transaction ends."""
    reach = frozenset(village for caller in callers for village in caller.villages)
    batch = Batch(commune, reach, callers[0], _LONG_AGO, find_counting(session, commune))
    by_kind = [(kind, [one for one in changes if one.kind == name]) for name, kind in KINDS.items()]
    by_kind = [(kind, some) for kind, some in by_kind if some]
    targets = {village for kind, some in by_kind for change in some for village in kind.targets(change)}
    lock_villages(session, batch, {one.village for one in changes} | (targets & reach))
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
