"""Setting a commune up and keeping it: villages, people, devices, lists.

Everything runs in the caller's transaction. It must not import `http`, `routes` or `cli`.
"""
