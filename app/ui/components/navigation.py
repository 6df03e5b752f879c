"""Where a person can go from everywhere: at most four places, in a bar at the bottom, or in a menu where it is low."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import flet as ft

from app.ui import theme
from app.ui.texts import Texts, later
from survey.roles import Action, Role, may


def destinations(role: Role) -> list[tuple[str, str, ft.IconData]]:
    """Where a role can go: route, words, icon. The first is home."""
    households = ("/households", later("Hộ"), ft.Icons.HOME)
    review = ("/review", later("Cần xem"), ft.Icons.COMPARE_ARROWS)
    device = ("/device", later("Máy này"), ft.Icons.PHONE_ANDROID)
    if may(role, Action.SEE_COMMUNE):
        return [("/commune", later("Tổng hợp"), ft.Icons.TABLE_CHART), households, review, device]
    results = ("/results", later("Kết quả"), ft.Icons.CHECKLIST)
    return [households, results, *([review] if may(role, Action.SETTLE_DIFFERENCE) else []), device]


def home_of(role: Role) -> str:
    return destinations(role)[0][0]


@dataclass(frozen=True)
class Navigation:
    """The places of a role, with the present one marked."""

    t: Texts
    role: Role
    here: str

    def bar(self) -> ft.Control:
        """The places side by side, for the bottom of the screen."""
        places = destinations(self.role)
        routes = [route for route, _words, _icon in places]

        def go(event: Any) -> None:
            ft.context.page.navigate(routes[int(event.control.selected_index)])

        return ft.NavigationBar(
            destinations=[
                ft.NavigationBarDestination(icon=icon, label=self.t(words)) for _route, words, icon in places
            ],
            selected_index=routes.index(self.here) if self.here in routes else 0,
            on_change=go,
        )

    def menu(self) -> ft.Control:
        """The same places behind one button, for the top of a screen that is too low for the bar."""

        def to(route: str) -> Callable[[Any], None]:
            return lambda _event: ft.context.page.navigate(route)

        items = [
            ft.PopupMenuItem(
                content=ft.Text(self.t(words), size=theme.LARGE),
                icon=icon,
                on_click=to(route),
                checked=route == self.here,
            )
            for route, words, icon in destinations(self.role)
        ]
        label = self.t("Đi đến")
        return ft.PopupMenuButton(
            ft.Container(ft.Icon(ft.Icons.MENU, semantics_label=label), padding=12), items=items, tooltip=label
        )
