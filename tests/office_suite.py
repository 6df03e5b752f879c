"""LibreOffice without a window: what a spreadsheet or a writer makes of our files, after it has calculated anew."""

import shutil
import subprocess
from pathlib import Path

import pytest

_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>
"""
PATIENCE = 120


def converted(file: Path, to: str, *, reads_as: str = "") -> Path:
    """The file as LibreOffice writes it again, e.g. `to` "xlsx" or "pdf". Every formula is calculated anew.

    `reads_as` names an input filter with its options. Skips the test where there is no LibreOffice.
    """
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not here: python -m tests.browser.installed")
    profile, folder = file.parent / "profile", file.parent / "converted"
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(_RECALCULATE)
    command = [office, f"-env:UserInstallation=file://{profile}", "--headless", "--norestore"]
    command += [f"--infilter={reads_as}"] if reads_as else []
    command += ["--convert-to", to, "--outdir", str(folder), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
    return folder / f"{file.stem}.{to.partition(':')[0]}"
