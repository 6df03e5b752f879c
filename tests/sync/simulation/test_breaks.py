"""The product, broken on purpose: the simulation notices."""

import pytest

from tests.pace import LONG
from tests.sync.simulation.breaking import SEEDS, notice_all
from tests.sync.simulation.breaks import BREAKS

FEW = (
    "the outbox goes with a village that was lost",
    "a form that was begun goes with a sync",
    "the last row of a page is passed by",
    "an unsent edit is hidden",
    "a visit is saved without its place in the outbox",
    "a visit changes no sum",
)
"""Those that take few seeds."""


@pytest.mark.slow
def test_every_break_is_noticed() -> None:
    places = [place for place, one in enumerate(BREAKS) if LONG or one.name in FEW]
    assert len(places) == (len(BREAKS) if LONG else len(FEW))
    found = list(notice_all(places, seeds=SEEDS, processes=2))
    assert [one.name for one in found if one.promise is None] == []


def test_each_break_has_a_name_of_its_own() -> None:
    assert len({one.name for one in BREAKS}) == len(BREAKS) >= 19
