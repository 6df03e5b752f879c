"""Sign-in cards for people who were just invited: the same sheet from the command line and from a phone."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import BinaryIO, Protocol

from survey.card_code import read_code
from survey.problem_shapes import FieldProblem
from survey.problems import FIELDS_INVALID
from survey.records import Commune, TeamMember, Village
from survey.roles import Role
from survey.times import vietnam_day
from survey.villages import full_name
from sync_server.cards.formats import FORMATS
from sync_server.cards.order import MemberCard, Sheet
from sync_server.problems import Problem

FORMAT = FORMATS["a4-2x5"]
_ROLE_WORDS = {Role.MEMBER: "Tổ viên", Role.LEAD: "Tổ trưởng", Role.OFFICIAL: "Cán bộ xã", Role.PROVINCE: "Cán bộ tỉnh"}


class Invited(Protocol):
    """Who was invited, with the one-time code and when it expires."""

    @property
    def code(self) -> str: ...

    @property
    def expires_at(self) -> datetime: ...

    @property
    def member(self) -> TeamMember: ...


def check_letters(names: Iterable[str]) -> None:
    """Raises `Problem` fields-invalid, naming each place in the list, where the typeface lacks a letter of a name."""
    from sync_server.cards.lettering import LetterMissing, checked  # imported late: only who prints pays for it

    errors = []
    for place, name in enumerate(names):
        try:
            checked(name)
        except LetterMissing as missing:
            detail = f"Chữ “{missing.letter}” chưa có trong phông chữ để in."
            errors.append(FieldProblem(pointer=f"/names/{place}", detail=detail))
    if errors:
        raise Problem(FIELDS_INVALID, errors=errors)


def draw_invited(
    out: BinaryIO, invited: Sequence[Invited], commune: Commune, village: Village, public_url: str
) -> None:
    """Write a PDF of their sign-in cards to `out`. Raises as `draw_member_cards`."""
    from sync_server.cards.sheet import draw_member_cards

    sheet = Sheet(FORMAT, public_url, full_name(village), f"{commune.kind} {commune.name}")
    cards = [
        MemberCard(
            one.member.name, _ROLE_WORDS[one.member.role], read_code(one.code) or "", vietnam_day(one.expires_at)
        )
        for one in invited
    ]
    draw_member_cards(out, cards, sheet)
