"""Setting a commune up: opening it, adding its villages and people. For the command line, the demo and the tests.

Everything runs in the caller's transaction. A `Problem` is raised before anything is written.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from secrets import token_bytes

from survey.card_code import RANDOM_BYTES as CODE_BYTES
from survey.card_code import grouped, make_code_of
from survey.criteria import CriteriaSet
from survey.devices import DeviceState
from survey.problem_shapes import FieldProblem
from survey.problems import (
    COMMUNE_NOT_OPEN,
    COMMUNE_OPEN_ALREADY,
    COMMUNE_UNKNOWN,
    MEMBER_NAMED_TWICE,
    VILLAGE_EXISTS,
    VILLAGES_NEEDED,
)
from survey.records import Commune, SurveyRound, TeamMember, Village
from survey.roles import Role
from survey.times import vietnam_year
from survey.vietnamese import clean, spelling
from survey.villages import full_name, is_same_village, split_kind
from sync_server.access.caller import secret_hash
from sync_server.commune.criteria_sets import DEFAULT, load_criteria_set
from sync_server.commune.members import MemberWithVillages, find_invited, list_namesakes
from sync_server.commune.village_names import Match, find_villages
from sync_server.coverage import refresh_coverage
from sync_server.ids import new_id
from sync_server.problems import Problem
from sync_server.publish import Subject, publish
from sync_server.store.communes import add_commune, add_round, find_commune, find_criteria_set, find_place, list_rounds
from sync_server.store.database import Session
from sync_server.store.device_lines import list_devices_of_member
from sync_server.store.devices import add_code
from sync_server.store.members import add_member, list_member_villages, list_members, mark_scope_changed
from sync_server.store.villages import add_village as keep_village
from sync_server.store.villages import list_villages
from sync_server.sync.rescue import make_own

_ASK_FOR_ONE = "Trong tổ có nhiều người cùng họ tên này: nhờ cán bộ xã mời riêng người ấy."


@dataclass(frozen=True)
class Invitation:
    """A one-time code to hand over, with its link and expiry, for a new person or for one more device of a known one.

    `devices` is how many active devices the person has, `namesakes` are others whom a new person may be mistaken for,
    `matched` says which villages inexact names were taken for.
    """

    code: str
    link: str
    expires_at: datetime
    member: TeamMember
    is_new_member: bool
    devices: int
    namesakes: list[MemberWithVillages]
    matched: list[Match]


def create_commune(session: Session, code: str, now: datetime, criteria_set: str = DEFAULT) -> Commune:
    """Open the commune of an official code.

    Raises `Problem` commune-unknown, criteria-set-unknown or commune-open-already.
    """
    from sync_server.commune import places  # read only when a commune is opened

    adopted = load_criteria_set(criteria_set)
    commune = places.find_commune(code)
    if commune is None:
        raise Problem(COMMUNE_UNKNOWN)
    open_commune(session, commune, adopted, now)
    return commune


def open_commune(session: Session, commune: Commune, criteria_set: CriteriaSet, now: datetime) -> SurveyRound:
    """Open a commune with its criteria set and a first round. Raises `Problem` commune-open-already."""
    if find_commune(session, commune.code):
        raise Problem(COMMUNE_OPEN_ALREADY)
    add_commune(session, commune, criteria_set, make_own(now), now)
    year = vietnam_year(now)
    first = SurveyRound(
        id=new_id(now),
        title=f"Đợt khảo sát năm {year}",
        criteria_set=criteria_set.code,
        reference_year=year,
        starts_on=date(year, 1, 1),
    )
    add_round(session, commune.code, first)
    return first


def the_place(session: Session, code: str) -> Commune:
    """The commune, or the province that has people here. Raises `Problem` commune-not-open."""
    place = find_place(session, code)
    if place is None:
        raise Problem(COMMUNE_NOT_OPEN)
    return place


def the_commune(session: Session, code: str) -> Commune:
    """The commune as it was opened here. Raises `Problem` commune-not-open."""
    commune = find_commune(session, code)
    if commune is None:
        raise Problem(COMMUNE_NOT_OPEN)
    return commune


def new_village(name: str, now: datetime, kind: str | None = None) -> Village:
    """A village of this name; its kind is the one given, else the one that the name begins with, else thôn."""
    said, bare = split_kind(name)
    given = clean(kind or "").lower()
    if given and given != said:
        bare = clean(name)  # "bản" belongs to the name of the thôn Bản Mới
    return Village(id=new_id(now), name=bare, kind=given or said or "thôn")


def add_village(session: Session, commune: str, name: str, now: datetime, kind: str | None = None) -> Village:
    """Add a village and begin its stream. Raises `Problem` commune-not-open, or village-exists: same kind and name."""
    village = new_village(name, now, kind)
    begin_village(session, commune, village, now)
    return village


def begin_village(session: Session, commune: str, village: Village, now: datetime) -> None:
    """Take a new village into the commune and begin its stream. Raises `Problem` commune-not-open or village-exists."""
    the_commune(session, commune)
    if any(is_same_village(one, village) for one in list_villages(session, commune)):
        raise Problem(VILLAGE_EXISTS, detail=f"Xã đã có {full_name(village)}. {VILLAGE_EXISTS.advice}")
    keep_village(session, commune, village)
    criteria_set = find_criteria_set(session, commune)
    subjects = [
        Subject("village", village.id, village.model_dump(mode="json")),
        Subject("criteria_set", criteria_set.code, criteria_set.model_dump(mode="json", exclude_none=True)),
    ]
    subjects += [Subject("round", one.id, one.model_dump(mode="json")) for one in list_rounds(session, commune)]
    publish(session, commune, {village.id: subjects})
    refresh_coverage(session, commune, [village.id], now)
    mark_scope_changed(session, commune, Role.OFFICIAL)


def invite(
    session: Session,
    commune: str,
    role: Role,
    name: str,
    villages: Iterable[str],
    now: datetime,
    *,
    public_url: str,
    code_days: int = 14,
    identity: str | None = None,
    new_person: bool = False,
    new_identity: str | None = None,
) -> Invitation:
    """Make a one-time code for a person. Somebody of the same name, role and villages gets it for one more device.

    `villages` are names, at least one for members and leads; officials have the whole commune and need none.
    `identity` says which of several people of one name is meant, `new_person` that it is none of them. `new_identity`
    is the id of whoever is new: asked for again with it they are known, also as a `new_person`.
    Raises `Problem` commune-not-open, village-unknown, village-unclear, villages-needed, member-named-twice or
    member-unknown.
    """
    the_commune(session, commune)
    named = find_villages(session, commune, [] if role is Role.OFFICIAL else villages)
    scope = [village.id for village in named.villages]
    if role is not Role.OFFICIAL and not scope:
        raise Problem(VILLAGES_NEEDED)
    asked = TeamMember(id=new_identity or new_id(now), name=clean(name), role=role)
    there = {one.id: one for one in list_members(session, commune)}
    known = asked if there.get(asked.id) == asked and _works_in(session, commune, asked, scope) else None
    if known is None and not new_person:
        known = find_invited(session, commune, name, role, scope, identity)
    namesakes = [] if known else list_namesakes(session, commune, name)
    if known is None and asked.id in there:  # the same page was used for somebody else before
        asked = asked.model_copy(update={"id": new_id(now)})
    member = known or asked
    if known is None:
        add_member(session, commune, member, scope, now)
        body = {"name": member.name, "role": member.role.value}
        publish(session, commune, {village: [Subject("member", member.id, body)] for village in scope})
    made = invite_again(session, commune, member, now, public_url=public_url, code_days=code_days)
    return replace(made, is_new_member=known is None, namesakes=namesakes, matched=named.matched)


def _works_in(session: Session, commune: str, member: TeamMember, villages: list[str]) -> bool:
    """Whether these are exactly the person's villages."""
    return set(list_member_villages(session, commune, member.id)) == set(villages)


def invitation_link(public_url: str, role: Role, code: str) -> str:
    """The link that carries a grouped code, to the place where this role works."""
    return f"{public_url}/{'office' if role in {Role.OFFICIAL, Role.PROVINCE} else 'app'}/#/enroll/{code}"


def invite_again(
    session: Session, commune: str, member: TeamMember, now: datetime, *, public_url: str, code_days: int = 14
) -> Invitation:
    """A one-time code for one more device of somebody who is there already."""
    code = make_code_of(commune, token_bytes(CODE_BYTES))
    expires_at = now + timedelta(days=code_days)
    add_code(session, commune, member.id, secret_hash(code), now, expires_at)
    devices = list_devices_of_member(session, commune, member.id)
    return Invitation(
        grouped(code),
        invitation_link(public_url, member.role, grouped(code)),
        expires_at,
        member,
        is_new_member=False,
        devices=sum(device.state is DeviceState.ACTIVE for device in devices),
        namesakes=[],
        matched=[],
    )


def invite_all(
    session: Session,
    commune: str,
    role: Role,
    names: Sequence[str],
    village: Village,
    now: datetime,
    *,
    public_url: str,
    code_days: int = 14,
) -> list[Invitation]:
    """Invite several people for one village, as `invite` does; a name that is there twice is one person.

    Raises as `invite`; of member-named-twice, `errors` says which place of the list it is about (/names/2).
    """
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        places.setdefault(spelling(name), place)
    made = []
    for place in places.values():
        try:
            at = [full_name(village)]
            made.append(
                invite(session, commune, role, names[place], at, now, public_url=public_url, code_days=code_days)
            )
        except Problem as problem:
            if problem.details.slug != MEMBER_NAMED_TWICE.slug:
                raise
            said = FieldProblem(pointer=f"/names/{place}", detail=_ASK_FOR_ONE)
            raise Problem(MEMBER_NAMED_TWICE, detail=problem.details.detail, errors=[said]) from problem
    return made
