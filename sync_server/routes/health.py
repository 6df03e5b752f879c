"""GET /healthz: whether the server answers and its database can be read."""

from fastapi import APIRouter

from sync_server.access import SessionDep
from sync_server.store.server_info import find_epoch

router = APIRouter()


@router.get("/healthz")
def healthz(session: SessionDep) -> dict[str, str]:
    """`{"status": "ok"}` once the database answers."""
    find_epoch(session)
    return {"status": "ok"}
