"""What came of a person's own visits that were checked again: they see what others are shown about them."""

from survey.agreement import by_member
from survey.back_checks import Why
from survey.own_back_checks import AskedHome, ComparedAnswer, OwnBackChecks
from sync_server.access.caller import Caller
from sync_server.review.asking_again import read_checked
from sync_server.store.back_checks import list_back_checks
from sync_server.store.communes import list_rounds
from sync_server.store.database import Session
from sync_server.store.stream import list_shown_in


def read_own(session: Session, caller: Caller) -> OwnBackChecks:
    """The caller's visits of the latest round that were checked again. A household's name is there while the caller
    works in its village."""
    commune = caller.commune.code
    latest = next(iter(list_rounds(session, commune)), None)
    if latest is None:
        return OwnBackChecks()
    every = list_back_checks(session, commune, latest.id)
    done = {one.id: one for one in every if one.member == caller.member.id and one.again is not None}
    checked = read_checked(session, commune, done.values())
    counted = [one for one in checked if not done[one.visit].left_out_why]
    agreed = by_member(counted).values()
    rows = list_shown_in(session, commune, "household", caller.villages, {one.household for one in checked})
    homes = [
        AskedHome.model_validate(
            {
                "household": one.household,
                "head_name": str(rows[one.household].to_body().get("head_name") or "") if one.household in rows else "",
                "asked_at": done[one.visit].done_at,
                "asked_by": done[one.visit].done_by or "",
                "counts": one.why is Why.DRAWN and not done[one.visit].left_out_why,
                "matches": one.matches,
                "items": [
                    ComparedAnswer(item=each.item, before=each.before, now=each.now, agrees=each.agrees)
                    for each in one.compared
                ],
            }
        )
        for one in checked
    ]
    return OwnBackChecks(
        round_title=latest.title,
        matching=sum(one.matching for one in agreed),
        total=sum(one.total for one in agreed),
        homes=sorted(homes, key=lambda one: one.asked_at, reverse=True),
    )
