"""The offline app's files over HTTP: compressed copies, caching by content hash, and nothing from third parties."""

import re
from pathlib import Path
from wsgiref.headers import Headers

from servestatic import ServeStaticASGI

from web.pieces import MEDIA_TYPES, Pieces

# 'wasm-unsafe-eval' lets Pyodide and CanvasKit compile; Flutter sets styles by hand and makes images of bytes.
# No other origin is named anywhere, so none can ever be asked for anything.
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self' data:",
        "connect-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    ]
)
NEVER_CHANGES = re.compile(r"/(engine|py|code)-[0-9a-f]{16}/")


def offline_app(build: Path) -> Pieces:
    """An ASGI app with the files of a finished build, to be mounted at /app. Any other address is answered with 404.

    Raises `FileNotFoundError` if `build` holds no offline app.
    """
    if not (build / "index.html").exists():
        raise FileNotFoundError(f"{build} holds no offline app; run: python -m web.build --out {build}")
    files = ServeStaticASGI(
        None,
        root=build,
        prefix="app/",
        index_file=True,
        allow_all_origins=False,
        max_age=0,
        mimetypes=MEDIA_TYPES,
        immutable_file_test=lambda _path, url: bool(NEVER_CHANGES.search(url)),
        add_headers_function=_add_headers,
    )
    return Pieces(files, build, "/app/")


def _add_headers(headers: Headers, _path: str, url: str) -> None:
    if not NEVER_CHANGES.search(url):
        headers["Cache-Control"] = "no-cache"
    headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
