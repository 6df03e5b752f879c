"""GET /api/v1/recordings/{commune}/{wording}: the consent, read aloud by somebody of the commune."""

from hashlib import sha256
from typing import Annotated

from fastapi import APIRouter, Header, Response

from survey.problems import NOT_FOUND
from sync_server.http.deps import SessionDep
from sync_server.problems import Problem
from sync_server.store.recordings import find_recording

router = APIRouter()


@router.get("/api/v1/recordings/{commune}/{wording}", response_class=Response)
def recording(
    commune: str, wording: str, session: SessionDep, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """The sound file. Anyone may have it: a browser may keep it, and asks whether there is a newer one."""
    found = find_recording(session, commune, wording)
    if found is None:
        raise Problem(NOT_FOUND)
    headers = {"ETag": f'"{sha256(found.content).hexdigest()}"', "Cache-Control": "no-cache"}
    if if_none_match == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(found.content, media_type=found.media_type, headers=headers)
