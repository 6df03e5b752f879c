"""Talking with the server: one request does everything, and nothing on the device is lost when it fails."""
