"""The Python side of the offline app: wheels from the index, pruned, compiled for the browser's Python, packed.

Everything is cached by content, so that a change in `app/` recompiles `app/` and nothing else.
"""

import json
import shutil
import struct
import subprocess
import sys
import zipfile
from fnmatch import fnmatch
from pathlib import Path

from web.places import CACHE, REQUIREMENTS, WEB, digest, files_below, flet_client, node, step

PLATFORM = "pyemscripten_2026_0_wasm32"
PYTHON = "3.14"

# Parts of the wheels that nothing in the app reaches. `*` also matches `/`.
UNUSED_IN_PACKAGES = """
*.dist-info/* bin/* *.pyi */py.typed *.pyx *.pxd *.c *.h
""".split()

UNUSED_IN_STDLIB = """
idlelib/* tkinter/* ensurepip/* pydoc_data/* turtledemo/* lib2to3/* test/* */test/* */tests/* venv/* _pyrepl/*
""".split()


def installed_packages() -> Path:
    """Install requirements/web.txt for the browser's Python; return the folder."""
    target = CACHE / f"wheels-{digest([REQUIREMENTS], REQUIREMENTS.parent, PLATFORM)}"
    if not target.exists():
        with step("download the Python packages"), _made_whole(target) as part:
            _run(
                [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
                + ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--platform", PLATFORM]
                + ["--python-version", PYTHON, "--implementation", "cp"]
                + ["--abi", "cp314", "--abi", "abi3", "--abi", "none", "--target", str(part), "-r", str(REQUIREMENTS)]
            )
    return target
