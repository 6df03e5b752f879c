"""The server's routes that the device calls, and the three ways in which a call can fail."""

import gzip
from dataclasses import dataclass
from typing import Literal, TypeVar
from urllib.parse import unquote, urlencode

import httpx
from pydantic import BaseModel, ValidationError

from survey.cards import CardFound, CardLine, CardList, CardOrder, CardSought
from survey.devices import DeviceLine, DeviceList
from survey.invitations import InvitationReply, InvitationRequest, MemberCardOrder
from survey.own_back_checks import OwnBackChecks
from survey.problem_shapes import ProblemDetails
from survey.rescue import RescueReply
from survey.wire import (
    EnrollmentPreview,
    EnrollmentPreviewRequest,
    EnrollmentReply,
    EnrollmentRequest,
    SyncReply,
    SyncRequest,
    TransferReply,
    TransferState,
)

Shape = TypeVar("Shape", bound=BaseModel)
COMPRESS_FROM = 1024
TIMEOUT = httpx.Timeout(30.0, connect=10.0)


class Unreachable(Exception):
    """No answer came: no network, or the server is down. It may have got the request all the same."""


class Refused(Exception):
    """The server answered with a problem."""

    def __init__(self, problem: ProblemDetails) -> None:
        super().__init__(problem.slug)
        self.problem = problem


class NotUnderstood(Exception):
    """The answer did not come from our server, or this version cannot read it."""


@dataclass(frozen=True)
class SheetPage:
    """One page of sheets as a picture (PNG), which of how many it is, and why they are only a trial print, if so."""

    picture: bytes
    page: int
    pages: int
    trial: list[str]


class ServerClient:
    """Calls the server over one `httpx` client, whose transport differs between the browser, a phone and the tests."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def enroll(self, code: str, device_name: str, key: str) -> EnrollmentReply:
        """Redeem a one-time code. The same code and key get the same answer again for 10 minutes.

        Raises `Refused`, `Unreachable`, `NotUnderstood`.
        """
        body = EnrollmentRequest(code=code, device_name=device_name, key=key).model_dump_json().encode()
        answer = await self._post("/api/v1/enrollments", body, {})
        return _read(EnrollmentReply, answer)

    async def preview(self, code: str, key: str) -> EnrollmentPreview:
        """Whose code it is; uses nothing up. Raises as `enroll` does."""
        body = EnrollmentPreviewRequest(code=code, key=key).model_dump_json().encode()
        return _read(EnrollmentPreview, await self._post("/api/v1/enrollments/preview", body, {}))

    async def open_transfer(self, token: str) -> TransferReply:
        """A short code that moves this sign-in to another place. Raises as `enroll` does."""
        return _read(TransferReply, await self._post("/api/v1/transfers", b"", {"Authorization": f"Bearer {token}"}))

    async def find_transfer(self, token: str) -> TransferState:
        """Where that code was used, if it was. Raises as `enroll` does."""
        answer = await self._ask("GET", "/api/v1/transfers", b"", {"Authorization": f"Bearer {token}"})
        return _read(TransferState, answer)

    async def sync(self, token: str, request: SyncRequest) -> SyncReply:
        """One round trip: changes up, verdicts and the next pages down. Raises as `enroll` does."""
        body = request.model_dump_json().encode()
        headers = {"Authorization": f"Bearer {token}"}
        if len(body) >= COMPRESS_FROM:
            body = gzip.compress(body, 6)
            headers["Content-Encoding"] = "gzip"
        return _read(SyncReply, await self._post("/api/v1/sync", body, headers))

    async def hand_in(self, token: str, rescue_file: bytes) -> RescueReply:
        """Hand a rescue file in, this device's or another's. Raises as `enroll` does."""
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/jose"}
        return _read(RescueReply, await self._post("/api/v1/rescue", rescue_file, headers))

    async def list_devices(self, token: str, village: str) -> list[DeviceLine]:
        """The devices that may hold the village's rows. Raises as `enroll` does."""
        answer = await self._ask(
            "GET", f"/api/v1/villages/{village}/devices", b"", {"Authorization": f"Bearer {token}"}
        )
        return _read(DeviceList, answer).devices

    async def read_own_back_checks(self, token: str) -> OwnBackChecks:
        """What families said of this person's visits when they were asked again. Raises as `enroll` does."""
        answer = await self._ask("GET", "/api/v1/me/back-checks", b"", {"Authorization": f"Bearer {token}"})
        return _read(OwnBackChecks, answer)

    async def end_device(self, token: str, device: str, how: Literal["revoke", "lost"]) -> DeviceLine:
        """Revoke a device, or report it lost. Raises as `enroll` does."""
        headers = {"Authorization": f"Bearer {token}"}
        return _read(DeviceLine, await self._post(f"/api/v1/devices/{device}/{how}", b"", headers))

    async def end_membership(self, token: str, village: str, member: str) -> None:
        """Take a person out of a village's team. Raises as `enroll` does."""
        path = f"/api/v1/villages/{village}/members/{member}"
        await self._ask("DELETE", path, b"", {"Authorization": f"Bearer {token}"})

    async def find_card(self, token: str, code: str) -> CardFound:
        """What a code is that this device does not know. Raises as `enroll` does."""
        body = CardSought(code=code).model_dump_json().encode()
        return _read(CardFound, await self._post("/api/v1/cards/find", body, {"Authorization": f"Bearer {token}"}))

    async def issue_cards(self, token: str, village: str, order: CardOrder) -> list[CardLine]:
        """Issue new cards for a village. Raises as `enroll` does."""
        body = order.model_dump_json(by_alias=True, exclude_none=True).encode()
        headers = {"Authorization": f"Bearer {token}"}
        return _read(CardList, await self._post(f"/api/v1/villages/{village}/cards", body, headers)).cards

    async def draw_cards(self, token: str, village: str, **order: str | int) -> tuple[bytes, list[str]]:
        """A PDF of the village's cards, and why it is only a trial print, if it is one; `order` are the query
        parameters of the route. Raises as `enroll` does."""
        path = f"/api/v1/villages/{village}/cards.pdf?{urlencode(order)}"
        answer = await self._ask("GET", path, b"", {"Authorization": f"Bearer {token}"})
        return _file(answer, "application/pdf"), _listed(answer, "X-Trial-Print")

    async def preview_cards(self, token: str, village: str, page: int, **order: str | int) -> SheetPage:
        """One page (from 1) of the same PDF as a picture; it counts as no print. Raises as `enroll` does."""
        path = f"/api/v1/villages/{village}/cards.png?{urlencode(order | {'page': page})}"
        answer = await self._ask("GET", path, b"", {"Authorization": f"Bearer {token}"})
        picture, pages = _file(answer, "image/png"), answer.headers.get("X-Pages", "")
        if not pages.isdecimal():
            raise NotUnderstood("X-Pages")
        return SheetPage(picture, page, int(pages), _listed(answer, "X-Trial-Print"))

    async def invite_many(self, token: str, village: str, order: MemberCardOrder) -> tuple[bytes, list[str]]:
        """A PDF of sign-in cards for new members of a village, and who of them was there already and gets a further
        device. Raises as `enroll` does."""
        path = f"/api/v1/villages/{village}/member-cards.pdf"
        answer = await self._post(path, order.model_dump_json().encode(), {"Authorization": f"Bearer {token}"})
        return _file(answer, "application/pdf"), _listed(answer, "X-Known-Members")

    async def invite(self, token: str, asked: InvitationRequest) -> InvitationReply:
        """A one-time code for a person. Raises as `enroll` does."""
        body = asked.model_dump_json(exclude_none=True).encode()
        return _read(
            InvitationReply, await self._post("/api/v1/invitations", body, {"Authorization": f"Bearer {token}"})
        )

    async def _post(self, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        return await self._ask("POST", path, body, {"Content-Type": "application/json"} | headers)

    async def _ask(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> httpx.Response:
        try:
            answer = await self._http.request(method, path, content=body, headers=headers, timeout=TIMEOUT)
        except httpx.HTTPError as error:
            raise Unreachable(type(error).__name__) from error
        if answer.is_success:
            return answer
        if answer.headers.get("content-type", "").startswith("application/problem+json"):
            raise Refused(_read(ProblemDetails, answer))
        if answer.status_code in {502, 503, 504}:
            raise Unreachable(str(answer.status_code))
        raise NotUnderstood(str(answer.status_code))


def _file(answer: httpx.Response, media_type: str) -> bytes:
    """The file that was asked for; the page of a Wi-Fi sign-in is none."""
    if answer.headers.get("content-type", "").partition(";")[0] != media_type:
        raise NotUnderstood(media_type)
    return answer.content


def _listed(answer: httpx.Response, header: str) -> list[str]:
    """The percent-encoded sentences of a header, which are parted by spaces."""
    return [unquote(one) for one in answer.headers.get(header, "").split()]


def _read(shape: type[Shape], answer: httpx.Response) -> Shape:
    try:
        return shape.model_validate_json(answer.content)
    except ValidationError as error:
        raise NotUnderstood(shape.__name__) from error
