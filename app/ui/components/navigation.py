"""The bar at the bottom: at most four places, the same everywhere."""

from typing import Any

import flet as ft

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


def navigation_bar(t: Texts, role: Role, here: str) -> ft.Control:
    """The bar with the present place marked."""
    places = destinations(role)
    routes = [route for route, _words, _icon in places]

    def go(event: Any) -> None:
        ft.context.page.navigate(routes[int(event.control.selected_index)])

    return ft.NavigationBar(
        destinations=[ft.NavigationBarDestination(icon=icon, label=t(words)) for _route, words, icon in places],
        selected_index=routes.index(here) if here in routes else 0,
        on_change=go,
    )
