"""The command line and the composition root: the only place that knows the sync server and the app's files at once.

One process, or on PostgreSQL several alike, serves the API, the offline app at `/app/` and the office's pages at
`/office/`.
"""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Mount, Route

from sync_server.cli.commands import app as cli
from sync_server.cli.console import explaining, fail, read_settings
from sync_server.cli.words import run
from sync_server.http.headers import SafeHeaders
from sync_server.http.serving import serve, serve_together
from sync_server.main import create_app
from sync_server.office.doors import two_doors
from sync_server.opening import open_database
from sync_server.settings import ServerSettings
from sync_server.store.database import find_file
from web.serve import offline_app

ROOT = Path(__file__).parent
OFFLINE_APP = ROOT / "build" / "web"
ONE_PROCESS = (
    "SQLite mỗi lúc chỉ cho một tiến trình ghi nên máy chủ chạy đúng một tiến trình. Anh/chị bỏ --workers "
    "(TUNGNHA_WORKERS), hoặc dùng PostgreSQL: đặt TUNGNHA_DATABASE_URL=postgresql://…"
)


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


def open_site(settings: ServerSettings) -> Starlette:
    """The site on the database of the settings, for each process anew."""
    return create_site(settings, create_app(settings))


def check_offline_app() -> None:
    """Exit if the offline app is not built."""
    if not OFFLINE_APP.joinpath("index.html").exists():
        raise fail("Chưa có ứng dụng ngoại tuyến. Chạy lệnh: make web")


@cli.command("serve")
def run_server(
    host: Annotated[str | None, typer.Option(help="Địa chỉ lắng nghe.")] = None,
    port: Annotated[int | None, typer.Option(help="Cổng.")] = None,
    workers: Annotated[
        int | None, typer.Option(help="Số tiến trình cùng trả lời; từ 2 trở lên cần PostgreSQL.")
    ] = None,
) -> None:
    """Chạy máy chủ: đồng bộ, ứng dụng ngoại tuyến ở /app/, trang của xã ở /office/."""
    settings = read_settings(host=host, port=port, workers=workers)
    if settings.workers > 1 and find_file(settings.database_address):
        raise fail(ONE_PROCESS)
    check_offline_app()
    with explaining():
        open_database(settings).close()  # what is wrong with it is said once, before anything is started
    run = serve_together if settings.workers > 1 else serve
    run(partial(open_site, settings), settings, lambda: print(f"Từng Nhà: {settings.public_url}", flush=True))


@cli.command("demo")
def demo() -> None:
    """Dùng thử: xã Nguyệt Đức với dữ liệu dựng sẵn, ba đường dẫn đăng nhập, rồi chạy máy chủ."""
    import qrcode  # imported late: a server that is no demo needs neither

    from sync_server.demo.replay import load_demo

    settings = read_settings()
    check_offline_app()
    api = create_app(settings)
    invitations = load_demo(api, lambda text: print(text, flush=True))

    def announce() -> None:
        for role, invitation in invitations.items():
            print(f"{role}: {invitation.link}")
        picture = qrcode.QRCode(border=2)
        picture.add_data(invitations["member"].link)
        picture.print_ascii(invert=True)
        print("Quét mã trên bằng điện thoại, hoặc mở đường dẫn “member:” trong trình duyệt. Dừng: Ctrl+C", flush=True)

    serve(partial(create_site, settings, api), settings, announce)


def main() -> None:
    """The command `tungnha`."""
    run(cli)


if __name__ == "__main__":
    main()
