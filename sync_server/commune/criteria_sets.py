"""The criteria sets that come with the program: package data of `survey`, each named by its code."""

from functools import cache
from importlib.resources import files

from survey.criteria import CriteriaSet
from survey.problems import CRITERIA_SET_UNKNOWN
from sync_server.problems import Problem

DEFAULT = "six-items"


@cache
def _sets() -> dict[str, CriteriaSet]:
    folder = files("survey") / "criteria_sets"
    texts = [entry.read_text(encoding="utf-8") for entry in folder.iterdir() if entry.name.endswith(".json")]
    found = [CriteriaSet.model_validate_json(text) for text in texts]
    return {one.code: one for one in sorted(found, key=lambda one: one.code)}


def list_criteria_sets() -> list[CriteriaSet]:
    """Every set that comes with the program, by code."""
    return list(_sets().values())


def load_criteria_set(code: str) -> CriteriaSet:
    """The set of this code. Raises `Problem` criteria-set-unknown, naming those there are."""
    found = _sets().get(code)
    if found is None:
        raise Problem(CRITERIA_SET_UNKNOWN, detail=f"Các bộ tiêu chí có sẵn: {', '.join(_sets())}.")
    return found
