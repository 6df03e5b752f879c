"""What a server has in its memory before anybody has asked for anything: no library that only some pages need."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
ONLY_WHERE_USED = (
    "openpyxl",
    "xlsxwriter",
    "docx",
    "lxml",
    "reportlab",
    "PIL",
    "numpy",
    "qrcode",
    "pypdfium2",
    "httpx",
    "joserfc",
)
"""Workbooks, documents, sheets of cards, pictures, the demo, rescue files: 50 MB together."""
_SHOW = "import sys, tungnha; print(*sorted({name.partition('.')[0] for name in sys.modules}))"


def test_a_server_that_starts_has_not_loaded_what_only_some_pages_need() -> None:
    loaded = subprocess.run([sys.executable, "-c", _SHOW], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "fastapi" in loaded.stdout.split()
    assert set(ONLY_WHERE_USED) & set(loaded.stdout.split()) == set()
