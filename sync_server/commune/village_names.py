"""Finds the villages of a commune that are meant by the names people write, and reports inexact names."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from survey.problems import VILLAGE_UNCLEAR, VILLAGE_UNKNOWN
from survey.records import Village
from survey.vietnamese import clean
from survey.villages import Ambiguous, Exactly, Loosely, NotThere, full_name, is_same_village, which_village
from sync_server.problems import Problem
from sync_server.store.database import Session
from sync_server.store.villages import list_successors, list_villages


@dataclass(frozen=True)
class Match:
    """An inexact name and the village it was taken for: written without marks, or of a village merged since."""

    written: str
    village: str
    how: Literal["loosely", "merged"] = "loosely"


@dataclass(frozen=True)
class Named:
    """The villages that names stand for, each once, and the inexact names among them."""

    villages: list[Village]
    matched: list[Match]


@dataclass(frozen=True)
class VillageNames:
    """The commune's present villages and the ended ones. `into` maps an ended one's id to the present village."""

    present: list[Village]
    ended: list[Village]
    into: dict[str, Village]

    @property
    def every(self) -> list[Village]:
        """All villages that a name may stand for. An ended one is left out if a present one has the same name."""
        last = {full_name(one).casefold(): one for one in self.ended}
        return self.present + [
            one for one in last.values() if not any(is_same_village(one, other) for other in self.present)
        ]

    def described(self, village: Village) -> str:
        """The village's kind and name, and which village it was merged into, if it was."""
        into = self.into.get(village.id)
        return f"{full_name(village)} (đã nhập vào {full_name(into)})" if into else full_name(village)

    def known(self) -> str:
        """The full names of the present villages, for a sentence."""
        return ", ".join(full_name(one) for one in self.present) or "chưa có thôn nào"


def list_village_names(session: Session, commune: str) -> VillageNames:
    """The names of the commune's villages, of the ended ones too."""
    every = list_villages(session, commune, ended=True)
    successors = list_successors(session, commune)
    by_id = {one.id: one for one in every}
    return VillageNames(
        [one for one in every if one.id not in successors],
        [one for one in every if one.id in successors],
        {ended: by_id[present] for ended, present in successors.items()},
    )


def unclear(names: VillageNames, written: str, villages: Iterable[Village]) -> Problem:
    """Make the `Problem` village-unclear that names every village that may be meant."""
    they = " hoặc ".join(names.described(one) for one in villages)
    return Problem(VILLAGE_UNCLEAR, detail=f"“{clean(written)}” có thể là {they}. {VILLAGE_UNCLEAR.advice}")


def find_villages(session: Session, commune: str, names: Iterable[str]) -> Named:
    """The present villages that the names stand for.

    Raises `Problem` village-unknown, naming those there are, or village-unclear, naming those that may be meant.
    """
    there = list_village_names(session, commune)
    found: dict[str, Village] = {}
    matched: list[Match] = []
    unknown: list[str] = []
    for name in names:
        match which_village(name, there.every):
            case Exactly(village) | Loosely(village) if village.id in there.into:
                unknown.append(f"“{clean(name)}” nữa: đã nhập vào {full_name(there.into[village.id])}")
            case Exactly(village):
                found[village.id] = village
            case Loosely(village):
                found[village.id] = village
                matched.append(Match(clean(name), full_name(village)))
            case Ambiguous(villages):
                raise unclear(there, name, villages)
            case NotThere():
                unknown.append(f"“{clean(name)}”")
    if unknown:
        detail = f"Không có thôn {', '.join(unknown)}. Các thôn của xã: {there.known()}."
        raise Problem(VILLAGE_UNKNOWN, detail=detail)
    return Named(list(found.values()), matched)
