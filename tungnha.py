"""The command line and the composition root: the only place that knows the sync server and the app's files at once.

One process serves the API, the offline app at `/app/` and the office's pages at `/office/`.
"""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import qrcode
import typer
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route

from sync_server.cli.commands import app as cli
from sync_server.cli.console import fail, read_settings
from sync_server.demo.replay import load_demo
from sync_server.http.headers import SafeHeaders
from sync_server.http.patience import KEEP_ALIVE_SECONDS, Patience, allow_many_connections
from sync_server.main import create_app
from sync_server.office.doors import two_doors
from sync_server.settings import ServerSettings
from web.serve import offline_app

ROOT = Path(__file__).parent
OFFLINE_APP = ROOT / "build" / "web"


def create_site(settings: ServerSettings, api: FastAPI) -> Starlette:
    """Everything that a commune's server answers, as one ASGI application."""
    shutil.rmtree(settings.data / "hosted", ignore_errors=True)  # the files of screens that ran here until 11/2026

    @asynccontextmanager
    async def from_start_to_end(_site: Starlette) -> AsyncIterator[None]:
        async with api.router.lifespan_context(api):  # a mounted application's own would not run
            yield

    return Starlette(
        routes=[
            Route("/", two_doors),
            Mount("/app", offline_app(OFFLINE_APP)),
            Mount("/hosted", Route("/{rest:path}", to_office)),
            Mount("/", api),
        ],
        middleware=[Middleware(SafeHeaders)],
        lifespan=from_start_to_end,
    )


async def to_office(_request: Request) -> RedirectResponse:
    """Where the office's screens were before. A browser takes what is behind "#", the code of a link, along."""
    return RedirectResponse("/office/", 308)


class _Announcing(uvicorn.Server):
    """A uvicorn server that calls `announce` once it answers."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[Any] | None = None) -> None:
        await super().startup(sockets)
        self._announce()


def run_site(settings: ServerSettings, api: FastAPI, announce: Callable[[], None]) -> None:
    """Serve the site until it is interrupted; `announce` is called once it answers.

    Exits if the offline app is not built.
    """
    if not OFFLINE_APP.joinpath("index.html").exists():
        raise fail("Chưa có ứng dụng ngoại tuyến. Chạy lệnh: make web")
    config = uvicorn.Config(
        create_site(settings, api),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_graceful_shutdown=3,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        http=Patience,
    )
    allow_many_connections()
    _Announcing(config, announce).run()


@cli.command("serve")
def serve(
    host: Annotated[str | None, typer.Option(help="Địa chỉ lắng nghe.")] = None,
    port: Annotated[int | None, typer.Option(help="Cổng.")] = None,
) -> None:
    """Chạy máy chủ: đồng bộ, ứng dụng ngoại tuyến ở /app/, trang của xã ở /office/."""
    settings = read_settings(host=host, port=port)
    run_site(settings, create_app(settings), lambda: print(f"Từng Nhà: {settings.public_url}", flush=True))


@cli.command("demo")
def demo() -> None:
    """Dùng thử: xã Nguyệt Đức với dữ liệu dựng sẵn, ba đường dẫn đăng nhập, rồi chạy máy chủ."""
    settings = read_settings()
    api = create_app(settings)
    invitations = load_demo(api, lambda text: print(text, flush=True))

    def announce() -> None:
        for role, invitation in invitations.items():
            print(f"{role}: {invitation.link}")
        picture = qrcode.QRCode(border=2)
        picture.add_data(invitations["member"].link)
        picture.print_ascii(invert=True)
        print("Quét mã trên bằng điện thoại, hoặc mở đường dẫn “member:” trong trình duyệt. Dừng: Ctrl+C", flush=True)

    run_site(settings, api, announce)


def main() -> None:
    """The command `tungnha`."""
    cli()


if __name__ == "__main__":
    main()
