"""How far asking again has come: which of a doubt's households were visited since somebody had them asked.

It is told from the doubt's steps and from what the households show, and kept nowhere: so it stays right when a step is
undone, a visit comes late, or the doubt names other visits than before.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from survey.doubts import Doubt, DoubtState, Step
from survey.records import Household, Outcome


@dataclass(frozen=True)
class AskedAgain:
    """Of so many households that are to be asked again, so many have been."""

    asked: int
    done: int

    @property
    def is_done(self) -> bool:
        return 0 < self.asked == self.done


NOBODY = AskedAgain(0, 0)


def asked_homes(doubt: Doubt) -> dict[str, datetime]:
    """The households that are to be asked again, with when somebody said so last; none once the doubt is closed."""
    if not doubt.is_open:
        return {}
    return {home: step.at for step in doubt.steps if step.step is Step.ASK for home in step.households}


def count_asked(doubt: Doubt, homes: Mapping[str, Household]) -> AskedAgain:
    """How many of them have been visited since. `homes` are the households as they are now, by the id under which they
    were named; one that is not there any more cannot be visited, and is not counted."""
    asked = {home: at for home, at in asked_homes(doubt).items() if home in homes}
    return AskedAgain(len(asked), sum(_is_visited(homes[home], at) for home, at in asked.items()))


def is_back(doubt: Doubt, count: AskedAgain) -> bool:
    """Whether nothing is waited for any more: somebody can look at the doubt again."""
    return doubt.state is DoubtState.ASKED and count.is_done


def _is_visited(home: Household, since: datetime) -> bool:
    """Nobody at home is no answer, as for the household's own request to be asked again."""
    return (
        home.visited_at is not None
        and home.visited_at > since
        and (home.current or {}).get("outcome") != Outcome.ABSENT
    )
