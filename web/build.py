"""Build the offline web app.

    python -m web.build --out build/web            make it, or do nothing when nothing changed
    python -m web.build --out build/web --check    only say whether it is up to date (exit status 1 if not)

The result is served at /app/ by `web.serve.offline_app`. Four folders are named by their content, so browsers keep
them for good: engine-… (Flutter and Pyodide), py-… (Python's library and the packages), scan-… (reads QR codes), code-…
(our own).
"""

import argparse
import json
import os
import re
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from web import packages
from web.compress import compress_all
from web.engine import flutter_builds, lay_out_engine, pyodide_lock
from web.folding import write_fold_tables
from web.licences import write_licences
from web.pieces import PIECE
from web.places import PROJECT, REQUIREMENTS, WEB, digest, files_below, forget_unused, step
from web.scanner import lay_out_scanner

STAMP = "stamp.txt"
NOT_IN_FIRST_DOWNLOAD = r"main\.dart\.js$|/canvaskit\.(js|wasm)$|^licences\.txt$"
MODULES = sorted(path.name for path in (WEB / "page").glob("*.js") if path.name != "sw.js")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m web.build", description="Build the offline web app.")
    parser.add_argument("--out", type=Path, default=PROJECT / "build" / "web")
    parser.add_argument("--source", type=Path, default=PROJECT, help="folder with main.py, app/ and survey/")
    parser.add_argument("--check", action="store_true", help="only say whether the build is up to date")
    asked = parser.parse_args()
    current = is_current(asked.out, asked.source)
    if asked.check:
        print("up to date" if current else "out of date")
        sys.exit(not current)
    if current:
        print(f"{asked.out} is up to date")
        return
    begun = time.monotonic()
    build(asked.source, asked.out)
    listed = json.loads((asked.out / "files.json").read_text("utf-8"))
    print(
        f"{asked.out}: first download {listed['download']['br'] / 1e6:.2f} MB brotli, "
        f"{listed['download']['gz'] / 1e6:.2f} MB gzip, {time.monotonic() - begun:.0f} s"
    )


def is_current(out: Path, source: Path = PROJECT) -> bool:
    """Whether the build in `out` was made from exactly the present inputs."""
    stamp = out / STAMP
    return stamp.exists() and stamp.read_text("utf-8") == _inputs(source)


def _inputs(source: Path) -> str:
    files = [file for folder in ("app", "survey") for file in files_below(source / folder)] + [source / "main.py"]
    ours = files_below(WEB) + files_below(PROJECT / "assets" / "fonts") + files_below(PROJECT / "assets" / "icons")
    ours += [REQUIREMENTS, PROJECT / "assets" / "icon.svg", PROJECT / "assets" / "assets" / "FontManifest.json"]
    return f"{digest(files, source, version('flet-web'))}-{digest(ours, PROJECT)}"


def build(source: Path, out: Path) -> None:
    """Build the whole app in a folder beside `out`, then replace `out` by it."""
    stamp = _inputs(source)
    part = out.with_name(f"{out.name}.part{os.getpid()}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    with ThreadPoolExecutor() as threads:
        compiled_packages = threads.submit(packages.compiled_packages)
        compiled_stdlib = threads.submit(packages.compiled_stdlib)
        app = packages.compiled_app(source)
        with step("lay out the engine"):
            lay_out_engine(source, part / "engine")
        programs = _lay_out_python(compiled_packages.result(), compiled_stdlib.result(), part / "py")
        trial = threads.submit(packages.try_imports, part / "py" / "stdlib.zip", compiled_packages.result(), app)
        trial.result()
    _lay_out_code(app, part / "code")
    names = ["engine", "py", "code", *(["scan"] if lay_out_scanner(part / "scan") else [])]
    folders = {name: _named_by_content(part / name) for name in names}
    _lay_out_page(folders, programs, part)
    write_licences(part / "licences.txt", sorted(part.glob("scan-*/LICENSE.txt")))
    compress_all(part)
    _write_list(part)
    (part / STAMP).write_text(stamp, "utf-8")
    shutil.rmtree(out, ignore_errors=True)
    part.rename(out)
    forget_unused()


def _lay_out_python(compiled_packages: Path, compiled_stdlib: Path, target: Path) -> list[tuple[str, str]]:
    target.mkdir()
    packages.write_pack(compiled_packages, target / "packages.pack")
    packages.write_stored_zip(compiled_stdlib, target / "stdlib.zip")
    return packages.write_programs(compiled_packages, target)


def _lay_out_code(app: Path, target: Path) -> None:
    target.mkdir()
    packages.write_pack(app, target / "app.pack")
    write_fold_tables(target)
    for name in MODULES:
        shutil.copyfile(WEB / "page" / name, target / name)


def _named_by_content(folder: Path) -> str:
    """Rename a folder after its content; return its address."""
    name = f"{folder.name}-{digest(files_below(folder), folder)}"
    folder.rename(folder.with_name(name))
    return f"/app/{name}/"


def _lay_out_page(folders: dict[str, str], programs: list[tuple[str, str]], part: Path) -> None:
    """The few files whose address never changes: the page, its icons, its manifest and the service worker."""
    shutil.copytree(PROJECT / "assets" / "icons", part / "icons")
    shutil.copyfile(WEB / "page" / "manifest.json", part / "manifest.json")
    page = (WEB / "page" / "index.html").read_text("utf-8")
    mark = (PROJECT / "assets" / "icon.svg").read_text("utf-8").strip()
    worker = (WEB / "page" / "sw.js").read_text("utf-8")
    build_id = digest(files_below(part), part, page, mark, worker, *folders.values())
    config = {"build": build_id, **folders, "programs": programs}
    config |= {"flutter": json.loads(flutter_builds()), "lock": json.loads(pyodide_lock())}
    parts = {"@CONFIG@": json.dumps(config), "@CODE@": folders["code"], "@ENGINE@": folders["engine"], "@MARK@": mark}
    for name, part_of_page in parts.items():
        page = page.replace(name, part_of_page)
    (part / "index.html").write_text(page, "utf-8")
    # The service worker needs sizes on the wire for an honest progress bar, so it is written after compressing.
    print("Đang nén ứng dụng; lần đầu có thể mất vài phút…", flush=True)
    with step("compress"):
        compress_all(part)
    files = [
        [_address(name), entry["br"], entry["size"], sha256((part / name).read_bytes()).hexdigest()[:32]]
        for name, entry in _sizes(part).items()
    ]
    for name, filled_in in (("@BUILD@", build_id), ("@FILES@", json.dumps(files)), ("@PIECE@", str(PIECE))):
        worker = worker.replace(name, filled_in)
    (part / "sw.js").write_text(worker, "utf-8")


def _address(name: str) -> str:
    return "/app/" if name == "index.html" else f"/app/{name}"


def _sizes(part: Path) -> dict[str, dict[str, int]]:
    """Every file with its size and its sizes on the wire."""
    found = {}
    for file in files_below(part):
        if file.suffix in (".br", ".gz"):
            continue
        size = file.stat().st_size
        small = {
            kind: copy.stat().st_size if (copy := file.with_name(f"{file.name}.{kind}")).exists() else size
            for kind in ("br", "gz")
        }
        found[file.relative_to(part).as_posix()] = {"size": size, **small}
    return found


def _write_list(part: Path) -> None:
    """Write files.json: how much a phone with a present Chrome downloads first, and every file with its sizes."""
    sizes = _sizes(part)
    first = [entry for name, entry in sizes.items() if not re.search(NOT_IN_FIRST_DOWNLOAD, name)]
    download = {kind: sum(entry[kind] for entry in first) for kind in ("size", "br", "gz")}
    (part / "files.json").write_text(json.dumps({"download": download, "files": sizes}, indent=1), "utf-8")


if __name__ == "__main__":
    main()
