"""The shape of the code, held by tests: who may call what, how long a file may be, what goes into a phone's package."""

import ast
import subprocess
import tomllib
from pathlib import Path

from app.version import APP_VERSION

ROOT = Path(__file__).parent.parent
MOST_LINES = 300
READS = ("find_", "list_", "count_")


def tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).exists()]


def test_the_screens_only_read_the_store() -> None:
    for path in (ROOT / "app" / "ui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("app.store"):
                functions = [name.name for name in node.names if name.name.islower()]
                assert all(name.startswith(READS) for name in functions), f"{path.name}: {functions}"


def test_a_file_can_be_read_in_one_go() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in tracked("*.py")}
    assert len(lengths) > 200
    assert {str(path.relative_to(ROOT)): lines for path, lines in lengths.items() if lines > MOST_LINES} == {}


def test_every_function_of_the_store_says_whether_it_reads_or_writes() -> None:
    kinds = (*READS, "save_", "add_", "settle_", "mark_", "move_", "release_", "delete_", "lock_")
    left_alone = {
        "database.py",
        "migrations.py",
        "rows.py",
        "bulk.py",
        "salvage.py",
        "statements.py",
        "distribution.py",
    }
    for store in ("app/store", "sync_server/store"):
        for path in (ROOT / store).glob("*.py"):
            functions = [
                node.name
                for node in ast.parse(path.read_text(encoding="utf-8")).body
                if isinstance(node, ast.FunctionDef)
            ]
            public = [name for name in functions if not name.startswith("_")]
            assert path.name in left_alone or all(name.startswith(kinds) for name in public), f"{path}: {public}"


def test_the_phone_package_leaves_out_everything_but_the_phone() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    left_out = set(settings["tool"]["flet"]["app"]["exclude"])
    folders = {path.relative_to(ROOT).parts[0] for path in tracked() if len(path.relative_to(ROOT).parts) > 1}
    assert {name for name in folders if not name.startswith(".")} - {"app", "survey", "assets"} <= left_out


def test_devices_tell_the_version_that_packages_have() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert settings["project"]["version"] == APP_VERSION


def test_nothing_names_a_machine_or_a_registry() -> None:
    forbidden = ["python" + "hosted.org", "registry." + "npmjs", "deb." + "debian.org", "/" + "root/"]
    for path in tracked():
        if (
            path.suffix in {".py", ".md", ".txt", ".in", ".toml", ".json", ".js", ".mjs", ".html", ""}
            and path.is_file()
        ):
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert not [host for host in forbidden if host in text], path
