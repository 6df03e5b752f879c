"""What was noticed about a household, what was done then, and what it said when it was asked again: for its page."""

from collections.abc import Iterable
from dataclasses import dataclass

from survey.back_checks import Why
from survey.doubt_words import KIND_WORDS, STATE_WORDS, step_words, words_for
from survey.figure_words import day
from sync_server.review.asking_again import read_checked
from sync_server.review.matching import Standing
from sync_server.review.noticing import list_standing
from sync_server.store.back_checks import BackCheck, list_back_checks, list_back_checks_of
from sync_server.store.database import Session

MATCH_WORDS = {True: "khớp", False: "khác", None: "không so được"}


@dataclass(frozen=True)
class DoubtLine:
    """A doubt that names the household: where it stands, and each step."""

    id: str
    kind: str
    words: str
    state: str
    is_open: bool
    steps: list[str]


def list_lines(session: Session, commune: str, village: str, household: str) -> list[DoubtLine]:
    """The doubts of the household's village that are about it, the open ones first."""
    about = [one for one in list_standing(session, commune, [village]) if household in one.doubt.households]
    return [
        DoubtLine(
            one.id,
            KIND_WORDS.get(one.doubt.check, "Cần xem"),
            words_for(one.doubt, village),
            STATE_WORDS[one.doubt.state],
            one.doubt.is_open,
            [step_words(step, one.doubt.check) for step in one.doubt.steps],
        )
        for one in sorted(about, key=lambda one: (not one.doubt.is_open, one.doubt.found_at, one.id))
    ]


def list_asked_again(session: Session, commune: str, household: str) -> list[tuple[str, str]]:
    """What came of each time that the family was asked again, with the visit. What is still to be asked is not told."""
    done = [one for one in list_back_checks_of(session, commune, household) if one.again is not None]
    matches = {one.visit: one.matches for one in read_checked(session, commune, done)}
    return [
        (
            one.id,
            f"{one.done_by} hỏi lại ngày {day(one.done_at)}: {MATCH_WORDS[matches.get(one.id)]}"
            + (f". Không tính: {one.left_out_why}" if one.left_out_why else ""),
        )
        for one in done
    ]


def words_of_again(session: Session, commune: str, doubts: Iterable[Standing]) -> dict[str, str]:
    """How far asking again has come for each doubt because of which families are asked: "Kiểm tra lại 2/3 hộ: khớp 1
    hộ"."""
    every = list(doubts)
    of_round = {one.doubt.round for one in every if one.doubt.round}
    checks = {one.id: one for each in of_round for one in list_back_checks(session, commune, each)}
    mine = {one.id: [checks[visit] for visit in one.doubt.visits if visit in checks] for one in every}
    done = [one for some in mine.values() for one in some if one.again is not None and not one.left_out_why]
    matches = {one.visit: one.matches for one in read_checked(session, commune, done)}
    return {
        doubt: _again_words(some, matches) for doubt, some in mine.items() if any(one.why is Why.DOUBT for one in some)
    }


def _again_words(some: list[BackCheck], matches: dict[str, bool | None]) -> str:
    asked = [matches[one.id] for one in some if one.id in matches]
    said = f"Kiểm tra lại {len(asked)}/{len(some)} hộ"
    return f"{said}: khớp {sum(one is True for one in asked)} hộ" if asked else said
