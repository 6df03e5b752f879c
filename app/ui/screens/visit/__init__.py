"""The form of a visit, step by step."""
