"""Sheets of cards as files, for phones and for the office's pages: what is ordered, and the PDF that answers it."""

from datetime import datetime
from io import BytesIO
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Query, Response

from survey.acts import Act
from survey.problems import VILLAGE_UNKNOWN
from survey.roles import Role
from sync_server.access.caller import Caller
from sync_server.audit import note
from sync_server.cards.address import trial_reasons
from sync_server.cards.issue import the_village
from sync_server.cards.members import check_letters, draw_invited
from sync_server.cards.print import PrintJob, PrintOrder, prepare_print
from sync_server.commune.setup import invite_all
from sync_server.problems import Problem
from sync_server.settings import ServerSettings
from sync_server.store.database import Database
from sync_server.store.villages import list_villages

_KEPT_NOWHERE = {"Cache-Control": "no-store"}


async def _order(
    sheet_format: Annotated[str, Query(alias="format", max_length=20)] = "a4-2x5",
    serials: Annotated[str, Query(max_length=200)] = "",
    back: bool = False,
    house: bool = False,
    offset_x: Annotated[float, Query(ge=-10, le=10, allow_inf_nan=False)] = 0.0,
    offset_y: Annotated[float, Query(ge=-10, le=10, allow_inf_nan=False)] = 0.0,
    scale: Annotated[float, Query(ge=0.9, le=1.1, allow_inf_nan=False)] = 1.0,
    outline: bool = False,
) -> PrintOrder:
    return PrintOrder(sheet_format, serials, back, house, offset_x, offset_y, scale, outline)


OrderDep = Annotated[PrintOrder, Depends(_order)]
"""What a query asks to be printed."""


def about(job: PrintJob) -> dict[str, str]:
    """Headers: how many pages the file has, and why it is only a trial print."""
    reasons = trial_reasons(job.sheet.public_url, job.sheet.format)
    return {"X-Pages": str(job.pages)} | ({"X-Trial-Print": " ".join(map(quote, reasons))} if reasons else {})


def sheets_pdf(
    database: Database, caller: Caller, village: str, order: PrintOrder, settings: ServerSettings, now: datetime
) -> Response:
    """The PDF of the order; that its cards were printed is kept. Raises `Problem` as `the_village`, `prepare_print`."""
    with database.write() as session:
        place = the_village(session, caller, village)
        job = prepare_print(session, caller.commune, place, order, settings.public_url, caller.member.name, now)
        if job.cards:
            told: dict[str, Any] = {"cards": len(job.cards), "format": order.format}
            note(session, caller, now, Act.PRINTED_CARDS, subject_kind="village", village=village, **told)
    drawn = BytesIO()  # about 1 KB for each card
    job.draw(drawn)
    headers = {"Content-Disposition": 'attachment; filename="the-ho.pdf"'} | about(job) | _KEPT_NOWHERE
    return Response(drawn.getvalue(), headers=headers, media_type="application/pdf")


def member_cards_pdf(
    database: Database, caller: Caller, village: str, names: list[str], settings: ServerSettings, now: datetime
) -> Response:
    """Invite everybody on the list as a member of the village and draw their cards. Nobody is invited if one name is at
    fault. `X-Known-Members` has the percent-encoded names of those who were there already and get a further device.

    Raises `Problem` not-allowed, village-unknown, fields-invalid, or as `invite_all`.
    """
    caller.check_works_in(village)
    check_letters(names)
    commune, url = caller.commune, settings.public_url
    with database.write() as session:
        places = list_villages(session, commune.code, [village])
        if not places:
            raise Problem(VILLAGE_UNKNOWN)
        [place] = places
        days = settings.code_days
        invited = invite_all(session, commune.code, Role.MEMBER, names, place, now, public_url=url, code_days=days)
        note(session, caller, now, Act.INVITED, subject_kind="village", village=village, people=len(invited))
    drawn = BytesIO()
    draw_invited(drawn, invited, commune, place, url)
    headers = {"Content-Disposition": 'attachment; filename="the-to-vien.pdf"'} | _KEPT_NOWHERE
    known = [one.member.name for one in invited if not one.is_new_member]
    if known:
        headers["X-Known-Members"] = " ".join(map(quote, known))
    return Response(drawn.getvalue(), 201, headers, media_type="application/pdf")
