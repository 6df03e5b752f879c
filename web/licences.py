"""The licences of everything the offline app is made of, as one text file beside it."""

from pathlib import Path

from web.packages import installed_packages
from web.places import PROJECT, flet_client

OPENING = """\
Từng Nhà chạy nhờ các phần mềm tự do dưới đây. / Từng Nhà runs on the free software below.

Pyodide (Mozilla Public License 2.0, https://github.com/pyodide/pyodide) with CPython (Python Software Foundation
License 2, https://docs.python.org/3/license.html).
"""


def write_licences(target: Path, more: list[Path]) -> None:
    """Gather the licence texts of the Python packages, the fonts, Flutter and what Flutter contains, and `more`."""
    wheels = installed_packages()
    found = sorted(path for path in wheels.glob("*.dist-info/**/*") if path.is_file() and _is_licence(path))
    parts = [OPENING]
    for path in [*found, *more, PROJECT / "assets" / "fonts" / "OFL.txt", flet_client() / "assets" / "NOTICES"]:
        title = path.relative_to(wheels).parts[0].removesuffix(".dist-info") if wheels in path.parents else path.stem
        parts.append(f"{'=' * 80}\n{title}\n{'=' * 80}\n{path.read_text('utf-8', errors='replace')}")
    target.write_text("\n".join(parts), "utf-8")


def _is_licence(path: Path) -> bool:
    return path.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE"))
