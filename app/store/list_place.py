"""Where the person was in the list of households, for the next start of the app."""

import json
from dataclasses import asdict, dataclass

from sqlmodel import Session

from app.store.sync_state import LIST_PLACE, find_setting, save_setting


@dataclass(frozen=True)
class ListPlace:
    """The part of the list that is shown, what is searched, how many rows are drawn and how far down they are scrolled.
    0 rows are as many as the screen begins with."""

    shown: str = "open"
    search: str = ""
    rows: int = 0
    offset: float = 0


def find_list_place(session: Session) -> ListPlace:
    """The place that was saved last; the beginning of the open households if there is none."""
    text = find_setting(session, LIST_PLACE)
    return ListPlace(**json.loads(text)) if text else ListPlace()


def save_list_place(session: Session, place: ListPlace) -> None:
    save_setting(session, LIST_PLACE, json.dumps(asdict(place), ensure_ascii=False))
