"""Opens the server's database: migrated, with an epoch and a rescue key."""

from sync_server.clock import Clock, utc_now
from sync_server.ids import new_id
from sync_server.settings import ServerSettings
from sync_server.store.database import Database
from sync_server.store.rescue_key import find_rescue_key, save_rescue_key
from sync_server.store.server_info import find_epoch, lock_server_info, save_epoch
from sync_server.sync.rescue import make_rescue_key


def open_database(settings: ServerSettings, clock: Clock = utc_now) -> Database:
    """Open and migrate the database of these settings. An epoch and a rescue key are added where they are missing,
    once for all servers that open it."""
    address, connections = settings.database_address, settings.connections_each
    database = Database(address, connections=connections, prepares=settings.prepared, spreads=bool(settings.distribute))
    with database.read() as session:
        is_whole = find_epoch(session) and find_rescue_key(session)
    if not is_whole:
        with database.write() as session:
            lock_server_info(session)
            if find_epoch(session) is None:
                save_epoch(session, new_id(clock()))
            if find_rescue_key(session) is None:
                save_rescue_key(session, make_rescue_key())
    return database
