"""GET /problems/{slug}: what a problem means and what to do, as a short page."""

from base64 import b64encode
from hashlib import sha256
from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from survey.problems import NOT_FOUND, PROBLEMS
from sync_server.problems import Problem

router = APIRouter()
_STYLE = """body{font:1.1rem/1.6 system-ui,sans-serif;max-width:36rem;margin:3rem auto;padding:0 1rem;color:#1c2b2a}
h1{font-size:1.5rem;line-height:1.3}small{color:#5b6b6a}"""
_DIGEST = b64encode(sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_PAGE = """<!doctype html>
<html lang="vi"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Từng Nhà</title>
<style>{style}</style></head>
<body><h1>{title}</h1><p>{advice}</p><p><small>Mã: {slug} · HTTP {status}</small></p></body></html>
"""


@router.get("/problems/{slug}", response_class=HTMLResponse)
def problem_page(slug: str) -> HTMLResponse:
    """The page that a problem's `type` leads to."""
    kind = PROBLEMS.get(slug)
    if kind is None:
        raise Problem(NOT_FOUND)
    words = {"title": escape(kind.title), "advice": escape(kind.advice), "slug": escape(slug), "status": kind.status}
    return HTMLResponse(_PAGE.format(style=_STYLE, **words), headers={"Content-Security-Policy": _POLICY})
