"""What was noticed about a household, what was done then, and what it said when it was asked again: for its page."""

from dataclasses import dataclass

from survey.doubt_words import KIND_WORDS, STATE_WORDS, doubt_words, step_words
from survey.figure_words import day
from sync_server.review.asking_again import read_checked
from sync_server.review.noticing import list_standing
from sync_server.store.back_checks import list_back_checks_of
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
            doubt_words(one.doubt, village),
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
