"""What was noticed about a household, and what was done then: for its own page."""

from dataclasses import dataclass

from survey.doubt_words import KIND_WORDS, STATE_WORDS, doubt_words, step_words
from sync_server.review.noticing import list_standing
from sync_server.store.database import Session


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
