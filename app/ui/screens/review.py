"""The lead's list of differences: both versions are kept, one tap says which is right."""

from collections.abc import Callable, Mapping
from typing import Any

import flet as ft

from app.actions.differences import Choice, settle_difference
from app.store.differences import DifferingField, OpenDifference, list_open_differences
from app.store.doubts import DoubtHere, list_open_doubts
from app.store.sync_state import find_sign_in, list_villages
from app.store.team import list_team
from app.ui import theme
from app.ui.components.frame import notice, panel, paragraph, quiet_button, screen, secondary_button
from app.ui.components.navigation import Navigation
from app.ui.components.storage import StorageBanner
from app.ui.components.values import field_name, field_value
from app.ui.texts import Texts
from app.ui.workspace import use_app_state, use_texts, use_workspace
from survey.doubt_words import KIND_WORDS, STATE_WORDS, step_words, words_for
from survey.field_words import RELATION_WORDS
from survey.roles import Action, Role, may

PAGE = 20


@ft.component
def ReviewScreen() -> ft.Control:
    """Open differences of the person's villages, the oldest first."""
    workspace, state, t = use_workspace(), use_app_state(), use_texts()
    signed_in = workspace.read(find_sign_in)
    role = signed_in.role if signed_in else Role.LEAD
    sees_phones = may(role, Action.CALL_HOUSEHOLD)
    names = {village.id: village.name for village in workspace.read(list_villages)}
    people = names | {one.id: one.name for village in names for one in workspace.read(list_team, village)}
    found = ft.use_memo(lambda: workspace.read(list_open_differences, list(names)), [state.revision])

    # What was answered stays in its place while the screen is open: nothing jumps under the finger.
    shown: dict[str, OpenDifference] = ft.use_memo(dict, [])
    answered, set_answered = ft.use_state(dict[str, str]())
    shown |= {one.id: one for one in found}

    async def settle(difference: OpenDifference, choice: Choice, words: str) -> None:
        if difference.id not in answered:
            set_answered(answered | {difference.id: words})
            await workspace.save(settle_difference, workspace.clock(), difference.id, choice)
            workspace.loop.nudge()

    doubts = ft.use_memo(lambda: workspace.read(list_open_doubts, list(names)), [state.revision])
    reader = signed_in.member_id if signed_in else None
    body: list[ft.Control] = [doubt_card(t, one, names.get(one.village, ""), reader) for one in doubts[:PAGE]]
    if doubts:
        body.insert(0, paragraph(t("Máy thấy những chỗ nên hỏi lại. Số liệu không đổi vì các mục này.")))
    if not shown and not doubts:
        text = t("Không có gì cần xem lại. Khi hai người ghi khác nhau về một hộ, việc sẽ hiện ở đây.")
        body.append(notice(text, icon=ft.Icons.CHECK_CIRCLE))
    elif shown:
        body.append(paragraph(t("Hai lần ghi khác nhau. Cả hai đều được giữ; chọn thông tin đúng.")))
        first = list(shown.values())[:PAGE]
        body += [
            difference_card(
                t, one, names.get(one.village, ""), answered.get(one.id), settle, people, sees_phones=sees_phones
            )
            for one in first
        ]
    if len(shown) > PAGE:
        body.append(paragraph(t("và {count} mục nữa", count=len(shown) - PAGE), weak=True))
    return screen(
        t("Cần xem lại"),
        body,
        navigation=Navigation(t, role, "/review"),
        banner=StorageBanner(),
    )


def doubt_card(t: Texts, found: DoubtHere, village: str, reader: str | None) -> ft.Control:
    """What was noticed, where it stands, and the way to it."""
    last = found.doubt.last
    state = step_words(last, found.doubt.check) if last else t(STATE_WORDS[found.doubt.state])
    place = t("Thôn {name}", name=village)
    return _card(
        [
            paragraph(t(KIND_WORDS.get(found.doubt.check, "Cần xem")), size=theme.LARGE, bold=True),
            paragraph(f"{place} · {found.doubt.member_name}" if found.doubt.member_name else place, weak=True),
            paragraph(t(words_for(found.doubt, found.village, reader))),
            paragraph(state, weak=True),
            secondary_button(t("Xem"), lambda _event: ft.context.page.navigate(f"/review/{found.id}")),
        ]
    )


def difference_card(
    t: Texts,
    difference: OpenDifference,
    village: str,
    answered: str | None,
    settle: Callable[[OpenDifference, Choice, str], Any],
    people: Mapping[str, str],
    *,
    sees_phones: bool,
) -> ft.Control:
    """What two people wrote, and the buttons to answer. `answered` is the label already chosen, None while open."""

    def choose(choice: Choice, words: str) -> Callable[[Any], Any]:
        async def handler(_event: Any) -> None:
            await settle(difference, choice, words)

        return handler

    place = t("Thôn {name}", name=village)
    lines: list[ft.Control] = [paragraph(difference.head_name or place, size=theme.LARGE, bold=True)]
    if difference.head_name:
        lines.append(paragraph(place, weak=True))
    lines += [_field(t, field, people, sees_phones) for field in difference.fields]
    if answered is not None:
        lines.append(paragraph(t("Đã chọn: {words}", words=answered), bold=True))
        return _card(lines)
    one, other = (_label(t, difference, people, shown=shown, sees_phones=sees_phones) for shown in (True, False))
    again = t("Hỏi lại gia đình")
    buttons: list[ft.Control] = [
        secondary_button(one, choose("shown", one)),
        secondary_button(other, choose("other", other)),
    ]
    lines.append(ft.Row(buttons, wrap=True, spacing=8, run_spacing=8))
    if difference.household:
        lines.append(quiet_button(again, choose("new_visit", again)))
    return _card(lines)


def _card(lines: list[ft.Control]) -> ft.Control:
    return panel(
        ft.Column(lines, spacing=10, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        colour=ft.Colors.SURFACE_CONTAINER_LOWEST,
    )


def _label(t: Texts, difference: OpenDifference, people: Mapping[str, str], *, shown: bool, sees_phones: bool) -> str:
    """A button's label: the value and who wrote it, or only who wrote it if there are several fields; with the day."""
    by, at = (difference.shown_by, difference.shown_at) if shown else (difference.other_by, difference.other_at)
    who = by or t("lần ghi trước")
    when = f", {t.day(at)}" if at else ""
    if len(difference.fields) == 1:
        field = difference.fields[0]
        value = field_value(t, field.key, field.shown if shown else field.other, people, sees_phones=sees_phones)
        return f"{value} ({who}{when})"
    return t("Theo {who}", who=who) + when


def _field(t: Texts, field: DifferingField, people: Mapping[str, str], sees_phones: bool) -> ft.Control:
    parts = [field_name(t, field.key)]
    if field.resident:
        born = t("sinh năm {year}", year=field.birth_year) if field.birth_year else ""
        person = [t(RELATION_WORDS.get(field.relation or "other", "Người khác")), born]
        parts.insert(0, ", ".join(part for part in person if part))
    shown, other = (
        field_value(t, field.key, one, people, sees_phones=sees_phones) for one in (field.shown, field.other)
    )
    values = t("Đang hiện: {shown} · Ghi khác: {other}", shown=shown, other=other)
    if shown == other:  # two numbers that differ in the middle only
        values += " " + t("(khác nhau ở những số bị che)")
    return ft.Column([paragraph(" · ".join(parts)), paragraph(values, weak=True)], spacing=2, tight=True)
