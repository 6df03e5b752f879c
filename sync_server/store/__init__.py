"""The only place in the sync server with SQL: functions over a session that take and return records, never rows.

`find_`, `list_` and `count_` read; `save_`, `add_` and `mark_` write.
"""
