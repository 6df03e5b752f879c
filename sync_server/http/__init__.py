"""What surrounds a request: its body, its answer, and what routes ask for."""
