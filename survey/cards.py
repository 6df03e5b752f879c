"""Household cards as the wire has them: ordering some, listing them, asking what a code is."""

import re
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from survey.ids import Id
from survey.records import Record, Village

MOST_CARDS = 2000
"""Cards that are issued at once."""
MOST_SERIAL = 1_000_000
SERIALS_WRONG = "Ghi số thẻ như 1-40 hoặc 3,7,12."
CardStateName = Literal["issued", "bound", "revoked"]


class CardOrder(Record):
    """How many new cards a village needs: a number of free ones, or one for each household without a card, not both."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)
    kind: Literal["household"] = "household"
    count: Annotated[int, Field(ge=1, le=MOST_CARDS)] | None = None
    whom: Annotated[Literal["unbound_households"] | None, Field(alias="for")] = None


class CardLine(Record):
    """A card for those who print and revoke them; `serial` is its number in its village."""

    id: Id
    serial: int | None
    code: str
    state: CardStateName
    household: Id | None = None


class CardList(Record):
    cards: list[CardLine]


class CardSought(Record):
    """A code that a phone does not know, as it was scanned or typed."""

    code: Annotated[str, Field(max_length=200)]


class CardFound(Record):
    """What the server says of a code that a phone does not know: void, or a card of another village of the commune."""

    outcome: Literal["unknown", "revoked", "other_village", "yours"]
    village: Village | None = None


def read_serials(text: str) -> set[int] | None:
    """The numbers in "1-40,57"; None for an empty text, which means all. Raises `ValueError` for anything else."""
    if not text.strip():
        return None
    found: set[int] = set()
    for part in text.replace("–", "-").split(","):
        matched = re.fullmatch(r"\s*(\d{1,7})\s*(?:-\s*(\d{1,7})\s*)?", part)
        first, last = (int(matched[1]), int(matched[2] or matched[1])) if matched else (1, 0)
        if not 0 < first <= last <= MOST_SERIAL:
            raise ValueError(SERIALS_WRONG)
        found.update(range(first, last + 1))
    return found
