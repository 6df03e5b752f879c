"""What each kind of change does to a batch: one file a kind, each judging one change without touching the database."""
