"""Setting a commune up: opening it, adding its villages and people. For the command line, the demo and the tests.

Everything runs in the caller's transaction; what cannot be done is raised as a `Problem` before anything is written.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from secrets import token_bytes

from survey.card_code import RANDOM_BYTES as CODE_BYTES
from survey.card_code import grouped, make_code
from survey.criteria import CriteriaSet
from survey.ids import RANDOM_BYTES, uuid7
from survey.problems import (
    COMMUNE_NOT_OPEN,
    COMMUNE_OPEN_ALREADY,
    COMMUNE_UNKNOWN,
    VILLAGE_EXISTS,
    VILLAGE_UNKNOWN,
    VILLAGES_NEEDED,
)
from survey.records import Commune, SurveyRound, TeamMember, Village
from survey.roles import Role
from survey.vietnam_time import vietnam_year
from survey.vietnamese import clean, fold
from sync_server.access import secret_hash
from sync_server.aggregate import refresh_coverage
from sync_server.criteria_sets import DEFAULT, load_criteria_set
from sync_server.problems import Problem
from sync_server.publish import Subject, publish
from sync_server.store.communes import add_commune, add_round, find_commune, find_criteria_set, list_rounds
from sync_server.store.database import Session
from sync_server.store.devices import add_code
from sync_server.store.members import add_member, find_member_named, mark_scope_changed
from sync_server.store.villages import add_village as keep_village
from sync_server.store.villages import list_villages

VILLAGE_KINDS = (
    "thôn",
    "bản",
    "ấp",
    "tổ dân phố",
    "khu phố",
    "khóm",
    "khu",
    "làng",
    "buôn",
    "bon",
    "plei",
    "sóc",
    "xóm",
)


@dataclass(frozen=True)
class Invitation:
    """A one-time code as it is handed over, and until when it works."""

    code: str
    link: str
    expires_at: datetime
    member: TeamMember


def new_id(now: datetime) -> str:
    """A new UUIDv7."""
    return uuid7(now, token_bytes(RANDOM_BYTES))


def create_commune(session: Session, code: str, now: datetime, criteria_set: str = DEFAULT) -> Commune:
    """Open the commune of an official code. Raises `Problem`: no such code, no such criteria set, open already."""
    from sync_server import places  # read only when a commune is opened

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
    add_commune(session, commune, criteria_set, now)
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


def the_commune(session: Session, code: str) -> Commune:
    """The commune as it was opened here. Raises `Problem` commune-not-open."""
    commune = find_commune(session, code)
    if commune is None:
        raise Problem(COMMUNE_NOT_OPEN)
    return commune


def split_kind(name: str) -> tuple[str | None, str]:
    """ "Thôn Đinh Xá" as kind and name ("thôn", "Đinh Xá"); no kind where the name does not begin with one."""
    name = clean(name)
    for kind in sorted(VILLAGE_KINDS, key=len, reverse=True):
        if name.lower().startswith(kind + " "):
            return kind, name[len(kind) + 1 :]
    return None, name


def village_key(name: str) -> str:
    """What two spellings of one village's name have in common: without its kind word, tones and case."""
    return fold(split_kind(name)[1])


def add_village(session: Session, commune: str, name: str, now: datetime, kind: str | None = None) -> Village:
    """Add a village and begin its stream. Raises `Problem` commune-not-open or village-exists."""
    the_commune(session, commune)
    said, bare = split_kind(name)
    if any(village_key(village.name) == village_key(name) for village in list_villages(session, commune)):
        raise Problem(VILLAGE_EXISTS, detail=f"Xã đã có thôn “{bare}”. {VILLAGE_EXISTS.advice}")
    village = Village(id=new_id(now), name=bare, kind=kind or said or "thôn")
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
    return village


def find_villages(session: Session, commune: str, names: Iterable[str]) -> list[Village]:
    """The villages of these names, however they are spelt. Raises `Problem` village-unknown, naming those there are."""
    there = {village_key(village.name): village for village in list_villages(session, commune)}
    unknown = [name for name in names if village_key(name) not in there]
    if unknown:
        known = ", ".join(village.name for village in there.values()) or "chưa có thôn nào"
        detail = f"Không có thôn {', '.join(f'“{clean(name)}”' for name in unknown)}. Các thôn của xã: {known}."
        raise Problem(VILLAGE_UNKNOWN, detail=detail)
    return list({there[village_key(name)].id: there[village_key(name)] for name in names}.values())


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
) -> Invitation:
    """A one-time code for a person; somebody of the same name, role and villages gets a code for a further device.

    `villages` are names, at least one for members and leads; officials have the whole commune and need none.
    Raises `Problem` commune-not-open, village-unknown or villages-needed.
    """
    the_commune(session, commune)
    scope = [] if role is Role.OFFICIAL else [village.id for village in find_villages(session, commune, villages)]
    if role is not Role.OFFICIAL and not scope:
        raise Problem(VILLAGES_NEEDED)
    member = find_member_named(session, commune, clean(name), role, scope)
    if member is None:
        member = TeamMember(id=new_id(now), name=name, role=role)
        add_member(session, commune, member, scope, now)
        body = {"name": member.name, "role": member.role.value}
        publish(session, commune, {village: [Subject("member", member.id, body)] for village in scope})
    code = make_code(token_bytes(CODE_BYTES))
    expires_at = now + timedelta(days=code_days)
    add_code(session, commune, member.id, secret_hash(code), now, expires_at)
    door = "hosted" if role is Role.OFFICIAL else "app"
    return Invitation(grouped(code), f"{public_url}/{door}/#/enroll/{grouped(code)}", expires_at, member)
