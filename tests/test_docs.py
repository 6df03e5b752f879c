"""The documents say what is true: every command, setting, problem and file that they name is there."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from survey.problems import PROBLEMS
from sync_server.cli.commands import app as cli
from sync_server.settings import ServerSettings

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "web" / "README.md", *(ROOT / "docs").rglob("*.md")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)|src=\"([^\"]+)\"", document.read_text(encoding="utf-8")):
        path = target[0] or target[1]
        if not path.startswith("http"):
            assert (document.parent / path).exists(), path


def test_every_recipe_of_readme_is_in_the_makefile_and_back() -> None:
    readme = set(re.findall(r"`make (\w+)`", (ROOT / "README.md").read_text(encoding="utf-8")))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    recipes = set(re.findall(r"^(\w+):.*##", makefile, re.MULTILINE)) - {"pins"}
    assert readme == recipes


def test_every_command_of_readme_is_there() -> None:
    import tungnha  # noqa: F401  adds serve and demo

    commands = get_command(cli).commands  # type: ignore[attr-defined]
    for line in re.findall(r"^\$ tungnha (\w+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE):
        assert line in commands


def test_the_protocol_names_every_problem_and_every_setting_is_documented() -> None:
    protocol = (ROOT / "docs" / "sync-protocol.md").read_text(encoding="utf-8")
    assert [slug for slug in PROBLEMS if slug not in protocol] == []
    for name, field in ServerSettings.model_fields.items():
        assert field.description, name


def test_the_table_of_settings_is_complete() -> None:
    deployment = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    for name, field in ServerSettings.model_fields.items():
        line = next(line for line in deployment.splitlines() if line.startswith(f"| `TUNGNHA_{name.upper()}` |"))
        assert line.endswith(f"| {field.description} |"), name
        assert field.default in (None, "") or f"`{field.default}`" in line, name
