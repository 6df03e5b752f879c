"""Talking with the server: one request sends and receives, and nothing on the device is lost if it fails."""
