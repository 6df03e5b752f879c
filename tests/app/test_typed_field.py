"""Fields for typing: a redraw gives back what the field holds, whatever the screen knows of it yet."""

import asyncio
from collections.abc import Callable
from typing import Any

import flet as ft
import pytest
from flet.controls.context import _context_page
from flet.messaging.connection import Connection
from flet.messaging.protocol import Message
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from app.ui.components.typed_field import Typed, typed_field, use_typed

pytestmark = pytest.mark.anyio


class Screen:
    """A screen in a session whose client only listens: `sent` is what the client was told to change."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.heard: list[str] = []
        self.typed = Typed("")
        self.redraw: Callable[[], Any] = asyncio.Event().wait
        client = Connection()
        client.pubsubhub = PubSubHub()
        client.loop = asyncio.get_running_loop()
        client.send_message = self._hear  # type: ignore[method-assign]
        self.session = Session(client)

    def _hear(self, message: Message) -> None:
        self.sent.append(repr(message.body))

    async def open(self, root: Callable[[], ft.Control]) -> None:
        _context_page.set(self.session.page)
        self.session.page.render(ft.component(root))
        self.session.get_page_patch()
        await self.settle()
        self.sent.clear()

    async def settle(self) -> None:
        """Let the session draw what is to be drawn."""
        for _ in range(20):
            await asyncio.sleep(0)

    @property
    def field(self) -> ft.TextField:
        assert self.typed.field.current is not None
        return self.typed.field.current

    def letter(self, text: str) -> Any:
        """The client says what the field holds now; the event that goes with it comes when it is awaited."""
        self.session.apply_patch(self.field._i, {"value": text})
        return self.session.dispatch_event(self.field._i, "change", text)


@pytest.fixture
async def screen() -> Screen:
    made = Screen()

    def root() -> ft.Control:
        made.typed = use_typed("An")
        search, set_search = ft.use_state("")
        _, redraw = ft.use_state(0)

        async def draw_again() -> None:
            _context_page.set(made.session.page)
            redraw(len(made.heard))

        made.redraw = draw_again
        made.heard.append(search)
        above: list[ft.Control] = [] if search else [ft.Text("x"), ft.Text("y")]
        return ft.Column([*above, typed_field("Tìm", made.typed, set_search)])

    await made.open(root)
    return made


async def test_a_letter_under_way_is_not_overwritten_by_the_answer_to_an_earlier_one(screen: Screen) -> None:
    await screen.letter("V")
    late = screen.letter("Va")  # the field holds it already, but the screen has not heard of it
    await screen.settle()  # the screen is drawn with "V"
    assert screen.heard[-1] == "V"
    assert screen.field.value == "Va"
    assert not [one for one in screen.sent if "'V'" in one or "'An'" in one]
    await late
    await screen.settle()
    assert screen.heard[-1] == screen.typed.text == "Va"


async def test_a_redraw_for_another_reason_changes_nothing_in_the_field(screen: Screen) -> None:
    late = screen.letter("Anh")
    await screen.redraw()
    await screen.settle()
    assert screen.field.value == "Anh"
    await late


async def test_the_field_stays_the_same_when_what_is_above_it_goes(screen: Screen) -> None:
    before = screen.field._i
    await screen.letter("B")
    await screen.settle()
    assert screen.field._i == before


async def test_what_is_put_on_purpose_gets_there(screen: Screen) -> None:
    await screen.letter("Ba")
    await screen.settle()
    screen.sent.clear()
    _context_page.set(screen.session.page)
    screen.typed.put("")
    await screen.settle()
    assert screen.field.value == ""
    assert any("value" in one for one in screen.sent)
    await screen.letter("C")
    await screen.redraw()
    await screen.settle()
    assert (screen.field.value, screen.typed.text) == ("C", "C")
