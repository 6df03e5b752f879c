"""Opens the server's database: migrated, every commune with an epoch and a key for rescue files."""

from sync_server.clock import Clock, utc_now
from sync_server.settings import ServerSettings
from sync_server.store.database import Database
from sync_server.store.epochs import add_own, list_without_epoch
from sync_server.store.migrations import take_turn
from sync_server.sync.rescue import make_own


def open_database(settings: ServerSettings, clock: Clock = utc_now) -> Database:
    """Open and migrate the database of these settings. A commune without an epoch and a key gets both, once for all
    servers that open it."""
    address, connections = settings.database_address, settings.connections_each
    database = Database(address, connections=connections, prepares=settings.prepared, spreads=bool(settings.distribute))
    with database.read() as session:
        is_whole = not list_without_epoch(session)
    if not is_whole:
        with database.write() as session:
            take_turn(session)
            for commune in list_without_epoch(session):
                add_own(session, commune, make_own(clock()))
    return database
