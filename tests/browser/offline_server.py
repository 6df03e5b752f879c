"""A server for test_offline_shell.py: python offline_server.py PORT BUILD DIES_AFTER (requests; 0: never)."""

import asyncio
import gzip
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route

from web.serve import offline_app

PORT, BUILD, DIES_AFTER = int(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
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


async def counting(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "http" and scope["path"].startswith("/app"):
        asked[scope["path"]] += 1
        if DIES_AFTER and asked.total() > DIES_AFTER:
            os._exit(1)
    await app(scope, receive, send)


uvicorn.run(counting, port=PORT, log_level="error", interface="asgi3")
