"""The settings of a device."""

from app.store.database import Database
from app.store.errands import save_chosen_criterion
from app.store.list_place import ListPlace, save_list_place
from app.store.printer import PrinterOffsets, save_printer_offsets
from app.store.sync_state import save_setting


def choose_language(database: Database, language: str) -> None:
    """Keep the language that the person chose for this device."""
    with database.write() as session:
        save_setting(session, "language", language)


def choose_doors_first(database: Database, village: str, no: str | None) -> None:
    """Put the doors for this criterion first in the village's list on this device; None puts the list as it was."""
    with database.write() as session:
        save_chosen_criterion(session, village, no)


def keep_list_place(database: Database, place: ListPlace) -> None:
    """Keep where the person is in the list of households, for the next start."""
    with database.write() as session:
        save_list_place(session, place)


def keep_printer_offsets(database: Database, offsets: PrinterOffsets) -> None:
    """Keep what the printer does wrong; every sheet that is drawn from this device is corrected by it."""
    with database.write() as session:
        save_printer_offsets(session, offsets)
