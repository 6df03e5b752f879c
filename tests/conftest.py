"""For all tests: how many examples Hypothesis draws, and that a quick run draws the same ones each time."""

from hypothesis import settings

from tests.pace import QUICK, examples

settings.register_profile("tungnha", max_examples=examples(100), deadline=None, derandomize=QUICK)
settings.load_profile("tungnha")
