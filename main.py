"""The entry that Flet's own tools look for; everything is in `app`."""

from app.main import run

if __name__ == "__main__":
    run()
