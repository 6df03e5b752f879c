"""What a commune's visits tell together about how they were made: checks that ask, and never prove.

A village passes or fails by a few people, and who asks wishes for a yes. What each check separates was simulated
(`bench/review.py`, `docs/decisions/0020-review.md`); made-up data only. No check takes a visit out of the figures.
"""
