"""The only room of the server with SQL: functions over a session that take and return records, never rows.

`find_`, `list_` and `count_` read; `save_`, `add_`, `mark_`, `move_`, `release_` and `delete_` write. It must not give
verdicts or check permissions.
"""
