"""The official communes and provinces, from the table beside this file (`places.md` names its source and licence)."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

from survey.records import Commune

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


def communes_of(province_code: str) -> list[Commune]:
    """Every commune-level unit of the province, whether or not it works with this server."""
    return [commune for commune, province in _communes().values() if province.code == province_code]


def find_province(code: str) -> Province | None:
    """The province that carries the official 2-digit code, None where none does."""
    return next((province for _, province in _communes().values() if province.code == code.strip()), None)
