"""What was noticed now against the doubts that stand: which are new, which have other evidence, which are gone."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from survey.doubts import Doubt, DoubtState

_SAME = 0.5
"""Of what is noticed now, the share of visits that an earlier doubt of the same check and person named, to be it."""


_LASTING = frozenset({"held", "aside"})
"""About what waits for a person whatever the round: looked at once, it is not asked about again in the next one."""


@dataclass(frozen=True)
class Noticed:
    """What a check or a rule brought up, on the stream of `village`."""

    check: str
    fingerprint: str
    village: str
    member: str | None = None
    member_name: str = ""
    visits: tuple[str, ...] = ()
    households: tuple[str, ...] = ()
    evidence: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """A doubt on a village's stream."""

    id: str
    village: str
    doubt: Doubt


@dataclass(frozen=True)
class Matched:
    """What to write: doubts in their new state, those to add, and those of an earlier round to take away."""

    changed: list[Standing]
    new: list[Noticed]
    over: list[Standing]


def match(standing: Iterable[Standing], noticed: Iterable[Noticed], survey_round: str) -> Matched:
    """Nobody's answer is asked for twice: what was settled stays so for the same evidence, and while a block of visits
    grows its doubt stays the same one. What is not noticed any more is gone, unless it is settled."""
    every = list(standing)
    over = [one for one in every if one.doubt.round not in {None, survey_round}]
    here = [one for one in every if one not in over]
    free = {one.id: one for one in here}
    changed, new = [], []
    for now in noticed:
        found = next((one for one in free.values() if _is_same(one.doubt, now)), None)
        if found is None:
            new.append(now)
            continue
        del free[found.id]
        doubt = found.doubt
        if doubt.state is DoubtState.GONE:
            doubt = doubt.model_copy(update={"state": DoubtState.NEW})
        if doubt.is_open and doubt.fingerprint != now.fingerprint:
            doubt = doubt.model_copy(update=_evidence(now))
        if doubt != found.doubt:
            changed.append(Standing(found.id, found.village, doubt))
    gone = {"state": DoubtState.GONE}
    changed += [
        Standing(one.id, one.village, one.doubt.model_copy(update=gone)) for one in free.values() if one.doubt.is_open
    ]
    return Matched(changed, new, over)


def doubt_of(noticed: Noticed, survey_round: str, at: datetime) -> Doubt:
    """The new doubt about what was noticed."""
    about = {"check": noticed.check, "member": noticed.member, "member_name": noticed.member_name}
    of_round = None if noticed.check in _LASTING else survey_round
    return Doubt.model_validate(about | _evidence(noticed) | {"round": of_round, "found_at": at})


def _evidence(noticed: Noticed) -> dict[str, Any]:
    return {
        "fingerprint": noticed.fingerprint,
        "visits": list(noticed.visits),
        "households": list(noticed.households),
        "evidence": noticed.evidence,
    }


def _is_same(doubt: Doubt, now: Noticed) -> bool:
    if doubt.fingerprint == now.fingerprint:
        return True
    if (doubt.check, doubt.member) != (now.check, now.member) or not now.visits:
        return False
    return len(set(doubt.visits) & set(now.visits)) >= _SAME * len(now.visits)
