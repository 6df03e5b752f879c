"""Where a person works and worked: what a device may see, and what of its work is taken over."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from survey.roles import Role
from sync_server.store.database import Session
from sync_server.store.devices import Owner
from sync_server.store.members import Membership, list_memberships
from sync_server.store.villages import list_villages

BEFORE_IT_BEGAN = timedelta(days=1)
"""How long before a membership work may seem to be from; earlier than that, the clock was wrong and nobody knows."""


@dataclass(frozen=True)
class Scope:
    """The villages of a person at a time, and the memberships that had ended by then.

    `until` is when the person's device was revoked: what was captured from then on is not taken over by itself.
    """

    villages: tuple[str, ...]
    ended: tuple[Membership, ...] = ()
    until: datetime | None = None

    def takes(self, village: str, captured_at: datetime, clock_skew: int) -> bool:
        """Whether work for this village is taken over: the person's now, or it was when the work was captured.

        The device's clock is corrected by how far off it is now. Where that does not show the work to be from within
        the membership it is not taken over by itself: it is held, and the lead decides.
        """
        if village in self.villages:
            return True
        captured = _by_the_server(captured_at, clock_skew)
        return any(
            one.village == village
            and one.ended_at is not None
            and (one.began_at - BEFORE_IT_BEGAN).timestamp() <= captured < one.ended_at.timestamp()
            for one in self.ended
        )

    def is_over(self, captured_at: datetime, clock_skew: int) -> bool:
        """Whether the work was captured after the device was revoked."""
        return self.until is not None and _by_the_server(captured_at, clock_skew) > self.until.timestamp()


def _by_the_server(captured_at: datetime, clock_skew: int) -> float:
    """When it was by the server's clock, as a number: a clock of the year 9999 must not overflow."""
    return captured_at.timestamp() - clock_skew


def find_scope(session: Session, owner: Owner, at: datetime | None = None) -> Scope:
    """The person's scope now, or as it was at a time: the villages given to a member or lead, all for an official."""
    commune = owner.commune.code
    if owner.member.role is Role.OFFICIAL:
        return Scope(tuple(village.id for village in list_villages(session, commune, ended=True)), until=at)
    all_times = list_memberships(session, commune, owner.member.id)
    held = [one for one in all_times if _goes_on(one, at)]
    ended = tuple(one for one in all_times if one not in held)
    return Scope(tuple(dict.fromkeys(one.village for one in held)), ended, at)


def _goes_on(membership: Membership, at: datetime | None) -> bool:
    if at is None or membership.ended_at is None:
        return membership.ended_at is None and (at is None or membership.began_at <= at)
    return membership.began_at <= at < membership.ended_at
