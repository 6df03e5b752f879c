"""Two doors at which the lead and the member both knocked without knowing of each other: differences to look at."""

from dataclasses import replace
from datetime import timedelta

from survey.questions import NO, YES
from survey.records import Outcome, ResponseBody
from sync_server.demo.visits import MadeVisit

HOW_MANY = 2
_AN_HOUR = timedelta(hours=1)


def lead_was_there_first(visits: list[MadeVisit]) -> list[MadeVisit]:
    """The lead's own visits to some of these households: the same people, one other answer about the head.

    Send them before the member's visits: the visit received later is shown, so the counted figures stay as planned.
    """
    asked = [one for one in visits if one.body.outcome is Outcome.COMPLETED and _head_says_yes(one.body)]
    return [replace(one, id=_other_id(one.id), body=_earlier(one.body)) for one in asked[10 : 10 + HOW_MANY]]


def _head_says_yes(body: ResponseBody) -> bool:
    return bool(body.residents) and body.residents[0].answers.get("uses_online_services") == YES


def _earlier(body: ResponseBody) -> ResponseBody:
    head, *others = body.residents
    told_otherwise = head.model_copy(update={"answers": head.answers | {"uses_online_services": NO}})
    # Each phone makes its own ids for the people it meets.
    met = [one.model_copy(update={"id": _other_id(one.id)}) for one in (told_otherwise, *others)]
    times = {"started_at": body.started_at - _AN_HOUR, "ended_at": body.ended_at - _AN_HOUR}
    return body.model_copy(update={"residents": met, **times})


def _other_id(identity: str) -> str:
    """Another id of the same instant."""
    return identity[:-12] + f"{int(identity[-12:], 16) ^ 0xFFFFFFFFFFFF:012x}"
