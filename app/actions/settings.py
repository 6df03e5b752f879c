"""The settings of a device."""

from app.store.database import Database
from app.store.printer import PrinterOffsets, save_printer_offsets
from app.store.sync_state import save_setting


def choose_language(database: Database, language: str) -> None:
    """Keep the language that the person chose for this device."""
    with database.write() as session:
        save_setting(session, "language", language)


def keep_printer_offsets(database: Database, offsets: PrinterOffsets) -> None:
    """Keep what the printer does wrong; every sheet that is drawn from this device is corrected by it."""
    with database.write() as session:
        save_printer_offsets(session, offsets)
