"""What the commune looks at again: visits and changes that a check or a rule brought up, and what was done then."""
