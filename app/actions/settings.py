"""The settings of a device."""

from app.store.database import Database
from app.store.sync_state import save_setting


def choose_language(database: Database, language: str) -> None:
    """Keep the language that the person chose for this device."""
    with database.write() as session:
        save_setting(session, "language", language)
