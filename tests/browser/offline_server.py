"""A server for test_offline_shell.py: python offline_server.py PORT BUILD DIES_AFTER CUTS

It dies after so many requests (0: never), and cuts the line each time it has sent so many bytes of one file (0: never).
"""

import asyncio
import gzip
import os
import sys
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

from web.serve import offline_app

PORT, BUILD, DIES_AFTER, CUTS = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
asked: Counter[str] = Counter()


async def echo(request: Request) -> Response:
    body = await request.body()
    packed = request.headers.get("content-encoding") == "gzip"
    text = (gzip.decompress(body) if packed else body).decode()
    return JSONResponse({"text": text, "packed": packed, "authorization": request.headers.get("authorization")})


async def slow(_request: Request) -> Response:
    await asyncio.sleep(3)
    return PlainTextResponse("at last")


async def show_asked(_request: Request) -> Response:
    return JSONResponse(asked)


routes = [
    Route("/api/echo", echo, methods=["POST"]),
    Route("/api/slow", slow, methods=["POST"]),
    Route("/asked", show_asked),
    Mount("/app", offline_app(BUILD)),
]
app = Starlette(routes=routes)


class Cut(Exception):
    """The line is gone."""


async def counting(scope: Any, receive: Any, send: Any) -> None:
    sent = 0

    async def send_until_cut(message: Any) -> None:
        nonlocal sent
        body = message.get("body", b"")
        if CUTS and sent + len(body) > CUTS:
            await send({**message, "body": body[: CUTS - sent], "more_body": True})
            raise Cut
        sent += len(body)
        await send(message)

    if scope["type"] == "http" and scope["path"].startswith("/app"):
        query = scope["query_string"].decode()
        asked[f"{scope['path']}?{query}" if query else scope["path"]] += 1
        if DIES_AFTER and asked.total() > DIES_AFTER:
            os._exit(1)
    with suppress(Cut):  # uvicorn closes the connection of a reply that has no end
        await app(scope, receive, send_until_cut)


uvicorn.run(counting, port=PORT, log_level="critical" if CUTS else "error", interface="asgi3")
