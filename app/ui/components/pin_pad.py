"""Where a PIN is tapped, on a keypad of the app's own so that no keyboard remembers it; and the question for it."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import flet as ft

from app.actions.pin import ROUNDS, look_at_tries, try_pin
from app.store.pin import KeptPin, find_pin
from app.ui import theme
from app.ui.components.frame import notice, paragraph
from app.ui.texts import Texts
from app.ui.workspace import Workspace, use_texts, use_workspace
from survey.pin import DIGITS, Tries

_KEYS = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), ("", "0", "back"))


@ft.component
def PinPad(on_pin: Callable[[str], Awaitable[None]], disabled: bool = False) -> ft.Control:
    """Ten digits and a key that takes back the last one. `on_pin` gets six digits, and the pad is empty again."""
    t = use_texts()
    # Not state of the pad: taps come faster than a slow phone draws.
    typed: list[str] = ft.use_memo(list[str], [])
    count, set_count = ft.use_state(0)

    def tap(key: str) -> Callable[[Any], Any]:
        async def handler(_event: Any) -> None:
            if key == "back":
                del typed[-1:]
            elif len(typed) < DIGITS:
                typed.append(key)
            set_count(len(typed))
            if len(typed) == DIGITS:
                await on_pin("".join(typed))
                typed.clear()
                set_count(0)

        return handler

    dots: list[ft.Control] = [
        ft.Icon(ft.Icons.CIRCLE if place < count else ft.Icons.CIRCLE_OUTLINED, size=20, color=ft.Colors.PRIMARY)
        for place in range(DIGITS)
    ]
    row = ft.Row(dots, alignment=ft.MainAxisAlignment.CENTER, spacing=6)
    words = t("Đã bấm {count} trên {all} số", count=count, all=DIGITS)
    return ft.Column(
        [
            ft.Semantics(label=words, live_region=True, exclude_semantics=True, content=row),
            *[ft.Row([_key(t, key, tap(key), disabled) for key in keys], spacing=8) for keys in _KEYS],
        ],
        spacing=8,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _key(t: Texts, key: str, on_click: Callable[[Any], Any], disabled: bool) -> ft.Control:
    if not key:
        return ft.Container(expand=True)
    word: ft.Control = ft.Text(key)
    if key == "back":
        word = ft.Icon(ft.Icons.BACKSPACE_OUTLINED, semantics_label=t("Xóa số vừa bấm"))
    return ft.OutlinedButton(
        content=word,
        on_click=on_click,
        disabled=disabled,
        expand=True,
        style=ft.ButtonStyle(
            text_style=theme.label_style(theme.TITLE, bold=True),
            shape=ft.RoundedRectangleBorder(radius=14),
            padding=ft.Padding(4, 14, 4, 14),
            bgcolor=ft.Colors.SURFACE_CONTAINER_LOWEST,
            side=ft.BorderSide(1, ft.Colors.OUTLINE),
        ),
    )


async def new_pin(workspace: Workspace, pin: str) -> KeptPin:
    """What is kept of a new PIN."""
    salt = secrets.token_bytes(16)
    return KeptPin(salt, ROUNDS, await workspace.place.slow_hash(pin, salt, ROUNDS))


@ft.component
def PinQuestion(on_right: Callable[[], Any]) -> ft.Control:
    """Asks for the PIN until it is right, then calls `on_right`. Each try is on the disk before its result is shown."""
    workspace, t = use_workspace(), use_texts()
    first = ft.use_memo(lambda: look_at_tries(workspace.database, workspace.clock()), [])
    tries, set_tries = ft.use_state(first)

    async def wait() -> None:
        """Count a wait down, by the clock."""
        left = tries
        while left.left:
            await asyncio.sleep(1)
            left = left.at(workspace.clock())
            set_tries(left)

    async def check(typed: str) -> None:
        pin = workspace.read(find_pin)
        if pin is not None:
            typed_hash = await workspace.place.slow_hash(typed, pin.salt, pin.rounds)
            result = await workspace.save(try_pin, workspace.clock(), typed_hash)
            if result is not None:
                set_tries(result)
                return
        on_right()

    ft.use_effect(wait, [tries.wrong])
    body: list[ft.Control] = [PinPad(check, disabled=bool(tries.left))]
    if said := _said(t, tries):
        body.insert(0, notice(said, icon=ft.Icons.ERROR_OUTLINE, warn=True))
    else:
        body.insert(0, paragraph(t("Bấm mã PIN 6 số của anh/chị."), size=theme.LARGE))
    return ft.Column(body, spacing=theme.GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _said(t: Texts, tries: Tries) -> str:
    """What the wrong tries mean now; empty where there were none."""
    if tries.left:
        minutes, seconds = divmod(-(-tries.left // timedelta(seconds=1)), 60)
        wait = f"{minutes}:{seconds:02}"
        return t("Mã chưa đúng {count} lần. Chờ {wait} phút rồi bấm lại.", count=tries.wrong, wait=wait)
    if tries.wrong:
        return t("Mã PIN chưa đúng. Còn {count} lần bấm trước khi phải chờ.", count=tries.tries_left)
    return ""
