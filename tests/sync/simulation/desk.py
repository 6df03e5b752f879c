"""Who sits at a PC of the commune: what a page does is a change, judged as a phone's, that is in no outbox."""

from random import Random
from typing import Any

from survey.roles import Action
from survey.wire import VerdictReply
from sync_server.access.caller import Caller, recognise_device
from sync_server.office.writing import Draft, record
from tests.sync.simulation.cast import COMMUNE, OFFICE_DEVICE
from tests.sync.simulation.world import Broken, World


def who_sits_there(world: World, dice: Random) -> Caller:
    """The official who opened the commune, or any lead or official whose device is known and in use."""
    phones = [one.device for one in world.phones if one.state == "active"]
    with world.peek() as server:
        first = [row[0] for row in server.execute("SELECT id FROM device WHERE name = ?", (OFFICE_DEVICE,))]
    with world.server.state.database.read() as session:
        found = [recognise_device(session, COMMUNE, one) for one in [*first, *phones]]
    return dice.choice([one for one in found if one and one.villages and one.may(Action.REVIEW_VISIT)])


def new_draft(world: World, dice: Random, seen: int) -> Draft:
    """The form of a page that showed the stream up to `seen`; what it sends is known as the desk's."""
    draft = Draft(f"01935010-0000-7000-8000-{dice.getrandbits(48):012x}", seen)
    world.desk.add(draft.change)
    return draft


def send(
    world: World, caller: Caller, draft: Draft, *, kind: str, subject: str, village: str, body: dict[str, Any]
) -> VerdictReply:
    """What the page's form does; a double click does it once."""
    writers, now = world.server.state.writers, world.clock()
    told, again = (
        record(writers, caller, now, draft, kind=kind, subject=subject, village=village, body=body) for _ in range(2)
    )
    is_once = again.verdict == "duplicate" and again.first == told.verdict
    if not is_once and (told.verdict, again.verdict) != ("held", "held"):  # what is not there yet is judged anew
        raise Broken("a double click is one change", f"{kind} {body}: {told}, then {again}")
    world.figures[f"desk {kind} {told.verdict}"] += 1
    world.note(f" ({told.verdict}{f', {told.problem.slug}' if told.problem else ''})")
    return told
