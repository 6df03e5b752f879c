"""What was noticed about a household, on its own screen: for a lead, and for who made the visits."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.store.doubts import DoubtHere, list_doubts_of
from app.store.sync_state import SignedIn, list_villages
from app.ui.components.frame import panel, paragraph, quiet_button
from app.ui.texts import Texts
from app.ui.workspace import Workspace
from survey.doubt_words import KIND_WORDS, STATE_WORDS
from survey.roles import Action, may


def household_doubts(t: Texts, workspace: Workspace, household: str, signed_in: SignedIn | None) -> list[ft.Control]:
    """A line for each open doubt that names the household, with the way to it: all for a lead, for others those about
    their own visits. Nothing where there is none."""
    if signed_in is None:
        return []
    villages = [one.id for one in workspace.read(list_villages)]
    whose = None if may(signed_in.role, Action.REVIEW_VISIT) else signed_in.member_id
    found = workspace.read(list_doubts_of, household, villages, whose)
    if not found:
        return []
    lines = [quiet_button(_line(t, one), _to(household, one.id)) for one in found]
    return [panel(ft.Column([paragraph(t("Cần xem"), bold=True), *lines], spacing=4, tight=True))]


def _line(t: Texts, found: DoubtHere) -> str:
    kind = t(KIND_WORDS.get(found.doubt.check, "Cần xem"))
    return f"{kind} · {t(STATE_WORDS[found.doubt.state])}"


def _to(household: str, doubt: str) -> Callable[[Any], Any]:
    return lambda _event: ft.context.page.navigate(f"/households/{household}/doubts/{doubt}")
