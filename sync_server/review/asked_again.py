"""The households that doubts have asked again, as they are now: for counting how many have been."""

from collections.abc import Iterable

from survey.asked_again import asked_homes
from survey.doubts import Doubt
from survey.records import Household
from sync_server.store.cards import list_aliases
from sync_server.store.database import Session
from sync_server.store.stream import list_shown_in
from sync_server.store.villages import list_villages


def read_asked(session: Session, commune: str, doubts: Iterable[Doubt]) -> dict[str, Household]:
    """By the id under which each was named, also where it turned out to be another one or lives in another village
    since."""
    named = {home for one in doubts for home in asked_homes(one)}
    if not named:
        return {}
    kept = list_aliases(session, commune, named)
    villages = [one.id for one in list_villages(session, commune)]
    rows = list_shown_in(session, commune, "household", villages, {kept.get(home, home) for home in named})
    return {
        home: Household.model_validate(rows[now].to_body()) for home in named if (now := kept.get(home, home)) in rows
    }
