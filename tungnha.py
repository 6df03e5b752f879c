"""The command line and the composition root: the only place that knows the sync server and the app at once.

One process serves the API, the offline app at `/app/` and the hosted screens at `/hosted/`.
"""

import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import flet as ft
import httpx
import qrcode
import typer
import uvicorn
from fastapi import FastAPI
from flet import fastapi as flet_fastapi
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route

from app.device.hosted import HostedPlace
from app.main import open_workspace, show
from app.store.sync_state import find_sign_in
from sync_server.cli.commands import app as cli
from sync_server.cli.console import fail, read_settings
from sync_server.demo.replay import load_demo
from sync_server.http.headers import SafeHeaders
from sync_server.main import create_app
from sync_server.settings import ServerSettings
from web.own_origin import OwnOriginOnly
from web.serve import offline_app

ROOT = Path(__file__).parent
OFFLINE_APP = ROOT / "build" / "web"
BROWSER_KEY = "tungnha.browser"
SESSION_SECONDS = 600
HOSTED_QUIET_SECONDS = 20.0


def hosted_main(folder: Path, api: Any) -> Callable[[ft.Page], Awaitable[None]]:
    """Make Flet's main function for hosted screens, which run here and not in the browser.

    Each browser has a database file of its own in `folder` and keeps nothing but a random key. The file's name is the
    key's hash, so that no key can be read from a name. A file without a sign-in is deleted when its session ends.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def main(page: ft.Page) -> None:
        kept = ft.SharedPreferences()
        key = await kept.get(BROWSER_KEY)
        if not isinstance(key, str) or len(key) < 43:
            key = secrets.token_urlsafe(32)
            await kept.set(BROWSER_KEY, key)
        path = folder / f"{hashlib.sha256(key.encode()).hexdigest()}.db"
        workspace = await open_workspace(
            HostedPlace(path, httpx.ASGITransport(api)), quiet_seconds=HOSTED_QUIET_SECONDS
        )

        def close(_event: Any) -> None:
            workspace.loop.stop()
            unused = workspace.read(find_sign_in) is None
            workspace.database.close()
            if unused:
                path.unlink(missing_ok=True)

        page.on_close = close
        show(page, workspace)

    return main


def create_site(settings: ServerSettings, api: FastAPI) -> Starlette:
    """Everything that a commune's server answers, as one ASGI application."""
    hosted = flet_fastapi.app(
        hosted_main(settings.data / "hosted", api),
        assets_dir=str(ROOT / "assets"),
        app_name="Từng Nhà",
        app_short_name="Từng Nhà",
        route_url_strategy=ft.RouteUrlStrategy.HASH,
        no_cdn=True,
        session_timeout_seconds=SESSION_SECONDS,
    )

    async def to_app(_request: Any) -> RedirectResponse:
        return RedirectResponse("/app/")

    return Starlette(
        routes=[
            Route("/", to_app),
            Mount("/app", offline_app(OFFLINE_APP)),
            Mount("/hosted", OwnOriginOnly(GZipMiddleware(hosted, minimum_size=1000))),
            Mount("/", api),
        ],
        middleware=[Middleware(SafeHeaders)],
        lifespan=_hosted_sessions,
    )


@asynccontextmanager
async def _hosted_sessions(_site: Starlette) -> AsyncIterator[None]:
    """Flet's own bookkeeping of hosted sessions, from start to shutdown."""
    await flet_fastapi.app_manager.start()
    yield
    await flet_fastapi.app_manager.shutdown()


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

    Hosted screens keep their sockets open, so they get three seconds to close. Exits if the offline app is not built.
    """
    if not OFFLINE_APP.joinpath("index.html").exists():
        raise fail("Chưa có ứng dụng ngoại tuyến. Chạy lệnh: make web")
    config = uvicorn.Config(
        create_site(settings, api),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        timeout_graceful_shutdown=3,
    )
    _Announcing(config, announce).run()


@cli.command("serve")
def serve(
    host: Annotated[str | None, typer.Option(help="Địa chỉ lắng nghe.")] = None,
    port: Annotated[int | None, typer.Option(help="Cổng.")] = None,
) -> None:
    """Chạy máy chủ: đồng bộ, ứng dụng ngoại tuyến ở /app/, màn hình tại xã ở /hosted/."""
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
