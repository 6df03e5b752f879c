"""The guide inside the app: its pages, each readable offline."""

from typing import Any

import flet as ft

from app.ui import theme
from app.ui.components.frame import paragraph, primary_button, screen
from app.ui.guide import Chapter, list_chapters
from app.ui.workspace import use_texts


@ft.component
def GuideScreen() -> ft.Control:
    """The page of the route, or the list of all pages."""
    t = use_texts()
    chapters = ft.use_memo(list_chapters, [])
    name = ft.use_route_params().get("page") or ""
    place = next((place for place, one in enumerate(chapters) if one.name == name), None)

    def go(path: str) -> Any:
        return lambda _event: ft.context.page.navigate(path)

    if place is None:
        lines = [_line(one, go(f"/device/guide/{one.name}")) for one in chapters]
        return screen(t("Hướng dẫn"), list(lines), back=go("/device"), back_label=t("Quay lại"))
    following = chapters[place + 1] if place + 1 < len(chapters) else None
    bottom = primary_button(following.title, go(f"/device/guide/{following.name}")) if following else None
    body = [_block(kind, words) for kind, words in chapters[place].blocks()]
    return screen(chapters[place].title, body, back=go("/device/guide"), back_label=t("Quay lại"), bottom=bottom)


def _line(chapter: Chapter, on_click: Any) -> ft.Control:
    return ft.ListTile(
        title=chapter.title,
        title_text_style=theme.line_style(theme.LARGE, bold=True),
        trailing=ft.Icon(ft.Icons.CHEVRON_RIGHT),
        on_click=on_click,
        bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
        shape=ft.RoundedRectangleBorder(radius=12),
        min_height=theme.TOUCH + 8,
    )


def _block(kind: str, words: str) -> ft.Control:
    if kind == "heading":
        heading = paragraph(words, size=theme.LARGE, bold=True)
        return ft.Semantics(header=True, content=ft.Container(heading, padding=ft.Padding(0, 12, 0, 0)))
    return paragraph(f"•  {words}" if kind == "item" else words, size=theme.LARGE)
