"""The device's own SQLite file, and the only place in `app` with SQL. SQLite is the client's only state."""
