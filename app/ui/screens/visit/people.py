"""Second step of a visit: the people, one open at a time; each is asked only the questions for their age."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.actions.ids import new_id
from app.actions.responses import Campaign
from app.ui import theme
from app.ui.components.answers import answer, choice
from app.ui.components.frame import icon_button, panel, paragraph, secondary_button
from app.ui.screens.visit.departed import taken_out, why_gone
from app.ui.texts import Texts
from app.ui.workspace import use_texts, use_workspace
from survey.drafts import DraftChange, ResidentDraft, ResponseDraft
from survey.field_words import RELATION_WORDS
from survey.finishing import latest_birth_year, open_questions
from survey.questions import AskedOfResidents
from survey.records import EARLIEST_BIRTH_YEAR, AnswerValue, Departure


@ft.component
def PeopleStep(
    draft: ResponseDraft,
    campaign: Campaign,
    marked: set[str],
    change: Callable[[DraftChange], Any],
) -> ft.Control:
    """The list of people with one open, and the buttons that add another."""
    workspace, t = use_workspace(), use_texts()
    now = workspace.clock()
    chosen, set_chosen = ft.use_state("")
    leaving, set_leaving = ft.use_state("")
    missing = {one.pointer for one in open_questions(draft, campaign.form, campaign.round, now)}
    first_open = next((one.id for place, one in enumerate(draft.residents) if _misses(missing, place)), "")
    opened = chosen if any(one.id == chosen for one in draft.present) else first_open

    def add(relation: str) -> Callable[[Any], Any]:
        def handler(_event: Any) -> None:
            identity = new_id(workspace.clock())
            change(lambda latest: latest.add_resident(identity, relation))
            set_chosen(identity)

        return handler

    def take_out(who: str, reason: Departure = Departure.MISTAKE) -> None:
        set_leaving("")
        change(lambda latest: latest.take_out(who, reason))

    def put_back(who: str) -> None:
        change(lambda latest: latest.put_back(who))
        set_chosen(who)

    def person(resident: ResidentDraft, place: int) -> ft.Control:
        who, title, was_there = resident.id, _title(t, resident, place), draft.was_there(resident)
        if resident.taken_out:
            return taken_out(t, title, resident, was_there=was_there, put_back=lambda: put_back(who))
        if who == leaving:
            return why_gone(t, title, lambda reason: take_out(who, reason), lambda: set_leaving(""))
        if who == opened:
            leave = (lambda: set_leaving(who)) if was_there else (lambda: take_out(who))
            latest = latest_birth_year(campaign.round, now)
            return _open_person(t, campaign, latest, resident, place, marked, change, leave)
        return _closed_person(t, resident, place, _misses(missing, place), lambda: set_chosen(who))

    people = [person(resident, place) for place, resident in enumerate(draft.residents)]
    has_head = any(resident.relation == "head" for resident in draft.present)
    offered = [key for key in RELATION_WORDS if not (key == "head" and has_head)]
    if not draft.present:
        people.append(paragraph(t("Ai đang sống trong nhà này? Bắt đầu từ chủ hộ."), size=theme.LARGE))
    return ft.Column(
        [
            *people,
            paragraph(t("Thêm người:"), bold=True),
            ft.Row(
                [secondary_button(t(RELATION_WORDS[key]), add(key), icon=ft.Icons.PERSON_ADD) for key in offered],
                wrap=True,
                spacing=8,
                run_spacing=8,
            ),
        ],
        spacing=theme.GAP,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _misses(missing: set[str], place: int) -> bool:
    return any(pointer.startswith(f"/residents/{place}/") for pointer in missing)


def _title(t: Texts, resident: ResidentDraft, place: int) -> str:
    return t("{place}. {relation}", place=place + 1, relation=t(RELATION_WORDS.get(resident.relation, "Người khác")))


def _closed_person(
    t: Texts, resident: ResidentDraft, place: int, misses: bool, on_open: Callable[[], Any]
) -> ft.Control:
    born = t("sinh năm {year}", year=resident.birth_year) if resident.birth_year else t("chưa rõ năm sinh")
    words = t("còn câu chưa hỏi") if misses else t("đã hỏi xong")
    return ft.Container(
        ft.ListTile(
            title=ft.Text(_title(t, resident, place), size=theme.LARGE, weight=ft.FontWeight.W_600),
            subtitle=ft.Text(f"{born} · {words}", size=15),
            leading=ft.Icon(
                ft.Icons.RADIO_BUTTON_UNCHECKED if misses else ft.Icons.CHECK_CIRCLE,
                color=ft.Colors.ON_SURFACE_VARIANT if misses else ft.Colors.PRIMARY,
            ),
            trailing=ft.Icon(ft.Icons.EXPAND_MORE),
            on_click=lambda _event: on_open(),
            min_height=64,
        ),
        key=resident.id,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        border_radius=16,
    )


def _open_person(
    t: Texts,
    campaign: Campaign,
    latest: int,
    resident: ResidentDraft,
    place: int,
    marked: set[str],
    change: Callable[[DraftChange], Any],
    leave: Callable[[], Any],
) -> ft.Control:
    pointer = f"/residents/{place}"

    def born(changed: int | None) -> None:
        if changed != resident.birth_year:
            change(lambda latest: latest.change_resident(resident.id, birth_year=changed))

    def on_answer(asked: AskedOfResidents) -> Callable[[AnswerValue], Any]:
        return lambda value: change(lambda latest: latest.answer_of(resident.id, asked.question.key, value))

    questions: list[ft.Control] = [
        answer(
            t,
            asked.question,
            resident.answers.get(asked.question.key),
            on_answer(asked),
            marked=f"{pointer}/answers/{asked.question.key}" in marked,
        )
        for asked in campaign.form.resident_questions
        if resident.is_asked(asked, campaign.round.reference_year)
    ]
    return ft.Container(
        panel(
            ft.Column(
                [
                    ft.Row(
                        [
                            ft.Text(
                                _title(t, resident, place), size=theme.LARGE, weight=ft.FontWeight.W_600, expand=True
                            ),
                            icon_button(
                                ft.Icons.DELETE_OUTLINE,
                                t("Bỏ người này khỏi phiếu"),
                                lambda _event: leave(),
                            ),
                        ]
                    ),
                    BirthYearField(resident.birth_year, latest, f"{pointer}/birth_year" in marked, born),
                    choice(
                        t("Nam hay nữ?"),
                        [("m", t("Nam")), ("f", t("Nữ"))],
                        resident.sex,
                        lambda value: change(lambda latest: latest.change_resident(resident.id, sex=value)),
                        marked=f"{pointer}/sex" in marked,
                    ),
                    *questions,
                ],
                spacing=16,
                horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            )
        ),
        key=f"open-{resident.id}",
    )


@ft.component
def BirthYearField(
    birth_year: int | None, latest: int, marked: bool, on_change: Callable[[int | None], Any]
) -> ft.Control:
    """A field for four digits. The typed text stays; `on_change` gets the year at four digits, before that None."""
    t = use_texts()
    text, set_text = ft.use_state(str(birth_year or ""))

    def typed(event: Any) -> None:
        value = event.control.value
        set_text(value)
        on_change(int(value) if len(value) == 4 and value.isdigit() else None)

    error = None
    if birth_year is not None and not EARLIEST_BIRTH_YEAR <= birth_year <= latest:
        error = t("Năm sinh phải từ {first} đến {last}.", first=EARLIEST_BIRTH_YEAR, last=latest)
    elif marked:
        error = t("Anh/chị ghi năm sinh đủ 4 chữ số.")
    return ft.TextField(
        label=t("Năm sinh"),
        value=text,
        on_change=typed,
        keyboard_type=ft.KeyboardType.NUMBER,
        input_filter=ft.InputFilter("^[0-9]*$"),
        max_length=4,
        counter="",
        text_size=theme.LARGE,
        error=error,
    )
