"""What the preview of a list shows, and how its form's fields are read: what was said of the file, and the answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from survey.records import Village
from survey.vietnamese import fold
from survey.villages import full_name, split_kind
from sync_server.commune.list_changes import FIELDS, shown_change
from sync_server.commune.list_import import ImportResult, result_of
from sync_server.commune.list_plan import NEW, ListPlan, Question, Update, Wanted
from sync_server.lists.found import Note, SheetRead, Understanding
from sync_server.lists.headings import SHOWN, Column

MOST_SHOWN = 200
MOST_QUESTIONS = 100
"""A form has 500 fields at most; who has more to answer does it in rounds."""
LEAVE_OUT, AS_WRITTEN = "-", ""
READ_AS = [one for one in Column if one is not Column.PEOPLE]


def wanted_of(told: Mapping[str, Any]) -> Wanted:
    """How the list is to be taken, by what is kept of the form."""
    villages = {sheet: None if name == LEAVE_OUT else name for sheet, name in told.get("sheets", {}).items()}
    columns = {Column(name): letter for name, letter in told.get("columns", {}).items()}
    answers = {(sheet, int(row)): answer for sheet, row, answer in told.get("answers", [])}
    understanding = Understanding(village=told.get("village", ""), villages=villages, columns=columns)
    return Wanted(understanding, create_villages=True, named=told.get("named", {}), answers=answers)


def told_of(form: Mapping[str, str]) -> dict[str, Any]:
    """What is kept of the form's fields; those that say nothing are left out. Unknown ones are passed over."""
    told: dict[str, Any] = {"village": form.get("village", ""), "sheets": {}, "columns": {}, "named": {}, "answers": []}
    for field, value in form.items():
        kind, _, name = field.partition(":")
        if not value or not name:
            continue
        if kind == "sheet":
            told["sheets"][name] = value
        elif kind == "column" and name in set(Column) and value.isascii() and value.isalpha():
            told["columns"][name] = value
        elif kind == "named":
            told["named"][name] = value
        elif kind == "answer":
            row, _, sheet = name.partition(":")
            if row.isascii() and row.isdigit():
                told["answers"].append([sheet, int(row), value])
    return told


@dataclass(frozen=True)
class Preview:
    """A plan as the page shows it."""

    plan: ListPlan
    result: ImportResult
    households: int
    villages: list[Village]

    @property
    def left_out(self) -> list[Note]:
        return [note for note in self.result.notes if note.left_out][:MOST_SHOWN]

    @property
    def remarks(self) -> list[Note]:
        return [note for note in (*self.result.notes, *self.result.kept) if not note.left_out][:MOST_SHOWN]

    @property
    def questions(self) -> list[Question]:
        return self.plan.questions[:MOST_QUESTIONS]

    @property
    def updates(self) -> list[tuple[Update, list[str]]]:
        return [(one, [_change(name, *values) for name, values in one.changes.items()]) for one in self.plan.updates]

    @property
    def columns(self) -> SheetRead | None:
        """The first sheet that was read: its columns can be chosen, for every sheet."""
        return next((one for one in self.plan.read.sheets if not one.why_not), None)

    def likely_villages(self, written: str) -> list[Village]:
        """The commune's villages, those first whose name is spelled alike."""
        name = fold(split_kind(written)[1])
        return sorted(self.villages, key=lambda one: (_distance(name, fold(one.name)), full_name(one)))


def preview_of(plan: ListPlan, villages: list[Village]) -> Preview:
    """The preview of a plan; `households` is how many its import writes."""
    return Preview(plan, result_of(plan), len(plan.additions) + len(plan.updates), villages)


def place(note: Note) -> str:
    """Where a note is about, as a person finds it: "Thôn 1, ô B7"."""
    where = f"ô {note.cell}" if note.cell else f"dòng {note.row}" if note.row else "cả trang"
    return f"{note.sheet}, {where}"


CHOICES: dict[str, Any] = {
    "NEW": NEW,
    "LEAVE_OUT": LEAVE_OUT,
    "read_as": [(one.value, SHOWN[one]) for one in READ_AS],
    "place": place,
    "shown_columns": SHOWN,
}


def _change(name: str, old: Any, new: Any) -> str:
    before, after = shown_change(name, old, new)
    return f"{FIELDS[name]}: {before} → {after}"


def _distance(one: str, other: str) -> int:
    """How many letters differ, counted simply: enough to put "dinh sa" beside Đinh Xá."""
    before = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        row = [at]
        for place_, there in enumerate(other, 1):
            row.append(min(before[place_] + 1, row[-1] + 1, before[place_ - 1] + (letter != there)))
        before = row
    return before[-1]
