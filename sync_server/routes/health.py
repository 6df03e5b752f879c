"""GET /healthz: whether the server answers. The check itself never waits for the database."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from sync_server.http.deps import DatabaseDep, WritersDep

router = APIRouter()


class Health(BaseModel):
    """`database` says whether the last transaction could use it; `waiting` is how many requests wait to write. Both
    tell of the process that answers."""

    status: Literal["ok"] = "ok"
    database: Literal["ok", "failing"]
    waiting: int


@router.get("/healthz")
async def healthz(database: DatabaseDep, writers: WritersDep) -> Health:
    """Answer from memory. If the check waited behind other requests, a busy but healthy server would be restarted."""
    return Health(database="ok" if database.is_answering else "failing", waiting=writers.waiting)
