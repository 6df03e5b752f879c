"""One file for each screen: what it reads (hooks), what it shows (plain functions), what it does (actions)."""
