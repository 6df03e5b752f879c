"""What is not packed into the offline app, as patterns in which `*` also matches `/`.

Found by tracing which modules a running app loads; a module that is imported on first use must stay.
"""

FROM_PACKAGES = ["*.dist-info/*", "bin/*", "*.pyi", "*/py.typed", "*.pyx", "*.pxd", "*.h", "*.c"]

FROM_STDLIB = [
    "idlelib/*",
    "tkinter/*",
    "ensurepip/*",
    "pydoc_data/*",
    "turtledemo/*",
    "lib2to3/*",
    "test/*",
    "*/test/*",
    "*/tests/*",
    "venv/*",
    "_pyrepl/*",
]

FROM_SOURCE = ["*.po", "*.pot", "*.md", "*.pyi", "*/tests/*"]
