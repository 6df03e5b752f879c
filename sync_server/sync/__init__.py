"""Judges the changes of a request and answers with verdicts and pages of the villages' streams.

Nothing here knows HTTP, and SQL stays in `store`.
"""
