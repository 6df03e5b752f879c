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


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_that_are_named_are_there(document: Path) -> None:
    named = re.findall(
        r"`((?:app|survey|sync_server|tests|web|bench|docs)/[\w./-]+)", document.read_text(encoding="utf-8")
    )
    built = ("build/", "web/build/")
    missing = {one for one in named if not _is_there(one.rstrip(".")) and not one.startswith(built)}
    assert missing == set()


def _is_there(named: str) -> bool:
    """A file or folder of this name, or a module without its ending, also with a function of it."""
    without_function = named.rpartition(".")[0]
    return any((ROOT / one).exists() for one in (named, f"{named}.py", f"{without_function}.py"))


def test_each_row_of_where_to_put_new_code_leads_to_what_it_names() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:4] for line in text.splitlines() if line.startswith("| ") and "| Open |" not in line]
    rows = [row for row in rows if row[1].strip().startswith("`")]
    assert len(rows) >= 15
    for wish, place, _more in rows:
        first = re.findall(r"`([\w./-]+?/[\w./-]*?)`", place)
        assert first, wish
        for named in re.findall(r"\(`(\w+)`\)", place):
            assert re.search(rf"\b{named}\b", (ROOT / first[0]).read_text(encoding="utf-8")), (wish, named)


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
