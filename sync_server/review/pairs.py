"""Households of a commune's list that may be one: noticed for a person to look at, never joined by themselves."""

from collections.abc import Iterable
from typing import Any

from survey.doubles import ListedHome, Pair, list_pairs
from survey.records import LEFT_STATUSES
from sync_server.review.matching import Noticed
from sync_server.store.database import Session
from sync_server.store.stream import list_kind


def notice_pairs(session: Session, commune: str, villages: Iterable[str]) -> list[Noticed]:
    """The pairs among those who live in these villages, by what the list and their last visits say."""
    homes = [
        read_home(row.subject, row.village, body)
        for row in list_kind(session, commune, "household", villages)
        if (body := row.to_body()).get("status") not in LEFT_STATUSES
    ]
    where = {one.id: one.village for one in homes}
    return [_of_pair(one, where[one.first]) for one in list_pairs(homes)]


def read_home(identity: str, village: str, body: dict[str, Any]) -> ListedHome:
    """A household as it is compared, from its body on the stream."""
    residents: list[dict[str, Any]] = (body.get("current") or {}).get("residents") or []
    people = tuple((str(one["sex"]), int(one["birth_year"])) for one in residents if one.get("birth_year"))
    own = {name: str(body.get(name) or "") for name in ("head_name", "address", "phone", "card")}
    return ListedHome(identity, village, people=people, **own)


def pair_fingerprint(first: str, second: str) -> str:
    """The same for the same two households, whatever is known of them: what somebody settled stays settled."""
    return f"pair {min(first, second)} {max(first, second)}"


def _of_pair(pair: Pair, village: str) -> Noticed:
    evidence = {"score": round(pair.score, 1), "reasons": [list(one) for one in pair.reasons]}
    both = (pair.first, pair.second)
    return Noticed("pair", pair_fingerprint(*both), village, households=both, evidence=evidence)
