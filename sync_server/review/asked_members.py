"""Members whose families said otherwise when they were asked again: they are asked how it was."""

from collections.abc import Mapping
from hashlib import sha256

from survey.agreement import asks_about, by_member
from sync_server.review.asking_again import list_checked
from sync_server.review.matching import Noticed
from sync_server.store.database import Session


def notice_asked_members(session: Session, commune: str, villages: set[str], names: Mapping[str, str]) -> list[Noticed]:
    """One for each member and village, about the visits that differ."""
    checked = list_checked(session, commune)
    totals = by_member(checked)
    noticed = []
    for (village, member), some in asks_about(checked).items():
        if village in villages:
            visits = tuple(sorted(one.visit for one in some))
            evidence = {
                "differing": len(some),
                "total": totals[village, member].total,
                "nobody": sum(one.nobody_came for one in some),
            }
            same = sha256(" ".join(visits).encode()).hexdigest()[:16]
            homes = tuple(one.household for one in some)
            name = names.get(member, "")
            noticed.append(Noticed("asked_again", same, village, member, name, visits, homes, evidence))
    return noticed
