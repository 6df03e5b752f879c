"""Setting a commune up and keeping it: villages, people, devices, lists.

Everything runs in the caller's transaction. Nothing here knows HTTP or the command line.
"""
