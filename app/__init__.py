"""The Flet client: one program for the phone and the browser."""
