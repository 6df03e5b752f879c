"""The official communes and provinces, from the table beside this file (`places.md` names its source and licence)."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from survey.records import Commune
from survey.vietnamese import collation_key, fold, spelling

_TABLE = Path(__file__).with_name("places.csv")


class Province(NamedTuple):
    """A province-level unit by its official 2-digit code, kept as text."""

    code: str
    name: str


@cache
def _communes() -> dict[str, tuple[Commune, Province]]:
    # Read at the first question, not at import: a sync request never needs the table.
    with _TABLE.open(encoding="utf-8", newline="") as table:
        return {
            row["code"]: (
                Commune(code=row["code"], name=row["name"], kind=row["kind"]),
                Province(row["province_code"], row["province_name"]),
            )
            for row in csv.DictReader(table)
        }


def find_commune(code: str) -> Commune | None:
    """The commune-level unit that carries the official 5-digit code, None where no unit does."""
    found = _communes().get(code.strip())
    return found[0] if found else None


def province_of(commune_code: str) -> Province | None:
    """The province that a commune lies in: 238 commune names repeat, so a commune is shown with it."""
    found = _communes().get(commune_code.strip())
    return found[1] if found else None


def search_communes(typed: str, most: int = 20) -> list[tuple[Commune, Province]]:
    """Communes whose name, with that of their province, holds every typed word from its beginning, without marks too:
    those of exactly this name first, then by name and province."""
    words, marked = fold(typed).split(), spelling(typed)

    def rank(one: tuple[Commune, Province]) -> tuple[int, str, str]:
        commune, province = one
        name = spelling(commune.name)
        is_whole = name == marked or spelling(f"{commune.kind} {commune.name}") == marked
        return 0 if is_whole else 1 if fold(name) == fold(typed) else 2, collation_key(commune.name), province.name

    def fits(one: tuple[Commune, Province]) -> bool:
        commune, province = one
        there = fold(f"{commune.kind} {commune.name} {province.name}").split()
        return all(any(part.startswith(word) for part in there) for word in words)

    return sorted(filter(fits, _communes().values()), key=rank)[:most] if words else []


def communes_of(province_code: str) -> list[Commune]:
    """Every commune-level unit of the province, whether or not it works with this server."""
    return [commune for commune, province in _communes().values() if province.code == province_code]


def find_province(code: str) -> Province | None:
    """The province that carries the official 2-digit code, None where none does."""
    return next((province for _, province in _communes().values() if province.code == code.strip()), None)
