"""What stands after somebody attested a village's item: whose word it is, and whether the commune has confirmed it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from survey.criteria import CriteriaSet
from survey.records import Attestation

Body = dict[str, Any]
_VALUE: Body = {"value": None, "not_applicable": False}
_EVIDENCE: Body = {"evidence": "", "dated": None}
_SIGNED = ("attested_by", "attested_at")
_CONFIRMED = ("confirmed_by", "confirmed_at")


def attest(before: Body | None, sent: Body, *, by: str, at: str, is_official: bool, has_seen: bool) -> Body:
    """The attestation that stands after `sent`, as it goes onto the stream. Who says so and when is the server's word:
    such fields of `sent` are not read. `has_seen` says whether the sender knew `before`.

    An official who states what stands already confirms it: it stays the village's word, with its evidence and day, and
    with those that the official adds where there were none. An official who has another value, evidence or day attests
    and confirms at once. Whoever else changes one of them makes the item unconfirmed again.

    Nobody confirms an evidence that they have not seen: if the value is the same and the rest was changed meanwhile,
    what stands stays as it is, unconfirmed, and is `before` itself.
    """
    said = {name: value for name, value in sent.items() if name not in _SIGNED + _CONFIRMED}
    signed = {"attested_by": by, "attested_at": at}
    confirmed = {"confirmed_by": by, "confirmed_at": at}
    if before is None or not _same(before, said, _VALUE):
        return said | signed | (confirmed if is_official else {})
    if not is_official:
        return said | signed | _kept_if_the_same(before, said)
    if not has_seen and not _same(before, said, _EVIDENCE):
        return before
    if any(said.get(name) and before.get(name) and said[name] != before[name] for name in _EVIDENCE):
        return said | signed | confirmed
    evidence = {name: said.get(name) or before[name] for name in _EVIDENCE if said.get(name) or before.get(name)}
    return said | evidence | {name: before[name] for name in _SIGNED if before.get(name)} | confirmed


def _kept_if_the_same(before: Body, said: Body) -> Body:
    """What stays of `before` where somebody else than an official says the same again. A program that does not know
    the day of an evidence does not take it away; one that sends it as null does."""
    day = {} if "dated" in said or not before.get("dated") else {"dated": before["dated"]}
    if not _same(before, said | day, _EVIDENCE):
        return {}
    return day | {name: before[name] for name in _SIGNED + _CONFIRMED if before.get(name)}


def _same(one: Body, other: Body, defaults: Body) -> bool:
    return all(one.get(name, default) == other.get(name, default) for name, default in defaults.items())


@dataclass(frozen=True)
class Open:
    """Items that a signature would pass over, as (village id, criterion number)."""

    not_attested: list[tuple[str, str]]
    not_confirmed: list[tuple[str, str]]


def open_items(
    criteria_set: CriteriaSet, villages: Iterable[str], attested: Mapping[str, Mapping[str, Attestation]]
) -> Open:
    """Which of the villages' attested items nobody answered for, and which the commune has not confirmed; in the order
    of the villages, then of the document. `attested` is by village and criterion number."""
    items = [one.no for one in criteria_set.criteria if one.source == "attested"]
    missing, waiting = [], []
    for village in villages:
        for no in items:
            said = attested.get(village, {}).get(no)
            if said is None or (said.value is None and not said.not_applicable):
                missing.append((village, no))
            elif not said.confirmed_by:
                waiting.append((village, no))
    return Open(missing, waiting)
