"""The villages where a person works or worked: what a device may see, and which of its changes may be judged."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from survey.roles import Role
from sync_server.store.database import Session
from sync_server.store.devices import Owner
from sync_server.store.members import Membership, list_memberships_of
from sync_server.store.villages import list_villages

BEFORE_IT_BEGAN = timedelta(days=1)
"""A change may seem captured this long before its membership began. If it seems older, the clock is not trusted."""


@dataclass(frozen=True)
class Scope:
    """The villages of a person at one time, and the memberships that had ended by then.

    `until` is when the person's device was revoked, else None: changes that were captured later are held.
    """

    villages: tuple[str, ...]
    ended: tuple[Membership, ...] = ()
    until: datetime | None = None

    def takes(self, village: str, captured_at: datetime, clock_skew: int) -> bool:
        """Whether a change for this village may be judged: the person works there now, or did when it was captured.

        `captured_at` is corrected by `clock_skew`, the device's clock minus the server's in seconds. A change that this
        does not place within a membership is held, and the lead decides.
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
        """Whether the change was captured after the device was revoked."""
        return self.until is not None and _by_the_server(captured_at, clock_skew) > self.until.timestamp()


def _by_the_server(captured_at: datetime, clock_skew: int) -> float:
    """The time by the server's clock, as a Unix timestamp: a number does not overflow when a clock says year 9999."""
    return captured_at.timestamp() - clock_skew


def find_scope(session: Session, owner: Owner, at: datetime | None = None) -> Scope:
    """The person's scope now, or as it was at `at`: the villages of a member or lead, all of them for an official."""
    return find_scopes(session, [(owner, at)])[0]


def find_scopes(session: Session, people: list[tuple[Owner, datetime | None]]) -> list[Scope]:
    """The scope of each of the people, in their order, as `find_scope` has it."""
    memberships: dict[tuple[str, str], list[Membership]] = {}
    villages: dict[str, tuple[str, ...]] = {}
    for commune in {owner.commune.code for owner, _ in people}:
        here = [owner.member for owner, _ in people if owner.commune.code == commune]
        members = {one.id for one in here if one.role is not Role.OFFICIAL}
        if members:
            found = list_memberships_of(session, commune, members)
            memberships |= {(commune, member): times for member, times in found.items()}
        if len(members) < len({one.id for one in here}):
            villages[commune] = tuple(village.id for village in list_villages(session, commune, ended=True))
    scopes = []
    for owner, at in people:
        commune = owner.commune.code
        if owner.member.role is Role.OFFICIAL:
            scopes.append(Scope(villages[commune], until=at))
            continue
        all_times = memberships[commune, owner.member.id]
        held = [one for one in all_times if _goes_on(one, at)]
        ended = tuple(one for one in all_times if one not in held)
        scopes.append(Scope(tuple(dict.fromkeys(one.village for one in held)), ended, at))
    return scopes


def _goes_on(membership: Membership, at: datetime | None) -> bool:
    if at is None or membership.ended_at is None:
        return membership.ended_at is None and (at is None or membership.began_at <= at)
    return membership.began_at <= at < membership.ended_at
