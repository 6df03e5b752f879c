"""The version of the program, as devices tell it to the server; `pyproject.toml` has it for packages."""

APP_VERSION = "0.1.0"
