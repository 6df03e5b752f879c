"""The Python side of the offline app: wheels from the index, pruned, compiled for the browser's Python, packed.

Every step is cached by content, so that a change in `app/` compiles `app/` again and nothing else.
"""

import json
import os
import shutil
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path

from web.leave_out import FROM_PACKAGES, FROM_SOURCE, FROM_STDLIB, STAYS
from web.places import CACHE, REQUIREMENTS, WEB, digest, files_below, flet_client, in_use, node, step

PLATFORM = "pyemscripten_2026_0_wasm32"
PYTHON = "3.14"
LONG_AGO = (2026, 1, 1, 0, 0, 0)  # one date for all files in an archive keeps builds equal


def installed_packages() -> Path:
    """The third-party packages of requirements/web.txt as their wheels hold them."""
    wheels = CACHE / f"wheels-{digest([REQUIREMENTS], REQUIREMENTS.parent, PLATFORM)}"
    if not wheels.exists():
        with step("download the Python packages"), _whole_or_nothing(wheels) as part:
            pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "--no-compile"]
            exact = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", str(REQUIREMENTS)]
            place = ["--target", str(part), "--platform", PLATFORM, "--python-version", PYTHON]
            kind = ["--implementation", "cp", "--abi", "cp314", "--abi", "abi3", "--abi", "none"]
            _run([*pip, *exact, *place, *kind])
    return in_use(wheels)


def compiled_packages() -> Path:
    """The third-party packages, pruned and compiled."""
    wheels = installed_packages()
    # Docstrings are a third of these packages and nobody reads them on a phone.
    return _compiled("packages", wheels, _kept(wheels, FROM_PACKAGES), optimize=2)


def compiled_stdlib() -> Path:
    """Python's own library from the wheel's Pyodide, pruned and compiled."""
    archive = flet_client() / "pyodide" / "python_stdlib.zip"
    source = CACHE / f"stdlib-{digest([archive], archive.parent)}"
    if not source.exists():
        with _whole_or_nothing(source) as part, zipfile.ZipFile(archive) as files:
            files.extractall(part)
    return _compiled("stdlib", in_use(source), _kept(source, FROM_STDLIB), optimize=2)


def compiled_app(project: Path) -> Path:
    """main.py, app/ and survey/ with their data files. Asserts and docstrings stay: they are our own."""
    with _staged_app(project) as staged:
        return _compiled("app", staged, files_below(staged), optimize=0)


def try_imports(stdlib: Path, compiled_packages: Path, app: Path) -> None:
    """Import every module of the app from exactly what a phone gets; stop the build if something is missing."""
    with step("try all imports"):
        what = [flet_client() / "pyodide", stdlib, compiled_packages, app]
        _run([str(node()), str(WEB / "trial.mjs"), *map(str, what)])


@contextmanager
def _staged_app(project: Path) -> Iterator[Path]:
    staged = CACHE / f"staged-{os.getpid()}"
    shutil.rmtree(staged, ignore_errors=True)
    wanted = [project / "main.py", *files_below(project / "app")]
    if (project / "survey").exists():
        wanted += files_below(project / "survey")
    for file in wanted:
        name = file.relative_to(project)
        if not _matches(name.as_posix(), FROM_SOURCE):
            _place(file, staged / name)
        if file.suffix == ".po":
            _compile_catalogue(file, (staged / name).with_suffix(".mo"))
    shutil.copy(WEB / "boot.py", staged / "boot.py")
    yield staged
    shutil.rmtree(staged)


def _compile_catalogue(catalogue: Path, target: Path) -> None:
    from babel.messages import mofile, pofile

    target.parent.mkdir(parents=True, exist_ok=True)
    with catalogue.open("rb") as source, target.open("wb") as compiled:
        mofile.write_mo(compiled, pofile.read_po(source))


def _kept(folder: Path, left_out: list[str]) -> list[Path]:
    return [file for file in files_below(folder) if not _matches(file.relative_to(folder).as_posix(), left_out)]


def _matches(name: str, left_out: list[str]) -> bool:
    return any(fnmatch(name, pattern) for pattern in left_out) and not any(fnmatch(name, kept) for kept in STAYS)


def _place(file: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, target)


def _compiled(name: str, folder: Path, files: list[Path], optimize: int) -> Path:
    """Copy files to a cached folder and replace each .py by a .pyc of the browser's own Python."""
    compiler = WEB / "compile.mjs"
    runtime = flet_client() / "pyodide" / "pyodide.asm.wasm"
    key = digest(files, folder, compiler.read_text(), str(optimize), str(runtime.stat().st_size))
    target = CACHE / f"compiled-{name}-{key}"
    if not target.exists():
        with step(f"compile {name}"), _whole_or_nothing(target) as part:
            for file in files:
                _place(file, part / file.relative_to(folder))
            _run([str(node()), str(compiler), str(flet_client() / "pyodide"), str(part), str(optimize)])
    return in_use(target)


@contextmanager
def _whole_or_nothing(target: Path) -> Iterator[Path]:
    """A folder that gets its name only when it is complete, so that a broken build leaves no half cache."""
    part = target.with_name(f"{target.name}.part{os.getpid()}")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    yield part
    shutil.rmtree(target, ignore_errors=True)
    part.rename(target)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{Path(command[0]).name} failed:\n{(done.stderr or done.stdout)[-3000:]}")


def write_programs(folder: Path, target: Path) -> list[tuple[str, str]]:
    """Put each of a folder's native libraries into a file of its own, which a browser can compile while it comes and
    keep compiled; the path of each below `folder`, and its file's name."""
    programs = [
        (name.as_posix(), f"{name.name.partition('.')[0]}.wasm") for name in files_in(folder) if _is_native(name)
    ]
    for path, name in programs:
        shutil.copyfile(folder / path, target / name)
    return programs


def _is_native(name: Path) -> bool:
    return name.suffix == ".so"


def write_pack(folder: Path, target: Path) -> None:
    """Put a folder without its native libraries into one file: length of the index, index as JSON, then the files one
    after another.

    The worker lays it out in memory without unpacking anything; the transport compresses it.
    """
    files = [name for name in files_in(folder) if not _is_native(name)]
    index = json.dumps([[name.as_posix(), (folder / name).stat().st_size] for name in files]).encode()
    with target.open("wb") as pack:
        pack.write(struct.pack("<I", len(index)) + index)
        for name in files:
            pack.write((folder / name).read_bytes())


def write_stored_zip(folder: Path, target: Path) -> None:
    """An uncompressed zip for Python's zipimport; the transport compresses it better than zip can."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name in files_in(folder):
            archive.writestr(zipfile.ZipInfo(name.as_posix(), LONG_AGO), (folder / name).read_bytes())


def files_in(folder: Path) -> list[Path]:
    """Relative names of all files, compiled ones too, sorted by suffix: similar files side by side compress best."""
    return sorted((p.relative_to(folder) for p in folder.rglob("*") if p.is_file()), key=lambda p: (p.suffix, p))
