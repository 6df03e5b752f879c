"""GET /healthz: whether the server answers, at once, however many wait for the database."""

from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from sync_server.http.deps import DatabaseDep, WritersDep

router = APIRouter()


class Health(BaseModel):
    """`database` is whether the last transaction found it; `waiting` are requests that wait for its one writer."""

    status: Literal["ok"] = "ok"
    database: Literal["ok", "failing"]
    waiting: int


@router.get("/healthz")
async def healthz(database: DatabaseDep, writers: WritersDep) -> Health:
    """Answered from memory: a check that waits behind other requests has healthy servers restarted under load."""
    return Health(database="ok" if database.is_answering else "failing", waiting=writers.waiting)
