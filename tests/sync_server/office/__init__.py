"""The office pages over the real server."""
