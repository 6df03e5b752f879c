"""Communes, the criteria set each adopted, and their survey rounds."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import bindparam, select

from survey.criteria import CriteriaSet
from survey.records import Commune, SurveyRound
from sync_server.store.bulk import save_rows
from sync_server.store.epochs import Own, add_own
from sync_server.store.people_rows import CommuneRow, CriteriaSetRow, SurveyRoundRow
from sync_server.store.rows import table_of
from sync_server.store.statements import Session, Statement

_COMMUNE, _SET, _ROUND = table_of(CommuneRow), table_of(CriteriaSetRow), table_of(SurveyRoundRow)
PROVINCE_DIGITS = 2
_ADOPTED = Statement(
    select(_SET.c.body)
    .join(_COMMUNE, (_COMMUNE.c.code == _SET.c.commune) & (_COMMUNE.c.criteria_set == _SET.c.code))
    .where(_COMMUNE.c.code == bindparam("commune"))
)
_ROUNDS = Statement(
    select(*(column for column in _ROUND.columns if column.name != "commune"))
    .where(_ROUND.c.commune == bindparam("commune"))
    .order_by(_ROUND.c.starts_on.desc(), _ROUND.c.id.desc())
)
_COUNTED = Statement(
    select(_SET.c.body, _ROUND.c.reference_year, _ROUND.c.starts_on)
    .join(_COMMUNE, (_COMMUNE.c.code == _SET.c.commune) & (_COMMUNE.c.criteria_set == _SET.c.code))
    .join(_ROUND, _ROUND.c.commune == _COMMUNE.c.code)
    .where(_COMMUNE.c.code == bindparam("commune"))
    .order_by(_ROUND.c.starts_on.desc(), _ROUND.c.id.desc())
    .limit(1)
)


def find_commune(session: Session, code: str) -> Commune | None:
    """The commune of this code. A province is none, though its people are kept in the same tables."""
    found = find_place(session, code)
    return found if found and len(found.code) > PROVINCE_DIGITS else None


def find_place(session: Session, code: str) -> Commune | None:
    """The commune, or the province that has people here, of this code."""
    return next(iter(list_communes(session, [code])), None)


def list_communes(session: Session, codes: Iterable[str]) -> list[Commune]:
    """Those of the communes that work with this server."""
    query = select(_COMMUNE.c.code, _COMMUNE.c.name, _COMMUNE.c.kind).where(_COMMUNE.c.code.in_(list(codes)))
    return [Commune(code=row.code, name=row.name, kind=row.kind) for row in session.execute(query)]


def add_province(session: Session, province: Commune, own: Own, now: datetime) -> None:
    """Add a province, under its code, so that its people can sign in."""
    row = {"name": province.name, "kind": province.kind, "criteria_set": "", "created_at": now}
    session.execute(_COMMUNE.insert().values(code=province.code, **row))
    add_own(session, province.code, own)


def add_commune(session: Session, commune: Commune, criteria_set: CriteriaSet, own: Own, now: datetime) -> None:
    """Add a commune with its epoch and key, and its own copy of the criteria set that it adopts."""
    row = {"name": commune.name, "kind": commune.kind, "criteria_set": criteria_set.code, "created_at": now}
    session.execute(_COMMUNE.insert().values(code=commune.code, **row))
    add_own(session, commune.code, own)
    body = criteria_set.model_dump_json(exclude_none=True)
    session.execute(_SET.insert().values(commune=commune.code, code=criteria_set.code, body=body))


@lru_cache(maxsize=256)
def _read_set(body: str) -> CriteriaSet:
    # By the text that was just read: a set that another process changed has another text.
    return CriteriaSet.model_validate_json(body)


def find_criteria_set(session: Session, commune: str) -> CriteriaSet:
    """The criteria set that the commune works with."""
    return _read_set(_ADOPTED.rows(session, commune=commune)[0].body)


def find_what_is_counted(session: Session, commune: str) -> tuple[CriteriaSet, int, date]:
    """The criteria set that the commune works with, and the reference year and first day of its latest round."""
    [row] = _COUNTED.rows(session, commune=commune)
    return _read_set(row.body), row.reference_year, row.starts_on


def list_kept_sets(session: Session, commune: str) -> list[CriteriaSet]:
    """The commune's own copies of sets: the one that it works with, earlier ones, and those that it only looks at."""
    query = select(_SET.c.body).where(_SET.c.commune == commune).order_by(_SET.c.code)
    return [_read_set(body) for body in session.execute(query).scalars()]


def save_criteria_set(session: Session, commune: str, criteria_set: CriteriaSet) -> None:
    """Keep a set for the commune, in place of an earlier one of its code."""
    body = criteria_set.model_dump_json(exclude_none=True)
    save_rows(session, _SET, [{"commune": commune, "code": criteria_set.code, "body": body}])


def mark_adopted(session: Session, commune: str, code: str) -> None:
    """The commune works with its set of this code from now on."""
    session.execute(_COMMUNE.update().where(_COMMUNE.c.code == commune).values(criteria_set=code))


def add_round(session: Session, commune: str, survey_round: SurveyRound) -> None:
    columns = {column.name for column in _ROUND.columns}
    session.execute(_ROUND.insert().values(commune=commune, **survey_round.model_dump(include=columns)))


def save_round(session: Session, commune: str, survey_round: SurveyRound) -> None:
    """Keep what was changed of a round."""
    this = (_ROUND.c.commune == commune) & (_ROUND.c.id == survey_round.id)
    columns = {column.name for column in _ROUND.columns} - {"id", "commune"}
    session.execute(_ROUND.update().where(this).values(**survey_round.model_dump(include=columns)))


def list_rounds(session: Session, commune: str) -> list[SurveyRound]:
    """The commune's rounds, the latest first."""
    return [SurveyRound.model_validate(row._asdict()) for row in _ROUNDS.rows(session, commune=commune)]
