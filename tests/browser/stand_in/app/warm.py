import app.main  # noqa: F401
