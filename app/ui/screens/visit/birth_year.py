"""A birth year in two taps: the decade, then the year. Typing it is the second way."""

from collections.abc import Callable
from typing import Any

import flet as ft

from app.ui import theme
from app.ui.components.typed_field import typed_field, use_typed
from app.ui.texts import Texts
from app.ui.workspace import use_texts
from survey.birth_years import is_possible, older_decades, recent_decades, years_of
from survey.records import EARLIEST_BIRTH_YEAR

_DECADES, _OLDER, _TYPING = -1, -2, -3
"""What the field shows besides the years of a decade, which it knows by that decade's first year."""


def born_words(t: Texts, birth_year: int, latest: int) -> str:
    """ "sinh 1961 · 65 tuổi": the age helps to see a year that cannot be right."""
    return t("sinh {year} · {age} tuổi", year=birth_year, age=latest - birth_year)


@ft.component
def BirthYear(
    birth_year: int | None, latest: int, marked: bool, on_change: Callable[[int | None, bool], Any]
) -> ft.Control:
    """The decades, the years of the one tapped, then the year as a line that opens the decades again.

    `on_change` gets the year, or None while it is being typed, and whether it corrects one that stood there.
    """
    t = use_texts()
    shown, set_shown = ft.use_state(0 if birth_year else _DECADES)
    corrects: ft.MutableRef[bool] = ft.use_ref(birth_year is not None)

    def show(what: int) -> Callable[[Any], Any]:
        return lambda _event: set_shown(what)

    def toggle(_event: Any) -> None:
        corrects.current = True
        set_shown(_DECADES if shown == 0 else 0)

    def choose(year: int) -> Callable[[Any], Any]:
        def handler(_event: Any) -> None:
            set_shown(0)
            on_change(year, bool(corrects.current))

        return handler

    def typed(year: int | None) -> None:
        if year is not None and is_possible(year, latest):
            set_shown(0)
        on_change(year, bool(corrects.current))

    parts: list[ft.Control] = []
    wrong = birth_year is not None and not is_possible(birth_year, latest)
    if birth_year is not None and shown != _TYPING and not wrong:
        parts.append(_line(born_words(t, birth_year, latest), toggle, is_open=shown != 0))
    if wrong and shown != _TYPING:
        shown = shown or _DECADES
    if shown in (_DECADES, _OLDER):
        parts.append(_question(t("Sinh khoảng năm nào?"), marked))
        decades = recent_decades(latest) if shown == _DECADES else older_decades(latest)
        spans = [(decade, years_of(decade, latest)) for decade in decades]
        parts.append(_grid([_tile(f"{span[0]}–{span[-1]}", show(decade)) for decade, span in spans]))
        if shown == _DECADES:
            older = t("Trước {year}", year=decades[-1])
            parts.append(_ways([_way(older, show(_OLDER)), _way(t("Gõ năm"), show(_TYPING))]))
        else:
            parts.append(_ways([_way(t("Quay lại các năm sau"), show(_DECADES)), _way(t("Gõ năm"), show(_TYPING))]))
    elif shown > 0:
        span = years_of(shown, latest)
        parts.append(_question(t("Sinh năm nào?"), marked))
        back = _OLDER if shown in older_decades(latest) else _DECADES
        parts.append(_grid([_tile(str(year), choose(year)) for year in span]))
        parts.append(_ways([_way(t("Không phải {decade}", decade=f"{span[0]}–{span[-1]}"), show(back))]))
    elif shown == _TYPING:
        parts.append(_TypedYear(birth_year, latest, marked, typed))
        parts.append(_ways([_way(t("Chọn năm trong bảng"), show(_DECADES))]))
    return ft.Column(parts, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _question(words: str, marked: bool) -> ft.Control:
    return ft.Text(
        words,
        size=theme.LARGE,
        weight=ft.FontWeight.W_600 if marked else None,
        color=ft.Colors.ERROR if marked else None,
    )


def _line(words: str, on_click: Callable[[Any], Any], *, is_open: bool) -> ft.Control:
    """The year that stands there; a tap opens the decades, another one leaves it as it was."""
    return ft.OutlinedButton(
        content=ft.Row(
            [
                ft.Text(words, size=theme.LARGE, weight=ft.FontWeight.W_600, expand=True),
                ft.Icon(ft.Icons.EXPAND_LESS if is_open else ft.Icons.EDIT_OUTLINED),
            ]
        ),
        on_click=on_click,
        style=ft.ButtonStyle(
            text_style=theme.label_style(theme.LARGE, bold=True),
            shape=ft.RoundedRectangleBorder(radius=14),
            padding=ft.Padding(16, 14, 16, 14),
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            color=ft.Colors.ON_SURFACE,
            side=ft.BorderSide(1.5, ft.Colors.OUTLINE),
        ),
    )


def _tile(words: str, on_click: Callable[[Any], Any]) -> ft.Control:
    return ft.OutlinedButton(
        content=words,
        on_click=on_click,
        expand=True,
        style=ft.ButtonStyle(
            text_style=theme.label_style(theme.LARGE, bold=True),
            shape=ft.RoundedRectangleBorder(radius=14),
            padding=ft.Padding(4, 14, 4, 14),
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            color=ft.Colors.ON_SURFACE,
            side=ft.BorderSide(1, ft.Colors.OUTLINE),
        ),
    )


def _grid(tiles: list[ft.Control]) -> ft.Control:
    """Two in a row, read line by line; a last one alone is as wide as the others."""
    pairs = [tiles[first : first + 2] for first in range(0, len(tiles), 2)]
    rows: list[ft.Control] = [
        ft.Row([*pair, *([ft.Container(expand=True)] if len(pair) == 1 else [])], spacing=8) for pair in pairs
    ]
    return ft.Column(rows, spacing=8, tight=True)


def _way(words: str, on_click: Callable[[Any], Any]) -> ft.Control:
    return ft.TextButton(
        content=words,
        on_click=on_click,
        style=ft.ButtonStyle(text_style=theme.label_style(theme.BODY), padding=ft.Padding(14, 14, 14, 14)),
    )


def _ways(ways: list[ft.Control]) -> ft.Control:
    return ft.Row(ways, alignment=ft.MainAxisAlignment.SPACE_EVENLY, wrap=True)


@ft.component
def _TypedYear(birth_year: int | None, latest: int, marked: bool, on_change: Callable[[int | None], Any]) -> ft.Control:
    """A field for four digits. The typed text stays; `on_change` gets the year at four digits, before that None."""
    t = use_texts()
    text = use_typed(str(birth_year or ""))

    def hear(value: str) -> None:
        year = int(value) if len(value) == 4 and value.isdigit() else None
        if year != birth_year:
            on_change(year)

    error = None
    if birth_year is not None and not is_possible(birth_year, latest):
        error = t("Năm sinh phải từ {first} đến {last}.", first=EARLIEST_BIRTH_YEAR, last=latest)
    elif marked:
        error = t("Anh/chị ghi năm sinh đủ 4 chữ số.")
    return typed_field(
        t("Năm sinh"),
        text,
        hear,
        keyboard_type=ft.KeyboardType.NUMBER,
        input_filter=ft.InputFilter("^[0-9]*$"),
        max_length=4,
        counter="",
        error=error,
    )
