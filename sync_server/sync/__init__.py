"""A request of changes becomes verdicts and pages of the villages' streams."""
