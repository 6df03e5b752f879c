"""The root of the screens: it provides the workspace and says which screen each route shows."""

from typing import Any

import flet as ft

from app.store.pin import find_pin, find_required_pin
from app.store.sync_state import find_sign_in
from app.ui.components.frame import notice, primary_button, screen
from app.ui.components.navigation import home_of
from app.ui.on_demand import on_demand
from app.ui.screens.enroll import EnrollScreen
from app.ui.screens.households import HouseholdsScreen
from app.ui.screens.lock import LockScreen
from app.ui.screens.own_pin import OwnPinScreen
from app.ui.screens.visit.consent import expect_recording
from app.ui.texts import DEFAULT_LANGUAGE, Texts
from app.ui.workspace import Workspace, WorkspaceContext, use_app_state, use_looks, use_texts, use_workspace


@ft.component
def HomeScreen() -> ft.Control:
    """Where a person starts: enrolment on a new device, else on to the first place of their role."""
    workspace = use_workspace()
    use_app_state()
    signed_in = workspace.read(find_sign_in)

    def go_on() -> None:
        if signed_in is not None:
            ft.context.page.navigate(home_of(signed_in.role))

    ft.use_effect(go_on, [signed_in is None])
    return EnrollScreen() if signed_in is None else ft.Container()


@ft.component
def ListUnder(is_covered: bool) -> ft.Control:
    """The list as it was last seen: while it is covered it is not drawn again, whatever happens meanwhile. A start that
    begins with a household, as one does that was tapped early, does not wait for it."""
    use_app_state()
    seen: list[ft.Control] = ft.use_memo(list, [])
    if not is_covered:
        seen[:] = [HouseholdsScreen()]
    return seen[0] if seen else ft.Container()


@ft.component
def HouseholdsArea() -> ft.Control:
    """The list, and over it the household or the visit that was opened from it: so the list keeps its place."""
    workspace = use_workspace()
    over = ft.use_route_outlet()
    ft.use_effect(lambda: expect_recording(workspace), [])
    is_covered = over is not None
    under = ft.Semantics(exclude_semantics=is_covered, content=ListUnder(is_covered), disabled=is_covered)
    cover = ft.Container(over, bgcolor=ft.Colors.SURFACE)
    return ft.Stack([under, *([cover] if is_covered else [])], fit=ft.StackFit.EXPAND, expand=True)


@ft.component
def LostScreen() -> ft.Control:
    """Shown for an address that does not exist."""
    t = use_texts()

    def home(_event: Any) -> None:
        ft.context.page.navigate("/")

    text = t("Không có trang này. Anh/chị mở lại từ trang đầu.")
    return screen(
        t("Từng Nhà"), [notice(text, icon=ft.Icons.HELP_OUTLINE)], bottom=primary_button(t("Về trang đầu"), home)
    )


@ft.component
def NewerAppNeeded() -> ft.Control:
    """The file was written by a newer app: it is left alone until the app is updated. No workspace is open here."""
    t = Texts(DEFAULT_LANGUAGE)
    text = t(
        "Dữ liệu trên máy do bản mới hơn ghi và vẫn còn nguyên. Đóng hẳn ứng dụng, có mạng thì mở lại để cập nhật."
    )
    return screen(t("Từng Nhà"), [notice(text, icon=ft.Icons.SYSTEM_UPDATE)])


ROUTES = [
    ft.Route(index=True, component=HomeScreen),
    ft.Route(path="enroll/:code?", component=EnrollScreen),
    ft.Route(
        path="households",
        component=HouseholdsArea,
        children=[
            ft.Route(path=":household", component=on_demand("household", "HouseholdScreen")),
            ft.Route(path=":household/visit", component=on_demand("visit.form", "VisitScreen")),
            ft.Route(path=":household/again", component=on_demand("send_back", "SendBackScreen")),
            ft.Route(path=":household/doubts/:doubt", component=on_demand("doubt", "DoubtScreen")),
            ft.Route(path=":household/edit", component=on_demand("edit_household", "EditHouseholdScreen")),
            ft.Route(path=":household/split", component=on_demand("split_household", "SplitHouseholdScreen")),
        ],
    ),
    ft.Route(path="c/:code", component=on_demand("cards", "CardScreen")),
    ft.Route(path="cards", component=on_demand("cards", "CardsScreen")),
    ft.Route(path="cards/print", component=on_demand("card_sheets", "CardSheetsScreen")),
    ft.Route(path="cards/members", component=on_demand("member_cards", "MemberCardsScreen")),
    ft.Route(path="results", component=on_demand("village", "ResultsScreen")),
    ft.Route(path="new-household", component=on_demand("new_household", "NewHouseholdScreen")),
    ft.Route(path="results/:village/:no", component=on_demand("way", "WayScreen")),
    ft.Route(path="commune", component=on_demand("commune", "CommuneScreen")),
    ft.Route(path="villages/:village", component=on_demand("village", "VillageScreen")),
    ft.Route(path="review", component=on_demand("review", "ReviewScreen")),
    ft.Route(path="review/:doubt", component=on_demand("doubt", "DoubtScreen")),
    ft.Route(path="device", component=on_demand("device", "DeviceScreen")),
    ft.Route(path="device/guide/:page?", component=on_demand("guide", "GuideScreen")),
    ft.Route(path="device/move", component=on_demand("move", "MoveScreen")),
    ft.Route(path="device/pin", component=OwnPinScreen),
    ft.Route(path="device/changes", component=on_demand("own_changes", "OwnChangesScreen")),
    ft.Route(path="device/asked-again", component=on_demand("own_back_checks", "OwnBackChecksScreen")),
    ft.Route(path="team/:village?", component=on_demand("team", "TeamScreen")),
    ft.Route(path="team/:village/:member", component=on_demand("team_member", "TeamMemberScreen")),
    ft.Route(path="invite/:village/:member?", component=on_demand("invite", "InviteScreen")),
]


@ft.component
def Screens() -> ft.Control:
    """The screen of the route; while the app is locked none of them is there, not even hidden."""
    workspace, looks = use_workspace(), use_looks()
    router = ft.use_memo(lambda: ft.Router(ROUTES, not_found=LostScreen), [looks.locked])
    if looks.locked and workspace.read(find_pin) is not None:
        return LockScreen()
    if looks.locked and workspace.read(find_required_pin) is not None:
        return OwnPinScreen(is_due=True)
    return router


@ft.component
def App(workspace: Workspace) -> Any:
    """The root component: all screens, for one workspace."""
    return WorkspaceContext(workspace, Screens)
