"""A small app in the place of the real one, to try the offline shell alone."""

from app.main import run

run()
