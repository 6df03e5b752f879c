"""Hypothesis settings for the pure core: enough examples to find what is wrong, few enough to stay quick."""

from hypothesis import settings

settings.register_profile("tungnha", max_examples=100, deadline=None)
settings.load_profile("tungnha")
