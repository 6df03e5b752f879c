"""One table, one screen, and a few functions for the tests: in the worker as `tried_…`, and for a browser of which the
tests have only the page, on the BroadcastChannel "tried": { id, name, given } is answered by { id, result }.
"""

import asyncio
import gzip
import inspect
import json
import random
import uuid
from importlib import resources
from typing import Any

import flet as ft
import httpx
import js
import pyodide_js
from pyodide.ffi import create_proxy, to_js
from sqlmodel import Field, Session, SQLModel, create_engine, func, select, text

from app.device import StorageFailed, StorageFull, browser


class Household(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    head_name: str


engine = create_engine(f"sqlite:///{browser.DATABASE}")


async def add(head_name: str) -> str:
    """Insert, commit, flush; the number of rows, or the name of what went wrong."""
    with Session(engine) as session:
        session.add(Household(head_name=head_name))
        session.commit()
    try:
        await browser.flush()
    except (StorageFull, StorageFailed) as problem:
        return type(problem).__name__
    return str(count())


def count() -> int:
    with Session(engine) as session:
        return session.exec(select(func.count()).select_from(Household)).one()


def integrity() -> str:
    with Session(engine) as session:
        return session.exec(text("PRAGMA integrity_check")).scalar_one()


def facts() -> str:
    return json.dumps(
        {
            "storage": browser.storage_state(),
            "note": browser.storage_note(),
            "server": browser.server_url(),
            "device": browser.device_name(),
            "offline": browser.offline_ready(),
            "update": browser.update_ready(),
            "keeping": browser.keeping(),
            "greeting": resources.files("survey").joinpath("greeting.txt").read_text("utf-8").strip(),
        }
    )


def crash() -> str:
    """Break Python down as a fault of the browser's engine does."""
    pyodide_js._api.fatal_error(js.Error.new("broken"))
    return "never"


def chance() -> str:
    """Something that must differ from start to start."""
    return f"{random.random()} {uuid.uuid4()}"


async def post(path: str, content: str, seconds: float) -> str:
    """Send a gzip body through the transport; the reply's JSON, or the name of the exception."""
    headers = {"content-encoding": "gzip", "authorization": "Bearer x"}
    async with httpx.AsyncClient(transport=browser.transport(), base_url=browser.server_url()) as client:
        try:
            reply = await client.post(path, content=gzip.compress(content.encode()), headers=headers, timeout=seconds)
        except httpx.HTTPError as problem:
            return type(problem).__name__
        return f"{reply.status_code} {reply.text}"


async def keep_adding(head_name: str) -> str:
    """Add without end; each count of acknowledged rows is told on the channel as { acknowledged }."""
    while True:
        _tell(acknowledged=await add(head_name))


FUNCTIONS = {each.__name__: each for each in (add, count, integrity, facts, chance, crash, post, keep_adding)}
calls: set[asyncio.Task[None]] = set()  # asyncio itself does not hold on to them


def _tell(**message: object) -> None:
    js.tried_channel.postMessage(to_js(message, dict_converter=js.Object.fromEntries))


async def _answer(call: Any) -> None:
    result = FUNCTIONS[call.name](*call.given)
    _tell(id=call.id, result=str(await result if inspect.isawaitable(result) else result))


def _on_call(event: Any) -> None:
    calls.add(task := asyncio.ensure_future(_answer(event.data)))
    task.add_done_callback(calls.discard)


@ft.component
def Screen() -> Any:  # noqa: N802 - a component
    route, set_route = ft.use_state(ft.context.page.route)
    ft.context.page.on_route_change = lambda event: set_route(event.route)
    heads, set_heads = ft.use_state(count())

    async def on_add(_event: Any) -> None:
        await add("Nguyễn Thị Ánh Tuyết")
        set_heads(count())

    return ft.SafeArea(
        ft.Column(
            [
                ft.Text("Danh sách hộ", size=24, weight=ft.FontWeight.W_700),
                ft.Text(f"Có {heads} hộ"),
                ft.Text(f"Đường dẫn {route}"),
                ft.FilledButton("Thêm hộ mới", icon=ft.Icons.ADD, on_click=on_add),
                ft.TextField(label="Họ tên chủ hộ"),
            ]
        )
    )


def main(page: ft.Page) -> None:
    page.title = "Từng Nhà"
    page.theme = ft.Theme(font_family="Be Vietnam Pro", color_scheme_seed="#0f766e")
    page.render(Screen)


def run() -> None:
    SQLModel.metadata.create_all(engine)
    for name, function in FUNCTIONS.items():
        setattr(js, f"tried_{name}", create_proxy(function))
    js.tried_channel = js.BroadcastChannel.new("tried")
    js.tried_channel.onmessage = create_proxy(_on_call)
    ft.run(main)
